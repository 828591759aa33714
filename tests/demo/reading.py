"""What stands in the sample program's files, read in plain Python without any of the product's parts?"""

from __future__ import annotations

import csv
import gzip
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
NGINX = re.compile(
    r'(?P<ip>\S+) - (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+) HTTP/1.1" (?P<status>\d+) '
    r'\d+ "-" "(?P<agent>[^"]*)" (?P<taken>\S+) \S+ (?P<host>\S+)'
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a line of a log tells it; `time` in epoch seconds, `shape` the path without its ids."""

    time: float
    gateway: str
    consumer: str | None
    sandbox: bool
    product: str
    version: str
    method: str
    shape: str
    status: int
    agent: str
    request_id: str
    partner: str | None

    @property
    def month(self) -> str:
        """The local month."""
        return datetime.fromtimestamp(self.time, BERLIN).strftime("%Y-%m")

    @property
    def success(self) -> bool:
        """Whether the answer was a 2xx."""
        return 200 <= self.status < 300


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> float:
    """Epoch seconds of a local date, or of an ISO 8601 moment."""
    when = datetime.fromisoformat(text)
    return (when if when.tzinfo else when.replace(tzinfo=BERLIN)).timestamp()


def calls(folder: Path) -> list[Call]:
    """Every line of every log as a call, with the partner that its consumer belonged to at the time."""
    owners: dict[str, list[tuple[float, float, str]]] = {}
    for row in table(folder, "credentials"):
        until = moment(row["valid_to"]) if row["valid_to"] else float("inf")
        owners.setdefault(row["consumer"], []).append((moment(row["valid_from"]), until, row["partner_id"]))
    found = []
    for path in sorted((folder / "logs").iterdir()):
        gateway = path.name.partition("-")[0]
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                found.append(_call(gateway, line, owners))  # noqa: PERF401 - one step a line reads best
    return found


def _call(gateway: str, line: str, owners: dict[str, list[tuple[float, float, str]]]) -> Call:
    time, consumer, sandbox, method, path, status, agent, request_id = _READERS[gateway](line)
    parts = path.partition("?")[0].strip("/").split("/")
    fixed = [part for part in parts if not re.fullmatch(r"\d{5,}|c[0-9a-f]{15}|[0-9a-f-]{36}|\{\w+\}", part)]
    spans = owners.get(consumer or "", [])
    partner = next((owner for since, until, owner in spans if since <= time < until), None)
    known = len(parts) > 1
    return Call(
        time,
        gateway,
        consumer,
        sandbox,
        parts[0] if known else "",
        parts[1] if known else "",
        method,
        "/".join(fixed) + ("/*" if len(fixed) < len(parts) else ""),
        status,
        agent,
        request_id,
        partner,
    )


Seen = tuple[float, str | None, bool, str, str, int, str, str]


def _kong(line: str) -> Seen:
    row = json.loads(line)
    request, host = row["request"], row["request"]["headers"]["host"]
    return (
        row["started_at"] / 1000,
        row.get("consumer", {}).get("username"),
        host.startswith("sandbox."),
        request["method"],
        request["uri"],
        row["response"]["status"],
        request["headers"]["user-agent"],
        request["id"],
    )


def _nginx(line: str) -> Seen:
    found = NGINX.fullmatch(line.rstrip("\n"))
    assert found is not None, line
    ended = datetime.strptime(found["time"], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC).timestamp()
    return (
        ended - float(found["taken"]),
        None if found["user"] == "-" else found["user"],
        found["host"].startswith("sandbox."),
        found["method"],
        found["path"],
        int(found["status"]),
        found["agent"],
        line,
    )


def _aws(line: str) -> Seen:
    row = json.loads(line)
    return (
        int(row["requestTimeEpoch"]) / 1000,
        None if row["apiKeyId"] == "-" else row["apiKeyId"],
        row["stage"] == "sandbox",
        row["httpMethod"],
        row["resourcePath"],
        int(row["status"]),
        row["userAgent"],
        row["requestId"],
    )


_READERS = {"kong": _kong, "nginx": _nginx, "aws": _aws}
