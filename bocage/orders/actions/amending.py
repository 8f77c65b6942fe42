"""Changes what was ordered: quantities, products, final weights; re-priced by the terms that were agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.timezone import localtime

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert
from bocage.infra.outbox import emit
from bocage.ledger import actions as ledger
from bocage.ledger.rules import Postings, difference
from bocage.network.models import Customer
from bocage.network.rules import Actor, Right
from bocage.order_cycles.models import OrderCycle
from bocage.order_cycles.queries.offers import Offers, offers
from bocage.orders import rules
from bocage.orders.actions import seeing, storing, telling, writing
from bocage.orders.events import OrderChanged
from bocage.orders.models import Charge, Order, OrderChange, OrderLine
from bocage.orders.queries import link_token
from bocage.orders.rules import Item, Quote, make_quote
from bocage.orders.telling import stand
from bocage.pricing.rules import Charged, Fee
from bocage.pricing.vat import SAME_EVERYWHERE, Handed, Place
from bocage.shops import queries as shops
from bocage.shops.models import Shop
from bocage.stock import actions as stock

NOTHING_NEW = Offers({}, ())


@transaction.atomic
def change_quantities(
    *,
    order_id: int,
    quantities: Mapping[int, int],
    actor: Actor,
    now: datetime,
    token: str = "",
    seen: Mapping[int, int] | None = None,
    to_stock: bool = True,
    is_told: bool = True,
) -> None:
    """Set how many of each variant (id → units, 0 takes it out) an order holds, and tell the customer at once.

    By the hub (MANAGE_ORDERS) at any time; by the customer, where the hub allows it, until the cycle closes. is_told:
    whether the customer gets a mail. Otherwise as `amend_quantities`. Raises what that raises, NotFound,
    ChangesNotAllowed. Emits OrderChanged, CustomerToTell.
    """
    order = open_for_change(order_id, actor, now, token)
    amend_quantities(order, quantities, actor=actor, now=now, seen=seen, to_stock=to_stock, is_told=is_told)
    if is_told:
        telling.tell(order, actor=actor, now=now)


def amend_quantities(
    order: Order,
    quantities: Mapping[int, int],
    *,
    actor: Actor,
    now: datetime,
    seen: Mapping[int, int] | None = None,
    to_stock: bool = True,
    is_told: bool = True,
    offered_to_hub: bool = False,
) -> None:
    """Set how many of each variant a held order holds; variants not named stay as they are. Who may is asked before.

    A line that stays is priced as agreed when it was ordered, a new one as offered now. A changed quantity forgets a
    final weight. seen: what the lines held when they were shown; to_stock: whether what is taken out is for sale again
    (not so when it never came); is_told: whether the customer is still to be told; offered_to_hub: all that the hub
    offers may be added, whatever its rules show to whom. Raises AlreadyCancelled, AwaitsPayment, AbsurdQuantity,
    ChangedMeanwhile, NotOffered, NotEnoughStock, LastLine, BelowNothing. Emits OrderChanged.
    """
    refuse_cancelled(order)
    check_settled(order)
    rules.check_quantities(quantity for quantity in quantities.values() if quantity != 0)
    held = Held.read(order)
    _check_seen(held, seen or {}, quantities)
    changes = {vid: n for vid, n in quantities.items() if n != (held.lines[vid].quantity if vid in held.lines else 0)}
    if not changes:
        return
    if all(quantities.get(vid, line.quantity) == 0 for vid, line in held.lines.items()) and not any(
        n for vid, n in changes.items() if vid not in held.lines
    ):
        raise rules.LastLine()
    added = {vid: n for vid, n in changes.items() if vid not in held.lines}
    if is_told:
        telling.note_change(order, stood=stand(held.lines.values()), now=now)
    found = _found(order, added, None if offered_to_hub else actor, now)
    pools = _move_stock(order, held, changes, found, actor, now, to_stock=to_stock)
    items = [item for item in (_with_quantity(item, changes) for item in held.items) if item is not None]
    items += [
        Item(vid, found.by_variant[vid].producer_id, found.by_variant[vid].goods(n), found.by_variant[vid].fees)
        for vid, n in added.items()
    ]
    fees = [*writing.order_fees_of(held.charges), *_fees_of_new_producers(held, found)]
    rewrite(order, held, items, fees, found=found, pools=pools, what="amendment", actor=actor, now=now)
    lines = [_told(held, found, vid, n) for vid, n in changes.items()]
    details = {"lines": lines, **writing.how(to_stock=to_stock, is_told=is_told)}
    writing.remember(order, "quantity", details, actor, now)
    emit_changed(order, "quantity", actor, now)


@transaction.atomic
def set_final_weights(
    *,
    order_id: int,
    weights: Mapping[int, int | None],
    actor: Actor,
    now: datetime,
    seen: Mapping[int, int | None] | None = None,
) -> None:
    """Say what weighed lines (line id → whole grams of the whole line) really weigh; price and balance follow.

    None: not weighed after all, priced as ordered. The customer reads it on the order's page, without a mail.

    seen: what they weighed when they were shown. For those who pack (PACK) or manage orders. Raises Forbidden, NotFound,
    AlreadyCancelled, NotWeighed, AbsurdWeight, ChangedMeanwhile. Emits OrderChanged.
    """
    order = locked(order_id)
    actor.require(Right.PACK, on=order.hub_id)
    amend_weights(order, weights, actor=actor, now=now, seen=seen)


def amend_weights(
    order: Order,
    weights: Mapping[int, int | None],
    *,
    actor: Actor,
    now: datetime,
    seen: Mapping[int, int | None] | None = None,
    is_told: bool = False,
) -> None:
    """Say what weighed lines of a held order really weigh. Who may is asked before.

    seen: what they weighed when they were shown; is_told: whether the customer is still to be told. Raises NotFound,
    AlreadyCancelled, NotWeighed, AbsurdWeight, ChangedMeanwhile. Emits OrderChanged.
    """
    refuse_cancelled(order)
    check_settled(order)
    held = Held.read(order)
    by_id = {line.pk: line for line in held.lines.values()}
    if not set(weights) <= set(by_id):
        raise NotFound()
    for line_id, grams in weights.items():
        line = by_id[line_id]
        if not line.is_weighed:
            raise rules.NotWeighed(product=line.product_name)
        if grams is not None:
            rules.check_weight(grams, ordered_g=line.size * line.quantity)
    _check_weights_seen(by_id, seen or {}, weights)
    changes = {by_id[pk].variant_id: grams for pk, grams in weights.items() if by_id[pk].final_weight_g != grams}
    if not changes:
        return
    if is_told:
        telling.note_change(order, stood=stand(held.lines.values()), now=now)
    items = [_with_weight(item, changes) for item in held.items]
    told = [
        {"product": held.lines[vid].product_name, "before_g": held.lines[vid].final_weight_g, "after_g": grams}
        for vid, grams in changes.items()
    ]
    fees = writing.order_fees_of(held.charges)
    rewrite(order, held, items, fees, what="weight", actor=actor, now=now)
    writing.remember(order, "weight", {"lines": told}, actor, now)
    emit_changed(order, "weight", actor, now)


def amend_price(order: Order, line: OrderLine, price_minor: int, *, actor: Actor, now: datetime) -> None:
    """Give a line of a held order another price of one, before fees; the customer is still to be told. Who may is asked
    before. Raises AlreadyCancelled, AbsurdPrice. Emits OrderChanged.
    """
    refuse_cancelled(order)
    rules.check_price(price_minor)
    held = Held.read(order)
    row = held.lines[line.variant_id]
    before = row.price_minor
    if before == price_minor:
        return
    telling.note_change(order, stood=stand(held.lines.values()), now=now)
    items = [_with_price(item, line.variant_id, price_minor) for item in held.items]
    row.price_minor = price_minor
    fees = writing.order_fees_of(held.charges)
    rewrite(order, held, items, fees, what="price", actor=actor, now=now)
    told = {"product": row.product_name, "before": before, "after": price_minor}
    writing.remember(order, "price", {"lines": [told]}, actor, now)
    emit_changed(order, "price", actor, now)


@dataclass(frozen=True, slots=True)
class Held:
    """An order as it stands: its rows, and what they are priced from."""

    lines: dict[int, OrderLine]
    charges: list[Charge]
    items: list[Item]
    quote: Quote

    @classmethod
    def read(cls, order: Order) -> Held:
        rows = list(OrderLine.objects.filter(order=order).order_by("id"))
        charges = list(Charge.objects.filter(order=order).order_by("id"))
        items = writing.items_of(rows, charges, order.currency)
        quote = make_quote(
            items, writing.order_fees_of(charges), voucher=writing.voucher_of(charges), currency=order.currency
        )
        return cls({row.variant_id: row for row in rows}, charges, items, quote)

    def postings(self, order: Order) -> Postings:
        return rules.sale_postings(self.quote, customer_id=order.customer_id)


def open_for_change(order_id: int, actor: Actor, now: datetime, token: str) -> Order:
    """Lock and return an order that this actor may change now. Raises NotFound, ChangesNotAllowed, AlreadyCancelled."""
    order = locked(order_id)
    if not actor.may(Right.MANAGE_ORDERS, on=order.hub_id):
        check_theirs(order, actor, token)
        if order.state != Order.State.AWAITING:
            _check_still_theirs(order, now)
    refuse_cancelled(order)
    return order


def _check_still_theirs(order: Order, now: datetime) -> None:
    closes_at = OrderCycle.objects.values_list("closes_at", flat=True).get(id=order.cycle_id)
    if now >= closes_at or not Shop.objects.filter(hub_id=order.hub_id, allows_changes=True).exists():
        raise rules.ChangesNotAllowed()


def check_settled(order: Order) -> None:
    """Refuse to change what somebody is paying just now. Raises AwaitsPayment."""
    if order.state == Order.State.AWAITING:
        raise rules.AwaitsPayment()


def _check_seen(held: Held, seen: Mapping[int, int], wanted: Mapping[int, int]) -> None:
    actual = {vid: line.quantity for vid, line in held.lines.items()}
    moved = rules.changed_meanwhile(seen, wanted, actual)
    if moved:
        names = {vid: line.product_name for vid, line in held.lines.items()} | writing.names_of(
            set(moved) - set(actual)
        )
        raise rules.ChangedMeanwhile(lines=", ".join(f"{names.get(vid, '?')} ({actual.get(vid, 0)})" for vid in moved))


def _check_weights_seen(
    lines: Mapping[int, OrderLine], seen: Mapping[int, int | None], wanted: Mapping[int, int | None]
) -> None:
    moved = [lines[pk] for pk, grams in seen.items() if lines[pk].final_weight_g not in (grams, wanted.get(pk, grams))]
    if moved:
        said = (f"{line.product_name} ({(line.final_weight_g or 0) / 1000:g} kg)" for line in moved)
        raise rules.ChangedMeanwhile(lines=", ".join(said))


def check_theirs(order: Order, actor: Actor, token: str) -> None:
    """Raise NotFound unless the actor holds the order's link or is its customer."""
    if token and constant_time_compare(token, link_token(order.ref)):
        return
    if actor.person_id and Customer.objects.filter(id=order.customer_id, person_id=actor.person_id).exists():
        return
    raise NotFound()


