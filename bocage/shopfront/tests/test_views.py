"""The shop's pages as a browser asks for them, and what bad input gets."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bocage.network.models import Customer
from bocage.network.rules import SYSTEM
from bocage.order_cycles.models import Exchange, ExchangeVariant, OrderCycle
from bocage.orders.actions import place_order
from bocage.orders.models import Order
from bocage.shopfront.devices import COOKIE
from bocage.shopfront.models import Basket, BasketLine
from bocage.shopfront.queries import snapshots
from bocage.shopfront.tests import make
from bocage.shops.actions.vouchers import make_voucher
from bocage.shops.models import DeliveryMethod, Shop
from bocage.shops.rules.vouchers import VoucherTerms
from bocage.stock.models import StockItem

pytestmark = pytest.mark.django_db
WHO = {"name": "Armelle Quéré", "email": "armelle@exemple.bocage.example", "phone": "06 55 01 27 90"}


@pytest.fixture(autouse=True)
def at_noon(settings):
    snapshots.forget()
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(make.NOON, tick=False), translation.override("en"):
        yield


@pytest.fixture
def market():
    """A market whose instance answers here, in English."""
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    return made


def url(market, name, *more):
    return reverse(f"shopfront:{name}", args=[market.hub.slug, *more])


def said(response):
    """Return the text of a page, its tags and idle spaces left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def wish(client, market, **posted):
    return client.post(url(market, "basket"), {"cycle": market.cycle.pk, **posted})


def lines():
    return dict(BasketLine.objects.values_list("variant_id", "quantity"))


# ── The shop ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_shop_shows_products_with_price_and_stock(client, market):
    market.offer("Poireaux", "2.40", size=800)
    market.offer("Miel", "7.80", stock=2)
    market.offer("Tomates", "4.40", stock=0)

    text = said(client.get(url(market, "shop")))

    assert "Poireaux" in text and "€2.40" in text and "€3.00/kg" in text
    assert "Only 2 left" in text and "All gone for this sale" in text and "Sold out" in text


@pytest.mark.parametrize(("country", "each"), [("FR", "€16.53/kg"), ("US", "€7.50/lb")])
def test_unit_prices_are_in_the_measures_of_the_shops_country(client, market, country, each):
    type(market.hub).objects.filter(pk=market.hub.pk).update(country=country)
    market.offer("Pecan nuts", "3.75", size=Fraction("226.8"), measure="oz")

    text = said(client.get(url(market, "shop")))

    assert each in text
    assert "8 oz" in text.replace("\u00a0", " ")


def test_names_of_products_and_farms_are_text_never_html(client, market):
    market.offer("<script>alert(1)</script>", "2.40")

    page = client.get(url(market, "shop")).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_search_and_filters_work_as_plain_links(client, market):
    market.offer("Poireaux", "2.40")
    market.offer("Farine", "2.10", farm=market.other_farm)

    found = said(client.get(url(market, "shop"), {"q": "poireau", "farm": market.farm.slug}))

    assert "Poireaux" in found and "Farine" not in found and "1 product." in found


def test_a_long_list_goes_on_behind_a_link(client, market):
    for number in range(50):
        market.offer(f"Chou {number:02}", "2.40")

    first = client.get(url(market, "shop"))
    more = client.get(url(market, "shop"), {"after": first.context["found"].next})

    assert "48 of 50" in said(first)
    assert "Chou 49" not in said(first) and "Chou 49" in said(more) and "50 of 50" in said(more)


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "9" * 30}, {"q": "%" * 500}, {"aisle": "nix"}, {"cycle": "'"}]
)
def test_odd_queries_are_answered(client, market, query):
    market.offer("Poireaux", "2.40")

    assert client.get(url(market, "shop"), query).status_code == 200


def test_queries_of_the_shop_page_are_few_and_do_not_grow(client, market):
    first = market.offer("Poireaux", "2.40")
    wish(client, market, add=first.pk)
    client.get(url(market, "shop"))
    with CaptureQueriesContext(connection) as few:
        client.get(url(market, "shop"))
    for number in range(60):
        wish(client, market, add=market.offer(f"Chou {number}", "2.40").pk)
    client.get(url(market, "shop"))

    with CaptureQueriesContext(connection) as many:
        client.get(url(market, "shop"))

    assert (len(few) <= 8, len(many)) == (True, len(few))


