"""The vouchers of a hub: who has a code pays less."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.network.hub_pages import address
from bocage.network.requests import HubRequest
from bocage.shops.actions import vouchers as actions
from bocage.shops.forms.vouchers import VoucherForm
from bocage.shops.queries import vouchers as queries
from bocage.shops.views.frame import hub_of, posted, settings_page
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def vouchers(request: HubRequest, slug: str) -> HttpResponse:
    """List the vouchers with how often each is used."""
    hub = hub_of(request, slug)
    rows = [(row, _state(row, request)) for row in queries.vouchers(hub_id=hub.id, actor=request.actor)]
    return settings_page(request, "shops/vouchers.html", hub, "vouchers", rows=rows)


@login_required
@read_or_post
def voucher(request: HubRequest, slug: str, voucher_id: int | None = None) -> HttpResponse:
    """Make a voucher, or change one for orders to come; show who used it."""
    hub = hub_of(request, slug)
    own: dict[str, Any] = {"hub_id": hub.id, "actor": request.actor}
    kept = queries.voucher(voucher_id=voucher_id, **own) if voucher_id else None
    initial = VoucherForm.written(kept.terms) if kept else {}
    form = VoucherForm(posted(request), has_code=kept is not None, initial=initial)
    with showing_refusals(form):
        if form.is_valid():
            done = {**own, "terms": form.terms(), "now": request.now}
            if kept:
                actions.edit_voucher(voucher_id=kept.id, **done)
            else:
                voucher_id = actions.make_voucher(**done)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("shops:voucher", args=[hub.slug, voucher_id]))
    uses = queries.uses_of(voucher_id=kept.id, **own) if kept else []
    return settings_page(
        request,
        "shops/voucher.html",
        hub,
        "vouchers",
        form,
        form=form,
        title=kept.terms.code if kept else gettext("New voucher"),
        kept=kept,
        state=_state(kept, request) if kept else "",
        uses=[(use, address("orders:show", slug=hub.slug, ref=use.ref)) for use in uses],
    )


@login_required
@require_POST
def end_voucher(request: HubRequest, slug: str, voucher_id: int) -> HttpResponse:
    """Accept a voucher no more."""
    hub = hub_of(request, slug)
    actions.end_voucher(hub_id=hub.id, voucher_id=voucher_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Nobody can use it from now on."))
    return go(request, reverse("shops:vouchers", args=[hub.slug]))


def _state(row: queries.Standing, request: HubRequest) -> str:
    if row.is_ended:
        return "ended"
    if row.has_expired(request.now):
        return "expired"
    return "used_up" if row.is_used_up else "runs"
