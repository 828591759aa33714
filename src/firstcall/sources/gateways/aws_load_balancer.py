"""How are the access logs of AWS load balancers read: Application Load Balancer, and the classic one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.sources.parsing.call_columns import (
    OWN_ID,
    address,
    count,
    first,
    given,
    host_of,
    milliseconds,
    request_parts,
    select,
    status,
)
from firstcall.sources.parsing.line_pattern import refusal, share, taken_apart
from firstcall.sources.parsing.moments import moment, started
from firstcall.sources.parsing.outcomes import gateway_made, timed_out_by_status
from firstcall.sources.source import Conformed, Source, Variant

STAMP = r"\d{4}-\d{2}-\d{2}T[\d:.]+Z?"
HEAD = (
    rf"(?P<ended>{STAMP}) (?P<elb>\S+) (?P<client>\S+) (?P<target>\S+) "
    r"(?P<wait>-?[\d.]+) (?P<work>-?[\d.]+) (?P<reply>-?[\d.]+) "
    r'(?P<status>-|\d+) (?P<upstream>-|\d+) (?P<received>-?\d+) (?P<sent>-?\d+) "(?P<request>.*?)"'
)
ALB = (
    rf'(?:https?|h2|grpcs?|wss?) {HEAD} "(?P<agent>.*?)" \S+ \S+ (?P<target_group>\S+) "(?P<trace>[^"]*)"'
    r'(?: "(?P<domain>[^"]*)")?(?: "[^"]*")?(?: -?\d+| -)?'
    rf'(?: (?P<created>{STAMP}|-))?(?: "[^"]*" "[^"]*")?(?: "(?P<reason>[^"]*)")?(?: .*)?'
)
"""The fields after the trace came one after the other over the years; what comes after the reason is not read."""
CLASSIC = rf'{HEAD}(?: "(?P<agent>.*?)"(?: \S+ \S+)?)?'
TYPED = (r"^(?:https?|h2|grpcs?|wss?) \d{4}-", "a call without all the fields of the format")
TCP = (rf'^{STAMP} .* "- - - "', "a TCP connection, not a call")
OTHERS = (
    (r"^tls \d", "a connection of a Network Load Balancer, not a call"),
    (rf"^{STAMP} \S+ \d+ \d+ ", "a connection log of the load balancer, not a call"),
    (r"^Enable ?AccessLog", "the load balancer's own test file"),
)


def recognise(lines: Sequence[str]) -> str | None:
    """Say which of the two shapes most lines have, None when neither."""
    for name, pattern in (("alb", ALB), ("classic", CLASSIC)):
        fits, held = share(pattern, lines)
        if fits and 2 * fits >= held:
            return f"{fits} of the first {held} lines are {name} load balancer entries"
    return None


def conform(lines: Sequence[str], _options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; raises UsageError when no line is of either shape."""
    alb, held = share(ALB, lines)
    classic, _ = share(CLASSIC, lines)
    if held and not alb and not classic:
        shown = next(line for line in lines if line.strip())[:120]
        raise UsageError(
            f"No line is an entry of an Application or classic Load Balancer; the file begins with {shown!r}. "
            "Connection logs and Network Load Balancer logs hold no calls."
        )
    if classic > alb:
        return Conformed(
            _classic(), "classic", f"{classic} of the first {held} lines begin with the time of the request"
        )
    why = f"{alb} of the first {held} lines begin with the type of the call" if held else "the file is empty"
    return Conformed(_alb(), "alb", why, ids=True)


def _shared() -> dict[str, str]:
    """Return what both shapes have: request, status, sizes, times of the three phases."""
    parts = request_parts("request")
    code = status("status")
    total = " + ".join(milliseconds(name, "s") for name in ("wait", "work", "reply"))
    whole = "regexp_full_match({}, '[a-z]+://[^/]*[- ]*')"
    return {
        "method": f"coalesce({given(parts['method'])}, '_OTHER')",
        "path": f"CASE WHEN {whole.format(parts['path'])} THEN NULL ELSE {given(parts['path'])} END",
        "status": code,
        "latency_ms": f"round({total}, 6)",
        "upstream_ms": milliseconds("work", "s"),
        "request_bytes": count("received"),
        "response_bytes": count("sent"),
        "client_ip": address(given("client")),
        "user_agent": given("agent"),
        "timed_out": timed_out_by_status(code),
        "content": "line",
    }


def _alb() -> str:
    values = _shared()
    ended, created = moment("ended", "iso"), moment(given("created"), "iso")
    span = f"(epoch_us({ended}) - epoch_us({created})) / 1000.0"
    known = f"{span} >= 0"
    phases = values["latency_ms"]
    values |= {
        "time": f"coalesce({created}, {started(ended, phases)})",
        "latency_ms": f"CASE WHEN {known} THEN {span} ELSE {phases} END",
        "request_id": first(
            f"nullif(regexp_extract(trace, '{name}=([^;]+)', 1), '')" for name in ("Self", "Root")
        ),
        "event_id": OWN_ID,
        "trace_id": "nullif(regexp_extract(trace, 'Root=([^;]+)', 1), '')",
        "host": first((host_of(request_parts("request")["path"]), given("domain"))),
        "product": "nullif(regexp_extract(target_group, ':targetgroup/([^/]+)', 1), '')",
        "error_code": first(
            (
                given("reason"),
                f"CASE {values['status']} WHEN 460 THEN 'client_closed' END",
                gateway_made("upstream IN ('-', '0')", values["status"], "load_balancer"),
            )
        ),
        # no code of gRPC is logged, but that it is a method that was called
        "route": f"CASE WHEN starts_with(line, 'grpc') THEN {values['path']} END",
        "streamed": "CASE WHEN starts_with(line, 'ws') THEN true END",
        "refusal": refusal("matched", *OTHERS, TYPED),
    }
    return select(taken_apart(ALB), values)


def _classic() -> str:
    values = _shared() | {
        "time": moment("ended", "iso"),
        "host": host_of(request_parts("request")["path"]),
        "refusal": refusal(f"matched AND NOT regexp_matches(line, '{TCP[0]}')", TCP, *OTHERS),
    }
    values["error_code"] = gateway_made("upstream IN ('-', '0')", values["status"], "load_balancer")
    return select(taken_apart(CLASSIC), values)


SOURCE = Source(
    name="aws-load-balancer",
    title="AWS Application and classic Load Balancer access log",
    fills="calls",
    needs="Access log files as the load balancer writes them to S3, unpacked or gzipped.",
    identity="None: the log names no consumer. Rules over host and path can name the product and environment.",
    call_id="Self, else Root, of the trace as the load balancer completed it; the classic one has none, "
    "so the line.",
    certainty="Fields 1 to 29 read in the vendor's documents, what came later is not read; the trace's Self, else "
    "Root, as the call's id and the target group as the product are our choice. Samples built from documentation.",
    reads="lines",
    variants=(
        Variant("alb", "Application Load Balancer, whichever of its fields the year of the file had."),
        Variant("classic", "Classic Load Balancer: no type in front, stamped when the request came in."),
    ),
    conform=conform,
    recognise=recognise,
)