def test_several_open_sales_are_offered_and_one_is_chosen(client, market):
    other = OrderCycle.objects.create(
        coordinator=market.hub, name="Vente de Noël", opens_at=make.NOON - timedelta(days=1),
        closes_at=make.NOON + timedelta(days=9), created_at=make.NOON,
    )  # fmt: skip
    goose = market.offer("Oie", "80.00")
    ExchangeVariant.objects.all().delete()
    for direction, who in (("incoming", market.farm), ("outgoing", market.hub)):
        exchange = Exchange.objects.create(cycle=other, direction=direction, enterprise=who)
        ExchangeVariant.objects.create(exchange=exchange, variant=goose)

    first, second = (client.get(url(market, "shop"), {"cycle": pk}) for pk in (market.cycle.pk, other.pk))

    assert "Vente de Noël" in said(first) and "Oie" not in said(first)
    assert "Oie" in said(second)
    sheet = f"{url(market, 'product', goose.product_id)}?cycle={other.pk}"
    assert sheet in second.content.decode() and "Oie" in said(client.get(sheet))


def test_between_two_sales_the_shop_says_when_the_next_one_opens(client, market):
    market.offer("Poireaux", "2.40")
    Shop.objects.filter(hub=market.hub).update(closed_message="<p>La halle se repose.</p>")
    OrderCycle.objects.filter(pk=market.cycle.pk).update(
        opens_at=make.NOON + timedelta(days=1), closes_at=make.NOON + timedelta(days=3)
    )

    text = said(client.get(url(market, "shop")))

    assert "The next sale opens" in text and "La halle se repose." in text and "Poireaux" not in text


def test_a_product_sheet_says_who_made_it_and_who_earns_what(client, market):
    leek = market.offer("Poireaux", "2.40")
    market.charge("percent", percent_millionths=100_000, name="Coordination")

    text = said(client.get(url(market, "product", leek.product_id)))

    assert "Poireaux" in text and "Ferme" in text and "Coordination" in text and "€0.24" in text


def test_a_product_of_another_hub_has_no_sheet_here(client, market):
    other = make.market()
    theirs = other.offer("Miel", "7.80")

    assert client.get(url(market, "product", theirs.product_id)).status_code == 404


# ── Members only ───────────────────────────────────────────────────────────────────────────────────────────────────
PAGES = ["shop", "farms", "about", "contact", "basket", "who", "pay", "confirm"]


@pytest.mark.parametrize("name", [*PAGES, "product"])
def test_a_members_only_shop_leaks_nothing_to_others(client, market, name):
    leek = market.offer("Poireaux secrets", "2.43")
    address = url(market, name, *([leek.product_id] if name == "product" else []))
    wish(client, market, add=leek.pk)
    assert name in ("about", "contact", "farms", "who", "pay", "confirm") or "Poireaux secrets" in said(
        client.get(address)
    )
    Shop.objects.filter(hub=market.hub).update(is_members_only=True, version=2)

    for visitor in (client, _signed_in(make.person())):
        pages = [visitor.get(address, query).content.decode() for query in ({}, {"cycle": market.cycle.pk}, {"q": "p"})]
        pages.append(visitor.get(address, headers={"HX-Request": "true", "HX-Target": "offers"}).content.decode())
        assert not any("Poireaux secrets" in page or "2.43" in page or "Ferme" in page for page in pages)


def test_a_member_enters_and_a_stranger_fills_no_basket(client, market):
    leek = market.offer("Poireaux", "2.40")
    Shop.objects.filter(hub=market.hub).update(is_members_only=True)
    member = make.person()
    Customer.objects.create(
        hub=market.hub, person=member, email=member.email, name="A", is_member=True, created_at=make.NOON
    )

    assert "Poireaux" in said(_signed_in(member).get(url(market, "shop")))
    assert wish(client, market, add=leek.pk).status_code == 403
    assert not Basket.objects.exists()


def _signed_in(person):
    client = Client()
    client.force_login(person)
    return client


