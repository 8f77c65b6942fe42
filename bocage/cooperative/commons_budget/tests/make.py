"""A cooperative with a book and somebody who keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bocage.cooperative.commons_budget import actions
from bocage.cooperative.commons_budget.actions import NewBooking
from bocage.cooperative.commons_budget.queries import treasury_of
from bocage.cooperative.commons_budget.queries.accounts import TreasuryRow
from bocage.cooperative.commons_budget.rules.kinds import Kind
from bocage.network.models import Enterprise, Instance
from bocage.network.rules import SYSTEM, Actor
from bocage.network.tests import make as network

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class Cooperative:
    instance: Instance
    enterprise: Enterprise
    treasury: TreasuryRow
    treasurer: Actor

    def book(self, kind: str, category: str, amount: int, on: date, **more: Any) -> int:
        new = NewBooking(Kind(kind), category, amount, on, more.pop("label", "Une pièce"), **more)
        return actions.book(treasury_id=self.treasury.id, new=new, actor=self.treasurer, now=NOW)


def cooperative() -> Cooperative:
    enterprise = network.enterprise("La coopérative", slug="cooperative")
    instance = enterprise.instance
    actions.found_treasury(instance_id=instance.pk, book_id=enterprise.pk, actor=SYSTEM)
    treasury = treasury_of(instance_id=instance.pk)
    assert treasury is not None
    return Cooperative(instance, enterprise, treasury, network.manager(enterprise, "bookkeeper"))
