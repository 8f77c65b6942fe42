"""What a till receipt of an order says: what was ordered, what was paid how, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from bocage.orders import words
from bocage.orders.queries.pages import OrderPage
from bocage.ui import formats


def receipt(order: OrderPage, seller_lines: list[str], *, payment_id: int | None = None) -> Mapping[str, Any]:
    """Return the words of an order's receipt or, given one of its payments, of that payment alone."""
    paid = [row for row in order.payments if payment_id in (None, row.id)]
    is_whole = payment_id is None
    title = gettext("Receipt") if is_whole else gettext("Receipt of a payment")
    return {
        "language": (get_language() or "fr")[:2],
        "title": title,
        "seller": order.hub.name,
        "seller_lines": seller_lines,
        "under": gettext("Order %(ref)s, %(name)s") % {"ref": order.ref, "name": order.name},
        "lines": _lines(order) if is_whole else [],
        "sums": [[row.label, formats.money(row.total)] for row in order.charges] if is_whole else [],
        "total_words": gettext("Total") if is_whole else gettext("Received"),
        "total": formats.money(order.total if is_whole else paid[0].amount),
        "taxes": _taxes(order) if is_whole else [],
        "payments": [
            [f"{formats.short_day(row.at)}, {words.MEANS.get(row.means, row.means)}", formats.money(row.amount)]
            for row in paid
        ],
        "balance": [gettext("Still to pay"), formats.money(order.due)] if is_whole and order.due.minor > 0 else [],
        "closing": gettext("A receipt is not an invoice. Thank you for eating from nearby."),
    }


def _lines(order: OrderPage) -> list[dict[str, str]]:
    return [
        {
            "quantity": f"{line.quantity}",
            "name": line.product_name,
            "detail": formats.grams(line.final_weight_g) if line.final_weight_g else line.size_text,
            "total": formats.money(line.total),
        }
        for line in order.lines
    ]


def _taxes(order: OrderPage) -> list[list[str]]:
    said = gettext("of which VAT %(rate)s")
    return [[said % {"rate": formats.rate(tax.millionths)}, formats.money(tax.tax)] for tax in order.taxes]
