from datetime import timedelta

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.order_cycles import queries
from bocage.order_cycles.queries import CycleRow, HubTimes
from bocage.order_cycles.rules import State, Window
from bocage.order_cycles.tests import make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)


def a_cycle(hub, producers=1, **fields):
    cycle = make.cycle(hub, **fields)
    out = make.exchange(cycle, hub, "outgoing")
    for number in range(producers):
        farm = make.farm(f"Ferme {number}")
        make.agreement(farm, hub)
        make.exchange(cycle, farm, "incoming", [make.variant(make.product(farm))])
        make.cycle_fee(cycle, make.fee(farm, name=f"Récolte {number}"))
    make.hand_over(out, make.method(hub), cycle.closes_at + DAY)
    return cycle


def test_the_list_of_cycles_counts_what_comes_from_whom():
    hub = make.hub()
    first = a_cycle(hub, producers=2, opens_at=NOW - 9 * DAY)
    second = a_cycle(hub, opens_at=NOW)

    rows = queries.cycles_of(hub_id=hub.pk, actor=make.manager(hub), now=NOW)

    def row(cycle, state, producers):
        return CycleRow(
            cycle.pk, "Semaine 41", hub.pk, "La Halle", cycle.opens_at, cycle.closes_at, state, producers, 1, producers
        )

    assert rows == [row(second, State.OPEN, 1), row(first, State.CLOSED, 2)]
    older = queries.cycles_of(hub_id=hub.pk, actor=make.manager(hub), now=NOW, before=second.closes_at)
    assert [r.id for r in older] == [first.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_whatever_their_length(django_assert_num_queries, count):
    hub = make.hub()
    cycle = a_cycle(hub, producers=count)
    for _ in range(count - 1):
        a_cycle(hub)
    anne = make.manager(hub)

    with django_assert_num_queries(5):
        assert len(queries.cycles_of(hub_id=hub.pk, actor=anne, now=NOW)) == count
    with django_assert_num_queries(15):
        assert len(queries.cycle_sheet(cycle_id=cycle.pk, actor=anne, now=NOW).incoming) == count
    with django_assert_num_queries(2):
        assert len(queries.open_cycles(hub_id=hub.pk, now=NOW)) == count
    with django_assert_num_queries(1):
        queries.hubs_open(hub_ids=[hub.pk, 7, 8], now=NOW)


def test_a_cycle_is_only_for_who_runs_it():
    cycle = a_cycle(make.hub())
    for actor in (make.manager(make.hub("Autre")), make.manager(cycle.coordinator, role="volunteer")):
        with pytest.raises(Forbidden):
            queries.cycle_sheet(cycle_id=cycle.pk, actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            queries.cycles_of(hub_id=cycle.coordinator_id, actor=actor, now=NOW)
    with pytest.raises(NotFound):
        queries.cycle_sheet(cycle_id=0, actor=make.manager(cycle.coordinator), now=NOW)


def test_the_editor_sees_what_could_be_carried_and_what_is():
    hub, gue, guest = make.hub(), make.farm("Gué"), make.farm("Moulin")
    make.agreement(gue, hub)
    make.agreement(guest, hub)
    leek, _kale = make.variant(make.product(gue)), make.variant(make.product(gue, name="Chou"))
    make.variant(make.product(gue, name="Fini"), ended_at=NOW)
    cycle = make.cycle(hub)
    incoming = make.exchange(cycle, gue, "incoming", [leek])
    out = make.exchange(cycle, hub, "outgoing", [leek])
    halle, round_ = make.method(hub), make.method(hub, name="Tournée", position=1)
    make.hand_over(out, halle, NOW + DAY)
    fee = make.fee(hub)
    make.cycle_fee(cycle, fee, incoming)

    sheet = queries.cycle_sheet(cycle_id=cycle.pk, actor=make.manager(hub), now=NOW)

    sides = (*sheet.incoming, *sheet.outgoing)
    assert [(side.enterprise_id, side.carried, side.offered) for side in sides] == [(gue.pk, 1, 2), (hub.pk, 1, 1)]
    assert [p.name for p in sheet.producers_to_add] == ["Moulin"]
    assert (sheet.hubs_to_add, sheet.fee_ids, sheet.incoming[0].fee_ids) == ((), (), (fee.pk,))
    windows = {m.id: m.window for m in sheet.outgoing[0].methods}
    assert windows == {halle.pk: Window(halle.pk, NOW + DAY, NOW + DAY + timedelta(hours=2)), round_.pk: None}
    pages = [queries.side_goods(exchange_id=s.id, actor=make.manager(hub), now=NOW) for s in sides]
    assert [[(g.product, g.is_carried) for g in page.rows] for page in pages] == [
        [("Chou", False), ("Poireaux", True)],
        [("Poireaux", True)],
    ]


def test_hubs_say_until_when_they_are_open_and_when_next():
    hub, silent = make.hub(), make.hub("Muet")
    for opens_at in (NOW - 9 * DAY, NOW - DAY, NOW, NOW + 5 * DAY, NOW + 7 * DAY):
        make.exchange(make.cycle(hub, opens_at=opens_at), hub, "outgoing")

    times = queries.hubs_open(hub_ids=[hub.pk, silent.pk], now=NOW)

    assert times == {
        hub.pk: HubTimes(open_until=NOW + 2 * DAY, opens_at=NOW + 5 * DAY, closed_at=NOW - 6 * DAY),
        silent.pk: HubTimes(),
    }
    assert queries.next_opening(hub_id=hub.pk, now=NOW) == NOW + 5 * DAY


def test_a_cycle_is_open_from_its_first_moment_and_not_at_its_last():
    hub = make.hub()
    cycle = a_cycle(hub, opens_at=NOW, closes_at=NOW + DAY)

    seen = [[c.id for c in queries.open_cycles(hub_id=hub.pk, now=at)] for at in (NOW, NOW + DAY)]

    assert seen == [[cycle.pk], []]
    (window,) = queries.open_cycles(hub_id=hub.pk, now=NOW)[0].hand_overs
    assert (window.method, window.town, window.starts_at) == ("À la halle", "Malvran", NOW + 2 * DAY)
