"""A placed order handed over elsewhere, given to another customer, paid in another way, noted anew."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.ledger.queries import balance, due_by_reference
from bocage.messages.models import Message
from bocage.network.models import Customer, Instance, Role
from bocage.network.rules import GUEST, SYSTEM
from bocage.order_cycles.models import HandOver
from bocage.orders import rules
from bocage.orders.actions import (
    cancel_order,
    change_customer,
    change_hand_over,
    change_note,
    change_payment_way,
    record_payment,
)
from bocage.orders.foreseeing import ways_to_hand_over
from bocage.orders.forms import BuyerForm
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.rules import Buyer, Delivered, mark_of
from bocage.orders.tests import make
from bocage.payments.models import PaymentMethod
from bocage.pricing import actions as pricing
from bocage.shops.models import DeliveryMethod

pytestmark = pytest.mark.django_db
NOON = make.NOON
HOME = Delivered("3 rue Haute", "", "61000", "Malvran")


@pytest.fixture
def market():
    found = make.market()
    found.offer("Poireau", "10.00")
    return found


@pytest.fixture
def order(market):
    return Order.objects.get(id=market.place({market.variants["Poireau"]: 2}).order_id)


def due(order):
    about = f"order:{order.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def move(order, market, *, method=None, address=HOME, **given):
    given = {"actor": market.manager, "now": NOON} | given
    change_hand_over(order_id=order.pk, method_id=(method or market.delivery).pk, address=address, **given)
    order.refresh_from_db()


def told(order):
    return [one.payload["lines"] for one in Event.objects.filter(kind="orders.CustomerToTell").order_by("id")]


def test_brought_home_instead_of_fetched_it_costs_the_round_and_the_books_follow(market, order):
    move(order, market)

    assert (order.delivery_name, order.delivery_street, order.delivery_postcode) == ("Tournée", "3 rue Haute", "61000")
    assert (order.total_minor, due(order)) == (2500, 2500)
    change = OrderChange.objects.filter(order=order).latest("id")
    assert (change.what, change.by_name) == ("hand_over", market.manager.name)
    place = "Halle, Place, 61000 Malvran", "Tournée, 3 rue Haute, 61000 Malvran"
    assert change.details == {"lines": [{"what": "hand_over", "before": place[0], "after": place[1]}]}
    assert told(order) == [[{"what": "hand_over", "product": "", "before": place[0], "after": place[1]}]]


def test_fetched_after_all_the_round_is_no_longer_charged(market, order):
    move(order, market)

    move(order, market, method=market.pickup)

    assert (order.delivery_street, order.total_minor, due(order)) == ("Place", 2000, 2000)
    assert not Charge.objects.filter(order=order, kind="delivery", amount_minor__gt=0).exists()


def test_another_address_by_the_same_way_costs_what_was_agreed(market, order):
    move(order, market)
    DeliveryMethod.objects.filter(id=market.delivery.pk).update(amount_minor=900)

    move(order, market, address=Delivered("1 impasse", "", "50100", "Cherbourg"))

    assert (order.delivery_town, order.total_minor) == ("Cherbourg", 2500)


def test_in_a_zone_of_vat_goods_and_round_are_taxed_as_there(market, order):
    """20.00 with 5.5 % in it is 18.96 without; 8 % is contained there instead, so the price stays and the VAT is 1.48."""
    beyond(market, 80_000)

    move(order, market, address=Delivered("1 impasse", "", "50100", "Cherbourg"))

    line = OrderLine.objects.get(order=order)
    assert (line.tax_millionths, line.goods_minor, line.goods_tax_minor) == (80_000, 2000, 148)
    assert balance(book_id=market.hub.pk, kind="vat", subject="vat:55000").minor == 0
    assert balance(book_id=market.hub.pk, kind="vat", subject="vat:80000").minor == -148
    move(order, market, method=market.pickup)
    assert OrderLine.objects.get(order=order).goods_tax_minor == 104


def test_where_no_vat_is_owed_it_leaves_the_price_and_comes_back_with_the_goods(market, order):
    beyond(market, None)

    move(order, market, address=Delivered("1 impasse", "", "50100", "Cherbourg"))

    line = OrderLine.objects.get(order=order)
    assert (line.goods_minor, line.goods_tax_minor, order.total_minor, due(order)) == (1896, 0, 2396, 2396)
    move(order, market, method=market.pickup)
    assert (order.total_minor, OrderLine.objects.get(order=order).goods_tax_minor) == (2000, 104)


def beyond(market, millionths):
    """Let postcodes that begin with 50 be a zone with its own rate, or with none."""
    by = {"actor": SYSTEM, "now": NOON}
    zone = pricing.save_zone(country="FR", name="Manche", places="FR 50", **by)
    if millionths is not None:
        pricing.begin_rate(
            category_id=market.reduced.pk, zone_id=zone, starts_on=NOON.date(), rate_millionths=millionths,
            is_included=True, **by,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        (Delivered("3 rue Haute", "", "75001", "Paris"), rules.NotDeliveredThere),
        (Delivered("3 rue Haute", "", "61000", ""), rules.AddressMissing),
    ],
)
def test_where_the_round_does_not_go_is_refused_and_nothing_changes(market, order, address, refusal):
    with pytest.raises(refusal):
        move(order, market, address=address)

    order.refresh_from_db()
    assert (order.delivery_name, order.total_minor) == ("Halle", 2000)


def test_a_way_that_the_sale_does_not_have_is_refused(market, order):
    other = DeliveryMethod.objects.create(hub=market.hub, kind="delivery", name="Vélo")

    with pytest.raises(rules.WayNotOffered):
        move(order, market, method=other)


def test_terms_are_for_who_manages_an_order_that_stands(market, order):
    for actor in (GUEST, make.actor("volunteer", on=market.hub), make.actor("manager", on=market.farm)):
        with pytest.raises(Forbidden):
            change_note(order_id=order.pk, note="x", actor=actor, now=NOON)
    cancel_order(order_id=order.pk, actor=market.manager, now=NOON)
    with pytest.raises(rules.AlreadyCancelled):
        move(order, market)


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(market, order):
    seen = mark_of("note", order)
    change_note(order_id=order.pk, note="Sonner deux fois", actor=market.manager, now=NOON, seen=seen)

    with pytest.raises(rules.ChangedMeanwhile) as refused:
        change_note(order_id=order.pk, note="Laisser en bas", actor=market.manager, now=NOON, seen=seen)

    assert refused.value.values == {"lines": "Sonner deux fois"}
    assert Order.objects.get().note == "Sonner deux fois"


def test_given_to_another_customer_what_is_still_due_goes_with_it(market, order):
    record_payment(
        order_id=order.pk, amount=Money(500), means="cash", key="k", actor=market.manager, now=NOON
    )  # 15.00 are left
    first = order.customer_id
    other = Customer.objects.create(hub=market.hub, email="b@exemple.bocage.example", name="Basile", created_at=NOON)

    change_customer(
        order_id=order.pk, customer_id=other.pk, buyer=Buyer("Basile", "B@exemple.bocage.example", "", "en"),
        sends_confirmation=True, actor=market.manager, now=NOON,
    )  # fmt: skip

    order.refresh_from_db()
    assert (order.customer_id, order.name, order.email, order.language) == (
        other.pk, "Basile", "b@exemple.bocage.example", "en",
    )  # fmt: skip
    dues = [balance(book_id=market.hub.pk, kind="customer", subject=f"customer:{pk}").minor for pk in (first, other.pk)]
    assert (dues, due(order)) == ([0, 1500], 1500)
    assert Event.objects.filter(kind="orders.ConfirmationWanted").count() == 1
    cancel_order(order_id=order.pk, actor=market.manager, now=NOON)
    assert balance(book_id=market.hub.pk, kind="customer", subject=f"customer:{other.pk}").minor == -500


def test_another_hubs_customer_cannot_be_given_an_order(market, order):
    stranger = Customer.objects.create(hub=market.farm, email="c@c.example", name="Cléo", created_at=NOON)

    with pytest.raises(NotFound):
        change_customer(
            order_id=order.pk,
            customer_id=stranger.pk,
            buyer=Buyer("Cléo", "c@c.example"),
            actor=market.manager,
            now=NOON,
        )


def test_it_is_paid_in_another_way_of_the_sale(market, order):
    cheque = PaymentMethod.objects.create(hub=market.hub, kind="on_site", name="Chèque")

    change_payment_way(order_id=order.pk, method_id=cheque.pk, actor=market.manager, now=NOON)

    assert Order.objects.get().payment_method_id == cheque.pk
    assert OrderChange.objects.latest("id").details["lines"] == [
        {"what": "payment_way", "before": "Sur place", "after": "Chèque"}
    ]
    cheque.ended_at = NOON
    cheque.save()
    with pytest.raises(rules.WayNotOffered):
        change_payment_way(order_id=order.pk, method_id=0, actor=market.manager, now=NOON)


def test_what_a_way_to_pay_charges_comes_and_goes_with_it(market, order):
    card = PaymentMethod.objects.create(hub=market.hub, kind="on_site", name="Ticket", charge_minor=50)

    change_payment_way(order_id=order.pk, method_id=card.pk, actor=market.manager, now=NOON)
    order.refresh_from_db()
    assert (order.total_minor, due(order)) == (2050, 2050)

    change_payment_way(order_id=order.pk, method_id=market.cash.pk, actor=market.manager, now=NOON)
    order.refresh_from_db()
    assert (order.total_minor, due(order), Charge.objects.filter(kind="payment").exists()) == (2000, 2000, False)


def test_each_way_says_what_it_would_come_to_in_as_many_queries_for_two_as_for_three(market, order):
    with CaptureQueriesContext(
        connection,
    ) as two:
        ways = ways_to_hand_over(order_id=order.pk, address=HOME, actor=market.manager, now=NOON)
    assert [(way.name, way.total.minor, way.is_own) for way in ways] == [
        ("Halle", 2000, True),
        ("Tournée", 2500, False),
    ]
    bike = DeliveryMethod.objects.create(hub=market.hub, kind="delivery", name="Vélo", position=2)
    HandOver.objects.create(exchange=market.outgoing, method=bike, starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    with CaptureQueriesContext(connection) as three:
        ways_to_hand_over(order_id=order.pk, address=HOME, actor=market.manager, now=NOON)
    assert len(two) == len(three)


@pytest.fixture
def desk(client, market):
    Instance.objects.update(host=None)
    person = make.person()
    Role.objects.create(person=person, enterprise=market.hub, name="manager")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def at(order, name, *more):
    return reverse(f"orders:{name}", args=[order.hub.slug, order.ref, *more])


def test_the_page_of_the_hand_over_keeps_what_was_typed_when_it_is_refused(desk, market, order):
    typed = {"delivery": market.delivery.pk, "street": "3 rue Haute", "postcode": "75001", "town": "Paris"}

    refused = desk.post(at(order, "hand_over"), typed)
    saved = desk.post(at(order, "hand_over"), typed | {"postcode": "61000", "seen": mark_of("hand_over", order)})

    said = refused.content.decode()
    assert (refused.status_code, "does not deliver to 75001" in said, 'value="3 rue Haute"' in said) == (
        422,
        True,
        True,
    )
    assert saved.headers["Location"] == at(order, "show")
    page = desk.get(at(order, "show")).content.decode()
    assert "Hand-over saved: Tournée, €25.00 in all." in page
    assert "Halle, Place, 61000 Malvran, now: Tournée, 3 rue Haute, 61000 Paris" in page


def test_the_page_of_the_customer_finds_another_and_saves(desk, market, order):
    other = Customer.objects.create(hub=market.hub, email="b@exemple.bocage.example", name="Basile", created_at=NOON)

    found = desk.get(at(order, "customer"), {"q": "basi"}).content.decode()
    chosen = desk.get(at(order, "customer"), {"customer": other.pk}).content.decode()
    saved = desk.post(
        at(order, "customer"), {"customer": other.pk, "name": "Basile", "email": other.email, "phone": ""}
    )

    assert f"?customer={other.pk}" in found
    assert ('value="Basile"' in chosen, "leaves the account of Armelle" in chosen) == (True, True)
    assert (saved.status_code, Order.objects.get().customer_id) == (303, other.pk)


def test_note_and_way_to_pay_are_saved_from_the_orders_page(desk, market, order):
    desk.post(at(order, "note"), {"note-note": "Sonner deux fois", "note-seen": mark_of("note", order)})
    clash = desk.post(at(order, "note"), {"note-note": "Non", "note-seen": mark_of("note", order)})
    desk.post(at(order, "payment_way"), {"way-method": market.cash.pk})

    assert Order.objects.get().note == "Sonner deux fois"
    assert (clash.status_code, "Somebody else changed this meanwhile" in clash.content.decode()) == (422, True)
    assert not Message.objects.exists()


def test_a_phone_number_is_a_number_and_nothing_more():
    typed = {"name": "Ana", "email": "ana@exemple.bocage.example"}

    assert BuyerForm({**typed, "phone": "+33 (0)6 12-34.56/78"}).is_valid()
    assert list(BuyerForm({**typed, "phone": "06 12 34 56 78, le soir"}).errors) == ["phone"]
