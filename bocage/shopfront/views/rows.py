"""The rows of a shop as HTML: rendered once per change and language, then joined with stock and basket as strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from bocage.commons.money import Money
from bocage.commons.units import shop_phrase, unit_name, unit_price, unit_text
from bocage.pricing.rules import who_earns_what
from bocage.shopfront.pictures import picture_url
from bocage.shopfront.queries.snapshots import Row, Snapshot
from bocage.shopfront.views.visits import Visit
from bocage.stock.rules import NOTHING, Level
from bocage.ui.formats import money, rate

CUT, STATE, STOCK, ACT, QUANTITY, MOST = "\x1e", "\x1f1", "\x1f2", "\x1f3", "\x1f4", "\x1f5"
PARTS = {"packing": "hub", "admin": "hub", "sales": "hub", "transport": "transport", "fundraising": "commons"}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a price as people read it."""

    kind: str
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Pieces:
    """A row cut at the places where stock and basket go, and its three kinds of controls."""

    row: str
    add: str
    stepper: str
    gone: str


def rows_html(here: Visit, rows: Sequence[Row], levels: Mapping[int, Level], held: Mapping[int, int]) -> str:
    """Return the rows joined: what is left of each said when it is little, and what the basket holds."""
    return "".join(row_html(here, row, levels.get(row.id, NOTHING), held.get(row.id, 0)) for row in rows)


def row_html(here: Visit, row: Row, level: Level, quantity: int) -> str:
    """Return one row with its stock and what the basket holds of it."""
    pieces = _pieces(here, row)
    gone = level.left == 0
    if quantity:
        most = "999" if level.left is None else str(max(level.left, 1))
        act, state = pieces.stepper.replace(QUANTITY, str(quantity)).replace(MOST, most), " data-in-basket"
    elif gone:
        act, state = pieces.gone, " data-gone"
    else:
        act, state = pieces.add, ""
    if here.looking is not None:
        act = act.replace("<button", "<button disabled").replace("<input", "<input disabled")
    said = "" if level.left is None else _stock_text(level.left, here.shop.shows_low_stock_from)
    return pieces.row.replace(STATE, state, 1).replace(STOCK, said, 1).replace(ACT, act, 1)


def shares(snapshot: Snapshot, row: Row) -> list[Share]:
    """Return who earns what of the price of one, in words."""
    parts = who_earns_what(snapshot.price(row), producer_id=row.farm.id, producer=row.farm.name)
    vat = gettext("VAT")
    return [
        Share("tax", f"{vat} {rate(part.rate.millionths)}", part.amount)
        if part.kind == "tax"
        else Share(PARTS.get(part.kind, part.kind), part.label, part.amount)
        for part in parts
    ]


def words_of(row: Row, price: Money, system: str = "metric") -> dict[str, str]:
    """Return how much one is and what a kilogram, a litre or a piece of it costs, in the reader's language.

    `system` is the one in which unit prices are: "metric" or "imperial".
    """
    offer, language = row.offer, get_language() or "fr"
    each, code = unit_price(price, offer.unit, offer.size, offer.weight_g, measure=offer.measure, system=system)
    weighed = offer.is_weighed
    size = unit_text(offer.unit, offer.size, language, offer.pack, is_weighed=weighed, measure=offer.measure)
    per = shop_phrase(offer.unit, offer.size, language, offer.pack, is_weighed=weighed, measure=offer.measure)
    return {
        "size": offer.variant_name or size,
        "per": offer.variant_name or per,
        "unit_price": "" if each == price else f"{money(each)}/{unit_name(code, language)}",
    }


def named(thing: object) -> str:
    """Return the name of a category or a property in the reader's language."""
    return getattr(thing, "name_en" if (get_language() or "fr").startswith("en") else "name_fr")


def _pieces(here: Visit, row: Row) -> Pieces:
    snapshot, kept, key = here.offered, here.rendered, ("row", get_language(), here.query, row.id)
    if key not in kept:
        price = snapshot.price(row).total
        context = {
            "row": row,
            "url": here.url("product", row.offer.product_id),
            "picture": picture_url(row.picture),
            "price": price,
            "traits": [(trait.icon, named(trait)) for trait in row.traits],
            "shares": shares(snapshot, row),
            "marks": {"state": mark_safe(STATE), "stock": mark_safe(STOCK), "act": mark_safe(ACT),
                      "quantity": mark_safe(QUANTITY), "most": mark_safe(MOST), "cut": mark_safe(CUT)},
            **words_of(row, price, snapshot.system),
        }  # fmt: skip
        kept[key] = Pieces(*(part.strip() for part in _template().render(context).split(CUT)))
    return kept[key]


def _template():  # type: ignore[no-untyped-def]
    return get_template("shopfront/parts/row.html")


def _stock_text(left: int, low: int) -> SafeString | str:
    if left == 0:
        gone = gettext("All gone for this sale")
        return f"<span>{escape(gone)}</span>"
    if left > low:
        return ""
    said = ngettext("Only %(count)s left", "Only %(count)s left", left) % {"count": left}
    return (
        f'<span class="low-stock"><span class="icon" data-icon="alert" aria-hidden="true"></span>{escape(said)}</span>'
    )
