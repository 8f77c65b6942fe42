"""The lines of a sale across its orders: grouped by what was ordered, with the totals of each, a page at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import get_language

from bocage.catalogue.models import Variant
from bocage.commons.measures import Exact
from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.commons.searching import fold, words
from bocage.commons.units import unit_text
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right
from bocage.orders.models import Batch, OrderLine, SharingRule, Untold
from bocage.orders.rules import NoLines, TooManyLines
from bocage.orders.sharing import Sharing, batches

LINES_SHOWN = 60
MOST_REMOVED = 500


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A variant as it was ordered in a sale: by how many, how much in all. `ordered_size` in g, mL or items.

    `in_all` is that of the product, all its sizes together; `batch` the lot it comes in, 0 where nobody said.
    """

    variant_id: int
    product_id: int
    product_name: str
    variant_name: str
    unit: str
    size: Exact
    pack: str
    measure: str
    is_weighed: bool
    producer_id: int
    producer: str
    orders: int
    quantity: int
    weighed: int
    final_weight_g: int
    total: Money
    in_all: Exact
    batch: int

    @property
    def key(self) -> str:
        """Return its id as text, as ids of elements need it."""
        return str(self.variant_id)

    @property
    def size_text(self) -> str:
        return unit_text(
            self.unit, self.size, get_language() or "fr", self.pack, is_weighed=self.is_weighed, measure=self.measure
        )

    @property
    def ordered_size(self) -> Exact:
        return self.quantity * self.size

    @property
    def filled(self) -> float:
        """Return how many batches are filled, to two digits, for reading."""
        return round(float(batches(self.in_all, self.batch)[0]), 2)

    @property
    def missing(self) -> Exact:
        """Return how much is missing to a whole batch, in the unit."""
        return batches(self.in_all, self.batch)[1]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One order's line of these goods. `price` of one and `goods` of all before fees, `total` with them.

    `name` is empty for who may not read it.
    """

    id: int
    variant_id: int
    ref: str
    name: str
    is_weighed: bool
    size: Exact
    quantity: int
    final_weight_g: int | None
    price: Money
    goods: Money
    total: Money

    @property
    def ordered_g(self) -> Exact:
        return self.size * self.quantity

    @property
    def key(self) -> str:
        """Return its id as text, as ids of elements need it."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class LineSheet:
    """A page of the lines of a sale: goods by name, under each its lines in the order they were placed.

    `total` counts all lines that match; `next` is where the next page starts, or None; `farms` all that sell, by name.
    """

    groups: tuple[tuple[GoodsRow, tuple[SheetLine, ...]], ...]
    shown: int
    total: int
    goods: int
    amount: Money
    next: int | None
    farms: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Removable:
    """A line that is to be taken out; `empties`: with the others that are meant it is all of its order."""

    id: int
    ref: str
    name: str
    variant_id: int
    product: str
    quantity: int
    total: Money
    empties: bool


@dataclass(frozen=True, slots=True)
class ShortLine:
    """An order that holds goods of which too little came; `is_only` when it holds nothing else."""

    ref: str
    name: str
    quantity: int
    is_only: bool


@dataclass(frozen=True, slots=True)
class Short:
    """Goods of which too little came: who ordered how many, in the order they were placed; the rule the hub shares by."""

    goods: GoodsRow
    lines: tuple[ShortLine, ...]
    rule: Sharing


def line_sheet(
    *,
    hub_id: int,
    cycle_id: int,
    actor: Actor,
    text: str = "",
    producer_id: int | None = None,
    variant_id: int | None = None,
    start: int = 0,
    limit: int = LINES_SHOWN,
) -> LineSheet:
    """Return a page of a sale's lines, in five queries; cancelled orders are left out. Raises Forbidden.

    text: parts of the names of product and farm; start: `next` of the page before.
    """
    actor.require(Right.PACK, on=hub_id)
    return sheet_of(
        _placed(hub_id, cycle_id), hub_id=hub_id, text=text, producer_id=producer_id, variant_id=variant_id,
        start=start, limit=limit,
    )  # fmt: skip


