"""Reads about fees and VAT rates."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.pricing.models import EnterpriseFee, TaxRate
from bocage.pricing.terms import FeeTerms


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee as its enterprise sees it."""

    id: int
    enterprise_id: int
    terms: FeeTerms
    tax_name: str
    tax_millionths: int


@dataclass(frozen=True, slots=True)
class RateRow:
    """A VAT rate to choose from."""

    id: int
    code: str
    name: str
    rate_millionths: int
    is_included: bool


_TERMS = tuple(FeeTerms.__dataclass_fields__)


def fees_of(*, enterprise_id: int, actor: Actor) -> list[FeeRow]:
    """Return the enterprise's running fees by kind and name, in one SQL query. Raises Forbidden."""
    actor.require(Right.MANAGE_CYCLES, on=enterprise_id)
    return _rows(enterprise_id=enterprise_id, ended_at__isnull=True)


def fee(*, fee_id: int, actor: Actor) -> FeeRow:
    """Return one running fee to edit. Raises NotFound, Forbidden."""
    rows = _rows(id=fee_id, ended_at__isnull=True)
    if not rows:
        raise NotFound
    actor.require(Right.MANAGE_ENTERPRISE, on=rows[0].enterprise_id)
    return rows[0]


def tax_rates(*, country: str) -> list[RateRow]:
    """Return a country's VAT rates, lowest first, in one SQL query."""
    rates = TaxRate.objects.filter(country=country).order_by("rate_millionths", "id")
    return [RateRow(r.pk, r.code, r.name, r.rate_millionths, r.is_included) for r in rates]


def _rows(**where: object) -> list[FeeRow]:
    rows = EnterpriseFee.objects.filter(**where).select_related("tax_rate").order_by("kind", "name", "id")
    return [
        FeeRow(
            id=row.pk,
            enterprise_id=row.enterprise_id,
            terms=FeeTerms(**{name: getattr(row, name) for name in _TERMS}),
            tax_name=row.tax_rate.name if row.tax_rate else "",
            tax_millionths=row.tax_rate.rate_millionths if row.tax_rate else 0,
        )
        for row in rows
    ]
