"""What can go wrong, and how does a command end then?"""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.errors import FirstcallError
from tests.contracts.pages import markdown


def family(error: type[FirstcallError], depth: int = 0) -> Iterator[tuple[type[FirstcallError], int]]:
    """Yield an error class and those below it, each with its depth in the tree."""
    yield error, depth
    for child in error.__subclasses__():
        if child.__module__ == error.__module__:
            yield from family(child, depth + 1)


def page() -> str:
    """Return docs/errors.md."""
    head = markdown.opening(
        "Errors",
        "Every message says what was asked, what was found, and what to do.",
        "Catching an error catches those below it.",
    )
    rows = (
        (f"{'&nbsp;' * 4 * depth}`{error.__name__}`", error.exit_code, (error.__doc__ or "").split("\n")[0])
        for error, depth in family(FirstcallError)
    )
    return markdown.page([head, markdown.table(("error", "exit code", "when"), rows)])
