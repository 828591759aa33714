"""Which values hold here, and where did each come from?"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from firstcall.errors import SettingsError
from firstcall.settings.keys import dotted, keys, known_at, nearest
from firstcall.settings.model import Settings
from firstcall.settings.rules import Section

FILE_NAME = "firstcall.toml"
PREFIX = "FIRSTCALL_"


@dataclass(frozen=True, slots=True)
class Origin:
    """One value in force, with the place it came from: default, the file's name, or a variable."""

    key: str
    value: object
    where: str


def load(config: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `config`, else of firstcall.toml here, else the defaults; variables override.

    A file that was asked for has to be there. `store.path` becomes absolute, seen from the file's folder.
    SettingsError names each key that cannot be used, the value found and what is allowed.
    """
    file = config or Path(FILE_NAME)
    given: dict[str, object] = {}
    if config is not None or file.is_file():
        given = _read(file)
    else:
        file = Path(FILE_NAME)
    origins = dict.fromkeys((key for key, _ in _leaves(given)), file.name)
    for variable, path, value in _variables(os.environ if environ is None else environ):
        _put(given, path, value, variable)
        origins |= dict.fromkeys((key for key, _ in _leaves(_nest(path, value))), variable)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(_explain(error, origins, file.name)) from None
    folder = file.resolve().parent
    store = settings.store.model_copy(update={"path": (folder / settings.store.path.expanduser()).resolve()})
    settings = settings.model_copy(update={"store": store})
    object.__setattr__(settings, "_origins", origins)
    object.__setattr__(settings, "_file", file.resolve() if file.is_file() else None)
    return settings


def origin(settings: Settings) -> tuple[Origin, ...]:
    """Return every value in force with its origin, in the order of the file."""
    origins: Mapping[str, str] = settings._origins  # noqa: SLF001 - load and origin are the two ends of it
    return tuple(Origin(key, value, _whence(key, origins)) for key, value in _leaves(settings))


def whence(settings: Settings, key: str) -> str:
    """Return where a value, or a section, came from: the file's name, a variable, or "default" when nobody set it."""
    return _whence(key, settings._origins)  # noqa: SLF001 - as above


def _whence(key: str, origins: Mapping[str, str]) -> str:
    parts = key.split(".")
    above = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    within = [name for name in origins if name.startswith(f"{key}.")]
    return next((origins[name] for name in (*above, *within) if name in origins), "default")


def _leaves(value: object, before: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, Section):
        fields = type(value).model_fields.items()
        inner = {field.alias or name: getattr(value, name) for name, field in fields}
        if "by_product" in inner:
            inner |= inner.pop("by_product")
        value = inner
    if isinstance(value, Mapping) and (value or not before):
        for key, part in value.items():
            yield from _leaves(part, f"{before}.{key}" if before else str(key))
    else:
        yield before, value


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no settings file {file}. Check its name; firstcall init FOLDER writes a new one."
        ) from None
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"The settings file {file} is not UTF-8 text (byte {error.start}).") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {file} is not valid TOML: {error}.") from None


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...], object]]:
    """Yield (variable, path, value) of the variables that name a setting.

    Without a double underscore only whole sections count: orchestrators set FIRSTCALL_PORT and the like.
    """
    sections = list(Settings.model_fields)
    for variable in sorted(environ):
        path = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        if not variable.startswith(PREFIX) or not all(path):
            continue
        if len(path) == 1 and path[0] not in sections:
            if near := get_close_matches(path[0], sections, n=1, cutoff=0.85):
                raise SettingsError(f"{variable} names no setting. Did you mean {PREFIX}{near[0].upper()}?")
            continue
        yield variable, path, _value(environ[variable])


def _value(text: str) -> object:
    if text[:1] in {"[", "{"}:
        try:
            parsed: object = json.loads(text)
        except ValueError:
            return text
        return parsed
    return text


def _nest(path: tuple[str, ...], value: object) -> dict[str, object]:
    for part in reversed(path):
        value = {part: value}
    return value if isinstance(value, dict) else {}


def _put(given: dict[str, object], path: tuple[str, ...], value: object, variable: str) -> None:
    *parents, last = path
    for parent in parents:
        inner = given.setdefault(parent, {})
        if not isinstance(inner, dict):
            raise SettingsError(f"{variable} names no setting: {parent} holds no keys, it is {inner!r}.")
        given = inner
    given[last] = value


def _explain(error: ValidationError, origins: Mapping[str, str], file: str) -> str:
    return "\n".join(dict.fromkeys(_explain_one(detail, origins, file) for detail in error.errors()))


def _explain_one(detail: ErrorDetails, origins: Mapping[str, str], file: str) -> str:
    path = detail["loc"]
    key = dotted(path)
    plain = ".".join(part for part in path if isinstance(part, str) and part != "by_product")
    found = _whence(plain, origins)
    where = file if found == "default" else found
    if detail["type"] == "extra_forbidden":
        near = nearest(path)
        help_ = f"Did you mean {near}?" if near else f"Known here: {', '.join(known_at(path))}."
        return f"{where}: there is no setting {key}. {help_}"
    if detail["type"] == "missing":
        return f"{where}: {key} is missing. {_words(path)}"
    words = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {key} = {detail['input']!r} cannot be used: {words[:1].lower()}{words[1:]}."


def _words(path: tuple[str | int, ...]) -> str:
    names = [part for part in path if isinstance(part, str)]
    return next((key.words for key in keys() if key.name.endswith(names[-1])), "")
