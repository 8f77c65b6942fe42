from dataclasses import replace

import pytest

from bocage.catalogue import rules
from bocage.catalogue.rules import ProductDetails, VariantDetails

TOMME = VariantDetails(unit="weight", size=250, price_minor=620, is_weighed=True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"size": 0}, rules.SizeNotPositive),
        ({"unit": "bunch"}, rules.SizeNotPositive),
        ({"price_minor": -1}, rules.PriceNegative),
        ({"unit": "items"}, rules.OnlyWeightIsWeighed),
    ],
)
def test_what_cannot_be_sold_is_refused(changes, refusal):
    with pytest.raises(refusal):
        rules.check_variant(replace(TOMME, **changes))


def test_a_free_cheese_by_weight_is_fine():
    rules.check_variant(replace(TOMME, price_minor=0))


def test_a_product_needs_more_than_blanks_as_its_name():
    with pytest.raises(rules.ProductNeedsAName):
        rules.check_product(ProductDetails(category_id=1, name="  "))
