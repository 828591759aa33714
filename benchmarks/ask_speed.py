"""How long does each metric take on a store of 50 million calls, cold and warm?

    python benchmarks/ask_speed.py [--calls 50000000] [--partners 2000] [--folder DIR]

Makes the store once (rows by the engine itself, so that the making is not what is measured): partners register one
after the other, stay in the sandbox for five days and go to production; few of them make most of the calls. Then it
asks every metric at month grain: cold is a fresh process with `firstcall ask`, warm the median of three further
questions in one process. Prints seconds, the share of the one-second aim, and processor seconds of all threads,
which say more than the clock where something else keeps the processors busy.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from firstcall.engines.duckdb import open_store
from firstcall.periods import Question
from firstcall.pipeline.loading.rollup import rebuild
from firstcall.program import Program
from firstcall.settings.load import load

SURROUNDINGS = Path(__file__).with_name("circumstances.sql")
MONTHS = 15
AIM = 1.0
SETTINGS = (
    '[program]\nname = "Fifty million"\ntimezone = "UTC"\ncurrency = "EUR"\n[limits]\nmemory_mb = 4096\n'
)

CALLS = """
INSERT INTO calls (time, source, environment, consumer, product, method, route, version, status, latency_ms, units,
                   traffic_class, call_key, day, hour, outcome, latency_bucket, known_from, import_id)
SELECT time, 'gateway',
       CASE WHEN r % 10 = 0 OR time < TIMESTAMP '2025-01-01' + to_seconds(consumer * 19000 + 432000)
            THEN 'sandbox' ELSE 'production' END,
       'key-' || consumer, 'product-' || (endpoint % 6), CASE WHEN endpoint % 3 = 0 THEN 'POST' ELSE 'GET' END,
       '/v1/things-' || endpoint || '/{{id}}', 'v1', status, latency, 1, 'external', i, CAST(time AS DATE),
       CAST(extract('hour' FROM time) AS TINYINT),
       CASE WHEN status = 504 THEN 'timeout' WHEN status >= 500 THEN 'server_error'
            WHEN status >= 400 THEN 'client_error' ELSE 'success' END,
       CAST(ceil(ln(greatest(latency, 1)) / ln(1.02)) AS SMALLINT), TIMESTAMP '2026-01-01', 1
