"""Setting the fees of an enterprise."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.rules import Actor, Right
from bocage.pricing.events import FeeChanged
from bocage.pricing.models import EnterpriseFee, TaxRate
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
    """Make a VAT rate known to the instance, or correct it; return its id. Stewards only."""
    if not (actor.is_steward or actor.is_system):
        raise Forbidden(right="steward")
    values = {"name": name, "rate_millionths": rate_millionths, "is_included": is_included}
    bump("catalogue")
    rate, _created = TaxRate.objects.update_or_create(country=country, code=code, defaults=values)
    return rate.pk


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
