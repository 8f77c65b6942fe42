"""A farm's order in words: the same cells for page, mail, PDF and CSV, in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language, gettext, ngettext, override

from bocage.commons.money import Money
from bocage.fulfilment.queries import SupplierOrderSheet
from bocage.fulfilment.rules import ToldLine
from bocage.orders.templatetags.orders import size_words
from bocage.ui import formats


def paper(sheet: SupplierOrderSheet, language: str = "") -> dict[str, Any]:
    """Return a farm's order as plain words, in `language` or the present one."""
    with override(language or get_language() or "fr"):
        return {
            "title": gettext("What %(farm)s brings") % {"farm": sheet.farm},
            "file": slugify(f"{sheet.farm}-{sheet.sale}-v{sheet.number}"),
            "hub": sheet.hub,
            "sale": sheet.sale,
            "under": ", ".join(_under(sheet)),
            "due": _due(sheet),
            "instructions": sheet.instructions,
            "language": (get_language() or "fr")[:2],
            "head": _head(sheet),
            "rows": [_row(sheet, row) for row in sheet.lines],
            "several": bool(sheet.hubs),
            "items": str(sheet.items),
            "tax": formats.money(sheet.tax),
            "goods": formats.money(sheet.goods),
            "words": {
                "page": gettext("page"),
                "total": gettext("Total"),
                "empty": gettext("There is nothing to bring any more."),
                "changed": _changed(sheet),
            },
        }


def table(sheet: SupplierOrderSheet) -> tuple[list[str], list[list[Any]]]:
    """Return a farm's order as a table for spreadsheets: the cells of `paper`, amounts as bare numbers."""
    names = [
        gettext("Product"), gettext("Size"), gettext("Quantity"), gettext("Before"), *sheet.hubs,
        gettext("of which VAT"), gettext("For the farm"),
    ]  # fmt: skip
    return names, [
        [
            row.line.product_name,
            size_words(row.line),
            row.line.quantity,
            "" if row.before is None else row.before,
            *(dict(row.line.hubs).get(hub, 0) for hub in sheet.hubs),
            _number(Money(row.line.tax_minor, sheet.currency)),
            _number(Money(row.line.goods_minor, sheet.currency)),
        ]
        for row in sheet.lines
    ]


def _head(sheet: SupplierOrderSheet) -> dict[str, str]:
    return {
        "quantity": gettext("Quantity"),
        "product": gettext("Product"),
        "change": gettext("Before") if sheet.number > 1 else "",
        "tax": gettext("of which VAT"),
        "goods": gettext("For the farm"),
    }


def _row(sheet: SupplierOrderSheet, row: ToldLine) -> dict[str, Any]:
    line = row.line
    return {
        "quantity": str(line.quantity),
        "product": line.product_name,
        "detail": size_words(line),
        "change": str(row.before) if row.is_changed else "",
        "is_changed": row.is_changed,
        "hubs": ", ".join(f"{name} × {count}" for name, count in line.hubs) if sheet.hubs else "",
        "tax": formats.money(Money(line.tax_minor, sheet.currency)),
        "goods": formats.money(Money(line.goods_minor, sheet.currency)),
    }


def _under(sheet: SupplierOrderSheet) -> list[str]:
    items = ngettext("%(count)s item", "%(count)s items", sheet.items) % {"count": sheet.items}
    version = gettext("version %(number)s") % {"number": sheet.number}
    told = formats.day_hour(sheet.told_at) if sheet.told_at else ""
    return [part for part in (sheet.hub, sheet.sale, items, version, told) if part]


def _due(sheet: SupplierOrderSheet) -> str:
    return gettext("Goods due %(when)s") % {"when": formats.day_hour(sheet.bring_at)} if sheet.bring_at else ""


def _changed(sheet: SupplierOrderSheet) -> str:
    if not sheet.changes:
        return ""
    return ngettext(
        "%(count)s line is other than you were told before.",
        "%(count)s lines are other than you were told before.",
        sheet.changes,
    ) % {"count": sheet.changes}


def _number(amount: Money) -> str:
    plain = f"{Decimal(amount.minor).scaleb(-2):.2f}"
    return plain.replace(".", ",") if (get_language() or "fr").startswith("fr") else plain
