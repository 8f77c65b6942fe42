"""A market whose hub contributes one percent, run by a cooperative whose papers are in order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bocage.cooperative.contributions.models import (
    Beginning,
    ContributionPlan,
    Cooperative,
    PlanSubscription,
    PlanVersion,
)
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.invoicing.models import SellerTerms
from bocage.invoicing.tests.make import SELLER
from bocage.ledger.rules.chain import hash_of
from bocage.network.models import Enterprise
from bocage.network.rules import Actor
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, Market

OCTOBER = date(2026, 10, 1)


@dataclass
class Commons:
    market: Market
    cooperative: Cooperative
    p1: PlanVersion
    free: PlanVersion
    manager: Actor
    treasurer: Actor
    chair: Actor


def version(plan: ContributionPlan, number: int = 1, *, since: date = date(2025, 1, 1), **terms: Any) -> PlanVersion:
    tariff = asdict(Tariff(kind=plan.kind, **terms))
    text = f"{plan.code} {number}"
    return PlanVersion.objects.create(
        plan=plan, number=number, tariff=tariff, text=text, text_hash=hash_of(text.encode()), adopted_on=since,
        valid_from=since,
    )  # fmt: skip


def subscribe(shop: Enterprise, held: PlanVersion, since: date = date(2025, 1, 1)) -> PlanSubscription:
    return PlanSubscription.objects.create(
        shop=shop, version=held, since=since, accepted_at=NOON, text_hash=held.text_hash
    )


def commons(*, begins: date = OCTOBER, is_begun: bool = True) -> Commons:
    """Return a market (NOON is 6 October 2026) whose hub is out of trial and on P1."""
    market = make.market()
    hub = market.hub
    for name, value in {**SELLER, "siret": "40483304800022", "vat_number": "FR83404833048"}.items():
        setattr(hub, name, value)
    hub.save()
    seller = make.enterprise(market.instance, "Coopérative", sells="none", **SELLER)
    SellerTerms.objects.create(seller=seller, payment_days=30, series="CT")
    cooperative = Cooperative.objects.create(
        instance=market.instance, enterprise=seller, month_cost_minor=900_000, begins_on=begins
    )
    plans = [
        ContributionPlan.objects.create(instance=market.instance, code=code, kind=kind, is_open=True)
        for code, kind in (("p1", "percentage"), ("free", "free"))
    ]
    p1, free = version(plans[0], rate=10_000), version(plans[1])
    subscribe(hub, p1)
    if is_begun:
        Beginning.objects.create(shop=hub, first_sale_on=date(2025, 1, 1))
    return Commons(
        market, cooperative, p1, free, market.manager,
        treasurer=make.actor("bookkeeper", on=seller), chair=make.actor("manager", on=seller),
    )  # fmt: skip
