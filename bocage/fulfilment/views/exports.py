"""The barn's lists to print and to open elsewhere: packing list by customer, by product, supplier totals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from bocage.commons.money import Money, total
from bocage.commons.refusals import NotFound
from bocage.fulfilment import queries
from bocage.fulfilment.grouping import by_farm, by_place
from bocage.fulfilment.printing import as_csv, as_pdf
from bocage.fulfilment.views import barn as barns
from bocage.fulfilment.views import goods
from bocage.network.queries.hubs import HubFrame, hub_frame
from bocage.network.requests import HubRequest
from bocage.network.rules import Right
from bocage.orders.templatetags.orders import size_words
from bocage.ui import formats

MOST_CHOSEN = 300


@login_required
@require_safe
def pdf(request: HubRequest, slug: str, what: str) -> HttpResponse:
    """Send a list as a PDF."""
    barn = barns.barn(request, slug)
    filled = _known(PDFS, what)(request, barn)
    return _file(as_pdf(what, filled), "application/pdf", f"{slug}-{what}.pdf", shown=True)


@login_required
@require_safe
def chosen(request: HubRequest, slug: str, what: str) -> HttpResponse:
    """Send the packing slips or the labels of chosen orders as one PDF; cancelled ones are left out."""
    hub = hub_frame(slug=slug, right=Right.PACK, actor=request.actor)
    refs = request.GET.get("orders", "").replace("\x00", "").split()[:MOST_CHOSEN]
    rows = queries.chosen_baskets(hub_id=hub.id, refs=refs, actor=request.actor)
    standing = [row for row in rows if not row.is_cancelled]
    if not standing:
        raise NotFound()
    filled = _known({"labels": _labels, "slips": _slips}, what)(request, hub, standing)
    return _file(as_pdf(what, filled), "application/pdf", f"{slug}-{what}.pdf", shown=True)


@login_required
@require_safe
def csv(request: HubRequest, slug: str, what: str) -> HttpResponse:
    """Send a list as a table for spreadsheets."""
    barn = barns.barn(request, slug)
    head, rows = _known(CSVS, what)(request, barn)
    return _file(as_csv(head, rows), "text/csv; charset=utf-8", f"{slug}-{what}.csv")


def _baskets_pdf(request: HubRequest, barn: barns.Barn) -> dict[str, Any]:
    rows = barns.baskets_of(request, barn)
    lines = queries.basket_lines(hub_id=barn.hub.id, order_ids=[row.order_id for row in rows], actor=request.actor)
    places = [
        {
            "name": place.name,
            "under": _joined(_hand_over(place.crates[0]), _baskets(place.total)),
            "baskets": [_basket(row, lines.get(row.order_id, [])) for row in place.crates],
        }
        for place in by_place(rows)
    ]
    return {**_sheet(barn, gettext("Packing list"), _baskets(len(rows))), "places": places}


def _slips(request: HubRequest, hub: HubFrame, rows: list[queries.BasketRow]) -> dict[str, Any]:
    lines = queries.basket_lines(hub_id=hub.id, order_ids=[row.order_id for row in rows], actor=request.actor)
    filled = [
        {**_basket(row, lines.get(row.order_id, [])), "place": _joined(row.delivery_name, _hand_over(row))}
        for row in rows
    ]
    return {**_paper(hub.name, "", gettext("Packing slips"), _baskets(len(rows))), "baskets": filled}


def _labels(request: HubRequest, hub: HubFrame, rows: list[queries.BasketRow]) -> dict[str, Any]:
    labels = [
        {
            "crate": row.crate,
            "name": row.name,
            "ref": row.ref,
            "place": row.delivery_name,
            "when": _hand_over(row),
            "due": gettext("to be paid: %(amount)s") % {"amount": formats.money(row.due)} if row.due.minor > 0 else "",
        }
        for row in rows
    ]
    return {**_paper(hub.name, "", gettext("Labels"), ""), "labels": labels}


def _products_pdf(request: HubRequest, barn: barns.Barn) -> dict[str, Any]:
    rows = goods.product_rows(request, barn)
    farms = [
        {
            "name": farm.name,
            "rows": [
                {
                    "quantity": str(row.quantity),
                    "product": row.product_name,
                    "detail": size_words(row),
                    "crates": [{"crate": str(one.crate), "quantity": f"× {one.quantity}"} for one in row.who],
                }
                for row in farm.rows
            ],
        }
        for farm in by_farm(rows, lambda row: row.producer)
    ]
    return {**_sheet(barn, gettext("By product"), _items(sum(row.quantity for row in rows))), "farms": farms}


def _suppliers_pdf(request: HubRequest, barn: barns.Barn) -> dict[str, Any]:
    rows = goods.supplier_rows(request, barn)
    farms = [
        {
            "name": farm.name,
            "items": str(farm.items),
            "goods": formats.money(farm.goods),
            "tax": formats.money(farm.tax),
            "rows": [
                {
                    "quantity": str(row.quantity),
                    "product": row.product_name,
                    "detail": size_words(row),
                    "weight": formats.grams(row.final_weight_g) if row.final_weight_g else "",
                    "tax": formats.money(row.tax),
                    "goods": formats.money(row.goods),
                }
                for row in farm.rows
            ],
        }
        for farm in by_farm(rows, lambda row: row.producer)
    ]
    whole = formats.money(total(row.goods for row in rows))
    under = _items(sum(row.quantity for row in rows))
    return {**_sheet(barn, gettext("What each farm brings"), under), "farms": farms, "goods": whole}


def _baskets_csv(request: HubRequest, barn: barns.Barn) -> tuple[list[str], list[list[Any]]]:
    rows = barns.baskets_of(request, barn)
    lines = queries.basket_lines(hub_id=barn.hub.id, order_ids=[row.order_id for row in rows], actor=request.actor)
    head = [
        gettext("Crate"), gettext("Order"), gettext("Name"), gettext("Phone"), gettext("Place"), gettext("Quantity"),
        gettext("Product"), gettext("Size"), gettext("Farm"), gettext("Final weight (g)"), gettext("Line total"),
        pgettext("amount", "Due"), gettext("Note"),
    ]  # fmt: skip
    return head, [
        [
            row.crate, row.ref, row.name, row.phone, row.delivery_name, line.quantity, line.product_name,
            size_words(line), line.producer, line.final_weight_g or "", _number(line.total), _number(row.due), row.note,
        ]
        for row in rows
        for line in lines.get(row.order_id, [])
    ]  # fmt: skip


def _products_csv(request: HubRequest, barn: barns.Barn) -> tuple[list[str], list[list[Any]]]:
    head = [
        gettext("Farm"), gettext("Product"), gettext("Size"), gettext("Quantity"), gettext("Crate"), gettext("Order"),
        gettext("Name"), gettext("Place"),
    ]  # fmt: skip
    return head, [
        [
            row.producer, row.product_name, size_words(row), one.quantity, one.crate, one.ref, one.name,
            one.delivery_name,
        ]
        for row in goods.product_rows(request, barn)
        for one in row.who
    ]  # fmt: skip


def _suppliers_csv(request: HubRequest, barn: barns.Barn) -> tuple[list[str], list[list[Any]]]:
    head = [
        gettext("Farm"), gettext("Product"), gettext("Size"), gettext("Quantity"), gettext("Final weight (g)"),
        gettext("VAT"), gettext("For the farm"),
    ]  # fmt: skip
    return head, [
        [
            row.producer, row.product_name, size_words(row), row.quantity, row.final_weight_g or "", _number(row.tax),
            _number(row.goods),
        ]
        for row in goods.supplier_rows(request, barn)
    ]  # fmt: skip


PDFS = {"baskets": _baskets_pdf, "products": _products_pdf, "suppliers": _suppliers_pdf}
CSVS = {"baskets": _baskets_csv, "products": _products_csv, "suppliers": _suppliers_csv}


def _known(lists: dict[str, Callable[..., Any]], what: str) -> Callable[..., Any]:
    if what not in lists:
        raise NotFound()
    return lists[what]


def _sheet(barn: barns.Barn, title: str, counted: str) -> dict[str, Any]:
    return _paper(barn.hub.name, barn.sale.name if barn.sale else "", title, counted)


def _paper(hub: str, sale: str, title: str, counted: str) -> dict[str, Any]:
    return {
        "title": title,
        "hub": hub,
        "sale": sale,
        "under": _joined(hub, sale, counted),
        "language": (get_language() or "fr")[:2],
        "words": {
            "page": gettext("page"),
            "done": gettext("Done"),
            "quantity": gettext("Quantity"),
            "product": gettext("Product"),
            "weight": gettext("Weight"),
            "crates": gettext("Crates"),
            "tax": gettext("of which VAT"),
            "goods": gettext("For the farm"),
            "total": gettext("Total"),
            "all": gettext("All farms together"),
            "empty": gettext("Nothing was ordered yet."),
        },
    }


def _basket(row: queries.BasketRow, lines: list[queries.BasketLine]) -> dict[str, Any]:
    paid = gettext("paid") if row.due.minor <= 0 else gettext("to be paid")
    return {
        "crate": row.crate,
        "name": row.name,
        "under": _joined(row.ref, row.phone, row.delivery_street),
        "note": row.note,
        "amount": formats.money(row.total if row.due.minor <= 0 else row.due),
        "amount_words": paid,
        "lines": [
            {
                "quantity": f"{line.quantity} ×",
                "product": line.product_name,
                "detail": _joined(size_words(line), line.producer),
                "weight": _weight(line),
            }
            for line in lines
        ],
    }


def _weight(line: queries.BasketLine) -> str:
    if line.final_weight_g:
        return formats.grams(line.final_weight_g)
    return "…………… kg" if line.is_weighed else ""


def _hand_over(row: queries.BasketRow) -> str:
    if row.hand_over_from is None:
        return ""
    end = f" – {formats.hour(row.hand_over_to)}" if row.hand_over_to else ""
    return f"{formats.day_hour(row.hand_over_from)}{end}"


def _baskets(count: int) -> str:
    return ngettext("%(count)s basket", "%(count)s baskets", count) % {"count": count}


def _items(count: int) -> str:
    return ngettext("%(count)s item", "%(count)s items", count) % {"count": count}


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _number(amount: Money) -> str:
    """An amount for spreadsheets: a bare number with the reader's decimal sign."""
    plain = f"{Decimal(amount.minor).scaleb(-2):.2f}"
    return plain.replace(".", ",") if (get_language() or "fr").startswith("fr") else plain


def _file(content: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    how = "inline" if shown else "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'{how}; filename="{name}"'})
