"""Reads about fees and VAT rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Subquery
from django.utils.timezone import localtime

from bocage.commons.refusals import NotFound
from bocage.infra import versions
from bocage.network.rules import Actor, Right
from bocage.pricing import vat
from bocage.pricing.models import EnterpriseFee, RatePeriod, TaxRate, TaxZone
from bocage.pricing.terms import FeeTerms
from bocage.pricing.vat import SAME_EVERYWHERE, RateTable


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


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A rate of a category from `starts_on` on; `zone` blank is home; `state` past, now or to_come."""

    id: int
    zone: str
    starts_on: date
    rate_millionths: int
    is_included: bool
    made_by: str
    state: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of VAT with its rates, at home first, then by zone, the earliest first."""

    rate: RateRow
    periods: tuple[PeriodRow, ...]


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone as stewards see it."""

    id: int
    name: str
    places: str


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


def rate_table(version: int | None, at: datetime) -> RateTable:
    """Return every rate, everywhere; SAME_EVERYWHERE where today's rates at home are all there is to know.

    version: the present number of VAT, which callers read beside what they tax (`vat_version`): a process keeps the table
    as long as it stays, so that no query is asked; two when it has moved.
    """
    if not version:
        return SAME_EVERYWHERE
    key = (version, at.date())
    if key not in _kept:
        _kept.clear()
        table = _table()
        # two days late, so that rates count as turned only once the clock has surely turned them
        _kept[key] = SAME_EVERYWHERE if table.is_same_everywhere(at.date() - timedelta(days=2)) else table
    return _kept[key]


def vat_version() -> Subquery:
    """Return the present number of VAT as a column of another query."""
    return versions.number_of("vat")


def forget() -> None:
    """Drop what this process keeps: for tests, whose databases follow each other with the same versions."""
    _kept.clear()


_kept: dict[tuple[int, date], RateTable] = {}


def _table() -> RateTable:
    zones = TaxZone.objects.filter(ended_at__isnull=True).values_list("id", "name", "places")
    periods = RatePeriod.objects.values_list("category_id", "zone_id", "starts_on", "rate_millionths", "is_included")
    return RateTable.of(
        [vat.Zone(pk, name, tuple(places.split(", "))) for pk, name, places in zones],
        [vat.Period(*row) for row in periods],
    )


def categories(*, country: str, now: datetime) -> list[CategoryRow]:
    """Return a country's categories of VAT with every rate they had, have and will have, in two SQL queries."""
    today = localtime(now).date()
    found: dict[int, list[RatePeriod]] = {}
    for row in RatePeriod.objects.filter(category__country=country).select_related("zone"):
        if row.zone is None or row.zone.ended_at is None:
            found.setdefault(row.category_id, []).append(row)
    return [CategoryRow(rate, _periods(found.get(rate.id, []), today)) for rate in tax_rates(country=country)]


def zones(*, country: str) -> list[ZoneRow]:
    """Return a country's zones of VAT by name, in one SQL query."""
    rows = TaxZone.objects.filter(country=country, ended_at__isnull=True).order_by("name", "id")
    return [ZoneRow(*row) for row in rows.values_list("id", "name", "places")]


def _periods(rows: list[RatePeriod], today: date) -> tuple[PeriodRow, ...]:
    ordered = sorted(rows, key=lambda row: (row.zone.name if row.zone else "", row.zone_id or 0, row.starts_on))
    counting = {row.zone_id: row.pk for row in ordered if row.starts_on <= today}
    return tuple(
        PeriodRow(
            id=row.pk,
            zone=row.zone.name if row.zone else "",
            starts_on=row.starts_on,
            rate_millionths=row.rate_millionths,
            is_included=row.is_included,
            made_by=row.made_by,
            state="to_come" if row.starts_on > today else "now" if counting[row.zone_id] == row.pk else "past",
        )
        for row in ordered
    )


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
