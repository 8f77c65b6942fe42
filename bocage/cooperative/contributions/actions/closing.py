"""From a live month to a closed one: proposed on the 3rd, sealed on the 10th; twice is once, and a stop is caught up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bocage.cooperative.contributions.models import (
    Beginning,
    Cooperative,
    PlanSubscription,
    Seal,
    Statement,
    StatementLine,
)
from bocage.cooperative.contributions.queries.drafting import Draft, drafts, today_of, zone_of
from bocage.cooperative.contributions.rules.digests import digest_of_lines
from bocage.cooperative.contributions.rules.months import Month
from bocage.infra import locks
from bocage.infra.inserts import insert, insert_or_update
from bocage.ledger.rules import chain

AT_ONCE = 250
State = Statement.State
FIGURES = (
    "version_id", "state", "sales_minor", "shown_minor", "carry_in_minor", "base_minor", "carry_out_minor",
    "would_minor", "relief_percent", "is_trial", "true_up_minor", "net_minor", "tax_minor", "total_minor", "closed_at",
)  # fmt: skip


def propose_due(*, now: datetime) -> int:
    """Propose the statements of all months whose 3rd has come; return how many were proposed or brought up to date."""
    made = 0
    for cooperative in _cooperatives():
        today = today_of(cooperative, now)
        for month in _months(cooperative, today):
            if month.proposed_on <= today < month.closed_on:
                made += propose_month(cooperative, month, now=now)
    return made


def close_due(*, now: datetime) -> int:
    """Close all months whose 10th has come, the earliest first; return how many statements were closed."""
    closed = 0
    for cooperative in _cooperatives():
        today = today_of(cooperative, now)
        for month in _months(cooperative, today):
            if month.closed_on <= today:
                closed += close_month(cooperative, month, now=now)
    return closed


def propose_month(cooperative: Cooperative, month: Month, *, now: datetime) -> int:
    """Write what each shop's month says now, for those that are not closed; return how many."""
    made = 0
    for shop_ids in _open_shops(cooperative, month):
        with transaction.atomic():
            _held(cooperative)
            rows = [
                _row(one, State.PROPOSED, now) for one in drafts(cooperative, shop_ids, month, zone_of(cooperative))
            ]
            _write(rows)
            made += len(rows)
    return made


def close_month(cooperative: Cooperative, month: Month, *, now: datetime) -> int:
    """Seal each shop's month: its lines frozen, its figures chained to those before; return how many.

    What is closed stays as it is. A line that is still asked about is left off until it is answered.
    """
    closed = 0
    for shop_ids in _open_shops(cooperative, month):
        with transaction.atomic():
            held = _held(cooperative)
            still_open = _not_closed(shop_ids, month)
            found = drafts(cooperative, still_open, month, zone_of(cooperative))
            seal_month(held, found, month, now=now)
            closed += len(found)
    return closed


def seal_month(cooperative: Cooperative, found: Sequence[Draft], month: Month, *, now: datetime) -> None:
    """Write and seal these drafts of a month, in the transaction of a caller who holds the cooperative's row."""
    _write([_row(one, State.CLOSED, now) for one in found])
    _seal(cooperative, found, month)


def _cooperatives() -> list[Cooperative]:
    return list(Cooperative.objects.select_related("instance").order_by("pk"))


def _months(cooperative: Cooperative, today: date) -> Iterable[Month]:
    month = Month.of(cooperative.begins_on)
    while month.last < today:
        yield month
        month = month.next


def _open_shops(cooperative: Cooperative, month: Month) -> list[list[int]]:
    """The shops that contribute in a month and whose statement is not closed, some hundreds at a time."""
    rows = PlanSubscription.objects.filter(shop__instance_id=cooperative.pk, since__lte=month.first).order_by()
    ids = _not_closed(sorted(set(rows.values_list("shop_id", flat=True))), month)
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def _not_closed(shop_ids: Sequence[int], month: Month) -> list[int]:
    rows = Statement.objects.filter(month=month.first).exclude(state=State.PROPOSED)
    closed = set(rows.values_list("shop_id", flat=True))
    return [shop_id for shop_id in shop_ids if shop_id not in closed]


def _held(cooperative: Cooperative) -> Cooperative:
    held = locks.lock_row(Cooperative.objects.all(), cooperative.pk)
    assert held is not None
    return held


def _row(draft: Draft, state: str, now: datetime) -> Statement:
    return Statement(
        shop_id=draft.shop_id, month=draft.month.first, version_id=draft.held.version_id, state=state,
        sales_minor=draft.sales, shown_minor=draft.shown, carry_in_minor=draft.carry_in, base_minor=draft.base,
        carry_out_minor=draft.carry_out, would_minor=draft.would, relief_percent=draft.relief_percent,
        is_trial=draft.is_trial, true_up_minor=draft.true_up, net_minor=draft.due.net, tax_minor=draft.due.tax,
        total_minor=draft.due.total, proposed_at=now, closed_at=now if state == State.CLOSED else None,
    )  # fmt: skip


def _write(rows: Sequence[Statement]) -> None:
    insert_or_update(rows, unique=("shop_id", "month"), update=FIGURES)


def _seal(cooperative: Cooperative, found: Sequence[Draft], month: Month) -> None:
    shop_ids = [one.shop_id for one in found]
    ids = dict(Statement.objects.filter(month=month.first, shop_id__in=shop_ids).values_list("shop_id", "id"))
    insert(
        StatementLine(
            statement_id=ids[one.shop_id], order_id=line.order_id, ref=line.ref, on=line.on, kind=line.kind,
            net_minor=line.net, why=line.why,
        )
        for one in found
        for line in one.lines
    )  # fmt: skip
    seals = []
    for one in found:
        content = chain.canonical(said(one))
        digest = chain.hash_of(f"{cooperative.digest}\n{content}".encode())
        cooperative.number += 1
        seals.append(
            Seal(
                statement_id=ids[one.shop_id], instance_id=cooperative.pk, number=cooperative.number, content=content,
                previous=cooperative.digest, digest=digest,
            )
        )  # fmt: skip
        cooperative.digest = digest
    insert(seals)
    cooperative.save(update_fields=["number", "digest"])
    _keep_beginnings(found)


def _keep_beginnings(found: Sequence[Draft]) -> None:
    begun = {one.shop_id: one.first_sale_on for one in found if one.first_sale_on is not None}
    kept = set(Beginning.objects.filter(shop_id__in=list(begun)).values_list("shop_id", flat=True))
    insert(Beginning(shop_id=pk, first_sale_on=on) for pk, on in begun.items() if pk not in kept)


def said(draft: Draft) -> dict[str, Any]:
    """Return what a seal says of a statement: plain values, amounts as texts."""
    return {
        "shop": draft.shop_id,
        "month": f"{draft.month.first:%Y-%m}",
        "version": draft.held.version_id,
        "sales": str(draft.sales),
        "carry_in": str(draft.carry_in),
        "base": str(draft.base),
        "carry_out": str(draft.carry_out),
        "net": str(draft.due.net),
        "tax": str(draft.due.tax),
        "total": str(draft.due.total),
        "lines": digest_of_lines((line.ref, line.on, line.kind, line.net, line.why) for line in draft.lines),
    }
