"""What was kept before sizes were exact."""

from fractions import Fraction
from importlib import import_module

import pytest
from django.apps import apps

from bocage.catalogue.models import Variant
from bocage.catalogue.tests import make

pytestmark = pytest.mark.django_db
exact_sizes = import_module("bocage.catalogue.migrations.0005_exact_sizes")


def test_whole_sizes_become_exact_ones_and_go_back():
    jar = make.variant(make.product(make.farm()), size=Fraction(800, 1_000_000))  # 800 in the database, as it was

    exact_sizes.into_millionths(apps, None)
    forth = Variant.objects.get(pk=jar.pk).size
    Variant.objects.update(size=Fraction("283.5"))
    exact_sizes.into_whole(apps, None)

    assert forth == 800
    assert Variant.objects.get(pk=jar.pk).size == Fraction(283, 1_000_000)
