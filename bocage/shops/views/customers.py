"""The customers of a hub: found, noted, brought in from a file and taken out as one."""

from __future__ import annotations

import csv
import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.commons.cells import guarded
from bocage.commons.refusals import NotFound
from bocage.ledger.words import what_in_words
from bocage.network import actions as network
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.network.rules.customers import (
    COLUMNS,
    MOST_ROWS,
    CustomerChanged,
    CustomerDetails,
    Sheet,
    Wrong,
    read_sheet,
    text_of,
)
from bocage.shops import queries
from bocage.shops.forms.customers import CellForm, CustomerForm, ImportForm
from bocage.shops.views.frame import posted
from bocage.ui import formats
from bocage.ui.fields import propose_tags
from bocage.ui.pages import go, showing_refusals

SHOWN = 100
SHOWN_MOVEMENTS = 12
read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def customers(request: HubRequest, slug: str) -> HttpResponse:
    """List the customers, found by a word or a tag."""
    hub = _hub(request, slug, Right.SEE_ORDERS)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "tag", "members")}
    after = request.GET.get("after", "")
    found = queries.customers(
        hub_id=hub.id,
        actor=request.actor,
        text=asked["q"],
        tag=asked["tag"],
        members=bool(asked["members"]),
        after=after,
        currency=hub.currency,
    )
    kept = {name: value for name, value in asked.items() if value}
    return _page(
        request,
        "shops/customers.html",
        hub,
        found=found,
        shown=len(found.rows),
        asked=asked,
        after=after,
        tags=queries.tags_of(hub_id=hub.id, actor=request.actor),
        first_url=f"?{urlencode(kept)}",
        next_url=f"?{urlencode({**kept, 'after': found.next})}" if found.next else "",
        may_edit=request.actor.may(Right.MANAGE_ORDERS, on=hub.id),
        may_export=request.actor.may(Right.MANAGE_ENTERPRISE, on=hub.id),
    )


@login_required
@read_or_post
def new_customer(request: HubRequest, slug: str) -> HttpResponse:
    """Note a new customer."""
    hub = _hub(request, slug, Right.MANAGE_ORDERS)
    form = _form(request, hub)
    with showing_refusals(form):
        if form.is_valid():
            return _save(request, hub, form)
    return _page(request, "shops/new_customer.html", hub, form, form=form)


