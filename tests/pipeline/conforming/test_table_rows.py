"""Is each text read as what its column means, and refused with a reason when it cannot be?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest
from pydantic import ValidationError

from firstcall.errors import ImportRefused
from firstcall.settings import Program as ProgramSettings
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk, outcome


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in Berlin."""
    with desk(tmp_path, "Europe/Berlin") as made:
        yield made


def moment(at: ImportDesk, text: str) -> object:
    """Return when a partner registered according to `text`, in UTC, or None when the row is refused."""
    at.take("partners", f'{PARTNERS}acme,Acme,"{text}"\n', replace=True)
    rows = at.rows("SELECT registered_at FROM partners WHERE known_to IS NULL")
    return rows[0][0] if rows else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T09:30:00Z", "2026-03-01 09:30:00"),
        ("2026-03-01t09:30:00z", "2026-03-01 09:30:00"),
        ("2026-03-01 09:30:00.123456789+02:00", "2026-03-01 07:30:00.123456"),
        ("2026-03-01T09:30:00,5+0000", "2026-03-01 09:30:00.5"),
        ("2026-03-01T09:30:00-03", "2026-03-01 12:30:00"),
        ("2026-03-01 09:30:00 UTC", "2026-03-01 09:30:00"),
        ("2026-03-01 09:30:00 +0000 UTC", "2026-03-01 09:30:00"),
        ("2026-06-30T23:59:60Z", "2026-06-30 23:59:59.999999"),
        ("2026-03-01T09:30", "2026-03-01 08:30:00"),
        ("2026-03-01", "2026-02-28 23:00:00"),
        ("2026-07-01", "2026-06-30 22:00:00"),
        ("2026-10-25 02:30", "2026-10-25 00:30:00"),
        ("2026-10-25 03:00", "2026-10-25 02:00:00"),
        ("2026-03-29 02:30", "2026-03-29 01:30:00"),
        ("2026-03-29 03:00", "2026-03-29 01:00:00"),
        ("1772357400", "2026-03-01 09:30:00"),
        ("1772357400.25", "2026-03-01 09:30:00.25"),
        ("1772357400123", "2026-03-01 09:30:00.123"),
        ("1772357400123456", "2026-03-01 09:30:00.123456"),
        ("1772357400123456789", "2026-03-01 09:30:00.123457"),
    ],
)
def test_times_are_utc_microseconds(at: ImportDesk, text: str, expected: str) -> None:
    """In Berlin; the repeated hour is the earlier one, the skipped one moves forward."""
    assert moment(at, text) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", "write it as in 2026-03-01T09:30:00Z"),
        ("2026-02-30", "write it as in"),
        ("2026-13-01T00:00:00Z", "write it as in"),
        ("46082.5", "serial number of a spreadsheet"),
        ("0001-01-01T00:00:00Z", "write it as in"),
        ("1970-01-01T00:00:00Z", "write it as in"),
        ("9999-12-31", "write it as in"),
        ("0", "write it as in"),
    ],
)
def test_what_is_no_time_is_refused_with_a_hint(at: ImportDesk, text: str, said: str) -> None:
    """Placeholders such as year 1 and epoch zero are no times either."""
    assert moment(at, text) is None
    ((reason, detail),) = at.rows("SELECT reason, detail FROM refused")
    assert reason == "bad time in registered_at"
    assert f'found "{text}"' in str(detail)
    assert said in str(detail)


def test_assumed_repeated_and_skipped_times_are_counted(at: ImportDesk) -> None:
    """Three without an offset: one ordinary, one in each odd hour; the fourth has an offset."""
    times = ("2026-05-01 12:00", "2026-10-25 02:30", "2026-03-29 02:30", "2026-05-01T12:00Z")
    body = "".join(f"p{n},P,{time}\n" for n, time in enumerate(times))
    assert at.take("partners", PARTNERS + body).notes == (
        "3 times without an offset were read as Europe/Berlin",
        "1 of them fall into an hour that occurs twice and were read as the earlier one",
        "1 of them fall into an hour that does not occur and were moved forward",
    )


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Asia/Kathmandu", "2026-01-01", "2025-12-31 18:15:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45:00"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30:00"),
    ],
)
def test_unusual_zones_keep_the_rule(tmp_path: Path, zone: str, text: str, expected: str) -> None:
    """Half an hour repeated, a whole day skipped, quarters of an hour."""
    with desk(tmp_path, zone) as at:
        assert moment(at, text) == datetime.fromisoformat(expected)


def test_epoch_units_are_decided_for_the_column_not_for_the_row(at: ImportDesk) -> None:
    """Beside milliseconds, a number of seconds would be January 1970: refused, not guessed."""
    report = at.take("partners", PARTNERS + "a,A,1772357400123\nb,B,1772357400\n")
    assert report.total.refused == {"bad time in registered_at": 1}
    assert at.rows("SELECT partner_id, registered_at::VARCHAR FROM partners") == [
        ("a", "2026-03-01 09:30:00.123")
    ]


