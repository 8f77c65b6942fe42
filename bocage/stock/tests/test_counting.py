"""Counting by hand: who may count which pool, what is refused, what is kept of a pool that served orders."""

import pytest
from django.db import transaction

from bocage.catalogue.tests import make
from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.stock import actions, queries
from bocage.stock.models import Movement, StockItem
from bocage.stock.queries import MovementRow, Pool
from bocage.stock.rules import CountOutOfRange, MovedMeanwhile

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm():
    """A farm with somebody who speaks for it."""
    found = make.farm("Ferme du Gué")
    make.manager(found)
    return found


@pytest.fixture
def hub(farm):
    found = make.hub("La Halle")
    make.agreement(farm, found)
    return found


@pytest.fixture
def leek(farm):
    return make.variant(make.product(farm, name="Poireaux"))


def count(variant, hub, actor, on_hand, **more):
    hub_id = hub.pk if hub else None
    actions.set_level(variant_id=variant.pk, hub_id=hub_id, on_hand=on_hand, actor=actor, now=make.NOW, **more)


def sheet(variant, enterprise, actor):
    return queries.stock_of(variant_id=variant.pk, enterprise_id=enterprise.pk, actor=actor, now=make.NOW)


def test_each_counts_its_own_pool_and_nobody_the_other_ones(farm, hub, leek):
    grower, keeper, stranger = make.manager(farm), make.manager(hub), make.manager(make.hub("Ailleurs"))

    count(leek, None, grower, 14)
    count(leek, hub, keeper, 4)
    for pool, actor in ((None, keeper), (hub, grower), (None, stranger), (hub, stranger)):
        with pytest.raises(Forbidden), transaction.atomic():
            count(leek, pool, actor, 99)

    assert list(StockItem.objects.order_by("on_hand").values_list("hub_id", "on_hand")) == [(hub.pk, 4), (None, 14)]


def test_a_hub_holds_nothing_of_a_farm_without_an_agreement_nor_of_itself(farm, leek):
    elsewhere = make.hub("Ailleurs", is_producer=True)
    jam = make.variant(make.product(elsewhere, name="Confiture"))
    keeper = make.manager(elsewhere)

    for variant in (leek, jam):
        with pytest.raises(NotFound), transaction.atomic():
            count(variant, elsewhere, keeper, 3)
    with pytest.raises(NotFound):
        sheet(leek, elsewhere, keeper)
    assert StockItem.objects.count() == 0


def test_a_hub_counts_for_a_farm_that_nobody_speaks_for(hub):
    silent = make.farm("Le Rucher")
    make.agreement(silent, hub)
    honey = make.variant(make.product(silent, name="Miel"))
    keeper = make.manager(hub)

    count(honey, None, keeper, 12)

    row = sheet(honey, hub, keeper).row
    assert (row.whose, row.may_count_pool, row.pool.on_hand, row.own) == ("pool", True, 12, None)


def test_a_count_made_before_an_order_came_in_is_refused(farm, leek):
    grower = make.manager(farm)
    count(leek, None, grower, 14)
    pool = StockItem.objects.get()
    actions.take_from(pools={pool.pk: 5}, names={}, cause=actions.Cause("order", "order:R7K2", "guest", make.NOW))

    with pytest.raises(MovedMeanwhile) as refused, transaction.atomic():
        count(leek, None, grower, 20, seen=14)
    count(leek, None, grower, 20, seen=9)

    assert refused.value.values == {"left": 9}
    assert [(row.change, row.reason, row.ref) for row in sheet(leek, farm, grower).of_pool] == [
        (11, "count", ""),
        (-5, "order", "R7K2"),
        (14, "count", ""),
    ]


@pytest.mark.parametrize("wrong", [-1, 1_000_001])
def test_a_count_that_cannot_be_is_refused(farm, leek, wrong):
    with pytest.raises(CountOutOfRange), transaction.atomic():
        count(leek, None, make.manager(farm), wrong)


