"""The treasurer's desk and the committee's decisions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.refusals import Forbidden, NotFound, Refused
from bocage.cooperative.contributions import wording
from bocage.cooperative.contributions.actions import asking, billing
from bocage.cooperative.contributions.forms import GrantForm, PaymentForm, RestrictionForm, TariffForm
from bocage.cooperative.contributions.queries import office
from bocage.cooperative.contributions.rules.months import Month
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, say

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def desk(request: HubRequest) -> HttpResponse:
    """Show the months, what is asked, what is not paid."""
    cooperative = office.office(instance_id=request.instance.pk, actor=request.actor)
    bills = office.unpaid(cooperative, request.now)
    return page(
        request,
        "contributions/desk.html",
        cooperative=cooperative.enterprise.name,
        months=office.months(cooperative),
        questions=office.questions(cooperative),
        bills=[
            (one, wording.STEPS.get(one.step, ""), one.step in ("call", "letter"), PaymentForm(prefix=f"b{one.id}", initial={
                "bill_id": one.id, "amount": one.left.minor, "on": request.now.date()}))
            for one in bills
        ],
        requests=[(one, GrantForm(prefix=f"g{one.id}")) for one in office.requests(cooperative)],
    )  # fmt: skip


@login_required
@require_safe
def month(request: HubRequest, month: str) -> HttpResponse:
    """List the statements of a month."""
    cooperative = office.office(instance_id=request.instance.pk, actor=request.actor)
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise NotFound()
    wanted = Month(date.fromisoformat(f"{month}-01"))
    rows = office.statements(cooperative, wanted)
    return page(
        request, "contributions/month.html", month=wanted.first,
        rows=[(row, *wording.STATES[row.state], wording.PLANS.get(row.plan, row.plan)) for row in rows],
    )  # fmt: skip


@login_required
@require_safe
def tariff(request: HubRequest) -> HttpResponse:
    """Try other terms on the last twelve months of each shop."""
    cooperative = office.office(instance_id=request.instance.pk, actor=request.actor)
    form = TariffForm(request.GET or None)
    rows = office.simulate(cooperative, Tariff(kind="hybrid", **form.terms())) if form.is_valid() else []
    return page(
        request, "contributions/tariff.html", form=form, rows=rows, status=422 if form.is_bound and form.errors else 200,
        before=sum((row.before for row in rows[1:]), rows[0].before) if rows else None,
        after=sum((row.after for row in rows[1:]), rows[0].after) if rows else None,
    )  # fmt: skip


@login_required
@require_POST
def payment(request: HubRequest) -> HttpResponse:
    """Write down a transfer that came."""
    office.office(instance_id=request.instance.pk, actor=request.actor)
    form = PaymentForm(request.POST, prefix=request.POST.get("prefix", ""))
    if not form.is_valid():
        return _back(request, form)
    given = form.cleaned_data
    key = f"desk:{given['bill_id']}:{given['on']}:{given['amount']}"
    return _do(
        request, gettext("Noted."), billing.record_payment, bill_id=given["bill_id"], amount_minor=given["amount"] or 0,
        means="transfer", on=given["on"], key=key, note=given["note"],
    )  # fmt: skip


@login_required
@require_POST
def answer(request: HubRequest, contest_id: int) -> HttpResponse:
    """Answer a shop's question about a line."""
    return _do(
        request, gettext("Answered."), asking.answer_contest, contest_id=contest_id,
        stays=request.POST.get("answer") == "stays", words=request.POST.get("words", ""),
    )  # fmt: skip


@login_required
@require_POST
def notice(request: HubRequest, bill_id: int) -> HttpResponse:
    """Log a call or a letter."""
    return _do(
        request, gettext("Logged, under your name."), billing.log_notice, bill_id=bill_id,
        step=request.POST.get("step", ""), words=request.POST.get("words", ""),
    )  # fmt: skip


@login_required
@require_POST
def restriction(request: HubRequest, bill_id: int) -> HttpResponse:
    """Write down the committee's decision that a shop opens no new cycle."""
    office.office(instance_id=request.instance.pk, actor=request.actor)
    form = RestrictionForm(request.POST)
    if not form.is_valid():
        return _back(request, form)
    return _do(
        request, gettext("Written down, with its reasons."), billing.restrict, bill_id=bill_id,
        reasons=form.cleaned_data["reasons"], committee=form.names(),
    )  # fmt: skip


@login_required
@require_POST
def grant(request: HubRequest, grant_id: int) -> HttpResponse:
    """Write down what the committee granted."""
    office.office(instance_id=request.instance.pk, actor=request.actor)
    form = GrantForm(request.POST, prefix=f"g{grant_id}")
    if not form.is_valid():
        return _back(request, form)
    given = form.cleaned_data
    return _do(
        request, gettext("Written down."), asking.decide_solidarity, grant_id=grant_id, percent=given["percent"],
        months=given["months"], committee=form.names(), reply=given["reply"],
    )  # fmt: skip


def _do(request: HubRequest, said: str, act: Any, **given: Any) -> HttpResponse:
    try:
        act(**given, actor=request.actor, now=request.now)
        messages.success(request, said)
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, say(refusal))
    return go(request, reverse("contributions:desk"))


def _back(request: HubRequest, form: Form) -> HttpResponse:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return go(request, reverse("contributions:desk"))
