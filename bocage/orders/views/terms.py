"""What a hub changes of a placed order besides its goods: hand-over, customer, payment, note, discounts, a voucher."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from bocage.commons.money import Money
from bocage.network.hub_pages import hub_page
from bocage.network.requests import HubRequest
from bocage.orders import actions
from bocage.orders.foreseeing import ways_to_hand_over
from bocage.orders.forms import AdjustmentForm, BuyerForm, HandOverForm, NoteForm, PaymentWayForm, VoucherForm
from bocage.orders.queries import choices, phone
from bocage.orders.queries.pages import OrderPage
from bocage.orders.rules import Buyer, Delivered, mark_of
from bocage.orders.views.hub import done, find_order
from bocage.ui import formats
from bocage.ui.pages import go, showing_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Choose another way to hand an order over, or another address, seeing what it will cost."""
    hub, order = find_order(request, slug, ref)
    ways = ways_to_hand_over(
        order_id=order.order_id, address=_address(request, order), actor=request.actor, now=request.now
    )
    form = HandOverForm(request.POST or None, ways=ways, initial=_handed_over(order) | request.GET.dict())
    with showing_refusals(form):
        if request.method == "POST" and form.is_valid():
            actions.change_hand_over(
                order_id=order.order_id,
                method_id=form.cleaned_data["delivery"],
                address=form.delivered(),
                seen=form.cleaned_data["seen"],
                actor=request.actor,
                now=request.now,
            )
            _, after = find_order(request, slug, ref)
            said = gettext("Hand-over saved: %(place)s, %(total)s in all.")
            values = {"place": after.delivery_name, "total": formats.money(after.total)}
            messages.success(request, said % values)
            return go(request, _back(slug, ref))
    chosen = form["delivery"].value()
    return hub_page(
        request,
        "orders/hub/hand_over.html",
        part="ways",
        status=422 if form.errors else 200,
        hub=hub,
        nav="orders",
        order=order,
        form=form,
        ways=[(way, f"way-{way.id}", str(way.id) == str(chosen)) for way in ways],
        brings=any(not way.choice.is_pickup for way in ways),
        seen=mark_of("hand_over", order),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def customer(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Give an order to another customer, or say better how its own is called and reached."""
    hub, order = find_order(request, slug, ref)
    wanted = request.GET.get("customer", str(order.customer_id))
    text = request.GET.get("q", "").replace("\x00", "")[:80]
    other = _caller(request, hub.id, wanted) if wanted != str(order.customer_id) else None
    form = BuyerForm(request.POST or None, initial=_buyer(order, wanted, other))
    with showing_refusals(form):
        if request.method == "POST" and form.is_valid():
            _change_customer(request, hub.id, order, form)
            messages.success(request, gettext("Customer saved."))
            return go(request, _back(slug, ref))
    return hub_page(
        request,
        "orders/hub/customer.html",
        part="callers",
        status=422 if form.errors else 200,
        hub=hub,
        nav="orders",
        order=order,
        form=form,
        chosen=str(form["customer"].value() or ""),
        is_own=str(form["customer"].value() or "") == str(order.customer_id),
        text=text,
        callers=phone.find_callers(hub_id=hub.id, text=text, actor=request.actor),
        seen=mark_of("customer", order),
    )


@login_required
@require_POST
def payment_way(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Let an order be paid in another way."""
    hub, order = find_order(request, slug, ref)
    ways = choices.payment_choices(cycle_id=order.cycle_id, hub_id=hub.id)
    form = PaymentWayForm(request.POST, prefix="way", ways=ways)

    def change() -> None:
        given = form.cleaned_data
        actions.change_payment_way(
            order_id=order.order_id,
            method_id=given["method"],
            seen=given["seen"],
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, change, said=gettext("Way to pay saved."), name="payment_way")


@login_required
@require_POST
def note(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Write the note of an order anew."""
    _, order = find_order(request, slug, ref)
    form = NoteForm(request.POST, prefix="note")

    def change() -> None:
        given = form.cleaned_data
        actions.change_note(
            order_id=order.order_id, note=given["note"], seen=given["seen"], actor=request.actor, now=request.now
        )

    return done(request, slug, ref, form, change, said=gettext("Note saved."), name="note")


@login_required
@require_POST
def adjustments(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Put a discount or an extra on an order."""
    hub, order = find_order(request, slug, ref)
    form = AdjustmentForm(request.POST, prefix="adjustment", rates=choices.rates_to_choose(hub_id=hub.id))

    def add() -> None:
        given = form.cleaned_data
        actions.add_adjustment(
            order_id=order.order_id,
            label=given["label"],
            amount=Money(form.signed(), order.total.currency),
            tax_rate_id=given.get("rate"),
            key=given["key"],
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, add, said=gettext("Saved: total and balance follow."), name="adjustment")


@login_required
@require_POST
def adjustment_back(request: HubRequest, slug: str, ref: str, adjustment_id: int) -> HttpResponse:
    """Take a discount or an extra back."""
    _, order = find_order(request, slug, ref)
    actions.take_adjustment_back(
        order_id=order.order_id, adjustment_id=adjustment_id, actor=request.actor, now=request.now
    )
    messages.success(request, gettext("Taken back: total and balance follow."))
    return go(request, _back(slug, ref))


@login_required
@require_POST
def voucher(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Take a voucher for a placed order."""
    _, order = find_order(request, slug, ref)
    form = VoucherForm(request.POST, prefix="voucher")

    def add() -> None:
        code = form.cleaned_data["code"]
        actions.add_voucher(order_id=order.order_id, code=code, actor=request.actor, now=request.now)

    return done(request, slug, ref, form, add, said=gettext("Voucher taken: total and balance follow."), name="voucher")


def _address(request: HubRequest, order: OrderPage) -> Delivered:
    """The address as it is typed just now, or as the order has it."""
    given = request.POST or (request.GET if "street" in request.GET else None)
    if given is None:
        return Delivered(**{name: str(value) for name, value in _handed_over(order).items() if name in _ADDRESS})
    return Delivered(**{name: given.get(name, "").replace("\x00", "").strip()[:160] for name in _ADDRESS})


_ADDRESS = ("street", "street2", "postcode", "town")


def _handed_over(order: OrderPage) -> dict[str, object]:
    """What the form shows first: the way of now, and the address unless that is a pickup point's."""
    is_brought = order.delivery_kind != "pickup"
    address = {name: getattr(order, f"delivery_{name}") if is_brought else "" for name in _ADDRESS}
    return {"delivery": order.delivery_method_id, **address}


def _caller(request: HubRequest, hub_id: int, wanted: str) -> phone.Caller | None:
    if not (wanted.isdecimal() and len(wanted) < 18):
        return None
    return phone.caller(hub_id=hub_id, actor=request.actor, customer_id=int(wanted))


def _buyer(order: OrderPage, wanted: str, other: phone.Caller | None) -> dict[str, object]:
    """What the form shows first: the order's customer, another that was chosen, or nothing for somebody new."""
    if wanted == str(order.customer_id):
        return {"customer": order.customer_id, "name": order.name, "email": order.email, "phone": order.phone}
    if other is None:
        return {"sends_confirmation": True}
    return {
        "customer": other.id,
        "name": other.name,
        "email": other.email,
        "phone": other.phone,
        "sends_confirmation": True,
    }


def _change_customer(request: HubRequest, hub_id: int, order: OrderPage, form: BuyerForm) -> None:
    given, actor = form.cleaned_data, request.actor
    known = phone.caller(hub_id=hub_id, actor=actor, customer_id=given["customer"], email=given["email"])
    actions.change_customer(
        order_id=order.order_id,
        customer_id=known.id if known else None,
        buyer=Buyer(given["name"], given["email"], given["phone"], known.language if known else ""),
        sends_confirmation=given["sends_confirmation"],
        seen=given["seen"],
        actor=actor,
        now=request.now,
    )


def _back(slug: str, ref: str) -> str:
    return reverse("orders:show", args=[slug, ref])