# ── The basket ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_buttons_and_typed_numbers_change_one_line_each(client, market):
    leek, bread = market.offer("Poireaux", "2.40"), market.offer("Pain", "5.00")

    wish(client, market, add=leek.pk)
    wish(client, market, more=leek.pk, **{f"q-{leek.pk}": "1", f"q-{bread.pk}": "9"})
    assert lines() == {leek.pk: 2}
    wish(client, market, line=bread.pk, **{f"q-{bread.pk}": "4", f"q-{leek.pk}": "9"})
    assert lines() == {leek.pk: 2, bread.pk: 4}
    wish(client, market, **{f"q-{leek.pk}": "5", f"q-{bread.pk}": "0"})
    assert lines() == {leek.pk: 5}
    wish(client, market, less=leek.pk)
    assert lines() == {leek.pk: 4}
    wish(client, market, remove=leek.pk)
    assert lines() == {}


@pytest.mark.parametrize("typed", ["-1", "1000", "1.5", "deux", "9" * 40, "<b>"])
def test_a_negative_or_absurd_quantity_is_refused_in_words(client, market, typed):
    leek = market.offer("Poireaux", "2.40")

    response = client.post(
        url(market, "basket"), {"cycle": market.cycle.pk, "line": leek.pk, f"q-{leek.pk}": typed}, follow=True
    )

    assert "A quantity is a whole number from 1 to 999." in said(response)
    assert lines() == {}


@pytest.mark.parametrize("posted", [{"add": "x"}, {"more": "-1"}, {"q-": "1"}, {"q-x": "1"}, {"line": "9" * 40}, {}])
def test_forged_commands_change_nothing_and_break_nothing(client, market, posted):
    market.offer("Poireaux", "2.40")

    assert wish(client, market, **posted).status_code == 303
    assert lines() == {}


def test_without_its_token_a_form_changes_nothing(market):
    leek = market.offer("Poireaux", "2.40")
    strict = Client(enforce_csrf_checks=True)

    for name in ("basket", "review", "clear", "who", "pay", "confirm"):
        assert strict.post(url(market, name), {"cycle": market.cycle.pk, "add": leek.pk}).status_code == 403
    assert lines() == {}


def test_with_script_the_answer_is_the_row_the_drawer_and_what_to_say(client, market):
    honey = market.offer("Miel", "7.80", stock=2)

    response = client.post(
        url(market, "basket"),
        {"cycle": market.cycle.pk, "line": honey.pk, f"q-{honey.pk}": "5"},
        headers={"X-Part": "lines"},
    )

    assert response.status_code == 200
    assert re.findall(r' id="([a-z]+)', response.content.decode()) == ["drawer", "basket", "line", "bottom", "offer"]
    assert response["X-Tell"] == "Only%202%20left%20of%20Miel%3A%20they%20are%20in%20your%20basket."


def test_a_device_is_known_by_a_secret_that_the_database_does_not_hold(client, market):
    leek = market.offer("Poireaux", "2.40")

    cookie = wish(client, market, add=leek.pk).cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert Basket.objects.get().device not in cookie.value


def test_a_forged_or_foreign_cookie_opens_no_basket(client, market):
    leek = market.offer("Poireaux", "2.40")
    wish(client, market, add=leek.pk)
    stranger = Client()
    stranger.cookies[COOKIE] = f"{Basket.objects.get().device}:forged"

    assert "Your basket is empty" in said(stranger.get(url(market, "basket")))
    assert "Poireaux" in said(client.get(url(market, "basket")))


def test_a_form_sends_nobody_to_another_site(client, market):
    leek = market.offer("Poireaux", "2.40")

    response = wish(client, market, add=leek.pk, next="https://evil.example/")

    assert response["Location"] == url(market, "basket")


def test_looking_at_pages_writes_nothing(client, market):
    leek = market.offer("Poireaux", "2.40", stock=3)
    wish(client, market, line=leek.pk, **{f"q-{leek.pk}": "3"})
    StockItem.objects.update(on_hand=1)

    for name in ("shop", "basket", "who", "pay", "confirm"):
        with CaptureQueriesContext(connection) as queries:
            client.get(url(market, name))
        assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert "Only 1 left; you wanted 3." in said(client.get(url(market, "basket")))
    assert lines() == {leek.pk: 3}


def test_what_changed_is_settled_with_one_button(client, market):
    leek = market.offer("Poireaux", "2.40", stock=3)
    wish(client, market, line=leek.pk, **{f"q-{leek.pk}": "3"})
    StockItem.objects.update(on_hand=1)

    client.post(url(market, "review"), {"cycle": market.cycle.pk})

    assert lines() == {leek.pk: 1}


