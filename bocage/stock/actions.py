"""Takes from and gives back to stock; each change is a movement with its cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bocage.catalogue.models import Variant
from bocage.infra import locks
from bocage.infra.inserts import add_to, insert
from bocage.infra.outbox import emit
from bocage.infra.statements import Statement
from bocage.network.rules import Actor
from bocage.stock import queries, rules
from bocage.stock.events import OwnStockDropped
from bocage.stock.models import Movement, StockItem

COUNT, IMPORT = queries.COUNTS
SPLIT = "split"  # opened to make smaller ones
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Cause:
    """Why stock moves: a reason, the reference it is about, who and when."""

    reason: str
    about: str
    by: str
    at: datetime


@transaction.atomic(savepoint=False)
def take(
    *,
    hub_id: int,
    wanted: Mapping[int, int],
    names: Mapping[int, str],
    cause: Cause,
    pools: Mapping[int, rules.Pool] | None = None,
) -> dict[int, int]:
    """Take `wanted` (variant id → units ≥ 1) from the pools that count for a hub; return variant id → pool id.

    Pools are locked in id order until the transaction ends; `pools` are those that the caller holds already, by
    `hold_counting`. Raises NotEnoughStock naming every shortage; nothing is taken then. What is on demand is recorded
    but has no count. Four queries however many variants, two with `pools`.
    """
    held = hold_counting(hub_id=hub_id, variant_ids=wanted, at=cause.at) if pools is None else pools
    short = rules.shortages(wanted, {vid: pool.level for vid, pool in held.items()}) or rules.unopenable(wanted, held)
    if short:
        raise rules.NotEnoughStock(short, names)
    _open(wanted, held, cause)
    _move([(held[vid].id, -quantity, held[vid].counted) for vid, quantity in wanted.items()], cause)
    return {vid: held[vid].id for vid in wanted}


def hold_counting(*, hub_id: int, variant_ids: Iterable[int], at: datetime) -> dict[int, rules.Pool]:
    """Lock and return the pool that counts for each variant, the hub's own, else the producer's, in two queries.

    The pools of what is opened for them are locked too, all in id order, until the caller's transaction ends.
    """
    wanted = sorted(variant_ids)
    splits = queries.splits(variant_ids=wanted, at=at)
    sources = {source_id for source_id, _ in splits.values()}
    rows = _pools.rows(hub_id=hub_id, variant_ids=sorted({*wanted, *sources}))
    own_last = sorted(rows, key=lambda row: row[2] is not None)
    found = {row[1]: rules.Pool(row[0], rules.Level(None if row[3] else row[4])) for row in own_last}
    farms = {row[1]: rules.Pool(row[0], rules.Level(None if row[3] else row[4])) for row in rows if row[2] is None}
    for variant_id, (source_id, yields) in splits.items():
        if variant_id in farms and found[variant_id] == farms[variant_id] and source_id in farms:
            found[variant_id] = _opening(farms[variant_id], farms[source_id], yields)
    return {variant_id: pool for variant_id, pool in found.items() if variant_id in set(wanted)}


def hold(*, hub_id: int, pool_ids: Iterable[int], variant_ids: Iterable[int]) -> None:
    """Lock pools, and those that count for variants at a hub, all in id order, until the caller's transaction ends.

    For who gives back to some and takes from others: each of these alone locks in order, together they would not.
    """
    pools, variants = list(pool_ids), list(variant_ids)
    counting = Q(variant_id__in=variants) & (Q(hub_id=hub_id) | Q(hub__isnull=True))
    sources = Variant.objects.filter(
        Q(pk__in=variants) | Q(pk__in=StockItem.objects.filter(pk__in=pools).values("variant_id")), splits_stock=True
    )
    opened = list(sources.values_list("source_id", flat=True))
    opening = Q(variant_id__in=opened, hub__isnull=True)
    locks.locked(StockItem.objects.filter(Q(pk__in=pools) | counting | opening).order_by("pk"))


@transaction.atomic(savepoint=False)
def give_back(*, returned: Mapping[int, int], cause: Cause) -> None:
    """Return units (pool id → units ≥ 1) to the pools they were taken from."""
    pools = locks.lock_rows(StockItem.objects.all(), returned)
    _move([(row.pk, returned[row.pk], _counted(row)) for row in pools], cause)


@transaction.atomic(savepoint=False)
def take_from(*, pools: Mapping[int, int], names: Mapping[int, str], cause: Cause) -> None:
    """Take more units (pool id → units) from pools that already served an order. Raises NotEnoughStock."""
    served = dict(StockItem.objects.filter(pk__in=pools, hub__isnull=True).values_list("variant_id", "pk"))
    splits = queries.splits(variant_ids=sorted(served), at=cause.at)
    sources = StockItem.objects.filter(variant_id__in=[one[0] for one in splits.values()], hub__isnull=True)
    locked = locks.lock_rows(
        StockItem.objects.all(), {*pools, *sources.values_list("pk", flat=True)} if splits else pools
    )
    rows = {row.pk: row for row in locked}
    held = {pk: rules.Pool(pk, _counted(rows[pk])) for pk in pools}
    by_variant = {row.variant_id: rules.Pool(row.pk, _counted(row)) for row in locked if row.hub_id is None}
    for variant_id, (source_id, yields) in splits.items():
        if source_id in by_variant:
            held[served[variant_id]] = _opening(by_variant[variant_id], by_variant[source_id], yields)
    short = rules.shortages(pools, {pk: pool.level for pk, pool in held.items()}) or rules.unopenable(pools, held)
    if short:
        raise rules.NotEnoughStock({rows[pk].variant_id: left for pk, left in short.items()}, names)
    _open(pools, held, cause)
    _move([(pk, -units, held[pk].counted) for pk, units in pools.items()], cause)


@transaction.atomic
def set_level(
    *,
    variant_id: int,
    hub_id: int | None,
    on_hand: int | None,
    on_demand: bool = False,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Count the stock of a variant anew, for the producer's pool (no hub) or a hub's own.

    `on_hand` None leaves the number as it is. `seen` is what the pool said to who counted: another number now refuses,
    so that what was ordered meanwhile is not counted away. Raises Forbidden, NotFound, CountOutOfRange, MovedMeanwhile.
    """
    queries.require_holder(variant_id=variant_id, hub_id=hub_id, actor=actor, now=now)
    if on_hand is not None:
        rules.check_count(on_hand)
    item, _ = StockItem.objects.get_or_create(variant_id=variant_id, hub_id=hub_id)
    [pool] = locks.lock_rows(StockItem.objects.all(), [item.pk])
    if on_hand is None:
        on_hand = pool.on_hand
    else:
        rules.check_seen(seen, pool.on_hand)
    _count(pool, on_hand, on_demand, actor, now)