@login_required
@read_or_post
def customer(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Show a customer, what is noted of them and what moved their account; change what is noted."""
    hub = _hub(request, slug, Right.SEE_ORDERS if request.method != "POST" else Right.MANAGE_ORDERS)
    who: dict[str, Any] = {
        "customer_id": customer_id, "hub_id": hub.id, "actor": request.actor, "currency": hub.currency,
    }  # fmt: skip
    row = queries.customer(**who)
    kept = {name: getattr(row, name) for name in ("email", "name", "phone", "code", "note", "is_member")}
    form = _form(request, hub, initial={**kept, "tags": ", ".join(row.tags)}, has_account=row.has_account)
    with showing_refusals(form):
        if form.is_valid():
            try:
                return _save(request, hub, form, customer_id)
            except CustomerChanged as refusal:
                form.tell_theirs(refusal.theirs)
                raise
    orders = address("orders:list", slug=hub.slug)
    moved = queries.movements(customer_id=row.id, hub_id=hub.id, actor=request.actor, limit=SHOWN_MOVEMENTS)
    sight, shop = address("shopfront:sight", slug=hub.slug), address("shopfront:shop", slug=hub.slug)
    may_look = hub.sells != "none" and request.actor.may(Right.MANAGE_ORDERS, on=hub.id)
    return _page(
        request,
        "shops/customer.html",
        hub,
        form,
        form=form,
        customer=row,
        seen=json.dumps({**kept, "tags": list(row.tags)}),
        movements=[(one, *_about(hub, one)) for one in moved],
        sight_url=f"{sight}?as={row.id}" if may_look and sight else "",
        as_url=f"{shop}?as={row.id}",
        orders=f"{orders}?{urlencode({'q': row.email})}" if orders else "",
        may_edit=request.actor.may(Right.MANAGE_ORDERS, on=hub.id),
    )


@login_required
@require_POST
def customer_cell(request: HubRequest, slug: str, customer_id: int, name: str) -> HttpResponse:
    """Save one thing noted of a customer, where it stands in the list; answer with the cell and the way back."""
    hub = _hub(request, slug, Right.MANAGE_ORDERS)
    if name not in CellForm.NAMES:
        raise NotFound()
    who: dict[str, Any] = {"customer_id": customer_id, "hub_id": hub.id, "actor": request.actor}
    row, form = queries.customer(**who), CellForm(request.POST, name=name)
    with showing_refusals(form):
        if form.is_valid():
            noted = {
                field: getattr(row, field) for field in ("email", "name", "phone", "code", "note", "is_member", "tags")
            }
            wanted, seen = form.on(CustomerDetails(**noted))
            network.save_customer(details=wanted, seen=seen, now=request.now, **who)
    if not request.htmx:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        if not form.errors:
            messages.success(request, gettext("Saved."))
        return go(request, f"{reverse('shops:customers', args=[slug])}?{urlencode({'q': row.email})}")
    row = queries.customer(**who)
    return _page(
        request,
        "shops/parts/customer_cell.html",
        hub,
        form,
        row=row,
        field=name,
        value=form.data.get("value", "") if form.errors else _written(row, name),
        seen=_written(row, name),
        was=None if form.errors or "undo" in request.POST else form.cleaned_data["seen"],
        errors=[error for errors in form.errors.values() for error in errors],
        may_edit=True,
    )


def _written(row: queries.CustomerRow, name: str) -> str:
    return ", ".join(row.tags) if name == "tags" else str(getattr(row, name))


@login_required
@read_or_post
def customers_import(request: HubRequest, slug: str) -> HttpResponse:
    """Bring customers in from a CSV file: first say what would happen, then, once confirmed, do it as a whole."""
    hub = _hub(request, slug, Right.MANAGE_ENTERPRISE)
    form = ImportForm(posted(request), request.FILES if request.method == "POST" else None)
    outcome, text = None, ""
    with showing_refusals(form):
        if form.is_valid():
            text = form.cleaned_data["text"] or text_of(form.sent())
            sheet = read_sheet(text)
            if form.cleaned_data["text"]:
                return _imported(request, hub, sheet)
            outcome = network.try_import(hub_id=hub.id, sheet=sheet, actor=request.actor)
    wrong = [(one, _why(one)) for one in outcome.wrong[:SHOWN]] if outcome else []
    refused = [form] if form.errors or wrong else []
    return _page(
        request,
        "shops/customers_import.html",
        hub,
        *refused,
        status=422 if refused else 200,
        form=form,
        outcome=outcome,
        wrong=wrong,
        text=form.packed(text) if text else "",
        rows=formats.decimal(MOST_ROWS),
        columns=COLUMNS,
    )


@login_required
@require_safe
def customers_export(request: HubRequest, slug: str) -> HttpResponse:
    """Give all customers as a CSV file that the import reads again."""
    hub = _hub(request, slug, Right.MANAGE_ENTERPRISE)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="customers-{hub.slug}.csv"'
    answer["Cache-Control"] = "no-store"
    answer.write("\ufeff")
    write = csv.writer(answer, delimiter=";").writerow
    write(COLUMNS)
    for row in queries.every_customer(hub_id=hub.id, actor=request.actor, currency=hub.currency):
        cells = (
            row.email,
            row.name,
            row.phone,
            row.code,
            ", ".join(row.tags),
            row.note,
            "yes" if row.is_member else "no",
        )
        write([guarded(cell) for cell in cells])
    return answer


def _imported(request: HubRequest, hub: HubFrame, sheet: Sheet) -> HttpResponse:
    done = network.import_customers(hub_id=hub.id, sheet=sheet, actor=request.actor, now=request.now)
    words = ngettext("%(n)s customer added", "%(n)s customers added", done.added) % {"n": done.added}
    more = ngettext("%(n)s changed", "%(n)s changed", done.changed) % {"n": done.changed}
    messages.success(request, f"{words}, {more}.")
    return go(request, reverse("shops:customers", args=[hub.slug]))


def _save(request: HubRequest, hub: HubFrame, form: CustomerForm, customer_id: int | None = None) -> HttpResponse:
    pk = network.save_customer(
        hub_id=hub.id,
        customer_id=customer_id,
        details=form.details(),
        actor=request.actor,
        now=request.now,
        seen=form.seen() if customer_id else None,
    )
    messages.success(request, gettext("Saved."))
    return go(request, reverse("shops:customer", args=[hub.slug, pk]))


def _form(request: HubRequest, hub: HubFrame, **options: Any) -> CustomerForm:
    form = CustomerForm(posted(request), **options)
    propose_tags(form, "tags", queries.tags_of(hub_id=hub.id, actor=request.actor))
    return form


def _about(hub: HubFrame, one: queries.Movement) -> tuple[str, str, str]:
    """Return what a movement was, in words, with the name and the page of what it is about."""
    words = {
        "sale": gettext("Order placed"),
        "amendment": gettext("Order changed"),
        "cancellation": gettext("Order cancelled"),
        "payment": gettext("Payment"),
        "refund": gettext("Refund"),
        "topped_up": gettext("Paid in advance"),
        "paid_out": gettext("Paid back from the account"),
        "credit_used": gettext("Order paid from the account"),
        "credit_back": gettext("Given back to the account"),
        "granted": gettext("Credit granted"),
    }
    kind, _, ref = one.about.partition(":")
    ref = ref if kind == "order" else ""
    url = address("orders:show", slug=hub.slug, ref=ref) if kind == "order" else ""
    return words.get(one.what) or what_in_words(one.what), ref, url


def _why(one: Wrong) -> str:
    return {
        "missing_column": gettext("The first row names the columns. “email” is not among them."),
        "unknown_column": gettext("No such column. The names are: %(names)s.") % {"names": ", ".join(COLUMNS)},
        "too_many_rows": gettext("Too many rows. Split the file."),
        "empty": gettext("An e-mail address is missing."),
        "not_an_address": gettext("This is not an e-mail address."),
        "too_long": gettext("Too long."),
        "yes_or_no": gettext("Write yes or no."),
        "twice": gettext("The same as in a row above."),
        "same_person": gettext("The account of this address is in a row above under another address."),
        "taken": gettext("This code belongs to another customer."),
    }[one.why]


def _hub(request: HubRequest, slug: str, right: Right) -> HubFrame:
    return hub_frame(slug=slug, right=right, actor=request.actor)


def _page(
    request: HubRequest, template: str, hub: HubFrame, *forms: Any, status: int = 200, **context: Any
) -> HttpResponse:
    status = 422 if any(form.errors for form in forms) else status
    return hub_page(request, template, hub=hub, nav="customers", status=status, **context)