INVOICE = "line_id,invoice_id,partner_id,kind,period_start,period_end,amount,currency,issued_at\n"


def invoiced(at: ImportDesk, amount: str, end: str = "2026-02-01", code: str = "EUR") -> object:
    """Import one line and return (reasons, notes)."""
    report = at.take(
        "invoice_lines", f'{INVOICE}l1,i1,acme,usage,2026-01-01,{end},"{amount}",{code},2026-02-01\n'
    )
    return dict(report.total.refused), report.notes


@pytest.mark.parametrize(
    "amount", ["1234.56", "-0.000001", "0", "123456789012345678.123456", "1.50000000", "1e3", "+7."]
)
def test_amounts_are_exact(at: ImportDesk, amount: str) -> None:
    """Six decimals and eighteen digits before them, never binary."""
    assert invoiced(at, amount)[0] == {}  # type: ignore[index]
    assert at.rows("SELECT amount FROM invoice_lines") == [(Decimal(amount),)]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.1234567", "at most 6 decimals"),
        ("1234567890123456789", "18 digits before them"),
        ("1.23.45", "write the number alone"),
        ("NaN", "write the number alone"),
    ],
)
def test_amounts_that_cannot_be_exact_are_refused_with_a_hint(at: ImportDesk, amount: str, said: str) -> None:
    """Nothing is rounded, and nothing guessed."""
    assert invoiced(at, amount)[0] == {"bad amount in amount": 1}  # type: ignore[index]
    assert said in str(at.rows("SELECT detail FROM refused")[0][0])


def test_an_amount_in_another_currency_than_its_row_is_refused(at: ImportDesk) -> None:
    """The sign or the code beside it may stand there, and has to agree."""
    assert invoiced(at, "€12")[0] == {}  # type: ignore[index]
    assert invoiced(at, "12.00 eur")[0] == {}  # type: ignore[index]
    assert invoiced(at, "12 USD")[0] == {"amount in another currency": 1}  # type: ignore[index]
    assert invoiced(at, "€ 12", code="USD")[0] == {"amount in another currency": 1}  # type: ignore[index]


def test_currencies_are_iso_4217(at: ImportDesk) -> None:
    """Lower case is meant well; an unknown code is refused."""
    assert invoiced(at, "1", code="eur")[0] == {}  # type: ignore[index]
    assert invoiced(at, "1", code="EURO")[0] == {"unknown currency": 1}  # type: ignore[index]
    assert at.rows("SELECT currency FROM invoice_lines") == [("EUR",)]


def of_settings(code: str) -> bool:
    """Return whether a program may report in this currency."""
    try:
        return ProgramSettings(currency=code).currency == code
    except ValidationError:
        return False


def test_a_currency_of_settings_is_one_of_imports_and_the_other_way_round(at: ImportDesk) -> None:
    """Of all three letters: those in force and those of old invoices, but not what stands for none or for tests."""
    codes = ["".join(letters) for letters in product(ascii_uppercase, repeat=3)]
    at.take("plans", "plan_id,currency\n" + "".join(f"{code},{code}\n" for code in codes))
    imported = {code for (code,) in at.rows("SELECT currency FROM plans")}
    assert imported == {code for code in codes if of_settings(code)}
    assert {"EUR", "ZWG", "DEM"} < imported
    assert not {"XXX", "XTS"} & imported
    assert ProgramSettings(currency="eur").currency == "EUR"


def test_a_period_that_ends_on_the_last_day_of_a_month_is_inclusive(at: ImportDesk) -> None:
    """31 January means until 1 February, midnight in Berlin; with a time of day it means what it says."""
    assert invoiced(at, "1", "2026-01-31") == (
        {},
        (
            "3 times without an offset were read as Europe/Berlin",
            "1 invoice periods that end on the last day of a month were read as inclusive",
        ),
    )
    assert at.rows("SELECT period_end::VARCHAR FROM invoice_lines") == [("2026-01-31 23:00:00",)]
    assert "inclusive" not in str(invoiced(at, "1", "2026-01-31T12:00"))
    assert "inclusive" not in str(invoiced(at, "1", "2026-01-30"))


def test_an_end_before_its_start_is_refused(at: ImportDesk) -> None:
    """Periods, validity and duration alike."""
    assert invoiced(at, "1", "2025-12-01")[0] == {"period_end before period_start": 1}  # type: ignore[index]
    keys = "consumer,partner_id,valid_from,valid_to\nk,acme,2026-02-01,2026-01-01\nk2,acme,2026-02-01,9999-12-31\n"
    assert at.take("credentials", keys).total.refused == {"valid_to before valid_from": 1}
    assert at.rows("SELECT valid_to FROM credentials") == [(None,)]


