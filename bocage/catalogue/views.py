"""The pages on which goods are listed and edited."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.catalogue import actions, queries
from bocage.catalogue.drawings import drawings
from bocage.catalogue.forms import DrawingForm, PhotoForm, ProductForm, PropertiesForm, VariantForm, typed_size
from bocage.commons.refusals import NotFound
from bocage.network.hub_pages import goods_page, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.pricing import queries as pricing
from bocage.ui.pages import go, showing_refusals

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def products(request: HubRequest, slug: str) -> HttpResponse:
    """List the goods that the enterprise makes or may sell, as the filter sentence says."""
    hub = _hub(request, slug)
    text, after = request.GET.get("q", "")[:80], request.GET.get("after", "")[:300]
    producer, category = _number(request.GET.get("producer")), _number(request.GET.get("category"))
    found = queries.products(
        enterprise_id=hub.id,
        actor=request.actor,
        now=request.now,
        language=_language(),
        text=text,
        producer_id=producer,
        category_id=category,
        after=after,
    )
    kept = {"q": text, "producer": producer or "", "category": category or ""}
    return goods_page(
        request,
        "catalogue/products.html",
        hub,
        "list",
        part="found",
        found=found,
        wanted={"text": text, "producer": producer, "category": category, "after": after},
        next_url=f"?{urlencode({**kept, 'after': found.next})}" if found.next else "",
        producers=queries.producers_of(enterprise_id=hub.id, now=request.now),
        categories=queries.categories(language=_language()),
    )


@login_required
@read_or_post
def new_product(request: HubRequest, slug: str) -> HttpResponse:
    """Add a product with its first size."""
    hub = _hub(request, slug)
    producers = [
        one
        for one in queries.producers_to_edit(enterprise_id=hub.id, manages=True, now=request.now)
        if one.id != hub.id or hub.is_producer
    ]
    chosen = _number(request.POST.get("producer")) or (producers[0].id if producers else 0)
    product = _product_form(request, initial={"inherits_properties": True})
    size = _size_form(request, hub)
    if request.method == "POST" and product.is_valid() & size.is_valid():
        with showing_refusals(product):
            product_id = actions.add_product(
                producer_id=chosen,
                details=product.details(),
                first=size.details(),
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, gettext("Saved."))
            return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))
    return _show(
        request,
        hub,
        "catalogue/new_product.html",
        [product, size],
        producers=producers,
        chosen=chosen,
        product=product,
        size=size,
    )


@login_required
@read_or_post
def product(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Show a product with its sizes; change what is said of it."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    form = _product_form(request, initial=asdict(sheet.details))
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            details = form.details(picture=sheet.details.picture)
            actions.edit_product(product_id=product_id, details=details, actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, request.path)
    return _product(request, hub, sheet, form)


@login_required
@require_POST
def copies(request: HubRequest, slug: str) -> HttpResponse:
    """Copy a product; lead to the copy, in the table where one came from there."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, _number(request.POST.get("product")) or 0)
    name = gettext("Copy of %(product)s") % {"product": sheet.details.name}
    product_id = actions.copy_product(product_id=sheet.id, name=name, actor=request.actor, now=request.now)
    messages.success(request, gettext("Copied, without stock or codes. Give the copy its own name."))
    if request.POST.get("back") == "table":
        return go(request, f"{reverse('assortment:table', args=[hub.slug])}?{urlencode({'q': name[:80]})}")
    return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))


