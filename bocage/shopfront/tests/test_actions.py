"""Filling a basket, bringing it along at log-in, ordering what is in it."""

from datetime import timedelta

import pytest

from bocage.network.models import Address, Consent, LegalText
from bocage.network.rules import GUEST
from bocage.orders import rules as orders
from bocage.orders.models import Order
from bocage.orders.queries.quoting import quote
from bocage.shopfront import actions, rules
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import baskets, snapshots
from bocage.shopfront.rules import Change, Owner
from bocage.shopfront.tests import make
from bocage.shops.models import DeliveryMethod, Shop
from bocage.stock.models import StockItem

pytestmark = pytest.mark.django_db
PHONE = make.device()


# ── Filling ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_line_is_set_added_to_and_taken_out():
    market = make.market()
    leek, bread = market.offer("Poireaux", "2.40"), market.offer("Pain", "5.00")

    make.put(market, PHONE, {leek: 2, bread: 1})
    make.put(market, PHONE, {leek: 0}, more=1)
    assert make.held(market, PHONE) == {leek.pk: 3, bread.pk: 1}

    make.put(market, PHONE, {leek: 0, bread: 0}, more=-1)
    make.put(market, PHONE, {bread: 0})
    assert make.held(market, PHONE) == {leek.pk: 2}


def test_more_than_there_is_becomes_what_there_is_and_the_answer_says_so():
    market = make.market()
    honey = market.offer("Miel", "7.80", stock=4)

    done = make.put(market, PHONE, {honey: 9})

    assert done == [actions.Put(honey.pk, "Miel", asked=9, quantity=4, left=4)]
    assert make.held(market, PHONE) == {honey.pk: 4}


def test_what_is_on_demand_has_no_end():
    market = make.market()
    bread = market.offer("Pain", "5.00", stock=None)

    make.put(market, PHONE, {bread: 40})

    assert make.held(market, PHONE) == {bread.pk: 40}


def test_one_bad_wish_changes_nothing():
    market = make.market()
    leek, gone = market.offer("Poireaux", "2.40"), market.offer("Tomates", "4.40", stock=0)

    with pytest.raises(rules.SoldOut):
        make.put(market, PHONE, {leek: 2, gone: 1})
    with pytest.raises(orders.AbsurdQuantity):
        make.put(market, PHONE, {leek: -3})
    with pytest.raises(orders.AbsurdQuantity):
        make.put(market, PHONE, {leek: 1000})

    assert make.held(market, PHONE) == {}
    assert not Basket.objects.exists()


def test_another_hubs_product_is_not_put_into_this_basket():
    market, other = make.market(), make.market()
    theirs = other.offer("Miel", "7.80")

    with pytest.raises(rules.NotOnSale):
        make.put(market, PHONE, {theirs: 1})


def test_a_closed_sale_and_a_sale_of_another_hub_take_nothing():
    market, other = make.market(), make.market()
    leek = market.offer("Poireaux", "2.40")
    wish = {"owner": PHONE, "slug": market.hub.slug, "quantities": {leek.pk: 1}, "actor": make.actor()}

    with pytest.raises(orders.OrderCycleClosed):
        actions.put(**wish, cycle_id=other.cycle.pk, now=make.NOON)
    with pytest.raises(orders.OrderCycleClosed):
        actions.put(**wish, cycle_id=market.cycle.pk, now=make.NOON + timedelta(days=2))


def test_only_members_fill_a_basket_of_a_members_only_shop():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    Shop.objects.filter(hub=market.hub).update(is_members_only=True)

    with pytest.raises(orders.MembersOnly):
        make.put(market, PHONE, {leek: 1})


def test_each_device_and_each_person_has_a_basket_of_its_own():
    market, armelle = make.market(), make.actor()
    leek = market.offer("Poireaux", "2.40")

    make.put(market, PHONE, {leek: 1})
    make.put(market, make.device("barn"), {leek: 2})
    make.put(market, Owner(person_id=armelle.person_id), {leek: 3}, who=armelle)

    found = [
        make.held(market, one) for one in (PHONE, make.device("barn"), Owner(person_id=armelle.person_id), Owner())
    ]
    assert found == [{leek.pk: 1}, {leek.pk: 2}, {leek.pk: 3}, {}]


