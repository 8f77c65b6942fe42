"""The arithmetic of prices, with the worked examples of the field; where we chose another cent, the test says why."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.money import Money, round_half_up, total
from bocage.pricing.rules import NO_TAX, Calculator, Fee, Goods, Tax, charge_order, price_line, who_earns_what

REDUCED = Tax(55_000)
STANDARD = Tax(200_000)


def cents(minor: int) -> Money:
    return Money(minor, "EUR")


def fee(calculator: str, *, tax: Tax | None = NO_TAX, percent: str = "0", **amounts) -> Fee:
    millionths = int(Fraction(percent) * 10_000)
    return Fee(
        name="fee", calculator=Calculator(calculator), payee_id=1, percent_millionths=millionths, tax=tax, **amounts
    )


def test_a_percentage_fee_is_rounded_once_on_the_line():
    line = price_line(Goods(cents(35), 3), [fee("percent", percent="5")])

    assert line.total == cents(110)  # 1.05 + 0.0525; rounding per unit would give 1.11


@pytest.mark.parametrize(
    ("goods", "percent", "expected"),
    [
        ([(235, 4)], "8", 75),  # per unit it would be 0.19 × 4 = 0.76: we round on the line
        ([(170, 3), (520, 2)], "6.5", 33 + 68),
    ],
)
def test_a_percentage_of_each_line_is_taken_of_all_its_goods(goods, percent, expected):
    lines = [price_line(Goods(cents(price), quantity), [fee("percent", percent=percent)]) for price, quantity in goods]

    assert total(line.fees for line in lines) == cents(expected)


def test_a_fee_per_item_counts_every_piece():
    assert price_line(Goods(cents(300), 4), [fee("per_item", amount_minor=15)]).fees == cents(60)


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        (Goods(cents(333), 5, grams=400), 240),
        (Goods(cents(333), 5, grams=400, size_g=400, final_weight_g=2150), 258),
        (Goods(cents(333), 4, grams=350), 168),
    ],
)
def test_a_fee_per_kilogram_follows_the_weight_and_the_final_weight(goods, expected):
    assert price_line(goods, [fee("per_kilogram", amount_minor=120)]).fees == cents(expected)


def test_a_fee_per_pound_counts_in_pounds_of_whole_grams():
    """Domain 03 §7 example 5: 6 lb at 0.55; a variant keeps whole grams, 907 of 2 lb."""
    assert price_line(Goods(cents(900), 3, grams=907), [fee("per_pound", amount_minor=55)]).fees == cents(330)


def test_the_same_fee_in_two_places_is_charged_twice():
    """Domain 03 §7 example 10."""
    transport = fee("per_item", amount_minor=15)

    assert price_line(Goods(cents(300), 4), [transport, transport]).fees == cents(120)


@pytest.mark.parametrize(("worth", "expected"), [(1, 300), (3, 300), (9, 300)])
def test_a_flexible_fee_up_to_one_item_is_its_first_amount(worth, expected):
    """Domain 03 §7 example 3, max 1."""
    flexible = fee("flexible", amount_minor=300, additional_minor=80, limit=1)

    assert charge_order(flexible, [Goods(cents(100), worth)]).total == cents(expected)


@pytest.mark.parametrize(("count", "expected"), [(1, 300), (3, 460), (4, 540), (9, 540)])
def test_a_flexible_fee_grows_up_to_its_limit(count, expected):
    flexible = fee("flexible", amount_minor=300, additional_minor=80, limit=4)

    assert charge_order(flexible, [Goods(cents(100), count)]).total == cents(expected)


@pytest.mark.parametrize(
    "charge",
    [
        fee("flat", amount_minor=150),
        fee("flexible", amount_minor=300, additional_minor=80, limit=4),
        fee("sack", amount_minor=500),
    ],
)
def test_nothing_ordered_is_charged_nothing(charge):
    assert charge_order(charge, []).total == cents(0)


def test_a_flexible_fee_without_limit_charges_nothing():
    assert charge_order(
        fee("flexible", amount_minor=300, additional_minor=80, limit=0), [Goods(cents(100), 3)]
    ).total == cents(0)


@pytest.mark.parametrize(("worth", "expected"), [(2999, 500), (3000, 200)])
def test_a_price_sack_gives_its_reduced_amount_from_the_threshold_on(worth, expected):
    sack = fee("sack", amount_minor=500, reduced_minor=200, threshold_minor=3000)

    assert charge_order(sack, [Goods(cents(worth), 1)]).total == cents(expected)


@pytest.mark.parametrize(
    ("tax", "amount", "expected"),
    [
        (Tax(55_000), 1000, 52),
        (Tax(55_000, is_included=False), 1000, 55),
        (Tax(200_000), 95, 16),
        (Tax(200_000, is_included=False), 95, 19),
        (Tax(200_000), -400, -67),
        (Tax(55_000), 3750, 195),
        (Tax(55_000, is_included=False), 1010, 56),
        (Tax(55_000, is_included=False), 910, 50),
    ],
)
def test_tax_is_taken_out_of_or_added_to_an_amount_and_rounded_once(tax, amount, expected):
    assert tax.of(cents(amount)) == cents(expected)


def test_the_example_order_of_two_producers_adds_up_to_the_cent():
    """Domain 05 §13 example 4: a percentage is rounded once per line (line a: 0.59, not 0.60)."""
    coordination = fee("percent", percent="6", tax=None)
    incoming = fee("per_item", amount_minor=15)
    outgoing = fee("flat", amount_minor=180, tax=STANDARD)

    a = price_line(Goods(cents(247), 4, REDUCED), [coordination, incoming])
    b = price_line(Goods(cents(1299), 1, STANDARD), [coordination])
    order = charge_order(outgoing, [Goods(cents(247), 4), Goods(cents(1299), 1)])

    assert [charge.amount for charge in a.charges] == [cents(59), cents(60)]
    assert [charge.amount for charge in b.charges] == [cents(78)]
    assert [a.goods_tax, b.goods_tax, a.charges[0].tax, b.charges[0].tax, order.tax] == [
        cents(52),
        cents(217),
        cents(3),
        cents(13),
        cents(30),
    ]
    assert a.total + b.total + order.total == cents(2664)


def test_fees_of_a_cycle_add_up_on_every_line_and_once_on_the_order():
    """Domain 03 §7 examples 7 and 8."""
    transport, admin = fee("per_item", amount_minor=15), fee("flat", amount_minor=150)
    sales, packing = fee("percent", percent="10"), fee("per_item", amount_minor=20)
    f, g = Goods(cents(300), 4), Goods(cents(500), 2)

    assert price_line(Goods(cents(300), 1), [transport, sales, packing]).total == cents(365)
    assert price_line(Goods(cents(300), 1), [transport, sales]).total == cents(345)
    lines = [price_line(f, [transport, sales, packing]), price_line(g, [transport, packing])]
    assert [line.fees for line in lines] == [cents(260), cents(70)]
    assert total(line.total for line in lines) + charge_order(admin, [f, g]).total == cents(2680)


def test_a_weighed_line_is_priced_by_its_final_weight():
    """Domain 05 §13 example 20: 2 × 5.00 for 1.00 kg nominal, weighed 1.30 kg."""
    line = price_line(Goods(cents(500), 2, size_g=500, grams=500, final_weight_g=1300))

    assert line.total == cents(1300)


def test_a_delivery_charge_below_its_threshold_is_taxed():
    """Domain 05 §13 example 5."""
    sack = fee("sack", amount_minor=590, reduced_minor=0, threshold_minor=6000, tax=STANDARD)
    below = Goods(cents(1990), 3, REDUCED)

    charged = charge_order(sack, [below])

    assert (price_line(below).goods_tax, charged.total, charged.tax) == (cents(311), cents(590), cents(98))
    assert charge_order(sack, [Goods(cents(2000), 3, REDUCED)]).total == cents(0)


def test_terms_survive_being_written_down():
    written = fee("sack", amount_minor=590, threshold_minor=6000, tax=Tax(200_000, is_included=False), kind="delivery")

    assert Fee.from_terms(written.as_terms()) == written
    assert Fee.from_terms(fee("percent", percent="7", tax=None).as_terms()) == fee("percent", percent="7", tax=None)


taxes = st.builds(Tax, st.sampled_from([0, 55_000, 100_000, 200_000]), st.booleans())
line_fees = st.builds(
    fee,
    st.sampled_from(["percent", "per_item", "per_kilogram"]),
    tax=st.one_of(st.none(), taxes),
    percent=st.sampled_from(["0", "2.5", "6", "12.75", "-10"]),
    amount_minor=st.integers(-200, 500),
)
goods = st.builds(Goods, st.integers(0, 100_000).map(cents), st.integers(1, 60), taxes, grams=st.integers(0, 5000))


@given(goods, st.lists(line_fees, max_size=5))
def test_who_earns_what_adds_up_to_what_is_paid(bought, fees):
    line = price_line(bought, fees)

    parts = who_earns_what(line, producer_id=1, producer="Ferme")

    assert total(part.amount for part in parts) == line.total


@given(goods, st.lists(line_fees, max_size=5))
def test_every_amount_of_a_line_is_within_half_a_cent_of_the_exact_one(bought, fees):
    for charge in price_line(bought, fees).charges:
        if charge.fee.calculator is Calculator.PERCENT:
            exact = Fraction(bought.amount.minor * charge.fee.percent_millionths, 1_000_000)
            assert abs(charge.amount.minor - exact) <= Fraction(1, 2)


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_is_the_same_on_both_sides_of_zero(exact):
    assert round_half_up(-exact) == -round_half_up(exact)
    assert abs(round_half_up(exact) - exact) <= Fraction(1, 2)
