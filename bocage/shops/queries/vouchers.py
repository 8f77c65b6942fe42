"""A hub's vouchers: as it sees them, and as a code finds one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.shops.models import Voucher, VoucherUse
from bocage.shops.rules.vouchers import Standing, VoucherTerms, tidy_code

_TERMS = tuple(VoucherTerms.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class UseRow:
    """One order that a voucher was used for, newest first; `given_back_at` when it was cancelled."""

    about: str
    customer: str
    at: datetime
    given_back_at: datetime | None

    @property
    def ref(self) -> str:
        """Return the reference of the order."""
        return self.about.partition(":")[2]


def vouchers(*, hub_id: int, actor: Actor) -> list[Standing]:
    """Return a hub's vouchers, those that run first, then the newest, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    rows = [_standing(row) for row in _counted().filter(hub_id=hub_id).order_by("-id")]
    return sorted(rows, key=lambda row: row.is_ended)


def voucher(*, hub_id: int, voucher_id: int, actor: Actor) -> Standing:
    """Return one voucher of a hub. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    row = _counted().filter(hub_id=hub_id, id=voucher_id).first()
    if row is None:
        raise NotFound()
    return _standing(row)


def uses_of(*, hub_id: int, voucher_id: int, actor: Actor, limit: int = 200) -> list[UseRow]:
    """Return who used a voucher for which order, newest first, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    rows = VoucherUse.objects.filter(voucher_id=voucher_id, voucher__hub_id=hub_id).order_by("-id")
    return [UseRow(*row) for row in rows.values_list("about", "customer__name", "at", "given_back_at")[:limit]]


def by_code(*, hub_id: int, code: str) -> Standing | None:
    """Return the voucher that somebody typed the code of, or None, in one SQL query."""
    row = _counted().filter(hub_id=hub_id, code=tidy_code(code)).first()
    return None if row is None else _standing(row)


def _counted() -> QuerySet[Voucher]:
    return Voucher.objects.annotate(used=Count("uses", filter=Q(uses__given_back_at__isnull=True)))


def _standing(row: Voucher) -> Standing:
    return Standing(
        id=row.pk,
        hub_id=row.hub_id,
        terms=VoucherTerms(**{name: getattr(row, name) for name in _TERMS}),
        uses=row.used,  # type: ignore[attr-defined]
        is_ended=row.ended_at is not None,
    )
