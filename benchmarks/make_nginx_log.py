"""What does a gateway's access log look like? Makes N nginx combined lines of a lively API program.

Usage: make_nginx_log.py FILE [LINES] [SEED]
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zlib import crc32

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROUTES = (
    ("GET", "/v1/payments/{n}", 20),
    ("POST", "/v1/payments", 18),
    ("GET", "/v1/customers/{u}", 14),
    ("GET", "/v1/customers?limit={s}&starting_after=cus_{n}", 8),
    ("POST", "/v1/customers", 4),
    ("GET", "/v1/accounts/{u}/balance", 9),
    ("GET", "/v1/accounts/{u}/transactions?from=2026-01-01&page={s}", 9),
    ("PUT", "/v1/accounts/{u}", 2),
    ("DELETE", "/v1/webhooks/{n}", 1),
    ("GET", "/v2/search?q=order+{n}&fields=id,amount,currency", 6),
    ("POST", "/v2/messages", 5),
    ("GET", "/v2/messages/{n}/status", 3),
    ("GET", "/healthz", 1),
)
"""Method, path and weight; {n} is a number, {u} a UUID, {s} a small number."""
AGENTS = (
    "northwind-python/2.31.0 (linux; Python/3.11.4)",
    "northwind-node/7.2.1 (darwin; node/20.9.0)",
    "python-requests/2.32.3",
    "okhttp/4.12.0",
    "curl/8.5.0",
    "axios/1.7.2",
    "Go-http-client/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot)",
)
STATUSES = (
    (200, 860), (201, 60), (204, 12), (302, 3), (400, 14), (401, 11), (404, 22), (429, 8), (499, 3), (500, 5), (504, 2),
)  # fmt: skip


def callers() -> list[tuple[str, str]]:
    """Return 600 addresses with the user behind each; every seventh is anonymous."""
    draw = random.Random(1)
    return [
        (
            f"{draw.randint(11, 220)}.{draw.randint(0, 255)}.{draw.randint(0, 255)}.{draw.randint(1, 254)}",
            name,
        )
        for name in (f"partner-{n:03d}" if n % 7 else "-" for n in range(600))
    ]


def lines(count: int, seed: int) -> list[str]:
    """Return `count` lines of about half an hour, drawn with `seed`."""
    draw = random.Random(seed)
    weights = [weight for *_, weight in ROUTES]
    statuses, odds = zip(*STATUSES, strict=True)
    clients = callers()
    when = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=(seed % 1000) * 4000)
    out = []
    for _ in range(count):
        when += timedelta(seconds=draw.random() * 0.4)
        method, path, _weight = draw.choices(ROUTES, weights)[0]
        if "{n}" in path:
            path = path.replace("{n}", str(draw.randint(1, 9_999_999)))
        if "{u}" in path:
            path = path.replace("{u}", str(UUID(int=draw.getrandbits(128), version=4)))
        path = path.replace("{s}", str(draw.randint(1, 40)))
        status = draw.choices(statuses, odds)[0]
        ip, user = clients[int(draw.paretovariate(1.1)) % 600]
        size = 0 if status in {204, 499} else draw.randint(2, 60_000)
        stamp = f"{when.day:02d}/{MONTHS[when.month - 1]}/{when:%Y:%H:%M:%S} +0000"
        agent = AGENTS[crc32(ip.encode()) % len(AGENTS)] if user != "-" else draw.choice(AGENTS)
        out.append(f'{ip} - {user} [{stamp}] "{method} {path} HTTP/1.1" {status} {size} "-" "{agent}"\n')
    return out


def main(arguments: list[str]) -> int:
    """Write the file in pieces of 100,000 lines."""
    target = Path(arguments[0])
    total = int(arguments[1]) if len(arguments) > 1 else 5_000_000
    seed = int(arguments[2]) if len(arguments) > 2 else 0
    with target.open("w", encoding="ascii") as file:
        for start in range(0, total, 10_000):
            file.writelines(lines(min(10_000, total - start), seed + start // 10_000))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
