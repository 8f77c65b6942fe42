"""The dashboard of the day: what it says of sales, baskets, money; who sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.commons.money import Money
from bocage.fulfilment import actions as barn
from bocage.fulfilment.actions import renew, tell_due
from bocage.fulfilment.tests import make
from bocage.ledger import actions as ledger
from bocage.ledger.rules import AccountKey
from bocage.order_cycles.models import Exchange, ExchangeVariant, HandOver
from bocage.stock.models import StockItem
from bocage.web.dashboard.queries import Unsettled, unsettled

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _this_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hub():
    return make.enterprise()


def see(client, hub, role="manager"):
    client.force_login(make.person(role, hub=hub), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client.get(reverse("web:dashboard", args=[hub.slug]))


def sale(hub, *, closes_in=timedelta(days=2), lasting=timedelta(days=6), name="Vente"):
    made = make.cycle(hub, name=name, closes_at=NOW + closes_in)
    made.opens_at = made.closes_at - lasting
    made.save()
    return made


def titles(response):
    return [one.title for one in response.context["todos"]]


def test_a_hub_without_any_sale_is_greeted_and_not_left_alone(client, hub):
    response = see(client, hub)

    body = response.content.decode()
    assert response.status_code == 200
    assert "Hello Nolwenn" in body
    assert "No sale is planned" in body
    assert "Nothing waits" in body


def test_an_open_sale_is_told_with_its_figures_beside_the_one_before(client, hub):
    leeks = make.variant(make.farm(), price_minor=1000)
    before, now = sale(hub, closes_in=timedelta(days=-5), name="Avant"), sale(hub, name="Présente")
    make.order(hub, before, lines=[make.line(leeks)], placed_at=before.opens_at + timedelta(days=1), due=0)
    make.order(hub, before, lines=[make.line(leeks, 9)], placed_at=before.opens_at + timedelta(days=5), due=0)
    for quantity in (1, 2):
        placed = now.opens_at + timedelta(days=quantity)
        make.order(hub, now, lines=[make.line(leeks, quantity)], placed_at=placed, due=0)
    make.order(hub, now, lines=[make.line(leeks, 5)], state="cancelled", due=0)

    figures = see(client, hub).context["figures"]

    assert (figures["now"].amount.minor, figures["now"].orders, figures["now"].basket.minor) == (3000, 2, 1500)
    assert figures["curve"] == [0, 0, 1000, 3000, 3000, 3000]
    assert figures["orders_curve"] == [2, 2]
    assert figures["change"].replace("\xa0", " ") == "+ 200% on the sale before, at the same moment"
    assert figures["orders_change"].replace("\xa0", " ") == "+ 1 at the same moment"


def test_what_must_be_packed_handed_over_and_paid_waits_in_this_order(client, hub):
    leeks = make.variant(make.farm())
    closed = sale(hub, closes_in=timedelta(hours=-12))
    order = make.order(hub, closed, lines=[make.line(leeks)])
    old = sale(hub, closes_in=timedelta(days=-9))
    past = {"hand_over_from": NOW - timedelta(days=7), "hand_over_to": NOW - timedelta(days=7)}
    make.order(hub, old, lines=[make.line(leeks)], due=280, **past)
    make.order(hub, old, lines=[make.line(leeks)], due=-100, **past)

    unpacked = titles(see(client, hub))
    manager = make.actor("manager", hub)
    barn.pack_order(order_id=order.pk, actor=manager, now=NOW)
    packed = titles(see(client, hub))
    barn.hand_over(order_id=order.pk, actor=manager, now=NOW)
    handed = titles(see(client, hub))

    money = ["1 payment to follow up, €2.80", "€1.00 to give back to 1 customer"]
    assert unpacked == ["1 basket to pack", *money]
    assert packed == ["1 basket to hand over", *money]
    assert handed == money


def test_what_is_not_settled_counts_recent_orders_of_this_hub_alone_each_by_all_that_was_posted(hub):
    leeks, past, old = make.variant(make.farm()), sale(hub, closes_in=timedelta(days=-9)), timedelta(days=130)
    begun = {"hand_over_from": NOW, "hand_over_to": NOW + timedelta(hours=2)}

    def order(due, **fields):
        return make.order(hub, past, lines=[make.line(leeks)], due=due, **{**begun, **fields})

    def pay(order, amount, at=NOW):
        postings = {AccountKey("customer", f"customer:{order.customer_id}"): -amount, AccountKey("takings"): amount}
        key = f"paid:{order.pk}:{amount}"
        ledger.post(
            book_id=hub.pk, key=key, about=f"order:{order.ref}", what="payment", by="guest", at=at, postings=postings
        )

    order(280)
    pay(order(300), 100)
    pay(order(500), 500)
    pay(order(400), 450)
    pay(order(200, hand_over_from=NOW + timedelta(seconds=1)), 260)
    order(900, hand_over_from=NOW + timedelta(seconds=1))
    order(700, placed_at=NOW - old)
    pay(order(700, placed_at=NOW - old), 800)
    elsewhere = make.enterprise("Ailleurs")
    make.order(elsewhere, sale(elsewhere), lines=[make.line(leeks)], due=999, **begun)

    due, credit = unsettled(hub_id=hub.pk, actor=make.actor("manager", hub), now=NOW)

    assert (due, credit) == (Unsettled(2, Money(280 + 200)), Unsettled(2, Money(50 + 60)))


def test_weighed_goods_wait_for_the_scale(client, hub):
    tomme = make.variant(make.farm(), name="Tomme", is_weighed=True)
    make.order(hub, sale(hub, closes_in=timedelta(hours=-1)), lines=[make.line(tomme)])

    assert titles(see(client, hub)) == ["1 basket to pack", "1 basket to weigh"]


def test_what_is_nearly_sold_out_in_an_open_sale_waits_too(client, hub):
    present = sale(hub)
    outgoing = Exchange.objects.create(cycle=present, direction="outgoing", enterprise=hub)
    for name, left, on_demand in (("Beurre", 2, False), ("Miel", 9, False), ("Pain", 0, True)):
        farm = make.farm()
        variant = make.variant(farm, name=name)
        StockItem.objects.create(variant=variant, on_hand=left, on_demand=on_demand)
        for exchange in (outgoing, make.bringing(present, farm)):
            ExchangeVariant.objects.create(exchange=exchange, variant=variant)
    StockItem.objects.create(variant=make.variant(make.farm(), name="Pas en vente"), on_hand=1)

    short = [one for one in see(client, hub).context["todos"] if one.icon == "alert"]

    assert [(one.title, one.text) for one in short] == [("1 product is nearly sold out", "Beurre (2 left)")]


def test_a_farm_reads_what_it_brings_to_whom_and_no_customer(client, hub):
    farm, other = make.farm(), make.farm("Le Fournil")
    present = sale(hub, closes_in=timedelta(days=1))
    make.bringing(present, farm, at=NOW + timedelta(days=2), instructions="Par la cour")
    lines = [make.line(make.variant(farm), 3), make.line(make.variant(other), 5)]
    make.order(hub, present, lines=lines, name="Mireille Ropars", hand_over_to=NOW + timedelta(days=3))

    response = see(client, farm)

    rows = [(one.hub, one.items, one.goods.minor, one.instructions) for one in response.context["to_bring"]]
    assert rows == [(hub.name, 3, 840, "Par la cour")]
    assert "Mireille" not in response.content.decode()


def test_a_farm_reads_what_it_was_asked_to_bring_and_goes_to_its_paper_to_confirm(client, hub):
    farm = make.farm()
    past = sale(hub, closes_in=timedelta(hours=-2))
    make.order(hub, past, lines=[make.line(make.variant(farm), 3)], name="Mireille Ropars")
    renew(cycle_id=past.pk, now=NOW)
    tell_due(now=NOW + timedelta(days=1))

    response = see(client, farm)

    [(row, url)] = response.context["farm_orders"]
    assert ((row.hub, row.items, row.stage), "To confirm" in response.content.decode()) == (
        (hub.name, 3, "confirm"), True,
    )  # fmt: skip
    assert "Poireaux" in client.get(url).content.decode()


def test_the_week_shows_sales_hand_overs_and_who_brings(client, hub):
    present = sale(hub, name="Vente du 19")
    make.bringing(present, make.farm(), at=NOW + timedelta(days=3))
    outgoing = Exchange.objects.create(cycle=present, direction="outgoing", enterprise=hub)
    starts = NOW + timedelta(days=3, hours=5)
    HandOver.objects.create(
        exchange=outgoing, method=make.pickup(hub), starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    sale(make.enterprise("Ailleurs"), name="Vente d’ailleurs")

    ribbon = see(client, hub).context["ribbon"]

    assert [(one.kind, one.label) for one in ribbon] == [
        ("open", "Vente du 19"),
        ("bring", "1 farm brings"),
        ("hand", "Halle de Malvran"),
    ]


def test_every_role_of_the_hub_sees_its_day_and_nobody_else(client, hub):
    other = make.enterprise("Ailleurs")

    for role in ("manager", "volunteer", "bookkeeper"):
        assert see(client, hub, role).status_code == 200
    see(client, other)
    assert client.get(reverse("web:dashboard", args=[hub.slug])).status_code == 403
    assert client.get(reverse("web:dashboard", args=["nowhere"])).status_code == 404
    client.logout()
    assert reverse("account_login") in client.get(reverse("web:dashboard", args=[hub.slug]))["Location"]


def test_the_page_takes_the_same_number_of_queries_for_any_number_of_orders(client, hub):
    present = sale(hub)
    counted = []
    for _ in range(2):
        make.order(hub, present, lines=[make.line(make.variant(make.farm()))])
        see(client, hub)
        with CaptureQueriesContext(connection) as done:
            client.get(reverse("web:dashboard", args=[hub.slug]))
        counted.append(len(done))

    assert counted[0] == counted[1] <= 17
