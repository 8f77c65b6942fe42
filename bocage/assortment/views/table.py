"""The product table: read with filters, written cell by cell, or row by row without a script."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.assortment import actions, showing
from bocage.assortment.forms import RowForm
from bocage.assortment.queries.table import STATES, Wanted, row, rows_of_product, table, written_by
from bocage.assortment.rules import cells
from bocage.assortment.rules.cells import Row
from bocage.assortment.showing import Cell, Words
from bocage.catalogue import queries as catalogue
from bocage.commons.refusals import Forbidden, NotFound, Refused
from bocage.network.hub_pages import goods_page, hub_page
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.pricing import queries as pricing
from bocage.ui.pages import go, say


@login_required
@require_safe
def products(request: HubRequest, slug: str) -> HttpResponse:
    """Show the table, as the filter sentence says."""
    hub = hub_of(request, slug)
    wanted, asked = wanted_of(request)
    after, every = number(request.GET.get("after")) or 0, request.GET.get("columns") == "all"
    found = table(enterprise_id=hub.id, actor=request.actor, now=request.now, wanted=wanted, after=after)
    words = words_of(hub, every=every)
    kept = {**asked, **({"columns": "all"} if every else {})}
    return goods_page(
        request,
        "assortment/table.html",
        hub,
        "table",
        part="found",
        found=found,
        rows=showing.shown(found.rows, words),
        undos=json.dumps(
            [
                {"id": f"cell-{vid}-{column}", "old": cells.typed(column, before, words.language, words.currency)}
                for vid, column, before in written_by(enterprise_id=hub.id, rows=found.rows, actor=request.actor)
            ]
        ),
        columns=words.columns,
        choices=choices_of(words),
        every=every,
        wanted=wanted,
        after=after,
        asked=urlencode(asked),
        more_url=f"?{urlencode({**asked, 'columns': 'all'})}",
        fewer_url=f"?{urlencode(asked)}",
        next_url=f"?{urlencode({**kept, 'after': found.next})}" if found.next else "",
        first_url=f"?{urlencode(kept)}" if after else "",
        producers=catalogue.producers_of(enterprise_id=hub.id, now=request.now),
    )


@login_required
@require_POST
def cell(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Write one cell; answer with that cell, and the same cell of the product's other sizes where it is shared."""
    hub = hub_of(request, slug)
    key, text = request.POST.get("column", ""), request.POST.get("text", "")[:1000]
    words = words_of(hub, every=True)
    column = next((one for one in words.columns if one.key == key), None)
    if column is None:
        raise NotFound
    asked: dict[str, Any] = {"enterprise_id": hub.id, "actor": request.actor, "now": request.now}
    try:
        kept = actions.set_cell(
            variant_id=variant_id,
            column=key,
            text=text,
            seen=request.POST.get("seen", "")[:1000],
            currency=hub.currency,
            is_undo=request.POST.get("undo") == "1",
            **asked,
        )
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        present = showing.cell(row(variant_id=variant_id, **asked), column, words)
        return _cells(request, hub, [(variant_id, _refused(present, text, refusal))], status=422)
    saved = row(variant_id=variant_id, **asked)
    rows: tuple[Row, ...] = (saved,)
    if key in ("product", "category", "keywords"):
        rows = rows_of_product(product_id=saved.product_id, **asked)
    found = [(one.id, showing.cell(one, column, words)) for one in rows]
    note = "" if kept else gettext("Orders were taken from your own stock, so it stays, at 0. Count again to sell.")
    return _cells(request, hub, found, note=note)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HubRequest, slug: str, variant_id: int) -> HttpResponse:
    """Change a row on a plain page: each cell that was typed anew is saved, each that is refused says why."""
    hub = hub_of(request, slug)
    asked: dict[str, Any] = {"enterprise_id": hub.id, "actor": request.actor, "now": request.now}
    words = words_of(hub, every=True)
    present = showing.shown([row(variant_id=variant_id, **asked)], words)[0]
    editable = [one for one in present.cells if one.may_edit]
    form = RowForm(request.POST if request.method == "POST" else None, cells=editable, choices=choices_of(words))
    if request.method == "POST" and form.is_valid():
        refused = _save(form, hub, variant_id, asked)
        if not refused:
            messages.success(request, gettext("Saved."))
            return go(request, f"{reverse('assortment:table', args=[hub.slug])}?{request.POST.get('back', '')[:400]}")
        present = showing.shown([row(variant_id=variant_id, **asked)], words)[0]
        for key, refusal in refused.items():
            now_says = next(one.text for one in present.cells if one.column.key == key)
            changed = isinstance(refusal, cells.CellChanged)
            form.add_error(
                key,
                gettext("It says “%(present)s” now. Save again to write yours over it.") % {"present": now_says}
                if changed
                else say(refusal),
            )
    return hub_page(
        request,
        "assortment/row.html",
        hub=hub,
        nav="products",
        status=422 if form.errors else 200,
        row=present.row,
        cells=[(one, form[one.column.key]) for one in present.cells if one.may_edit],
        form=form,
        back=request.POST.get("back") or request.GET.urlencode(),
    )