FROM (
    SELECT i, r, TIMESTAMP '2025-01-01' + to_microseconds(CAST(i * {step} AS BIGINT)) AS time,
           CAST(floor(least({partners}, i * {step} / 19000e6) * pow((r % 100003) / 100003.0, 2)) AS INTEGER)
               AS consumer,
           CAST(floor(40 * pow(((r // 7) % 10007) / 10007.0, 2)) AS INTEGER) AS endpoint,
           CASE WHEN r % 500 < 470 THEN 200 WHEN r % 500 < 485 THEN 404 WHEN r % 500 < 490 THEN 400
                WHEN r % 500 < 495 THEN 401 WHEN r % 500 < 498 THEN 500 ELSE 504 END AS status,
           CAST(5 + (r % 4000) * (r % 13) / 40.0 AS DOUBLE) AS latency
    FROM (SELECT i, hash(i) AS r FROM range({start}, {end}) AS t(i))
)
"""
PEOPLE = """
INSERT INTO partners (partner_id, name, registered_at, status, segment, known_from)
SELECT 'P' || i, 'Partner ' || i, TIMESTAMP '2025-01-01' + to_seconds(i * 19000), 'approved',
       CASE WHEN i % 5 = 0 THEN 'enterprise' ELSE 'startup' END, TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(i);
INSERT INTO developers (developer_id, partner_id, signed_up_at, known_from)
SELECT 'D' || i, 'P' || i, TIMESTAMP '2025-01-01' + to_seconds(i * 19000 + 60), TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(i);
INSERT INTO credentials (consumer, partner_id, developer_id, valid_from, known_from)
SELECT 'key-' || i, 'P' || i, 'D' || i, NULL, TIMESTAMP '2026-01-01' FROM range(0, {partners}) AS t(i);
INSERT INTO invoice_lines (line_id, invoice_id, partner_id, product, kind, period_start, period_end, amount, currency,
                           issued_at, confidence, known_from)
SELECT 'L' || p || '-' || m, 'I' || p || '-' || m, 'P' || p, 'product-' || (p % 6),
       CASE WHEN p % 2 = 0 THEN 'subscription' ELSE 'usage' END, TIMESTAMP '2025-01-01' + to_months(CAST(m AS INTEGER)),
       TIMESTAMP '2025-02-01' + to_months(CAST(m AS INTEGER)), 100 + p, 'EUR',
       TIMESTAMP '2025-02-01' + to_months(CAST(m AS INTEGER)), 'measured', TIMESTAMP '2026-01-01'
FROM range(0, {partners}) AS t(p), range(0, 15) AS u(m);
INSERT INTO costs (cost_id, category, activity, period_start, period_end, amount, currency, confidence, known_from)
SELECT 'C' || m, 'engineering', CASE WHEN m % 2 = 0 THEN 'run' ELSE 'onboarding' END,
       TIMESTAMP '2025-01-01' + to_months(CAST(m AS INTEGER)), TIMESTAMP '2025-02-01' + to_months(CAST(m AS INTEGER)),
       50000, 'EUR', 'measured', TIMESTAMP '2026-01-01' FROM range(0, 15) AS t(m);
"""


def make(folder: Path, calls: int, partners: int) -> None:
    """Fill a store with calls spread over fifteen months, skewed over partners and endpoints."""
    step = MONTHS * 30.4 * 86400 * 1e6 / calls
    engine = open_store(folder / ".firstcall", memory_mb=6000)
    chunk = 5_000_000
    for start in range(0, calls, chunk):
        end = min(start + chunk, calls)
        engine.connection.execute(CALLS.format(step=step, partners=partners, start=start, end=end))
        print(f"made {end:,} calls", file=sys.stderr)
    for statement in (
        (PEOPLE + SURROUNDINGS.read_text(encoding="utf-8")).replace("{partners}", str(partners)).split(";")
    ):
        if statement.strip():
            engine.connection.execute(statement)
    rebuild(engine.connection)
    engine.connection.execute("CHECKPOINT")
    engine.close()


def cold(folder: Path, metric: str) -> float:
    """Return the seconds of a fresh process that asks one metric."""
    began = time.perf_counter()
    firstcall = str(Path(sys.executable).with_name("firstcall"))
    command = [firstcall, "ask", metric, "--json", "--config", str(folder / "firstcall.toml")]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Make the store if it is not there, ask everything, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=50_000_000)
    parser.add_argument("--partners", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "firstcall-ask-speed")
    parser.add_argument("--no-cold", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "firstcall.toml").write_text(SETTINGS, encoding="utf-8")
    if not (given.folder / ".firstcall" / "store.duckdb").exists():
        make(given.folder, given.calls, given.partners)
    settings = load(given.folder / "firstcall.toml")
    warm: dict[str, tuple[float, float]] = {}
    runs: list[tuple[float, float]]
    with Program.open(settings) as program:
        for name in program.metrics:
            question = Question(name, grain="month" if "month" in program.metrics[name].grains else None)
            program.ask(question)
            runs = []
            for _ in range(3):
                began, spent = time.perf_counter(), time.process_time()
                program.ask(question)
                runs.append((time.perf_counter() - began, time.process_time() - spent))
            seconds, spent = (statistics.median(each) for each in zip(*runs, strict=True))
            warm[name] = seconds, spent
    print(f"{'metric':32} {'warm s':>8} {'of aim':>8} {'cpu s':>8} {'cold s':>8}")
    for name, (seconds, spent) in sorted(warm.items(), key=lambda item: -item[1][0]):
        first = "" if given.no_cold else f"{cold(given.folder, name):8.2f}"
        print(f"{name:32} {seconds:8.3f} {seconds / AIM:8.0%} {spent:8.2f} {first}", flush=True)


if __name__ == "__main__":
    main()
