"""Exact numbers in the database: as they went in, they come out, and are held against each other in between."""

from fractions import Fraction

import pytest
from django.db.models import Max, Min

from bocage.catalogue.models import Variant
from bocage.catalogue.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 800, Fraction("283.5"), Fraction(1, 500), Fraction("4546.09"), 2_000_000_000])
def test_an_exact_size_comes_back_as_it_went_in(size):
    variant = make.variant(make.product(make.farm()), size=size)

    [kept] = Variant.objects.values_list("size", flat=True)

    assert (kept, type(kept)) == (size, type(size))
    assert Variant.objects.get(size=size).pk == variant.pk


def test_the_database_orders_exact_sizes_and_finds_the_least_and_most():
    leeks = make.product(make.farm())
    for size in (Fraction("28.35"), 28, Fraction("28.4")):
        make.variant(leeks, size=size)

    sizes = Variant.objects.order_by("size").values_list("size", flat=True)

    assert list(sizes) == [28, Fraction("28.35"), Fraction("28.4")]
    assert Variant.objects.aggregate(Min("size"), Max("size")) == {"size__min": 28, "size__max": Fraction("28.4")}


def test_what_does_not_end_within_six_decimals_is_no_size():
    with pytest.raises(ValueError, match="six decimals"):
        make.variant(make.product(make.farm()), size=Fraction(1, 3))