def hub_of(request: HubRequest, slug: str) -> HubFrame:
    """Return the enterprise at hand. Raises NotFound, Forbidden."""
    return hub_frame(slug=slug, right=Right.MANAGE_CATALOGUE, actor=request.actor)


def wanted_of(request: HubRequest) -> tuple[Wanted, dict[str, str]]:
    """Return which rows the filter sentence asks for, and how an address says so."""
    given = {name: request.GET.get(name, "")[:80] for name in ("q", "producer", "category", "state")}
    wanted = Wanted(
        text=given["q"],
        producer_id=number(given["producer"]),
        category_id=number(given["category"]),
        state=given["state"] if given["state"] in STATES else "",
    )
    return wanted, {name: text for name, text in given.items() if text}


def words_of(hub: HubFrame, *, every: bool) -> Words:
    """Return what rows of this enterprise need to be written, in two SQL queries."""
    language = get_language() or "fr"
    shelves = catalogue.categories(language=language)
    return Words(
        categories={one.id: one.name for one in shelves},
        paths={one.id: f"{one.parent} › {one.name}" if one.parent else one.name for one in shelves},
        rates={one.id: one.name for one in pricing.tax_rates(country=hub.country)},
        language=language,
        currency=hub.currency,
        names_farms=hub.sells == "any",
        columns=showing.columns(every=every, is_hub=hub.sells == "any", sells=hub.sells != "none"),
    )


def choices_of(words: Words) -> dict[str, list[tuple[Any, str]]]:
    """Return the lists that cells choose from."""
    return {
        "category": list(words.paths.items()),
        "vat": [("", gettext("none")), *words.rates.items()],
        "for_sale": [("yes", gettext("for sale")), ("no", gettext("not for sale"))],
    }


def number(text: str | None) -> int | None:
    """Return the id that an address names, if it is one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else None


def _save(form: RowForm, hub: HubFrame, variant_id: int, asked: dict[str, Any]) -> dict[str, Refused]:
    """Save what was typed anew; return what was refused by column."""
    refused: dict[str, Refused] = {}
    for key, text, seen in form.changed():
        try:
            actions.set_cell(variant_id=variant_id, column=key, text=text, seen=seen, currency=hub.currency, **asked)
        except (Forbidden, NotFound):
            raise
        except Refused as refusal:
            refused[key] = refusal
    return refused


def _refused(present: Cell, text: str, refusal: Refused) -> Cell:
    """Return a cell that keeps what was typed and says why it was not saved."""
    if isinstance(refusal, cells.CellChanged):
        return replace(
            present, state="changed", says=say(refusal), theirs=present.text, theirs_typed=present.typed, typed=text
        )
    return replace(present, state="failed", says=say(refusal), typed=text, theirs_typed=present.typed)


def _cells(
    request: HubRequest, hub: HubFrame, found: list[tuple[int, Cell]], *, status: int = 200, note: str = ""
) -> HttpResponse:
    return hub_page(request, "assortment/cells.html", hub=hub, nav="products", status=status, found=found, note=note)