def test_domains_are_closed_but_not_particular_about_case(at: ImportDesk) -> None:
    """`One-off` is one_off; `gift` is refused with the list."""
    lines = (("l1", "One-off"), ("l2", "CREDIT PACK"), ("l3", "gift"))
    body = "".join(f"{line},i,acme,{kind},2026-01-01,2026-02-01,1,EUR,2026-02-01\n" for line, kind in lines)
    report = at.take("invoice_lines", INVOICE + body)
    assert report.total.refused == {
        "kind not one of subscription, usage, overage, credit_pack, one_off, credit, refund, tax": 1
    }
    assert at.rows("SELECT kind FROM invoice_lines ORDER BY line_id") == [("one_off",), ("credit_pack",)]


def test_numbers_keep_their_bounds(at: ImportDesk) -> None:
    """A score is 1 to 10, hours are not negative, a count is whole; negative latencies are refused."""
    header = "response_id,wave,submitted_at,ease\n"
    surveys = (
        header
        + "r1,w,2026-01-01,0.5\nr2,w,2026-01-01,11\nr3,w,2026-01-01,ten\nr4,w,2026-01-01,7\nr5,w,2026-01-01,inf\n"
    )
    assert at.take("surveys", surveys).total.refused == {
        "bad number in ease": 2,
        "ease above 10": 1,
        "ease below 1": 1,
    }
    probes = "target,time,result,latency_ms\na,2026-01-01,up,-5\nb,2026-01-01,UP,5\n"
    assert at.take("probes", probes).total.refused == {"latency_ms below 0": 1}
    packs = 'pack_id,partner_id,units,purchased_at\na,x,1.5,2026-01-01\nb,x,"1,000",2026-01-01\nc,x,3.0,2026-01-01\n'
    assert at.take("credit_packs", packs).total.refused == {"bad integer in units": 1}
    assert at.rows("SELECT units FROM credit_packs ORDER BY 1") == [(3,), (1000,)]


def test_yes_and_no_have_several_spellings(at: ImportDesk) -> None:
    """`maybe` is none of them."""
    rows = "".join(
        f"2026-01-0{n},issue,{word}\n" for n, word in enumerate(("yes", "TRUE", "0", "n", "maybe", ""), 1)
    )
    report = at.take("contributions", "time,kind,external\n" + rows)
    assert report.total.refused == {"bad yes or no in external": 1}
    assert [row[0] for row in at.rows("SELECT external FROM contributions ORDER BY time")] == [
        True,
        True,
        False,
        False,
        None,
    ]


TIERS = [
    (
        '[{"up_to": 1000, "unit_price": "0.002"}, {"up_to": null, "unit_price": "0.001", "flat_fee": "5"}]',
        True,
    ),
    ('[{"up_to": null, "unit_price": 0.5}]', True),
    ("[]", False),
    ('{"unit_price": "1"}', False),
    ('[{"up_to": 5, "unit_price": "1"}, {"up_to": 5, "unit_price": "1"}]', False),
    ('[{"up_to": null, "unit_price": "1"}, {"up_to": 5, "unit_price": "1"}]', False),
    ('[{"up_to": 5}]', False),
    ('[{"upto": 5, "unit_price": "1"}]', False),
    ('[{"up_to": 5, "unit_price": "-1"}]', False),
    ("[5]", False),
]


@pytest.mark.parametrize(("tiers", "good"), TIERS)
def test_tiers_have_rising_limits_and_exact_prices(at: ImportDesk, tiers: str, good: bool) -> None:
    """Only the last may be open, and no key is misspelt."""
    quoted = tiers.replace('"', '""')
    report = at.take("plans", f'plan_id,currency,tiers\np,EUR,"{quoted}"\n')
    assert dict(report.total.refused) == ({} if good else {"tiers of the wrong shape": 1})


def test_tiers_have_to_be_json(at: ImportDesk) -> None:
    """Half a list is refused as such."""
    assert at.take("plans", "plan_id,currency,tiers\np,EUR,[{\n").total.refused == {"bad JSON in tiers": 1}


def test_tokens_for_nothing_are_nothing(at: ImportDesk) -> None:
    """In an optional column they are absent; in a required one they refuse the row; `unknown` is a domain's word."""
    rows = "a,A,2026-01-01,-,N/A\n(not set),B,2026-01-01,,\nc,None,2026-01-01,null,\n"
    content = "partner_id,name,registered_at,manager,country\n" + rows
    assert at.take("partners", content).total.refused == {"missing partner_id": 1}
    assert at.rows("SELECT name, manager, country FROM partners ORDER BY 1") == [
        ("A", None, None),
        ("None", None, None),
    ]
    keys = "consumer,partner_id,environment\nk,acme,unknown\n"
    at.take("credentials", keys)
    assert at.rows("SELECT environment FROM credentials") == [("unknown",)]


