"""The offers of a sale: computed once per change, searched without a query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bocage.catalogue.models import Category, ProducerProperty, Property, Variant
from bocage.infra import versions
from bocage.order_cycles.models import OrderCycle
from bocage.shopfront.queries.snapshots import search
from bocage.shopfront.tests import make

pytestmark = pytest.mark.django_db


def names(rows):
    return [row.offer.product_name for row in rows]


def test_rows_stand_by_aisle_then_by_name_without_minding_accents():
    market = make.market()
    Category.objects.filter(pk=market.category.pk).update(position=2)
    first = Category.objects.create(slug="pain", name_fr="Pain", name_en="Bread", position=1, picture="bread.svg")
    inner = Category.objects.create(slug="seigle", parent=first, name_fr="Seigle", name_en="Rye", picture="rye.svg")
    for name in ("Zeste", "Épinards", "Endives"):
        market.offer(name, "2.00")
    loaf = market.offer("Tourte", "5.00").product
    loaf.category = inner
    loaf.save()

    found = make.snapshot(market)

    assert names(found.rows) == ["Tourte", "Endives", "Épinards", "Zeste"]
    assert [aisle.name_fr for aisle in found.aisles] == ["Pain", "Légumes"]


def test_a_price_is_shown_with_its_fees():
    market = make.market()
    leek = market.offer("Poireaux", "2.40", size=800)
    market.charge("percent", percent_millionths=100_000)

    found = make.snapshot(market)

    assert found.price(found.row(leek.pk)).total == make.euros("2.64")


def test_nothing_is_computed_again_until_a_version_moves(django_assert_num_queries):
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    before = make.snapshot(market)

    with django_assert_num_queries(2):  # the shop, its sales, the versions
        assert make.fresh(market) is before

    Variant.objects.filter(pk=leek.pk).update(price_minor=300)
    versions.bump(f"producer:{market.farm.pk}")
    after = make.fresh(market)
    assert (before.price(before.row(leek.pk)).total, after.price(after.row(leek.pk)).total) == (
        make.euros("2.40"),
        make.euros("3.00"),
    )


@pytest.mark.parametrize(
    "name", ["catalogue", "producer:{farm}", "enterprise:{farm}", "enterprise:{hub}", "fees:{hub}"]
)
def test_each_version_that_counts_makes_it_old(name):
    market = make.market()
    market.offer("Poireaux", "2.40")
    market.charge("percent", percent_millionths=100_000)
    before = make.snapshot(market)

    versions.bump(name.format(farm=market.farm.pk, hub=market.hub.pk))

    assert make.fresh(market) is not before


def test_a_changed_cycle_makes_it_old():
    market = make.market()
    market.offer("Poireaux", "2.40")
    before = make.snapshot(market)

    OrderCycle.objects.filter(pk=market.cycle.pk).update(version=7)

    assert make.fresh(market) is not before


def test_queries_do_not_grow_with_the_offers(django_assert_num_queries):
    market = make.market()
    market.offer("Poireaux", "2.40")
    with CaptureQueriesContext(connection) as one:
        make.snapshot(market)
    for number in range(12):
        market.offer(f"Chou {number}", "2.40", farm=market.other_farm if number % 2 else None)

    with django_assert_num_queries(len(one)):
        make.snapshot(market)
    assert len(one) <= 17


def test_a_search_finds_words_of_the_product_its_farm_and_its_properties():
    market = make.market()
    organic = Property.objects.create(slug="organic", name_fr="Agriculture biologique", name_en="Organic")
    ProducerProperty.objects.create(producer=market.other_farm, property=organic)
    market.offer("Poireaux", "2.40")
    market.offer("Farine de blé", "2.10", farm=market.other_farm)
    found = make.snapshot(market)

    assert names(search(found, text="POIREAU").rows) == ["Poireaux"]
    assert names(search(found, text="moulin").rows) == ["Farine de blé"]
    assert names(search(found, text="ble biologique").rows) == ["Farine de blé"]
    assert names(search(found, trait="organic").rows) == ["Farine de blé"]
    assert names(search(found, farm=market.farm.slug).rows) == ["Poireaux"]
    assert names(search(found, aisle=market.category.slug, text="legume").rows) == ["Farine de blé", "Poireaux"]
    assert names(search(found, text="ananas").rows) == []


def test_pages_follow_each_other_without_gap_or_repetition():
    market = make.market()
    for number in range(7):
        market.offer(f"Chou {number}", "2.40")
    found = make.snapshot(market)

    first = search(found, limit=3)
    second = search(found, limit=3, after=first.next)
    third = search(found, limit=3, after=second.next)

    assert names([*first.rows, *second.rows, *third.rows]) == [f"Chou {number}" for number in range(7)]
    assert (first.total, first.continues, second.before, second.continues, third.next) == (7, False, 3, True, None)
