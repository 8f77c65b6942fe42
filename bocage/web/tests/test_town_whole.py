"""The whole demo town, built once and looked at: complete, balanced, never from the future."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Max, Sum

from bocage.catalogue.models import Product, Variant
from bocage.fulfilment.models import Parcel
from bocage.infra.models import Delivery, Event
from bocage.invoicing.models import Document
from bocage.invoicing.queries import broken
from bocage.ledger.models import Entry, Posting
from bocage.network.models import Consent, Enterprise, Person
from bocage.order_cycles.models import OrderCycle
from bocage.orders.models import Order, OrderChange, OrderLine
from bocage.payments.models import Payment
from bocage.shopfront.queries.entering import entrance
from bocage.stock.models import Movement, StockItem
from bocage.web.town.build import FRESH_ORDERS, build, is_built
from bocage.web.town.load import town

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def built(django_db_setup, django_db_blocker):
    """The whole town, built once for the tests of this file, which only look at it; nothing is left behind."""
    with django_db_blocker.unblock():
        build(now=EVENING)
        yield
        call_command("flush", verbosity=0, interactive=False)


def test_everything_of_the_data_is_there():
    assert is_built()
    own = Variant.objects.filter(source=None)
    assert (Product.objects.filter(pk__in=own.values("product_id")).count(), own.count()) == (180, 220)
    assert Variant.objects.exclude(source=None).count() == 1
    assert Enterprise.objects.filter(is_producer=True).count() == 14
    assert Enterprise.objects.exclude(sells="none").count() == 4
    assert Person.objects.count() == len(town().people) + len(town().shoppers)


def test_sales_are_past_open_and_coming():
    cycles = OrderCycle.objects.all()

    assert cycles.filter(closes_at__lte=EVENING).count() == 3
    assert cycles.filter(opens_at__gt=EVENING).count() == 2
    closing = cycles.filter(opens_at__lte=EVENING, closes_at__gt=EVENING).order_by("closes_at")
    assert closing[0].closes_at - EVENING < timedelta(hours=44)
    assert len(closing) == 3


def test_past_sales_hold_240_orders_in_every_state():
    orders = Order.objects.filter(cycle__closes_at__lte=EVENING)
    happened = set(OrderChange.objects.filter(order__in=orders).values_list("what", flat=True))
    parcels = Parcel.objects.filter(order__in=orders)

    assert orders.count() == 240
    assert happened == {
        "placed", "quantity", "weight", "cancelled", "resumed", "payment", "refund", "handed_over", "invoice",
        "credit_note",
    }  # fmt: skip
    assert parcels.filter(handed_over_at__isnull=False).count() > 80
    assert parcels.filter(packed_at__isnull=False, handed_over_at__isnull=True).count() > 10
    assert orders.filter(state="placed").exclude(id__in=parcels.values("order_id")).count() > 10


def test_a_hub_has_invoiced_what_it_handed_over():
    hub = Enterprise.objects.get(slug="panier-de-la-halle")
    issued = Document.objects.filter(seller=hub)

    assert issued.filter(kind="invoice").count() > 60
    assert issued.filter(kind="credit_note").count() == 1
    assert issued.filter(about__startswith="month:").exists()
    assert broken(seller_id=hub.pk) == []


def test_orders_are_paid_part_paid_and_unpaid():
    paid = dict(Payment.objects.values_list("about").annotate(sum=Sum("amount_minor")))
    orders = Order.objects.filter(state="placed", cycle__closes_at__lte=EVENING)
    kinds = {_paid(order.total_minor, paid.get(f"order:{order.ref}", 0)) for order in orders}

    assert kinds == {"in full", "in part", "not"}


def test_the_books_balance():
    assert Posting.objects.values("entry").annotate(sum=Sum("amount_minor")).exclude(sum=0).count() == 0
    assert Entry.objects.count() > 240


def test_stock_is_what_the_data_say_and_its_movements_lead_there():
    sold = {size.sku: size.stock for farm in town().farms for good in farm.goods for size in good.sizes}
    sums = dict(Movement.objects.filter(item__on_demand=False).values_list("item_id").annotate(sum=Sum("change")))
    items = StockItem.objects.filter(on_demand=False).select_related("variant")

    of_farms = {item.variant.sku: item.on_hand for item in items if item.variant.source_id is None}
    assert of_farms == {s: n for s, n in sold.items() if n is not None}
    assert {item.pk: item.on_hand for item in items} == {item.pk: sums[item.pk] for item in items}


def test_all_three_vat_rates_were_charged():
    rates = set(OrderLine.objects.filter(goods_tax_minor__gt=0).values_list("tax_millionths", flat=True))

    assert rates == {55_000, 100_000, 200_000}


def test_nothing_comes_from_the_future():
    latest = [
        Order.objects.aggregate(at=Max("placed_at"))["at"],
        *(model.objects.aggregate(at=Max("at"))["at"] for model in (OrderChange, Event, Payment, Movement)),
        Parcel.objects.aggregate(at=Max("handed_over_at"))["at"],
    ]

    assert max(latest) <= EVENING


def test_who_ordered_has_accepted_the_terms():
    consents = set(Consent.objects.values_list("email", flat=True))

    assert set(Order.objects.values_list("email", flat=True)) <= consents


def test_only_the_last_confirmations_are_still_to_be_mailed():
    waiting = Delivery.objects.filter(delivered_at__isnull=True)

    assert set(waiting.values_list("event__kind", flat=True)) <= {"orders.OrderPlaced"}
    assert waiting.values("event").distinct().count() <= FRESH_ORDERS


def _paid(total: int, received: int) -> str:
    return "not" if received == 0 else "in part" if received < total else "in full"


def test_large_sizes_are_kept_for_the_bistro():
    [market] = Enterprise.objects.filter(slug="panier-de-la-halle")
    katell = Person.objects.get(email="katell@exemple.bocage.example")

    seen = {}
    for who, person_id in (("bistro", katell.pk), ("visitor", None)):
        door = entrance(market.slug, person_id=person_id, now=EVENING)
        rows = door.snapshot(door.sales[0], EVENING).rows
        seen[who] = {row.offer.size for row in rows if row.offer.unit == "weight" and not row.offer.is_weighed}

    assert max(seen["visitor"]) < 5000 <= max(seen["bistro"])
