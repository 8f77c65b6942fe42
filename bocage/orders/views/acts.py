"""Acts on many orders: first what would happen, then done, then a line for each order; and their sheets to print."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import address, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders import actions, rules
from bocage.orders.actions import kinds
from bocage.orders.actions.bulk import MOST_ORDERS, right_for
from bocage.orders.actions.kinds import Words
from bocage.orders.forms import ActForm, FilterForm
from bocage.orders.queries import bulk, hubs
from bocage.orders.queries.bulk import Preview, WhyNot
from bocage.orders.queries.pages import order_sheets
from bocage.orders.views.filters import Filters
from bocage.ui.pages import go, page, say, showing_refusals

OWN = ("pay", "cancel", "mail", "invoice")
PAPERS = ("labels", "slips")  # the barn's
SHOWN = 100
MOST_SHEETS = 300


@login_required
@require_safe
def preview(request: HubRequest, slug: str) -> HttpResponse:
    """Show what an act would do to the ticked orders, or to all that were found, before anything is done."""
    what = request.GET.get("act", "")
    if what == "print":
        return go(request, f"{reverse('orders:sheets', args=[slug])}?{request.GET.urlencode()}")
    if what in PAPERS:
        return _paper(request, slug, what)
    if what not in (*OWN, *kinds.added()):
        raise NotFound()
    hub = hub_frame(slug=slug, right=right_for(what), actor=request.actor)
    form, found = forms.Form({}), Preview((), Money(0, hub.currency))
    with showing_refusals(form):
        found = _chosen(request, hub, what, MOST_ORDERS)
    return _preview_page(request, hub, what, found, form)


@login_required
@require_POST
def acts(request: HubRequest, slug: str) -> HttpResponse:
    """Do what was previewed: the first orders at once, the worker goes on with the rest."""
    form = ActForm(request.POST)
    what = request.POST.get("what", "")
    if what not in (*OWN, *kinds.added()):
        raise NotFound()
    hub = hub_frame(slug=slug, right=right_for(what), actor=request.actor)
    with showing_refusals(form):
        if form.is_valid():
            given = form.cleaned_data
            act_id = actions.plan_act(
                key=given["key"],
                hub_id=hub.id,
                what=what,
                orders=given["orders"].split(),
                details=_details(what, given),
                actor=request.actor,
                now=request.now,
            )
            actions.carry_out(act_id=act_id, actor=request.actor, now=request.now)
            return go(request, reverse("orders:act", args=[slug, given["key"]]))
    refs = request.POST.get("orders", "").split()[:MOST_ORDERS]
    found = bulk.preview_of_refs(
        hub_id=hub.id, what=what, refs=refs, actor=request.actor, right=right_for(what), why_not=_why_not(what)
    )
    return _preview_page(request, hub, what, found, form)


@login_required
@require_safe
def act(request: HubRequest, slug: str, key: str) -> HttpResponse:
    """Show how far an act is, with a line for each order."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    done = bulk.act_page(hub_id=hub.id, key=key, actor=request.actor)
    return hub_page(
        request,
        "orders/hub/act.html",
        part="result",
        hub=hub,
        nav="orders",
        act=done,
        key=key,
        words=_words(done.what),
        rows=[(row, _sentence(row.said)) for row in done.rows],
    )


def _paper(request: HubRequest, slug: str, what: str) -> HttpResponse:
    """Lead to a paper of the chosen orders that a higher app prints."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    form = forms.Form({})
    with showing_refusals(form):
        refs = _chosen(request, hub, "print", MOST_SHEETS).refs
        return go(
            request, f"{address('fulfilment:chosen', slug=slug, what=what)}?{urlencode({'orders': ' '.join(refs)})}"
        )
    return _preview_page(request, hub, what, Preview((), Money(0, hub.currency)), form)


@login_required
@require_safe
def sheets(request: HubRequest, slug: str) -> HttpResponse:
    """Show the sheets of the chosen orders, one below the other, each on a page of its own when printed."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    form, found = forms.Form({}), []
    with showing_refusals(form):
        refs = _chosen(request, hub, "print", MOST_SHEETS).refs
        found = order_sheets(hub_id=hub.id, refs=refs, actor=request.actor)
    status = 422 if form.errors else 200
    return page(request, "orders/hub/sheets.html", hub_row=hub, sheets=found, form=form, status=status)


