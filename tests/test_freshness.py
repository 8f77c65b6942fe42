"""What a manager changes stands on the shop's next page, before any event is delivered."""

import re

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from bocage.catalogue import actions as catalogue
from bocage.catalogue.models import Property
from bocage.catalogue.rules import ProductDetails, VariantDetails
from bocage.catalogue.tests.make import agreement
from bocage.network.actions import edit_enterprise
from bocage.network.rules import SYSTEM
from bocage.order_cycles import actions as order_cycles
from bocage.pricing import actions as pricing
from bocage.pricing.terms import FeeTerms
from bocage.shopfront.queries import snapshots
from bocage.shopfront.tests import make
from bocage.shops import actions as shops
from bocage.shops.rules import ShopTerms

pytestmark = pytest.mark.django_db
BY = {"actor": SYSTEM, "now": make.NOON}


@pytest.fixture(autouse=True)
def at_noon():
    snapshots.forget()
    with time_machine.travel(make.NOON, tick=False):
        yield


@pytest.fixture
def market():
    """A market with leeks at €2.40 and 10 % on them, and honey; its instance answers here, in English."""
    made = make.market()
    made.instance.host, made.instance.language = "testserver", "en"
    made.instance.save()
    made.offer("Poireaux", "2.40")
    made.offer("Miel", "7.80", farm=made.other_farm)
    for farm in (made.farm, made.other_farm):
        agreement(farm, made.hub)
    made.fee = made.charge("percent", percent_millionths=100_000)
    made.organic = Property.objects.create(slug="organic", name_fr="Bio", name_en="Certified organic")
    return made


def page(client, market):
    """Return the words and pictures of the shop as it stands."""
    html = client.get(reverse("shopfront:shop", args=[market.hub.slug])).content.decode()
    pictures = re.findall(r'<img src="([^"]+)"', html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)) + " ".join(pictures)


def leek(market):
    return market.variants["Poireaux"]


def dearer(market):
    details = VariantDetails(unit="weight", size=500, price_minor=300, tax_rate_id=market.reduced.pk)
    catalogue.edit_variant(variant_id=leek(market).pk, details=details, **BY)


def renamed(market):
    details = ProductDetails(category_id=market.category.pk, name="Blancs de poireau")
    catalogue.edit_product(product_id=leek(market).product_id, details=details, **BY)


def pictured(market):
    picture = f"goods/ab/{'ab' * 16}-480.webp"
    catalogue.set_picture(product_id=leek(market).product_id, picture=picture, **BY)


def made_organic(market):
    catalogue.set_producer_properties(producer_id=market.farm.pk, property_ids=[market.organic.pk], **BY)


def withdrawn(market):
    catalogue.end_product(product_id=leek(market).product_id, **BY)


def one_size_withdrawn(market):
    small = VariantDetails(unit="weight", size=250, price_minor=130)
    catalogue.add_variant(product_id=leek(market).product_id, details=small, **BY)
    catalogue.end_variant(variant_id=leek(market).pk, **BY)


def fee_raised(market):
    terms = FeeTerms(name="Frais", kind="admin", calculator="percent", percent_millionths=200_000)
    pricing.edit_fee(fee_id=market.fee.pk, terms=terms, **BY)


def fee_ended(market):
    pricing.end_fee(fee_id=market.fee.pk, **BY)


def hidden(market):
    shops.set_listing(hub_id=market.hub.pk, variant_id=leek(market).pk, is_hidden=True, **BY)


def own_price(market):
    shops.set_listing(hub_id=market.hub.pk, variant_id=leek(market).pk, price_minor=500, **BY)


def welcomed(market):
    shops.edit_shop(hub_id=market.hub.pk, terms=ShopTerms(message="<p>Bring your jars.</p>"), **BY)


def farm_renamed(market):
    edit_enterprise(enterprise_id=market.farm.pk, changes={"name": "Ferme du Champ-Rossignol"}, **BY)


def taken_out_of_the_cycle(market):
    order_cycles.set_variants(exchange_id=market.outgoing.pk, variant_ids=[market.variants["Miel"].pk], **BY)


def vat_corrected(market):
    rate = {"rate_millionths": 100_000, "is_included": False}
    pricing.begin_rate(category_id=market.reduced.pk, zone_id=None, starts_on=make.NOON.date(), **rate, **BY)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (dearer, "€2.64", "€3.30"),
        (renamed, "Poireaux", "Blancs de poireau"),
        (pictured, "leek.svg", f"/media/goods/ab/{'ab' * 16}-120.webp"),
        (made_organic, "Poireaux", "Certified organic"),
        (withdrawn, "Poireaux", ""),
        (one_size_withdrawn, "Poireaux", ""),
        (fee_raised, "€2.64", "€2.88"),
        (fee_ended, "€2.64", "€2.40"),
        (hidden, "Poireaux", ""),
        (own_price, "€2.64", "€5.50"),
        (welcomed, "Poireaux", "Bring your jars."),
        (farm_renamed, "Poireaux", "Ferme du Champ-Rossignol"),
        (taken_out_of_the_cycle, "Poireaux", ""),
    ],
)
def test_the_next_page_shows_a_change(client, market, change, before, after):
    shop_before = page(client, market)

    with transaction.atomic():
        change(market)

    shop_after = page(client, market)
    assert before in shop_before
    assert "Miel" in shop_after
    if after:
        assert after not in shop_before
        assert after in shop_after
    else:
        assert before not in shop_after


def test_a_corrected_vat_rate_counts_in_the_next_price(market):
    market.farm.is_vat_liable = True
    market.farm.save()
    before = make.snapshot(market)

    vat_corrected(market)

    after = make.fresh(market)
    totals = [kept.price(kept.row(leek(market).pk)).total for kept in (before, after)]
    assert totals == [make.euros("2.64"), make.euros("2.88")]  # 10 % on top of 2.40 and the fee, which bears none