def sheet_of(
    rows: QuerySet[OrderLine],
    *,
    hub_id: int,
    text: str = "",
    producer_id: int | None = None,
    variant_id: int | None = None,
    start: int = 0,
    limit: int = LINES_SHOWN,
    amount: str = "total_minor",
) -> LineSheet:
    """Return a page of these standing lines of one sale of a hub, as `line_sheet`. amount: the field that is summed."""
    outline = _outline(rows, amount)
    names = dict(Enterprise.objects.filter(id__in={row.producer_id for row in outline}).values_list("id", "name"))
    wanted = words(text)
    chosen = [
        row
        for row in outline
        if producer_id in (None, row.producer_id)
        and variant_id in (None, row.variant_id)
        and (not wanted or _is_called(row, names[row.producer_id], wanted))
    ]
    total = sum(row.orders for row in chosen)
    start = min(max(start, 0), total)
    window, skipped = _window(chosen, start, limit)
    goods = _goods(rows, hub_id, window, amount) if window else {}
    lines = _lines(rows, window, skipped, limit) if window else {}
    groups = tuple((goods[vid], tuple(lines[vid])) for vid in window if vid in goods and lines[vid])
    shown = sum(len(rows) for _, rows in groups)
    after = start + shown
    return LineSheet(
        groups=groups,
        shown=shown,
        total=total,
        goods=len(chosen),
        amount=Money(sum(row.minor for row in chosen), chosen[0].currency if chosen else "EUR"),
        next=after if shown and after < total else None,
        farms=tuple(sorted(names.items(), key=lambda farm: (fold(farm[1]), farm[0]))),
    )


def goods_row(*, hub_id: int, cycle_id: int, variant_id: int, actor: Actor) -> GoodsRow:
    """Return the totals of one variant in a sale, in two queries. Raises Forbidden, NotFound (nobody ordered it)."""
    actor.require(Right.PACK, on=hub_id)
    return goods_of(_placed(hub_id, cycle_id), hub_id=hub_id, variant_id=variant_id)


def goods_of(rows: QuerySet[OrderLine], *, hub_id: int, variant_id: int, amount: str = "total_minor") -> GoodsRow:
    """Return the totals of one variant among standing lines, as `sheet_of` sums them. Raises NotFound."""
    found = _goods(rows, hub_id, [variant_id], amount).get(variant_id)
    if found is None:
        raise NotFound()
    return found


def untold(*, hub_id: int, cycle_id: int, actor: Actor) -> int:
    """Return how many customers of a sale are still to be told what changed, in one query. Raises Forbidden."""
    actor.require(Right.PACK, on=hub_id)
    return Untold.objects.filter(order__hub_id=hub_id, order__cycle_id=cycle_id).count()


def sheet_line(*, hub_id: int, line_id: int, actor: Actor) -> tuple[int, SheetLine]:
    """Return a line with the id of its sale, in one query. Raises Forbidden, NotFound."""
    actor.require(Right.PACK, on=hub_id)
    return line_among(OrderLine.objects.filter(order__hub_id=hub_id), line_id)


def line_among(rows: QuerySet[OrderLine], line_id: int) -> tuple[int, SheetLine]:
    """Return one of these lines with the id of its sale, in one query. Raises NotFound."""
    row = rows.filter(id=line_id).values_list("order__cycle_id", *_LINE).first()
    if row is None:
        raise NotFound()
    return row[0], _line(row[1:])


def removable(
    *,
    hub_id: int,
    actor: Actor,
    line_ids: Sequence[int] = (),
    variant_id: int | None = None,
    cycle_id: int | None = None,
) -> list[Removable]:
    """Return lines of a hub that may be taken out: these, or all of a variant in a sale, by order, in one query.

    Cancelled orders are left out. Raises Forbidden without MANAGE_ORDERS, NoLines, TooManyLines.
    """
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    rows = OrderLine.objects.filter(order__hub_id=hub_id, order__state="placed")
    if variant_id is not None:
        rows = rows.filter(variant_id=variant_id, order__cycle_id=cycle_id)
    else:
        rows = rows.filter(id__in=line_ids[: MOST_REMOVED + 1])
    all_of = OrderLine.objects.filter(order_id=OuterRef("order_id")).order_by().values("order_id")
    counted = rows.annotate(in_order=Subquery(all_of.annotate(n=Count("id")).values("n"))).order_by("order_id", "id")
    found = list(counted.values_list(*_REMOVED)[: MOST_REMOVED + 1])
    if not found:
        raise NoLines()
    if len(found) > MOST_REMOVED:
        raise TooManyLines(most=MOST_REMOVED)
    chosen = Counter(row[1] for row in found)
    return [
        Removable(pk, ref, name, vid, product, units, Money(minor, currency), chosen[ref] == in_order)
        for pk, ref, in_order, name, vid, product, units, minor, currency in found
    ]


def short(*, hub_id: int, cycle_id: int, variant_id: int, actor: Actor) -> Short:
    """Return who ordered these goods in a sale, in four queries. Raises Forbidden without MANAGE_ORDERS, NotFound."""
    actor.require(Right.MANAGE_ORDERS, on=hub_id)
    goods = goods_row(hub_id=hub_id, cycle_id=cycle_id, variant_id=variant_id, actor=actor)
    others = OrderLine.objects.filter(order_id=OuterRef("order_id")).exclude(variant_id=variant_id)
    rows = _placed(hub_id, cycle_id).filter(variant_id=variant_id).annotate(more=Exists(others)).order_by("order_id")
    found = rows.values_list("order__ref", "order__name", "quantity", "more")
    lines = tuple(ShortLine(ref, name, quantity, not more) for ref, name, quantity, more in found)
    kept = SharingRule.objects.filter(hub_id=hub_id).values_list("rule", flat=True).first()
    return Short(goods, lines, Sharing(kept or Sharing.FIRST))


