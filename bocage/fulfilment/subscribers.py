"""What the barn does when a sale closes or changes afterwards: farms are told what to bring."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from bocage.fulfilment import actions, queries
from bocage.fulfilment.events import OrderHandedOver, SupplierOrderTold
from bocage.fulfilment.links import key_for
from bocage.fulfilment.papers import paper
from bocage.fulfilment.printing import as_pdf
from bocage.infra.outbox import on
from bocage.messages import actions as messages
from bocage.messages.actions import Attachment
from bocage.network.queries import contacts_of
from bocage.order_cycles.events import CycleClosed
from bocage.orders import actions as orders
from bocage.orders.events import OrderCancelled, OrderChanged, OrderPlaced, OrderResumed
from bocage.orders.queries.pages import cycle_of, sender_for


@on(CycleClosed)
def tell_farms(event: Any) -> None:
    """Write down what each farm brings and tell it. Safe to run twice: the second finds nothing new."""
    actions.renew(cycle_id=event.cycle_id, now=event.at)
    actions.tell_due(now=event.at)


@on(OrderPlaced)
@on(OrderChanged)
@on(OrderCancelled)
@on(OrderResumed)
def note_change(event: Any) -> None:
    """Write down what changed after the closing; farms are told when nothing moves any more. Safe to run twice."""
    actions.renew(cycle_id=cycle_of(event.order_id), now=event.at)


@on(OrderHandedOver)
def invoice_handed_over(event: Any) -> None:
    """Issue the invoice of an order where its hub does so at the hand-over. Safe to run twice: the same is not anew."""
    orders.invoice_by_itself(order_id=event.order_id, moment="hand_over", now=event.at)


@on(SupplierOrderTold)
def write_to_farm(event: Any) -> None:
    """Write to the farm's contacts what to bring, with the paper to print. Safe to run twice: one mail per event."""
    sheet = queries.supplier_order(order_id=event.order_id, number=event.number)
    for contact in contacts_of(event.producer_id):
        url = settings.SITE_URL + reverse("supplier_orders:paper", args=[key_for(sheet.order_id, contact.name)])
        with_words = paper(sheet, contact.language)
        pdf = Attachment(f"{with_words['file']}.pdf", "application/pdf", as_pdf("supplier_order", with_words))
        messages.send(
            to_email=contact.email,
            to_name=contact.name,
            language=contact.language,
            template="fulfilment/mail/supplier_order",
            about=event.key,
            context={"sheet": sheet, "paper": with_words, "url": url},
            reply_to=sheet.hub_email,
            attachments=[pdf],
            now=event.at,
            instance=sender_for(sheet.hub_id),
        )