# ── What changed since ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_basket_says_what_changed_and_accepting_it_settles_it():
    market = make.market()
    leek, honey, gone = (
        market.offer(name, "2.40", stock=n) for name, n in (("Poireaux", 9), ("Miel", 2), ("Radis", 0))
    )
    make.basket(market, PHONE, {leek: 1}, shown=240)
    make.put(market, PHONE, {honey: 2})
    StockItem.objects.filter(variant=honey).update(on_hand=1)
    basket = Basket.objects.get()
    basket_line = {"basket": basket, "quantity": 3, "shown_minor": 240}
    BasketLine.objects.create(variant=gone, **basket_line)

    before = make.view(market, PHONE)
    assert [(line.name, line.quantity, line.changes) for line in before.lines] == [
        ("Poireaux", 1, ()),
        ("Miel", 1, (Change.CAPPED,)),
        ("Radis", 0, (Change.GONE,)),
    ]
    assert before.total == make.euros("4.80")

    actions.accept_changes(
        owner=PHONE, slug=market.hub.slug, cycle_id=market.cycle.pk, actor=make.actor(), now=make.NOON
    )
    assert make.held(market, PHONE) == {leek.pk: 1, honey.pk: 1}
    assert make.view(market, PHONE).changed == ()


# ── Log-in ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_devices_basket_is_added_to_the_persons_up_to_what_is_left():
    market, armelle = make.market(), make.actor()
    leek, honey = market.offer("Poireaux", "2.40"), market.offer("Miel", "7.80", stock=4)
    own = Owner(person_id=armelle.person_id)
    make.put(market, own, {leek: 1, honey: 3}, who=armelle)
    make.put(market, PHONE, {leek: 2, honey: 3})

    count = actions.merge(device=PHONE.device, person_id=armelle.person_id, now=make.NOON)

    assert (count, make.held(market, own), make.held(market, PHONE)) == (2, {leek.pk: 3, honey.pk: 4}, {})


def test_a_device_without_a_basket_brings_nothing():
    assert actions.merge(device="", person_id=make.person().pk, now=make.NOON) == 0


def test_baskets_that_nobody_touched_for_months_are_forgotten():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    make.basket(market, PHONE, {leek: 1})

    counts = [actions.forget_old(now=make.NOON + timedelta(days=days)) for days in (119, 121, 121)]

    assert (counts, Basket.objects.count()) == ([0, 1, 0], 0)


# ── Ordering ───────────────────────────────────────────────────────────────────────────────────────────────────────
def filled(market, quantities, owner=PHONE, **details):
    make.put(market, owner, quantities)
    basket = Basket.objects.get(device=owner.device, person_id=owner.person_id)
    kept = {
        "name": "Armelle",
        "email": "armelle@exemple.bocage.example",
        "phone": "0655012790",
        "delivery_method_id": market.pickup.pk,
        "payment_method_id": market.cash.pk,
    }
    actions.keep_details(owner=owner, hub_id=market.hub.pk, cycle_id=market.cycle.pk, details=kept | details)
    return basket


def check_out(market, basket, total, *, owner=PHONE, who=None, **more):
    snapshots.forget()
    values = {"accepted": True, "language": "fr", "now": make.NOON, "key": basket.key}
    return actions.check_out(
        owner=owner, slug=market.hub.slug, cycle_id=market.cycle.pk, shown_total=make.euros(total),
        actor=who or GUEST, **(values | more),
    )  # fmt: skip


def test_a_basket_becomes_an_order_at_the_total_that_was_shown_and_is_gone():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    text = LegalText.objects.create(
        instance=market.instance, enterprise=market.hub, version=1, title="CGV", body="…", published_at=make.NOON
    )
    basket = filled(market, {leek: 2})

    placed = check_out(market, basket, "4.80")

    order = Order.objects.get(ref=placed.ref)
    assert (order.total_minor, order.key, order.email) == (480, basket.key, "armelle@exemple.bocage.example")
    assert not Basket.objects.exists()
    assert Consent.objects.filter(text=text, email="armelle@exemple.bocage.example").exists()


