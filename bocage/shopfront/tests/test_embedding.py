"""A shop in a frame of another site: which sites, which cookies, and what stays outside."""

import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bocage.network import actions as network
from bocage.network.rules import SYSTEM
from bocage.network.rules.switches import State, Switch
from bocage.orders.models import Order
from bocage.shopfront.models import Basket
from bocage.shopfront.queries import snapshots
from bocage.shopfront.tests import make
from bocage.shops import actions as shops

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
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    made.offer("Leek", "2.50")
    return made


def leek(market):
    return market.variants["Leek"].pk


def list_sites(market, typed):
    shops.set_sites(hub_id=market.hub.pk, typed=typed, actor=SYSTEM, now=make.NOON)


def framed(market, path=""):
    return f"/embed/{market.hub.slug}/{path}"


def in_frame(market, name, *more):
    return framed(market, reverse(f"shopfront:{name}", args=[market.hub.slug, *more])[1:])


def who_may_frame(answer):
    return re.search(r"frame-ancestors ([^;]+)", answer["Content-Security-Policy"])[1], answer.get("X-Frame-Options")


def enter(client, market):
    """Open the frame as a browser does that keeps cookies."""
    return client.get(framed(market), follow=True, secure=True)


def order(client, market):
    """Put something into the frame's basket and order it; return the last answer."""
    at = {"cycle": market.cycle.pk}
    client.post(in_frame(market, "basket"), {**at, "add": leek(market)}, secure=True)
    page = client.get(in_frame(market, "who"), secure=True)
    delivery = re.search(r'name="delivery_method_id" value="(\d+)"', page.content.decode())[1]
    client.post(in_frame(market, "who"), {**at, **WHO, "delivery_method_id": delivery}, secure=True)
    page = client.get(in_frame(market, "pay"), secure=True).content.decode()
    payment = re.search(r'name="payment_method_id" value="(\d+)"', page)[1]
    client.post(in_frame(market, "pay"), {**at, "payment_method_id": payment}, secure=True)
    page = client.get(in_frame(market, "confirm"), secure=True).content.decode()
    asked = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("key", "shown_total")}
    return client.post(in_frame(market, "confirm"), {**at, **asked, "accepted": "on"}, secure=True)


def test_only_the_sites_that_the_hub_listed_may_frame_its_shop(client, market):
    none_listed = who_may_frame(enter(client, market))
    list_sites(market, "https://halle.example/boutique\nhttp://localhost:9000")

    assert none_listed == ("'none'", "DENY")
    assert who_may_frame(enter(client, market)) == (
        "https://halle.example https://www.halle.example http://localhost:9000",
        None,
    )


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/hub/", "/farms/"])
def test_every_other_page_stays_out_of_frames(client, market, path):
    list_sites(market, "https://halle.example")

    shop = client.get(reverse("shopfront:shop", args=[market.hub.slug]))
    assert who_may_frame(shop) == ("'none'", "DENY")
    assert who_may_frame(client.get(path)) == ("'none'", "DENY")


def test_the_cookies_of_a_frame_are_its_own_partitioned_and_of_its_path(client, market):
    client.cookies["csrftoken"] = "a" * 32
    enter(client, market)
    answer = client.post(in_frame(market, "basket"), {"cycle": market.cycle.pk, "add": leek(market)}, secure=True)

    written = [cookie.OutputString() for cookie in answer.cookies.values()]
    assert {line.partition("=")[0] for line in written} >= {"embed-basket", "embed-here"}
    for line in written:
        assert line.startswith("embed-")
        for said in (f"Path=/embed/{market.hub.slug}/", "SameSite=None", "Secure", "Partitioned"):
            assert said in line


def test_a_frame_knows_nobody_who_is_logged_in_and_shares_no_basket(client, market):
    person = make.person("Armelle")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("shopfront:basket", args=[market.hub.slug]),
        {"cycle": market.cycle.pk, "add": leek(market)},
        secure=True,
    )
    shown = enter(client, market).content.decode()
    client.post(in_frame(market, "basket"), {"cycle": market.cycle.pk, "add": leek(market)}, secure=True)

    assert "Armelle" not in shown
    assert sorted(Basket.objects.values_list("person_id", flat=True), key=bool) == [None, person.pk]


