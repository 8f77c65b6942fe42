"""Paying an order online: away to the bank, back to wait for its word, another way instead.

Coming back from the bank completes nothing: the page only shows what the bank has told us so far.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import Refused
from bocage.network.requests import HubRequest
from bocage.orders import actions
from bocage.orders.actions import Placed
from bocage.orders.queries.pages import OrderPage, order_page
from bocage.orders.views.private import private
from bocage.payments.queries.attempts import AttemptRow, latest_charge
from bocage.ui.pages import go, page, showing_refusals


def begin(request: HubRequest, *, order_id: int, ref: str, token: str, keep_card: bool = False) -> HttpResponse:
    """Begin to pay an order online and lead there; where that cannot be, to the order's page, which says why."""
    hub = order_page(ref=ref, actor=request.actor, now=request.now, token=token).hub.name
    try:
        actions.pay_online(
            order_id=order_id,
            token=token,
            back_url=request.build_absolute_uri(_outside_frames(request, ref, token)),
            label=gettext("%(hub)s, order %(ref)s") % {"hub": hub, "ref": ref},
            keep_card=keep_card and request.actor.person_id is not None,
            actor=request.actor,
            now=request.now,
        )
    except Refused as refusal:
        messages.error(request, gettext(refusal.message) % refusal.values)
        return go(request, reverse("orders:page", args=[ref, token]))
    return go(request, reverse("orders:paying", args=[ref, token]))


def pay_first(request: HubRequest, placed: Placed) -> HttpResponse:
    """Lead who just ordered to pay, while their goods are held."""
    return begin(request, order_id=placed.order_id, ref=placed.ref, token=placed.token)


@private
@require_POST
def pay(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Begin to pay what is due."""
    order = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    return begin(request, order_id=order.order_id, ref=ref, token=token, keep_card="keep_card" in request.POST)


@private
@require_safe
def paying(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Lead to the bank's page, or show the fields of a card, which are the provider's own."""
    order = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    attempt = latest_charge(f"order:{ref}")
    if attempt is None or not attempt.is_under_way or not attempt.page:
        return go(request, _page(order))
    back = reverse("orders:payment_return", args=[ref, token])
    if attempt.on_own_page:
        return page(request, "orders/shopper/paying.html", order=order, attempt=attempt)
    response = page(
        request,
        "orders/shopper/card.html",
        order=order,
        attempt=attempt,
        back_url=back,
        stripe_js=settings.STRIPE_JS,
        stripe_key=settings.STRIPE_PUBLISHABLE_KEY,
    )
    _let_in_stripe(response)
    return response


@private
@require_safe
def payment_return(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Show that we wait for the bank's word, and lead on as soon as it is there."""
    order = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    attempt = latest_charge(f"order:{ref}")
    if order.state != "awaiting" or attempt is None or (not attempt.is_under_way and attempt.state != "succeeded"):
        if attempt is not None and attempt.state == "succeeded":
            messages.success(request, gettext("Paid. Thank you."))
        return go(request, _page(order))
    return page(request, "orders/shopper/waiting.html", part="wait", order=order, attempt=attempt)


@private
@require_POST
def other_way(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Pay in another way than online: the order stands from now on."""
    order = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    form = OtherWayForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            actions.choose_other_way(
                order_id=order.order_id, method_id=form.cleaned_data["method"], token=token, actor=request.actor,
                now=request.now,
            )  # fmt: skip
            messages.success(request, gettext("Your order stands. You pay it as you chose."))
            return go(request, _page(order))
    for sentence in form.non_field_errors() or [gettext("Choose how you want to pay.")]:
        messages.error(request, str(sentence))
    return go(request, _page(order))


class OtherWayForm(forms.Form):
    """The way to pay that is chosen instead."""

    method = forms.IntegerField()


def reason_in_words(attempt: AttemptRow | None) -> str:
    """Return why a payment came to nothing, as its payer reads it; '' when there is nothing to say."""
    if attempt is None or attempt.state != "ended":
        return ""
    if attempt.reason == "authentication_required":
        return gettext("Your bank wants you to pay this one yourself. Nothing was taken.")
    return gettext("The payment was not made. Nothing was taken: try again, or pay in another way.")


def _outside_frames(request: HubRequest, ref: str, token: str) -> str:
    """Where the bank sends the browser back to: no bank lets itself be shown in a frame of another site."""
    path, frame = reverse("orders:payment_return", args=[ref, token]), getattr(request, "embedded", None)
    return path.removeprefix(f"/embed/{frame.slug}") if frame else path


def _page(order: OrderPage) -> str:
    return reverse("orders:page", args=[order.ref, order.token])


def _let_in_stripe(response: HttpResponse) -> None:
    """Allow on this one page what Stripe's card fields need: their script, their frames, their calls."""
    origins = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, (settings.STRIPE_JS, settings.STRIPE_API))}
    frames = [*origins, "https://hooks.stripe.com"]
    response._csp_update = {  # type: ignore[attr-defined]
        "script-src": [*origins], "connect-src": [*origins], "frame-src": frames
    }  # fmt: skip
