"""Goods that a hub makes of others': a sack is opened when its bags run out."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from bocage.catalogue.tests import make as goods
from bocage.catalogue.tests.make import NOW
from bocage.network.models import Agreement
from bocage.stock import actions, rules
from bocage.stock.actions import Cause
from bocage.stock.models import Movement, StockItem
from bocage.stock.queries import levels

NAMES = {}
CAUSE = Cause("order", "order:ABC", "x", NOW)


@pytest.fixture
def mill(db):
    """A farm's sack of 10 kg, five of them, and a hub's bags of 1 kg and 500 g made of it; two bags of 1 kg are ready."""
    farm, hub = goods.farm(), goods.hub()
    agreement = goods.agreement(farm, hub)
    Agreement.objects.filter(pk=agreement.pk).update(handling="resells")
    sack = goods.variant(goods.product(farm, name="Farine"), size=10_000)
    flour = goods.product(hub, name="Farine en sachet")
    bag = goods.variant(flour, size=1000, source=sack, source_yields=10, splits_stock=True)
    small = goods.variant(flour, size=500, source=sack, source_yields=20, splits_stock=True)
    for variant, on_hand in ((bag, 2), (small, 0), (sack, 5)):
        StockItem.objects.create(variant=variant, on_hand=on_hand)
    return farm, hub, sack, bag, small


def left(*variants):
    return [StockItem.objects.get(variant=one).on_hand for one in variants]


def test_what_could_be_made_may_be_sold(mill):
    _, hub, sack, bag, small = mill

    found = levels(hub_id=hub.pk, variant_ids=[sack.pk, bag.pk, small.pk])

    assert found == {sack.pk: rules.Level(5), bag.pk: rules.Level(52), small.pk: rules.Level(100)}


def test_as_few_sacks_are_opened_as_are_needed(mill):
    _, hub, sack, bag, small = mill

    actions.take(hub_id=hub.pk, wanted={bag.pk: 2}, names=NAMES, cause=CAUSE)
    ready = left(sack, bag)
    actions.take(hub_id=hub.pk, wanted={bag.pk: 13, small.pk: 1}, names=NAMES, cause=CAUSE)

    assert ready == [5, 0]
    assert left(sack, bag, small) == [2, 7, 19]
    opened = Movement.objects.filter(reason="split").order_by("id").values_list("item__variant_id", "change")
    assert list(opened) == [(sack.pk, -2), (bag.pk, 20), (sack.pk, -1), (small.pk, 20)]


def test_a_sack_is_not_sold_twice(mill):
    _, hub, sack, bag, small = mill

    with pytest.raises(rules.NotEnoughStock), transaction.atomic():
        actions.take(hub_id=hub.pk, wanted={bag.pk: 52, sack.pk: 1}, names=NAMES, cause=CAUSE)
    with pytest.raises(rules.NotEnoughStock), transaction.atomic():
        actions.take(hub_id=hub.pk, wanted={bag.pk: 30, small.pk: 50}, names=NAMES, cause=CAUSE)
    with pytest.raises(rules.NotEnoughStock), transaction.atomic():
        actions.take(hub_id=hub.pk, wanted={bag.pk: 53}, names=NAMES, cause=CAUSE)

    assert left(sack, bag, small) == [5, 2, 0]


def test_what_is_cancelled_comes_back_as_bags_and_more_is_taken_from_sacks_again(mill):
    _, hub, sack, bag, _ = mill
    pool = actions.take(hub_id=hub.pk, wanted={bag.pk: 4}, names=NAMES, cause=CAUSE)[bag.pk]

    actions.give_back(returned={pool: 4}, cause=CAUSE)
    back = left(sack, bag)
    actions.take_from(pools={pool: 13}, names=NAMES, cause=CAUSE)

    assert (back, left(sack, bag)) == ([4, 12], [3, 9])
    with pytest.raises(rules.NotEnoughStock), transaction.atomic():
        actions.take_from(pools={pool: 40}, names=NAMES, cause=CAUSE)


def test_a_source_on_demand_makes_as_many_as_are_wanted(mill):
    _, hub, sack, bag, _ = mill
    StockItem.objects.filter(variant=sack).update(on_demand=True, on_hand=0)

    actions.take(hub_id=hub.pk, wanted={bag.pk: 25}, names=NAMES, cause=CAUSE)

    assert levels(hub_id=hub.pk, variant_ids=[bag.pk]) == {bag.pk: rules.Level(None)}
    assert left(sack, bag) == [0, 7]


def test_without_the_agreement_only_what_was_made_is_left(mill):
    _, hub, sack, bag, _ = mill
    Agreement.objects.update(ends_at=NOW - timedelta(days=1), starts_at=NOW - timedelta(days=2))

    with pytest.raises(rules.NotEnoughStock), transaction.atomic():
        actions.take(hub_id=hub.pk, wanted={bag.pk: 3}, names=NAMES, cause=CAUSE)
    actions.take(hub_id=hub.pk, wanted={bag.pk: 2}, names=NAMES, cause=CAUSE)

    assert left(sack, bag) == [5, 0]


@given(st.integers(0, 50), st.integers(0, 20), st.integers(1, 30), st.integers(1, 700))
def test_what_is_opened_suffices_and_one_less_would_not(on_hand, sacks, yields, quantity):
    opens = rules.Opens(1, rules.Level(sacks), yields, on_hand)
    needed = opens.needed(quantity)

    assert on_hand + needed * yields >= quantity
    assert needed == 0 or on_hand + (needed - 1) * yields < quantity
    assert (needed <= sacks) == opens.all_of_it.has(quantity)
