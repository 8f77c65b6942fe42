"""Gift vouchers: sold by a hub over the counter, bought by anybody online, looked up by their code."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders.actions import gifts as actions
from bocage.orders.actions.gifts import Gift
from bocage.orders.forms import MEANS, AmountField
from bocage.orders.queries.hubs import Seller, seller_by
from bocage.orders.views.private import private
from bocage.payments.queries import accounts as queries
from bocage.payments.queries.attempts import latest_charge, pays_on_own_page
from bocage.ui.pages import go, page, showing_refusals

SALT = "bocage.orders.gift"


class GiftForm(forms.Form):
    """What somebody gives, to whom, with which words."""

    amount = AmountField(label=_("Amount"))
    buyer_name = forms.CharField(label=_("Who gives it"), max_length=120)
    buyer_email = forms.EmailField(label=_("Their e-mail"))
    to_name = forms.CharField(label=_("Who gets it"), max_length=120, required=False)
    to_email = forms.EmailField(
        label=_("E-mail of who gets it"), required=False, help_text=_("Empty: the code goes to who gives it.")
    )
    message = forms.CharField(
        label=_("A word with it"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def gift(self, currency: str) -> Gift:
        """Return what was typed."""
        said = {name: value for name, value in self.cleaned_data.items() if name in Gift.__dataclass_fields__}
        amount = Money(said.pop("amount"), currency)
        return Gift(amount=amount, language=get_language() or "fr", **said)


class SoldForm(GiftForm):
    """A gift voucher that is paid over the counter."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    means = forms.ChoiceField(label=_("How"), choices=MEANS, widget=forms.RadioSelect, initial="cash")


class CodeForm(forms.Form):
    """The code of a gift voucher."""

    code = forms.CharField(label=_("Code of the gift voucher"), max_length=40)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gifts(request: HubRequest, slug: str) -> HttpResponse:
    """List a hub's gift vouchers; sell one."""
    hub = _hub(request, slug)
    form = SoldForm(request.POST if request.method == "POST" else None, initial={"key": str(uuid.uuid4())})
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            said = form.cleaned_data
            actions.sell_gift(
                hub_id=hub.id, gift=form.gift(hub.currency), means=said["means"], key=f"gift:{hub.id}:{said['key']}"[:80],
                actor=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, gettext("Sold. The code is on its way by mail."))
            return go(request, reverse("orders:gifts", args=[slug]))
    rows = queries.gifts(hub_id=hub.id, actor=request.actor)
    return settings_page(
        request, "orders/hub/gifts.html", hub, "gifts", form, form=form, means=MEANS, owed=_owed(rows, hub.currency),
        rows=[{"row": row, "left": left, "is_paid": paid, "amount": Money(row.amount_minor, row.currency),
               "is_over": row.expires_at is not None and row.expires_at <= request.now} for row, left, paid in rows],
    )  # fmt: skip


@login_required
@require_POST
def gift_paid(request: HubRequest, slug: str, gift_id: int) -> HttpResponse:
    """Record that a gift voucher which was ordered is paid."""
    hub = _hub(request, slug)
    means = request.POST.get("means", "")
    if means in dict(MEANS):
        key = f"gift:{gift_id}:paid"
        actions.pay_gift(hub_id=hub.id, gift_id=gift_id, means=means, key=key, actor=request.actor, now=request.now)
        messages.success(request, gettext("Sold. The code is on its way by mail."))
    return go(request, reverse("orders:gifts", args=[slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def gift(request: HubRequest, slug: str) -> HttpResponse:
    """Let somebody give a gift voucher of a hub."""
    hub = seller_by(slug)
    form = GiftForm(request.POST if request.method == "POST" else None, initial=_known(request))
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            row = actions.order_gift(hub_id=hub.id, gift=form.gift(hub.currency), actor=request.actor, now=request.now)
            return _to_pay(request, hub, row.pk)
    return _gift_page(request, hub, form, CodeForm())


@require_POST
def gift_left(request: HubRequest, slug: str) -> HttpResponse:
    """Say what is left of a gift voucher, to whoever has its code."""
    hub, form = seller_by(slug), CodeForm(request.POST)
    found, left = None, None
    with showing_refusals(form):
        if form.is_valid():
            found = queries.gift_by_code(hub_id=hub.id, code=form.cleaned_data["code"])
            left = queries.gift_usable(found, code=form.cleaned_data["code"], at=request.now)
    return _gift_page(request, hub, GiftForm(initial=_known(request)), form, found=found, left=left)


@private
@require_safe
def gift_paying(request: HubRequest, slug: str, token: str) -> HttpResponse:
    """Lead to the bank's page, or say that the word of the bank is awaited or came."""
    hub, gift_id = seller_by(slug), _gift_of(token)
    attempt = latest_charge(f"gift:{gift_id}")
    if attempt is not None and attempt.is_under_way and attempt.page and "back" not in request.GET:
        return page(request, "orders/shopper/paying.html", attempt=attempt, order={"hub": {"name": hub.name}})
    return page(request, "orders/shopper/gift_done.html", hub_row=hub, attempt=attempt)


def _to_pay(request: HubRequest, hub: Seller, gift_id: int) -> HttpResponse:
    """Lead who gives to pay: by card where the hub takes them, else they are told how."""
    url = reverse("orders:gift_paying", args=[hub.slug, signing.dumps(gift_id, salt=SALT)])
    if pays_on_own_page(hub.id):
        actions.pay_gift_online(
            gift_id=gift_id, back_url=request.build_absolute_uri(f"{url}?back=1"),
            label=gettext("%(hub)s, gift voucher") % {"hub": hub.name}, actor=request.actor, now=request.now,
        )  # fmt: skip
    return go(request, url)


def _gift_page(request: HubRequest, hub: Seller, form: GiftForm, code: CodeForm, **found: Any) -> HttpResponse:
    status = 422 if form.errors or code.errors else 200
    return page(
        request, "orders/shopper/gift.html", status=status, hub_row=hub, form=form, code=code,
        has_cards=pays_on_own_page(hub.id), **found,
    )  # fmt: skip


def _known(request: HubRequest) -> dict[str, str]:
    return {"buyer_name": request.actor.name, "buyer_email": request.actor.email} if request.actor.person_id else {}


def _gift_of(token: str) -> int:
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        raise NotFound() from None


def _owed(rows: list[Any], currency: str) -> Money:
    return Money(sum(left.minor for _row, left, _paid in rows), currency)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.RECORD_PAYMENTS, actor=request.actor)