def locked(order_id: int) -> Order:
    """Return an order, held until the transaction ends. Raises NotFound."""
    order = locks.lock_row(Order.objects.all(), order_id)
    if order is None:
        raise NotFound()
    return order


def refuse_cancelled(order: Order) -> None:
    """Refuse to change what does not stand. Raises AlreadyCancelled."""
    if order.state == Order.State.CANCELLED:
        raise rules.AlreadyCancelled()


def handed_of(order: Order) -> Handed:
    """Where and when what an order holds changes hands."""
    day = localtime(order.hand_over_from or order.placed_at).date()
    return Handed(Place(order.hub.country, order.delivery_postcode), day)


def _found(order: Order, added: Mapping[int, int], actor: Actor | None, now: datetime) -> Offers:
    if not added:
        return NOTHING_NEW
    found = offers(cycle_id=order.cycle_id, hub_id=order.hub_id, variant_ids=added, at=now)
    found = found if found.taxes is SAME_EVERYWHERE else found.handed_over(handed_of(order))
    writing.check_offered(added, found)
    if actor is not None and not actor.may(Right.MANAGE_ORDERS, on=order.hub_id):
        sight = shops.sight(hub_id=order.hub_id, person_id=actor.person_id)
        seeing.check_goods_seen(sight, order.hub_id, added, found)
    return found


