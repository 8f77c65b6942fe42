"""Placing an order: everything or nothing, at the price that was shown."""

from datetime import timedelta

import pytest

from bocage.catalogue.models import Variant
from bocage.commons.money import Money
from bocage.infra.models import Event
from bocage.ledger.models import Posting
from bocage.ledger.queries import balance, entries_about
from bocage.network.models import Customer
from bocage.orders import rules
from bocage.orders.actions import place_order
from bocage.orders.models import Charge, Order, OrderLine
from bocage.orders.queries.lists import my_orders
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.stock.models import Movement
from bocage.stock.rules import NotEnoughStock

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return make.market()


def test_a_fee_per_order_on_what_one_farm_brings_is_paid_once_by_those_who_have_its_goods():
    """Worked example 9 of domain 03: a flat fee on a farm's incoming exchange."""
    market = make.market()
    leek, flour = market.offer("Poireaux", "2.00"), market.offer("Farine", "3.00", farm=market.other_farm)
    market.charge("flat", exchange=market.incoming, amount_minor=200)

    with_leeks, without = market.place({leek: 4, flour: 1}), market.place({flour: 1})

    totals = Order.objects.in_bulk([with_leeks.order_id, without.order_id])
    assert totals[with_leeks.order_id].total_minor == 8_00 + 3_00 + 2_00
    assert totals[without.order_id].total_minor == 3_00


def test_an_order_freezes_lines_fees_and_charges_and_adds_up(market):
    leek, flour = market.offer("Poireaux", "3.00"), market.offer("Farine", "5.00", farm=market.other_farm)
    market.charge("per_item", amount_minor=15, kind="transport")
    market.charge("percent", percent_millionths=100_000, exchange=market.incoming, kind="sales")
    market.charge("per_item", amount_minor=20, exchange=market.outgoing, kind="packing")
    market.charge("flat", amount_minor=150)

    placed = market.place({leek: 4, flour: 2})

    order = Order.objects.get(ref=placed.ref)
    lines = list(
        OrderLine.objects.filter(order=order).order_by("id").values_list("product_name", "fees_minor", "total_minor")
    )
    assert lines == [("Poireaux", 260, 1460), ("Farine", 70, 1070)]
    assert order.total_minor == euros("26.80").minor  # domain 03 §7 example 8
    assert Charge.objects.filter(order=order, line__isnull=True, amount_minor=150).count() == 1


def test_an_order_takes_stock_posts_a_balanced_entry_and_tells_the_outbox(market):
    leek = market.offer("Poireaux", "2.11", stock=10)

    placed = market.place({leek: 3})

    [entry] = entries_about(f"order:{placed.ref}")
    customer = Customer.objects.get(hub=market.hub)
    assert [(row.kind, row.subject, row.amount.minor) for row in entry.postings] == [
        ("customer", f"customer:{customer.pk}", 633),
        ("producer", f"producer:{market.farm.pk}", -600),
        ("vat", "vat:55000", -33),
    ]
    assert market.on_hand(leek) == 7
    assert list(Movement.objects.values_list("change", "reason", "about")) == [(-3, "order", f"order:{placed.ref}")]
    assert Event.objects.get().kind == "orders.OrderPlaced"


def test_the_same_confirmation_twice_is_one_order(market):
    leek = market.offer("Poireaux", "2.00", stock=10)

    first = market.place({leek: 2}, key="once")
    second = market.place({leek: 2}, key="once")

    assert first == second
    assert (Order.objects.count(), market.on_hand(leek)) == (1, 8)


def test_another_total_than_the_one_shown_is_refused_and_nothing_is_written(market):
    leek = market.offer("Poireaux", "2.00", stock=10)

    with pytest.raises(rules.TotalChanged) as refused:
        place_order(wanted=market.wanted({leek: 1}), shown_total=euros("1.00"), actor=make.GUEST, now=NOON)

    assert refused.value.values == {"shown": euros("1.00"), "actual": euros("2.00")}
    assert (Order.objects.count(), Posting.objects.count(), market.on_hand(leek)) == (0, 0, 10)


def test_a_price_that_changed_after_showing_is_refused(market):
    leek = market.offer("Poireaux", "2.00")
    wanted = market.wanted({leek: 1})
    Variant.objects.filter(pk=leek.pk).update(price_minor=220)

    with pytest.raises(rules.TotalChanged):
        place_order(wanted=wanted, shown_total=euros("2.00"), actor=make.GUEST, now=NOON)


def test_what_ran_out_is_named_with_what_is_left_and_the_rest_is_untouched(market):
    leek, honey = market.offer("Poireaux", "2.00", stock=9), market.offer("Miel", "7.00", stock=1)

    with pytest.raises(NotEnoughStock) as refused:
        market.place({leek: 2, honey: 3})

    assert refused.value.shortages == {honey.pk: 1}
    assert refused.value.values == {"products": "Miel (1)"}
    assert (market.on_hand(leek), market.on_hand(honey), Order.objects.count()) == (9, 1, 0)


