"""The worked examples of the field that end in an order's total, to the cent; where we chose better, the test says why."""

from __future__ import annotations

import pytest

from bocage.commons.money import Money, total
from bocage.orders.rules import Item, Quote, make_quote, sale_postings
from bocage.pricing.discounts import voucher_fee
from bocage.pricing.rules import NO_TAX, Calculator, Fee, Goods, Tax

A = Tax(55_000)
B = Tax(200_000)
HUB, FARM, MILL = 1, 2, 3


def cents(minor: int) -> Money:
    return Money(minor, "EUR")


def item(
    minor: int, quantity: int = 1, tax: Tax = NO_TAX, *, producer_id: int = FARM, fees: tuple[Fee, ...] = (), **of
):
    return Item(minor * 100 + quantity, producer_id, Goods(cents(minor), quantity, tax, **of), fees)


def charge(calculator: str, kind: str = "delivery", *, tax: Tax | None = NO_TAX, **amounts) -> Fee:
    return Fee(name=kind, calculator=Calculator(calculator), payee_id=HUB, kind=kind, tax=tax, **amounts)


def off(amount: int = 0, *, percent: int = 0, minimum: int = 0) -> Fee:
    return voucher_fee(
        code="PRINTEMPS",
        hub_id=HUB,
        amount_minor=amount,
        percent_millionths=percent * 10_000,
        minimum_minor=minimum,
    )


def vat(quote: Quote) -> int:
    return sum(tax.minor for _rate, _base, tax in quote.taxes())


def vat_off(quote: Quote) -> list[int]:
    """What a voucher takes off the VAT, by rate, lowest first."""
    return [one.tax.minor for one in quote.charges if one.fee.kind == "voucher"]


def test_vat_is_taken_out_of_each_line():
    """Domain 05 §13 examples 1 and 2."""
    assert (make_quote([item(1250, 3, A)]).total, vat(make_quote([item(1250, 3, A)]))) == (cents(3750), 195)
    two = make_quote([item(245, 1, A), item(335, 1, A)])
    assert (two.total, vat(two)) == (cents(580), 30)


@pytest.mark.parametrize(("price", "whole"), [(1010, 1066), (910, 960)])
def test_vat_may_be_added(price, whole):
    """Domain 05 §13 example 3."""
    assert make_quote([item(price, 1, Tax(55_000, is_included=False))]).total == cents(whole)


def test_a_payment_charge_is_a_percentage_of_the_goods_alone():
    """Domain 05 §13 example 6: neither the delivery nor VAT counts, and the charge itself carries none."""
    quote = make_quote(
        [item(4217, 1, A)],
        [charge("flat", amount_minor=500, tax=A), charge("percent", "payment", percent_millionths=14_000)],
    )

    assert [one.total.minor for one in quote.charges] == [500, 59]
    assert (quote.total, vat(quote)) == (cents(4776), 220 + 26)


def test_goods_sent_where_the_vat_of_home_is_not_owed_cost_less():
    """Domain 05 §13 example 7: one line without the VAT, instead of a price and a negative tax beside it."""
    quote = make_quote([item(2400, 1, Tax(0, taken_out=200_000))])

    assert (quote.total, quote.taxes()) == (cents(2000), [])


def test_a_fee_by_weight_shows_the_cent_that_is_charged():
    """Domain 05 §13 example 12: the line shows 10.52, what is charged; there it showed 10.53."""
    weight = charge("per_kilogram", "packing", amount_minor=50)

    assert make_quote([item(333, 3, fees=(weight,), grams=350)]).total == cents(1052)


def test_a_fee_on_a_line_shows_the_cent_that_is_charged():
    """Domain 03 §7 example 11: 2.00 × 3 with fees of 0.50 is shown as 6.50, not as three times 2.17."""
    shared = charge("percent", "sales", percent_millionths=83_300)

    assert make_quote([item(200, 3, fees=(shared,))]).lines[0].priced.total == cents(650)


def test_a_delivery_by_weight_counts_whole_bottles():
    """Domain 05 §13 example 13: there a final volume of 2.1 l made 2.69; a bottle is delivered whole here, so 2.88."""
    bottles = item(880, 3, grams=1200)

    assert make_quote([bottles], [charge("per_kilogram", amount_minor=80)]).total == cents(2640 + 288)


def test_a_flexible_charge_counts_all_items_of_the_order():
    """Domain 05 §13 example 14."""
    flexible = charge("flexible", amount_minor=300, additional_minor=75, limit=4)

    assert make_quote([item(100, 2), item(200, 3)], [flexible]).charges[0].total == cents(525)


