"""Whoever changes what a shop shows makes its kept offers old in the same transaction."""

import pytest

from bocage.catalogue import actions as catalogue
from bocage.catalogue.models import Property, Variant
from bocage.catalogue.rules import ProductDetails, VariantDetails
from bocage.network.actions.enterprises import edit_enterprise
from bocage.network.rules import SYSTEM
from bocage.pricing import actions as pricing
from bocage.pricing.terms import FeeTerms
from bocage.shopfront.tests import make

pytestmark = pytest.mark.django_db
BY = {"actor": SYSTEM, "now": make.NOON}


def _price(market, leek, fee):
    details = VariantDetails(unit="weight", size=500, price_minor=310, tax_rate_id=market.reduced.pk)
    catalogue.edit_variant(variant_id=leek.pk, details=details, **BY)


def _name(market, leek, fee):
    details = ProductDetails(category_id=market.category.pk, name="Poireaux d’hiver")
    catalogue.edit_product(product_id=leek.product_id, details=details, **BY)


def _end(market, leek, fee):
    catalogue.end_product(product_id=leek.product_id, **BY)


def _properties(market, leek, fee):
    organic = Property.objects.create(slug="organic", name_fr="Bio", name_en="Organic")
    catalogue.set_producer_properties(producer_id=market.farm.pk, property_ids=[organic.pk], **BY)


def _fee(market, leek, fee):
    terms = FeeTerms(name="Frais", kind="admin", calculator="percent", percent_millionths=200_000)
    pricing.edit_fee(fee_id=fee.pk, terms=terms, **BY)


def _end_fee(market, leek, fee):
    pricing.end_fee(fee_id=fee.pk, **BY)


def _enterprise(market, leek, fee):
    edit_enterprise(enterprise_id=market.farm.pk, changes={"is_vat_liable": False}, **BY)


@pytest.mark.parametrize("change", [_price, _name, _end, _properties, _fee, _end_fee, _enterprise])
def test_a_change_is_shown_at_once(change):
    market = make.market()
    leek = market.offer("Poireaux", "2.40")
    fee = market.charge("percent", percent_millionths=100_000)
    before = make.snapshot(market)

    change(market, Variant.objects.get(pk=leek.pk), fee)

    assert make.fresh(market) is not before
