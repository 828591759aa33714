"""What do the generated pages say now? `make docs` writes them."""

from __future__ import annotations

from tests.contracts.house import ROOT
from tests.contracts.pages import PAGES

if __name__ == "__main__":
    for name, render in PAGES.items():
        (ROOT / "docs" / name).write_text(render(), encoding="utf-8")
