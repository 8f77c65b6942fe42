"""Acts on many orders: what one would do, and what one did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, Value, When

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.invoicing.queries import standing
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.models import BulkAct, BulkActLine, Order, SavedFilter
from bocage.orders.queries.lists import matching, with_balance

WhyNot = Callable[[Sequence[int]], Mapping[int, Refused]]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One order of an act that is only looked at: `refusal` says why it will be left out."""

    ref: str
    name: str
    total: Money
    due: Money
    refusal: Refused | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act will do: to each order, to how many, for how much (what is due where it pays, else the totals)."""

    rows: tuple[Foreseen, ...]
    amount: Money

    @property
    def done(self) -> int:
        return sum(row.refusal is None for row in self.rows)

    @property
    def refused(self) -> int:
        return len(self.rows) - self.done

    @property
    def refs(self) -> list[str]:
        return [row.ref for row in self.rows]


@dataclass(frozen=True, slots=True)
class ActLine:
    """One order of an act: `said` is the refusal's sentence with its values, if it was refused."""

    ref: str
    name: str
    state: str
    plan: dict[str, Any]
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ActPage:
    """An act on many orders, with how far it is and the first of its lines, those not done first."""

    what: str
    details: dict[str, Any]
    by_name: str
    at: datetime
    total: int
    done: int
    refused: int
    failed: int
    rows: tuple[ActLine, ...]

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.refused - self.failed


@dataclass(frozen=True, slots=True)
class KeptFilter:
    id: int
    name: str
    query: str


def preview_of_refs(
    *, hub_id: int, what: str, refs: Sequence[str], actor: Actor, right: Right, why_not: WhyNot | None = None
) -> Preview:
    """Return what an act would do to these orders of a hub, in one query per 500; what is not there is left out.

    why_not: what else refuses some of them, by id.
    """
    actor.require(right, on=hub_id)
    rows: list[tuple] = []
    for start in range(0, len(refs), 500):
        part = refs[start : start + 500]
        rows += _columns(with_balance(Order.objects.filter(hub_id=hub_id, ref__in=part)))
    return _preview(what, sorted(rows, reverse=True), why_not)


def preview_of_found(
    *,
    hub_id: int,
    what: str,
    actor: Actor,
    right: Right,
    most: int,
    why_not: WhyNot | None = None,
    **filters: Any,
) -> Preview:
    """Return what an act would do to all orders that a list's filters find, in one query.

    Raises Forbidden, TooManyOrders.
    """
    actor.require(right, on=hub_id)
    rows = _columns(matching(hub_id=hub_id, **filters).order_by("-id")[: most + 1])
    if len(rows) > most:
        raise rules.TooManyOrders(most=most)
    return _preview(what, rows, why_not)


def invoices_of(refs: Sequence[str]) -> dict[str, str]:
    """Return the number of the standing invoice of each of these orders that has one, in one query."""
    found = standing([f"order:{ref}" for ref in refs])
    return {about.partition(":")[2]: document.number for about, document in found.items()}


def act_page(*, hub_id: int, key: str, actor: Actor, limit: int = 200) -> ActPage:
    """Return an act of a hub with its first lines, in three queries. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    act = BulkAct.objects.filter(hub_id=hub_id, key=key).select_related("person").first()
    if act is None:
        raise NotFound()
    lines = BulkActLine.objects.filter(act=act)
    counts = lines.aggregate(
        total=Count("id"),
        done=Count("id", filter=Q(state="done")),
        refused=Count("id", filter=Q(state="refused")),
        failed=Count("id", filter=Q(state="failed")),
    )
    refused_first = Case(When(state="failed", then=Value(0)), When(state="refused", then=Value(1)), default=Value(2))
    rows = lines.order_by(refused_first, "id").values_list("order__ref", "order__name", "state", "plan", "said")[:limit]
    return ActPage(act.what, act.details, act.person.name, act.at, **counts, rows=tuple(ActLine(*row) for row in rows))


def is_planned(*, hub_id: int, key: str) -> bool:
    """Return whether an act of a hub is written down under this key, in one query."""
    return BulkAct.objects.filter(hub_id=hub_id, key=key).exists()


def kept_filters(*, hub_id: int, actor: Actor) -> list[KeptFilter]:
    """Return what this person kept to look for among the hub's orders, by name, in one query."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    if actor.person_id is None:
        return []
    rows = SavedFilter.objects.filter(hub_id=hub_id, person_id=actor.person_id).order_by("name", "id")
    return [KeptFilter(*row) for row in rows.values_list("id", "name", "query")]


def _columns(rows: Any) -> list[tuple]:
    return list(rows.values_list("id", "ref", "name", "state", "total_minor", "owed", "balance", "currency"))


def _preview(what: str, rows: Sequence[tuple], why_not: WhyNot | None) -> Preview:
    foreseen = []
    more = why_not([row[0] for row in rows]) if why_not and rows else {}
    for pk, ref, name, state, total, _, balance, currency in rows:
        refusal = rules.why_not(what, is_cancelled=state == "cancelled", due=balance) or more.get(pk)
        foreseen.append(Foreseen(ref, name, Money(total, currency), Money(balance, currency), refusal))
    counted = (row.due if what == "pay" else row.total for row in foreseen if row.refusal is None)
    amount = sum(money.minor for money in counted)
    return Preview(tuple(foreseen), Money(amount, rows[0][7] if rows else "EUR"))
