"""An order's page: who holds its link may see, change and cancel it; nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bocage.network.models import Person
from bocage.orders.models import Order, OrderLine
from bocage.orders.tests import make
from bocage.shops.models import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.LANGUAGE_CODE = "en"
    with time_machine.travel(make.NOON, tick=False):
        yield


@pytest.fixture
def market():
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    return made


@pytest.fixture
def placed(market):
    leek, honey = market.offer("Poireaux", "2.40"), market.offer("Miel", "7.80", stock=3)
    return market.place({leek: 2, honey: 1})


def url(placed, name="page", token=None):
    return reverse(f"orders:{name}", args=[placed.ref, placed.token if token is None else token])


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def quantities():
    return dict(OrderLine.objects.values_list("product_name", "quantity"))


def test_the_page_says_what_when_where_and_how_to_pay(client, placed):
    response = client.get(url(placed))

    text = said(response)
    for words in ("Thank you Armelle", "Friday 9 October", "Halle", "61000 Malvran", "Poireaux", "€12.60", "Sur place"):
        assert words in text
    assert placed.ref in text and "<svg" in response.content.decode()


def test_the_page_is_kept_out_of_caches_searches_and_other_sites(client, placed):
    response = client.get(url(placed))

    assert "no-store" in response["Cache-Control"]
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")


@pytest.mark.parametrize("name", ["page", "ics"])
def test_without_the_right_link_there_is_no_order(client, market, placed, name):
    leek = market.variants["Poireaux"]
    other = market.place({leek: 1})

    for token in ("x", placed.token[:-1] + "!", other.token):
        assert client.get(url(placed, name, token)).status_code == 404


@pytest.mark.parametrize("name", ["page_quantities", "page_cancellation"])
def test_a_foreign_link_changes_and_cancels_nothing(client, market, placed, name):
    other = market.place({market.variants["Poireaux"]: 1})
    rival = make.actor("manager", on=make.market().hub)
    stranger = Client()
    stranger.force_login(Person.objects.get(pk=rival.person_id))

    for visitor in (client, stranger):
        assert visitor.post(url(placed, name, other.token), {}).status_code == 404
    assert Order.objects.get(ref=placed.ref).state == "placed"


def test_without_its_token_a_form_does_nothing(placed):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(url(placed, "page_cancellation")).status_code == 403
    assert Order.objects.get().state == "placed"


def test_quantities_change_until_the_sale_closes(client, market, placed):
    leek, honey = market.variants["Poireaux"], market.variants["Miel"]

    response = client.post(url(placed, "page_quantities"), {f"q{leek.pk}": "5", f"q{honey.pk}": "0"})

    assert response["Location"] == url(placed)
    assert quantities() == {"Poireaux": 5}
    assert "€12.00" in said(client.get(url(placed)))


@pytest.mark.parametrize("typed", ["-1", "1000", "x", ""])
def test_an_absurd_quantity_is_refused_and_nothing_changed(client, market, placed, typed):
    leek, honey = market.variants["Poireaux"], market.variants["Miel"]

    response = client.post(url(placed, "page_quantities"), {f"q{leek.pk}": typed, f"q{honey.pk}": "1"})

    assert response.status_code == 422
    assert quantities() == {"Poireaux": 2, "Miel": 1}


def test_more_than_is_left_is_refused_in_words(client, market, placed):
    leek, honey = market.variants["Poireaux"], market.variants["Miel"]

    response = client.post(url(placed, "page_quantities"), {f"q{leek.pk}": "2", f"q{honey.pk}": "9"})

    assert "There is not enough left of: Miel" in said(response)
    assert quantities() == {"Poireaux": 2, "Miel": 1}


def test_an_order_is_cancelled_once_and_says_so(client, placed):
    first = client.post(url(placed, "page_cancellation"))
    again = client.post(url(placed, "page_cancellation"))

    assert first["Location"] == url(placed)
    assert (again.status_code, Order.objects.get().state) == (422, "cancelled")
    assert "is cancelled." in said(client.get(url(placed)))


def test_after_closing_or_where_the_hub_allows_none_nothing_changes(client, market, placed):
    Shop.objects.update(allows_changes=False)
    refused = client.post(url(placed, "page_cancellation"))
    Shop.objects.update(allows_changes=True)
    with time_machine.travel(make.NOON + timedelta(days=2), tick=False):
        late = client.post(url(placed, "page_cancellation"))
        page = client.get(url(placed))

    assert "can no longer be changed here" in said(refused) and "can no longer be changed here" in said(late)
    assert "Cancel the order" not in said(page)
    assert Order.objects.get().state == "placed"


def test_the_calendar_entry_says_when_and_where(client, placed):
    response = client.get(url(placed, "ics"))

    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"DTSTART:20261009T120000Z", "DTEND:20261009T140000Z", "SUMMARY:Pickup: Panier"} <= set(lines)
    assert "LOCATION:Place\\, 61000 Malvran" in lines


def test_a_person_sees_their_own_orders_and_nobody_elses(client, market):
    leek = market.offer("Poireaux", "2.40")
    armelle, other = make.actor(), make.actor()
    placed = market.place({leek: 1}, actor=armelle)
    client.force_login(Person.objects.get(pk=armelle.person_id))
    stranger = Client()
    stranger.force_login(Person.objects.get(pk=other.person_id))

    own = said(client.get(reverse("orders:mine"), headers={"HX-Request": "true"}))
    assert placed.ref in own and "Buy" not in own
    assert placed.ref not in said(stranger.get(reverse("orders:mine")))
    assert Client().get(reverse("orders:mine")).status_code == 302
