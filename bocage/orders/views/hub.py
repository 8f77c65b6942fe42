"""A hub's orders: the list with its filters, one order's page, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.invoicing.queries import documents_about
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.enterprises import hubs_of
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions, words
from bocage.orders.actions import kinds
from bocage.orders.explaining import explain_order
from bocage.orders.forms import (
    AddForm,
    AdjustmentForm,
    CancelForm,
    MoneyForm,
    NoteForm,
    PaymentWayForm,
    QuantitiesForm,
    VoucherForm,
    WeightsForm,
)
from bocage.orders.queries import choices, hubs
from bocage.orders.queries.bulk import kept_filters
from bocage.orders.queries.lists import hub_orders
from bocage.orders.queries.pages import OrderPage, order_page
from bocage.orders.queries.searching import find_offers
from bocage.orders.rules import SHOWN, mark_of
from bocage.orders.views.filters import Filters
from bocage.payments.queries.attempts import CardRow, saved_cards
from bocage.ui import formats
from bocage.ui.pages import go, page, showing_refusals


@login_required
@require_safe
def orders(request: HubRequest, slug: str) -> HttpResponse:
    """List the hub's orders, newest first, as the filter sentence says."""
    hub, actor = _hub(request, slug), request.actor
    others = _other_hubs(request, hub)
    more = others if request.GET.get("hubs") == "all" else []
    whose: dict[str, Any] = {"hub_id": hub.id, "actor": actor, "more_hubs": more}
    cycles, places = hubs.cycles_with_orders(**whose), hubs.places_with_orders(**whose)
    wanted = Filters.read(request.GET, cycles=cycles, places=places)
    found = hub_orders(**whose, **wanted.asked(hub.zone))
    return hub_page(
        request,
        "orders/hub/list.html",
        part="found",
        hub=hub,
        nav="orders",
        cycles=cycles,
        places=places,
        wanted=wanted,
        has_others=bool(others),
        several=bool(more),
        found=found,
        shown=len(found.rows),
        next_url=f"?{wanted.query(after=found.next)}" if found.next else "",
        kept=kept_filters(hub_id=hub.id, actor=actor),
        here=wanted.query(after=None),
        kinds=[kind for kind in kinds.added().values() if actor.may(kind.right, on=hub.id)],
        papers_url=address("fulfilment:chosen", slug=hub.slug, what="labels"),
        may_pack=actor.may(Right.PACK, on=hub.id),
        may_act=actor.may(Right.RECORD_PAYMENTS, on=hub.id) and not more,
        may_manage=actor.may(Right.MANAGE_ORDERS, on=hub.id),
        may_invoice=actor.may(Right.ISSUE_INVOICES, on=hub.id),
    )


