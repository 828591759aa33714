"""Does an independent count over the written files find every planted truth?"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from firstcall.demo.world import imagine
from tests.demo import truths
from tests.demo.conftest import Files
from tests.demo.reading import BERLIN, Call, moment
from tests.demo.truths import TRUTHS, Truth


def named(name: str) -> Truth:
    """The truth of this name."""
    return next(truth for truth in TRUTHS if truth.name == name)


def holds(files: Files, name: str, found: float | Decimal) -> bool:
    """Whether the number lies where the truth says, or the world is too small for it to show."""
    truth = named(name)
    return files.scale < truth.from_scale or truth.low <= Decimal(found) <= truth.high


def rate(calls: list[Call]) -> float:
    """Share of calls with a status of 400 or more."""
    return sum(call.status >= 400 for call in calls) / len(calls) if calls else 0.0


def between(files: Files, start: str, end: str) -> list[Call]:
    """Calls of a half-open local span."""
    first, last = moment(start), moment(end)
    return [call for call in files.calls if first <= call.time < last]


def live(files: Files) -> dict[str, float]:
    """First successful production call of every counted partner."""
    counted = files.counted()
    found: dict[str, float] = {}
    for call in files.calls:
        if call.success and not call.sandbox and call.partner in counted:
            found[call.partner] = min(call.time, found.get(call.partner, call.time))
    return found


def test_names_are_unique_and_ranges_are_ranges() -> None:
    """A truth can be looked up by its name, and something can satisfy it."""
    names = Counter((truth.name, truth.asked.partner) for truth in TRUTHS)
    assert max(names.values()) == 1
    assert [truth.name for truth in TRUTHS if truth.low > truth.high] == []


def test_one_endpoint_fails_15_percent(files: Files) -> None:
    """Refunds of payments v2 in the last quarter."""
    quarter = between(files, "2026-07-01", "2026-10-01")
    refunds = [c for c in quarter if c.method == "POST" and c.shape == "payments/v2/refunds"]
    assert holds(files, "hidden_endpoint", rate(refunds))


def test_globally_it_looks_like_half_a_percent() -> None:
    """At full size, over all calls of the quarter."""
    ledger = imagine().ledger
    start, end = moment("2026-07-01") * 1000, moment("2026-10-01") * 1000
    status = ledger.status[(ledger.time >= start) & (ledger.time < end)]
    truth = named("global_error_rate")
    assert truth.low <= Decimal(float((status >= 400).mean())) <= truth.high


def test_one_partner_hides_the_decline_of_all_others(files: Files) -> None:
    """Attributed production calls of two quarters, and month by month within the last."""
    top = files.partner("Meridian Retail Group")
    volume: Counter[tuple[str, bool]] = Counter()
    for call in files.calls:
        if call.partner is not None and not call.sandbox:
            volume[call.month, call.partner == top] += 1
    quarters = {
        is_top: [sum(volume[f"2026-0{m}", is_top] for m in span) for span in ((4, 5, 6), (7, 8, 9))]
        for is_top in (True, False)
    }
    before, after = (quarters[True][n] + quarters[False][n] for n in (0, 1))
    without = quarters[False][1] / quarters[False][0] - 1
    assert holds(files, "masking_growth_total", after / before - 1)
    assert holds(files, "masking_growth_without_top", without)
    if files.scale >= named("masking_masking").from_scale:
        others = [volume[month, False] for month in ("2026-06", "2026-07", "2026-08", "2026-09")]
        total = [volume[m, False] + volume[m, True] for m in ("2026-06", "2026-07", "2026-08", "2026-09")]
        assert others == sorted(others, reverse=True)
        assert total == sorted(total)


def test_sixty_percent_stall_between_sandbox_and_production(files: Files) -> None:
    """150 succeed in the sandbox, 60 of these in production; 200 are registered."""
    counted = files.counted()
    sandbox = {c.partner for c in files.calls if c.success and c.sandbox and c.partner in counted}
    reached = set(live(files))
    assert len(sandbox) == truths.SANDBOX_PARTNERS
    assert reached < sandbox
    assert holds(files, "stall", 1 - len(reached) / len(sandbox))
    standing = {"pending", "approved", "suspended"}
    registered = sum(row["status"] in standing for row in files.table("partners"))
    assert holds(files, "registered", registered)
    assert holds(files, "sandbox_active", len(sandbox) / registered)
    assert holds(files, "activation_to_date", len(reached) / registered)


def quarter_of(day: datetime) -> str:
    """2026Q3 and the like."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def test_cost_per_onboarded_partner_falls_from_5000_to_800(files: Files) -> None:
    """Hours times cost, plus costs of onboarding, over first production successes, by quarter."""
    spent: dict[str, Decimal] = {}
    for row in files.table("effort"):
        quarter = quarter_of(datetime.fromisoformat(row["date"]))
        spent[quarter] = spent.get(quarter, Decimal(0)) + Decimal(row["hours"]) * Decimal(row["hourly_cost"])
    for row in files.table("costs"):
        if row["activity"] == "onboarding":
            assert Decimal(row["amount"]) > 0
            spent[quarter_of(datetime.fromisoformat(row["period_start"]))] += Decimal(row["amount"])
    starts = Counter(quarter_of(datetime.fromtimestamp(time, BERLIN)) for time in live(files).values())
    costs = {quarter: amount / starts[quarter] for quarter, amount in spent.items()}
    assert costs == truths.COST_PER_PARTNER
    assert [int(cost) for cost in truths.COST_PER_PARTNER.values()] == [5000, 4850, 2700, 1250, 800]


