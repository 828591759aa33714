"""What can be set, what is the default, and what does each key mean?"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from firstcall import units, zones
from firstcall.settings.milestone import Milestone, parse
from firstcall.settings.rules import (
    EnvironmentRule,
    ProductRule,
    RouteRule,
    Section,
    TrafficRule,
    VersionRule,
)

Weekday = Literal["monday", "sunday", "saturday"]
TEN_YEARS = 3659
"""Days of the longest window, as of the variants of a question: with it on either side, a period stays within the days
that every engine knows."""
MOST = 1_000_000_000
"""The most calls or cases that anything may ask for."""
STATUSES = re.compile(r"[1-5](?:xx|[0-9]{2})")


def _zone(name: str) -> str:
    if name not in (known := zones.zone_names()):
        near = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
        help_ = f"; did you mean {' or '.join(near)}?" if near else ", as in Europe/Berlin or UTC"
        raise ValueError(f"no IANA time zone has this name{help_}")
    return name


def _currency(code: str) -> str:
    if (found := code.upper()) not in units.currencies():
        raise ValueError("a currency is an ISO 4217 code of three capital letters, as in EUR or USD")
    return found


def _statuses(given: str) -> str:
    if not all(STATUSES.fullmatch(part.strip()) for part in given.split(",")):
        raise ValueError('success is a list of status classes or codes, as in "2xx" or "2xx, 304"')
    return given


def _lower(given: object) -> object:
    return given.lower() if isinstance(given, str) else given


def _goal(given: object) -> object:
    if not math.isfinite(units.read(given)):
        raise ValueError("give a number that can be reached")
    return given


Currency = Annotated[str, AfterValidator(_currency)]
Zone = Annotated[str, AfterValidator(_zone)]
Goal = Annotated[float | str, BeforeValidator(_goal)]
"""A number, or text with its unit: "1h", "200 ms", "99.95 %". `units.read(goal, unit)` gives the number."""


class Program(Section):
    """Whose program it is, and by which calendar and currency it reports."""

    name: str = Field(default="API program", min_length=1, description="Name on pages and reports.")
    timezone: Zone = Field(default="UTC", description="IANA zone of local days, weeks and months.")
    currency: Currency = Field(default="EUR", description="Reporting currency, ISO 4217.")
    week_starts: Annotated[Weekday, BeforeValidator(_lower)] = Field(
        default="monday", description="First day of a week."
    )
    fiscal_year_starts: int = Field(
        default=1, ge=1, le=12, description="Month in which the fiscal year starts."
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return zones.zone(self.timezone)


class Store(Section):
    """Where everything is kept."""

    path: Path = Field(default=Path(".firstcall"), description="Folder of the store, seen from this file.")
    url: str | None = Field(
        default=None,
        pattern=r"^clickhouse://",
        description="Server that keeps the store instead of the folder.",
        examples=["clickhouse://analytics.example:8123/firstcall"],
    )


class DepthWeights(Section):
    """What counts how much for integration depth; the three add up to 1."""

    volume: float = Field(default=0.5, ge=0, le=1, description="Weight of the volume of calls.")
    coverage: float = Field(default=0.25, ge=0, le=1, description="Weight of the share of endpoints in use.")
    features: float = Field(default=0.25, ge=0, le=1, description="Weight of the share of features in use.")

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if abs((total := self.volume + self.coverage + self.features) - 1) > 1e-9:
            raise ValueError(f"the weights have to add up to 1; they add up to {total:g}")
        return self


class Definitions(Section):
    """What the words of the program mean."""

    success: Annotated[str, AfterValidator(_statuses)] = Field(
        default="2xx", description="Statuses that make a call successful: classes or codes, by comma."
    )
    min_calls: int = Field(
        default=1, ge=1, le=MOST, description="Calls in a period that make someone active in it."
    )
    active_calls: Literal["any", "success"] = Field(
        default="any", description="Calls that count as activity: any, or success only."
    )
    churn_days: int = Field(
        default=30,
        ge=1,
        le=TEN_YEARS,
        description="Full local days without a call until someone has churned.",
    )
    milestone: Annotated[Milestone, BeforeValidator(parse)] = Field(
        default=Milestone(),
        description="What makes a developer activated: a sentence, "
        'or { endpoint = "POST /v1/messages", count = 100 }.',
    )
    activation_window_days: int = Field(
        default=90, ge=1, le=TEN_YEARS, description="Days a newcomer has to reach the milestone."
    )
    grace_seconds: int = Field(
        default=2,
        ge=0,
        le=3600,
        description="Seconds a funnel's step may be stamped before the one it follows.",
    )
    docs_window_hours: int = Field(
        default=24, ge=1, le=24 * TEN_YEARS, description="Hours from the quickstart to the first call."
    )
    depth_weights: DepthWeights = Field(default=DepthWeights(), description="Weights of the depth score.")
    tiers: tuple[float, float] = Field(
        default=(33, 66),
        description="Depth scores at which experimenting becomes building and building scaling.",
    )
    percentile_cases: int = Field(
        default=5, ge=1, le=MOST, description="Fewest cases for a percentile to be shown."
    )
    high_percentile_cases: int = Field(
        default=10, ge=1, le=MOST, description="Fewest cases for P90 and above to be shown."
    )
    survey_cases: int = Field(
        default=5, ge=1, le=MOST, description="Fewest answers for a survey result to be shown."
    )
    verdict_cases: int = Field(
        default=10,
        ge=1,
        le=MOST,
        description="Fewest cases for a verdict, unless the interval lies within one of its bands.",
    )

    @model_validator(mode="after")
    def _tiers_rise(self) -> Self:
        if not 0 < self.tiers[0] < self.tiers[1] < 100:
            raise ValueError("tiers are two rising scores between 0 and 100, as in [33, 66]")
        return self

    @property
    def success_ranges(self) -> tuple[tuple[int, int], ...]:
        """Return the successful statuses as half-open ranges: ((200, 300),)."""
        parts = [part.strip() for part in self.success.split(",")]
        codes = [(part, 100 if part.endswith("xx") else 1) for part in parts]
        return tuple((low := int(part.replace("xx", "00")), low + width) for part, width in codes)


class Objective(Section):
    """What availability is promised, and over which window."""

    availability: float = Field(
        default=0.9995, gt=0, lt=1, description="Promised share of calls that do not fail."
    )
    window_days: int = Field(
        default=30, ge=1, le=366, description="Rolling window of the error budget, in days."
    )


class Objectives(Objective):
    """The objective of the program, and those of single products; a product inherits what it does not set."""

    by_product: Mapping[str, Objective] = Field(
        default={}, description="Objectives of products, as [slo.NAME]."
    )

    @model_validator(mode="before")
    @classmethod
    def _sort_out(cls, given: object) -> object:
        if not isinstance(given, dict) or "by_product" in given:
            return given
        own = {key: value for key, value in given.items() if not isinstance(value, dict)}
        shared = {key: value for key, value in own.items() if key in Objective.model_fields}
        named = {key: shared | value for key, value in given.items() if isinstance(value, dict)}
        return own | {"by_product": named}

    def of(self, product: str | None) -> Objective:
        """Return the objective of a product: its own, else the program's."""
        fallback = Objective(availability=self.availability, window_days=self.window_days)
        return self.by_product.get(product or "", fallback)


