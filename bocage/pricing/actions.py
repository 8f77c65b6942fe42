"""Setting the fees of an enterprise, and the rates of VAT of the platform."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.rules import Actor, Right
from bocage.pricing import vat
from bocage.pricing.events import FeeChanged, RatesChanged
from bocage.pricing.models import EnterpriseFee, RatePeriod, TaxRate, TaxZone
from bocage.pricing.terms import FeeNotKnown, FeeTerms, check_terms


@transaction.atomic
def add_fee(*, enterprise_id: int, terms: FeeTerms, actor: Actor, now: datetime) -> int:
    """Give an enterprise a new fee, to be attached to its cycles; return its id.

    Raises Forbidden and what `check_terms` raises.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    fee = EnterpriseFee.objects.create(enterprise_id=enterprise_id, **_checked(terms))
    return fee.pk


@transaction.atomic
def edit_fee(*, fee_id: int, terms: FeeTerms, actor: Actor, now: datetime) -> None:
    """Change a fee for all orders placed from now on; orders keep what was agreed. Emits FeeChanged."""
    fee = _own(fee_id, actor)
    for name, value in _checked(terms).items():
        setattr(fee, name, value)
    fee.save()
    bump(f"fees:{fee.enterprise_id}")
    emit(FeeChanged(fee_id=fee.pk, enterprise_id=fee.enterprise_id), by=actor, at=now)


@transaction.atomic
def end_fee(*, fee_id: int, actor: Actor, now: datetime) -> None:
    """Stop charging a fee in every cycle; what was already ordered keeps it. Emits FeeChanged; twice is once."""
    fee = _own(fee_id, actor)
    if fee.ended_at is None:
        fee.ended_at = now
        fee.save(update_fields=["ended_at"])
        bump(f"fees:{fee.enterprise_id}")
        emit(FeeChanged(fee_id=fee.pk, enterprise_id=fee.enterprise_id), by=actor, at=now)


@transaction.atomic
def add_tax_rate(
    *, country: str, code: str, name: str, rate_millionths: int, is_included: bool = True, actor: Actor, now: datetime
) -> int:
    """Make a category of VAT known to the platform, with its rate from today on; return its id. Stewards only.

    Raises Forbidden, RateCodeTaken, RateAbsurd.
    """
    _require_steward(actor)
    vat.check_period(starts_on=_today(now), today=_today(now), taken=(), millionths=rate_millionths)
    if TaxRate.objects.filter(country=country, code=code).exists():
        raise vat.RateCodeTaken(code=code)
    values = {"rate_millionths": rate_millionths, "is_included": is_included}
    category = TaxRate.objects.create(country=country, code=code, name=name, **values)
    RatePeriod.objects.create(category=category, starts_on=_today(now), made_by=actor.name, made_at=now, **values)
    _vat_changed(actor, now)
    return category.pk


@transaction.atomic
def begin_rate(
    *,
    category_id: int,
    zone_id: int | None,
    starts_on: date,
    rate_millionths: int,
    is_included: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Let a category have another rate from a day on, at home or in a zone; return the period's id. Stewards only.

    What counted until then stays on record. Raises Forbidden, NotFound, RateInThePast, RateAlready, RateAbsurd. Emits
    RatesChanged.
    """
    _require_steward(actor)
    category = lock_row(TaxRate.objects.all(), category_id)
    if category is None or (zone_id is not None and not TaxZone.objects.filter(id=zone_id).exists()):
        raise NotFound
    taken = RatePeriod.objects.filter(category=category, zone_id=zone_id).values_list("starts_on", flat=True)
    vat.check_period(starts_on=starts_on, today=_today(now), taken=taken, millionths=rate_millionths)
    period = RatePeriod.objects.create(
        category=category, zone_id=zone_id, starts_on=starts_on, rate_millionths=rate_millionths,
        is_included=is_included, made_by=actor.name, made_at=now,
    )  # fmt: skip
    turn_rates(now=now)
    _vat_changed(actor, now)
    return period.pk


@transaction.atomic
def take_back_rate(*, period_id: int, actor: Actor, now: datetime) -> None:
    """Take back a rate that has not begun yet. Stewards only. Raises Forbidden, NotFound, RateInThePast."""
    _require_steward(actor)
    period = lock_row(RatePeriod.objects.all(), period_id)
    if period is None:
        raise NotFound
    if period.starts_on <= _today(now):
        raise vat.RateInThePast
    period.delete()
    _vat_changed(actor, now)


@transaction.atomic
def save_zone(*, country: str, name: str, places: str, actor: Actor, now: datetime, zone_id: int | None = None) -> int:
    """Make a zone of VAT, or change which places are in it, for orders to come; return its id. Stewards only.

    Raises Forbidden, NotFound, ZoneNeedsAName, PlacesNotReadable, PlaceTaken.
    """
    _require_steward(actor)
    if not name.strip():
        raise vat.ZoneNeedsAName
    tidy = vat.tidy_places(places)
    for other in TaxZone.objects.filter(country=country, ended_at__isnull=True).order_by("id"):
        if other.pk == zone_id:
            continue
        for place in tidy:
            if place in other.places.split(", "):
                raise vat.PlaceTaken(place=place, zone=other.name)
    zone = TaxZone(country=country, made_at=now) if zone_id is None else lock_row(TaxZone.objects.all(), zone_id)
    if zone is None or zone.ended_at is not None:
        raise NotFound
    zone.name, zone.places = name.strip(), ", ".join(tidy)
    zone.save()
    _vat_changed(actor, now)
    return zone.pk


@transaction.atomic
def end_zone(*, zone_id: int, actor: Actor, now: datetime) -> None:
    """Tax a zone as home from now on; orders keep what they were taxed. Stewards only. Raises Forbidden, NotFound."""
    _require_steward(actor)
    if not TaxZone.objects.filter(id=zone_id, ended_at__isnull=True).update(ended_at=now):
        raise NotFound
    _vat_changed(actor, now)


@transaction.atomic
def turn_rates(*, now: datetime) -> int:
    """Let the rates that begin today count at home; return how many categories changed. Twice is once."""
    changed = 0
    for category in TaxRate.objects.order_by("id"):
        due = RatePeriod.objects.filter(category=category, zone__isnull=True, starts_on__lte=_today(now))
        latest = due.order_by("-starts_on").values_list("rate_millionths", "is_included").first()
        if latest is not None and latest != (category.rate_millionths, category.is_included):
            category.rate_millionths, category.is_included = latest
            category.save(update_fields=["rate_millionths", "is_included"])
            changed += 1
    if changed:
        bump("catalogue")
    return changed


def _require_steward(actor: Actor) -> None:
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")


def _today(now: datetime) -> date:
    return localtime(now).date()


def _vat_changed(actor: Actor, now: datetime) -> None:
    bump("catalogue")
    bump("vat")
    emit(RatesChanged(), by=actor, at=now)


def _own(fee_id: int, actor: Actor) -> EnterpriseFee:
    fee = lock_row(EnterpriseFee.objects.all(), fee_id)
    if fee is None:
        raise NotFound
    actor.require(Right.MANAGE_ENTERPRISE, on=fee.enterprise_id)
    return fee


def _checked(terms: FeeTerms) -> dict[str, object]:
    check_terms(terms)
    rate = terms.tax_rate_id if terms.tax == "own" else None
    if rate is not None and not TaxRate.objects.filter(id=rate).exists():
        raise FeeNotKnown
    return asdict(replace(terms, name=terms.name.strip(), tax_rate_id=rate))