def test_goods_made_on_demand_never_run_out(market):
    bread = market.offer("Pain", "3.00", stock=None)

    market.place({bread: 400})

    assert market.on_hand(bread) == 0


@pytest.mark.parametrize(
    ("now", "refusal"),
    [(NOON - timedelta(days=3), rules.OrderCycleNotOpen), (NOON + timedelta(days=2), rules.OrderCycleClosed)],
)
def test_outside_its_hours_a_cycle_takes_no_orders(market, now, refusal):
    leek = market.offer("Poireaux", "2.00")

    with pytest.raises(refusal):
        market.place({leek: 1}, now=now)


@pytest.mark.parametrize("quantity", [0, -1, 1000, 2**40])
def test_absurd_quantities_are_refused(market, quantity):
    leek = market.offer("Poireaux", "2.00", stock=None)

    with pytest.raises(rules.AbsurdQuantity):
        place_order(wanted=market.wanted({leek: quantity}), shown_total=euros("2.00"), actor=make.GUEST, now=NOON)


def test_what_is_not_offered_at_this_hub_is_refused_by_name(market):
    elsewhere = make.market().offer("Miel d’ailleurs", "7.00")

    with pytest.raises(rules.NotOffered) as refused:
        market.place({elsewhere: 1})

    assert refused.value.values == {"products": "Miel d’ailleurs"}


def test_a_withdrawn_or_foreign_method_is_refused(market):
    leek, other = market.offer("Poireaux", "2.00"), make.market()

    with pytest.raises(rules.MethodWithdrawn):
        market.place({leek: 1}, delivery_method_id=other.pickup.pk)
    with pytest.raises(rules.MethodWithdrawn):
        market.place({leek: 1}, payment_method_id=other.cash.pk)


def test_delivery_needs_an_address_inside_the_round_and_costs_its_charge(market):
    leek = market.offer("Poireaux", "2.00")
    by_round = {"delivery_method_id": market.delivery.pk}

    with pytest.raises(rules.AddressMissing):
        market.place({leek: 1}, **by_round)
    with pytest.raises(rules.NotDeliveredThere):
        market.place({leek: 1}, address=rules.Delivered("1 rue", "", "75011", "Paris"), **by_round)
    placed = market.place({leek: 1}, address=rules.Delivered("1 rue", "", "61100", "Flers"), **by_round)

    assert Order.objects.get(ref=placed.ref).total_minor == 700


def test_a_hub_without_guests_or_for_members_refuses_strangers(market):
    leek = market.offer("Poireaux", "2.00")
    market.shop.allows_guests = False
    market.shop.save()
    with pytest.raises(rules.GuestsNotAllowed):
        market.place({leek: 1})

    market.shop.is_members_only = True
    market.shop.save()
    with pytest.raises(rules.MembersOnly):
        market.place({leek: 1}, actor=make.actor())


def test_a_manager_may_order_for_somebody_after_closing(market):
    leek = market.offer("Poireaux", "2.00")

    placed = market.place({leek: 1}, actor=market.manager, now=NOON + timedelta(days=2))

    assert Customer.objects.get(pk=Order.objects.get(ref=placed.ref).customer_id).person_id is None


def test_what_the_customer_owes_is_the_sum_of_the_ledger(market):
    leek = market.offer("Poireaux", "2.00")

    market.place({leek: 1})
    market.place({leek: 2})

    customer = Customer.objects.get(hub=market.hub)
    assert balance(book_id=market.hub.pk, kind="customer", subject=f"customer:{customer.pk}") == Money(600, "EUR")


def test_placing_costs_the_same_queries_for_one_line_and_for_five(
    market, django_assert_num_queries, django_assert_max_num_queries
):
    variants = [market.offer(f"Produit {n}", "2.00") for n in range(5)]
    market.place({variants[0]: 1})

    with django_assert_max_num_queries(30) as one:
        place_order(wanted=market.wanted({variants[0]: 1}), shown_total=euros("2.00"), actor=make.GUEST, now=NOON)
    with django_assert_num_queries(len(one)):
        place_order(
            wanted=market.wanted(dict.fromkeys(variants, 1)), shown_total=euros("10.00"), actor=make.GUEST, now=NOON
        )


def test_a_reference_that_is_taken_gives_way_to_another(market):
    leek = market.offer("Poireaux", "2.00")
    first = market.place({leek: 1}, key="first")
    Order.objects.filter(ref=first.ref).update(key="elsewhere")

    again = market.place({leek: 1}, key="first")

    assert again.ref != first.ref
    assert Order.objects.count() == 2


def test_a_manager_who_shops_at_their_own_hub_finds_the_order_in_their_account(market):
    leek = market.offer("Poireaux", "2.00")
    own = rules.Buyer("Nolwenn", market.manager.email.upper())

    placed = market.place({leek: 1}, actor=market.manager, buyer=own)
    market.place({leek: 1}, actor=market.manager)

    assert [row.ref for row in my_orders(actor=market.manager, now=NOON)] == [placed.ref]
