"""A customer's account at a hub: for its person and for the hub, on the screen, on paper and as a table."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.money import Money
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import papers
from bocage.orders.actions import accounts as actions
from bocage.orders.forms import GrantForm, MoneyForm, TopUpForm
from bocage.orders.queries.hubs import bearers_of, iban_of
from bocage.orders.views.filters import between
from bocage.orders.words import movement_in_words
from bocage.payments.queries import accounts as queries
from bocage.payments.queries.accounts import Movement, Statement
from bocage.payments.queries.attempts import latest_charge, pays_on_own_page
from bocage.ui.pages import go, page, showing_refusals

SHOWN = 200


@login_required
@require_safe
def mine(request: HubRequest) -> HttpResponse:
    """List the signed-in person's accounts, one per hub."""
    return page(request, "orders/shopper/accounts.html", accounts=queries.my_accounts(actor=request.actor))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: HubRequest, slug: str) -> HttpResponse:
    """Show how the signed-in person stands at a hub; begin to top up by card."""
    found = _mine(request, slug, limit=SHOWN)
    form = TopUpForm(request.POST if request.method == "POST" else None)
    with showing_refusals(form):
        if form.is_bound and form.is_valid():
            actions.top_up_online(
                customer_id=found.account.customer_id,
                amount=Money(form.cleaned_data["amount"], found.account.balance.currency),
                back_url=request.build_absolute_uri(reverse("orders:my_account", args=[slug])),
                label=gettext("%(hub)s, my account") % {"hub": found.account.hub_name},
                language=get_language() or "fr",
                actor=request.actor,
                now=request.now,
            )
            return go(request, reverse("orders:my_account_paying", args=[slug]))
    return page(
        request, "orders/shopper/account.html", status=422 if form.errors else 200, form=form,
        has_cards=pays_on_own_page(found.account.hub_id), iban=iban_of(found.account.hub_id),
        reference=f"COMPTE {found.account.customer_id}", **_shown(request, found, ""),
    )  # fmt: skip


@login_required
@require_safe
def my_account_paying(request: HubRequest, slug: str) -> HttpResponse:
    """Lead to the bank's page."""
    found = _mine(request, slug, limit=1)
    attempt = latest_charge(f"account:{found.account.customer_id}")
    if attempt is None or not attempt.is_under_way or not attempt.page:
        return go(request, reverse("orders:my_account", args=[slug]))
    return page(request, "orders/shopper/paying.html", attempt=attempt, order={"hub": {"name": found.account.hub_name}})


@login_required
@require_safe
def my_account_csv(request: HubRequest, slug: str) -> HttpResponse:
    """Give the signed-in person's account as a table."""
    found = _mine(request, slug)
    return _sent(papers.as_csv(found), found, "csv")


@login_required
@require_safe
def my_account_pdf(request: HubRequest, slug: str) -> HttpResponse:
    """Give the signed-in person's account on paper."""
    found = _mine(request, slug)
    return _sent(papers.as_pdf(found, now=request.now), found, "pdf")


