"""What does a settings file look like that holds every key, its default and what it means?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from firstcall.settings.keys import section_of
from firstcall.settings.milestone import Milestone
from firstcall.settings.model import Settings
from firstcall.settings.rules import Match, Section

HEAD = """\
# Settings of firstcall. Every key is here with its default; change what differs and drop the rest.
# An environment variable overrides a key: FIRSTCALL_PROGRAM__TIMEZONE=Europe/Berlin
# `firstcall status --settings` shows which value holds and where it came from.
"""

WIDTH = 100
"""Columns up to which a meaning stands beside its key; where one does not fit, all stand above theirs."""

EXAMPLES = {
    "environments": """\
[[environments]]
match = { host = "sandbox.*" }
environment = "sandbox"

[[environments]]
match = { source = "*" }
environment = "production"
""",
    "traffic": """\
[[traffic]]
match = { user_agent = ["*GPTBot*", "*ClaudeBot*"] }
class = "agent"

[[traffic]]
match = { client_ip = "10.0.0.0/8" }
class = "internal"
""",
    "routes": """\
[[routes]]
match = { path = "/v1/shops/*/orders" }
route = "/v1/shops/{shop}/orders"
product = "orders"
""",
    "products": """\
[[products]]
match = { path = "/v1/payments*" }
product = "payments"
""",
    "versions": """\
[[versions]]
match = { host = "beta.*" }
version = "v2"
""",
    "slo": """\
[slo.payments]
availability = 0.999
window_days = 28
""",
    "targets": """\
[targets.time_to_first_call]
excellent = "15 min"
good = "1h"
needs_work = "1 day"
owner = "Developer experience"
""",
    "funnels": """\
[funnels.trial]
steps = ["trial_started", "first_success", "paid"]
window_days = 45
mode = "ordered"
""",
}
"""Blocks that `template` writes as comments; without its marks each is valid."""


def template() -> str:
    """Return the text of a settings file with every key at its default; `load` reads it as `Settings()`."""
    parts = [HEAD]
    for name, field in Settings.model_fields.items():
        lines = [f"# {field.description}"]
        section = section_of(field.annotation)
        if section is not None and get_origin(field.annotation) is None:
            lines += [f"[{name}]", *_keys(section)]
        elif section is not None:
            lines += _explained(section)
        if name in EXAMPLES:
            lines += ["#", *(f"# {line}".rstrip() for line in EXAMPLES[name].splitlines())]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _keys(section: type[Section]) -> list[str]:
    """Return each key with its default and meaning, beside it or above; its example when it has none."""
    pairs: list[tuple[str, str]] = []
    for name, field in section.model_fields.items():
        if get_origin(field.annotation) is Mapping:
            continue
        if field.default is None:
            pairs.append((f"# {name} = {toml((field.examples or [''])[0])}", field.description or ""))
        else:
            pairs.append((f"{name} = {toml(field.default)}", meaning(field)))
    width = max(len(text) for text, _ in pairs)
    beside = [f"{text:<{width}}  # {words}" for text, words in pairs]
    if max(map(len, beside)) <= WIDTH:
        return beside
    return [line for text, words in pairs for line in (f"# {words}", text)]


def _explained(section: type[Section]) -> Iterator[str]:
    """Yield a comment for each key of a rule, target or funnel."""
    for name, field in section.model_fields.items():
        inner = section_of(field.annotation)
        if inner is not None and issubclass(inner, Match):
            yield "# match: globs (* any characters, ? one) or lists of them; all named have to match, by"
            yield from (f"#   {key:<12} {part.description}" for key, part in inner.model_fields.items())
        else:
            yield f"# {field.alias or name}: {meaning(field)}"


def meaning(field: FieldInfo) -> str:
    """Return what a key means, with the words it may hold when they are a closed list."""
    words = field.description or ""
    options = [str(option) for option in get_args(field.annotation) if isinstance(option, str)]
    if options and not any(option in words for option in options):
        words = f"{words.removesuffix('.')}: {', '.join(options)}."
    return words


def toml(value: object) -> str:
    """Write a value the way TOML spells it."""
    if isinstance(value, Section):
        inner = (f"{name} = {toml(getattr(value, name))}" for name in type(value).model_fields)
        return f"{{ {', '.join(inner)} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(toml(part) for part in value)}]"
    if isinstance(value, str | Path | Milestone):
        return json.dumps(str(value), ensure_ascii=False)
    return json.dumps(value)