def _move_stock(
    order: Order,
    held: Held,
    changes: Mapping[int, int],
    found: Offers,
    actor: Actor,
    now: datetime,
    *,
    to_stock: bool,
) -> dict[int, int]:
    """Take more from, or give back to, the pools each line came from; take new lines' from the pools that count now.

    All of these pools are held first, in id order: two amendments never wait for each other in a ring.
    """
    cause = writing.cause("amendment", order.ref, actor, now)
    more: dict[int, int] = {}
    back: dict[int, int] = {}
    for vid, line in held.lines.items():
        change = changes.get(vid, line.quantity) - line.quantity
        if change and line.stock_item_id:
            (more if change > 0 else back)[line.stock_item_id] = abs(change)
    back = back if to_stock else {}
    added = {vid: n for vid, n in changes.items() if vid not in held.lines}
    names = {vid: line.product_name for vid, line in held.lines.items()}
    names |= {vid: offer.product_name for vid, offer in found.by_variant.items()}
    stock.hold(hub_id=order.hub_id, pool_ids=[*more, *back], variant_ids=added)
    if back:
        stock.give_back(returned=back, cause=cause)
    if more:
        stock.take_from(pools=more, names=names, cause=cause)
    return stock.take(hub_id=order.hub_id, wanted=added, names=names, cause=cause) if added else {}


