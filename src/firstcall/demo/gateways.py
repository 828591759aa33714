"""How does each gateway write down a call, in its own format?"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from firstcall.demo.catalogue import ENDPOINTS, Endpoint
from firstcall.demo.clock import (
    DAY,
    FIRST_DAY,
    HOUR,
    LAST_DAY,
    Ints,
    midnight,
    month_starts,
    next_month,
    offset,
)
from firstcall.demo.keys import SANDBOX
from firstcall.demo.ledger import Caller, Ledger, select, take

NGINX_FORMAT: Final = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent" $request_time $upstream_response_time $host'
)
KONG_REDELIVERED: Final = 5
"""Kong lines that the log shipper delivered a second time: the same request ids, one call each."""
HOSTS: Final = {False: "api.northwind.example", True: "sandbox.northwind.example"}
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_QUERIES: Final = {"/shipping/v1/rates": "?from=DE&to=FR", "/catalog/v1/search": "?q=lamp&page=2"}
Row = tuple[int, Caller, Endpoint, int, int, int, str, str]
"""Start (epoch ms), caller, endpoint, status, latency (ms), item, path with query, time as CLF."""


def write_gateway(folder: Path, ledger: Ledger, gateway: str) -> tuple[Path, ...]:
    """One gzip file per local month; returns the files in order of time."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = select(ledger, gateway=gateway)
    line, suffix = _LINES[gateway]
    stamps = mine.time + mine.latency if gateway == "nginx" else mine.time
    order = np.argsort(stamps, kind="stable")
    mine, stamps = take(mine, order), stamps[order]
    paths = []
    for first in month_starts(FIRST_DAY, next_month(LAST_DAY)):
        low, high = np.searchsorted(stamps, [midnight(first), midnight(next_month(first))])
        rows = np.arange(low, high)
        lines = [line(row) for row in _rows(take(mine, rows), stamps[rows])]
        if gateway == "kong" and f"{first:%Y-%m}" == "2026-08":
            lines += lines[-KONG_REDELIVERED:]
        paths.append(folder / f"{gateway}-{first:%Y-%m}.{suffix}.gz")
        write_gzip(paths[-1], "\n".join(lines) + "\n")
    return tuple(paths)


