"""A seller's invoices: the list with its filters, the papers one by one and all together, what is printed on them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import asdict, dataclass
from typing import IO, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import FileResponse, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from bocage.invoicing import actions, queries, wording
from bocage.invoicing.forms import BuyerForm, SellerForm
from bocage.invoicing.printing import as_copies
from bocage.network.hub_pages import address, hub_page, settings_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.ui.pages import go, send_file, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
KINDS = ("invoice", "credit_note")
MOST_PRINTED = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a seller's documents is looked for."""

    text: str = ""
    kind: str = ""
    month: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Wanted:
        """Return what an address asks for; what makes no sense is as if it were not asked."""
        text = given.get("text", "").replace("\x00", "").strip()[:60]
        kind = given.get("kind", "")
        month = given.get("month", "")
        is_month = re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month)
        return cls(text, kind if kind in KINDS else "", month if is_month else "")

    @property
    def is_any(self) -> bool:
        return bool(self.text or self.kind or self.month)

    def query(self, **more: Any) -> str:
        return urlencode({name: value for name, value in {**asdict(self), **more}.items() if value})


@login_required
@require_safe
def invoices(request: HubRequest, slug: str) -> HttpResponse:
    """List what the hub issued, newest first."""
    hub, wanted = _hub(request, slug), Wanted.read(request.GET)
    after = request.GET.get("after", "")
    found = queries.documents(
        seller_id=hub.id, actor=request.actor, after=int(after) if after.isdecimal() and len(after) < 18 else None,
        currency=hub.currency, **asdict(wanted),
    )  # fmt: skip
    seller = queries.seller_of(hub.id)
    return hub_page(
        request,
        "invoicing/list.html",
        part="found",
        hub=hub,
        nav="invoices",
        wanted=wanted,
        found=found,
        rows=[(row, _order_url(hub, row.order_ref)) for row in found.rows],
        months=[(f"{month:%Y-%m}", month) for month in queries.months_of(seller_id=hub.id, actor=request.actor)],
        shown=len(found.rows),
        next_url=f"?{wanted.query(after=found.next)}" if found.next else "",
        first_url=f"?{wanted.query()}" if after else "",
        query=wanted.query(),
        missing=wording.missing(seller.missing),
        moment=seller.terms.moment,
        may_set=request.actor.may(Right.MANAGE_ENTERPRISE, on=hub.id),
        orders_url=address("orders:list", slug=slug),
    )


@login_required
@require_safe
def pdf(request: HubRequest, slug: str, number: str) -> HttpResponse:
    """Send a document as it was issued."""
    paper = queries.paper(seller_id=_hub(request, slug).id, number=number, actor=request.actor)
    return pdf_response(paper)


@login_required
@require_safe
def xml(request: HubRequest, slug: str, number: str) -> HttpResponse:
    """Send the XML of a document: what is inside its PDF."""
    paper = queries.paper(seller_id=_hub(request, slug).id, number=number, actor=request.actor)
    name = paper.name.removesuffix("pdf") + "xml"
    return HttpResponse(
        paper.xml, content_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@login_required
@require_safe
def bundle(request: HubRequest, slug: str) -> FileResponse:
    """Send all documents that were found in one ZIP, one after the other, so that memory stays flat."""
    hub, wanted = _hub(request, slug), Wanted.read(request.GET)

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
            for paper in queries.papers(seller_id=hub.id, actor=request.actor, **asdict(wanted)):
                bundle.writestr(paper.name, paper.pdf)

    return send_file(write, name=f"{slug}-{wanted.month or 'invoices'}.zip", content_type="application/zip")


@login_required
@require_safe
def copies(request: HubRequest, slug: str) -> HttpResponse:
    """Send the documents that were found as one PDF to print, the newest three hundred at most."""
    hub, wanted = _hub(request, slug), Wanted.read(request.GET)
    said = queries.contents(seller_id=hub.id, actor=request.actor, **asdict(wanted))[-MOST_PRINTED:]
    if not said:
        return go(request, reverse("invoicing:list", args=[slug]))
    return pdf_response(queries.PaperRow(f"{slug}-{wanted.month or 'invoices'}.pdf", as_copies(said), b""))


@login_required
@read_or_post
def settings(request: HubRequest, slug: str) -> HttpResponse:
    """Set when invoices are issued, and what they say."""
    hub = hub_frame(slug=slug, right=Right.MANAGE_ENTERPRISE, actor=request.actor)
    seller = queries.seller_of(hub.id)
    posted = request.POST if request.method == "POST" else None
    form = SellerForm(posted, initial=model_to_dict(seller.terms), is_vat_liable=seller.is_vat_liable)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_terms(seller_id=hub.id, values=form.cleaned_data, actor=request.actor)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("invoicing:settings", args=[slug]))
    return settings_page(
        request, "invoicing/settings.html", hub, "invoices", form, form=form, seller=seller,
        missing=wording.missing(seller.missing), profile_url=address("shops:profile", slug=slug),
    )  # fmt: skip


@login_required
@read_or_post
def identity(request: HubRequest, slug: str, customer_id: int) -> HttpResponse:
    """Say as whom a customer is invoiced."""
    hub = hub_frame(slug=slug, right=Right.ISSUE_INVOICES, actor=request.actor)
    customer, kept = queries.identity_of(customer_id=customer_id, hub_id=hub.id, actor=request.actor)
    initial = model_to_dict(kept) if kept else {"name": customer.name, "country": hub.country}
    form = BuyerForm(request.POST if request.method == "POST" else None, initial=initial)
    with showing_refusals(form):
        if form.is_valid():
            actions.set_identity(
                customer_id=customer_id,
                buyer=form.buyer(),
                is_monthly=form.cleaned_data["is_monthly"],
                actor=request.actor,
            )
            messages.success(request, gettext("Saved. Invoices from now on are made out like this."))
            return go(request, request.path)
    return hub_page(
        request, "invoicing/identity.html", hub=hub, nav="customers", status=422 if form.errors else 200, form=form,
        customer=customer, back=address("shops:customer", slug=slug, customer_id=customer_id),
        month_url=address("orders:month_invoice", slug=slug, customer_id=customer_id) if kept and kept.is_monthly else "",
    )  # fmt: skip


def pdf_response(paper: queries.PaperRow) -> HttpResponse:
    """Return a PDF to be looked at, and kept under its number."""
    headers = {"Content-Disposition": f'inline; filename="{paper.name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(paper.pdf, content_type="application/pdf", headers=headers)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.SEE_ORDERS, actor=request.actor)


def _order_url(hub: HubFrame, ref: str) -> str:
    return address("orders:show", slug=hub.slug, ref=ref) if ref else ""