def _fees_of_new_producers(held: Held, found: Offers) -> list[Fee]:
    """The order's fees on producers who come into it only now, as the cycle charges them now."""
    known = {item.producer_id for item in held.items} | {
        fee.only_producer_id for fee in writing.order_fees_of(held.charges)
    }
    new = {offer.producer_id for offer in found.by_variant.values()} - known
    return [fee for fee in found.order_fees if fee.only_producer_id in new]


def _with_quantity(item: Item, changes: Mapping[int, int]) -> Item | None:
    quantity = changes.get(item.variant_id)
    if quantity is None:
        return item
    if quantity == 0:
        return None
    goods = item.goods
    changed = type(goods)(goods.price, quantity, goods.tax, goods.grams, goods.size_g, None)
    return Item(item.variant_id, item.producer_id, changed, item.fees)


def _with_weight(item: Item, weights: Mapping[int, int | None]) -> Item:
    if item.variant_id not in weights:
        return item
    goods = item.goods
    changed = type(goods)(goods.price, goods.quantity, goods.tax, goods.grams, goods.size_g, weights[item.variant_id])
    return Item(item.variant_id, item.producer_id, changed, item.fees)


def _with_price(item: Item, variant_id: int, price_minor: int) -> Item:
    if item.variant_id != variant_id:
        return item
    return replace(item, goods=replace(item.goods, price=Money(price_minor, item.goods.price.currency)))


