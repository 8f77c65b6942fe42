"""What a cycle carries by lists and by rules with exceptions: new goods, ticks, withdrawals."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.catalogue import actions as catalogue
from bocage.catalogue.rules import VariantDetails
from bocage.infra.outbox import deliver_due
from bocage.network import actions as network
from bocage.network.rules import SYSTEM
from bocage.network.rules.agreements import Terms
from bocage.order_cycles import actions, queries, rules
from bocage.order_cycles.models import Exchange, ExchangeException, ExchangeVariant, OrderCycle
from bocage.order_cycles.queries.offers import offers
from bocage.order_cycles.tests import make

NOW = make.NOW
BY = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def town(db):
    """A hub, a farm with leek and kale, a cycle in which all the farm makes comes in and all of it is sold."""

    class Town:
        def sold(self, at=NOW, hub=None):
            return set(offers(cycle_id=self.cycle.pk, hub_id=(hub or self.hub).pk, at=at).by_variant)

    found = Town()
    found.hub, found.farm = make.hub(), make.farm("Ferme du Gué")
    make.agreement(found.farm, found.hub)
    found.leek = make.variant(make.product(found.farm))
    found.kale = make.variant(make.product(found.farm, name="Chou"))
    found.cycle = make.cycle(found.hub)
    found.incoming = make.exchange(found.cycle, found.farm, "incoming", carries_all=True)
    found.out = make.exchange(found.cycle, found.hub, "outgoing", carries_all=True)
    return found


def test_what_a_farm_makes_later_flows_to_the_shop_by_itself(town):
    before = OrderCycle.objects.get().version
    details = VariantDetails(unit="weight", size=500, price_minor=300)

    new = catalogue.add_variant(product_id=town.leek.product_id, details=details, **BY)
    deliver_due(now=NOW)

    assert town.sold() == {town.leek.pk, town.kale.pk, new}
    assert OrderCycle.objects.get().version == before + 1


def test_a_list_takes_nothing_new_by_itself(town):
    actions.set_rule(exchange_id=town.incoming.pk, carries_all=False, **BY)

    make.variant(make.product(town.farm, name="Navet"))

    assert town.sold() == {town.leek.pk, town.kale.pk}


def test_everything_but_what_is_left_out(town):
    actions.choose(exchange_id=town.incoming.pk, leave=[town.kale.pk], **BY)

    assert town.sold() == {town.leek.pk}
    page = queries.side_goods(exchange_id=town.incoming.pk, **BY)
    assert (page.exceptions, page.others) == (("Chou",), 0)


def test_what_is_left_out_on_the_way_in_leaves_a_hubs_list_too_and_does_not_come_back_by_itself(town):
    actions.set_rule(exchange_id=town.out.pk, carries_all=False, **BY)

    actions.choose(exchange_id=town.incoming.pk, leave=[town.kale.pk], **BY)
    actions.choose(exchange_id=town.incoming.pk, take=[town.kale.pk], **BY)

    assert town.sold() == {town.leek.pk}


def test_a_hub_leaves_out_what_another_sells(town):
    other = make.hub("Autre")
    make.agreement(town.farm, other)
    make.exchange(town.cycle, other, "outgoing", carries_all=True)

    actions.choose(exchange_id=town.out.pk, leave=[town.leek.pk], **BY)

    assert (town.sold(), town.sold(hub=other)) == ({town.kale.pk}, {town.leek.pk, town.kale.pk})


def test_a_rule_never_sells_for_a_farm_that_has_not_agreed_with_the_hub(town):
    other = make.hub("Autre")
    side = make.exchange(town.cycle, other, "outgoing", carries_all=True)

    assert town.sold(hub=other) == set()
    with pytest.raises(rules.NoAgreement):
        actions.choose(exchange_id=side.pk, take=[town.leek.pk], **BY)


def test_everything_takes_the_exceptions_in_too(town):
    actions.choose(exchange_id=town.incoming.pk, leave=[town.kale.pk], **BY)

    actions.set_rule(exchange_id=town.incoming.pk, carries_all=True, everything=True, **BY)

    assert town.sold() == {town.leek.pk, town.kale.pk}
    assert not ExchangeException.objects.exists()


def test_strange_goods_are_refused_on_the_way_in(town):
    with pytest.raises(rules.NotTheirGoods):
        actions.choose(exchange_id=town.incoming.pk, take=[make.variant(make.product(make.farm("Autre"))).pk], **BY)


def test_a_farm_that_withdraws_in_mid_cycle_sells_nothing_more_until_it_agrees_again(town):
    network.end_agreement(producer_id=town.farm.pk, hub_id=town.hub.pk, **BY)
    deliver_due(now=NOW)

    assert town.sold() == set()
    (side,) = queries.cycle_sheet(cycle_id=town.cycle.pk, **BY).incoming
    assert (side.withdrawn_at, side.carried, side.offered) == (NOW, 0, 2)

    later = NOW + timedelta(hours=1)
    pair = {"producer_id": town.farm.pk, "hub_id": town.hub.pk, "by_id": town.farm.pk}
    network.propose(**pair, terms=Terms(), starts_at=later, actor=SYSTEM, now=later)
    deliver_due(now=later)
    assert town.sold(at=later) == {town.leek.pk, town.kale.pk}


def test_a_withdrawal_leaves_closed_cycles_as_they_were(town):
    OrderCycle.objects.update(opens_at=NOW - timedelta(days=3), closes_at=NOW - timedelta(days=1))

    network.end_agreement(producer_id=town.farm.pk, hub_id=town.hub.pk, **BY)
    deliver_due(now=NOW)

    assert Exchange.objects.get(id=town.incoming.pk).withdrawn_at is None


def test_a_copy_keeps_rules_exceptions_and_lists(town):
    actions.choose(exchange_id=town.incoming.pk, leave=[town.kale.pk], **BY)
    actions.set_rule(exchange_id=town.out.pk, carries_all=False, **BY)

    new = actions.copy_cycle(cycle_id=town.cycle.pk, name="S42", opens_at=NOW, closes_at=NOW + timedelta(days=2), **BY)

    assert set(offers(cycle_id=new, hub_id=town.hub.pk, at=NOW).by_variant) == {town.leek.pk}
    kept = Exchange.objects.filter(cycle_id=new).order_by("direction").values_list("direction", "carries_all")
    assert list(kept) == [("incoming", True), ("outgoing", False)]
    assert ExchangeException.objects.filter(exchange__cycle_id=new).get().variant_id == town.kale.pk


def test_a_page_of_goods_says_how_many_there_are_and_finds_by_name(town, monkeypatch):
    monkeypatch.setattr("bocage.order_cycles.queries.goods.SHOWN", 1)

    first = queries.side_goods(exchange_id=town.incoming.pk, **BY)
    last = queries.side_goods(exchange_id=town.incoming.pk, start=1, **BY)
    found = queries.side_goods(exchange_id=town.incoming.pk, text="poir", **BY)

    assert [(p.rows[0].product, p.matching, p.next_start) for p in (first, last, found)] == [
        ("Chou", 2, 1),
        ("Poireaux", 2, None),
        ("Poireaux", 1, None),
    ]


class Agreement(TestCase):
    """Whatever was ticked under whichever rule, the shop, the page and its counts say the same."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.booleans(),
        st.booleans(),
        st.lists(st.tuples(st.sampled_from("io"), st.sampled_from("tl"), st.integers(0, 3)), max_size=8),
        st.sets(st.integers(0, 3), max_size=2),
    )
    def test_shop_page_and_counts_agree(self, all_in, all_out, ticks, ended):
        with transaction.atomic():
            hub, farm = make.hub(), make.farm()
            make.agreement(farm, hub)
            goods = [make.variant(make.product(farm)) for _ in range(4)]
            cycle = make.cycle(hub)
            sides = {
                "i": make.exchange(cycle, farm, "incoming", carries_all=all_in),
                "o": make.exchange(cycle, hub, "outgoing", carries_all=all_out),
            }
            for where, what, number in ticks:
                wish = {"take" if what == "t" else "leave": [goods[number].pk]}
                actions.choose(exchange_id=sides[where].pk, **wish, **BY)
            for number in ended:
                type(goods[number]).objects.filter(pk=goods[number].pk).update(ended_at=NOW)

            sold = set(offers(cycle_id=cycle.pk, hub_id=hub.pk, at=NOW).by_variant)
            sheet = queries.cycle_sheet(cycle_id=cycle.pk, **BY)
            page = queries.side_goods(exchange_id=sides["o"].pk, **BY)

            assert sold == {row.variant_id for row in page.rows if row.is_carried}
            assert (sheet.outgoing[0].carried, sheet.outgoing[0].offered) == (len(sold), page.matching)
            for side in (*sheet.incoming, *sheet.outgoing):
                count = queries.side_count(exchange_id=side.id, **BY)
                assert (count.carried, count.offered) == (side.carried, side.offered)
            listed = ExchangeVariant.objects.filter(exchange=sides["o"]).values_list("variant_id", flat=True)
            incoming = queries.side_goods(exchange_id=sides["i"].pk, **BY)
            coming = {row.variant_id for row in incoming.rows if row.is_carried}
            assert {pk for pk in listed if pk in {row.variant_id for row in incoming.rows}} <= coming