@login_required
@require_POST
def keep_filter(request: HubRequest, slug: str) -> HttpResponse:
    """Keep what one looks for under a name."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    form = FilterForm(request.POST)
    with showing_refusals(form):
        if form.is_valid():
            query = _filters(QueryDict(form.cleaned_data["query"]), request, hub).query(after=None)
            actions.save_filter(hub_id=hub.id, name=form.cleaned_data["name"], query=query, actor=request.actor)
            return go(request, f"{reverse('orders:list', args=[slug])}?{query}")
    return hub_page(request, "orders/hub/filter.html", hub=hub, nav="orders", form=form, status=422)


@login_required
@require_POST
def forget_filter(request: HubRequest, slug: str, filter_id: int) -> HttpResponse:
    """Let go of a kept filter."""
    hub = hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)
    actions.forget_filter(hub_id=hub.id, filter_id=filter_id, actor=request.actor)
    return go(request, reverse("orders:list", args=[slug]))


def _chosen(request: HubRequest, hub: HubFrame, what: str, most: int) -> Preview:
    right = Right.SEE_ORDERS if what == "print" else right_for(what)
    asked: dict[str, Any] = {"hub_id": hub.id, "what": what, "actor": request.actor, "right": right}
    asked["why_not"] = _why_not(what)
    if request.GET.get("whose") == "all":
        filters = _filters(request.GET, request, hub).asked(hub.zone)
        filters.pop("after")
        return bulk.preview_of_found(**asked, most=most, **filters)
    refs = request.GET.getlist("order")
    if len(refs) > most:
        raise rules.TooManyOrders(most=most)
    found = bulk.preview_of_refs(**asked, refs=refs)
    if not found.rows:
        raise rules.NoOrders()
    return found


def _filters(given: QueryDict, request: HubRequest, hub: HubFrame) -> Filters:
    cycles = hubs.cycles_with_orders(hub_id=hub.id, actor=request.actor)
    places = hubs.places_with_orders(hub_id=hub.id, actor=request.actor)
    return Filters.read({name: str(value) for name, value in given.items()}, cycles=cycles, places=places)


def _details(what: str, given: dict[str, Any]) -> dict[str, Any]:
    if what == "pay":
        return {"means": given["means"]}
    return {"to_stock": not given["no_stock"], "is_told": not given["no_mail"]} if what == "cancel" else {}


def _preview_page(
    request: HubRequest, hub: HubFrame, what: str, found: Preview, refused: forms.BaseForm
) -> HttpResponse:
    form = refused if isinstance(refused, ActForm) else ActForm.fresh(str(uuid.uuid4()), found.refs)
    rows = sorted(found.rows, key=lambda row: row.refusal is None)[:SHOWN]
    standing = bulk.invoices_of([row.ref for row in rows]) if what == "invoice" else {}
    return hub_page(
        request,
        "orders/hub/act_preview.html",
        hub=hub,
        nav="orders",
        status=422 if refused.errors else 200,
        what=what,
        words=_words(what),
        button=kinds.added()[what].words.button(found.done) if what in kinds.added() else "",
        found=found,
        form=form,
        refused=refused,
        total=len(found.rows),
        rows=[(row, say(row.refusal) if row.refusal else "", standing.get(row.ref, "")) for row in rows],
    )


def _words(what: str) -> Words | None:
    """How an act is said that a higher app brought; the page says those of this app itself."""
    return kinds.added()[what].words if what in kinds.added() else None


def _why_not(what: str) -> WhyNot | None:
    return kinds.added()[what].why_not if what in kinds.added() else None


def _sentence(said: dict[str, Any]) -> str:
    """A refusal that was written down, in the reader's language; of a fault, under which reference we find it."""
    if not said:
        return ""
    if "reference" in said:
        return gettext("This is a fault of ours, and we were told: reference %(reference)s.") % said
    sentence = gettext(said["message"])
    return sentence % said["values"] if said["values"] else sentence
