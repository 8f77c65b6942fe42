"""The page of payment files: a hub's bank pays its farms by one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bocage.network.hub_pages import hub_page
from bocage.network.queries.hubs import hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.settlements import actions, queries
from bocage.settlements.forms import TransfersForm
from bocage.ui.pages import go, showing_refusals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfers(request: HubRequest, slug: str) -> HttpResponse:
    """Choose which statements a file of transfers pays, and make it; list those that were made."""
    here = hub_frame(slug=slug, right=Right.ISSUE_INVOICES, actor=request.actor)
    rows = queries.payable(hub_id=here.id, actor=request.actor)
    today = request.now.astimezone(ZoneInfo(here.zone)).date()
    form = TransfersForm(request.POST if request.method == "POST" else None, rows=rows, today=today)
    with showing_refusals(form):
        if form.is_valid():
            actions.make_transfer_file(hub_id=here.id, **form.cleaned_data, actor=request.actor, now=request.now)
            messages.success(request, gettext("The file is ready. Take it to your bank, then note the payments."))
            return go(request, reverse("settlements:transfers", args=[slug]))
    return hub_page(
        request, "settlements/transfers.html", hub=here, nav="settlements", status=422 if form.errors else 200, form=form,
        has_rows=any(one.row.iban for one in rows),
        without=sorted({one.row.farm for one in rows if not one.row.iban}),
        files=queries.transfer_files(hub_id=here.id, currency=here.currency, actor=request.actor),
    )  # fmt: skip


@login_required
@require_safe
def transfer_file(request: HubRequest, slug: str, file_id: int) -> HttpResponse:
    """Send a file of transfers, as it was made."""
    here = hub_frame(slug=slug, right=Right.ISSUE_INVOICES, actor=request.actor)
    reference, content = queries.transfer_file(file_id=file_id, hub_id=here.id, actor=request.actor)
    headers = {
        "Content-Disposition": f'attachment; filename="{slug}-{reference}.xml"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content.encode(), content_type="application/xml", headers=headers)