def rated(units: int, plan: str) -> Decimal:
    """What identity checks cost beyond the fee, by the price list."""
    if plan == "identity-200":
        extra = max(0, units - 200)
        return min(extra, 1000) * Decimal("0.80") + max(0, extra - 1000) * Decimal("0.60")
    return min(units, 500) * Decimal("1.00") + max(0, units - 500) * Decimal("0.85")


def test_one_partner_leaks_240_a_month_and_nobody_else_a_cent(files: Files) -> None:
    """Metered checks at the plan's prices against the usage and overage lines."""
    metered: Counter[tuple[str, str]] = Counter()
    for call in files.calls:
        if call.product == "identity" and call.success and not call.sandbox and call.partner:
            metered[call.partner, call.month] += 1
    billed: dict[tuple[str, str], Decimal] = {}
    for row in files.table("invoice_lines"):
        if row["kind"] in {"usage", "overage"}:
            billed[row["partner_id"], row["period_start"][:7]] = Decimal(row["amount"])
    plans = {
        row["partner_id"]: row["plan_id"].removesuffix("-usd")
        for row in files.table("subscriptions")
        if row["plan_id"].startswith("identity")
    }
    gaps = {
        key: rated(units, plans[key[0]]) - billed.get(key, Decimal(0))
        for key, units in metered.items()
        if key[0] in plans
    }
    leaking = files.partner("Larkspur Insurance")
    assert {key: gap for key, gap in gaps.items() if gap} == {
        (leaking, month): Decimal(240) for month in ("2026-07", "2026-08", "2026-09")
    }
    assert [metered[leaking, month] for month in ("2026-07", "2026-08", "2026-09")] == [900] * 3
    pack = files.partner("Pemberton Foods")
    assert sum(metered[pack, month] for month in ("2026-07", "2026-08", "2026-09")) == 800


def test_the_outage_is_in_logs_probes_and_incidents(files: Files) -> None:
    """Shipping, 18 August 2026, 14:05 to 15:50."""
    truth = named("outage")
    window = between(files, truth.asked.start, truth.asked.end)
    down = [call for call in window if call.product == "shipping" and not call.sandbox]
    assert len(down) >= 80
    assert {call.status for call in down if call.status >= 500} == {502, 503, 504}
    assert holds(files, "outage", rate(down))
    incident = next(row for row in files.table("incidents") if row["incident_id"] == "I005")
    times = [moment(incident[name]) for name in ("started_at", "detected_at", "resolved_at")]
    assert times[0] == moment(truth.asked.start)
    assert holds(files, "outage_detected", times[1] - times[0])
    assert holds(files, "outage_resolved", times[2] - times[1])


def test_laggards_fail_on_v1_until_it_ends(files: Files) -> None:
    """400s on charges of v1: none to speak of in April, more from 11 May, most in June, no call after."""
    for name in ("v1_before", "v1_may", "v1_june"):
        asked = named(name).asked
        mine = [
            call
            for call in between(files, asked.start, asked.end)
            if call.shape == "payments/v1/charges" and call.method == "POST" and not call.sandbox
        ]
        assert holds(files, name, rate(mine)), name
    after = between(files, "2026-07-01", "2026-10-01")
    assert sum(call.product == "payments" and call.version == "v1" for call in after) == 0


def revenue(files: Files, month: str) -> dict[str, Decimal]:
    """Recurring EUR by partner of a month in which every line lies whole, for partners that pay in EUR."""
    found: dict[str, Decimal] = {}
    for row in files.table("invoice_lines"):
        whole = row["period_start"][:7] == month and row["kind"] not in {"tax", "one_off", "credit_pack"}
        if whole and row["currency"] == "EUR":
            amount = Decimal(row["amount"])
            found[row["partner_id"]] = found.get(row["partner_id"], Decimal(0)) + amount
    return found


