"""Which keys are there, and which of them is near a name that is none?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from firstcall.settings.model import Settings
from firstcall.settings.rules import Section

WILD = {"targets": "METRIC", "funnels": "NAME", "slo": "PRODUCT"}
"""What stands for the free part of a key in the lists of keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its dotted name, its field, and what holds it: a value, each of a list, each of a map."""

    name: str
    field: FieldInfo
    kind: str

    @property
    def words(self) -> str:
        """What the key means."""
        return self.field.description or ""


def section_of(annotation: object) -> type[Section] | None:
    """Return the section that an annotation holds, directly, in a tuple, a mapping or an option."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := section_of(part))), None)


def keys(model: type[Section] = Settings, before: str = "", kind: str = "value") -> Iterator[Key]:
    """Yield every key that can be set, in the order of the file."""
    for name, field in model.model_fields.items():
        full = f"{before}{field.alias or name}"
        inner = section_of(field.annotation)
        if inner is None:
            yield Key(full, field, kind)
        elif get_origin(field.annotation) is tuple:
            yield from keys(inner, f"{full}[].", "list")
        elif get_origin(field.annotation) is Mapping:
            base = before.removesuffix(".") or full
            yield from keys(inner, f"{base}.{WILD[base]}.", "map")
        else:
            yield from keys(inner, f"{full}.", kind)


def nearest(given: tuple[str | int, ...]) -> str:
    """Return the known key next to an unknown one, dotted, or an empty string."""
    *parents, wrong = given
    around = [field.alias or name for name, field in _model_at(parents).model_fields.items()]
    if near := get_close_matches(str(wrong), around, n=1, cutoff=0.6):
        return dotted((*parents, near[0]))
    leaves = {key.name.rpartition(".")[2]: key.name for key in keys() if key.kind == "value"}
    if near := get_close_matches(str(wrong), leaves, n=1, cutoff=0.75):
        return leaves[near[0]]
    return ""


def known_at(given: tuple[str | int, ...]) -> list[str]:
    """Return the keys known beside an unknown one."""
    fields = _model_at(list(given[:-1])).model_fields
    return [field.alias or name for name, field in fields.items() if name != "by_product"]


def dotted(where: tuple[str | int, ...]) -> str:
    """Write a path as a key: environments[2].match.host, counted from 1, as a reader counts."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part != "by_product":
            text += f".{part}" if text else part
    return text


def _model_at(parents: list[str | int]) -> type[Section]:
    model: type[Section] = Settings
    free = False
    for part in parents:
        if isinstance(part, int) or free:
            free = False
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        annotation = fields[part].annotation if part in fields else None
        model = section_of(annotation) or model
        free = get_origin(annotation) is Mapping
    return model