def write_gzip(path: Path, text: str) -> None:
    """The text as gzip; the same bytes whenever and wherever it is written."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
        packed.write(text.encode())


def _rows(ledger: Ledger, stamps: Ints) -> Iterator[Row]:
    columns = (ledger.time, ledger.caller, ledger.endpoint, ledger.status, ledger.latency, ledger.item)
    clocks = clf(stamps)
    lists = [column.tolist() for column in columns]
    for time, caller, endpoint, status, latency, item, clock in zip(*lists, clocks, strict=True):
        operation = ENDPOINTS[endpoint]
        yield time, ledger.callers[caller], operation, status, latency, item, _path(operation, item), clock


def _path(endpoint: Endpoint, item: int) -> str:
    """The path as called: parameters filled in, a query where one belongs."""
    before, brace, after = endpoint.route.partition("{")
    if not brace:
        return before + _QUERIES.get(before, "")
    name, _, rest = after.partition("}")
    return before + _FILL.get(name, str)(item) + rest


def _hex(item: int) -> str:
    return f"c{item * 2654435761 % 2**60:015x}"


def _uuid(item: int) -> str:
    word = f"{item * 11400714819323198485 % 2**64:016x}{item * 2654435761 % 2**64:016x}"
    return f"{word[:8]}-{word[8:12]}-4{word[13:16]}-a{word[17:20]}-{word[20:]}"


_FILL: Final[dict[str, Callable[[int], str]]] = {
    "charge_id": _hex,
    "refund_id": _hex,
    "payout_id": _hex,
    "verification_id": _uuid,
}


def clf(stamps: Ints) -> list[str]:
    """Moments as the common log format writes them, in local time: ``18/Aug/2026:14:05:09 +0200``."""
    ahead = offset(stamps)
    shown = stamps + ahead
    days, seconds = (shown // DAY).tolist(), (shown % DAY // 1000).tolist()
    names = {day: _clf_day(day) for day in set(days)}
    zones = {HOUR: " +0100", 2 * HOUR: " +0200"}
    clocks = _clocks()
    return [
        names[day] + clocks[second] + zones[zone]
        for day, second, zone in zip(days, seconds, ahead.tolist(), strict=True)
    ]


@cache
def _clocks() -> tuple[str, ...]:
    """Every second of a day as ``:HH:MM:SS``; made once, for a million lines use it."""
    return tuple(f":{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(86_400))


def _clf_day(day: int) -> str:
    when = np.datetime64(day, "D").item()
    return f"{when.day:02}/{_MONTHS.split()[when.month - 1]}/{when.year}"


def _kong(row: Row) -> str:
    """One line of Kong's file-log plugin."""
    time, caller, endpoint, status, latency, item, path, _ = row
    host = HOSTS[caller.environment == SANDBOX]
    identity = (
        f'"consumer":{{"id":"{_uuid(int.from_bytes(caller.consumer.encode()))}",'
        f'"username":"{caller.consumer}"}},'
        if caller.consumer
        else ""
    )
    service = f'"service":{{"name":"{endpoint.product}","host":"{endpoint.product}.internal"}},'
    route = f'"route":{{"name":"{endpoint.product}-{endpoint.version}"}},'
    upstream = max(0, latency - 2 - item % 5)
    source = "kong" if status in {401, 403, 429} else "upstream"
    return (
        f'{{"started_at":{time},"client_ip":"{caller.address}",{identity}'
        f"{service + route if endpoint.product else ''}"
        f'"request":{{"id":"{item:08x}{time:011x}{latency:04x}","method":"{endpoint.method}",'
        f'"uri":"{path}","url":"https://{host}:8443{path}","size":{180 + item % 700},'
        f'"headers":{{"host":"{host}","user-agent":"{caller.agent}"}}}},'
        f'"response":{{"status":{status},"size":{240 + item % 5000}}},'
        f'"latencies":{{"request":{latency},"proxy":{upstream},"kong":{latency - upstream}}},'
        f'"source":"{source}","workspace_name":"default"}}'
    )


def _nginx(row: Row) -> str:
    """One line of nginx with NGINX_FORMAT."""
    _, caller, endpoint, status, latency, item, path, clock = row
    upstream = "-" if status in {401, 403, 429} else f"{max(0, latency - 1 - item % 3) / 1000:.3f}"
    return (
        f'{caller.address} - {caller.consumer or "-"} [{clock}] "{endpoint.method} {path} HTTP/1.1" {status} '
        f'{item % 9000} "-" "{caller.agent}" {latency / 1000:.3f} {upstream} {HOSTS[caller.environment == SANDBOX]}'
    )


def _aws(row: Row) -> str:
    """One line of an AWS API Gateway access log, with the fields its owner chose."""
    time, caller, endpoint, status, latency, item, path, clock = row
    stage = "sandbox" if caller.environment == SANDBOX else "prod"
    upstream = "-" if status in {403, 429} else str(max(0, latency - 3 - item % 9))
    return (
        f'{{"requestId":"{_uuid((item << 31) ^ time)}","requestTime":"{clock}","requestTimeEpoch":"{time}",'
        f'"ip":"{caller.address}","apiKeyId":"{caller.consumer or "-"}","stage":"{stage}",'
        f'"apiId":"{endpoint.product or "-"}","httpMethod":"{endpoint.method}",'
        f'"resourcePath":"{endpoint.route}","path":"/{stage}{path}","status":"{status}","protocol":"HTTP/1.1",'
        f'"responseLength":"{item % 4000}","responseLatency":"{latency}","integrationLatency":"{upstream}",'
        f'"userAgent":"{caller.agent}"}}'
    )


_LINES: Final[dict[str, tuple[Callable[[Row], str], str]]] = {
    "kong": (_kong, "ndjson"),
    "nginx": (_nginx, "log"),
    "aws": (_aws, "ndjson"),
}


def write_json(path: Path, content: object) -> None:
    """A JSON document, indented, with its keys as given."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