def test_a_flat_fee_on_an_incoming_exchange_is_paid_only_with_goods_of_that_farm():
    """Domain 03 §7 example 9."""
    fee = charge("flat", "admin", amount_minor=200, only_producer_id=FARM)

    assert make_quote([item(300, 4), item(500, 2, producer_id=MILL)], [fee]).total == cents(2200 + 200)
    assert make_quote([item(500, 2, producer_id=MILL)], [fee]).total == cents(1000)


def test_a_voucher_takes_its_part_of_each_rates_vat():
    """Domain 05 §13 example 8: VAT of 2.61 is left. There 2.60: one rounding for all rates; VAT is declared by rate."""
    quote = make_quote([item(1890, 2, A), item(640, 1, B)], [charge("flat", amount_minor=450)], voucher=off(700))

    assert (quote.total, quote.discount) == (cents(4170), cents(-700))
    assert vat_off(quote) == [0, -28, -15]
    assert [(rate.millionths, tax.minor) for rate, _base, tax in quote.taxes()] == [(55_000, 169), (200_000, 92)]


def test_a_percentage_off_an_order_with_added_vat():
    """Domain 05 §13 example 9: the same total. The VAT shown falls with it, to 1.77; there it stayed at 2.08."""
    quote = make_quote(
        [item(1890, 2, Tax(55_000, is_included=False))], [charge("flat", amount_minor=450)], voucher=off(percent=15)
    )

    assert (quote.total, quote.discount, vat(quote)) == (cents(3772), cents(-666), 208 - 31)


def test_a_voucher_counts_on_added_and_contained_vat_alike():
    """Domain 05 §13 example 10: the same total; both kinds of VAT fall, there only the added one did."""
    quote = make_quote([item(3780, 1, Tax(200_000, is_included=False)), item(3000, 1, B)], voucher=off(900))

    assert (quote.total, vat(quote)) == (cents(6636), 756 + 500 - 90 - 60)


def test_a_voucher_is_never_worth_more_than_the_order():
    """Domain 05 §13 example 11."""
    quote = make_quote([item(640, 1, A)], voucher=off(1000))

    assert (quote.total, quote.discount, vat_off(quote), vat(quote)) == (cents(0), cents(-640), [-33], 0)


def test_a_voucher_takes_contained_vat_with_it():
    """Domain 06 §7 example 18."""
    quote = make_quote([item(2400, 1, B)], voucher=off(600))

    assert (quote.total, vat_off(quote), vat(quote)) == (cents(1800), [-100], 300)


def test_a_voucher_takes_added_vat_with_it():
    """Domain 06 §7 example 19: the VAT shown is 3.80, what is owed; there 4.80 stayed on the page."""
    quote = make_quote([item(2400, 1, Tax(200_000, is_included=False))], voucher=off(600))

    [discount] = [one for one in quote.charges if one.fee.kind == "voucher"]
    assert (discount.amount, discount.tax) == (cents(-500), cents(-100))
    assert (quote.total, vat(quote)) == (cents(2280), 380)


def test_a_voucher_makes_the_price_and_credit_pays_it():
    """Domain 06 §7 example 17: 20 % of 40.00. There credit of 15.00 was taken off first: a voucher worth less to savers."""
    assert make_quote([item(4000)], voucher=off(percent=20)).total == cents(3200)


def test_a_voucher_waits_for_its_minimum():
    assert make_quote([item(2999)], voucher=off(500, minimum=3000)).total == cents(2999)
    assert make_quote([item(3000)], voucher=off(500, minimum=3000)).total == cents(2500)


def test_a_voucher_is_borne_by_the_hub_and_its_vat_by_the_treasury():
    quote = make_quote([item(2400, 1, B)], voucher=off(600))

    postings = {(key.kind, key.subject): amount for key, amount in sale_postings(quote, customer_id=9).items()}

    assert postings == {
        ("customer", "customer:9"): 1800,
        ("producer", f"producer:{FARM}"): -2000,
        ("fees", f"voucher:{HUB}"): 500,
        ("vat", "vat:200000"): -300,
    }


def test_a_voucher_of_an_empty_order_takes_nothing_off():
    quote = make_quote([], voucher=off(600))

    assert (quote.total, quote.voucher) == (cents(0), off(600))
    assert total(one.total for one in quote.charges) == cents(0)
