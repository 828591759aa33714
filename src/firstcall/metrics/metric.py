"""What is a metric? One or more aggregate expressions over a relation, and a card that says what they mean.

Expressions are written in one closed subset of DuckDB's SQL; every function they may use stands in
`firstcall.engines.functions` with its spelling on each engine. Source of the definitions: docs/metrics.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firstcall.answers import Value
    from firstcall.metrics.card import Card
    from firstcall.periods import Scope

Traffic = Literal["all", "external"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A named select over the schema and the facts: what one row is.

    `sql` is a text in the notation of `firstcall.query.template`: `$name` is what the question knows, `period_of(…)`,
    `local_day(…)` and the like are expressions that it shapes. It may read the facts (usage, moments, anything, people,
    periods …), tables of the schema, and other relations by name. It returns `period` and `split` and, where somebody
    may ask for the entities behind a number, `entity`. `splits_by` names the fact that supplies `split`; `both` joins
    people's and usage's. `history` says that whole periods before the scope are needed, `ever` that calls before and
    after it are, but no other periods. `shares_products` gives money without a product to the products its partner
    used.

    Rows of other tables split and filter themselves: with `own`, `offers` maps each dimension to its expression, and
    the text writes `$split as split` and `where $kept`; `left join party_of(t.partner_id) as p` brings the partner,
    merges followed, `$external` leaves out test partners where the metric counts external use only, and
    `as_seen(t.resolved_at)` hides what an explicit as-of cannot know yet. `priced` says that rows bring `confidence`
    (0 to 2) and `missing_rate`, which turns into notes, as those of money always do.
    """

    name: str
    words: str
    sql: str
    splits_by: Literal["usage", "people", "both", "money", "own"] = "usage"
    history: bool = False
    ever: bool = False
    shares_products: bool = False
    offers: Mapping[str, str] = field(default_factory=dict)
    priced: bool = False

    @property
    def has_money(self) -> bool:
        """Whether its rows say how sure they are and which exchange rate they miss."""
        return self.priced or self.splits_by == "money"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient whose two parts are both computed, so that a zero denominator is seen and an interval is possible.

    `over` of zero or nothing leaves the value absent with `when_zero`. With `per_month`, the quotient of periods
    longer than a month becomes its geometric monthly equivalent.
    """

    part: str
    over: str
    when_zero: str
    minus_one: bool = False
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some named values over one relation; `floors` are the cases below which a value is not shown.

    With `survey` they are the program's for answers to surveys, otherwise those for percentiles.
    """

    of: Relation | Callable[[Scope], Relation]
    values: Mapping[str, str | Ratio]
    cases: str
    open: str | None = None
    floors: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    then: Callable[[Sequence[Mapping[str, object]]], Mapping[str, Value]] | None = None
    then_needs: tuple[str, ...] = ()
    then_values: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    survey: bool = False

    def relation(self, scope: Scope) -> Relation:
        """Return the relation that this scope's variants choose."""
        return self.of if isinstance(self.of, Relation) else self.of(scope)


@dataclass(frozen=True, slots=True)
class Variant:
    """One `--set name=value`: what it decides, what may be chosen, and the default.

    `values` empty means anything; `entity_of` names the choices that count somebody else than the metric does.
    With `most`, any whole number of `unit` from 1 to it may be chosen; it fills {name} in the relations' texts.
    `unbounded` is chosen instead of the default by a question that says neither from when nor to when.
    """

    name: str
    doc: str
    values: tuple[str, ...]
    default: str
    entity_of: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    most: int = 0
    unbounded: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition: what is computed, and the card that tells a reader what it means.

    `main` computes the headline; `main_for` chooses another where variants change which values there are, and `exact`
    replaces it when the calls are to be read instead of the histogram. Values beyond the headline may come from
    `beside`, parts over other relations on the same periods and splits. `unit_of` names the units of values that have
    another than `unit`; units as in `firstcall.units`. `dimensions` lists what it can be split and filtered by, and
    `needs` the tables without which there is no value; of `a|b` one is enough. `ranked` lists the splits of a period
    by value, the largest first; `additive` values may be summed over periods; `interval` names the share that gets a
    confidence interval; `looks_back` the values that compare with the period before, of which something must be known.
    """

    card: Card
    main: Part
    headline: str
    unit: str
    dimensions: tuple[str, ...]
    needs: tuple[str, ...]
    beside: tuple[Part, ...] = ()
    main_for: Callable[[Scope], Part] | None = None
    unit_of: Mapping[str, str] = field(default_factory=dict)
    entity: Literal["partner", "developer", "app"] = "partner"
    environment: Literal["production", "sandbox", "any"] = "production"
    traffic: Traffic = "external"
    default_by: tuple[str, ...] = ()
    grains: tuple[str, ...] = ("day", "week", "month", "quarter", "year", "all")
    default_grain: str = "month"
    variants: tuple[Variant, ...] = ()
    additive: bool = False
    ranked: bool = False
    interval: str | None = None
    looks_back: tuple[str, ...] = ()
    method: str = "exact"
    exact: Part | None = None
    version: int = 1

    @property
    def parts(self) -> tuple[Part, ...]:
        """The main part and those beside it."""
        return (self.main, *self.beside)

    @property
    def names(self) -> tuple[str, ...]:
        """The named values in order: the headline first; counts come after what is no count, unless it is one."""
        found = [name for part in self.parts for name in (*part.values, *part.then_values)]

        def place(name: str) -> tuple[bool, bool]:
            return name != self.headline, self.unit != "count" and self.unit_of.get(
                name, self.unit
            ) == "count"

        return tuple(sorted(found, key=place))