def test_logging_in_brings_the_basket_along_and_says_so(client, market):
    leek = market.offer("Poireaux", "2.40")
    wish(client, market, add=leek.pk)
    armelle = make.person("Armelle")
    armelle.emailaddress_set.create(email=armelle.email, verified=True, primary=True)

    response = client.post(
        reverse("account_login"),
        {"login": armelle.email, "password": "secret-pass-12", "next": url(market, "basket")},
        follow=True,
    )

    assert Basket.objects.get().person_id == armelle.pk
    assert "1 product that you had chosen on this device is in your basket now." in said(response)


# ── Checkout ───────────────────────────────────────────────────────────────────────────────────────────────────────
def prepared(client, market, quantity=2, **more):
    """Fill a basket and go through the first two steps."""
    leek = market.variants.get("Poireaux") or market.offer("Poireaux", "2.40")
    wish(client, market, line=leek.pk, **{f"q-{leek.pk}": str(quantity)})
    client.post(url(market, "who"), {**WHO, "delivery_method_id": market.pickup.pk, "cycle": market.cycle.pk, **more})
    client.post(url(market, "pay"), {"payment_method_id": market.cash.pk, "cycle": market.cycle.pk})
    return Basket.objects.get()


def confirm(client, market, basket, total=480, **more):
    posted = {"key": basket.key, "shown_total": total, "accepted": "on", "cycle": market.cycle.pk}
    return client.post(url(market, "confirm"), {**posted, **more})


def test_a_guest_orders_in_three_steps_and_comes_to_the_orders_page(client, market):
    basket = prepared(client, market)
    last = client.get(url(market, "confirm"))
    assert "Order with obligation to pay" in said(last) and "€4.80" in said(last) and "Armelle Quéré" in said(last)

    response = confirm(client, market, basket)

    order = Order.objects.get()
    assert (order.total_minor, order.name, order.phone) == (480, "Armelle Quéré", "06 55 01 27 90")
    assert response["Location"].startswith(f"/order/{order.ref}/")
    assert "Thank you Armelle" in said(client.get(response["Location"]))
    assert not Basket.objects.exists()


def test_the_same_confirmation_twice_leads_to_the_same_order(client, market):
    basket = prepared(client, market)

    first, second = confirm(client, market, basket), confirm(client, market, basket)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def voucher(market, code="MERCI", **terms):
    made = VoucherTerms(code=code, **{"amount_minor": 100, **terms})
    return make_voucher(hub_id=market.hub.pk, terms=made, actor=SYSTEM, now=make.NOON)


def test_a_voucher_is_taken_off_at_the_last_step_and_ordered_with(client, market):
    voucher(market)
    basket = prepared(client, market)

    typed = client.post(url(market, "voucher"), {"code": " merci "})
    last = client.get(url(market, "confirm"))
    ordered = confirm(client, market, basket, 380)

    assert typed["Location"] == url(market, "confirm")
    assert "Voucher MERCI" in said(last) and "−€1.00" in said(last) and "€3.80" in said(last)
    assert Order.objects.get().total_minor == 380
    page = said(client.get(ordered["Location"]))
    assert "Voucher MERCI" in page and "−€1.00" in page


def test_a_voucher_is_left_out_again(client, market):
    voucher(market)
    basket = prepared(client, market)
    client.post(url(market, "voucher"), {"code": "MERCI"})

    client.post(url(market, "voucher"), {"code": ""})

    assert "I have a voucher" in said(client.get(url(market, "confirm")))
    assert confirm(client, market, basket).status_code == 303


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"code": "AUTRE"}, "This hub has no voucher “MERCI”."),
        ({"minimum_minor": 481}, "The voucher “MERCI” counts from €4.81 of products on."),
    ],
)
def test_a_voucher_that_does_not_count_is_refused_in_words_and_nothing_typed_is_lost(client, market, terms, words):
    voucher(market, **terms)
    prepared(client, market)

    answer = client.post(url(market, "voucher"), {"code": "MERCI"})

    assert answer.status_code == 422
    assert words in said(answer)
    assert 'value="MERCI"' in answer.content.decode()
    assert "€4.80" in said(answer)