@login_required
@require_safe
def show(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Show one order with all that is known of it, and what may be done."""
    return show_order(request, slug, ref)


@login_required
@require_safe
def sheet(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Show one order on a sheet to print."""
    hub, order = find_order(request, slug, ref)
    return page(request, "orders/hub/sheet.html", order=order, hub_row=hub)


@login_required
@require_safe
def explained(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Show each step that made an order's total."""
    hub, order = find_order(request, slug, ref)
    sections = explain_order(ref=ref, actor=request.actor)
    return hub_page(request, "orders/hub/explained.html", hub=hub, nav="orders", order=order, sections=sections)


@login_required
@require_POST
def payments(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Record what the customer paid."""
    form = MoneyForm(request.POST, prefix="payment")
    return _money(request, slug, ref, form, actions.record_payment, said=gettext("Payment recorded."), name="payment")


@login_required
@require_POST
def charge_card(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Charge what is due to the card that the customer lets the hub charge."""
    hub, order = find_order(request, slug, ref)
    cards = saved_cards(order.customer_id)
    if not cards:
        raise NotFound
    try:
        state = actions.charge_saved(
            order_id=order.order_id, card_id=cards[0].id, label=f"{hub.name}, {order.ref}", actor=request.actor,
            now=request.now,
        )  # fmt: skip
        if state == "succeeded":
            messages.success(request, gettext("The card is charged."))
        else:
            messages.warning(request, gettext("The bank wants the customer: they get the link to pay by mail."))
    except Refused as refusal:
        messages.error(request, gettext(refusal.message) % refusal.values)
    return go(request, reverse("orders:show", args=[slug, ref]))


@login_required
@require_POST
def refunds(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Record what was given back to the customer."""
    form = MoneyForm(request.POST, prefix="refund", online=True)
    if form.data.get("refund-means") == "online":
        said = gettext("The money is on its way back to the customer.")
        return _money(request, slug, ref, form, _refund_online, said=said, name="refund")
    return _money(request, slug, ref, form, actions.refund, said=gettext("Refund recorded."), name="refund")


@login_required
@require_POST
def quantities(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Change how many of each line the order holds."""
    _, order = find_order(request, slug, ref)
    form = QuantitiesForm(request.POST, prefix="quantities", lines=order.lines)

    def change() -> None:
        actions.change_quantities(
            order_id=order.order_id,
            quantities=form.quantities(),
            seen=form.seen(),
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, change, said=gettext("Quantities changed."), name="quantities")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def products(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Search what the order's sale offers, and put it into the order."""
    form = AddForm(request.POST) if request.method == "POST" else None
    if form is not None:
        with showing_refusals(form):
            if form.is_valid():
                return _add(request, slug, ref, form.cleaned_data)
    return _products_page(request, slug, ref, form)


@login_required
@require_POST
def weights(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Enter what weighed lines really weigh; prices and the balance follow."""
    _, order = find_order(request, slug, ref)
    form = WeightsForm(request.POST, prefix="weights", lines=[line for line in order.lines if line.is_weighed])

    def weigh() -> None:
        actions.set_final_weights(
            order_id=order.order_id,
            weights=form.weights(),
            seen=form.seen(),
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, weigh, said=gettext("Weights saved, prices follow."), name="weights")


@login_required
@require_POST
def cancellation(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Cancel the order, with or without a mail and its goods back in stock."""
    _, order = find_order(request, slug, ref)
    form = CancelForm(request.POST)
    said = gettext("Order cancelled. Its goods are for sale again.")
    if "no_stock" in request.POST:
        said = gettext("Order cancelled. Its goods were not put back into stock.")

    def cancel() -> None:
        given = form.cleaned_data
        actions.cancel_order(
            order_id=order.order_id,
            to_stock=not given["no_stock"],
            is_told=not given["no_mail"],
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, cancel, said=said, name="state")


@login_required
@require_POST
def resumption(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Take a cancelled order up again."""
    return _simple(request, slug, ref, actions.resume_order, said=gettext("The order stands again."))


def _other_hubs(request: HubRequest, hub: HubFrame) -> list[int]:
    """The other hubs whose orders this person may see by a role there, in one query."""
    may = (one for one in hubs_of(request.actor) if request.actor.may(Right.SEE_ORDERS, on=one.id))
    return [one.id for one in may if one.id != hub.id]


def _refund_online(*, means: str, **given: Any) -> None:
    actions.refund_online(**given)


def _add(request: HubRequest, slug: str, ref: str, given: dict[str, int]) -> HttpResponse:
    _, order = find_order(request, slug, ref)
    vid, quantity = given["variant"], given["quantity"]
    actions.change_quantities(
        order_id=order.order_id,
        quantities={vid: quantity},
        seen={vid: given["seen"]},
        actor=request.actor,
        now=request.now,
    )
    _, order = find_order(request, slug, ref)
    name = next((line.product_name for line in order.lines if line.variant_id == vid), "")
    said = gettext("%(product)s: %(quantity)s in the order, %(total)s in all.")
    values = {"product": name, "quantity": quantity, "total": formats.money(order.total)}
    messages.success(request, said % values)
    return go(request, reverse("orders:products", args=[slug, ref]))


def _products_page(request: HubRequest, slug: str, ref: str, form: AddForm | None) -> HttpResponse:
    hub, order = find_order(request, slug, ref)
    text = (request.POST if form else request.GET).get("q", "").replace("\x00", "")[:80]
    found = find_offers(
        hub_id=hub.id,
        cycle_id=order.cycle_id,
        text=text,
        held={line.variant_id: line.quantity for line in order.lines},
        actor=request.actor,
        now=request.now,
    )
    return hub_page(
        request,
        "orders/hub/add.html",
        part="" if form else "offers",
        status=422 if form else 200,
        hub=hub,
        nav="orders",
        order=order,
        found=found,
        text=text,
        add_form=form,
    )


def _money(
    request: HubRequest,
    slug: str,
    ref: str,
    form: MoneyForm,
    act: Callable[..., None],
    *,
    said: str,
    name: str,
) -> HttpResponse:
    _, order = find_order(request, slug, ref)

    def record() -> None:
        given = form.cleaned_data
        act(
            order_id=order.order_id,
            amount=Money(given["amount"], order.total.currency),
            means=given["means"],
            note=given["note"],
            key=f"{name}:{order.ref}:{given['key']}"[:80],
            actor=request.actor,
            now=request.now,
        )

    return done(request, slug, ref, form, record, said=said, name=name)


def _simple(request: HubRequest, slug: str, ref: str, act: Callable[..., None], *, said: str) -> HttpResponse:
    _, order = find_order(request, slug, ref)

    def do() -> None:
        act(order_id=order.order_id, actor=request.actor, now=request.now)

    return done(request, slug, ref, forms.Form({}), do, said=said, name="state")


def done(
    request: HubRequest, slug: str, ref: str, form: forms.Form, act: Callable[[], None], *, said: str, name: str
) -> HttpResponse:
    """Act if the form holds, say so and go back; otherwise show the order's page with the form's errors, 422."""
    with showing_refusals(form):
        if form.is_valid():
            act()
            messages.success(request, said)
            return go(request, _back(request, slug, ref))
    return show_order(request, slug, ref, status=422, **{f"{name}_form": form}, opened=name)


def _back(request: HubRequest, slug: str, ref: str) -> str:
    return _here(request, request.POST.get("next", "")) or reverse("orders:show", args=[slug, ref])


def _here(request: HubRequest, url: str) -> str:
    """Return an address that somebody handed us if it leads nowhere else than to this site; else nothing."""
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def show_order(request: HubRequest, slug: str, ref: str, *, status: int = 200, **filled: Any) -> HttpResponse:
    """Return the page of an order; filled: forms that were refused, by their names in the template."""
    hub, order = find_order(request, slug, ref)
    weighed = [line for line in order.lines if line.is_weighed]
    names = hubs.enterprise_names(words.account_ids(order.entries))
    currency = order.total.currency
    given = {
        "payment_form": MoneyForm.fresh(order.due, prefix="payment"),
        "refund_form": MoneyForm.fresh(
            min(-order.due, order.paid), prefix="refund", online=any(row.means == "online" for row in order.payments)
        ),
        "cancel_form": CancelForm(),
        "quantities_form": QuantitiesForm(prefix="quantities", lines=order.lines),
        "weights_form": WeightsForm(prefix="weights", lines=weighed),
        **_term_forms(request, hub, order),
        **filled,
    }
    return hub_page(
        request,
        "orders/hub/show.html",
        status=status,
        hub=hub,
        nav="orders",
        **given,
        order=order,
        has_voucher=any(charge.kind == "voucher" for charge in order.charges),
        marks={what: mark_of(what, order) for what in SHOWN},
        back=_here(request, request.GET.get("back", "") or request.POST.get("next", "")),
        lines=_with_fields(order, given["quantities_form"], given["weights_form"]),
        has_weighed=bool(weighed),
        changes=[
            words.change_in_words(row.what, row.details, row.by_name, row.at, currency=currency)
            for row in reversed(order.changes)
        ],
        entries=[words.entry_in_words(entry, names=names, customer=order.name) for entry in order.entries],
        may_manage=request.actor.may(Right.MANAGE_ORDERS, on=hub.id),
        may_pack=request.actor.may(Right.PACK, on=hub.id),
        may_record=request.actor.may(Right.RECORD_PAYMENTS, on=hub.id),
        may_invoice=request.actor.may(Right.ISSUE_INVOICES, on=hub.id),
        documents=documents_about([f"order:{order.ref}"]),
        cards=_cards(order),
        payments=[(row, words.MEANS.get(row.means, row.means)) for row in order.payments],
    )


def _term_forms(request: HubRequest, hub: HubFrame, order: OrderPage) -> dict[str, Any]:
    """The forms that change what an order says besides its goods, for who may use them."""
    if order.state != "placed" or not request.actor.may(Right.MANAGE_ORDERS, on=hub.id):
        return {}
    ways = choices.payment_choices(cycle_id=order.cycle_id, hub_id=hub.id)
    return {
        "note_form": NoteForm(prefix="note", initial={"note": order.note}),
        "payment_way_form": PaymentWayForm(prefix="way", ways=ways, initial={"method": order.payment_method_id}),
        "adjustment_form": AdjustmentForm.fresh(choices.rates_to_choose(hub_id=hub.id)),
        "voucher_form": VoucherForm(prefix="voucher"),
    }


def _cards(order: OrderPage) -> list[CardRow]:
    """The customer's cards to charge, asked for only where an order is to be paid online and something is due."""
    is_meant = order.payment_kind == "card" and order.state == "placed" and order.due.minor > 0
    return saved_cards(order.customer_id) if is_meant else []


def _with_fields(order: OrderPage, quantities: forms.Form, weights: forms.Form) -> list[dict[str, Any]]:
    return [
        {
            "row": line,
            "quantity": quantities[f"q{line.variant_id}"],
            "weight": weights[f"w{line.id}"] if line.is_weighed else None,
            "ordered_g": line.size * line.quantity,
        }
        for line in order.lines
    ]


def find_order(request: HubRequest, slug: str, ref: str) -> tuple[HubFrame, OrderPage]:
    """Return a hub and one of its orders. Raises NotFound, Forbidden."""
    hub = _hub(request, slug)
    hubs.order_id_at(hub_id=hub.id, ref=ref)
    return hub, order_page(ref=ref, actor=request.actor, now=request.now)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
