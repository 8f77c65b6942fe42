"""Invoices and receipts of orders, for the hub and for whoever holds an order's link."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.refusals import NotFound
from bocage.invoicing import queries as invoices
from bocage.invoicing.actions import Issued
from bocage.invoicing.printing import as_receipt
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions
from bocage.orders.queries import hubs
from bocage.orders.queries.pages import OrderPage, order_page
from bocage.orders.receipts import receipt as receipt_of
from bocage.orders.views.hub import show_order
from bocage.orders.views.shopper import private
from bocage.ui.pages import go, showing_refusals


@login_required
@require_POST
def issue(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Issue the invoice of an order, or bring it up to date by a credit note and a new one."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    order_id = hubs.order_id_at(hub_id=hub.id, ref=ref)
    form = forms.Form({})
    with showing_refusals(form):
        issued = actions.invoice_order(order_id=order_id, actor=request.actor, now=request.now)
        messages.success(request, _said(issued))
        return go(request, reverse("orders:show", args=[slug, ref]))
    return show_order(request, slug, ref, status=422, invoice_form=form)


@login_required
@require_POST
def month(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Issue the invoice of a month of a customer who gets one a month."""
    hub = hub_frame(slug=slug, right=Right.ISSUE_INVOICES, actor=request.actor)
    form = _Month(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            issued = actions.invoice_month(
                hub_id=hub.id,
                customer_id=customer_id,
                month=form.cleaned_data["month"],
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, _said(issued))
            return go(request, reverse("invoicing:list", args=[slug]))
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return go(request, reverse("invoicing:identity", args=[slug, customer_id]))


@login_required
@require_safe
def receipt(request: HubRequest, slug: str, ref: str) -> HttpResponse:
    """Print the receipt of an order, or of one payment of it (?payment=12)."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    hubs.order_id_at(hub_id=hub.id, ref=ref)
    return _receipt(request, order_page(ref=ref, actor=request.actor, now=request.now))


@private
@require_safe
def shopper_receipt(request: HubRequest, ref: str, token: str) -> HttpResponse:
    """Print the receipt of an order for whoever holds its link."""
    return _receipt(request, order_page(ref=ref, actor=request.actor, now=request.now, token=token))


@private
@require_safe
def shopper_invoice(request: HubRequest, ref: str, token: str, document_id: int) -> HttpResponse:
    """Send an invoice of an order to whoever holds the order's link."""
    order = order_page(ref=ref, actor=request.actor, now=request.now, token=token)
    paper = invoices.paper_about(about=f"order:{order.ref}", document_id=document_id)
    return _pdf(paper.name, paper.pdf)


def _said(issued: Issued) -> str:
    new, same = (
        gettext("Invoice %(number)s is issued."),
        gettext("Invoice %(number)s still holds: nothing changed since."),
    )
    return (new if issued.is_new else same) % {"number": issued.number}


class _Month(forms.Form):
    month = forms.DateField(input_formats=["%Y-%m"])


def _receipt(request: HubRequest, order: OrderPage) -> HttpResponse:
    wanted = request.GET.get("payment", "")
    payment = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else None
    if payment is not None and payment not in {row.id for row in order.payments}:
        raise NotFound()
    who = invoices.seller_of(order.hub.id).party
    town = f"{who.place.postcode} {who.place.town}".strip()
    lines = [who.place.street, town, f"SIRET {who.siret}" if who.siret else ""]
    pdf = as_receipt(receipt_of(order, [line for line in lines if line], payment_id=payment))
    return _pdf(f"{order.ref}.pdf", pdf)


def _pdf(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
