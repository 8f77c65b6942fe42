"""A statement in words: the same cells for page, PDF and CSV, in the reader's language."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from bocage.commons.cells import guarded
from bocage.commons.money import Money, plain
from bocage.orders.templatetags.orders import size_words
from bocage.settlements.queries import LineRow, Sheet
from bocage.ui import formats
from bocage.ui.paper import printed

TEMPLATE = Path(__file__).resolve().parent / "pdf" / "statement.typ"


def part_words(part: str) -> str:
    """Return how a part of a statement is called."""
    return {
        "goods": gettext("Goods"),
        "fees": gettext("Fees of the farm"),
        "credits": gettext("Credits to customers, borne by the farm"),
        "corrections": gettext("Corrections of earlier sales"),
        "agreed": gettext("Agreed after a question"),
    }[part]


def parts(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the parts of a statement that are there: title, lines with their cells, sum without VAT."""
    return [
        {
            "key": key,
            "title": part_words(key),
            "net": net,
            "lines": [cells(line, sheet) for line in getattr(sheet, key)],
        }
        for key, net in sheet.parts
    ]


def cells(line: LineRow, sheet: Sheet) -> dict[str, Any]:
    """Return a line as it is read. quantity: units, or the weight of what was weighed."""
    has_size = line.kind == "goods"
    grams = line.is_weighed and line.grams
    detail = (size_words(line) if has_size else "", line.sale if line.cycle_id != sheet.cycle_id else "")
    return {
        "line": line,
        "name": line.name,
        "detail": ", ".join(one for one in detail if one),
        "quantity": (formats.grams(line.grams) if grams else str(line.quantity)) if has_size else "",
        "price": formats.money(line.price) if has_size else "",
        "rate": formats.rate(line.millionths) if line.millionths else "–",
        "net": formats.money(line.net),
    }


def sums(sheet: Sheet) -> list[dict[str, Any]]:
    """Return what adds up to the total: each part without VAT, VAT by rate, what was left owing before."""
    currency = sheet.row.total.currency
    rows = [{"label": part_words(key), "amount": net} for key, net in sheet.parts]
    rows += [
        {"label": gettext("VAT at %(rate)s") % {"rate": formats.rate(rate)}, "amount": tax}
        for rate, _net, tax in sheet.rates
        if tax.minor
    ]
    if sheet.row.carried.minor:
        rows.append({"label": gettext("Left owing from before"), "amount": Money(sheet.row.carried.minor, currency)})
    return rows


def title(sheet: Sheet) -> str:
    if sheet.row.number:
        return gettext("Statement %(number)s") % {"number": sheet.row.number}
    return gettext("Statement for %(farm)s") % {"farm": sheet.row.farm}


def file_name(sheet: Sheet) -> str:
    return slugify(f"{sheet.row.number or 'draft'}-{sheet.row.farm}-{sheet.row.sale}")


def as_pdf(sheet: Sheet) -> bytes:
    """Return a statement to print."""
    data = {
        "title": title(sheet),
        "under": f"{sheet.row.hub} → {sheet.row.farm}. {sheet.row.sale}, {formats.short_day(sheet.row.closed_at)}",
        "hub": sheet.row.hub,
        "language": (get_language() or "fr")[:2],
        "head": [gettext("Product"), gettext("Quantity"), gettext("Price"), gettext("VAT"), gettext("Without VAT")],
        "parts": [
            {
                "title": part["title"],
                "net": formats.money(part["net"]),
                "rows": [
                    [one["name"], one["detail"], one["quantity"], one["price"], one["rate"], one["net"]]
                    for one in part["lines"]
                ],
            }
            for part in parts(sheet)
        ],
        "sums": [[one["label"], formats.money(one["amount"])] for one in sums(sheet)],
        "total": [gettext("Owed to the farm"), formats.money(sheet.row.due)],
        "page": gettext("page"),
    }
    return printed(TEMPLATE, data)


def as_csv(sheet: Sheet) -> bytes:
    """Return a statement's lines as a table for spreadsheets, amounts as bare numbers."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [gettext("Sale"), gettext("Product"), gettext("Size"), gettext("Quantity"), gettext("Grams"), gettext("Price"),
         gettext("VAT rate"), gettext("Without VAT"), gettext("VAT"), gettext("Total")]
    )  # fmt: skip
    for line in sheet.lines:
        writer.writerow(
            [guarded(line.sale), guarded(line.name), guarded(size_words(line) if line.kind == "goods" else ""),
             line.quantity, line.grams or "", plain(line.price), line.millionths / 10_000, plain(line.net),
             plain(line.tax), plain(line.total)]
        )  # fmt: skip
    return written.getvalue().encode("utf-8-sig")
