"""How does a `log_format` string become SQL that takes lines apart, fast where it can and exact where it must?

nginx writes `$name`, Apache `%x` and `%{name}x`, AWS API Gateway `$context.name`; all become the same pieces. Two
ways of reading are compiled from them: splitting at quotes and spaces, which fits nearly every line, and a regular
expression for the lines that do not fit. A line that fits neither is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from firstcall.errors import UsageError
from firstcall.literals import quoted, quoted_all

VARIABLE = re.compile(r"\$\{(\w+)\}|\$([A-Za-z_][\w.]*\w|\w)")
DIRECTIVE = re.compile(r"%(?:[<>]|![\d,]+|\d[\d,]*)*(?:\{([^}]*)\})?(\^t[io]|[a-zA-Z%])")
APACHE = {
    "h": "remote_addr", "a": "remote_addr", "l": "ident", "u": "remote_user", "t": "time_local", "r": "request",
    "s": "status", "b": "body_bytes_sent", "B": "body_bytes_sent", "O": "bytes_sent", "I": "request_length",
    "D": "request_time_us", "T": "request_time", "v": "server_name", "V": "host", "m": "request_method",
    "U": "uri", "q": "args", "H": "server_protocol", "L": "request_id",
    "X": "connection_status",
}  # fmt: skip
NAMED = {
    "{host}i": "host", "{user-agent}i": "http_user_agent", "{ms}T": "request_time_ms", "{us}T": "request_time_us",
    "{s}T": "request_time", "{unique_id}e": "request_id", "{x-request-id}i": "x_request_id", "{c}a": "peer_addr",
    "{x-request-id}o": "x_request_id", "{sec}t": "msec", "{msec}t": "epoch_ms", "{usec}t": "epoch_us",
}  # fmt: skip
LISTS = r"(?:-|[\d.]+)(?:(?:, | : )(?:-|[\d.]+))*"
TIMED = r"(?:-|[\d.]*)"
PATTERNS = {
    "time_local": r"\[?\d{1,2}/\w{3}/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d+)? [+-]\d{4}\]?",
    "http_x_forwarded_for": r"[^ ,\"]+(?:, ?[^ ,\"]+)*",
    "proxy_add_x_forwarded_for": r"[^ ,\"]+(?:, ?[^ ,\"]+)*",
    "dotted_host": r"[\w-]+(?:[.][\w-]+)+",
    "route_key": r"(?:[A-Z]+ /[^ \"<,]*|\$[a-z]+)",
    "request_time": TIMED, "request_time_us": TIMED, "request_time_ms": TIMED,
    "upstream_addr": r"[^ ,\"]+(?:(?:, | : )[^ ,\"]+)*",
    "upstream_cache_status": r"\S*", "upstream_scheme": r"\S*", "upstream_host": r"\S*", "upstream_uri": r"\S*",
}  # fmt: skip
"""Variables whose unquoted value may hold spaces, or is so narrow that it tells one shape from another.

Every other variable of nginx's upstreams is a list of numbers, one a server that was tried.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text, or (`name`) a variable."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL over `lines(line)`: `select` gives line, matched and one VARCHAR column per name in `names`."""

    select: str
    names: tuple[str, ...]
    pattern: str


def parse(text: str, synonyms: Mapping[str, str] | None = None) -> tuple[Piece, ...]:
    """Take a format string apart; `synonyms` gives variables the names nginx has for the same thing.

    Raises UsageError when no variable is the status.
    """
    apache = "%" in text and "$" not in text
    pieces: list[Piece] = []
    end = 0
    for match in (DIRECTIVE if apache else VARIABLE).finditer(text):
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()]))
        pieces.append(_directive(match) if apache else Piece(match[0], _nginx_name(match)))
        end = match.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    if synonyms:
        pieces = [Piece(piece.text, piece.name and synonyms.get(piece.name, piece.name)) for piece in pieces]
    names = [piece.name for piece in pieces if piece.name]
    if "status" not in names:
        raise UsageError(
            f"The log_format {text!r} has no status. Give the format as the gateway's own configuration has it, "
            "as in '$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent'."
        )
    return _tied(pieces)


