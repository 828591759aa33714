"""Which of a format's shapes does a file have, and how is it read once that is known?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from firstcall.errors import UsageError
from firstcall.sources.parsing.access_log import ALIASES, Fields, brings_ids, calls, sampled
from firstcall.sources.parsing.json_log import json_conformed, looks_like_json
from firstcall.sources.parsing.line_pattern import groups
from firstcall.sources.parsing.log_format import Compiled, compiled, parse
from firstcall.sources.source import Conformed, Option, Variant

OPTIONS = (
    Option(
        "log_format", "The format as the gateway's configuration has it; without it the shape is recognised."
    ),
    Option("consumer", "The field that names the consumer, when it is not the first that is there."),
    Option("latency_unit", "Unit of the request time when the field does not say: s, ms, us or ns."),
)


BASE = (
    '$remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent"'
)
FORWARDED = BASE + ' "$http_x_forwarded_for"'
VALUE = r'"(?:[^"\\]|\\.)*"|[^\s"]*(?:(?:,| :) [\d.-]+)*'
KEY = re.compile(rf" ([A-Za-z][\w.-]*)=({VALUE})")
KEYED = re.compile(rf"(?: [A-Za-z][\w.-]*=(?:{VALUE}))+")
SHORT: Mapping[str, str] = MappingProxyType(
    {"rt": "request_time", "urt": "upstream_response_time", "rid": "request_id", "xff": "x_forwarded_for"}
)
"""Keys that people write before a value → the field it is."""
KEYS = Variant("keyed", "combined, then key=value fields, quoted or not, such as rt=0.123.")


@dataclass(frozen=True, slots=True)
class Preset:
    """A shape known by its format string; `rest` allows unread text after it."""

    name: str
    doc: str
    format: str
    rest: bool = False

    @property
    def variant(self) -> Variant:
        """The shape as a catalogue shows it."""
        return Variant(self.name, self.doc)


OWN_IDS = ("request_id", "kong_request_id")
"""nginx's $request_id, Apache's %L and UNIQUE_ID, what AWS, Kong and APISIX call theirs."""
NO_SYNONYMS: Mapping[str, str] = MappingProxyType({})


def _compiled(preset: Preset, synonyms: Mapping[str, str]) -> Compiled:
    return _read(preset.format, tuple(synonyms.items()), preset.rest)


@lru_cache(maxsize=256)
def _read(format_: str, synonyms: tuple[tuple[str, str], ...], rest: bool) -> Compiled:  # noqa: FBT001 - as in a Preset
    return compiled(parse(format_, dict(synonyms)), rest=rest)


def _fitting(pattern: str, lines: Sequence[str]) -> int:
    """Return how many of the lines fit."""
    return sum(match is not None for match in groups(pattern, lines))


def recognised(
    presets: Sequence[Preset], lines: Sequence[str], synonyms: Mapping[str, str] = NO_SYNONYMS
) -> tuple[Preset, str]:
    """Return the preset that fits most of the lines (the earlier one when two fit alike), and why.

    Raises UsageError when none fits any line.
    """
    held = [line for line in lines if line.strip()][:100]
    patterns = [_compiled(preset, synonyms).pattern for preset in presets]
    scores = [_fitting(pattern, held) for pattern in patterns]
    best = max(range(len(presets)), key=lambda n: (scores[n], -n))
    if not scores[best]:
        shown = held[0][:120] if held else "no line at all"
        raise UsageError(
            f"The file has none of the known shapes ({', '.join(p.name for p in presets)}); it begins with {shown!r}. "
            "Give --option log_format='…' as in the gateway's configuration."
        )
    return presets[best], f"{scores[best]} of the first {len(held)} lines fit {presets[best].name}"


def with_keys(lines: Sequence[str]) -> Preset | None:
    """Return combined with the `key=value` fields that every line that is combined has after it, if there are any."""
    held = [line for line in lines if line.strip()][:100]
    for format_ in (FORWARDED, BASE):
        pattern = compiled(parse(format_), rest=True).pattern
        found = zip(held, groups(pattern, held), strict=True)
        tails = [line[len(match[1]) :].rstrip() for line, match in found if match is not None]
        if not tails or not KEYED.fullmatch(tails[0]):
            continue
        words = "".join(_key(key, quoted=value.startswith('"')) for key, value in KEY.findall(tails[0]))
        preset = Preset("keyed", "combined and key=value fields.", format_ + words)
        exact = _compiled(preset, NO_SYNONYMS).pattern
        if _fitting(exact, held) == len(tails):
            return preset
    return None


def _key(key: str, *, quoted: bool) -> str:
    plain = re.sub(r"\W", "_", key.lower())
    name = SHORT.get(plain, plain)
    known = any(name in names for names in ALIASES.values()) and f"${name}" not in FORWARDED
    variable = f"${{{name if known else 'x_' + plain}}}"
    return f' {key}="{variable}"' if quoted else f" {key}={variable}"


def looks_like(
    presets: Sequence[Preset],
    lines: Sequence[str],
    against: re.Pattern[str],
    synonyms: Mapping[str, str] = NO_SYNONYMS,
) -> str | None:
    """Return why the lines fit one of the presets; None when less than half do, or one has a sign `against` it."""
    if looks_like_json(lines) or any(against.search(line) for line in lines):
        return None
    try:
        preset, why = recognised(presets, lines, synonyms)
    except UsageError:
        return None
    pattern = _compiled(preset, synonyms).pattern
    held = [line for line in lines if line.strip()]
    return why if 2 * _fitting(pattern, held) >= len(held) else None


def text_conformed(
    presets: Sequence[Preset],
    lines: Sequence[str],
    options: Mapping[str, str],
    *,
    ends: bool,
    synonyms: Mapping[str, str] = NO_SYNONYMS,
    dash_bytes: int | None = None,
) -> Conformed:
    """Return how to read a text or JSON access log; `ends` and `dash_bytes` as in `Fields`."""
    own = options.get("log_format")
    if own is None and looks_like_json(lines):
        return json_conformed(lines, options, ends=ends, synonyms=synonyms)
    if not any(line.strip() for line in lines) and own is None:
        chosen, why = presets[0], "the file is empty"
    elif own is None:
        chosen, why = recognised(presets, lines, synonyms)
        if chosen.rest and (keyed := with_keys(lines)):
            chosen, why = (
                keyed,
                f"combined, then {keyed.format.removeprefix(FORWARDED).removeprefix(BASE).strip()}",
            )
    else:
        named = {preset.name: preset.format for preset in presets if not preset.rest}
        chosen, why = Preset("log_format", "Given by the user.", named.get(own, own)), "log_format was given"
    reading = _compiled(chosen, synonyms)
    samples = sampled(lines, reading.pattern, reading.names)
    # what people call a key says nothing of where its value comes from; a variable does
    own_ids = () if chosen.name == "keyed" else OWN_IDS
    expressions = {name: name for name in reading.names}
    fields = Fields(reading.select, expressions, samples, ends=ends, dash_bytes=dash_bytes, own_ids=own_ids)
    select, notes = calls(fields, options)
    return Conformed(select, chosen.name, why, notes, ids=brings_ids(reading.names))
