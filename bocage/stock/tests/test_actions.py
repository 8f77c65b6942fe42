"""Stock is taken from the hub's own pool where it has one, all or nothing, and returns where it came from."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from bocage.commons.refusals import Forbidden
from bocage.network.rules import GUEST, SYSTEM
from bocage.stock import actions, queries
from bocage.stock.models import Movement, StockItem
from bocage.stock.rules import Level, NotEnoughStock, shortages
from bocage.stock.tests import make

pytestmark = pytest.mark.django_db
CAUSE = actions.Cause("order", "order:R1", "guest", datetime(2026, 10, 6, tzinfo=UTC))


@pytest.fixture
def shelf():
    return make.shelf()


def take(shelf, wanted):
    return actions.take(hub_id=shelf.hub.pk, wanted=wanted, names={shelf.leek.pk: "Poireaux"}, cause=CAUSE)


def test_what_is_taken_comes_from_the_producers_pool(shelf):
    pool = StockItem.objects.create(variant=shelf.leek, on_hand=14)

    assert take(shelf, {shelf.leek.pk: 5}) == {shelf.leek.pk: pool.pk}

    assert queries.levels(hub_id=shelf.hub.pk, variant_ids=[shelf.leek.pk]) == {shelf.leek.pk: Level(9)}
    assert list(Movement.objects.values_list("item_id", "change", "reason")) == [(pool.pk, -5, "order")]


def test_a_hubs_own_stock_is_taken_and_the_producers_stays(shelf):
    """Domain 02 §10 example 21: four left here although the producer has fourteen."""
    StockItem.objects.create(variant=shelf.leek, on_hand=14)
    StockItem.objects.create(variant=shelf.leek, hub=shelf.hub, on_hand=4)

    take(shelf, {shelf.leek.pk: 4})

    assert queries.levels(hub_id=shelf.hub.pk, variant_ids=[shelf.leek.pk]) == {shelf.leek.pk: Level(0)}
    assert StockItem.objects.get(hub__isnull=True).on_hand == 14


def test_everything_or_nothing_and_every_shortage_is_named(shelf):
    StockItem.objects.create(variant=shelf.leek, on_hand=3)
    StockItem.objects.create(variant=shelf.honey, on_hand=9)

    with pytest.raises(NotEnoughStock) as refused, transaction.atomic():
        take(shelf, {shelf.leek.pk: 8, shelf.honey.pk: 1})

    assert refused.value.shortages == {shelf.leek.pk: 3}
    assert list(StockItem.objects.order_by("id").values_list("on_hand", flat=True)) == [3, 9]
    assert Movement.objects.count() == 0


def test_what_has_no_pool_cannot_be_sold_and_what_is_on_demand_always_can(shelf):
    StockItem.objects.create(variant=shelf.honey, on_demand=True)

    take(shelf, {shelf.honey.pk: 500})
    with pytest.raises(NotEnoughStock), transaction.atomic():
        take(shelf, {shelf.leek.pk: 1})

    assert StockItem.objects.get().on_hand == 0


def test_what_is_given_back_returns_to_its_pool_even_if_the_hub_has_one_of_its_own_since(shelf):
    pool = StockItem.objects.create(variant=shelf.leek, on_hand=5)
    taken = take(shelf, {shelf.leek.pk: 2})
    StockItem.objects.create(variant=shelf.leek, hub=shelf.hub, on_hand=1)

    actions.give_back(returned={taken[shelf.leek.pk]: 2}, cause=CAUSE)

    pool.refresh_from_db()
    assert pool.on_hand == 5


def test_counting_stock_anew_is_a_movement_and_only_for_who_may(shelf):
    count = {"variant_id": shelf.leek.pk, "hub_id": None, "now": CAUSE.at}

    actions.set_level(on_hand=12, on_demand=False, actor=SYSTEM, **count)
    actions.set_level(on_hand=7, on_demand=False, actor=SYSTEM, **count)
    with pytest.raises(Forbidden), transaction.atomic():
        actions.set_level(on_hand=99, on_demand=False, actor=GUEST, **count)

    assert StockItem.objects.get().on_hand == 7
    assert list(Movement.objects.order_by("id").values_list("change", flat=True)) == [12, -5]


def test_taking_five_variants_costs_the_queries_of_one(shelf, django_assert_num_queries):
    for variant in (shelf.leek, shelf.honey):
        StockItem.objects.create(variant=variant, on_hand=50)

    for wanted in ({shelf.leek.pk: 1}, {shelf.leek.pk: 1, shelf.honey.pk: 2}):
        with django_assert_num_queries(4):  # what is opened for them, lock, update, movements
            take(shelf, wanted)


def test_shortages_are_what_is_left_of_what_cannot_be_had():
    levels = {1: Level(5), 2: Level(None), 3: Level(1)}

    assert shortages({1: 5, 2: 99, 3: 2, 4: 1}, levels) == {3: 1, 4: 0}
