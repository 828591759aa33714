"""Do the pages hold in a real browser: no error, no sideways scroll, readable for all, with and without a script?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning"),
]

MONTH = "?from=2026-09-01&to=2026-10-01"
PATHS = (
    f"/{MONTH}",
    "/metrics",
    f"/explain/call_volume{MONTH}&grain=all&by=partner",
    f"/explain/server_error_rate{MONTH}&grain=day",
    "/reports/cfo",
    "/nowhere",
)
Scheme = Literal["light", "dark"]


@contextmanager
def opened(
    browser: Browser, url: str, *, width: int = 1400, scheme: Scheme = "light", script: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page; the list fills with everything the browser complains about."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    page, said = context.new_page(), list[str]()

    def heard(message: ConsoleMessage) -> None:
        # a page that is not there is told so by the browser too
        if message.type in {"error", "warning"} and "status of 404" not in message.text:
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    yield page, said
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_free_of_errors_and_readable_for_all(
    browser: Browser, served: str, path: str, scheme: Scheme
) -> None:
    """No console or policy error, no script of a partner's name, no serious finding of axe."""
    with opened(browser, served + path, scheme=scheme) as (page, said):
        assert said == []
        found = Axe().run(page)
        bad = [
            (each["id"], [node["html"][:160] for node in each["nodes"]][:3])
            for each in found.response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        assert bad == []


@pytest.mark.parametrize("width", [390, 768, 1400])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_never_scrolls_sideways(browser: Browser, served: str, path: str, width: int) -> None:
    """Not on a phone, not on a tablet."""
    with opened(browser, served + path, width=width) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_never_touches_its_sparkline(browser: Browser, served: str) -> None:
    """At every width the boxes of a card are apart and inside it."""
    for width in (390, 700, 1000, 1400, 2000):
        with opened(browser, f"{served}/{MONTH}", width=width) as (page, _):
            overlaps = page.evaluate("""() => [...document.querySelectorAll('.kpi')].filter(card => {
                const [number, spark] = ['.number', '.spark'].map(s => card.querySelector(s)?.getBoundingClientRect());
                const box = card.getBoundingClientRect();
                return number.right > box.right || (spark && (number.bottom > spark.top || spark.right > box.right));
            }).length""")
            assert overlaps == 0


def test_without_a_script_everything_is_there(browser: Browser, served: str) -> None:
    """Numbers, pictures, tables, forms; the button that needs a script hides."""
    with opened(browser, f"{served}/{MONTH}", script=False) as (page, said):
        assert said == []
        assert page.locator(".kpi .number").count() == 8
        assert page.locator(".fc-pair svg.fc-wide").count() == 6
        assert not page.locator("#theme").is_visible()
        page.locator(".links summary").first.click()
        assert page.locator(".links details[open] table").first.is_visible()
        page.select_option("select[name=where]", "partner:P2")
        page.get_by_role("button", name="Show").click()
        assert page.locator(".kpi", has_text="API calls").locator(".number").inner_text() == "105"


def test_the_chosen_scheme_is_kept(browser: Browser, served: str) -> None:
    """Over a reload, and before anything is painted."""
    with opened(browser, served + "/metrics") as (page, said):
        page.locator("#theme").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert said == []


def test_the_crosshair_tells_the_values_of_a_day(browser: Browser, served: str) -> None:
    """By pointer and by arrow keys; Escape ends it."""
    with opened(browser, f"{served}/explain/call_volume{MONTH}&grain=day") as (page, said):
        strip = page.locator(".fc-wide .fc-x").nth(9)
        strip.hover()
        assert "10 Sep 2026" in page.locator(".tip").inner_text()
        assert "20" in page.locator(".tip").inner_text()  # ten of Acme, five of the other, five of nobody
        page.locator(".fc-wide").first.focus()
        page.keyboard.press("ArrowRight")
        assert "11 Sep 2026" in page.locator(".tip").inner_text()
        page.keyboard.press("Escape")
        assert not page.locator(".tip").is_visible()
        assert said == []


def test_nothing_is_fetched_from_elsewhere(browser: Browser, served: str) -> None:
    """Every request of every page goes to this server."""
    asked: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(served + path)
        page.wait_for_load_state("networkidle")
    context.close()
    assert len(asked) > len(PATHS)
    assert [url for url in asked if not url.startswith(served)] == []
