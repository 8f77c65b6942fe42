"""The pages of statements: what a hub owes, what a farm is owed, one statement as both see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.settlements import actions, papers, queries
from bocage.settlements.forms import AnswerForm, ContestForm, PaymentForm, SaleForm, ShownForm
from bocage.settlements.queries import StatementRow
from bocage.ui.pages import go, showing_refusals

STAGES = ("approve", "contested", "farm", "pay", "carried", "paid")


@login_required
@require_safe
def statements(request: HubRequest, slug: str) -> HttpResponse:
    """List what the enterprise owes farms, by what there is to do, and what hubs owe it."""
    return _list(request, _here(request, slug))


@login_required
@require_POST
def drafts(request: HubRequest, slug: str) -> HttpResponse:
    """Draw up the statements of a sale."""
    hub = _here(request, slug)
    form = SaleForm(request.POST, sales=queries.sales_to_state(hub_id=hub.id, actor=request.actor, now=request.now))
    with showing_refusals(form):
        if form.is_valid():
            count = actions.draw_up(
                hub_id=hub.id, cycle_id=form.cleaned_data["cycle_id"], actor=request.actor, now=request.now
            )
            said = ngettext("%(count)s statement to approve.", "%(count)s statements to approve.", count)
            messages.success(request, said % {"count": count})
            return go(request, reverse("settlements:list", args=[slug]))
    return _list(request, hub, form)


@login_required
@require_safe
def statement(request: HubRequest, slug: str, statement_id: int) -> HttpResponse:
    """Show a statement; a farm that opens its own has seen it."""
    here = _here(request, slug)
    shown = _sheet(request, here, statement_id)
    actions.note_seen(statement_id=statement_id, actor=request.actor, now=request.now)
    return shown


@login_required
@require_safe
def file(request: HubRequest, slug: str, statement_id: int, kind: str) -> HttpResponse:
    """Send a statement as a PDF or a table."""
    here = _here(request, slug)
    sheet = queries.statement(statement_id=statement_id, side_id=here.id, actor=request.actor)
    if kind not in ("pdf", "csv"):
        raise NotFound()
    content = papers.as_pdf(sheet) if kind == "pdf" else papers.as_csv(sheet)
    media, how = ("application/pdf", "inline") if kind == "pdf" else ("text/csv; charset=utf-8", "attachment")
    disposition = f'{how}; filename="{papers.file_name(sheet)}.{kind}"'
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": disposition})


@login_required
@require_POST
def approval(request: HubRequest, slug: str, statement_id: int) -> HttpResponse:
    """Approve a statement as it was shown."""
    return _say_yes(request, slug, statement_id, actions.approve, gettext("Approved. The farm is told."))


@login_required
@require_POST
def agreement(request: HubRequest, slug: str, statement_id: int) -> HttpResponse:
    """Agree with a statement as it was shown."""
    return _say_yes(request, slug, statement_id, actions.agree, gettext("Thank you. The statement is frozen now."))


@login_required
@require_POST
def freezing(request: HubRequest, slug: str, statement_id: int) -> HttpResponse:
    """Freeze a statement that the farm had time to contest."""
    here, form = _here(request, slug), Form(request.POST)

    def act() -> None:
        actions.freeze(statement_id=statement_id, actor=request.actor, now=request.now)

    return _done(request, here, statement_id, form, act, gettext("The statement is frozen and can be paid."))


@login_required
@require_POST
def contest(request: HubRequest, slug: str, statement_id: int, line_id: int) -> HttpResponse:
    """Say what is not right with a line."""
    here, form = _here(request, slug), ContestForm(request.POST)

    def act() -> None:
        actions.contest(
            statement_id=statement_id, line_id=line_id, reason=form.cleaned_data["reason"], actor=request.actor,
            now=request.now,
        )  # fmt: skip

    said = gettext("The hub reads what you wrote and answers here.")
    return _done(request, here, statement_id, form, act, said, line_id=line_id)


@login_required
@require_POST
def answer(request: HubRequest, slug: str, statement_id: int, contest_id: int) -> HttpResponse:
    """Answer what a farm contested."""
    here = _here(request, slug)
    form = AnswerForm(request.POST)

    def act() -> None:
        correction = form.cleaned_data["correction"]
        actions.answer(
            contest_id=contest_id, correction=Money(correction, here.currency) if correction else None,
            words=form.cleaned_data["words"], actor=request.actor, now=request.now,
        )  # fmt: skip

    return _done(request, here, statement_id, form, act, gettext("The farm is told."), contest_id=contest_id)


@login_required
@require_POST
def payment(request: HubRequest, slug: str, statement_id: int) -> HttpResponse:
    """Note that the farm was paid."""
    here = _here(request, slug)
    form = PaymentForm(request.POST, today=_today(request, here))

    def act() -> None:
        typed = form.cleaned_data
        at = min(datetime.combine(typed["on"], time(12), ZoneInfo(here.zone)), request.now)
        actions.settle_payment(
            statement_id=statement_id, amount=Money(typed["amount"], here.currency), at=at,
            reference=typed["reference"], actor=request.actor,
        )  # fmt: skip

    return _done(request, here, statement_id, form, act, gettext("The payment is noted."), paying=True)


def _here(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_BOOKS, actor=request.actor)


def _today(request: HubRequest, here: HubFrame) -> date:
    return request.now.astimezone(ZoneInfo(here.zone)).date()


def _say_yes(request: HubRequest, slug: str, statement_id: int, action: Any, said: str) -> HttpResponse:
    here = _here(request, slug)
    form = ShownForm(request.POST)

    def act() -> None:
        shown = Money(form.cleaned_data["shown"], here.currency)
        action(statement_id=statement_id, shown=shown, actor=request.actor, now=request.now)

    return _done(request, here, statement_id, form, act, said)


def _done(
    request: HubRequest,
    here: HubFrame,
    statement_id: int,
    form: BaseForm,
    act: Callable[[], None],
    said: str,
    **where: Any,
) -> HttpResponse:
    """Do what a form asks for and go back to the statement; show it with the form where it is refused."""
    with showing_refusals(form):
        if form.is_valid():
            act()
            messages.success(request, said)
            return go(request, reverse("settlements:statement", args=[here.slug, statement_id]))
    return _sheet(request, here, statement_id, refused=form, **where)


def _sheet(
    request: HubRequest, here: HubFrame, statement_id: int, refused: BaseForm | None = None, *, line_id: int = 0,
    contest_id: int = 0, paying: bool = False,
) -> HttpResponse:  # fmt: skip
    sheet = queries.statement(statement_id=statement_id, side_id=here.id, actor=request.actor)
    may = request.actor.may(Right.ISSUE_INVOICES, on=here.id)
    is_hub, stage = here.id == sheet.hub_id, sheet.row.stage
    today = _today(request, here)
    proposed = {"amount": sheet.row.left.minor, "on": today, "reference": sheet.row.number}
    pay_form = PaymentForm(initial=proposed, today=today)
    return hub_page(
        request, "settlements/statement.html", hub=here, nav="settlements", status=422 if refused else 200,
        sheet=sheet, row=sheet.row, stage=stage, is_hub=is_hub, title=papers.title(sheet),
        parts=papers.parts(sheet), sums=papers.sums(sheet), refused=refused, refused_line=line_id,
        refused_contest=contest_id, ask=ContestForm(), reply=AnswerForm(),
        pay_form=refused if paying and refused is not None else pay_form,
        may_approve=may and is_hub and stage == "approve",
        may_answer=may and is_hub and stage == "contested",
        may_freeze=may and is_hub and stage == "farm",
        may_pay=may and is_hub and stage == "pay",
        may_contest=may and not is_hub and stage in ("farm", "contested"),
        may_agree=may and not is_hub and stage == "farm",
    )  # fmt: skip


def _list(request: HubRequest, hub: HubFrame, form: SaleForm | None = None) -> HttpResponse:
    sells = hub.sells == "any"
    owed = queries.owed(hub_id=hub.id, actor=request.actor) if sells else []
    received = queries.received(producer_id=hub.id, actor=request.actor) if hub.is_producer else []
    if form is None:
        sales = queries.sales_to_state(hub_id=hub.id, actor=request.actor, now=request.now) if sells else []
        form = SaleForm(sales=sales)
    return hub_page(
        request, "settlements/list.html", hub=hub, nav="settlements", status=422 if form.errors else 200,
        groups=_groups(owed), owes=_left(owed, hub.currency), sells=sells, form=form, received=received,
        is_owed=_left(received, hub.currency), is_farm=hub.is_producer,
        may_draw_up=sells and request.actor.may(Right.ISSUE_INVOICES, on=hub.id) and form.has_sales,
    )  # fmt: skip


def _groups(rows: list[StatementRow]) -> list[dict[str, Any]]:
    words = {
        "approve": gettext("To approve"),
        "contested": gettext("To answer"),
        "farm": gettext("With the farm"),
        "pay": gettext("To pay"),
        "carried": gettext("Taken off the next"),
        "paid": gettext("Paid"),
    }
    found = [{"key": key, "title": words[key], "rows": [row for row in rows if row.stage == key]} for key in STAGES]
    return [group for group in found if group["rows"]]


def _left(rows: list[StatementRow], currency: str) -> Money:
    return Money(sum(row.left.minor for row in rows if row.stage == "pay"), currency)
