from collections import Counter

import pytest
from django.db.models import Count, F, Sum
from django.forms.models import model_to_dict

from bocage.catalogue.models import Category
from bocage.commons.money import Money
from bocage.ledger.models import Entry, Posting
from bocage.network.models import Customer, Enterprise
from bocage.network.rules import GUEST
from bocage.orders.actions import place_order
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.rules import Buyer, Delivered, Wanted
from bocage.orders.tests import make
from bocage.payments.models import Payment
from bocage.stock.models import Movement, StockItem
from bocage.web.scale import Scale, grow, parse

NOW = make.NOON
WRITTEN = (Customer, Order, OrderLine, Charge, OrderChange, Entry, Posting, Payment, Movement, StockItem)
pytestmark = pytest.mark.django_db


@pytest.fixture
def hub_ids():
    market = make.market()
    return grow(
        Scale(hubs=2, offers=30, orders=41, cycles=2), instance_id=market.instance.pk, now=NOW, say=lambda text: None
    )


def test_it_adds_what_was_asked_for(hub_ids):
    assert Enterprise.objects.filter(id__in=hub_ids).count() == 2
    assert [Order.objects.filter(hub_id=hub).count() for hub in hub_ids] == [21, 20]
    assert StockItem.objects.count() == 60


def test_every_order_adds_up_to_its_lines_and_charges(hub_ids):
    lines = dict(OrderLine.objects.values_list("order_id").annotate(sum=Sum("total_minor")))
    charges = dict(
        Charge.objects.filter(line=None).values_list("order_id").annotate(sum=Sum("amount_minor"))
    )  # none of these has added VAT

    assert {order.pk: lines[order.pk] + charges.get(order.pk, 0) for order in Order.objects.all()} == dict(
        Order.objects.values_list("id", "total_minor")
    )


def test_every_entry_balances_and_customers_owe_what_is_not_paid(hub_ids):
    unbalanced = Entry.objects.filter(
        id__in=Posting.objects.values("entry_id").annotate(sum=Sum("amount_minor")).exclude(sum=0).values("entry_id")
    )
    owed = Posting.objects.filter(account__kind="customer").aggregate(sum=Sum("amount_minor"))["sum"]
    ordered = Order.objects.aggregate(sum=Sum("total_minor"))["sum"]
    paid = Payment.objects.aggregate(sum=Sum("amount_minor"))["sum"]

    assert not unbalanced.exists()
    assert owed == ordered - paid
    assert 0 < paid < ordered


def test_stock_is_what_its_movements_leave(hub_ids):
    left = dict(Movement.objects.values_list("item_id").annotate(sum=Sum("change")))

    limited = StockItem.objects.filter(on_demand=False)
    assert {item.pk: item.on_hand for item in limited} == {item.pk: left[item.pk] for item in limited}


def test_no_row_refers_to_nothing(hub_ids):
    dangling = []
    for model in WRITTEN:
        for field in (one for one in model._meta.concrete_fields if one.is_relation):
            known = field.related_model.objects.values("pk")
            lost = model.objects.exclude(**{f"{field.attname}__isnull": True}).exclude(
                **{f"{field.attname}__in": known}
            )
            dangling += [f"{model.__name__}.{field.name}"] if lost.exists() else []

    assert dangling == []


def test_an_order_is_written_as_the_action_writes_it(hub_ids):
    """Place a scaled order's wishes again by the action: every row is the same but for ids, references and moments."""
    scaled = Order.objects.filter(cycle__closes_at__gt=NOW).order_by("id").last()
    lines = OrderLine.objects.filter(order=scaled).order_by("id")

    placed = place_order(
        wanted=_wishes(scaled, lines), shown_total=Money(scaled.total_minor), actor=GUEST, now=scaled.placed_at
    )

    again = Order.objects.get(id=placed.order_id)
    assert _facts(again) == _facts(scaled)


def _wishes(order, lines):
    return Wanted(
        key="again",
        hub_id=order.hub_id,
        cycle_id=order.cycle_id,
        quantities={line.variant_id: line.quantity for line in lines},
        delivery_method_id=order.delivery_method_id,
        payment_method_id=order.payment_method_id,
        buyer=Buyer(order.name, order.email),
        address=Delivered(order.delivery_street, "", order.delivery_postcode, order.delivery_town),
    )


def _facts(order):
    """Return all rows of an order without what differs by nature."""
    about, key = f"order:{order.ref}", {"key": "", "ref": "", "id": 0, "order": 0}
    lines = list(OrderLine.objects.filter(order=order).order_by("id"))
    place = {line.pk: number for number, line in enumerate(lines)}
    charges = Charge.objects.filter(order=order).order_by("id")
    postings = Posting.objects.filter(entry__about=about)
    return {
        "order": model_to_dict(order) | key,
        "lines": [model_to_dict(line) | key for line in lines],
        "charges": [model_to_dict(one) | key | {"line": place.get(one.line_id)} for one in charges],
        "changes": [model_to_dict(one) | key for one in OrderChange.objects.filter(order=order)],
        "entries": list(Entry.objects.filter(about=about).values_list("book_id", "what", "at", "by")),
        "postings": Counter(postings.values_list("account_id", "amount_minor")),
        "movements": Counter(
            Movement.objects.filter(about=about).values_list("item_id", "change", "reason", "by", "at")
        ),
    }


def test_the_next_order_gets_an_id_of_its_own(hub_ids):
    last = Order.objects.order_by("-id").first()
    lines = OrderLine.objects.filter(order=last)

    placed = place_order(
        wanted=_wishes(last, lines), shown_total=Money(last.total_minor), actor=GUEST, now=last.placed_at
    )

    assert placed.order_id > last.pk


def test_growing_again_adds_another_hub(hub_ids):
    instance_id = Enterprise.objects.get(id=hub_ids[0]).instance_id

    more = grow(Scale(hubs=1, offers=5, orders=3, cycles=1), instance_id=instance_id, now=NOW)

    refs = Order.objects.values("ref").annotate(n=Count("id")).filter(n__gt=1)
    assert not set(more) & set(hub_ids)
    assert not refs.exists() and Order.objects.count() == 44


def test_most_lines_are_of_the_first_offers_and_five_on_average(hub_ids):
    average = OrderLine.objects.count() / Order.objects.count()

    assert 4 < average < 6
    assert OrderLine.objects.filter(quantity__lt=1).count() == 0
    assert not OrderLine.objects.filter(total_minor__lt=F("goods_minor")).exists()


def test_it_needs_a_town_to_grow():
    Category.objects.all().delete()

    with pytest.raises(LookupError):
        grow(Scale(), instance_id=1, now=NOW)


@pytest.mark.parametrize("word", ["hubs", "hubs=", "hubs=x", "farms=3", "hubs=0", "offers=-1"])
def test_a_wrong_word_is_named(word):
    with pytest.raises(ValueError, match=word):
        parse(["orders=5", word])
