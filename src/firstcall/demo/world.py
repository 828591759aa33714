"""How does the sample program become a folder of files that the ordinary import reads?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firstcall.demo import economics, ecosystem, events, records, signals
from firstcall.demo.calls import make_ledger, metered
from firstcall.demo.catalogue import of_product
from firstcall.demo.gateways import NGINX_FORMAT, write_gateway, write_json
from firstcall.demo.journey import make_journey
from firstcall.demo.keys import Key, make_keys
from firstcall.demo.ledger import Ledger
from firstcall.demo.money import Line, Subscription, make_lines, make_subscriptions
from firstcall.demo.openapi import document
from firstcall.demo.people import Developer, Partner, make_developers, make_partners
from firstcall.demo.settings_file import SETTINGS
from firstcall.demo.tables import Table, write_csv, write_ndjson
from firstcall.demo.verifications import plan_verifications
from firstcall.errors import UsageError

SEED: Final = 7
LARGE: Final = frozenset({"journey", "probes"})
"""Tables written as NDJSON, compressed; the others are CSV."""
SOURCES: Final = {"kong": "kong", "nginx": "nginx", "aws": "aws-api-gateway"}
"""Gateway, which is also the name of its connection and begins its files' names, and the format of its logs."""


@dataclass(frozen=True, slots=True)
class Import:
    """One ``firstcall import SOURCE FILE… --from-name NAME``; `options` are the source's own, `replace` the flag."""

    source: str
    paths: tuple[Path, ...]
    name: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written: the settings file, the imports in their order, and the number of calls in the logs."""

    folder: Path
    settings: Path
    imports: tuple[Import, ...]
    calls: int


@dataclass(frozen=True, slots=True)
class World:
    """The sample program before it is written: everything the generator knows."""

    partners: tuple[Partner, ...]
    developers: tuple[Developer, ...]
    keys: tuple[Key, ...]
    subscriptions: tuple[Subscription, ...]
    lines: tuple[Line, ...]
    ledger: Ledger
    tables: tuple[Table, ...]


def imagine(*, seed: int = SEED, scale: float = 1.0) -> World:
    """The sample program in memory; people and money depend on the seed alone, traffic on the scale too."""
    if not 0 < scale <= 100:
        raise UsageError(
            f"The sample program was asked for at scale {scale}; give a scale above 0, at most 100."
        )
    partners = make_partners(seed)
    developers = make_developers(seed, partners)
    keys = make_keys(seed, partners, developers)
    subscriptions = make_subscriptions(seed, partners)
    ledger = make_ledger(seed, scale, keys, plan_verifications(seed, partners))
    lines = make_lines(subscriptions, partners, metered(ledger, of_product("identity")))
    tables = (
        records.partners_table(partners),
        records.developers_table(developers),
        records.credentials_table(keys),
        make_journey(seed, partners, developers, keys, subscriptions),
        records.plans_table(),
        records.subscriptions_table(subscriptions),
        records.packs_table(partners),
        records.invoices_table(lines),
        *_circumstances(seed, partners, developers),
    )
    return World(partners, developers, keys, subscriptions, lines, ledger, tables)


def _circumstances(
    seed: int, partners: tuple[Partner, ...], developers: tuple[Developer, ...]
) -> tuple[Table, ...]:
    """The tables that say neither who calls nor what is paid: catalogue, costs, signals, events."""
    effort = economics.make_effort(seed, partners)
    return (
        records.products_table(),
        records.stages_table(),
        records.endpoints_table(),
        economics.make_costs(effort),
        effort,
        economics.make_headcount(),
        economics.make_value(partners),
        economics.make_rates(seed),
        signals.make_tickets(seed, partners, developers),
        *signals.make_surveys(seed, developers),
        signals.make_feedback(seed, developers),
        signals.make_requests(seed, partners),
        signals.make_probes(seed),
        ecosystem.make_deliveries(seed, partners),
        ecosystem.make_contributions(seed),
        ecosystem.make_integrations(seed, partners),
        ecosystem.make_assignments(seed, developers),
        events.make_incidents(),
        events.CONTRACT_CHANGES,
        events.MILESTONES,
    )


def make_world(folder: Path, *, seed: int = SEED, scale: float = 1.0) -> Manifest:
    """Write the sample program into ``folder`` (made if missing) and say what to import, in which order.

    ``scale`` 1 is about 1.1 million calls. The same seed and scale give the same bytes. Files of an earlier run
    are replaced; UsageError when the folder's name is taken by a file or the scale cannot be used.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"The sample program needs a folder, and {folder} is a file. Name another place.")
    return write_world(imagine(seed=seed, scale=scale), folder)


def write_world(world: World, folder: Path) -> Manifest:
    """Write a world that is already imagined; see `make_world`."""
    tables, logs = folder / "tables", folder / "logs"
    for each in (folder, tables, logs):
        each.mkdir(parents=True, exist_ok=True)
    settings = folder / "firstcall.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    imports = [_openapi(folder), *(_table(tables, table) for table in world.tables)]
    for gateway, source in SOURCES.items():
        paths = write_gateway(logs, world.ledger, gateway)
        options = (("log_format", NGINX_FORMAT),) if gateway == "nginx" else ()
        imports.append(Import(source, paths, gateway, options))
    return Manifest(folder, settings, tuple(imports), len(world.ledger))


def _table(folder: Path, table: Table) -> Import:
    write = write_ndjson if table.name in LARGE else write_csv
    # What people wrote about an operation goes before what its OpenAPI document says.
    return Import(table.name, (write(folder, table),), replace=table.name == "endpoints")


def _openapi(folder: Path) -> Import:
    paths = tuple(folder / f"payments-{version}.json" for version in ("v1", "v2"))
    for path in paths:
        write_json(path, document(path.stem.removeprefix("payments-")))
    return Import("openapi", paths)
