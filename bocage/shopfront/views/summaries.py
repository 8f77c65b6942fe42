"""An order in the making as the summary beside each step shows it: cut once per product and per set of charges."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from bocage.commons.money import Money
from bocage.orders.queries.pages import charge_label
from bocage.orders.rules import Quote
from bocage.shopfront.pictures import picture_url
from bocage.shopfront.queries.baskets import BasketView, Line
from bocage.shopfront.views.rows import words_of
from bocage.shopfront.views.visits import Visit
from bocage.ui.formats import money, rate

LINES, COUNT, TOTAL, TAXES, NUMBER, AMOUNT = (mark_safe(f"\x1f{name}\x1f") for name in "lctvna")


@dataclass(frozen=True, slots=True)
class Sum:
    label: str
    amount: Money | SafeString
    words: str


def summary_html(here: Visit, basket: BasketView) -> SafeString:
    """Return a basket as a summary: its lines, charges and total, and how many items it holds, in words."""
    quote = basket.quote
    charges = [(gettext("Products"), quote.goods_total), *_own(quote)]
    if quote.voucher is not None:
        charges.append((gettext("Voucher %(code)s") % {"code": quote.voucher.name}, quote.discount))
    taxes = _taxes(quote)
    told = ngettext("%(count)s item", "%(count)s items", basket.count) % {"count": basket.count}
    text = _shell(here, tuple((label, bool(amount)) for label, amount in charges), bool(quote.lines), bool(taxes))
    fills = {_mark(number): money(amount) for number, (_, amount) in enumerate(charges)}
    fills |= {COUNT: told, TOTAL: money(quote.total), TAXES: taxes}
    for mark, words in fills.items():
        text = text.replace(mark, escape(words))
    return mark_safe(text.replace(LINES, "".join(_line(here, line) for line in basket.lines if line.quantity)))


def _own(quote: Quote) -> list[tuple[str, Money]]:
    return [(charge_label(one.fee.kind, one.fee.name), one.total) for one in quote.own_charges]


def _shell(here: Visit, charges: tuple[tuple[str, bool], ...], has_total: bool, has_taxes: bool) -> str:
    """The summary without its lines and numbers; what costs nothing says so in words."""
    kept, key = here.rendered, ("summary", get_language(), here.query, charges, has_total, has_taxes)
    if key not in kept:
        free = pgettext("no charge", "free")
        sums = [Sum(label, _mark(at), "" if costs else free) for at, (label, costs) in enumerate(charges)]
        context = {
            "lines": LINES, "count": COUNT, "charges": sums, "total": TOTAL if has_total else None,
            "taxes": TAXES if has_taxes else "", "basket_url": here.url("basket"),
        }  # fmt: skip
        kept[key] = render_to_string("shopfront/parts/summary.html", context)
    return kept[key]


def _line(here: Visit, line: Line) -> str:
    assert line.row is not None and line.price is not None
    kept, key = here.rendered, ("summary line", get_language(), line.row.id)
    if key not in kept:
        size = escape(words_of(line.row, line.price)["size"])
        row = {
            "name": line.name, "detail": mark_safe(f"{NUMBER} × {size}"), "amount": AMOUNT,
            "picture": picture_url(line.row.picture), "field": line.row.field,
        }  # fmt: skip
        kept[key] = render_to_string("shopfront/parts/summary_line.html", {"line": row})
    return kept[key].replace(NUMBER, str(line.quantity)).replace(AMOUNT, escape(money(line.total)))


def _taxes(quote: Quote) -> str:
    taxes = ", ".join(f"{money(amount)} ({rate(tax.millionths)})" for tax, _, amount in quote.taxes())
    return gettext("VAT included: %(taxes)s.") % {"taxes": taxes} if taxes else ""


def _mark(number: int) -> SafeString:
    return mark_safe(f"\x1f{number}\x1f")