@login_required
@require_safe
def account(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Show a customer's account to the hub, with what may be done to it."""
    return _account(request, slug, customer_id)


@login_required
@require_POST
def account_top_up(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Record what a customer paid in advance."""
    return _money(request, slug, customer_id, "top_up", actions.top_up, gettext("It is on their account."))


@login_required
@require_POST
def account_pay_out(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Record what a customer got back of what they paid in."""
    return _money(request, slug, customer_id, "pay_out", actions.pay_out, gettext("Refund recorded."))


@login_required
@require_POST
def account_credit(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Grant a credit, with its reason and who bears it."""
    hub = _hub(request, slug)
    form = GrantForm(request.POST, bearers=bearers_of(hub_id=hub.id, actor=request.actor))
    with showing_refusals(form):
        if form.is_valid():
            said = form.cleaned_data
            actions.grant_credit(
                hub_id=hub.id, customer_id=customer_id, amount=Money(said["amount"], hub.currency),
                reason=said["reason"], bearer_id=said["bearer"], ref=said["ref"].strip().upper(),
                key=f"grant:{hub.id}:{said['key']}"[:72], actor=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, gettext("The credit is granted."))
            return go(request, reverse("orders:account", args=[slug, customer_id]))
    return _account(request, slug, customer_id, grant_form=form)


@login_required
@require_safe
def account_csv(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Give a customer's account as a table."""
    found = _theirs(request, _hub(request, slug), customer_id)
    return _sent(papers.as_csv(found), found, "csv")


@login_required
@require_safe
def account_pdf(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Give a customer's account on paper."""
    found = _theirs(request, _hub(request, slug), customer_id)
    return _sent(papers.as_pdf(found, now=request.now), found, "pdf")


class PeriodForm(forms.Form):
    """From which day to which, both counted."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))


def _account(request: HubRequest, slug: str, customer_id: int, **filled: forms.Form) -> HttpResponse:
    hub = _hub(request, slug)
    found = _theirs(request, hub, customer_id, limit=SHOWN)
    nothing = Money(0, hub.currency)
    bearers = bearers_of(hub_id=hub.id, actor=request.actor)
    given: dict[str, Any] = {
        "top_up_form": MoneyForm.fresh(nothing, prefix="top_up"),
        "pay_out_form": MoneyForm.fresh(nothing, prefix="pay_out"),
        "grant_form": GrantForm.fresh(ref=request.GET.get("order", "")[:12], bearers=bearers),
        **filled,
    }
    return hub_page(
        request, "orders/hub/account.html", hub=hub, nav="customers", status=422 if filled else 200,
        may_record=request.actor.may(Right.RECORD_PAYMENTS, on=hub.id),
        may_grant=request.actor.may(Right.MANAGE_ORDERS, on=hub.id), is_asked=bool(request.GET.get("order")),
        customer_url=address("shops:customer", slug=hub.slug, customer_id=customer_id),
        **_shown(request, found, hub.slug), **given,
    )  # fmt: skip


def _money(request: HubRequest, slug: str, customer_id: int, name: str, act: Any, said: str) -> HttpResponse:
    hub = _hub(request, slug)
    form = MoneyForm(request.POST, prefix=name)
    with showing_refusals(form):
        if form.is_valid():
            given = form.cleaned_data
            act(
                hub_id=hub.id, customer_id=customer_id, amount=Money(given["amount"], hub.currency),
                means=given["means"], note=given["note"], key=f"{name}:{hub.id}:{given['key']}"[:80],
                actor=request.actor, now=request.now,
            )  # fmt: skip
            messages.success(request, said)
            return go(request, reverse("orders:account", args=[slug, customer_id]))
    return _account(request, slug, customer_id, **{f"{name}_form": form})


def _shown(request: HubRequest, found: Statement, hub_slug: str) -> dict[str, Any]:
    """What both pages show of an account, the newest first."""
    return {
        "account": found.account,
        "before": found.before,
        "rows": [_row(one, hub_slug) for one in reversed(found.rows)],
        "period": PeriodForm(initial=request.GET.dict()),
        "query": urlencode({name: request.GET[name] for name in ("since", "until") if request.GET.get(name)}),
        "is_cut": len(found.rows) == SHOWN,
    }


def _row(one: Movement, hub_slug: str) -> dict[str, Any]:
    ref = papers.ref_of(one)
    url = address("orders:show", slug=hub_slug, ref=ref) if ref and hub_slug else ""
    return {"one": one, "words": movement_in_words(one.what), "ref": ref, "url": url}


def _mine(request: HubRequest, slug: str, limit: int | None = None) -> Statement:
    customer_id = queries.my_customer(slug=slug, actor=request.actor)
    return queries.statement(customer_id=customer_id, actor=request.actor, limit=limit, **_period(request))


def _theirs(request: HubRequest, hub: HubFrame, customer_id: int, limit: int | None = None) -> Statement:
    return queries.statement(
        customer_id=customer_id, hub_id=hub.id, actor=request.actor, limit=limit, **_period(request)
    )


def _period(request: HubRequest) -> dict[str, Any]:
    form = PeriodForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    asked = between(said.get("since"), said.get("until"), get_current_timezone())
    return {"since": asked.since, "until": asked.before}


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)


def _sent(data: bytes, found: Statement, kind: str) -> HttpResponse:
    types = {"csv": ("attachment", "text/csv; charset=utf-8"), "pdf": ("inline", "application/pdf")}
    shown, content_type = types[kind]
    name = f'{shown}; filename="account-{found.account.hub_slug}-{found.account.customer_id}.{kind}"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)