def test_a_guest_orders_within_the_frame_and_never_leaves_it(client, market):
    list_sites(market, "https://halle.example")
    enter(client, market)
    answer = order(client, market)
    placed = Order.objects.get()
    shown = client.get(answer["Location"], secure=True)

    assert answer["Location"].startswith(framed(market, f"order/{placed.ref}/"))
    assert placed.ref in shown.content.decode()
    assert who_may_frame(shown)[0].startswith("https://halle.example")
    own = re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', shown.content.decode())
    outside = [one for one in own if not one.startswith((f"/embed/{market.hub.slug}/", "/static/", "/media/"))]
    assert outside == [f"/shop/{market.hub.slug}/"], "the one link out says that it opens in its own tab"


def test_the_csrf_check_holds_in_a_frame(market):
    strict = Client(enforce_csrf_checks=True)
    enter(strict, market)
    line = {"cycle": market.cycle.pk, "add": leek(market)}
    token = strict.cookies["embed-csrftoken"].value
    headers = {"HTTP_REFERER": "https://testserver/"}
    without = strict.post(in_frame(market, "basket"), line, secure=True, **headers)
    foreign = strict.post(
        in_frame(market, "basket"),
        {**line, "csrfmiddlewaretoken": token},
        secure=True,
        HTTP_ORIGIN="https://halle.example",
    )
    own = strict.post(in_frame(market, "basket"), {**line, "csrfmiddlewaretoken": token}, secure=True, **headers)

    assert [answer.status_code for answer in (without, foreign, own)] == [403, 403, 303]


def test_a_browser_that_refuses_cookies_is_told_so_with_the_way_out(market):
    first = Client().get(in_frame(market, "shop"), secure=True)
    again = Client().get(first["Location"], secure=True)
    posted = Client().post(in_frame(market, "basket"), {"cycle": market.cycle.pk, "add": leek(market)}, secure=True)

    assert first["Location"] == f"{in_frame(market, 'shop')}?cookies=1"
    for answer in (again, posted):
        assert "Your browser keeps no basket for a shop within another site." in answer.content.decode()
        assert f'href="/shop/{market.hub.slug}/" target="_blank"' in answer.content.decode()
    assert Basket.objects.count() == 0


@pytest.mark.parametrize("path", ["accounts/login/?next=/hub/", "farms/", "hub/"])
def test_what_does_not_belong_into_a_frame_opens_in_its_own_tab(client, market, path):
    enter(client, market)
    shown = client.get(framed(market, path), secure=True)

    assert f'href="/{path}" target="_blank"' in shown.content.decode()
    assert "<form" not in shown.content.decode()
    assert client.post(framed(market, path), secure=True).status_code == 403


def test_another_hubs_shop_or_order_does_not_show_in_this_hubs_frame(client, market):
    enter(client, market)
    order(client, market)
    placed = Order.objects.get()
    other = make.market()
    theirs = framed(other, f"shop/{market.hub.slug}/")
    enter(client, other)
    link = re.search(r"/order/[^\"]+?/[^\"/]+/", client.get(theirs, secure=True).content.decode())
    page = reverse("orders:page", args=[placed.ref, "not-the-token"])

    assert link is None
    assert "opens in its own tab" in client.get(theirs, secure=True).content.decode()
    assert client.get(framed(other, page[1:]), secure=True).status_code == 404


def test_a_steward_switches_it_off_and_the_frame_leads_to_the_shop_that_no_site_frames(client, market):
    list_sites(market, "https://halle.example")
    turn = {"instance_id": market.hub.instance_id, "switch": Switch.EMBEDDED_SHOP, "actor": SYSTEM, "now": make.NOON}
    network.turn(state=State.OFF, **turn)
    off = client.get(framed(market), secure=True)
    network.turn(state=State.CHOSEN, enterprise_ids=[market.hub.pk], **turn)
    chosen = client.get(framed(market), secure=True)

    assert (off["Location"], who_may_frame(off)) == (f"/shop/{market.hub.slug}/", ("'none'", "DENY"))
    assert chosen["Location"] == f"{framed(market)}?cookies=1"


def test_a_frame_costs_one_query_more_than_the_shop(client, market):
    plain = reverse("shopfront:shop", args=[market.hub.slug])
    enter(client, market)
    counts = []
    for address in (plain, in_frame(market, "shop")):
        client.get(address, secure=True)
        with CaptureQueriesContext(connection) as asked:
            client.get(address, secure=True)
        counts.append(len(asked))

    assert counts[1] - counts[0] == 1
