from datetime import timedelta

import pytest

from bocage.catalogue import actions as catalogue
from bocage.infra.outbox import deliver_due
from bocage.network.rules import SYSTEM
from bocage.order_cycles.models import OrderCycle
from bocage.order_cycles.tasks import SCHEDULE, tell_due_cycles
from bocage.order_cycles.tests import make
from bocage.pricing import actions as pricing
from bocage.pricing.terms import FeeTerms

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_a_new_price_and_a_new_fee_reach_the_cycles_that_carry_them():
    hub, farm = make.hub(), make.farm()
    cycle, leek, fee = make.cycle(hub), make.variant(make.product(farm)), make.fee(hub)
    make.variant(leek.product)
    make.exchange(cycle, farm, "incoming", [leek])
    make.cycle_fee(cycle, fee)

    catalogue.end_variant(variant_id=leek.pk, actor=SYSTEM, now=NOW)
    terms = FeeTerms("Transport", "transport", "percent", percent_millionths=50_000)
    pricing.edit_fee(fee_id=fee.pk, terms=terms, actor=SYSTEM, now=NOW)
    deliver_due(now=NOW)

    assert OrderCycle.objects.get().version == 3


def test_the_clock_tells_what_is_due():
    make.cycle(opens_at=NOW - timedelta(days=1))

    tell_due_cycles(now=NOW)

    assert OrderCycle.objects.get().opening_told_at == NOW
    assert [every.name.rpartition(".")[2] for every in SCHEDULE] == [
        "tell_due_cycles",
        "make_coming_cycles",
        "follow_agreements",
    ]
