"""Which rate counts where and when: zones, dates, and prices that contain the VAT of home."""

from datetime import date

import pytest

from bocage.commons.money import Money
from bocage.pricing import vat
from bocage.pricing.rules import NO_TAX, Goods, Tax, price_line
from bocage.pricing.vat import Period, Place, RateTable, Zone

STANDARD = 7
HOME = Place("FR", "61000")
OVERSEAS = Zone(1, "Outre-mer", ("FR 971", "FR 972", "FR 974", "RE"))
GUIANA = Zone(2, "Guyane", ("FR 973",))
SWITZERLAND = Zone(3, "Suisse", ("CH",))
LAST_YEAR, NEW_YEAR, TODAY = date(2025, 1, 1), date(2027, 1, 1), date(2026, 11, 24)
TABLE = RateTable.of(
    [OVERSEAS, GUIANA, SWITZERLAND],
    [
        Period(STANDARD, None, NEW_YEAR, 210_000, True),
        Period(STANDARD, None, LAST_YEAR, 200_000, True),
        Period(STANDARD, OVERSEAS.id, LAST_YEAR, 85_000, True),
        Period(STANDARD, SWITZERLAND.id, NEW_YEAR, 81_000, False),
    ],
)
AT_HOME = Tax(200_000, category_id=STANDARD)


def priced(tax: Tax) -> tuple[int, int]:
    line = price_line(Goods(Money(2400), 1, tax))
    return line.total.minor, line.goods_tax.minor


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (HOME, TODAY, (2400, 400)),
        (HOME, date(2026, 12, 31), (2400, 400)),
        (HOME, NEW_YEAR, (2400, 417)),  # the day of the hand-over decides, whenever it was ordered
        (Place("FR", "974 10"), TODAY, (2400, 188)),  # 8.5 % overseas, contained: the same price
        (Place("RE"), TODAY, (2400, 188)),
        (Place("FR", "97300"), TODAY, (2000, 0)),  # no VAT in Guiana: the price without that of home
        (Place("CH"), TODAY, (2000, 0)),  # not yet a rate: as example 7 of domain 05 §13
        (Place("CH"), NEW_YEAR, (2144, 161)),  # 24.00 less 21 % (4.17) = 19.83, and 8.1 % on top
    ],
)
def test_the_place_and_the_day_of_the_hand_over_decide(place, day, expected):
    assert priced(TABLE.rate(AT_HOME, place=place, day=day)) == expected


def test_what_has_no_category_is_taxed_nowhere():
    assert TABLE.rate(NO_TAX, place=Place("CH"), day=TODAY) == NO_TAX


def test_the_zone_that_names_a_place_most_closely_counts():
    table = RateTable.of([Zone(1, "Pays", ("FR",)), Zone(2, "Corse", ("FR 20",)), Zone(3, "Aussi", ("FR 20",))], [])

    assert [table.zone_of(Place("FR", code)).name for code in ("20090", "61000")] == ["Corse", "Pays"]
    assert table.zone_of(Place("BE", "2000")) is None


def test_without_zones_and_without_changes_to_come_nothing_is_looked_up():
    table = RateTable.of([], [Period(STANDARD, None, LAST_YEAR, 200_000, True)])

    assert table.is_same_everywhere(TODAY)
    assert not TABLE.is_same_everywhere(TODAY)
    assert not RateTable.of([], [Period(STANDARD, None, NEW_YEAR, 210_000, True)]).is_same_everywhere(TODAY)


def test_places_are_written_one_way():
    assert vat.tidy_places("fr971; FR 972,\nbe, BE, GB bt") == ("FR 971", "FR 972", "BE", "GB BT")


@pytest.mark.parametrize("text", ["", "France", "97", "F", "FR-971"])
def test_places_nobody_can_read_are_refused(text):
    with pytest.raises(vat.PlacesNotReadable):
        vat.tidy_places(text)


def test_a_rate_begins_today_or_later_and_only_once():
    vat.check_period(starts_on=TODAY, today=TODAY, taken=[NEW_YEAR], millionths=55_000)
    with pytest.raises(vat.RateInThePast):
        vat.check_period(starts_on=date(2026, 11, 23), today=TODAY, taken=[], millionths=55_000)
    with pytest.raises(vat.RateAlready):
        vat.check_period(starts_on=NEW_YEAR, today=TODAY, taken=[NEW_YEAR], millionths=55_000)
    with pytest.raises(vat.RateAbsurd):
        vat.check_period(starts_on=TODAY, today=TODAY, taken=[], millionths=1_000_001)