def test_confirming_twice_is_one_order():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    basket = filled(market, {leek: 2})

    first, second = check_out(market, basket, "4.80"), check_out(market, basket, "4.80")

    assert first == second
    assert Order.objects.count() == 1


@pytest.mark.parametrize("shown", ["4.79", "0.01", "4.81"])
def test_another_total_than_todays_orders_nothing_and_keeps_the_basket(shown):
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    basket = filled(market, {leek: 2})

    with pytest.raises(orders.TotalChanged):
        check_out(market, basket, shown)

    assert (Order.objects.count(), make.held(market, PHONE)) == (0, {leek.pk: 2})


def test_a_step_that_was_skipped_terms_not_accepted_and_a_missing_phone_are_refused():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    basket = filled(market, {leek: 1}, payment_method_id=0)

    with pytest.raises(rules.StepMissing):
        check_out(market, basket, "2.40")
    actions.keep_details(
        owner=PHONE,
        hub_id=market.hub.pk,
        cycle_id=market.cycle.pk,
        details={"payment_method_id": market.cash.pk, "phone": ""},
    )
    with pytest.raises(rules.PhoneMissing):
        check_out(market, basket, "2.40")
    actions.keep_details(owner=PHONE, hub_id=market.hub.pk, cycle_id=market.cycle.pk, details={"phone": "0655012790"})
    with pytest.raises(rules.TermsNotAccepted):
        check_out(market, basket, "2.40", accepted=False)
    assert Order.objects.count() == 0


def test_a_withdrawn_method_and_a_closed_sale_keep_the_basket():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    basket = filled(market, {leek: 1})

    with pytest.raises(orders.OrderCycleClosed):
        check_out(market, basket, "2.40", now=make.NOON + timedelta(days=2))
    DeliveryMethod.objects.filter(pk=market.pickup.pk).update(ended_at=make.NOON)
    with pytest.raises(orders.MethodWithdrawn):
        check_out(market, basket, "2.40")

    assert make.held(market, PHONE) == {leek.pk: 1}


def test_nobody_orders_from_somebody_elses_basket():
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    basket = filled(market, {leek: 1})

    with pytest.raises(rules.BasketIsEmpty):
        check_out(market, basket, "2.40", owner=make.device("barn"))
    where = {"hub_id": market.hub.pk, "cycle_id": market.cycle.pk}
    assert not actions.keep_details(owner=make.device("barn"), details={"name": "X"}, **where)
    basket.refresh_from_db()
    assert basket.details["name"] == "Armelle"


def test_an_address_is_kept_once_for_next_time():
    market, armelle = make.market(), make.actor()
    own = Owner(person_id=armelle.person_id)
    leek = market.offer("Poireaux", "2.40")
    where = {"street": "1, rue du Four", "postcode": "61000", "town": "Alençon", "save_address": True}
    for _ in range(2):
        basket = filled(market, {leek: 1}, own, delivery_method_id=market.delivery.pk, **where)
        check_out(market, basket, "7.40", owner=own, who=armelle)

    assert list(Address.objects.values_list("street", "town")) == [("1, rue du Four", "Alençon")]


@pytest.mark.parametrize("method", ["pickup", "delivery"])
def test_the_checkout_shows_what_the_order_costs_with_every_kind_of_fee(method):
    market = make.market()
    leek, mill = market.offer("Poireaux", "2.35", size=730), market.offer("Farine", "3.15", farm=market.other_farm)
    market.charge("percent", percent_millionths=93_333, name="Coordination")
    market.charge("flat", amount_minor=30, name="Local")
    market.charge("percent", percent_millionths=12_345, exchange=market.incoming, name="Tournée")
    make.basket(market, PHONE, {leek: 3, mill: 2})
    chosen, snapshot = getattr(market, method).pk, make.snapshot(market)
    [choice] = [one for one in snapshot.deliveries if one.id == chosen]

    shown = baskets.quoted(make.view(market, PHONE), choice.fee)

    truth = quote(
        cycle_id=market.cycle.pk, hub_id=market.hub.pk, quantities={leek.pk: 3, mill.pk: 2},
        delivery_method_id=chosen, at=make.NOON,
    )  # fmt: skip
    assert (shown.total, shown.taxes(), len(shown.charges)) == (truth.total, truth.taxes(), len(truth.charges))