def rewrite(
    order: Order,
    held: Held,
    items: list[Item],
    fees: list[Fee],
    *,
    found: Offers = NOTHING_NEW,
    pools: Mapping[int, int] = MappingProxyType({}),
    voucher: Fee | None = None,
    what: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Make the rows of a held order say what `items` cost by these terms, and post the difference under `what`.

    found, pools: of lines that come into it. voucher: a new one, where the order has none. Raises BelowNothing.
    """
    quote = make_quote(items, fees, voucher=voucher or held.quote.voucher, currency=order.currency)
    if quote.total.minor < 0:
        raise rules.BelowNothing()
    _write_rows(order, held, quote, fees, found, pools)
    order.total_minor = quote.total.minor
    order.save(update_fields=["total_minor"])
    after = rules.sale_postings(quote, customer_id=order.customer_id)
    post_change(order, what=what, postings=difference(after, held.postings(order)), actor=actor, now=now)
    if quote.total < held.quote.total:
        storing.give_back_surplus(order, actor=actor, now=now)


def _write_rows(
    order: Order, held: Held, quote: Quote, fees: list[Fee], found: Offers, pools: Mapping[int, int]
) -> None:
    kept, new = [], []
    for line in quote.lines:
        row = held.lines.get(line.item.variant_id)
        if row is None:
            new.append(writing.new_line(order, line, found, pools))
        else:
            writing.set_amounts(row, line)
            kept.append(row)
    gone = set(held.lines) - {line.item.variant_id for line in quote.lines}
    OrderLine.objects.filter(order=order, variant_id__in=gone).delete()
    OrderLine.objects.bulk_update(
        kept,
        [
            "quantity",
            "final_weight_g",
            "price_minor",
            "goods_minor",
            "goods_tax_minor",
            "fees_minor",
            "total_minor",
            "tax_millionths",
            "tax_is_included",
            "tax_taken_out",
        ],
    )
    by_variant = {row.variant_id: row for row in [*kept, *insert(new)]}
    Charge.objects.filter(order=order).exclude(kind=Charge.Kind.ADJUSTMENT).delete()
    charges = [
        writing.new_charge(order, by_variant[line.item.variant_id].pk, charged)
        for line in quote.lines
        for charged in line.priced.charges
    ]
    charged_now = {charged.fee: charged for charged in quote.charges}
    # a fee on a producer who has left the order stays at nothing, so that its terms are there if they come back
    own = [
        charged_now.get(fee) or writing.nothing_of(fee, order.currency)
        for fee in fees
        if fee.kind != Charge.Kind.ADJUSTMENT
    ]
    own += [charged for charged in quote.charges if charged.fee == quote.voucher]
    charges += [writing.new_charge(order, None, charged) for charged in own]
    insert(charges)
    _write_adjustments(held, [charged for charged in quote.charges if charged.fee.kind == Charge.Kind.ADJUSTMENT])


def _write_adjustments(held: Held, charged: list[Charged]) -> None:
    """Adjustments keep their rows, so that each can be taken back; one that was only just made is saved."""
    rows = [row for row in held.charges if row.kind == Charge.Kind.ADJUSTMENT]
    for row, now in zip(rows, charged, strict=True):
        writing.set_charge(row, now)
    Charge.objects.bulk_update(
        [row for row in rows if row.pk], ["terms", "amount_minor", "tax_minor", "tax_millionths", "tax_is_included"]
    )
    insert(row for row in rows if not row.pk)


def post_change(order: Order, *, what: str, postings: Postings, actor: Actor, now: datetime) -> None:
    """Post what changed of an order, numbered after its earlier entries."""
    number = OrderChange.objects.filter(order=order).count()
    ledger.post(
        book_id=order.hub_id,
        key=f"order:{order.ref}:{what}:{number}",
        about=f"order:{order.ref}",
        what=what,
        postings=postings,
        by=actor.label,
        at=now,
        currency=order.currency,
    )


def _told(held: Held, found: Offers, variant_id: int, quantity: int) -> dict[str, object]:
    line = held.lines.get(variant_id)
    product = line.product_name if line else found.by_variant[variant_id].product_name
    return {"product": product, "before": line.quantity if line else 0, "after": quantity}


def emit_changed(order: Order, what: str, actor: Actor, now: datetime) -> None:
    """Say that an order changed. Emits OrderChanged."""
    emit(OrderChanged(order_id=order.pk, ref=order.ref, hub_id=order.hub_id, what=what), by=actor, at=now)
