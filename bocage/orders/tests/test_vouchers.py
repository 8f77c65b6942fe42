"""An order with a voucher: placed, changed, cancelled, taken up again; its VAT, its books, its mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bocage.commons.money import Money
from bocage.ledger.queries import due_by_reference
from bocage.network.rules import SYSTEM
from bocage.orders.actions import cancel_order, change_quantities, resume_order
from bocage.orders.actions.placing import place_order
from bocage.orders.models import Charge, Order
from bocage.orders.queries.pages import order_page, order_sheets, order_summary
from bocage.orders.queries.quoting import quote
from bocage.orders.rules import TotalChanged
from bocage.orders.tests import make
from bocage.pricing.models import TaxRate
from bocage.shops.actions.vouchers import make_voucher
from bocage.shops.models import VoucherUse
from bocage.shops.rules import vouchers as rules
from bocage.shops.rules.vouchers import VoucherTerms

pytestmark = pytest.mark.django_db
NOON = make.NOON
FIVE = VoucherTerms(code="CINQ", amount_minor=500)


@pytest.fixture
def market():
    """Leeks at 5.5 % and a pot at 20 %, of 10.00 and 20.00."""
    found = make.market()
    found.offer("Poireau", "10.00")
    standard = TaxRate.objects.create(country="FR", code="standard", name="20 %", rate_millionths=200_000)
    found.offer("Pot", "20.00", tax_rate=standard)
    return found


def voucher(market, terms=FIVE):
    return make_voucher(hub_id=market.hub.pk, terms=terms, actor=SYSTEM, now=NOON)


def order(market, *, code="cinq", shown="25.00", now=NOON, **quantities):
    wanted = market.wanted({market.variants[name]: n for name, n in (quantities or {"Poireau": 1, "Pot": 1}).items()})
    return place_order(
        wanted=replace(wanted, voucher=code), shown_total=make.euros(shown), actor=market.manager, now=now
    )


def rows(placed):
    found = Charge.objects.filter(order_id=placed.order_id, kind="voucher").order_by("tax_millionths")
    return list(found.values_list("tax_millionths", "amount_minor", "tax_minor"))


def due(placed):
    about = f"order:{placed.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def test_a_voucher_is_frozen_on_the_order_by_rate_and_the_books_follow(market):
    voucher(market)

    placed = order(market)

    assert rows(placed) == [(55_000, -167, -9), (200_000, -333, -55)]
    assert Order.objects.get().total_minor == 2500
    assert due(placed) == 2500
    page = order_page(ref=placed.ref, actor=market.manager, now=NOON)
    with translation.override("fr"):
        assert [(one.label, one.total) for one in page.charges] == [("Bon d’achat CINQ", Money(-500))]
    assert [(one.millionths, one.tax.minor) for one in page.taxes] == [(55_000, 52 - 9), (200_000, 333 - 55)]
    posted = {(p.kind, p.subject): p.amount.minor for entry in page.entries for p in entry.postings}
    assert posted["fees", f"voucher:{market.hub.pk}"] == 500 - 9 - 55


def test_the_shown_total_is_that_with_the_voucher(market):
    voucher(market)

    with pytest.raises(TotalChanged):
        order(market, shown="30.00")
    assert not VoucherUse.objects.exists()


def test_an_order_follows_its_voucher_when_it_is_changed(market):
    """Ten percent stay ten percent; an amount that was more than the order grows with it up to its worth."""
    voucher(market, VoucherTerms(code="DIX", percent_millionths=100_000))
    placed = order(market, code="DIX", shown="27.00")
    change_quantities(
        order_id=placed.order_id, quantities={market.variants["Pot"].pk: 2}, actor=market.manager, now=NOON
    )
    assert (Order.objects.get().total_minor, due(placed)) == (4500, 4500)
    assert sum(amount for _rate, amount, _tax in rows(placed)) == -500

    voucher(market, VoucherTerms(code="CENT", amount_minor=10_000))
    free = order(market, code="CENT", shown="0.00")
    change_quantities(order_id=free.order_id, quantities={market.variants["Pot"].pk: 5}, actor=market.manager, now=NOON)
    assert (Order.objects.get(id=free.order_id).total_minor, due(free)) == (1000, 1000)


def test_below_its_minimum_a_voucher_of_an_order_waits_and_comes_back(market):
    voucher(market, replace(FIVE, minimum_minor=3000))
    placed = order(market)
    pot = market.variants["Pot"].pk

    change_quantities(order_id=placed.order_id, quantities={pot: 0}, actor=market.manager, now=NOON)
    assert (rows(placed), due(placed)) == ([(0, 0, 0)], 1000)

    change_quantities(order_id=placed.order_id, quantities={pot: 1}, actor=market.manager, now=NOON)
    assert due(placed) == 2500


@pytest.mark.parametrize(
    ("terms", "now", "code", "refusal"),
    [
        (FIVE, NOON, "SIX", rules.VoucherNotKnown),
        (replace(FIVE, expires_at=NOON + timedelta(hours=1)), NOON + timedelta(hours=1), "CINQ", rules.VoucherExpired),
        (replace(FIVE, minimum_minor=3001), NOON, "CINQ", rules.VoucherNeedsMore),
    ],
)
def test_a_voucher_that_does_not_count_orders_nothing(market, terms, now, code, refusal):
    voucher(market, terms)

    with pytest.raises(refusal):
        order(market, code=code, now=now)
    assert not Order.objects.exists()


def test_a_voucher_for_one_order_is_used_once_and_the_same_confirmation_is_the_same_order(market):
    voucher(market)
    wanted = replace(market.wanted({market.variants["Poireau"]: 1}), voucher="CINQ")
    first = place_order(wanted=wanted, shown_total=make.euros("5.00"), actor=market.manager, now=NOON)

    assert place_order(wanted=wanted, shown_total=make.euros("5.00"), actor=market.manager, now=NOON) == first
    with pytest.raises(rules.VoucherUsedUp):
        order(market)


def test_a_cancelled_order_gives_its_voucher_back_and_takes_it_again_if_it_is_left(market):
    voucher(market)
    placed = order(market)
    cancel_order(order_id=placed.order_id, actor=market.manager, now=NOON)
    assert due(placed) == 0
    resume_order(order_id=placed.order_id, actor=market.manager, now=NOON)
    assert due(placed) == 2500

    cancel_order(order_id=placed.order_id, actor=market.manager, now=NOON)
    other = order(market)
    with pytest.raises(rules.VoucherUsedUp):
        resume_order(order_id=placed.order_id, actor=market.manager, now=NOON)
    assert Order.objects.get(id=placed.order_id).state == "cancelled"
    assert due(other) == 2500


def test_mail_and_packing_sheet_say_what_the_voucher_takes_off(market):
    voucher(market)
    placed = order(market)

    [sheet] = order_sheets(hub_id=market.hub.pk, refs=[placed.ref], actor=market.manager)

    assert [one.total for one in sheet.charges] == [Money(-500)]
    assert [one.total for one in order_summary(placed.order_id).charges] == [Money(-500)]


def test_without_a_voucher_an_order_asks_no_query_more(market):
    """The control of the budget: nothing of vouchers is read where none is given."""

    wanted = market.wanted({market.variants["Poireau"]: 1})
    shown = quote(
        cycle_id=wanted.cycle_id, hub_id=wanted.hub_id, quantities=wanted.quantities,
        delivery_method_id=wanted.delivery_method_id, at=NOON,
    ).total  # fmt: skip

    with CaptureQueriesContext(connection) as asked:
        place_order(wanted=wanted, shown_total=shown, actor=market.manager, now=NOON)

    assert [query["sql"] for query in asked if "voucher" in query["sql"].lower()] == []
