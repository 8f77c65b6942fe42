"""Series of sales: made ahead once, each to be changed, changed and paused without touching what somebody changed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network.rules import SYSTEM
from bocage.order_cycles import actions, queries, rhythm
from bocage.order_cycles.actions import SeriesTerms
from bocage.order_cycles.models import Exchange, ExchangeVariant, HandOver, OrderCycle, Series
from bocage.order_cycles.rhythm import HandOverTime, Rhythm
from bocage.order_cycles.tests import make

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 5, 9, tzinfo=PARIS)  # a Monday
WEEK = timedelta(weeks=1)


def terms(**changes):
    values = {
        "every_weeks": 1,
        "starts_on": date(2026, 10, 9),
        "opens": time(8),
        "closes_after": 4,
        "closes": time(20),
        "hand_over": HandOverTime(2, time(17), time(19)),
        "skip_months": frozenset(),
    }
    ahead = changes.pop("ahead", 3)
    return SeriesTerms(name="Vente du {day}", rhythm=Rhythm(**{**values, **changes}), ahead=ahead)


@pytest.fixture
def town():
    """A hub with a past cycle that carries leek and is fetched at the hall; its manager."""

    class Town:
        pass

    found = Town()
    found.hub, farm = make.hub(), make.farm()
    make.agreement(farm, found.hub)
    leek = make.variant(make.product(farm))
    found.cycle = make.cycle(found.hub, opens_at=NOW - WEEK)
    make.exchange(found.cycle, farm, "incoming", [leek], bring_at=NOW)
    out = make.exchange(found.cycle, found.hub, "outgoing", [leek])
    make.hand_over(out, make.method(found.hub), NOW)
    found.by = {"actor": make.manager(found.hub), "now": NOW}
    return found


def made(series_id, **where):
    return list(OrderCycle.objects.filter(series_id=series_id, **where).order_by("opens_at"))


def days(series_id):
    return [cycle.series_on.day for cycle in made(series_id)]


def test_the_coming_sales_stand_ready_with_goods_and_times_of_the_model(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    cycles = made(series)
    assert [cycle.name for cycle in cycles] == [
        "Vente du jeudi 15 octobre",
        "Vente du jeudi 22 octobre",
        "Vente du jeudi 29 octobre",
    ]
    assert cycles[2].opens_at == datetime(2026, 10, 23, 8, tzinfo=PARIS)
    assert cycles[2].closes_at == datetime(2026, 10, 27, 20, tzinfo=PARIS)
    assert {ExchangeVariant.objects.filter(exchange__cycle=cycle).count() for cycle in cycles} == {2}
    window = HandOver.objects.get(exchange__cycle=cycles[2])
    assert window.starts_at == datetime(2026, 10, 29, 17, tzinfo=PARIS)


def test_made_twice_is_made_once_and_a_week_later_one_more_stands_ready(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    again = [actions.make_coming(now=NOW), actions.make_coming(now=NOW + WEEK), actions.make_coming(now=NOW + WEEK)]

    assert (again, days(series)) == ([0, 1, 0], [9, 16, 23, 30])


def test_after_a_long_stop_only_what_is_still_to_come_is_made(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    actions.make_coming(now=NOW + 10 * WEEK)

    assert [cycle.series_on for cycle in made(series)][3:] == [date(2026, 12, 18), date(2026, 12, 25), date(2027, 1, 1)]


def test_a_changed_series_changes_only_coming_sales_that_nobody_changed(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)
    first, second, _third = made(series)
    actions.edit_cycle(
        cycle_id=second.pk, name="Spéciale", opens_at=second.opens_at, closes_at=second.closes_at, **town.by
    )

    actions.edit_series(series_id=series, terms=terms(closes=time(18), starts_on=date(2026, 10, 10)), **town.by)

    assert [(c.series_on.day, c.name == "Spéciale", c.closes_at.astimezone(PARIS).hour) for c in made(series)] == [
        (10, False, 18),
        (16, True, 20),
        (24, False, 18),
    ]
    assert not OrderCycle.objects.filter(id=first.pk).exists()


def test_a_sale_that_opened_is_never_taken_back(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)
    (first, *_) = made(series)
    later = {**town.by, "now": first.opens_at}

    actions.edit_series(series_id=series, terms=terms(closes=time(18)), **later)

    assert [c.closes_at.astimezone(PARIS).hour for c in made(series)] == [20, 18, 18, 18]


def test_a_deleted_sale_is_not_made_again(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    actions.delete_cycle(cycle_id=made(series)[1].pk, **town.by)
    actions.make_coming(now=NOW)

    assert days(series) == [9, 23, 30]


def test_a_pause_takes_sales_out_and_gives_them_back(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    actions.pause_series(series_id=series, first_on=date(2026, 10, 16), last_on=date(2026, 10, 23), **town.by)
    paused = days(series)
    (pause,) = queries.series_sheet(series_id=series, **town.by).pauses
    actions.unpause_series(series_id=series, pause_id=pause.id, **town.by)

    assert (paused, days(series)) == ([9, 30, 6], [9, 16, 23])
    with pytest.raises(rhythm.PauseEndsBeforeItBegins):
        actions.pause_series(series_id=series, first_on=date(2026, 10, 3), last_on=date(2026, 10, 2), **town.by)


def test_an_ended_series_leaves_what_somebody_changed_and_makes_no_more(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)
    actions.set_fees(cycle_id=made(series)[0].pk, fee_ids=[], **town.by)

    actions.end_series(series_id=series, **town.by)

    assert (days(series), actions.make_coming(now=NOW + WEEK)) == ([9], 0)
    with pytest.raises(NotFound):
        actions.edit_series(series_id=series, terms=terms(), **town.by)


def test_a_coming_cycle_that_recurs_stands_for_its_own_day(town):
    OrderCycle.objects.update(opens_at=datetime(2026, 10, 9, 7, tzinfo=PARIS), closes_at=NOW + WEEK)

    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)

    assert [(c.pk == town.cycle.pk, c.series_on.day) for c in made(series)] == [(True, 9), (False, 16), (False, 23)]


def test_the_coming_ones_follow_a_better_model(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)
    first = made(series)[0]
    actions.remove_exchange(exchange_id=Exchange.objects.get(cycle=first, direction="incoming").pk, **town.by)

    actions.take_as_model(cycle_id=first.pk, **town.by)

    assert [Exchange.objects.filter(cycle=cycle).count() for cycle in made(series)] == [1, 1, 1]
    assert Series.objects.get().model_id == first.pk


def test_the_sheet_tells_which_days_stand_ready(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(skip_months=frozenset({11})), **town.by)

    found = queries.series_sheet(series_id=series, **town.by).days

    assert [(d.occurrence.on.day, d.cycle_id is not None, d.occurrence.is_left_out) for d in found[:6]] == [
        (9, True, False),
        (16, True, False),
        (23, True, False),
        (30, False, False),
        (6, False, True),
        (13, False, True),
    ]


def test_another_hub_plans_and_changes_nothing(town):
    series = actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **town.by)
    stranger = {"actor": make.manager(make.hub("Autre")), "now": NOW}
    for act in (
        lambda: actions.plan_series(cycle_id=town.cycle.pk, terms=terms(), **stranger),
        lambda: actions.edit_series(series_id=series, terms=terms(), **stranger),
        lambda: actions.end_series(series_id=series, **stranger),
        lambda: queries.series_sheet(series_id=series, **stranger),
    ):
        with pytest.raises(Forbidden):
            act()
    assert actions.edit_series(series_id=series, terms=terms(), actor=SYSTEM, now=NOW) is None
