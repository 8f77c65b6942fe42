"""What a basket may hold, and how words are searched."""

import pytest

from bocage.commons.money import Money
from bocage.commons.searching import fold, words
from bocage.orders.rules import AbsurdQuantity
from bocage.shopfront.rules import Change, Check, Details, check_line, parse_quantity
from bocage.stock.rules import NOTHING, UNLIMITED, Level

PRICE = Money(280)


def test_a_line_that_fits_is_left_alone():
    assert check_line(quantity=2, shown=PRICE, price=PRICE, level=Level(2)) == Check(2, ())
    assert check_line(quantity=40, shown=PRICE, price=PRICE, level=UNLIMITED) == Check(40, ())


def test_a_line_is_cut_to_what_is_left_and_says_so():
    assert check_line(quantity=5, shown=PRICE, price=PRICE, level=Level(3)) == Check(3, (Change.CAPPED,))


def test_a_changed_price_is_said_whichever_way_it_went():
    for shown in (Money(279), Money(281)):
        assert check_line(quantity=1, shown=shown, price=PRICE, level=UNLIMITED) == Check(1, (Change.PRICE,))


def test_what_is_gone_or_withdrawn_cannot_be_ordered():
    assert check_line(quantity=1, shown=PRICE, price=PRICE, level=NOTHING) == Check(0, (Change.GONE,))
    assert check_line(quantity=1, shown=PRICE, price=None, level=UNLIMITED) == Check(0, (Change.WITHDRAWN,))


@pytest.mark.parametrize(("typed", "quantity"), [("3", 3), (" 12 ", 12), ("", 0), ("0", 0), ("999", 999)])
def test_a_typed_quantity_is_read(typed, quantity):
    assert parse_quantity(typed) == quantity


@pytest.mark.parametrize("typed", ["-1", "1.5", "1,5", "1000", "99999999999999999999", "deux", "٣", "1e3", "0x1"])
def test_an_absurd_quantity_is_refused_in_words(typed):
    with pytest.raises(AbsurdQuantity):
        parse_quantity(typed)


def test_search_knows_no_accents_ligatures_or_plurals():
    assert fold("Œufs de l’Évêque") == "oeufs de l'eveque"
    assert words("Œufs  bio poireaux") == ["oeuf", "bio", "poireau"]


def test_details_of_the_wrong_kind_count_as_not_given():
    assert Details.read({"name": "Armelle", "delivery_method_id": "7", "save_address": 1, "who": "x"}) == Details(
        name="Armelle"
    )
