"""An order's page for its customer: when and where to fetch it, how to pay, change or cancel it while that is possible.

The link is the key: whoever holds it may do this, so its pages are neither kept, listed nor told to other sites.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.invoicing.queries import documents_about
from bocage.network.requests import HubRequest
from bocage.orders import actions, appointments, qr, words
from bocage.orders.forms import QuantitiesForm
from bocage.orders.queries.choices import payment_choices
from bocage.orders.queries.lists import my_orders
from bocage.orders.queries.pages import OrderPage, order_page
from bocage.orders.views.paying import reason_in_words
from bocage.orders.views.private import private
from bocage.payments.queries.attempts import latest_charge
from bocage.shops.faces import face
from bocage.shops.queries.faces import label_of
from bocage.ui.formats import NBSP, day, hour, relative
from bocage.ui.pages import go, page, showing_refusals


@private
@require_safe
def show(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Show an order to whoever holds its link."""
    return _page(request, _order(request, ref, token))


@private
@require_POST
def quantities(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Change how many of each line the order holds."""
    order = _order(request, ref, token)
    form = QuantitiesForm(request.POST, lines=order.lines)
    with showing_refusals(form):
        if form.is_valid():
            actions.change_quantities(
                order_id=order.order_id,
                quantities=form.quantities(),
                seen=form.seen(),
                actor=request.actor,
                now=request.now,
                token=token,
            )
            messages.success(request, gettext("Your order is changed."))
            return go(request, _url("page", order))
    return _page(request, order, form)


@private
@require_POST
def cancellation(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Cancel the order."""
    order = _order(request, ref, token)
    form = forms.Form(request.POST)
    with showing_refusals(form):
        actions.cancel_order(order_id=order.order_id, actor=request.actor, now=request.now, token=token)
        messages.success(request, gettext("Your order is cancelled. Nothing is owed for it."))
        return go(request, _url("page", order))
    return _page(request, _order(request, ref, token), refused=form)


@private
@require_safe
def ics(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Return the pickup or the delivery as an appointment for a calendar."""
    order = _order(request, ref, token)
    if order.hand_over_from is None or order.hand_over_to is None:
        return _page(request, order)
    title = gettext("Pickup: %(place)s") if order.delivery_kind == "pickup" else gettext("Delivery: %(place)s")
    text = appointments.event(
        uid=f"order-{order.ref}@{request.get_host()}",
        title=title % {"place": order.hub.name},
        starts_at=order.hand_over_from,
        ends_at=order.hand_over_to,
        made_at=order.placed_at,
        place=_where(order),
        text=gettext("Order %(ref)s") % {"ref": order.ref},
        url=_link(request, order),
        is_cancelled=order.state == "cancelled",
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{order.ref}.ics"'
    return response


@login_required
@require_safe
def mine(request: HubRequest) -> HttpResponse:
    """List the orders of the signed-in person: a page, or for htmx the list alone."""
    return page(request, "orders/shopper/mine.html", part="rows", rows=my_orders(actor=request.actor, now=request.now))


def _order(request: HubRequest, ref: str, token: str) -> OrderPage:
    """Return the order of a link; within a frame of another site, only of the hub whose shop stands there."""
    found = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    frame = getattr(request, "embedded", None)
    if frame is not None and frame.slug != found.hub.slug:
        raise NotFound()
    return found


def _page(
    request: HubRequest, order: OrderPage, form: QuantitiesForm | None = None, refused: forms.Form | None = None
) -> HttpResponse:
    link = _link(request, order)
    shown = form or QuantitiesForm(lines=order.lines)
    failed = bool((form and form.errors) or (refused and refused.errors))
    return page(
        request,
        "orders/shopper/page.html",
        order=order,
        face=face(label_of(order.hub.id), name=order.hub.name, slug=order.hub.slug),
        lines=[(line, shown[f"q{line.variant_id}"]) for line in order.lines],
        form=form,
        refused=refused,
        first_name=order.name.split(" ")[0],
        where=_where(order),
        when=_when(order),
        hours=_hours(order),
        steps=_steps(order, request),
        changes=[words.change_in_words(row.what, row.details, row.by_name, row.at) for row in order.changes],
        code=qr.code(link),
        documents=documents_about([f"order:{order.ref}"]),
        map_query=_where(order),
        online=_online(order, request),
        status=422 if failed else 200,
    )


def _link(request: HubRequest, order: OrderPage) -> str:
    """Return the whole address of an order to keep: the same whether it was placed here or in a frame elsewhere."""
    frame = getattr(request, "embedded", None)
    path = _url("page", order)
    return request.build_absolute_uri(path.removeprefix(f"/embed/{frame.slug}") if frame else path)


def _online(order: OrderPage, request: HubRequest) -> dict[str, Any] | None:
    """What the page needs to pay online; None where nothing is to be paid that way, at no query's cost."""
    if order.payment_kind != "card" or order.state == "cancelled" or order.due.minor <= 0:
        return None
    choices = payment_choices(cycle_id=order.cycle_id, hub_id=order.hub.id)
    others = [one for one in choices if one.kind != "card"]
    return {
        "can_pay": any(one.kind == "card" for one in choices),
        "others": others if order.state == "awaiting" else [],
        "reason": reason_in_words(latest_charge(f"order:{order.ref}")),
        "may_keep_card": request.actor.person_id is not None,
    }


def _steps(order: OrderPage, request: HubRequest) -> list[dict[str, Any]]:
    """What happens from now on, as a timeline."""
    now, closed = request.now, request.now >= order.closes_at
    steps = [
        {"label": gettext("You ordered"), "when": relative(order.placed_at, now), "state": "done"},
        {
            "label": gettext("The sale closes"),
            "when": relative(order.closes_at, now),
            "state": "done" if closed else "next",
            "text": gettext("Until then you may still change your mind.") if order.may_change else "",
        },
        {"label": gettext("The farms harvest, bake and pack"), "when": "", "state": "next" if closed else "later"},
    ]
    if order.hand_over_from:
        said = gettext("You come and fetch it") if order.delivery_kind == "pickup" else gettext("We bring it to you")
        over = order.hand_over_to is not None and now >= order.hand_over_to
        steps[2]["state"] = "done" if now >= order.hand_over_from else steps[2]["state"]
        steps.append({"label": said, "when": _when(order), "state": "done" if over else "later"})
    return steps


def _where(order: OrderPage) -> str:
    town = f"{order.delivery_postcode} {order.delivery_town}".strip()
    street = ", ".join(part for part in (order.delivery_street, order.delivery_street2) if part)
    return ", ".join(part for part in (street, town) if part)


def _when(order: OrderPage) -> str:
    return day(order.hand_over_from) if order.hand_over_from else ""


def _hours(order: OrderPage) -> str:
    if order.hand_over_from is None or order.hand_over_to is None:
        return ""
    return f"{hour(order.hand_over_from)}{NBSP}– {hour(order.hand_over_to)}"


def _url(name: str, order: OrderPage) -> str:
    return reverse(f"orders:{name}", args=[order.ref, order.token])