def test_a_voucher_used_by_somebody_else_meanwhile_orders_nothing_and_says_so_once(client, market):
    voucher(market)
    basket = prepared(client, market)
    client.post(url(market, "voucher"), {"code": "MERCI"})
    other = replace(market.wanted({market.variants["Poireaux"]: 1}), voucher="MERCI")
    place_order(wanted=other, shown_total=make.euros("1.40"), actor=market.manager, now=make.NOON)

    refused = confirm(client, market, basket, 380)

    words = "The voucher “MERCI” has already been used as often as it may be."
    assert (refused.status_code, said(refused).count(words)) == (422, 1)
    assert "€4.80" in said(refused)
    assert confirm(client, market, basket, 480).status_code == 303


def test_a_voucher_that_expires_on_the_way_leaves_the_order_and_says_so(client, market):
    voucher(market, expires_at=make.NOON + timedelta(hours=1))
    prepared(client, market)
    client.post(url(market, "voucher"), {"code": "MERCI"})

    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        last = client.get(url(market, "confirm"))

    assert "The voucher “MERCI” has expired." in said(last)
    assert "€4.80" in said(last)


def test_a_voucher_for_more_than_the_order_leaves_nothing_to_pay(client, market):
    voucher(market, amount_minor=10_000)
    basket = prepared(client, market)
    client.post(url(market, "voucher"), {"code": "MERCI"})

    assert "€0.00" in said(client.get(url(market, "confirm")))
    assert confirm(client, market, basket, 0).status_code == 303


def test_each_step_asks_for_what_is_missing_in_words(client, market):
    leek = market.offer("Poireaux", "2.40")
    wish(client, market, add=leek.pk)

    who = client.post(url(market, "who"), {"email": "armelle", "phone": "abc", "cycle": market.cycle.pk})

    assert who.status_code == 422
    for words in (
        "Write your name: it is called out at the pickup.",
        "This is not an e-mail address.",
        "Write the phone number with digits only",
        "Choose where you pick up your order, or have it delivered.",
    ):
        assert words in said(who)
    assert client.get(url(market, "confirm"))["Location"] == url(market, "who")


def test_a_delivery_needs_an_address_where_the_hub_goes(client, market):
    leek = market.offer("Poireaux", "2.40")
    wish(client, market, add=leek.pk)
    asked = {**WHO, "delivery_method_id": market.delivery.pk, "cycle": market.cycle.pk}

    without = client.post(url(market, "who"), asked)
    away = client.post(url(market, "who"), {**asked, "street": "1, rue", "postcode": "75001", "town": "Paris"})
    here = client.post(url(market, "who"), {**asked, "street": "1, rue", "postcode": "61 700", "town": "Domfront"})

    assert "For a delivery we need street, postcode and town." in said(without)
    assert "The hub does not deliver to 75001." in said(away)
    assert here["Location"] == url(market, "pay")
    client.post(url(market, "pay"), {"payment_method_id": market.cash.pk, "cycle": market.cycle.pk})
    assert "€7.40" in said(client.get(url(market, "confirm")))


@pytest.mark.parametrize("total", ["479", "1", "481", "-480", "x", ""])
def test_a_forged_total_orders_nothing(client, market, total):
    basket = prepared(client, market)

    response = confirm(client, market, basket, total)

    assert (response.status_code, Order.objects.count()) == (422, 0)
    assert lines() != {}


def test_a_price_that_changed_meanwhile_is_said_and_the_basket_kept(client, market):
    basket = prepared(client, market)
    leek = market.variants["Poireaux"]
    type(leek).objects.filter(pk=leek.pk).update(price_minor=250)
    OrderCycle.objects.filter(pk=market.cycle.pk).update(version=9)

    response = confirm(client, market, basket)

    assert "The total has changed from €4.80 to €5.00" in said(response)
    assert (response.status_code, Order.objects.count(), lines()) == (422, 0, {leek.pk: 2})


def test_what_was_sold_meanwhile_is_said_and_the_rest_can_be_ordered(client, market):
    basket = prepared(client, market)
    StockItem.objects.update(on_hand=1)

    refused = confirm(client, market, basket)
    assert "The total has changed from €4.80 to €2.40" in said(refused)

    assert confirm(client, market, basket, 240).status_code == 303
    assert Order.objects.get().total_minor == 240


def test_a_withdrawn_method_asks_for_another_one(client, market):
    basket = prepared(client, market)
    DeliveryMethod.objects.filter(pk=market.pickup.pk).update(ended_at=make.NOON)
    Shop.objects.filter(hub=market.hub).update(version=2)

    response = confirm(client, market, basket)

    assert (response["Location"], Order.objects.count()) == (url(market, "who"), 0)
    assert "is no longer offered. Choose another; your basket is kept." in said(client.get(response["Location"]))


