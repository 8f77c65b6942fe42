"""An order is taxed where and when its goods are handed over: shown, ordered, changed and booked alike."""

from datetime import timedelta

import pytest

from bocage.network.rules import GUEST, SYSTEM
from bocage.orders.actions import change_quantities
from bocage.orders.actions.placing import place_order
from bocage.orders.models import Order, OrderLine
from bocage.orders.queries.pages import order_page
from bocage.orders.queries.quoting import quote
from bocage.orders.tests import make
from bocage.pricing import actions as pricing
from bocage.shopfront.queries import baskets
from bocage.shopfront.tests import make as shop

pytestmark = pytest.mark.django_db
BY = {"actor": SYSTEM, "now": make.NOON}
ADDRESS = {"street": "1, rue du Port", "town": "Le Port"}


@pytest.fixture
def market():
    found = make.market()
    found.offer("Poireau", "21.10")
    found.offer("Miel", "10.55")
    found.charge("percent", percent_millionths=100_000, tax="own", tax_rate=found.reduced)
    return found


def zone(market, millionths, *, is_included):
    made = pricing.save_zone(country="FR", name="Là-bas", places="FR 50", **BY)
    if millionths is not None:
        pricing.begin_rate(
            category_id=market.reduced.pk, zone_id=made, starts_on=make.NOON.date(), rate_millionths=millionths,
            is_included=is_included, **BY,
        )  # fmt: skip


def order(market, postcode):
    wanted = market.wanted(
        {market.variants["Poireau"]: 1},
        delivery_method_id=market.delivery.pk,
        address=make.Delivered(postcode=postcode, **ADDRESS),
    )
    shown = quote(
        cycle_id=wanted.cycle_id, hub_id=wanted.hub_id, quantities=wanted.quantities, at=make.NOON,
        delivery_method_id=wanted.delivery_method_id, postcode=postcode,
    ).total  # fmt: skip
    return place_order(wanted=wanted, shown_total=shown, actor=GUEST, now=make.NOON)


@pytest.mark.parametrize(
    ("postcode", "millionths", "is_included", "line", "vat"),
    [
        ("61700", 21_000, True, 2321, [(55_000, 110 + 11)]),  # at home: 21.10 and a fee of 2.11, both with 5.5 %
        ("50100", 21_000, True, 2321, [(21_000, 43 + 4)]),  # the same price, which contains 2.1 %
        ("50100", 21_000, False, 2246, [(21_000, 42 + 4)]),  # 20.00 and 2.00 without 5.5 %, and 2.1 % on top
        ("50100", None, False, 2200, []),  # no VAT there: the price without that of home
    ],
)
def test_the_place_decides(market, postcode, millionths, is_included, line, vat):
    zone(market, millionths, is_included=is_included)

    placed = order(market, postcode)

    assert OrderLine.objects.get().total_minor == line
    page = order_page(ref=placed.ref, actor=SYSTEM, now=make.NOON)
    assert [(one.millionths, one.tax.minor) for one in page.taxes] == vat


def test_a_change_of_the_order_stays_taxed_there_for_old_and_new_lines(market):
    zone(market, None, is_included=False)
    placed = order(market, "50100")

    change_quantities(
        order_id=placed.order_id,
        quantities={market.variants["Poireau"].pk: 2, market.variants["Miel"].pk: 1},
        actor=market.manager,
        now=make.NOON,
    )

    lines = OrderLine.objects.order_by("id").values_list("goods_minor", "fees_minor", "goods_tax_minor")
    assert list(lines) == [(4000, 400, 0), (1000, 100, 0)]
    page = order_page(ref=placed.ref, actor=SYSTEM, now=make.NOON)
    assert page.due.minor == Order.objects.get().total_minor == 4400 + 1100 + 500


def test_the_day_of_the_hand_over_decides_and_not_that_of_the_order(market):
    """Handed over three days from now, when the new rate counts."""
    day = (make.NOON + timedelta(days=2)).date()
    pricing.begin_rate(
        category_id=market.reduced.pk, zone_id=None, starts_on=day, rate_millionths=100_000, is_included=True, **BY
    )

    placed = order(market, "61700")

    page = order_page(ref=placed.ref, actor=SYSTEM, now=make.NOON)
    assert [(one.millionths, one.tax.minor) for one in page.taxes] == [(100_000, 192 + 19)]


def test_the_checkout_shows_what_is_ordered(market):
    zone(market, 21_000, is_included=False)
    owner = shop.device()
    shop.put(market, owner, {market.variants["Poireau"]: 1})
    snapshot, basket = shop.snapshot(market), shop.view(market, owner)
    delivery = next(one for one in snapshot.deliveries if not one.is_pickup)

    shown = baskets.handed_over(basket, snapshot, delivery, "50100")

    order(market, "50100")
    assert shown.total.minor == Order.objects.get().total_minor == 2246 + 500


def test_the_price_of_a_delivery_is_shown_with_the_vat_that_is_added_where_it_goes(market):
    zone(market, 21_000, is_included=False)
    market.delivery.tax_rate = market.reduced
    market.delivery.save()
    owner = shop.device()
    shop.put(market, owner, {market.variants["Poireau"]: 1})
    snapshot, basket = shop.snapshot(market), shop.view(market, owner)
    round_ = next(one for one in snapshot.deliveries if not one.is_pickup)

    shown = [baskets.delivery_price(basket, snapshot, round_, postcode).minor for postcode in ("", "61700", "50100")]

    assert shown == [500, 500, 484]  # 5.00 with 5.5 % in it is 4.74 without, and 2.1 % on top
