"""What do the tests of the dashboard start from?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.web.app import make_app
from tests.web.client import EVERYTHING, LOGS, Client, opened


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A small program with every kind of data the overview asks for."""
    with opened(tmp_path_factory.mktemp("tables"), EVERYTHING) as found:
        yield found


@pytest.fixture(scope="session")
def client(program: Program) -> Iterator[Client]:
    """The dashboard of the small program."""
    app = make_app(program)
    yield Client(app)
    app.state.service.close()


@pytest.fixture(scope="session")
def logs_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The dashboard of a store that has seen gateway logs and nothing else."""
    with opened(tmp_path_factory.mktemp("logs"), LOGS) as found:
        app = make_app(found)
        yield Client(app)
        app.state.service.close()


@pytest.fixture(scope="session")
def empty() -> Iterator[Client]:
    """The dashboard of a store without a row."""
    with Program.open(Settings(), memory=True) as found:
        app = make_app(found)
        yield Client(app)
        app.state.service.close()