@transaction.atomic
def recount(
    *,
    variant_id: int,
    hub_id: int | None,
    wanted: rules.Level | None,
    seen: rules.Level | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Write into a cell how much there is: the producer's pool (no hub) or a hub's own; return whether it says so now.

    `wanted` None, for a hub alone, drops its own pool as `drop_own` does; `seen` is what the pool said to who counts,
    None where there was none. Raises Forbidden, NotFound, CountOutOfRange, CountedMeanwhile.
    """
    queries.require_holder(variant_id=variant_id, hub_id=hub_id, gives_up=wanted is None, actor=actor, now=now)
    pools = locks.locked(StockItem.objects.filter(variant_id=variant_id, hub_id=hub_id).order_by("pk"))
    present = _level(pools[0] if pools else None)
    if present not in (seen, wanted):
        raise rules.CountedMeanwhile(present)
    if wanted is None:
        assert hub_id is not None
        return drop_own(variant_id=variant_id, hub_id=hub_id, actor=actor, now=now)
    if wanted.left is not None:
        rules.check_count(wanted.left)
    pool = pools[0] if pools else StockItem.objects.get_or_create(variant_id=variant_id, hub_id=hub_id)[0]
    _count(pool, pool.on_hand if wanted.left is None else wanted.left, wanted.left is None, actor, now)
    return True


@transaction.atomic
def drop_own(*, variant_id: int, hub_id: int, actor: Actor, now: datetime) -> bool:
    """Let a hub sell from the producer's stock again; return whether its own pool is gone.

    A pool that orders were taken from stays, at 0, since what is cancelled returns to it: False. Raises Forbidden,
    NotFound. Emits OwnStockDropped.
    """
    queries.require_holder(variant_id=variant_id, hub_id=hub_id, gives_up=True, actor=actor, now=now)
    pools = locks.locked(StockItem.objects.filter(variant_id=variant_id, hub_id=hub_id).order_by("pk"))
    for pool in pools:
        if Movement.objects.filter(item=pool).exclude(reason__in=queries.COUNTS).exists():
            _count(pool, 0, False, actor, now)
            return False
        Movement.objects.filter(item=pool).delete()
        pool.delete()
        emit(OwnStockDropped(variant_id=variant_id, hub_id=hub_id, on_hand=pool.on_hand), by=actor, at=now)
    return True


@transaction.atomic
def recount_many(
    *,
    hub_id: int | None,
    counts: Mapping[int, tuple[str, str]],
    about: str,
    is_undo: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """Count many pools at once, the producers' (no hub) or a hub's own; return how many are not as wanted.

    `counts` maps variant id → (as it was seen, as it is to be), each a number, "*" for on demand, "" for no pool; to
    drop a hub's own pool is to want "". A pool that no longer says what was seen refuses all; where one undoes, what was
    sold meanwhile stays sold. Raises Forbidden, NotFound, CountOutOfRange, StockMoved.
    """
    left = 0
    queries.require_holders(variant_ids=list(counts), hub_id=hub_id, actor=actor, now=now)
    wanted_ids = sorted(counts)
    for start in range(0, len(wanted_ids), BATCH):
        ids = wanted_ids[start : start + BATCH]
        left += _recount({pk: counts[pk] for pk in ids}, hub_id, about, is_undo, actor, now)
    return left


def _recount(
    counts: Mapping[int, tuple[str, str]], hub_id: int | None, about: str, is_undo: bool, actor: Actor, now: datetime
) -> int:
    rows = locks.locked(StockItem.objects.filter(variant_id__in=counts, hub_id=hub_id).order_by("pk"))
    pools = {row.variant_id: row for row in rows}
    moved = [pk for pk, (seen, _) in counts.items() if rules.said(_level(pools.get(pk))) != seen]
    if moved and not is_undo:
        raise rules.StockMoved(count=len(moved))
    pools |= {pk: StockItem(variant_id=pk, hub_id=hub_id) for pk, (_, to) in counts.items() if pk not in pools and to}
    dropped = [pools[pk].pk for pk, (_, to) in counts.items() if not to and pk in pools]
    used = set(
        Movement.objects.filter(item_id__in=dropped)
        .exclude(reason__in=queries.COUNTS)
        .values_list("item_id", flat=True)
    )
    changes = []
    for pk, (seen, to) in counts.items():
        if pk not in pools or (not to and pools[pk].pk not in used):
            continue
        pool, before = pools[pk], pools[pk].on_hand
        pool.on_demand = to == "*"
        if to != "*":
            pool.on_hand = rules.undone(seen, to, before) if is_undo else int(to or 0)
        rules.check_count(pool.on_hand)
        if pool.on_hand != before:
            changes.append(
                Movement(item=pool, change=pool.on_hand - before, reason=IMPORT, about=about, by=actor.label, at=now)
            )
    StockItem.objects.bulk_create(pool for pool in pools.values() if pool.pk is None)
    StockItem.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=["on_hand", "on_demand"]
    )
    Movement.objects.bulk_create(changes)
    gone = [pk for pk in dropped if pk not in used]
    Movement.objects.filter(item_id__in=gone).delete()
    for row in rows:
        if row.pk in gone and hub_id is not None:
            fact = OwnStockDropped(variant_id=row.variant_id, hub_id=hub_id, on_hand=row.on_hand)
            emit(fact, by=actor, at=now)
    StockItem.objects.filter(pk__in=gone).delete()
    return len(used)


def _level(pool: StockItem | None) -> rules.Level | None:
    return _counted(pool) if pool else None


def _counted(pool: StockItem) -> rules.Level:
    return rules.Level(None if pool.on_demand else pool.on_hand)


def _count(pool: StockItem, on_hand: int, on_demand: bool, actor: Actor, now: datetime) -> None:
    change = on_hand - pool.on_hand
    StockItem.objects.filter(pk=pool.pk).update(on_hand=on_hand, on_demand=on_demand)
    if change:
        Movement.objects.create(item=pool, change=change, reason=COUNT, by=actor.label, at=now)


@Statement
def _pools(*, hub_id: int, variant_ids: list[int]) -> QuerySet[StockItem, tuple]:
    rows = StockItem.objects.filter(Q(hub_id=hub_id) | Q(hub__isnull=True), variant_id__in=variant_ids)
    return rows.order_by("pk").select_for_update().values_list("id", "variant_id", "hub_id", "on_demand", "on_hand")


def _opening(pool: rules.Pool, source: rules.Pool, yields: int) -> rules.Pool:
    """Return a pool that has as much as its source would still make, too; on demand stays on demand."""
    if pool.level.left is None:
        return pool
    opens = rules.Opens(source.id, source.level, yields, pool.level.left)
    return rules.Pool(pool.id, opens.all_of_it, opens)


def _open(wanted: Mapping[int, int], held: Mapping[int, rules.Pool], cause: Cause) -> None:
    """Open as many of the sources as are needed: they leave their pools, and what they make enters the others."""
    moves = []
    for key, quantity in wanted.items():
        pool = held[key]
        needed = pool.opens.needed(quantity) if pool.opens else 0
        if pool.opens and needed:
            moves.append((pool.opens.pool_id, -needed, pool.opens.level))
            moves.append((pool.id, needed * pool.opens.yields, rules.Level(pool.opens.on_hand)))
    if moves:
        _move(moves, Cause(SPLIT, cause.about, cause.by, cause.at))


def _move(changes: Iterable[tuple[int, int, rules.Level]], cause: Cause) -> None:
    """Move units in locked pools (id, change, level before): those on demand have no count."""
    moved = list(changes)
    counted = Counter[int]()
    for pk, change, level in moved:
        if level.left is not None:
            counted[pk] += change
    add_to(StockItem, "on_hand", counted)
    insert(
        Movement(item_id=pk, change=change, reason=cause.reason, about=cause.about, by=cause.by, at=cause.at)
        for pk, change, _ in moved
    )