def _since(what: str) -> Any:  # noqa: ANN401  a field's default is of no type of its own
    return Field(
        default=None,
        ge=date(1970, 1, 1),
        le=date(2200, 1, 1),
        description=f"First day of which {what} are known.",
        examples=["2026-01-31"],
    )


class KnownSince(Section):
    """Since when rows are complete, where that is not the day of the first one."""

    calls: date | None = _since("the calls")
    partners: date | None = _since("the partners")
    developers: date | None = _since("the developers")
    journey: date | None = _since("the steps of the journey")
    subscriptions: date | None = _since("the subscriptions")
    credit_packs: date | None = _since("the credit packs")
    invoice_lines: date | None = _since("the invoice lines")
    costs: date | None = _since("the costs")
    effort: date | None = _since("the hours of work")
    value: date | None = _since("the value")
    headcount: date | None = _since("the heads")
    tickets: date | None = _since("the tickets")
    surveys: date | None = _since("the survey answers")
    survey_invites: date | None = _since("the survey invites")
    feedback: date | None = _since("the opinions")
    requests: date | None = _since("the requests")
    incidents: date | None = _since("the incidents")
    probes: date | None = _since("the probes")
    webhook_deliveries: date | None = _since("the webhook deliveries")
    contract_changes: date | None = _since("the contract changes")
    contributions: date | None = _since("the contributions")
    integrations: date | None = _since("the integrations")
    product_stages: date | None = _since("the product stages")


