"""Mail about orders: to the customer in their language, to the hub's contacts in theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.urls import reverse

from bocage.commons.money import Money
from bocage.infra.outbox import on
from bocage.messages import actions as messages
from bocage.network.events import PersonErased
from bocage.network.hub_pages import address
from bocage.network.queries import contacts_of
from bocage.orders import actions
from bocage.orders.actions import gifts
from bocage.orders.events import (
    ConfirmationWanted,
    CustomerToTell,
    GiftSold,
    OrderCancelled,
    OrderLapsed,
    OrderPlaced,
    OrderResumed,
)
from bocage.orders.queries.hubs import gift_mail
from bocage.orders.queries.pages import OrderPage, order_of, order_summary, sender_for, sender_of
from bocage.payments.events import AttemptEnded, Found, MoneyArrived, MoneyReturned
from bocage.shops.queries.faces import label_of
from bocage.shops.rules.faces import Label


@on(OrderPlaced)
def confirm_to_customer(event: Any) -> None:
    """Write to the customer what they ordered, where and when to fetch it, how to pay. Safe to run twice."""
    _to_customer(event, "placed")


@on(ConfirmationWanted)
def confirm_again(event: Any) -> None:
    """Write to the customer once more what they ordered, as it stands now. Safe to run twice."""
    _to_customer(event, "placed")


@on(OrderPlaced)
def tell_hub(event: Any) -> None:
    """Write to the hub's contacts that an order came in. Safe to run twice."""
    _to_hub(event, "placed_hub")


@on(CustomerToTell)
def tell_customer_of_change(event: Any) -> None:
    """Write to the customer what changed, and what their order holds now. Safe to run twice."""
    _to_customer(event, "changed", changes=event.lines)


@on(OrderCancelled)
def tell_of_cancellation(event: Any) -> None:
    """Write to the customer, unless the hub said not to, and to the hub when it was the customer who cancelled."""
    if event.is_told:
        _to_customer(event, "cancelled")
    if event.by_customer:
        _to_hub(event, "cancelled_hub")


@on(OrderResumed)
def tell_customer_of_resumption(event: Any) -> None:
    """Write to the customer that their order stands again."""
    _to_customer(event, "changed")


@on(OrderPlaced)
def invoice_at_once(event: Any) -> None:
    """Issue the invoice of an order where its hub does so when it is placed. Safe to run twice: the same is not anew."""
    actions.invoice_by_itself(order_id=event.order_id, moment="order", now=event.at)


@on(OrderCancelled)
def take_invoice_back(event: Any) -> None:
    """Issue the credit note of an order that was invoiced and is cancelled. Safe to run twice."""
    actions.uninvoice(order_id=event.order_id, now=event.at)


@on(OrderLapsed)
def tell_customer_that_it_lapsed(event: Any) -> None:
    """Write to the customer that their order was let go unpaid; not if it was they who gave it up."""
    if not event.by_customer:
        _to_customer(event, "lapsed")


@on(MoneyArrived)
def take_money(event: Any) -> None:
    """Let what was paid online do its work: the order stands, or the money goes back. Safe to run twice."""
    actions.take_money(
        attempt_id=event.attempt_id, about=event.about, amount_minor=event.amount_minor, key=event.key, now=event.at
    )
    gifts.tell_gift_paid(about=event.about, now=event.at)


@on(GiftSold)
def tell_gift_code(event: Any) -> None:
    """Write the code of a gift voucher to whom it is for, or to who bought it. Safe to run twice."""
    gift = gift_mail(event.gift_id)
    messages.send(
        to_email=gift.to_email,
        to_name=gift.to_name,
        language=gift.language,
        template="orders/mail/gift",
        about=f"gift:{event.gift_id}",
        context={"gift": gift, "shop_url": settings.SITE_URL + address("shopfront:shop", slug=gift.hub_slug),
                 "url": _url("orders:gift", gift.hub_slug)},
        reply_to=gift.hub_email,
        now=event.at,
        instance=sender_for(gift.hub_id),
    )  # fmt: skip


@on(MoneyReturned)
def tell_of_return(event: Any) -> None:
    """Note that money went back online, and write so to the customer. Safe to run twice."""
    order_id = actions.note_returned(about=event.about, amount_minor=event.amount_minor, key=event.key, now=event.at)
    if order_id is not None:
        _about_money(event, order_id, "returned")


@on(AttemptEnded)
def ask_customer_to_pay(event: Any) -> None:
    """Write to the customer when their saved card could not be charged without them: they pay by the order's link."""
    order_id = order_of(event.about)
    if event.kind == "charge" and event.needs_person and order_id is not None:
        _about_money(event, order_id, "pay_yourself")


@on(Found)
def tell_hub_of_finding(event: Any) -> None:
    """Write to the hub what was put right about its online payments. Abandoned pages are no news."""
    order_id = order_of(event.about)
    if event.what == "closed" or order_id is None:
        return
    order = order_summary(order_id)
    for contact in contacts_of(event.hub_id):
        messages.send(
            to_email=contact.email,
            to_name=contact.name,
            language=contact.language,
            template="orders/mail/found_hub",
            about=event.key,
            context={
                "order": order,
                "what": event.what,
                "amount": Money(event.amount_minor, order.total.currency),
                "url": _url("orders:online", order.hub.slug),
                "contact": contact,
            },
            now=event.at,
            instance=sender_of(order_id),
        )


@on(PersonErased)
def forget(event: Any) -> None:
    """Take a forgotten person out of their orders. Safe to run twice; what is still to be fetched follows by the clock."""
    actions.forget_erased(now=event.at)


def _about_money(event: Any, order_id: int, template: str) -> None:
    order = order_summary(order_id)
    messages.send(
        to_email=order.email,
        to_name=order.name,
        language=order.language,
        template=f"orders/mail/{template}",
        about=event.key,
        context={
            "order": order,
            "amount": Money(getattr(event, "amount_minor", 0), order.total.currency),
            "url": _url("orders:page", order.ref, order.token),
        },
        reply_to=order.hub.email,
        now=event.at,
        instance=sender_of(order_id),
    )


def _to_customer(event: Any, template: str, **more: Any) -> None:
    order, sender = order_summary(event.order_id), sender_of(event.order_id)
    label = label_of(order.hub.id)
    messages.send(
        to_email=order.email,
        to_name=order.name,
        language=order.language,
        template=f"orders/mail/{template}",
        about=event.key,
        context={"order": order, "url": _url("orders:page", order.ref, order.token), **_own_site(label, order), **more},
        reply_to=order.hub.email,
        now=event.at,
        instance=replace(sender, name=order.hub.name, mail_name="") if label.hides_platform else sender,
    )


def _own_site(label: Label, order: OrderPage) -> dict[str, str]:
    """Lead the name on top of a mail to the hub's own site or shop, where its shop leaves the platform out."""
    if not label.hides_platform:
        return {}
    shop = address("shopfront:shop", slug=order.hub.slug)
    return {"site_url": (label.logo_link or settings.SITE_URL + shop).removesuffix("/")}


def _to_hub(event: Any, template: str) -> None:
    order = order_summary(event.order_id)
    for contact in contacts_of(event.hub_id):
        messages.send(
            to_email=contact.email,
            to_name=contact.name,
            language=contact.language,
            template=f"orders/mail/{template}",
            about=event.key,
            context={"order": order, "url": _url("orders:show", order.hub.slug, order.ref), "contact": contact},
            reply_to=order.email,
            now=event.at,
            instance=sender_of(event.order_id),
        )


def _url(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)
