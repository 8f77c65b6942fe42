"""The dashboard in words: the sentence on top, what waits for somebody, what lies on the ribbon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from bocage.commons.money import Money
from bocage.fulfilment.queries import Waiting
from bocage.ui import formats
from bocage.web.dashboard.queries import Moment, SaleRow, ShortRow, Unsettled
from bocage.web.dashboard.rules import Placed


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits: tone `soon` needs somebody, `later` only says what comes."""

    icon: str
    title: str
    text: str
    url: str
    label: str
    tone: str = "soon"


@dataclass(frozen=True, slots=True)
class OnRibbon:
    """A sale (bar) or a moment (mark) of the week, placed on the grid and said in words."""

    place: Placed
    kind: str
    label: str
    detail: str = ""
    end: str = ""
    url: str = ""


def greeting_line(sale: SaleRow | None, waits: int, now: datetime, *, sells: bool = True) -> str:
    """Return the sentence under the greeting: how the sale stands, and how much waits."""
    if sale is None and not sells:
        return gettext("Here you read what the hubs that sell your goods need from you.")
    if sale is None:
        return gettext("No sale is planned. Open one when your farms are ready.")
    values = {"sale": sale.name, "when": formats.relative(sale.closes_at, now)}
    if sale.is_open(now):
        stands = gettext("%(sale)s closes %(when)s.") % values
    elif now < sale.opens_at:
        stands = gettext("%(sale)s opens %(when)s.") % {**values, "when": formats.relative(sale.opens_at, now)}
    else:
        stands = gettext("%(sale)s closed %(when)s.") % values
    if not waits:
        return f"{stands} {gettext('Nothing waits for you.')}"
    wait = ngettext("%(count)s thing waits for you.", "%(count)s things wait for you.", waits) % {"count": waits}
    return f"{stands} {wait}"


def todos(
    *,
    slug: str,
    waiting: Sequence[Waiting],
    due: Unsettled,
    credit: Unsettled,
    short: Sequence[ShortRow],
    sales: Sequence[SaleRow],
    now: datetime,
) -> list[Todo]:
    """Return what waits, the most pressing first."""
    rows = [row for one in waiting for row in _in_the_barn(slug, one, now)]
    if due.orders:
        title = ngettext(
            "%(count)s payment to follow up, %(amount)s", "%(count)s payments to follow up, %(amount)s", due.orders
        )
        text = gettext("Handed over, or about to be, and not paid yet.")
        url = address("orders:list", slug) + "?paid=due&state=placed"
        rows.append(Todo("card", title % _counted(due), text, url, gettext("See them")))
    if credit.orders:
        title = ngettext(
            "%(amount)s to give back to %(count)s customer",
            "%(amount)s to give back to %(count)s customers",
            credit.orders,
        )
        text = gettext("They paid more than their order costs now.")
        rows.append(
            Todo(
                "refund",
                title % _counted(credit),
                text,
                address("orders:list", slug) + "?paid=credit",
                gettext("See them"),
            )
        )
    if short:
        rows.append(_short(slug, short))
    return rows + [row for sale in sales if (row := _coming(slug, sale, now))]


def on_ribbon(
    placed: Sequence[Placed], *, slug: str, sales: Sequence[SaleRow], moments: Sequence[Moment], now: datetime
) -> list[OnRibbon]:
    """Return what lies on the ribbon, each with its words and where it leads."""
    rows = []
    for place in placed:
        if place.span.what == "sale":
            rows.append(_bar(place, sales[place.span.key], slug, now))
        else:
            rows.append(_mark(place, moments[place.span.key], slug))
    return rows


