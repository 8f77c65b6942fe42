"""Rates of VAT by place and day, as stewards set them and as the clock turns them."""

from datetime import date, timedelta

import pytest

from bocage.commons.refusals import Forbidden
from bocage.infra import versions
from bocage.infra.models import Event
from bocage.network.rules import SYSTEM
from bocage.pricing import actions, queries, vat
from bocage.pricing.models import TaxRate
from bocage.pricing.tests import make
from bocage.pricing.vat import SAME_EVERYWHERE, Place

pytestmark = pytest.mark.django_db
BY = {"actor": SYSTEM, "now": make.NOW}
NEXT_YEAR = date(make.NOW.year + 1, 1, 1)


@pytest.fixture
def reduced():
    return actions.add_tax_rate(country="FR", code="reduced", name="5,5 %", rate_millionths=55_000, **BY)


def table(at):
    return queries.rate_table(versions.numbers(["vat"])["vat"], at)


def begin(category_id, day, millionths, *, zone_id=None, **more):
    told = {"rate_millionths": millionths, "is_included": True, **BY, **more}
    return actions.begin_rate(category_id=category_id, zone_id=zone_id, starts_on=day, **told)


def test_the_clock_turns_a_rate_on_its_day_and_once(reduced):
    begin(reduced, NEXT_YEAR, 60_000)
    new_year = make.NOW.replace(year=NEXT_YEAR.year, month=1, day=1)

    assert actions.turn_rates(now=new_year - timedelta(days=1)) == 0
    assert TaxRate.objects.get().rate_millionths == 55_000
    assert (actions.turn_rates(now=new_year), actions.turn_rates(now=new_year)) == (1, 0)
    assert TaxRate.objects.get().rate_millionths == 60_000


def test_a_rate_that_begins_today_counts_at_once(reduced):
    with pytest.raises(vat.RateAlready):  # the first one began today
        begin(reduced, make.NOW.date(), 60_000)
    tomorrow = make.NOW + timedelta(days=1)
    begin(reduced, tomorrow.date(), 60_000, now=tomorrow)

    assert TaxRate.objects.get().rate_millionths == 60_000


def test_where_all_is_as_at_home_today_there_is_no_table_to_look_into(reduced):
    later = make.NOW + timedelta(days=3)
    assert table(later) is SAME_EVERYWHERE

    begin(reduced, NEXT_YEAR, 60_000)
    assert table(later) is not SAME_EVERYWHERE


def test_the_table_is_kept_until_something_changes(reduced, django_assert_num_queries):
    zone = actions.save_zone(country="FR", name="Outre-mer", places="FR 974", **BY)
    begin(reduced, make.NOW.date(), 21_000, zone_id=zone)
    table(make.NOW)

    with django_assert_num_queries(1):
        found = table(make.NOW)

    tax = vat.Tax(55_000, category_id=reduced)
    assert found.rate(tax, place=Place("FR", "97410"), day=make.NOW.date()).millionths == 21_000
    actions.end_zone(zone_id=zone, **BY)
    assert table(make.NOW).zone_of(Place("FR", "97410")) is None


def test_a_place_is_in_one_zone():
    actions.save_zone(country="FR", name="Outre-mer", places="FR 974", **BY)

    with pytest.raises(vat.PlaceTaken):
        actions.save_zone(country="FR", name="Réunion", places="FR 974", **BY)


def test_only_stewards_touch_rates(reduced):
    anne = make.manager(make.hub())

    for act in (
        lambda: begin(reduced, NEXT_YEAR, 60_000, actor=anne),
        lambda: actions.save_zone(country="FR", name="Z", places="BE", actor=anne, now=make.NOW),
        lambda: actions.take_back_rate(period_id=1, actor=anne, now=make.NOW),
        lambda: actions.end_zone(zone_id=1, actor=anne, now=make.NOW),
    ):
        with pytest.raises(Forbidden):
            act()


def test_each_change_is_told(reduced):
    begin(reduced, NEXT_YEAR, 60_000)

    assert Event.objects.filter(kind__contains="RatesChanged").count() == 2
