"""Founding a platform with what it needs on its first day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.catalogue.actions import lay_shelves
from bocage.network import actions as network
from bocage.network.actions.instances import Founding
from bocage.network.rules import SYSTEM
from bocage.pricing.actions import add_tax_rate
from bocage.web.beginning import keys
from bocage.web.beginning.rules import USUAL_RATES


@transaction.atomic
def begin(*, code: str, wanted: Founding, lays_shelves: bool, takes_rates: bool, now: datetime) -> int:
    """Found the platform of an empty database with its first steward; return the steward's id.

    lays_shelves: with the common shelves of food; takes_rates: with the usual VAT of the country. The code is spent.
    Raises WrongCode, AlreadyFounded. Emits InstanceFounded.
    """
    keys.check(code)
    person_id = network.found_instance(wanted=wanted, actor=SYSTEM, now=now)
    if lays_shelves:
        lay_shelves(actor=SYSTEM)
    for rate in USUAL_RATES.get(wanted.country, ()) if takes_rates else ():
        name = rate.named(wanted.language)
        add_tax_rate(
            country=wanted.country, code=rate.code, name=name, rate_millionths=rate.millionths, actor=SYSTEM, now=now
        )
    keys.spend()
    return person_id
