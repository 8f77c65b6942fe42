"""The invoices of one hub: each order's at its hand-over, a restaurant's once a month, one taken back and made anew."""

from __future__ import annotations

from datetime import date, timedelta

from bocage.commons.refusals import Refused
from bocage.invoicing import actions as invoicing
from bocage.invoicing.rules import Party, Place
from bocage.network.models import Customer
from bocage.network.rules import SYSTEM
from bocage.orders import actions as orders
from bocage.orders.models import Order, OrderChange, OrderLine
from bocage.web.town.places import Ground
from bocage.web.town.selling import Planned

HUB = "panier-de-la-halle"
TERMS = {
    "moment": "hand_over",
    "legal_form": "SCIC SA à capital variable",
    "registration": "RCS Rennes",
    "payment_days": 30,
    "footer": "Merci de manger d’ici. Vos questions : à la halle, le vendredi de 17 h à 19 h.",
}
RESTAURANT = Party(
    "La Table du Lavoir, SARL",
    Place("4, rue du Lavoir", "", "35985", "Malvran"),
    siren="000005124",
    is_professional=True,
)


def issue(ground: Ground, sales: list[Planned]) -> None:
    """Issue what the hub would have issued by now."""
    hub_id = ground.enterprises[HUB]
    invoicing.set_terms(seller_id=hub_id, values=TERMS, actor=SYSTEM)
    mine = [sale.cycle_id for sale in sales if sale.hub.who.slug == HUB and sale.sale.mood == "done"]
    handed = OrderChange.objects.filter(what="handed_over", order__cycle_id__in=mine, order__state="placed")
    moments = list(handed.order_by("at", "id").values_list("order_id", "at"))
    if not moments:
        return
    monthly = _monthly(hub_id, [order_id for order_id, _ in moments])
    single = [(order_id, at) for order_id, at in moments if order_id not in monthly]
    for order_id, at in single:
        orders.invoice_order(order_id=order_id, actor=SYSTEM, now=at)
    last, at = single[-1]
    _change(last)
    orders.invoice_order(order_id=last, actor=SYSTEM, now=at + timedelta(hours=1))
    for month in sorted({date(at.year, at.month, 1) for order_id, at in moments if order_id in monthly}):
        customer_id = Order.objects.values_list("customer_id", flat=True).get(id=next(iter(monthly)))
        orders.invoice_month(
            hub_id=hub_id, customer_id=customer_id, month=month, actor=SYSTEM, now=at + timedelta(hours=2)
        )


def _monthly(hub_id: int, order_ids: list[int]) -> set[int]:
    """Make a restaurant of the customer with the most orders; return these orders."""
    rows = list(Order.objects.filter(id__in=order_ids).order_by("id").values_list("customer_id", "id"))
    counts = {customer: sum(one == customer for one, _ in rows) for customer, _ in rows}
    chosen = Customer.objects.get(id=max(counts, key=lambda one: (counts[one], -one)), hub_id=hub_id)
    invoicing.set_identity(customer_id=chosen.pk, buyer=RESTAURANT, is_monthly=True, actor=SYSTEM)
    return {order_id for customer, order_id in rows if customer == chosen.pk}


def _change(order_id: int) -> None:
    """Somebody noticed at home that something was not in the crate."""
    order = Order.objects.get(id=order_id)
    line = OrderLine.objects.filter(order_id=order_id).order_by("total_minor", "id").first()
    assert line is not None
    at = OrderChange.objects.filter(order_id=order_id).latest("id").at + timedelta(minutes=30)
    try:
        orders.change_quantities(
            order_id=order.pk, quantities={line.variant_id: 0}, actor=SYSTEM, now=at, to_stock=False
        )
    except Refused:  # it was its only line
        return
