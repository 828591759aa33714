"""Which keys may firstcall.toml hold, what are their defaults, and what does each mean?"""

from __future__ import annotations

from itertools import groupby

from firstcall.settings import Key, Settings, keys
from tests.contracts.pages import markdown


def split(key: Key) -> tuple[str, str]:
    """Return how the key's section is opened in the file, and the key as it stands in it."""
    before, listed, inside = key.name.partition("[].")
    if listed:
        return f"[[{before}]]", inside
    before, _, inside = key.name.rpartition(".")
    return f"[{before}]", inside


def shown(value: object) -> str:
    """Return a default as it is written in the file; nothing stands for no default."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(str(each) for each in value)}]`" if value else ""
    return f"`{value}`" if isinstance(value, (int, float)) else f'`"{value}"`'


def default(key: Key) -> str:
    """Return the key's default, or that it has none."""
    return "required" if key.field.is_required() else shown(key.field.get_default())


def page() -> str:
    """Return docs/settings.md."""
    parts = [
        markdown.opening(
            "Settings",
            "They stand in `firstcall.toml`; `firstcall init` writes one with all of them, commented. An "
            "unknown key is an error that names the nearest known one.",
            "An environment variable overrides a key: `FIRSTCALL_PROGRAM__TIMEZONE=Europe/Berlin` for "
            "`timezone` in `[program]`.",
        )
    ]
    for opened, group in groupby(keys(), key=lambda key: split(key)[0]):
        head = opened.strip("[]").partition(".")[0]
        parts += [f"## `{opened}`", Settings.model_fields[head].description or ""]
        parts.append(
            markdown.table(
                ("key", "default", "what it means"),
                ((f"`{split(key)[1]}`", default(key), key.words) for key in group),
            )
        )
    return markdown.page(parts)