def address(name: str, *args: object) -> str:
    """Return the address of a page, or nothing where it is not mounted."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _in_the_barn(slug: str, one: Waiting, now: datetime) -> list[Todo]:
    query = f"?sale={one.cycle_id}"
    when = formats.relative(one.hand_over_from, now) if one.hand_over_from else ""
    rows = []
    if one.unpacked:
        title = ngettext("%(count)s basket to pack", "%(count)s baskets to pack", one.unpacked) % {
            "count": one.unpacked
        }
        text = gettext("%(sale)s, handed over %(when)s.") % {"sale": one.name, "when": when}
        rows.append(Todo("box", title, text, address("fulfilment:packing", slug) + query, gettext("Pack")))
    elif one.not_handed:
        title = ngettext("%(count)s basket to hand over", "%(count)s baskets to hand over", one.not_handed)
        text = gettext("%(sale)s: all is packed. Hand-over %(when)s.") % {"sale": one.name, "when": when}
        url = address("fulfilment:hand_over_list", slug) + query
        rows.append(Todo("hand", title % {"count": one.not_handed}, text, url, gettext("Hand over")))
    if one.unweighed:
        title = ngettext("%(count)s basket to weigh", "%(count)s baskets to weigh", one.unweighed)
        text = gettext("Meat, cheese, pumpkins: their price follows the scale.")
        url = address("fulfilment:packing", slug) + query
        rows.append(Todo("scale", title % {"count": one.unweighed}, text, url, gettext("Weigh")))
    return rows


def _short(slug: str, short: Sequence[ShortRow]) -> Todo:
    title = ngettext("%(count)s product is nearly sold out", "%(count)s products are nearly sold out", len(short))
    named = [gettext("%(product)s (%(left)s left)") % {"product": one.product, "left": one.left} for one in short[:3]]
    text = ", ".join(named) + (" …" if len(short) > 3 else "")
    return Todo("alert", title % {"count": len(short)}, text, address("catalogue:products", slug), gettext("Look"))


def _coming(slug: str, sale: SaleRow, now: datetime) -> Todo | None:
    values = {"sale": sale.name, "when": formats.relative(sale.closes_at, now)}
    url, label = address("order_cycles:cycle", slug, sale.id) or address("order_cycles:list", slug), gettext("Look")
    if sale.is_open(now):
        text = ngettext("%(count)s order so far.", "%(count)s orders so far.", sale.orders) % {"count": sale.orders}
        return Todo("clock", gettext("%(sale)s closes %(when)s") % values, text, url, label, tone="later")
    if now < sale.opens_at:
        values["when"] = formats.relative(sale.opens_at, now)
        text = gettext("Look at its offer before it opens.")
        return Todo("calendar", gettext("%(sale)s opens %(when)s") % values, text, url, label, tone="later")
    return None


def _bar(place: Placed, sale: SaleRow, slug: str, now: datetime) -> OnRibbon:
    orders = ngettext("%(count)s order", "%(count)s orders", sale.orders) % {"count": sale.orders}
    url = address("order_cycles:cycle", slug, sale.id) or address("order_cycles:list", slug)
    if now < sale.opens_at:
        opens = gettext("opens %(when)s") % {"when": formats.relative(sale.opens_at, now)}
        return OnRibbon(place, "coming", sale.name, opens, url=url)
    if sale.is_open(now):
        closes = gettext("closes %(when)s") % {"when": formats.relative(sale.closes_at, now)}
        return OnRibbon(place, "open", sale.name, orders, closes, url)
    return OnRibbon(place, "shut", sale.name, orders, gettext("closed"), url)


def _mark(place: Placed, moment: Moment, slug: str) -> OnRibbon:
    hour = formats.hour(moment.starts_at)
    if moment.what == "bring":
        said = ngettext("%(count)s farm brings", "%(count)s farms bring", moment.count) % {"count": moment.count}
        return OnRibbon(place, "bring", said, hour, url=address("fulfilment:suppliers", slug))
    url = f"{address('fulfilment:hand_over_list', slug)}?sale={moment.cycle_id}"
    if moment.count > 1:
        said = ngettext("%(count)s hand-over", "%(count)s hand-overs", moment.count) % {"count": moment.count}
        return OnRibbon(place, "hand", said, gettext("from %(hour)s") % {"hour": hour}, url=url)
    return OnRibbon(place, "round" if moment.what == "delivery" else "hand", moment.name, hour, url=url)


def _counted(one: Unsettled) -> dict[str, str]:
    return {"count": str(one.orders), "amount": formats.money(one.amount)}


def difference(now: Money, before: Money) -> str:
    """Return a change of an amount with its sign: + 3,20 €."""
    change = now - before
    return f"{'−' if change.minor < 0 else '+'}{formats.NBSP}{formats.money(abs(change))}"
