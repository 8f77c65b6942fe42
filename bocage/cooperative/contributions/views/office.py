"""The treasurer's desk and the committee's decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
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
from bocage.cooperative.contributions.rules import kindness
from bocage.cooperative.contributions.rules.months import Month
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.network.requests import HubRequest
from bocage.ui.pages import go, page, say, showing_refusals

either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def desk(request: HubRequest) -> HttpResponse:
    """Show the months, what is asked, what is not paid."""
    return _desk(request)


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
    """Note what came for an invoice."""
    form = PaymentForm(request.POST, prefix=request.POST.get("prefix", ""))
    with showing_refusals(form):
        if form.is_valid():
            given = form.cleaned_data
            is_new = billing.record_payment(
                bill_id=given["bill_id"], amount_minor=given["amount"], means="transfer", on=given["on"],
                key=f"desk:{given['bill_id']}:{given['on']}:{given['amount']}", note=given["note"], **_by(request),
            )  # fmt: skip
            if is_new:
                messages.success(request, gettext("Noted."))
            else:
                messages.info(request, gettext("The same amount was noted for this day already: nothing was added."))
            return go(request, reverse("contributions:desk"))
    return _desk(request, form)


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
    form = RestrictionForm(request.POST, prefix=f"r{bill_id}")
    with showing_refusals(form):
        if form.is_valid():
            reasons, names = form.cleaned_data["reasons"], form.names()
            billing.restrict(bill_id=bill_id, reasons=reasons, committee=names, **_by(request))
            messages.success(request, gettext("Written down, with its reasons."))
            return go(request, reverse("contributions:desk"))
    return _desk(request, form)


@login_required
@require_POST
def grant(request: HubRequest, grant_id: int) -> HttpResponse:
    """Write down what the committee granted."""
    form = GrantForm(request.POST, prefix=f"g{grant_id}")
    with showing_refusals(form):
        if form.is_valid():
            given = form.cleaned_data
            asking.decide_solidarity(
                grant_id=grant_id, percent=given["percent"], months=given["months"], committee=form.names(),
                reply=given["reply"], **_by(request),
            )  # fmt: skip
            messages.success(request, gettext("Written down."))
            return go(request, reverse("contributions:desk"))
    return _desk(request, form)


def _desk(request: HubRequest, given: Form | None = None) -> HttpResponse:
    """The desk, with the form that was not taken as it was given."""
    cooperative = office.office(instance_id=request.instance.pk, actor=request.actor)
    kept = {} if given is None else {given.prefix: given}
    return page(
        request,
        "contributions/desk.html",
        cooperative=cooperative.enterprise.name,
        months=office.months(cooperative),
        questions=office.questions(cooperative),
        bills=[_told(one, request.now, kept) for one in office.unpaid(cooperative, request.now)],
        requests=[
            (one, kept.get(f"g{one.id}") or GrantForm(prefix=f"g{one.id}")) for one in office.requests(cooperative)
        ],
        status=200 if given is None else 422,
    )


def _told(bill: office.OpenBill, now: datetime, kept: Mapping[str | None, Form]) -> dict[str, Any]:
    """An open invoice with its forms; a restriction is thought of once the committee has written its letter."""
    first = {"bill_id": bill.id, "amount": bill.left.minor, "on": now.date()}
    limit = RestrictionForm(prefix=f"r{bill.id}") if kindness.LETTER in bill.done else None
    return {
        "row": bill,
        "step": wording.STEPS.get(bill.step, ""),
        "is_by_person": bill.step in kindness.BY_A_PERSON,
        "payment": kept.get(f"b{bill.id}") or PaymentForm(prefix=f"b{bill.id}", initial=first),
        "restriction": kept.get(f"r{bill.id}") or limit,
    }


def _do(request: HubRequest, said: str, act: Any, **given: Any) -> HttpResponse:
    try:
        act(**given, **_by(request))
        messages.success(request, said)
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, say(refusal))
    return go(request, reverse("contributions:desk"))


def _by(request: HubRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