def test_a_sale_that_closed_says_so_and_keeps_the_basket(client, market):
    basket = prepared(client, market)

    with time_machine.travel(make.NOON + timedelta(days=2), tick=False):
        response = confirm(client, market, basket)

    assert response.status_code == 422
    assert "This sale has closed, so nothing was ordered. Your basket is kept." in said(response)
    assert (Order.objects.count(), len(lines())) == (0, 1)


def test_without_accepting_the_terms_nothing_is_ordered(client, market):
    basket = prepared(client, market)

    response = confirm(client, market, basket, accepted="")

    assert "Please accept the terms of sale to order." in said(response)
    assert Order.objects.count() == 0


def test_a_hub_without_guests_asks_to_log_in_and_keeps_the_basket(client, market):
    leek = market.offer("Poireaux", "2.40")
    Shop.objects.filter(hub=market.hub).update(allows_guests=False)
    wish(client, market, add=leek.pk)

    page = client.get(url(market, "who"))
    posted = client.post(url(market, "who"), {**WHO, "delivery_method_id": market.pickup.pk, "cycle": market.cycle.pk})

    assert "takes orders from people with an account" in said(page)
    assert (posted.status_code, lines()) == (200, {leek.pk: 1})
    assert Basket.objects.get().details == {}


def test_two_guests_at_the_same_step_read_each_their_own_words_only(client, market):
    leek, other = market.offer("Poireaux", "2.40"), Client()
    told = [
        (client, 1, "Anne <b>Gras</b>", "anne@exemple.example", ""),
        (other, 3, "Bran", "bran@exemple.example", "Merci !"),
    ]
    for guest, number, name, email, note in told:
        guest.post(url(market, "basket"), {"cycle": market.cycle.pk, f"q-{leek.pk}": number})
        who = {**WHO, "name": name, "email": email, "note": note, "delivery_method_id": market.pickup.pk}
        guest.post(url(market, "who"), {**who, "cycle": market.cycle.pk})
        guest.post(url(market, "pay"), {"payment_method_id": market.cash.pk, "cycle": market.cycle.pk})

    for step in ("who", "pay", "confirm"):
        mine, theirs = (guest.get(url(market, step)).content.decode() for guest in (client, other))
        assert "Anne &lt;b&gt;Gras&lt;/b&gt;" in mine and "anne@" in mine and "Bran" not in mine and "2.40" in mine
        assert "Bran" in theirs and "bran@" in theirs and "Anne" not in theirs and "7.20" in theirs
        assert ("Merci !" in theirs, "Merci !" in mine) == (step != "pay", False)
    forms = [guest.get(url(market, "confirm")).content.decode() for guest in (client, other)]
    assert len({re.search(r'name="key" value="([^"]+)"', form)[1] for form in forms}) == 2
    assert [re.search(r'name="shown_total" value="(\d+)"', form)[1] for form in forms] == ["240", "720"]
    assert not any("\x1f" in form for form in forms)


def test_nobody_confirms_somebody_elses_basket(client, market):
    basket = prepared(client, market)
    stranger = Client()
    leek = market.variants["Poireaux"]
    stranger.post(url(market, "basket"), {"cycle": market.cycle.pk, "add": leek.pk})
    stranger.post(url(market, "who"), {**WHO, "delivery_method_id": market.pickup.pk, "cycle": market.cycle.pk})
    stranger.post(url(market, "pay"), {"payment_method_id": market.cash.pk, "cycle": market.cycle.pk})

    response = confirm(stranger, market, basket)

    assert (response.status_code, Order.objects.count()) == (422, 0)


def test_goods_made_of_a_farms_name_the_farm_and_who_prepared_them(client, market):
    market.offer("Farine", "3.15", farm=market.other_farm)
    flour = market.offer("Farine en sachet", "2.40")
    type(flour).objects.filter(pk=flour.pk).update(source=market.variants["Farine"], source_yields=10)

    text = said(client.get(url(market, "shop")))
    found = said(client.get(url(market, "shop"), {"q": market.other_farm.name}))

    assert f"{market.other_farm.name}, prepared by {market.farm.name}" in text
    assert "Farine en sachet" in found
