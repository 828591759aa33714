"""Is what other systems know pulled page by page, again after accidents, and from where it stopped?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from firstcall.errors import PullFailed, UnknownName, UsageError
from firstcall.pipeline.importing import ImportReport
from firstcall.pipeline.pulling import pull as pulling
from firstcall.pipeline.pulling.pull import pull_source
from tests.pipeline.import_desk import ImportDesk, desk
from tests.pipeline.pulling.api_server import Api, Received, as_json, cut_off, serving

EMPTY = {"object": "list", "data": [], "has_more": False}
TOKEN = "sk_test_51secret"


def customer(number: int, created: int = 1767225600) -> dict[str, object]:
    """Return a customer of Stripe."""
    return {
        "id": f"cus_{number}",
        "object": "customer",
        "livemode": True,
        "name": f"C{number}",
        "created": created,
    }


def stripe(request: Received) -> object:
    """Speak Stripe's API: five customers, two a page, and nothing else."""
    if request.path != "/v1/customers":
        return EMPTY
    after = int(request.query.get("starting_after", "cus_0").removeprefix("cus_"))
    page = [customer(number) for number in range(after + 1, min(after + 3, 6))]
    return {"object": "list", "data": page, "has_more": after + 2 < 5}


@dataclass(slots=True)
class Waits:
    """How long was waited, instead of waiting."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        """Write down a wait."""
        self.seconds.append(seconds)

    @property
    def long(self) -> list[float]:
        """The waits that are longer than the pace between two requests."""
        return [each for each in self.seconds if each > 0.2]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def pulled(
    at: ImportDesk,
    source: str,
    api: Api,
    *,
    waits: Waits | None = None,
    again: bool = False,
    **options: str,
) -> ImportReport:
    """Pull a source from the server of the test."""
    environ = {f"FIRSTCALL_{source.upper()}_TOKEN": TOKEN}
    return pull_source(
        at.store,
        at.settings,
        source,
        url=api.url,
        options=options,
        again=again,
        environ=environ,
        wait=waits or Waits(),
    )


def partners(at: ImportDesk) -> list[object]:
    """Return the ids of the partners in force."""
    return [one for (one,) in at.rows("SELECT partner_id FROM partners WHERE known_to IS NULL ORDER BY 1")]


def test_all_pages_are_read_and_a_second_pull_changes_nothing(at: ImportDesk) -> None:
    """The next page begins after the last id; the token is shown as bearer."""
    with serving(stripe) as api:
        report = pulled(at, "stripe", api)
        customers = [each for each in api.asked if each.path == "/v1/customers"]
        assert [each.query.get("starting_after") for each in customers] == [None, "cus_2", "cus_4"]
        assert {each.headers["authorization"] for each in api.asked} == {f"Bearer {TOKEN}"}
        assert (report.total.landed, partners(at)) == (5, ["cus_1", "cus_2", "cus_3", "cus_4", "cus_5"])
        again = pulled(at, "stripe", api)
        assert (again.total.landed, again.total.duplicate) == (0, 5)
    assert all(file.counts.adds_up for file in report.files)
    assert [file.path.removeprefix(api.url) for file in report.files] == [
        "/v1/products", "/v1/prices", "/v1/customers", "/v1/subscriptions", "/v1/invoices", "/v1/refunds",
        "/v1/credit_notes",
    ]  # fmt: skip


def test_limits_accidents_and_cut_answers_are_waited_for_and_asked_again(at: ImportDesk) -> None:
    """429 as long as it says; 500, a body cut off and one that is no JSON after a growing wait; nothing is lost."""
    waits = Waits()
    with serving(stripe) as api:
        api.accidents = [
            as_json({"error": {"message": "slow down"}}, 429, Retry_After="7"),
            as_json({}, 500),
            cut_off(EMPTY),
            (200, {}, b'{"object": "list", "data"'),
        ]
        report = pulled(at, "stripe", api, waits=waits)
    assert report.total.landed == 5
    assert waits.long[0] == 7
    assert [0.25 <= waits.long[1] <= 1, 0.5 <= waits.long[2] <= 2, 1 <= waits.long[3] <= 4] == [True] * 3


@pytest.mark.parametrize("batch", [2, 5000])
def test_a_pull_that_breaks_goes_on_where_it_stopped(
    at: ImportDesk, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Two pages were kept with their cursor; the third is the first one asked for next time."""
    monkeypatch.setattr(pulling, "BATCH_RECORDS", batch)
    with serving(stripe) as api:
        broken = True

        def speak(request: Received) -> object:
            if broken and request.query.get("starting_after") == "cus_4":
                return as_json({"error": "out of order"}, 503)
            return stripe(request)

        api.speak = speak
        with pytest.raises(PullFailed, match=r"answered 503 out of order\. Pull again later"):
            pulled(at, "stripe", api)
        assert partners(at) == ["cus_1", "cus_2", "cus_3", "cus_4"]
        broken, api.asked = False, []
        pulled(at, "stripe", api)
        asked = [each.query.get("starting_after") for each in api.asked if each.path == "/v1/customers"]
    assert (asked, partners(at)) == (["cus_4"], ["cus_1", "cus_2", "cus_3", "cus_4", "cus_5"])


