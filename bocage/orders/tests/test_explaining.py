"""Each step that made a price or an order, in words; the steps add up to what is charged."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from bocage.commons.refusals import NotFound
from bocage.network.rules import GUEST, SYSTEM
from bocage.orders.actions.placing import place_order
from bocage.orders.explaining import explain_order, explain_price
from bocage.orders.tests import make
from bocage.pricing.models import TaxRate
from bocage.shops.actions.vouchers import make_voucher
from bocage.shops.rules.vouchers import VoucherTerms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def market():
    found = make.market()
    found.offer("Poireau", "10.00")
    added = TaxRate.objects.create(country="FR", code="a", name="20 %", rate_millionths=200_000, is_included=False)
    found.offer("Pot", "20.00", tax_rate=added)
    found.charge("percent", percent_millionths=50_000, name="Coordination", tax="none")
    found.charge("flat", amount_minor=150, name="Adhésion", tax="none")
    make_voucher(hub_id=found.hub.pk, terms=VoucherTerms(code="CINQ", amount_minor=500), actor=SYSTEM, now=make.NOON)
    return found


@pytest.fixture
def placed(market):
    wanted = replace(market.wanted({market.variants["Poireau"]: 2, market.variants["Pot"]: 1}), voucher="CINQ")
    return place_order(wanted=wanted, shown_total=make.euros("42.50"), actor=market.manager, now=make.NOON)


def test_the_steps_of_each_part_add_up_to_its_sum(market, placed):
    sections = explain_order(ref=placed.ref, actor=market.manager)

    for section in sections[:3]:
        *steps, last = section.steps
        assert last.is_sum and sum(step.amount.minor for step in steps) == last.amount.minor
    assert sections[2].steps[-1].amount == make.euros("42.50")
    assert sum(step.amount.minor for step in sections[-1].steps) == 0  # the books balance
    assert [step.words for step in sections[0].steps] == [
        "2 × €10.00",
        "€1.04 of VAT is contained in €20.00, at 5.5%",
        "Coordination: 5% of €20.00, rounded once",
        "Total of the line",
    ]
    assert "VAT on €20.00, at 20%" in [step.words for step in sections[1].steps]


def test_a_price_is_explained_by_what_makes_it(market):
    [section] = explain_price(
        cycle_id=market.cycle.pk, hub_id=market.hub.pk, variant_id=market.variants["Pot"].pk, at=make.NOON
    )

    assert [step.amount.minor for step in section.steps] == [2000, 400, 100, 2500]


def test_only_the_hub_reads_how_an_order_came_to_be(client, market, placed):
    with pytest.raises(NotFound):
        explain_order(ref=placed.ref, actor=GUEST)
    type(market.instance).objects.update(host="testserver")
    anne = make.person("Anne")
    make.actor("manager", on=market.hub, who=anne)
    client.force_login(anne)
    client.cookies["django_language"] = "en"

    page = client.get(reverse("orders:explained", args=[market.hub.slug, placed.ref])).content.decode()

    assert "Coordination: 5% of €20.00, rounded once" in page
    assert "Voucher CINQ" in page


def test_the_command_explains_an_order_and_knows_none_that_is_not_there(placed):
    said = StringIO()
    call_command("explain", "order", placed.ref, stdout=said)

    assert "42.50 = Total" in said.getvalue()
    with pytest.raises(CommandError, match="no such order"):
        call_command("explain", "order", "NIX")