@login_required
@require_POST
def photo(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Show a photo of a product."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with showing_refusals(form):
            actions.set_photo(product_id=product_id, sent=form.sent(), actor=request.actor, now=request.now)
            return _saved(request, hub, product_id)
    return _product(request, hub, sheet, photo=form)


@login_required
@require_POST
def drawing(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Show one of our drawings for a product, or its category's."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    form = DrawingForm(request.POST)
    if form.is_valid():
        picture = form.cleaned_data["picture"]
        actions.set_picture(product_id=product_id, picture=picture, actor=request.actor, now=request.now)
        return _saved(request, hub, product_id)
    return _product(request, hub, sheet, drawing=form)


@login_required
@require_POST
def withdraw_product(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Withdraw a product and all its sizes."""
    hub = _hub(request, slug)
    _sheet(request, hub, product_id)
    actions.end_product(product_id=product_id, actor=request.actor, now=request.now)
    messages.success(request, gettext("Withdrawn. What was ordered stays ordered."))
    return go(request, reverse("catalogue:products", args=[hub.slug]))


@login_required
@read_or_post
def new_size(request: HubRequest, slug: str, product_id: int) -> HttpResponse:
    """Sell a product in one more size."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    last = sheet.variants[-1].details if sheet.variants else None
    initial = {"measure": typed_size(last, "en")["measure"], "tax_rate_id": last.tax_rate_id} if last else {}
    form = _size_form(request, hub, initial=initial)
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            details = form.details(position=len(sheet.variants))
            actions.add_variant(product_id=product_id, details=details, actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved. Put it into an order cycle to sell it."))
            return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))
    return _show(request, hub, "catalogue/size.html", [form], sheet=sheet, form=form)


@login_required
@read_or_post
def size(request: HubRequest, slug: str, product_id: int, variant_id: int) -> HttpResponse:
    """Change a size or its price."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    kept = _variant(sheet, variant_id)
    form = _size_form(request, hub, typed_size(kept.details, _language()), is_resold=kept.source is not None)
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            details = form.details(kept.details.position, kept.details)
            actions.edit_variant(variant_id=variant_id, details=details, actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))
    return _show(request, hub, "catalogue/size.html", [form], sheet=sheet, form=form, variant=kept)


@login_required
@require_POST
def withdraw_size(request: HubRequest, slug: str, product_id: int, variant_id: int) -> HttpResponse:
    """Withdraw one size of a product."""
    hub = _hub(request, slug)
    sheet = _sheet(request, hub, product_id)
    kept = _variant(sheet, variant_id)
    refused = Form(request.POST)
    with showing_refusals(refused):
        actions.end_variant(variant_id=variant_id, actor=request.actor, now=request.now)
        messages.success(request, gettext("Withdrawn. What was ordered stays ordered."))
        return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))
    initial = typed_size(kept.details, _language())
    form = _size_form(request, hub, initial, is_resold=kept.source is not None, sent=False)
    return _show(request, hub, "catalogue/size.html", [refused], sheet=sheet, form=form, variant=kept, refused=refused)


@login_required
@read_or_post
def properties(request: HubRequest, slug: str) -> HttpResponse:
    """Say what is true of all products of a producer."""
    hub = _hub(request, slug)
    if not hub.is_producer:
        raise NotFound
    form = PropertiesForm(
        request.POST if request.method == "POST" else None,
        properties=queries.properties(language=_language()),
        initial={"property_ids": queries.producer_properties(producer_id=hub.id)},
    )
    if request.method == "POST" and form.is_valid():
        with showing_refusals(form):
            ids = form.cleaned_data["property_ids"]
            actions.set_producer_properties(producer_id=hub.id, property_ids=ids, actor=request.actor, now=request.now)
            messages.success(request, gettext("Saved."))
            return go(request, reverse("catalogue:products", args=[hub.slug]))
    status = 422 if form.errors else 200
    return goods_page(request, "catalogue/properties.html", hub, "properties", status=status, form=form)


def _hub(request: HubRequest, slug: str) -> HubFrame:
    return hub_frame(slug=slug, right=Right.MANAGE_CATALOGUE, actor=request.actor)


def _show(request: HubRequest, hub: HubFrame, template: str, forms: list[Any], **context: Any) -> HttpResponse:
    status = 422 if any(form.errors for form in forms) else 200
    return hub_page(request, template, hub=hub, nav="products", status=status, **context)


def _product(
    request: HubRequest,
    hub: HubFrame,
    sheet: queries.Sheet,
    form: ProductForm | None = None,
    *,
    photo: PhotoForm | None = None,
    drawing: DrawingForm | None = None,
) -> HttpResponse:
    """Return the page of a product with the one of its forms that was sent, the others as they are kept."""
    shown = form or _product_form(request, initial=asdict(sheet.details), sent=False)
    picture, chosen = photo or PhotoForm(), drawing or DrawingForm()
    return _show(
        request,
        hub,
        "catalogue/product.html",
        [shown, picture, chosen],
        sheet=sheet,
        form=shown,
        photo=picture,
        drawing=chosen,
        drawings=drawings(),
    )


def _saved(request: HubRequest, hub: HubFrame, product_id: int) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return go(request, reverse("catalogue:product", args=[hub.slug, product_id]))


def _product_form(request: HubRequest, initial: dict[str, Any], *, sent: bool = True) -> ProductForm:
    return ProductForm(
        request.POST if sent and request.method == "POST" else None,
        categories=queries.categories(language=_language()),
        properties=queries.properties(language=_language()),
        initial=initial,
    )


def _size_form(
    request: HubRequest,
    hub: HubFrame,
    initial: dict[str, Any] | None = None,
    *,
    is_resold: bool = False,
    sent: bool = True,
) -> VariantForm:
    data = request.POST if sent and request.method == "POST" else None
    return VariantForm(
        data,
        is_resold=is_resold,
        rates=pricing.tax_rates(country=hub.country),
        initial={"is_for_sale": True, **(initial or {})},
        prefix="size",
    )


def _sheet(request: HubRequest, hub: HubFrame, product_id: int) -> queries.Sheet:
    return queries.product(product_id=product_id, enterprise_id=hub.id, actor=request.actor, now=request.now)


def _variant(sheet: queries.Sheet, variant_id: int) -> queries.VariantRow:
    found = next((row for row in sheet.variants if row.id == variant_id), None)
    if found is None:
        raise NotFound
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else None


def _language() -> str:
    return get_language() or "fr"