def test_a_page_that_the_system_forgot_begins_the_list_again(
    at: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there already is a duplicate."""
    monkeypatch.setattr(pulling, "BATCH_RECORDS", 2)
    state = "broken"

    def speak(request: Received) -> object:
        if request.query.get("starting_after") == "cus_4" and state != "well":
            return as_json({}, 503 if state == "broken" else 404)
        return stripe(request)

    with serving(speak) as api:
        with pytest.raises(PullFailed):
            pulled(at, "stripe", api)
        state = "forgotten"
        with pytest.raises(PullFailed, match="answered 404"):
            pulled(at, "stripe", api)
        state = "well"
        pulled(at, "stripe", api)
    assert partners(at) == ["cus_1", "cus_2", "cus_3", "cus_4", "cus_5"]


def test_the_cursor_asks_only_for_what_is_new_and_again_asks_for_all(at: ImportDesk) -> None:
    """GitHub is asked for what changed since an hour before the last change, page by page of its Link header."""

    def issue(number: int) -> dict[str, object]:
        return {
            "number": number, "html_url": f"https://github.com/acme/sdk/issues/{number}", "user": {"login": "ann"},
            "created_at": "2026-07-01T10:00:00Z", "updated_at": f"2026-07-0{number}T10:00:00Z", "closed_at": None,
            "author_association": "NONE", "labels": [],
        }  # fmt: skip

    def speak(request: Received) -> object:
        if request.path.endswith("/releases"):
            return []
        if request.query.get("page") == "2":
            return [issue(2)]
        here = f"{api.url}{request.path}?page=2"
        return as_json([issue(1)], Link=f'<{here}>; rel="next", <{here}>; rel="last"')

    with serving(speak) as api:
        report = pulled(at, "github", api, repository="acme/sdk")
        assert report.total.landed == 4  # two contributions, two requests
        api.asked = []
        pulled(at, "github", api, repository="acme/sdk")
        assert api.asked[0].path == "/repos/acme/sdk/issues"
        assert api.asked[0].query["since"] == "2026-07-02T09:00:00Z"
        api.asked = []
        pulled(at, "github", api, again=True, repository="acme/sdk")
        assert "since" not in api.asked[0].query
        with pytest.raises(UsageError, match="Which repository"):
            pulled(at, "github", api)


def test_what_is_again_as_it_was_before_is_so_here_too(at: ImportDesk) -> None:
    """A company renamed and renamed back has its first name, though the answer is word for word an old one."""
    name = "Acme"

    def speak(request: Received) -> object:
        page = [customer(1) | {"name": name}] if request.path == "/v1/customers" else []
        return {"object": "list", "data": page, "has_more": False}

    with serving(speak) as api:
        for name in ("Acme", "Bolt", "Acme"):  # noqa: B007 - the server says it
            pulled(at, "stripe", api)
    assert at.rows("SELECT name FROM partners WHERE known_to IS NULL") == [("Acme",)]
    assert at.rows("SELECT count(*) FROM partners") == [(3,)]


def test_a_next_page_elsewhere_is_not_asked(at: ImportDesk) -> None:
    """The token would be sent there."""

    def speak(_request: Received) -> object:
        return {"tickets": [], "after_url": "https://elsewhere.example/next", "end_of_stream": False}

    with (
        serving(speak) as api,
        pytest.raises(PullFailed, match=r"elsewhere\.example, another host") as failed,
    ):
        pulled(at, "zendesk", api)
    assert TOKEN not in str(failed.value)


def test_a_redirect_is_not_followed_and_a_refused_token_is_named_by_its_variable(at: ImportDesk) -> None:
    """The token is never shown."""
    with serving(lambda _: as_json({}, 302, Location="https://elsewhere.example/")) as api:
        with pytest.raises(PullFailed, match="answered 302"):
            pulled(at, "stripe", api)
        api.speak = lambda _: as_json({"error": {"message": "bad key"}}, 401)
        with pytest.raises(PullFailed, match="FIRSTCALL_STRIPE_TOKEN was refused") as failed:
            pulled(at, "stripe", api)
    assert "bad key" in str(failed.value)
    assert TOKEN not in str(failed.value)


def test_nothing_of_the_token_is_kept(at: ImportDesk) -> None:
    """Not in the journal, nor beside the cursor."""
    with serving(stripe) as api:
        pulled(at, "stripe", api)
    for table in ("imports", "refused", "store"):
        assert TOKEN not in json.dumps(at.rows(f'SELECT * FROM "{table}"'), default=str)


def test_waiting_for_longer_than_a_quarter_of_an_hour_ends_the_pull(at: ImportDesk) -> None:
    """It says so instead of sleeping."""
    waits = Waits()
    with serving(lambda _: as_json({}, 429, Retry_After="3600")) as api:
        with pytest.raises(PullFailed, match="answered 429"):
            pulled(at, "stripe", api, waits=waits)
        assert len(api.asked) == 1
    assert waits.long == []


@pytest.mark.parametrize(
    ("source", "url", "environ", "said"),
    [
        ("jira", None, {}, "Where is your jira"),
        ("stripe", None, {}, "FIRSTCALL_STRIPE_TOKEN. It needs: read charges"),
        ("stripe", "http://api.example", {"FIRSTCALL_STRIPE_TOKEN": "x"}, "could be read on the way"),
        ("stripe", "https://me:pw@api.example", {"FIRSTCALL_STRIPE_TOKEN": "x"}, "without name and password"),
        ("stripe", None, {"FIRSTCALL_STRIPE_TOKEN": "x\ny"}, "no token"),
    ],
)
def test_a_missing_or_unsafe_address_or_token_is_said(
    at: ImportDesk, source: str, url: str | None, environ: dict[str, str], said: str
) -> None:
    """Before anything is asked."""
    with pytest.raises(UsageError, match=said):
        pull_source(at.store, at.settings, source, url=url, environ=environ)


def test_a_system_that_cannot_be_pulled_says_what_can(at: ImportDesk) -> None:
    """Files can be imported all the same; an unknown option names the near one."""
    with pytest.raises(UnknownName, match="firstcall import kong FILE"):
        pull_source(at.store, at.settings, "kong")
    with pytest.raises(UnknownName, match="Did you mean stripe"):
        pull_source(at.store, at.settings, "stripes")
    with serving(stripe) as api, pytest.raises(UnknownName, match="Did you mean test_data"):
        pulled(at, "stripe", api, testdata="keep")


def test_a_dry_run_keeps_neither_rows_nor_cursor(at: ImportDesk) -> None:
    """It counts as a pull would."""
    with serving(stripe) as api:
        environ = {"FIRSTCALL_STRIPE_TOKEN": TOKEN}
        report = pull_source(
            at.store, at.settings, "stripe", url=api.url, environ=environ, dry_run=True, wait=Waits()
        )
    assert (report.total.landed, partners(at)) == (5, [])
    assert at.rows("SELECT count(*) FROM store WHERE name LIKE 'pull %'") == [(0,)]


def test_the_rest_of_a_long_invoice_is_asked_for(at: ImportDesk) -> None:
    """The list holds the first line of two."""

    def line(number: int) -> dict[str, object]:
        period = {"start": 1782864000, "end": 1782864000}
        return {
            "id": f"il_{number}",
            "object": "line_item",
            "amount": 100,
            "currency": "eur",
            "period": period,
        }

    def speak(request: Received) -> object:
        if request.path == "/v1/invoices/in_1/lines":
            return {"object": "list", "data": [line(1), line(2)], "has_more": False}
        if request.path == "/v1/invoices":
            first = {"object": "list", "data": [line(1)], "has_more": True}
            invoice = {
                "id": "in_1",
                "object": "invoice",
                "status": "open",
                "livemode": True,
                "customer": "cus_1",
            }
            return {
                "object": "list",
                "data": [invoice | {"created": 1782864000, "lines": first}],
                "has_more": False,
            }
        return EMPTY

    with serving(speak) as api:
        report = pulled(at, "stripe", api)
    assert at.rows("SELECT line_id FROM invoice_lines ORDER BY 1") == [("il_1",), ("il_2",)]
    assert not any("only the first lines" in note for note in report.notes)


@pytest.mark.parametrize(
    ("source", "path", "answer"),
    [
        (
            "stripe",
            "/v1/credit_notes",
            {"data": [{"id": "n1", "object": "credit_note", "livemode": True, "customer": "c", "currency": "eur",
                       "created": 1777593600, "total": 1190, "total_excluding_tax": 1000}]},
        ),
        (
            "stripe",
            "/v1/refunds",
            {"data": [{"id": "n1", "object": "refund", "amount": 1190, "currency": "eur", "created": 1777593600,
                       "charge": {"customer": "c", "invoice": {"total": 1190, "total_excluding_tax": 1000}}}]},
        ),
        (
            "chargebee",
            "/api/v2/credit_notes",
            {"list": [{"credit_note": {"id": "n1", "object": "credit_note", "customer_id": "c", "date": 1777593600,
                                       "currency_code": "EUR", "line_items": [{"id": "li", "amount": 1000}]}}]},
        ),
        (
            "lago",
            "/api/v1/credit_notes",
            {"credit_notes": [{"lago_id": "n1", "lago_invoice_id": "i", "issuing_date": "2026-05-01",
                               "currency": "EUR", "credit_amount_cents": 1190, "total_amount_cents": 1190,
                               "sub_total_excluding_taxes_amount_cents": 1000,
                               "items": [{"lago_id": "n1", "amount_cents": 1000,
                                          "fee": {"external_customer_id": "c"}}]}]},
        ),
    ],
)  # fmt: skip
def test_what_was_given_back_is_pulled(
    at: ImportDesk, source: str, path: str, answer: dict[str, object]
) -> None:
    """Credit notes and refunds of every billing system: 10.00 without tax, once, on the day they were made."""
    empty: dict[str, object] = {"data": [], "list": [], "invoices": [], "customers": [], "subscriptions": [],
                                "plans": [], "credit_notes": []}  # fmt: skip
    with serving(lambda request: empty | (answer if request.path == path else {})) as api:
        assert pulled(at, source, api).total.landed == 1
        assert pulled(at, source, api).total.landed == 0
    assert at.rows("SELECT partner_id, amount::INTEGER, issued_at::DATE::VARCHAR FROM invoice_lines") == [
        ("c", 10, "2026-05-01")
    ]