def _nginx_name(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    return name.removeprefix("context.").replace(".", "_").replace("-", "_") if "." in name else name


def _directive(match: re.Match[str]) -> Piece:
    argument, letter = match[1], match[2]
    if letter == "%":
        return Piece("%")
    if argument is not None:
        word = re.sub(r"\W", "_", argument).lower()
        return Piece(
            match[0],
            NAMED.get(f"{{{argument.lower()}}}{letter}", f"{'http_' if letter == 'i' else 'x_'}{word}"),
        )
    return Piece(match[0], APACHE.get(letter, f"apache_{ord(letter[-1])}"))


def _tied(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Give repeated variables names of their own, drop brackets that Apache's %t writes itself."""
    seen: dict[str, int] = {}
    out = []
    for piece in pieces:
        name = piece.name
        if name:
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name}_{seen[name]}"
        out.append(Piece(piece.text, name))
    return tuple(out)


def regex(pieces: tuple[Piece, ...], *, rest: bool = False) -> str:
    """Return the exact pattern, one group per variable inside one group for the line; `rest` allows a tail."""
    out = []
    for n, piece in enumerate(pieces):
        if piece.name is None:
            out.append(re.sub(r"([.^$*+?{}\[\]\\|()\"])", r"\\\1", piece.text))
            continue
        before = pieces[n - 1].text[-1:] if n else ""
        after = pieces[n + 1].text[:1] if n + 1 < len(pieces) else ""
        out.append(f"({_value(piece.name, before, after)})")
    return f"^({''.join(out)}){'.*' if rest else ''}\\s*$"


def _value(name: str, before: str, after: str) -> str:
    if before == after == '"':
        return r'(?:[^"\\]|\\.)*'
    base = re.sub(r"_\d+$", "", name)
    if (narrow := _narrow(base)) is not None:
        return narrow
    if '"' in {before, after}:
        return r'[^" ]*'
    if before == "[":
        return r"[^\]]*"
    if after in {"", " "}:
        # a list may stand in a field that is not read, too
        return r"\S*(?:(?:,| :) [\d.-]+)*" if base.startswith("x_") else r"\S*"
    return rf"[^{re.escape(after)}]*"


def _narrow(base: str) -> str | None:
    """Return the pattern of a variable that has one of its own, None for the others."""
    said = ("upstream_http_", "upstream_cookie_", "upstream_trailer_")
    listed = LISTS if base.startswith("upstream_") and not base.startswith(said) else None
    return PATTERNS.get(base, listed)


@dataclass(frozen=True, slots=True)
class _Split:
    """The fast way: `fits` says whether a line has the shape, `values` takes each variable from its word."""

    words: dict[int, int]
    fits: tuple[str, ...]
    values: dict[str, str]


def _split(pieces: tuple[Piece, ...]) -> _Split | None:
    """Split at quotes, then the outside parts at spaces; None when the format has another shape."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.name is not None:
            parts[-1].append(piece)
            continue
        first, *others = piece.text.split('"')
        parts[-1].append(Piece(first))
        parts += [[Piece(text)] for text in others]
    if len(parts) % 2 == 0:
        return None
    words: dict[int, int] = {}
    fits, values = [f"len(s) = {len(parts)}"], {}
    for n, part in enumerate(parts):
        held = [piece for piece in part if piece.text]
        if n % 2:
            if len(held) != 1 or held[0].name is None:
                return None
            values[held[0].name] = f"s[{n + 1}]"
        elif all(piece.name is None for piece in held):
            fits.append(f"s[{n + 1}] = {quoted(''.join(piece.text for piece in held))}")
        elif not _outside(n + 1, held, words, fits, values):
            return None
    return _Split(words, tuple(fits), values)


def _outside(
    part: int, held: list[Piece], words: dict[int, int], fits: list[str], values: dict[str, str]
) -> bool:
    """Read an unquoted part word by word; a bracketed time is two of them."""
    row: list[list[Piece]] = [[]]
    for piece in held:
        if piece.name is None:
            first, *others = piece.text.split(" ")
            row[-1].append(Piece(first))
            row += [[Piece(text)] for text in others]
        else:
            row[-1].append(piece)
            if piece.name == "time_local":
                row.append([Piece("", "+")])
    words[part] = len(row)
    fits.append(f"len(w{part}) = {len(row)}")
    for n, word in enumerate(row, 1):
        inner = [piece for piece in word if piece.text or piece.name]
        names = [piece for piece in inner if piece.name and piece.name != "+"]
        if len(names) > 1 or (names and names != [piece for piece in inner if piece.name]):
            return False
        here = f"w{part}[{n}]"
        if names and names[0].name == "time_local":
            if inner[0].text not in {"[", names[0].text}:
                return False
            values["time_local"] = f"(w{part}[{n}] || ' ' || w{part}[{n + 1}])"
        elif names:
            _word(here, inner, fits, values)
        elif all(piece.name is None for piece in inner):
            fits.append(f"{here} = {quoted(''.join(piece.text for piece in inner))}")
    return True


def _word(here: str, inner: list[Piece], fits: list[str], values: dict[str, str]) -> None:
    at = next(n for n, piece in enumerate(inner) if piece.name)
    head = "".join(piece.text for piece in inner[:at])
    tail = "".join(piece.text for piece in inner[at + 1 :])
    value = here
    if head:
        fits.append(f"starts_with({here}, {quoted(head)})")
        value = f"substr({value}, {len(head) + 1})"
    if tail:
        fits.append(f"ends_with({here}, {quoted(tail)})")
        value = f"left({value}, -{len(tail)})"
    values[str(inner[at].name)] = value


def compiled(pieces: tuple[Piece, ...], *, rest: bool = False) -> Compiled:
    """Return SQL over `lines(line)` that takes the variables out of each line; `rest` allows a tail unread."""
    names = tuple(piece.name for piece in pieces if piece.name)
    pattern = regex(pieces, rest=rest)
    groups = quoted_all(("matched", *names))
    exact = f"regexp_extract(line, {quoted(pattern)}, [{groups}])"
    split = None if rest else _split(pieces)
    if split is None:
        values = ", ".join(f"x.{name} AS {name}" for name in names)
        return Compiled(
            f"SELECT line, x.matched <> '' AS matched, {values} FROM (SELECT line, {exact} AS x FROM lines)",
            names, pattern,
        )  # fmt: skip
    words = "".join(f", string_split(s[{part}], ' ') AS w{part}" for part in split.words)
    fits = " AND ".join((*split.fits, "NOT contains(line, '\\')"))
    values = ", ".join(
        f"CASE WHEN fits THEN {split.values[name]} ELSE x.{name} END AS {name}" for name in names
    )
    return Compiled(
        f"SELECT line, fits OR x.matched <> '' AS matched, {values} "
        f"FROM (SELECT *, CASE WHEN NOT fits THEN {exact} END AS x "
        f"FROM (SELECT *, coalesce({fits}, false) AS fits "
        f"FROM (SELECT line, s{words} FROM (SELECT line, string_split(line, '\"') AS s FROM lines))))",
        names, pattern,
    )  # fmt: skip