def test_unknown_columns_are_kept_and_said_once(at: ImportDesk) -> None:
    """Their values stand in attributes, without the empty ones; near names are proposed."""
    content = "partner_id,name,registered_at,segmnt,Colour\na,A,2026-01-01T00:00Z,big,\nb,B,2026-01-01T00:00Z,,red\n"
    report = at.take("partners", content)
    assert report.notes == (
        "columns unknown to partners, kept in attributes: segmnt (did you mean segment?), Colour",
    )
    assert at.rows("SELECT attributes FROM partners ORDER BY partner_id") == [
        ('{"segmnt":"big"}',),
        ('{"Colour":"red"}',),
    ]


def test_a_missing_required_column_refuses_the_file(at: ImportDesk) -> None:
    """The message lists what is needed and what was found."""
    with pytest.raises(
        ImportRefused,
        match=r"needs columns partner_id, name, registered_at; missing: registered_at\. Found: partner_id, nom",
    ):
        at.take("partners", "partner_id,nom,name\na,b,c\n")


def test_headers_are_compared_without_case_spaces_and_dashes(at: ImportDesk) -> None:
    """`Partner ID` is partner_id; two columns of one name refuse the file."""
    assert outcome(at.take("partners", "Registered-At , Partner ID,NAME\n2026-01-01,a,A\n").total) == (
        1,
        1,
        0,
        0,
        0,
    )
    with pytest.raises(ImportRefused, match="the header names both 'name' and 'Name'"):
        at.take("partners", "partner_id,name,Name,registered_at\na,A,B,2026-01-01\n")
    with pytest.raises(ImportRefused, match="the header names 'name' twice"):
        at.take("partners", "partner_id,name,name,registered_at\na,A,B,2026-01-01\n")


def test_addresses_and_secrets_are_never_stored(at: ImportDesk) -> None:
    """Neither in the table, nor in attributes, nor in what is kept of a refused row."""
    address, key = "Ann@Example.com", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    at.take(
        "developers",
        f"developer_id,signed_up_at,email,api_key\nd1,2026-01-01,{address},{key}\nd2,never,{address},{key}\n",
    )
    at.take("credentials", f"consumer,partner_id\n{key},acme\nplain-app,acme\n")
    hashed = "sha256:" + hashlib.sha256(address.lower().encode()).hexdigest()
    assert at.rows("SELECT email_hash FROM developers") == [(hashed,)]
    secret = "sha256:" + hashlib.sha256(key.encode()).hexdigest()
    assert at.rows("SELECT consumer FROM credentials ORDER BY 1") == [("plain-app",), (secret,)]
    kept = str(at.rows("SELECT attributes FROM developers") + at.rows("SELECT content, detail FROM refused"))
    assert secret in kept
    assert hashed in kept
    assert address not in kept
    assert key not in kept


def test_defaults_fill_what_is_absent(at: ImportDesk) -> None:
    """A partner is approved, a plan is live, billed by successful production calls."""
    at.take("plans", "plan_id,currency\np,EUR\n")
    assert at.rows("SELECT status, interval, tier_mode, bills, environment, confidence FROM plans") == [
        ("live", "month", "graduated", "success", "production", "measured")
    ]


def test_a_day_is_a_day_and_a_month_its_first(at: ImportDesk) -> None:
    """A moment given for a day is the local day; 2026-03 and any day of March are the month of March."""
    at.take("milestones", "date,label\n2026-03-01T23:30:00Z,late\n20260401,compact\n")
    assert at.rows("SELECT date::VARCHAR, label FROM milestones ORDER BY 1") == [
        ("2026-03-02", "late"),
        ("2026-04-01", "compact"),
    ]
    at.take("headcount", "month,team,fte\n2026-03,a,1.5\n2026-04-30,b,2\n")
    assert at.rows("SELECT month::VARCHAR, team, fte FROM headcount ORDER BY 1") == [
        ("2026-03-01", "a", 1.5),
        ("2026-04-01", "b", 2.0),
    ]


def test_all_that_is_wrong_with_a_row_is_said_at_once(at: ImportDesk) -> None:
    """The first problem is the reason that is counted; the detail names all of them."""
    report = at.take("partners", "partner_id,name,registered_at,status\na,,soon,odd\n")
    assert report.total.refused == {"missing name": 1}
    detail = str(at.rows("SELECT detail FROM refused")[0][0])
    assert [
        word in detail for word in ("missing name", "bad time in registered_at", "status not one of")
    ] == [True] * 3