def _placed(hub_id: int, cycle_id: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order__cycle_id=cycle_id, order__hub_id=hub_id, order__state="placed")


@dataclass(slots=True)
class _Outline:
    """What a page is cut from: each variant of the sale, with as little as that needs."""

    variant_id: int
    producer_id: int
    product_name: str
    variant_name: str
    currency: str
    orders: int
    minor: int


def _outline(lines: QuerySet[OrderLine], amount: str) -> list[_Outline]:
    """Every variant that was ordered, by name."""
    rows = lines.values_list("variant_id", "producer_id").order_by()
    told = rows.annotate(Min("product_name"), Min("variant_name"), Min("order__currency"), Count("id"), Sum(amount))
    return sorted((_Outline(*row) for row in told), key=lambda row: (fold(row.product_name), row.variant_id))


def _goods(lines: QuerySet[OrderLine], hub_id: int, variant_ids: Sequence[int], amount: str) -> dict[int, GoodsRow]:
    """The totals of these variants, each with all sizes of its product beside it for the batches."""
    products = Variant.objects.filter(id__in=variant_ids).values("product_id")
    rows = lines.filter(variant__product_id__in=products).order_by()
    told = rows.values_list("variant_id", "variant__product_id", "producer_id", "producer__name").annotate(
        Min("product_name"), Min("variant_name"), Min("unit"), Min("size"), Min("pack"), Min("measure"),
        Min("order__currency"),
        weighs=Count("id", filter=_WEIGHED), n=Count("id"), units=Sum("quantity"), done=Count("final_weight_g"),
        grams=Sum("final_weight_g"), minor=Sum(amount),
    )  # fmt: skip
    sizes = dict(Batch.objects.filter(hub_id=hub_id, product_id__in=products).values_list("product_id", "size"))
    found: list[GoodsRow] = []
    in_all: dict[tuple[int, str], Exact] = defaultdict(int)
    for (vid, product_id, farm_id, farm, product, variant, unit, size, pack, measure, currency, weighs, orders, units, done,
         grams, minor) in told:  # fmt: skip
        in_all[product_id, unit] += size * units
        total, batch = Money(minor, currency), sizes.get(product_id, 0)
        found.append(
            GoodsRow(vid, product_id, product, variant, unit, size, pack, measure, bool(weighs), farm_id, farm, orders,
                     units, done, grams or 0, total, 0, batch)
        )  # fmt: skip
    return {row.variant_id: replace(row, in_all=in_all[row.product_id, row.unit]) for row in found}


def _is_called(row: _Outline, producer: str, wanted: Iterable[str]) -> bool:
    said = fold(f"{row.product_name} {row.variant_name} {producer}")
    return all(word in said for word in wanted)


def _window(goods: Sequence[_Outline], start: int, limit: int) -> tuple[list[int], int]:
    """The variants that lines `start` to `start + limit` are of, and how many lines of the first come before."""
    window: list[int] = []
    skipped = passed = 0
    for row in goods:
        if passed < start + limit and passed + row.orders > start:
            if not window:
                skipped = start - passed
            window.append(row.variant_id)
        passed += row.orders
    return window, skipped


_REMOVED = ("id", "order__ref", "in_order", "order__name", "variant_id", "product_name", "quantity", "total_minor",
            "order__currency")  # fmt: skip
_WEIGHED = Q(is_weighed=True)
_LINE = ("id", "variant_id", "order__ref", "order__name", "is_weighed", "size", "quantity", "final_weight_g",
         "price_minor", "goods_minor", "total_minor", "order__currency")  # fmt: skip


def _lines(placed: QuerySet[OrderLine], window: Sequence[int], skipped: int, limit: int) -> dict[int, list[SheetLine]]:
    place = Case(*(When(variant_id=variant_id, then=Value(n)) for n, variant_id in enumerate(window)))
    rows = placed.filter(variant_id__in=window).annotate(place=place)
    lines: dict[int, list[SheetLine]] = defaultdict(list)
    for row in rows.order_by(F("place"), "order_id").values_list(*_LINE)[skipped : skipped + limit]:
        line = _line(row)
        lines[line.variant_id].append(line)
    return lines


def _line(row: tuple) -> SheetLine:
    pk, variant_id, ref, name, is_weighed, size, quantity, final_weight_g, price, goods, total, currency = row
    amounts = (Money(minor, currency) for minor in (price, goods, total))
    return SheetLine(pk, variant_id, ref, name, is_weighed, size, quantity, final_weight_g, *amounts)
