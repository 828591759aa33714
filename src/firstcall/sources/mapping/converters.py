"""How is one value of another system read as the text that our tables understand?

What a converter cannot make sense of comes back as it was found, so that the table refuses it and shows it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation, Overflow
from types import MappingProxyType
from urllib.parse import urlsplit

from firstcall.sources.parsing.moments import epoch_unit

Convert = Callable[[object, str], str | None]
"""(the value, the currency beside it) → its text; None when there is nothing."""

PLACES = MappingProxyType(
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)  # noqa: SIM905 - codes
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)  # noqa: SIM905 - codes
    | dict.fromkeys(("CLF", "UYW"), 4)
)
"""Decimal places of currencies that do not have two, by ISO 4217: what systems count in. People print fewer."""
STRIPE_PLACES = MappingProxyType(PLACES | {"ISK": 2, "UGX": 2, "MGA": 0, "IQD": 2, "LYD": 2, "UYI": 2})
"""The same as Stripe counts: two currencies kept their old places, one has fewer."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PER_SECOND = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
MOST_SECONDS = 1e11
MOST_PLACES = 100
"""Digits of an amount before or after its point; 1e999999 would be written with a million."""
BARE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
LEADING = re.compile(r"\d+(?:\.\d+)?(?![\w.])")
BREAKS = {0: "\ufffd"}


def text(value: object) -> str | None:
    """Return a JSON value as text: numbers as they were written, lists joined by commas; None for nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        plain = value.strip()
        if not plain.isascii():
            plain = plain.encode("utf-8", "replace").decode()
        return plain.translate(BREAKS) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(said for item in value if (said := text(item)) is not None) or None
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str) if value else None
    return str(value)


def moment(said: str) -> datetime | None:
    """Return a moment in UTC of ISO 8601 or an epoch number; without an offset it is UTC; None for anything else."""
    try:
        number = Decimal(said)
    except InvalidOperation:
        try:
            found = datetime.fromisoformat(said)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return _of_epoch(number, epoch_unit(float(number.copy_abs()))) if number.is_finite() else None


def _of_epoch(number: Decimal, unit: str) -> datetime | None:
    """Return the moment of an epoch number in s, ms, us or ns, exact to the microsecond; None beyond the year 5138."""
    seconds = number / PER_SECOND[unit]
    if not seconds.is_finite() or abs(seconds) > MOST_SECONDS:
        return None
    try:
        return EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        return None


def _epoch(unit: str) -> Convert:
    def read(value: object, _currency: str) -> str | None:
        said = text(value)
        if said is None:
            return None
        try:
            found = _of_epoch(Decimal(said), unit)
        except InvalidOperation:
            found = None
        return said if found is None else found.isoformat().replace("+00:00", "Z")

    return read


def _utc(value: object, _currency: str) -> str | None:
    """Read a time without an offset as UTC; one with an offset stays."""
    said = text(value)
    if said is not None and (bare := BARE.fullmatch(said)):
        return f"{bare[1]}T{bare[2]}Z"
    return said


def _compact(value: object, _currency: str) -> str | None:
    """Read 20260131 as 2026-01-31."""
    said = text(value)
    return "-".join(day.groups()) if said and (day := COMPACT.fullmatch(said)) else said


def _minor(places: Mapping[str, int]) -> Convert:
    def read(value: object, currency: str) -> str | None:
        said = text(value)
        if said is None:
            return None
        try:
            amount = Decimal(said).scaleb(-places.get(currency.upper(), 2))
        except (InvalidOperation, Overflow):
            return said
        return f"{amount:f}" if amount.is_finite() and abs(amount.adjusted()) < MOST_PLACES else said

    return read


def _hash(value: object, _currency: str) -> str | None:
    said = text(value)
    if said is None or said.startswith("sha256:"):
        return said
    return "sha256:" + hashlib.sha256(said.lower().encode()).hexdigest()


def _key(value: object, _currency: str) -> str | None:
    """Hash a caller's key as the keys in a log are; what is a hash already stays."""
    said = text(value)
    if said is None or said.startswith("sha256:") or re.fullmatch("[0-9a-f]{64}", said):
        return said
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


def _lower(value: object, _currency: str) -> str | None:
    said = text(value)
    return said.lower() if said else None


def _path(value: object, _currency: str) -> str | None:
    """Read the path of a page's address, without host and query."""
    said = text(value)
    if said is None:
        return None
    try:
        return urlsplit(said).path or "/"
    except ValueError:
        return said


def _quarter(value: object, _currency: str) -> str | None:
    """Read the quarter that a time falls into, as 2026Q3."""
    said = text(value)
    dated = re.match(r"(\d{4})-(\d{2})", said or "")
    return f"{dated[1]}Q{(int(dated[2]) + 2) // 3}" if dated else said


def _upper(value: object, _currency: str) -> str | None:
    said = text(value)
    return said.upper() if said else None


def scaled(low: Decimal, high: Decimal) -> Convert:
    """Return a converter that moves a score from low…high to 1…10 in proportion; a score outside stays as it is."""

    def read(value: object, _currency: str) -> str | None:
        said = text(value)
        if said is None:
            return None
        number = LEADING.match(said)
        if number is None:
            return said
        score = Decimal(number[0])
        if not low <= score <= high:
            return f"{said} (not from {low} to {high})"
        return f"{(1 + 9 * (score - low) / (high - low)).quantize(Decimal('0.0001')).normalize():f}"

    return read


def dated(*forms: str) -> Convert:
    """Return a converter of times by the first pattern of `strptime` that fits.

    The result has no offset unless the pattern has one: the program's zone is put to it later.
    """

    def read(value: object, _currency: str) -> str | None:
        said = text(value)
        for form in forms if said is not None else ():
            with suppress(ValueError):
                return datetime.strptime(said or "", form).isoformat()  # noqa: DTZ007 - see above
        return said

    return read


CONVERTERS: Mapping[str, Convert] = MappingProxyType(
    {
        "text": lambda value, _currency: text(value),
        "lower": _lower,
        "upper": _upper,
        "epoch_seconds": _epoch("s"),
        "epoch_milliseconds": _epoch("ms"),
        "epoch_microseconds": _epoch("us"),
        "utc": _utc,
        "compact_date": _compact,
        "quarter": _quarter,
        "minor_units": _minor(PLACES),
        "stripe_units": _minor(STRIPE_PLACES),
        "hash": _hash,
        "key": _key,
        "path": _path,
    }
)
"""Converters by the name that mapping files use."""
