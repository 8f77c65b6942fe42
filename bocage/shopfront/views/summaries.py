"""An order in the making as the summary beside each step shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from bocage.commons.money import Money
from bocage.shopfront.pictures import picture_url
from bocage.shopfront.queries.baskets import BasketView, Line
from bocage.shopfront.views.rows import words_of
from bocage.ui.formats import money, rate


@dataclass(frozen=True, slots=True)
class SummaryLine:
    name: str
    detail: str
    amount: Money
    picture: str
    field: str


@dataclass(frozen=True, slots=True)
class Sum:
    label: str
    amount: Money

    @property
    def words(self) -> str:
        """Return what stands in the place of no charge at all."""
        return "" if self.amount else pgettext("no charge", "free")


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines, charges and total of a basket, and how many items it holds, in words."""

    lines: list[SummaryLine]
    charges: list[Sum]
    total: Money
    count: str
    taxes: str


def summary(basket: BasketView) -> Summary:
    """Return a basket as a summary."""
    quote = basket.quote
    goods = Sum(gettext("Products"), quote.goods_total)
    taxes = ", ".join(f"{money(amount)} ({rate(tax.millionths)})" for tax, _, amount in quote.taxes())
    return Summary(
        lines=[_line(line) for line in basket.lines if line.quantity],
        charges=[goods, *(Sum(charge.fee.name, charge.total) for charge in quote.charges)],
        total=quote.total,
        count=ngettext("%(count)s item", "%(count)s items", basket.count) % {"count": basket.count},
        taxes=gettext("VAT included: %(taxes)s.") % {"taxes": taxes} if taxes else "",
    )


def _line(line: Line) -> SummaryLine:
    assert line.row is not None and line.price is not None
    size = words_of(line.row, line.price)["size"]
    detail = f"{line.quantity} × {size}"
    return SummaryLine(line.name, detail, line.total, picture_url(line.row.picture), line.row.field)