class Target(Section):
    """What the program wants a metric to be, and who answers for it."""

    excellent: Goal | None = Field(
        default=None, description="Better than this is excellent.", examples=["15 min"]
    )
    good: Goal | None = Field(default=None, description="Better than this is good.", examples=["1h"])
    needs_work: Goal | None = Field(
        default=None, description="Worse than this is broken.", examples=["1 day"]
    )
    owner: str | None = Field(
        default=None, description="Who answers for it.", examples=["Developer experience"]
    )


class Funnel(Section):
    """Steps in their order, and how long one may take for them."""

    steps: tuple[str, ...] = Field(min_length=2, description="Steps of the journey, in order.")
    window_days: int = Field(
        default=90, ge=1, le=TEN_YEARS, description="Days from the first step to the last."
    )
    mode: Literal["ordered", "strict", "any", "implied"] = Field(
        default="ordered",
        description="ordered: others may lie between; strict: none may; any: any order; "
        "implied: later ones imply earlier.",
    )


class Privacy(Section):
    """What is kept about people."""

    store_client_ip: bool = Field(
        default=False, description="Keep addresses, cut to /24 or /48; off keeps none."
    )


class Limits(Section):
    """Where the program stops to stay healthy."""

    routes_per_product: int = Field(
        default=2000, ge=1, description="Distinct routes of a product; the rest count as (other)."
    )
    line_bytes: int = Field(
        default=1_048_576, ge=1024, description="Longest line of a file that is read, in bytes."
    )
    memory_mb: int = Field(default=768, ge=128, description="Memory the embedded engine may use, in MB.")
    threads: int = Field(default=0, ge=0, description="Threads of the embedded engine; 0 means one per core.")


class Settings(Section):
    """Everything that can be set; `Settings()` is the default. Made from file and environment by `load`."""

    program: Program = Field(
        default=Program(), description="Whose program it is, by which calendar and currency."
    )
    store: Store = Field(default=Store(), description="Where everything is kept.")
    definitions: Definitions = Field(default=Definitions(), description="What the words of the program mean.")
    environments: tuple[EnvironmentRule, ...] = Field(
        default=(),
        description="Which calls are production and which sandbox; the first match wins, else unknown.",
    )
    traffic: tuple[TrafficRule, ...] = Field(
        default=(), description="Which calls are not made by customers; the first match wins, else external."
    )
    routes: tuple[RouteRule, ...] = Field(
        default=(),
        description="Route templates for paths that nothing else recognises; the first match wins.",
    )
    products: tuple[ProductRule, ...] = Field(
        default=(), description="Products of calls for which the gateway names none; the first match wins."
    )
    versions: tuple[VersionRule, ...] = Field(
        default=(),
        description="API versions of calls for which the gateway names none; the first match wins, else the path.",
    )
    slo: Objectives = Field(default=Objectives(), description="What availability is promised.")
    targets: Mapping[str, Target] = Field(default={}, description="Targets and owners, by metric.")
    known_since: KnownSince = Field(
        default=KnownSince(),
        description="Since when everything is known, where that is not the first row's day.",
    )
    funnels: Mapping[str, Funnel] = Field(default={}, description="The program's own funnels, by name.")
    privacy: Privacy = Field(default=Privacy(), description="What is kept about people.")
    limits: Limits = Field(default=Limits(), description="Where the program stops to stay healthy.")

    _file: Path | None = PrivateAttr(default=None)
    _origins: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def file(self) -> Path | None:
        """The settings file these values came from, if there was one."""
        return self._file