def test_made_on_demand_keeps_the_number_that_was_counted(farm, leek):
    grower = make.manager(farm)
    count(leek, None, grower, 14)

    count(leek, None, grower, None, on_demand=True)

    row = sheet(leek, farm, grower).row
    assert row.pool == Pool(row.pool.id, on_hand=14, on_demand=True)
    assert Movement.objects.count() == 1


def test_an_own_pool_that_served_nobody_goes_and_the_producers_counts_again(farm, hub, leek):
    keeper = make.manager(hub)
    count(leek, None, make.manager(farm), 14)
    count(leek, hub, keeper, 4)

    gone = actions.drop_own(variant_id=leek.pk, hub_id=hub.pk, actor=keeper, now=make.NOW)

    assert gone
    assert queries.levels(hub_id=hub.pk, variant_ids=[leek.pk])[leek.pk].left == 14
    [fact] = Event.objects.filter(kind__contains="OwnStockDropped")
    assert (fact.payload, fact.by) == ({"variant_id": leek.pk, "hub_id": hub.pk, "on_hand": 4}, keeper.label)


def test_an_own_pool_that_served_orders_stays_at_nothing(farm, hub, leek):
    keeper = make.manager(hub)
    count(leek, None, make.manager(farm), 14)
    count(leek, hub, keeper, 4)
    cause = actions.Cause("order", "order:R7K2", "guest", make.NOW)
    taken = actions.take(hub_id=hub.pk, wanted={leek.pk: 1}, names={}, cause=cause)

    gone = actions.drop_own(variant_id=leek.pk, hub_id=hub.pk, actor=keeper, now=make.NOW)
    actions.give_back(returned={taken[leek.pk]: 1}, cause=cause)

    row = sheet(leek, hub, keeper).row
    assert (gone, row.own.on_hand, row.pool.on_hand) == (False, 1, 14)


def test_nobody_but_its_manager_drops_a_hubs_pool(farm, hub, leek):
    count(leek, hub, make.manager(hub), 4)

    with pytest.raises(Forbidden), transaction.atomic():
        actions.drop_own(variant_id=leek.pk, hub_id=hub.pk, actor=make.manager(farm), now=make.NOW)

    assert StockItem.objects.get().on_hand == 4


def test_a_hub_does_not_read_what_moves_at_a_farm_that_speaks_for_itself(farm, hub, leek):
    count(leek, None, make.manager(farm), 14)
    keeper = make.manager(hub)
    count(leek, hub, keeper, 4)

    seen = sheet(leek, hub, keeper)

    assert (seen.row.pool.on_hand, seen.row.may_count_pool, seen.of_pool) == (14, False, ())
    assert seen.of_own == (MovementRow(4, "count", "", make.NOW),)


def test_the_table_costs_the_same_with_one_row_and_with_three(farm, hub, leek, django_assert_num_queries):
    keeper = make.manager(hub)
    count(leek, None, make.manager(farm), 14)

    with django_assert_num_queries(8):
        one = queries.stock(enterprise_id=hub.pk, actor=keeper, now=make.NOW)
    for name in ("Miel", "Chou"):
        count(make.variant(make.product(farm, name=name)), hub, keeper, 3)
    with django_assert_num_queries(8):
        three = queries.stock(enterprise_id=hub.pk, actor=keeper, now=make.NOW)

    assert [(row.product, row.on_sale.on_hand, row.whose) for row in one.rows] == [("Poireaux", 14, "own")]
    assert [row.product for row in three.rows] == ["Chou", "Miel", "Poireaux"]


def test_pages_of_the_table_follow_each_other_and_a_search_narrows_them(farm, hub, leek):
    for name in ("Miel", "Miel", "Chou"):
        make.variant(make.product(farm, name=name))
    asked = {"enterprise_id": hub.pk, "actor": make.manager(hub), "now": make.NOW}

    first = queries.stock(limit=2, **asked)
    second = queries.stock(limit=2, after=first.next, **asked)

    assert [row.product for row in (*first.rows, *second.rows)] == ["Chou", "Miel", "Miel", "Poireaux"]
    assert (first.total, second.next) == (4, "")
    assert [row.product for row in queries.stock(text="gué poi", **asked).rows] == ["Poireaux"]
    assert queries.stock(text="moulin", **asked).rows == ()
