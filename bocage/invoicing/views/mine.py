"""The invoices of who is signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bocage.invoicing import queries
from bocage.invoicing.views.hub import pdf_response
from bocage.network.hub_pages import address
from bocage.network.requests import HubRequest
from bocage.ui.pages import page


@login_required
@require_safe
def mine(request: HubRequest) -> HttpResponse:
    """List what one was invoiced by all hubs."""
    rows = queries.documents_of_person(actor=request.actor)
    return page(request, "invoicing/mine.html", rows=rows, orders_url=address("orders:mine"))


@login_required
@require_safe
def pdf(request: HubRequest, document_id: int) -> HttpResponse:
    """Send one of them."""
    return pdf_response(queries.paper_of_person(document_id=document_id, actor=request.actor))
