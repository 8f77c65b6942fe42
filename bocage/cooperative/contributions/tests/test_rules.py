"""The worked examples of file 10 to the cent, and what holds for every shop."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso11649 import is_valid

from bocage.commons.money import Money
from bocage.cooperative.contributions.rules import AbsurdTerms, kindness, tariffs
from bocage.cooperative.contributions.rules.kindness import Standing, missing_for_restriction, next_step
from bocage.cooperative.contributions.rules.months import (
    Month,
    charged_days,
    in_force_on,
    recognised_on,
    start_of,
    trial_ends_on,
)
from bocage.cooperative.contributions.rules.tariffs import Tariff, amount, due
from bocage.cooperative.contributions.rules.turnover import Change, Order, Sold, base_of, counted, lines_of, net_of

PARIS = ZoneInfo("Europe/Paris")
MAY, JUNE = Month(date(2026, 5, 1)), Month(date(2026, 6, 1))
LONG_AGO = date(2025, 1, 1)
P1 = Tariff(rate=10_000)


def order(net: int, *, on: date = date(2026, 5, 8), **fields) -> Order:
    return Order(1, "R7K2", 7, fields.pop("channel", "storefront"), on, net, **fields)


# ── R-BASE ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_example_1_one_percent_of_what_counts():
    base, _ = base_of(841_250 + 32_000 - 11_240, 0)

    assert (base, due(P1, base)) == (862_010, tariffs.Due(8620, 1724))
    assert due(P1, base).total == 10_344


def test_example_2_vat_is_taken_out_per_order_and_rate():
    net = net_of([Sold(55_000, 10_550), Sold(100_000, 2_200), Sold(200_000, 1_200)])

    assert net == 13_000
    assert due(P1, net).total == 156
    assert not tariffs.is_billed(156, is_december=False)
    assert tariffs.is_billed(156, is_december=True) and tariffs.is_billed(156, is_december=False, leaves=True)


def test_lines_of_one_rate_are_added_up_before_vat_is_taken_out():
    assert net_of([Sold(55_000, 100)] * 3) == 284  # 3 × 0.95 would be 2.85


def test_example_7_a_month_below_nothing_is_carried():
    may, carry = base_of(20_000 - 35_000, 0)
    june, rest = base_of(100_000, carry)

    assert (may, carry, june, rest) == (0, -15_000, 85_000, 0)
    assert (amount(P1, may), amount(P1, june)) == (0, 850)


def test_what_changes_after_the_hand_over_is_a_line_of_the_day_it_changed():
    refunded = order(8_000, changes=(Change(date(2026, 5, 20), -2_000),))

    assert [(line.kind, line.net, line.on.day) for line in lines_of(refunded, MAY, first_charged=LONG_AGO)] == [
        ("sale", 10_000, 8),
        ("change", -2_000, 20),
    ]


def test_a_closed_month_is_never_reopened():
    later = order(8_000, changes=(Change(date(2026, 6, 2), -2_000),))

    assert counted(lines_of(later, MAY, first_charged=LONG_AGO)) == 10_000  # proposed on 3 June, it still says so
    assert counted(lines_of(later, JUNE, before=10_000, first_charged=LONG_AGO)) == -2_000
    assert counted(lines_of(later, JUNE, first_charged=LONG_AGO)) == -2_000  # where nobody stated May


def test_cancelled_before_the_hand_over_is_shown_and_not_counted_and_afterwards_taken_back():
    before = order(9_500, cancelled_on=date(2026, 5, 7), changes=(Change(date(2026, 5, 7), -9_501, turns=True),))
    after = order(9_500, cancelled_on=date(2026, 6, 4), changes=(Change(date(2026, 6, 4), -9_501, turns=True),))

    assert [(line.why, line.net) for line in lines_of(before, MAY, first_charged=LONG_AGO)] == [("cancelled", 9_500)]
    assert counted(lines_of(after, MAY, first_charged=LONG_AGO)) == 9_500
    assert counted(lines_of(after, JUNE, before=9_500, first_charged=LONG_AGO)) == -9_500


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"channel": "backoffice"}, "backoffice"),
        ({"channel": "pos"}, "backoffice"),
        ({"is_test": True, "cancelled_on": date(2026, 5, 2)}, "test"),
        ({"is_resale": True}, "resale"),
        ({"channel": "subscription"}, ""),
        ({"channel": "api"}, ""),
    ],
)
def test_what_does_not_count_says_why(fields, why):
    [line] = lines_of(order(1_000, **fields), MAY, first_charged=LONG_AGO)

    assert line.why == why


def test_example_6_the_trial_ends_on_the_last_day_of_a_shorter_month():
    until = trial_ends_on(date(2026, 1, 31), 3)
    april = Month(date(2026, 4, 1))
    sales = [order(200_000, on=date(2026, 4, 29)), order(34_000, on=date(2026, 4, 30))]
    lines = [line for sale in sales for line in lines_of(sale, april, first_charged=until)]

    assert until == date(2026, 4, 30)
    assert [line.why for line in lines] == ["trial", ""]
    assert amount(P1, counted(lines)) == 340
    assert amount(P1, sum(line.net for line in lines)) == 2_340  # what it would have been
    assert charged_days(april, until) == 1 and charged_days(april, None) == 0


@given(st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=36))
def test_bases_and_carries_telescope_to_the_whole(totals):
    carry, bases = 0, []
    for total in totals:
        base, carry = base_of(total, carry)
        bases.append(base)

    assert sum(bases) + carry == sum(totals)
    assert all(base >= 0 for base in bases) and carry <= 0


days = st.dates(date(2026, 1, 1), date(2026, 6, 30))


@given(
    st.integers(0, 10**6), days, st.lists(st.builds(Change, days, st.integers(-5000, 5000)), max_size=6).map(tuple),
    st.none() | days,
)  # fmt: skip
def test_the_months_of_an_order_add_up_to_what_it_is_in_the_end(net, on, changes, cancelled_on):
    one = order(net, on=on, changes=changes, cancelled_on=cancelled_on)
    month, seen = Month.of(on), 0
    while month.first <= date(2026, 7, 1):
        seen += counted(lines_of(one, month, before=seen, first_charged=LONG_AGO))
        month = month.next

    assert seen == (0 if cancelled_on else net)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_nights_of_daylight_saving_a_day_is_the_day_of_the_place(day):
    start, end = start_of(day, PARIS), start_of(day + timedelta(days=1), PARIS)

    assert recognised_on(start, end, PARIS) == day
    assert recognised_on(end - timedelta(microseconds=1), end, PARIS) == day
    assert (end.astimezone(UTC) - start.astimezone(UTC)) != timedelta(hours=24)


def test_the_last_evening_of_a_month_is_of_that_month_in_legal_time():
    assert recognised_on(datetime(2026, 5, 31, 21, 59, tzinfo=UTC), None, PARIS) in MAY
    assert recognised_on(datetime(2026, 5, 31, 22, 0, tzinfo=UTC), None, PARIS) in JUNE
    assert recognised_on(None, datetime(2026, 5, 25, 20, 0, tzinfo=UTC), PARIS) == date(2026, 6, 1)


# ── R-PLAN ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("mode", "base", "net"),
    [("cliff", 49_999, 0), ("allowance", 49_999, 0), ("cliff", 50_000, 1_000), ("allowance", 50_000, 0),
     ("cliff", 125_000, 2_500), ("allowance", 125_000, 1_500)],
)  # fmt: skip
def test_example_3_threshold(mode, base, net):
    assert amount(Tariff(rate=20_000, threshold=50_000, threshold_mode=mode), base) == net


def test_example_4_monthly_cap():
    assert due(Tariff(rate=20_000, cap_monthly=15_000), 900_000) == tariffs.Due(15_000, 3_000)


def test_example_5_annual_cap_and_floor():
    assert amount(Tariff(rate=35_000, cap_annual=1_000_000), 400_000, charged=994_000) == 6_000
    assert tariffs.true_up(Tariff(floor_annual=6_000), active_months=7, charged=2_100) == 1_400


def test_example_8_free_contribution():
    free = Tariff(kind="free")

    assert [minor for _, minor in tariffs.suggestions(free, 326_000)] == [1_630, 3_260, 4_890]
    assert tariffs.cost_share(900_000, 326_000, 45_000_000) == 6_520
    assert due(free, 326_000, pledged=3_000) == tariffs.Due(2_500, 500)
    assert due(free, 326_000, pledged=0).total == 0


def test_the_median_of_free_amounts_is_told_from_ten_on():
    assert tariffs.median_of([1_000] * 9) is None
    assert tariffs.median_of([1_000] * 5 + [2_001] * 5) == 1_501


def test_example_9_solidarity():
    assert due(P1, 333_333, relief=Fraction(1, 2)) == tariffs.Due(1_667, 333)
    assert due(P1, 333_333, relief=Fraction(1)).total == 0


def test_example_10_tiers():
    tiers = ((500_000, 10_000), (1_500_000, 8_000), (None, 5_000))

    assert amount(Tariff(kind="tiered", tiers=tiers), 2_100_000) == 16_000


def test_a_fixed_part_is_owed_by_days():
    assert amount(Tariff(kind="hybrid", fixed=3_000, rate=10_000), 0, share=Fraction(1, 30)) == 100


plans = st.builds(
    Tariff, kind=st.sampled_from(["percentage", "fixed", "hybrid", "tiered"]), rate=st.integers(0, 100_000),
    tiers=st.just(((10_000, 20_000), (None, 5_000))), fixed=st.integers(0, 5_000), threshold=st.integers(0, 50_000),
    threshold_mode=st.sampled_from(["cliff", "allowance"]), cap_monthly=st.none() | st.integers(0, 20_000),
    cap_annual=st.none() | st.integers(0, 200_000), floor_monthly=st.integers(0, 3_000),
)  # fmt: skip


@settings(max_examples=200)
@given(plans, st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 250_000), st.fractions(0, 1))
def test_an_amount_is_never_below_nothing_and_never_falls_when_the_base_grows(plan, base, more, charged, relief):
    low, high = (amount(plan, one, charged=charged, relief=relief) for one in (base, base + more))

    assert 0 <= low <= high


def test_whether_a_version_can_cost_more():
    assert tariffs.may_cost_more(P1, Tariff(rate=12_000), [])
    assert not tariffs.may_cost_more(P1, Tariff(rate=8_000), [500_000])
    assert tariffs.may_cost_more(P1, Tariff(rate=8_000, floor_monthly=500), [100_000])


# ── R-CONSENT, R-KIND ──────────────────────────────────────────────────────────────────────────────────────────────
def test_example_21_dates():
    assert in_force_on(date(2026, 3, 15)) == date(2026, 6, 1)
    assert in_force_on(date(2026, 3, 2)) == date(2026, 5, 1)
    assert kindness.restricted_from(date(2026, 5, 10), date(2026, 9, 20)) == date(2026, 10, 20)
    assert date(2026, 5, 10) + kindness.PAST_DUE == date(2026, 9, 7)


def test_kindness_takes_one_step_at_a_time():
    due_on = date(2026, 5, 10)

    assert next_step(due_on, [], date(2026, 5, 16)) == ""
    assert next_step(due_on, [], date(2026, 5, 17)) == "friendly"
    assert next_step(due_on, ["friendly"], date(2026, 7, 30)) == "second"
    assert next_step(due_on, ["friendly", "second"], date(2026, 6, 24)) == "call"
    assert next_step(due_on, ["friendly", "second", "call", "letter"], date(2027, 1, 1)) == ""


def test_a_restriction_needs_all_that_was_promised():
    told = ("friendly", "second", "call", "letter")
    whole = Standing(date(2026, 5, 10), told)
    decided = {"decided_on": date(2026, 9, 20), "reasons": "No answer since June."}

    assert missing_for_restriction(whole, **decided) == []
    for lacking in (
        Standing(date(2026, 5, 10), told[:2]),
        Standing(date(2026, 5, 10), ("friendly", "second", "second", "letter")),
        Standing(date(2026, 6, 10), told),
        Standing(date(2026, 5, 10), told, has_dispute=True),
        Standing(date(2026, 5, 10), told, keeps_instalments=True),
        Standing(date(2026, 5, 10), told, is_free_plan=True),
    ):
        assert missing_for_restriction(lacking, **decided)
    assert missing_for_restriction(whole, decided_on=date(2026, 9, 20), reasons=" ")


def test_instalments_add_up_and_are_six_at_most():
    parts = kindness.instalments(Money(10_000), 3, first_on=date(2026, 1, 31))

    assert [(on.isoformat(), part.minor) for on, part in parts] == [
        ("2026-01-31", 3_334), ("2026-02-28", 3_333), ("2026-03-31", 3_333),
    ]  # fmt: skip
    with pytest.raises(AbsurdTerms):
        kindness.instalments(Money(10_000), 7, first_on=date(2026, 1, 31))


def test_a_reference_carries_its_check_digits():
    assert is_valid(kindness.reference("CT-2026-000123"))
