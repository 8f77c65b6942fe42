"""Checkout in three steps: who and where, how to pay, confirm. Each step shows the order beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.money import Money
from bocage.commons.refusals import Refused
from bocage.network.requests import HubRequest
from bocage.orders.queries.choices import DeliveryChoice, PaymentChoice
from bocage.orders.queries.debts import Standing, standing
from bocage.orders.rules import with_voucher
from bocage.orders.views.paying import pay_first
from bocage.payments.queries.accounts import gift_by_code, gift_usable
from bocage.pricing.rules import charge_order
from bocage.shopfront import actions
from bocage.shopfront.devices import owner_of
from bocage.shopfront.forms import ConfirmForm, PayForm, VoucherForm, WhoForm
from bocage.shopfront.queries import baskets
from bocage.shopfront.queries.baskets import BasketView
from bocage.shopfront.queries.checkout import delivery_of, details_of, known, voucher_of
from bocage.shopfront.rules import NOTHING_STORED, Details, Stored, share_stored
from bocage.shopfront.views import steps
from bocage.shopfront.views.drawers import basket_of
from bocage.shopfront.views.frames import face_of
from bocage.shopfront.views.hours import hand_over
from bocage.shopfront.views.visits import Visit, shopping
from bocage.ui.pages import go, say, showing_refusals

METHODS = ["GET", "HEAD", "POST"]
Words = Callable[[Details], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """An order in the making: the visit, its basket with the delivery chosen, what was asked so far."""

    here: Visit
    basket: BasketView
    details: Details
    delivery: DeliveryChoice | None
    stored: Stored = NOTHING_STORED


@require_http_methods(METHODS)
def who(request: HubRequest, slug: str) -> HttpResponse:
    """Ask who orders and where the goods go."""
    here, is_guest = shopping(request, slug), request.actor.person_id is None
    is_known = here.shop.allows_guests or not is_guest
    asked = partial(WhoForm, deliveries=here.offered.deliveries, needs_phone=here.shop.needs_phone)
    form = asked(request.POST, details=Details()) if request.method == "POST" and is_known else None
    if form is not None and _is_kept(here, form):
        return go(request, here.url("pay"))
    order = _order(request, here)
    if not order.basket.quantities:
        return go(request, here.url("basket"))
    log_in = f"{reverse('account_login')}?next={here.url('who')}" if is_guest else ""
    if not is_known:
        return _answer(request, order, 1, "shopfront/log_in.html", lambda details: {"log_in": log_in})
    price = partial(baskets.delivery_price, order.basket, here.offered, postcode=order.details.postcode)
    prices = [price(delivery=one) for one in here.offered.deliveries]

    def words(details: Details) -> dict[str, Any]:
        shown = form or asked(details=details)
        choices = _choices(here.offered.deliveries, prices, str(shown["delivery_method_id"].value() or ""))
        return {"form": shown, "choices": choices, "addresses": known(request.actor).addresses, "log_in": log_in}

    return _answer(request, order, 1, "shopfront/who.html", words, same=tuple(prices), status=422 if form else 200)


@require_http_methods(METHODS)
def pay(request: HubRequest, slug: str) -> HttpResponse:
    """Ask how the order is paid."""
    here = shopping(request, slug)
    payments = here.offered.payments
    stands = standing(hub_id=here.shop.hub_id, person_id=request.actor.person_id, now=request.now)
    asked = partial(PayForm, payments=payments, credit=stands.credit if stands else None)
    form = asked(request.POST, details=Details()) if request.method == "POST" else None
    if form is not None:
        with showing_refusals(form):
            if form.is_valid() and _is_paid_so(request, here, form):
                return go(request, here.url("confirm"))
    order = _order(request, here, stands=stands)
    if not order.basket.quantities or not order.details.knows_who or order.delivery is None:
        return go(request, here.url("who"))

    def words(details: Details) -> dict[str, Any]:
        shown = form or asked(details=details)
        chosen = str(shown["payment_method_id"].value() or "")
        ways = [(one, str(one.id) == chosen, _cost_of(order, one)) for one in payments]
        return {"form": shown, "payments": ways, "stands": stands}

    return _answer(request, order, 2, "shopfront/pay.html", words, same=tuple(payments), status=422 if form else 200)


@require_http_methods(METHODS)
def confirm(request: HubRequest, slug: str) -> HttpResponse:
    """Show everything once more; the button is the order. The same confirmation twice leads to the same order."""
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            placed = actions.check_out(
                owner=owner_of(request), slug=slug, cycle_id=form.cleaned_data["cycle"], key=form.cleaned_data["key"],
                shown_total=form.shown, stored=form.stored, accepted=form.cleaned_data["accepted"],
                language=get_language() or "fr", actor=request.actor, now=request.now,
            )  # fmt: skip
            if placed.awaits_payment:
                return pay_first(request, placed)
            return go(request, reverse("orders:page", args=[placed.ref, placed.token]))
    here = shopping(request, slug)
    stands = standing(hub_id=here.shop.hub_id, person_id=request.actor.person_id, now=request.now)
    return _check(request, _order(request, here, tell=not form.errors, stands=stands), form, VoucherForm())


@require_POST
def voucher(request: HubRequest, slug: str) -> HttpResponse:
    """Take what a voucher is worth off the order; an empty code leaves it out again."""
    here = shopping(request, slug)
    stands = standing(hub_id=here.shop.hub_id, person_id=request.actor.person_id, now=request.now)
    order, form = _order(request, here, stands=stands), VoucherForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.keep_voucher(
                owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, code=form.cleaned_data["code"],
                goods=order.basket.quote.goods_total, now=request.now,
            )  # fmt: skip
            return go(request, here.url("confirm"))
    return _check(request, order, ConfirmForm(), form)


def _check(request: HubRequest, order: Order, form: ConfirmForm, voucher: VoucherForm) -> HttpResponse:
    """Show the last step, with what is wrong in it."""
    here, details = order.here, order.details
    payment = next((one for one in here.offered.payments if one.id == details.payment_method_id), None)
    if not order.basket.quantities or not details.knows_who or order.delivery is None:
        return _sent_back(request, form, here.url("who"))
    if payment is None:
        return _sent_back(request, form, here.url("pay"))
    texts = here.offered.texts

    def words(details: Details) -> dict[str, Any]:
        return {"form": form, "payment": payment, "texts": texts, "voucher": voucher, "stored": stored_words(order)}

    status = 422 if form.errors or voucher.errors else 200
    return _answer(request, order, 3, "shopfront/confirm.html", words, same=(payment, *texts), status=status)


def stored_words(order: Order) -> dict[str, Any] | None:
    """What is paid in advance and what is left from last time, as amounts to show; None where it is nothing."""
    stored, total = order.stored, order.basket.total
    if not stored.is_something:
        return None
    paid = Money(stored.credit_minor + stored.gift_minor, total.currency)
    return {
        "shown": stored,
        "credit": Money(-stored.credit_minor, total.currency),
        "gift": Money(-stored.gift_minor, total.currency),
        "debt": Money(stored.debt_minor, total.currency),
        "left": total + Money(stored.debt_minor, total.currency) - paid,
    }


def _is_paid_so(request: HubRequest, here: Visit, form: PayForm) -> bool:
    """Keep how the order is to be paid; a gift voucher is looked at first. Raises what `keep_stored` raises."""
    kept = form.cleaned_data
    if kept["gift"]:
        actions.keep_stored(
            owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, credit_minor=None, gift=kept["gift"],
            now=request.now,
        )  # fmt: skip
    details = {"payment_method_id": kept["payment_method_id"], "credit_minor": form.credit_minor}
    details |= {} if kept["gift"] else {"gift": ""}
    return actions.keep_details(owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, details=details)


def _cost_of(order: Order, choice: PaymentChoice) -> Money | None:
    """What paying in a way costs for this basket; None where it costs nothing."""
    quote = order.basket.quote
    if choice.fee is None or not quote.lines:
        return None
    return charge_order(choice.fee, [line.item.goods for line in quote.lines]).total


def _sent_back(request: HubRequest, form: ConfirmForm, url: str) -> HttpResponse:
    """Lead to the step that has to be done again, saying why."""
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return go(request, url)


def _is_kept(here: Visit, form: WhoForm) -> bool:
    """Whether a step is well answered, and its answers are kept with a basket."""
    kept = partial(actions.keep_details, owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id)
    return form.is_valid() and kept(details=form.cleaned_data)


def _order(request: HubRequest, here: Visit, *, tell: bool = True, stands: Standing | None = None) -> Order:
    """The order in the making; a voucher that no longer counts leaves it, which is said unless something else is.

    stands: how its customer stands at the hub, where the step shows that.
    """
    order = _priced(request, here, tell)
    return replace(order, stored=_stored(request, order, stands, tell))


def _stored(request: HubRequest, order: Order, stands: Standing | None, tell: bool) -> Stored:
    """What pays the order in advance; a gift voucher that no longer pays leaves it, which is said."""
    gift_left, code = 0, order.details.gift
    if code:
        try:
            found = gift_by_code(hub_id=order.here.shop.hub_id, code=code)
            gift_left = gift_usable(found, code=code, at=request.now).minor
        except Refused as refusal:
            here = order.here
            actions.keep_details(
                owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, details={"gift": ""}
            )
            if tell:
                messages.warning(request, say(refusal))
    if stands is None and not gift_left:
        return NOTHING_STORED
    return share_stored(
        total=order.basket.total.minor,
        debt=stands.debt.minor if stands else 0,
        gift_left=gift_left,
        credit_left=max(stands.credit.minor, 0) if stands else 0,
        credit_wanted=order.details.credit_minor,
    )


def _priced(request: HubRequest, here: Visit, tell: bool) -> Order:
    basket = basket_of(here)
    details = details_of(basket, request.actor)
    delivery = delivery_of(here.offered, details.delivery_method_id)
    if delivery is not None:
        payment = next((one.fee for one in here.offered.payments if one.id == details.payment_method_id), None)
        quoted = baskets.handed_over(basket, here.offered, delivery, details.postcode, payment)
        basket = replace(basket, quote=quoted)
    if not details.voucher:
        return Order(here, basket, details, delivery)
    try:
        goods = basket.quote.goods_total
        off = voucher_of(hub_id=here.shop.hub_id, code=details.voucher, goods=goods, at=request.now)
        basket = replace(basket, quote=with_voucher(basket.quote, off))
    except Refused as refusal:
        details = replace(details, voucher="")
        actions.keep_details(
            owner=here.owner, hub_id=here.shop.hub_id, cycle_id=here.selling.id, details={"voucher": ""}
        )
        if tell:
            messages.warning(request, say(refusal))
    return Order(here, basket, details, delivery)


def _answer(
    request: HubRequest,
    order: Order,
    number: int,
    template: str,
    words: Words,
    *,
    same: Hashable = (),
    status: int = 200,
) -> HttpResponse:
    """Show a step: as a stencil to guests whose basket is as they left it, made anew for everybody else."""
    here, kept = order.here, order.details
    step = steps.Step(
        template, order.basket, kept, lambda details: {**_frame(order, number, details), **words(details)}
    )
    if status != 200 or request.actor.person_id is not None or order.basket.changed or kept.gift:
        return steps.whole(request, here, step, status=status)
    chosen = (kept.delivery_method_id, kept.payment_method_id, kept.save_address)
    return steps.cut(request, here, step, same=(same, chosen, order.delivery))


def _frame(order: Order, step: int, details: Details) -> dict[str, Any]:
    here = order.here
    names = [(gettext("Who and where"), "who"), (gettext("Pay"), "pay"), (gettext("Check"), "confirm")]
    return {
        "here": here,
        "shop": here.shop,
        "face": face_of(here.shop),
        "sale": here.sale,
        "basket": order.basket,
        "details": details,
        "delivery": hand_over(order.delivery) if order.delivery else None,
        "step": step,
        "steps": [{"label": label, "url": here.url(name)} for label, name in names],
        "shop_url": here.url("shop"),
        "basket_url": here.url("basket"),
        "urls": {name: here.url(name) for name in ("who", "pay", "confirm", "voucher", "review")},
    }


def _choices(deliveries: Sequence[DeliveryChoice], prices: Sequence[Money], chosen: str) -> list[dict[str, Any]]:
    """The ways to get this order, each with what it costs for this basket."""
    return [
        {"words": hand_over(one), "checked": str(one.id) == chosen, "price": price}
        for one, price in zip(deliveries, prices, strict=True)
    ]
