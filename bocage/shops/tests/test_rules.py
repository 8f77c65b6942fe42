from dataclasses import replace

import pytest

from bocage.shops import rules
from bocage.shops.rules import MethodDetails, PointDetails

ROUND = MethodDetails(kind="delivery", name="Tournée", amount_minor=400)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, rules.NeedsAName),
        ({"kind": "drone"}, rules.ChargeNotKnown),
        ({"calculator": "magic"}, rules.ChargeNotKnown),
        ({"calculator": "flexible"}, rules.ChargeNotKnown),
        ({"amount_minor": -1}, rules.ChargeNegative),
        ({"kind": "pickup"}, rules.PickupNeedsAPoint),
    ],
)
def test_a_method_that_cannot_be_carried_out_or_charged_is_refused(changes, refusal):
    with pytest.raises(refusal):
        rules.check_method(replace(ROUND, **changes))


def test_a_place_needs_a_name_and_a_town():
    with pytest.raises(rules.NeedsAName):
        rules.check_point(PointDetails(name="", town="Malvran"))
    with pytest.raises(rules.PointNeedsATown):
        rules.check_point(PointDetails(name="La halle", town=" "))


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), (" 61700 ; 5026,61 700,", "61700,5026"), ("sw1a, SW1A", "SW1A"), ("123-45", "123-45")]
)
def test_postcodes_are_kept_one_way(typed, kept):
    assert rules.tidy_postcodes(typed) == kept


def test_postcodes_that_nobody_can_read_are_refused():
    with pytest.raises(rules.PostcodesNotReadable):
        rules.tidy_postcodes("61*")
