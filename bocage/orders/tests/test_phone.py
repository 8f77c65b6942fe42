"""An order taken by phone: who calls, what they want in quick words, the same price and books as in the shop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra import outbox
from bocage.messages.models import Message
from bocage.network.models import Customer, Instance
from bocage.network.rules import SYSTEM
from bocage.orders.models import Order, OrderLine
from bocage.orders.queries.pages import order_page, order_summary
from bocage.orders.queries.phone import caller, find_callers, sales_to_order_in
from bocage.orders.rules import Buyer, quick_entry
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.tests.test_hub_views import signed_in
from bocage.pricing import actions as pricing
from bocage.shops.actions.vouchers import make_voucher
from bocage.shops.rules.vouchers import VoucherTerms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: NOON)


@pytest.fixture
def town():
    town = make.market()
    Instance.objects.update(host=None)
    town.offer("Poireaux", "2.80", stock=5)
    town.offer("Tomme", "10.00", farm=town.other_farm)
    return town


def at(town):
    return reverse("orders:new", args=[town.hub.slug])


def said(market, do="place", **changed):
    """What the form sends for two bunches of leeks."""
    values = {
        "do": do, "key": "k1", "shown": 560, "customer": "", "cycle": market.cycle.pk, "name": "Yvette Le Bihan",
        "email": "yvette@exemple.bocage.example", "phone": "06 11 22 33 44", "delivery": market.pickup.pk,
        "payment": market.cash.pk, "note": "Sans sac", f"line-{market.variants['Poireaux'].pk}": 2,
    }  # fmt: skip
    return values | changed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3 poireaux", (3, "poireaux")),
        ("3x poireaux", (3, "poireaux")),
        ("12 × miel de tilleul", (12, "miel de tilleul")),
        ("2xmiel", (2, "miel")),
        ("poireaux", (1, "poireaux")),
        ("0 poireaux", (1, "poireaux")),
        ("1234 poireaux", (1, "1234 poireaux")),
        ("3", (1, "3")),
        ("  ", (1, "")),
    ],
)
def test_a_quick_entry_says_how_many_of_what(typed, read):
    assert quick_entry(typed) == read


def test_a_manager_notes_an_order_and_the_customer_sees_who_did(client, town):
    response = signed_in(client, "manager", town.hub).post(at(town), said(town))

    order = Order.objects.get()
    assert (response.status_code, response["Location"]) == (
        303,
        reverse("orders:show", args=[town.hub.slug, order.ref]),
    )
    assert (order.name, order.phone, order.note, order.total_minor) == (
        "Yvette Le Bihan", "06 11 22 33 44", "Sans sac", 560,
    )  # fmt: skip
    assert town.on_hand(town.variants["Poireaux"]) == 3
    assert order_summary(order.pk).taken_by == "Nolwenn"
    token = order_summary(order.pk).token
    assert "Noted for you by Nolwenn" in client.get(reverse("orders:page", args=[order.ref, token])).content.decode()


def test_the_confirmation_mail_says_who_noted_it(client, town):
    signed_in(client, "manager", town.hub).post(at(town), said(town))

    outbox.deliver_due(now=NOON)

    mail = Message.objects.get(to_email="yvette@exemple.bocage.example")
    assert "Noted for you by Nolwenn, Panier." in mail.text
    assert mail.language == "en"


def test_a_shoppers_own_order_names_nobody_else(town):
    placed = town.place({town.variants["Tomme"]: 1})

    assert order_page(ref=placed.ref, token=placed.token, actor=make.actor(), now=NOON).taken_by == ""
    assert Order.objects.get().channel == "storefront"


def test_sent_twice_it_is_one_order(client, town):
    signed_in(client, "manager", town.hub)

    first, second = (client.post(at(town), said(town))["Location"] for _ in range(2))

    assert first == second == reverse("orders:show", args=[town.hub.slug, Order.objects.get().ref])


def test_a_chosen_customers_order_stands_in_their_account(client, town):
    person = make.person("Yvette")
    theirs = Customer.objects.create(hub=town.hub, person=person, email=person.email, name="Yvette", created_at=NOON)

    signed_in(client, "manager", town.hub).post(at(town), said(town, customer=theirs.pk))

    assert (Order.objects.get().customer_id, Order.objects.get().channel) == (theirs.pk, "backoffice")


def test_a_known_address_is_the_known_customer_even_when_nobody_chose_it(client, town):
    person = make.person("Yvette")
    theirs = Customer.objects.create(
        hub=town.hub, person=person, email="yvette@exemple.bocage.example", name="Yvette", created_at=NOON
    )

    signed_in(client, "manager", town.hub).post(at(town), said(town, email="Yvette@exemple.bocage.example"))

    assert Order.objects.get().customer_id == theirs.pk


def test_another_hubs_customer_is_not_taken(town):
    elsewhere = make.market()
    elsewhere.offer("Miel", "7.00")
    elsewhere.place({elsewhere.variants["Miel"]: 1})
    stranger = Customer.objects.get(hub=elsewhere.hub)
    buyer = Buyer("X", "x@exemple.bocage.example")

    with pytest.raises(NotFound):
        town.place({town.variants["Tomme"]: 1}, actor=town.manager, customer_id=stranger.pk, buyer=buyer)
    with pytest.raises(Forbidden):
        town.place({town.variants["Tomme"]: 1}, customer_id=stranger.pk, buyer=buyer)
    assert caller(hub_id=town.hub.pk, actor=town.manager, customer_id=stranger.pk) is None


def test_enter_adds_the_first_product_found_as_often_as_was_said(client, town):
    signed_in(client, "manager", town.hub)

    found = client.post(at(town), said(town, do="find", q="3 tom"))
    assert [row.product_name for row in found.context["call"].found.rows] == ["Tomme"]
    again = client.post(at(town), said(town, do="go", q="3 tom", top=town.variants["Tomme"].pk, top_for="3 tom"))

    assert [(row.product_name, n, str(cost)) for row, n, cost in again.context["lines"]] == [
        ("Poireaux", 2, str(make.euros("5.60"))), ("Tomme", 3, str(make.euros("30.00"))),
    ]  # fmt: skip
    assert (again.context["total"], again.context["text"], Order.objects.count()) == (make.euros("35.60"), "", 0)


def test_enter_before_the_results_came_only_searches(client, town):
    data = said(town, do="go", q="tomme", top=town.variants["Poireaux"].pk, top_for="tom")

    page = signed_in(client, "manager", town.hub).post(at(town), data)

    assert [row.product_name for row in page.context["call"].found.rows] == ["Tomme"]
    assert [(row.product_name, n) for row, n, _ in page.context["lines"]] == [("Poireaux", 2)]


def test_a_customer_is_found_and_chosen_and_their_words_fill_the_form(client, town):
    town.place(
        {town.variants["Tomme"]: 1}, buyer=Buyer("Maëlle Guégan", "maelle@exemple.bocage.example", "06 99 88 77 66")
    )
    signed_in(client, "manager", town.hub)

    found = client.post(at(town), said(town, do="find_customer", who="guegan"))
    [maelle] = found.context["call"].callers
    chosen = client.post(at(town), said(town, do=f"customer:{maelle.id}"))

    assert (maelle.phone, maelle.has_account) == ("06 99 88 77 66", False)
    assert chosen.context["form"]["name"].value() == "Maëlle Guégan"
    assert chosen.context["form"]["email"].value() == "maelle@exemple.bocage.example"


@pytest.mark.parametrize(("text", "n"), [("0699", 1), ("06 99", 1), ("maelle@", 1), ("nobody", 0), ("", 0)])
def test_a_caller_is_found_by_number_or_address(town, text, n):
    town.place({town.variants["Tomme"]: 1}, buyer=Buyer("Maëlle", "maelle@exemple.bocage.example", "06 99 88 77 66"))

    assert len(find_callers(hub_id=town.hub.pk, text=text, actor=town.manager)) == n


@pytest.mark.parametrize(
    ("changed", "said_of_it"),
    [
        ({"name": ""}, "called out at the hand-over"),
        ({"email": ""}, "the confirmation goes there"),
        ({"email": "nope"}, "valid email"),
        ({"phone": "abc"}, "digits only"),
        ({"delivery": ""}, "where the order is handed over"),
        ({"payment": 0}, "not one of the available choices"),
        ({"shown": 1}, "The total has changed"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, town, changed, said_of_it):
    response = signed_in(client, "manager", town.hub).post(at(town), said(town, **changed))

    body = response.content.decode()
    assert (response.status_code, Order.objects.count()) == (422, 0)
    assert said_of_it in body
    assert ("Sans sac" in body, f'name="line-{town.variants["Poireaux"].pk}"' in body) == (True, True)


def test_a_delivery_asks_for_an_address_the_hub_goes_to(client, town):
    signed_in(client, "manager", town.hub)
    there = {"street": "1, rue Haute", "postcode": "75001", "town": "Paris"}

    missing = client.post(at(town), said(town, delivery=town.delivery.pk, shown=1060))
    too_far = client.post(at(town), said(town, delivery=town.delivery.pk, shown=1060, **there))
    right = client.post(at(town), said(town, delivery=town.delivery.pk, shown=1060, **(there | {"postcode": "61000"})))

    assert [missing.status_code, too_far.status_code, right.status_code] == [422, 422, 303]
    assert "street, postcode and town" in missing.content.decode()
    assert "does not deliver to 75001" in too_far.content.decode()


def test_more_than_there_is_is_refused_in_words(client, town):
    data = said(town, shown=1680, **{f"line-{town.variants['Poireaux'].pk}": 6})

    response = signed_in(client, "manager", town.hub).post(at(town), data)

    assert (response.status_code, "Poireaux (5)" in response.content.decode(), Order.objects.count()) == (422, True, 0)


def test_one_may_note_an_order_until_the_last_hand_over(town):
    def names(now):
        return [(s.name, s.is_open) for s in sales_to_order_in(hub_id=town.hub.pk, actor=town.manager, now=now)]

    assert names(NOON) == [("Vente", True)]
    assert names(NOON + timedelta(days=2, hours=1)) == [("Vente", False)]
    assert names(NOON + timedelta(days=3, hours=3)) == []
    assert names(NOON - timedelta(days=3)) == []


def test_without_a_sale_the_page_says_so(client, town):
    town.cycle.closes_at = NOON - timedelta(days=1)
    town.cycle.save()
    for exchange in (town.outgoing,):
        exchange.delete()

    response = signed_in(client, "manager", town.hub).get(at(town))

    assert "No sale to order in" in response.content.decode()


@pytest.mark.parametrize("role", ["volunteer", "bookkeeper"])
def test_only_managers_note_orders(client, town, role):
    signed_in(client, role, town.hub)

    assert [client.get(at(town)).status_code, client.post(at(town), said(town)).status_code] == [403, 403]
    with pytest.raises(Forbidden):
        find_callers(hub_id=town.hub.pk, text="a", actor=make.actor(role, on=town.hub))


@pytest.mark.parametrize("lines", [1, 3])
def test_the_page_takes_the_same_queries_for_any_number_of_lines(client, town, lines, django_assert_num_queries):
    signed_in(client, "manager", town.hub)
    data = said(town, do="show") | {f"line-{town.offer(f'L{n}', '1.00').pk}": 1 for n in range(lines)}
    client.post(at(town), data)

    with django_assert_num_queries(15):
        client.post(at(town), data)


def test_an_order_of_many_lines_is_priced_as_in_the_shop(client, town):
    town.charge("percent", percent_millionths=80_000)
    town.charge("flat", amount_minor=150, name="Part")
    leek, cheese = town.variants["Poireaux"], town.variants["Tomme"]
    signed_in(client, "manager", town.hub)
    page = client.post(at(town), said(town, do="show", **{f"line-{cheese.pk}": 1}))

    client.post(at(town), said(town, shown=page.context["total"].minor, **{f"line-{cheese.pk}": 1}))
    town.place({leek: 2, cheese: 1})

    noted, shop = Order.objects.order_by("id")
    assert noted.total_minor == shop.total_minor
    frozen = ("variant_id", "goods_minor", "fees_minor", "total_minor")
    assert list(OrderLine.objects.filter(order=noted).order_by("id").values_list(*frozen)) == list(
        OrderLine.objects.filter(order=shop).order_by("id").values_list(*frozen)
    )


def test_a_voucher_given_by_phone_is_counted_before_and_taken_with_the_order(client, town):
    make_voucher(hub_id=town.hub.pk, terms=VoucherTerms(code="DEUX", amount_minor=200), actor=SYSTEM, now=NOON)
    signed_in(client, "manager", town.hub)

    unknown = client.post(at(town), said(town, do="show", voucher="trois"))
    shown = client.post(at(town), said(town, do="show", voucher="deux"))
    client.post(at(town), said(town, shown=360, voucher="deux"))

    assert ("has no voucher" in unknown.content.decode(), unknown.context["total"]) == (True, make.euros("5.60"))
    assert (shown.context["total"], shown.context["discount"]) == (make.euros("3.60"), -make.euros("2.00"))
    assert Order.objects.get().total_minor == 360


def test_where_it_is_brought_decides_the_vat_that_is_shown(client, town):
    by = {"actor": SYSTEM, "now": NOON}
    pricing.save_zone(country="FR", name="Manche", places="FR 50", **by)
    signed_in(client, "manager", town.hub)
    brought = {"delivery": town.delivery.pk, "street": "1 impasse", "postcode": "50100", "town": "Cherbourg"}

    shown = client.post(at(town), said(town, do="show", **brought))
    total = shown.context["total"]
    client.post(at(town), said(town, shown=total.minor, **brought))

    assert total == make.euros("10.31")  # 5.60 without its VAT of 0.29, and the round
    assert Order.objects.get().total_minor == total.minor