def test_revenue_retention_is_known_exactly(files: Files) -> None:
    """The founders' money a year apart; before the launch nobody else pays."""
    for month, before, after in truths.RETAINED:
        base, now = revenue(files, f"2025-{month[5:]}"), revenue(files, month)
        assert sum(base.values()) == before
        assert sum(now.get(partner, Decimal(0)) for partner in base) == after
    base, now = revenue(files, "2025-09"), revenue(files, "2026-09")
    assert sum(min(now.get(partner, Decimal(0)), amount) for partner, amount in base.items()) == 15_490
    assert {sum(revenue(files, month).values()) for month in ("2025-10", "2025-12", "2026-03")} == {20_000}


def test_twelve_of_twenty_trials_pay(files: Files) -> None:
    """A paid plan begins when the trial ends, or none does."""
    rows = files.table("subscriptions")
    trials = [row for row in rows if row["kind"] == "trial"]
    paid = {(row["partner_id"], row["started_at"]) for row in rows if row["kind"] == "paid"}
    assert len(trials) == 20
    assert sum((row["partner_id"], row["trial_ends_at"]) in paid for row in trials) == 12


def test_time_to_first_call_falls_from_hours_to_minutes(files: Files) -> None:
    """From sign-up to the first success, by the day of sign-up; two called before they signed up."""
    credentials = {
        row["consumer"]: row["developer_id"] for row in files.table("credentials") if row["environment"]
    }
    sandbox = {row["consumer"] for row in files.table("credentials") if row["environment"] == "sandbox"}
    first: dict[str, float] = {}
    for call in files.calls:
        if call.success and call.consumer in sandbox:
            developer = credentials[call.consumer]
            first[developer] = min(call.time, first.get(developer, call.time))
    signed = {row["developer_id"]: moment(row["signed_up_at"]) for row in files.table("developers")}
    waits = {developer: time - signed[developer] for developer, time in first.items()}
    launch = moment("2026-02-02")
    counted = {developer: wait for developer, wait in waits.items() if wait >= 0}
    assert len(waits) - len(counted) == truths.EARLY_CALLERS
    early = [wait for developer, wait in counted.items() if signed[developer] < launch]
    late = [wait for developer, wait in counted.items() if signed[developer] >= launch]
    assert holds(files, "first_call_before", median(early))
    assert holds(files, "first_call_after", median(late))


def test_active_partners_and_churn_are_planned(files: Files) -> None:
    """A production call in the month that is not only refused; the last call's day plus 30."""
    counted, names = files.counted(), {row["partner_id"]: row["name"] for row in files.table("partners")}
    active: dict[str, set[str]] = {}
    last: dict[str, float] = {}
    for call in files.calls:
        if call.partner in counted and not call.sandbox and call.status not in {401, 403}:
            active.setdefault(call.month, set()).add(call.partner)
            last[call.partner] = max(call.time, last.get(call.partner, 0.0))
    found = {month: len(active[month]) for month in truths.ACTIVE_PARTNERS}
    assert found == truths.ACTIVE_PARTNERS
    watermark = datetime(2026, 10, 1, 6, tzinfo=BERLIN).date()
    churned = {}
    for partner, time in last.items():
        day = datetime.fromtimestamp(time, BERLIN).date() + timedelta(days=30)
        if day < watermark:
            churned[names[partner]] = day.isoformat()
    assert churned == truths.CHURN_DATES


def test_strangers_have_their_shares(files: Files) -> None:
    """Unattributed calls, classes by user agent, the partner that only gets refusals, the test account."""
    seen: dict[str, Call] = {}
    for number, call in enumerate(files.calls):
        seen.setdefault(call.request_id if call.gateway != "nginx" else str(number), call)
    calls = list(seen.values())
    assert len(files.calls) - len(calls) == truths.REDELIVERED_CALLS
    low, high = truths.UNATTRIBUTED_SHARE
    assert low <= Decimal(sum(call.partner is None for call in calls)) / len(calls) <= high
    tester = files.partner(truths.TEST_PARTNER)
    marks = {
        "synthetic": ("NorthwindMonitor",),
        "bot": ("Googlebot", "bingbot"),
        "internal": ("NorthwindOps",),
    }
    for name, words in marks.items():
        mine = sum(
            any(word in call.agent for word in words) or (name == "internal" and call.partner == tester)
            for call in calls
        )
        low, high = truths.TRAFFIC_SHARES[name]
        assert low <= Decimal(mine) / len(calls) <= high, name
    knocking = files.partner("Oakhurst Energy")
    refused = [call for call in calls if call.partner == knocking]
    assert len(refused) == truths.REFUSED_CALLS
    assert {call.status for call in refused} == {401, 403}


def test_some_nginx_lines_are_equal_and_real(files: Files) -> None:
    """Seven lines have a twin; chance adds none at this size."""
    lines = Counter(call.request_id for call in files.calls if call.gateway == "nginx")
    assert sum(count - 1 for count in lines.values()) == truths.TWIN_CALLS
