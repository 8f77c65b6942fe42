from dataclasses import replace

import pytest

from bocage.catalogue import actions, rules
from bocage.catalogue.models import ProducerProperty, Product, Variant
from bocage.catalogue.rules import ProductDetails, VariantDetails
from bocage.catalogue.tests import make
from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network.rules import GUEST, SYSTEM

pytestmark = pytest.mark.django_db
NOW = make.NOW
JAR = VariantDetails(unit="weight", size=500, price_minor=690, pack="pot")


def honey(**changes):
    return replace(ProductDetails(category_id=make.category().pk, name="Miel de ronce"), **changes)


def told():
    return [(e.kind, e.payload) for e in Event.objects.order_by("id")]


def test_a_producers_manager_adds_a_product_with_its_properties_and_a_size():
    farm, organic = make.farm(), make.prop()
    anne = make.manager(farm)
    details = honey(name="  Miel  ", description="<b>Doux</b><script>x()</script>", property_ids=(organic.pk,))

    product_id = actions.add_product(producer_id=farm.pk, details=details, actor=anne, now=NOW)
    variant_id = actions.add_variant(product_id=product_id, details=JAR, actor=anne, now=NOW)

    product, variant = Product.objects.get(), Variant.objects.get()
    assert (product.pk, product.name, product.description) == (product_id, "Miel", "<b>Doux</b>")
    assert list(product.properties.all()) == [organic]
    assert (variant.pk, variant.size, variant.price_minor, variant.pack) == (variant_id, 500, 690, "pot")


@pytest.mark.parametrize("role", ["volunteer", "bookkeeper"])
def test_who_does_not_manage_the_farm_adds_nothing(role):
    farm = make.farm()
    for actor in (GUEST, make.manager(make.farm("Autre")), make.manager(farm, role=role)):
        with pytest.raises(Forbidden):
            actions.add_product(producer_id=farm.pk, details=honey(), actor=actor, now=NOW)

    assert Product.objects.count() == 0


def test_a_hub_speaks_for_a_producer_whom_nobody_represents_while_they_agree():
    farm, hub = make.farm(), make.hub()
    make.agreement(farm, hub)
    keeper = make.manager(hub)
    product_id = actions.add_product(producer_id=farm.pk, details=honey(), actor=keeper, now=NOW)

    make.manager(farm)  # somebody now acts for the farm

    with pytest.raises(Forbidden):
        actions.add_variant(product_id=product_id, details=JAR, actor=keeper, now=NOW)


def test_a_hub_without_a_running_agreement_does_not_speak_for_a_producer():
    farm, hub = make.farm(), make.hub()
    make.agreement(farm, hub, ends_at=NOW)

    with pytest.raises(Forbidden):
        actions.add_product(producer_id=farm.pk, details=honey(), actor=make.manager(hub), now=NOW)


def test_only_producers_have_products():
    with pytest.raises(rules.NotAProducer):
        actions.add_product(producer_id=make.hub().pk, details=honey(), actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("changes", [{"category_id": 0}, {"property_ids": (9999,)}])
def test_a_product_refers_only_to_what_exists(changes):
    with pytest.raises(rules.NoSuchChoice):
        actions.add_product(producer_id=make.farm().pk, details=honey(**changes), actor=SYSTEM, now=NOW)


def test_a_new_price_is_told_to_whoever_shows_it():
    variant = make.variant(make.product(make.farm()))

    actions.edit_variant(variant_id=variant.pk, details=JAR, actor=SYSTEM, now=NOW)

    variant.refresh_from_db()
    assert variant.price_minor == 690
    expected = {"producer_id": variant.product.producer_id, "variant_ids": [variant.pk]}
    assert told() == [("catalogue.GoodsChanged", expected)]


def test_a_withdrawn_product_takes_its_sizes_with_it_and_cannot_be_edited():
    product = make.product(make.farm())
    variant = make.variant(product)

    actions.end_product(product_id=product.pk, actor=SYSTEM, now=NOW)

    variant.refresh_from_db()
    assert variant.ended_at == NOW
    assert told()[0][1]["variant_ids"] == [variant.pk]
    with pytest.raises(rules.ProductEnded):
        actions.edit_product(product_id=product.pk, details=honey(), actor=SYSTEM, now=NOW)


def test_the_last_size_is_kept_and_another_may_go():
    product = make.product(make.farm())
    small, large = make.variant(product), make.variant(product, size=2000)

    actions.end_variant(variant_id=small.pk, actor=SYSTEM, now=NOW)

    with pytest.raises(rules.LastVariant):
        actions.end_variant(variant_id=large.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        actions.edit_variant(variant_id=small.pk, details=JAR, actor=SYSTEM, now=NOW)


def test_a_producers_properties_are_replaced():
    farm, organic, raw = make.farm(), make.prop(), make.prop("raw")
    actions.set_producer_properties(producer_id=farm.pk, property_ids=[organic.pk], actor=SYSTEM, now=NOW)

    actions.set_producer_properties(producer_id=farm.pk, property_ids=[raw.pk], actor=SYSTEM, now=NOW)

    assert [p.property_id for p in ProducerProperty.objects.all()] == [raw.pk]


def test_only_stewards_add_categories():
    fields = {"slug": "bread", "name_fr": "Pain", "name_en": "Bread", "picture": "ui/drawings/bread.svg"}
    with pytest.raises(Forbidden):
        actions.add_category(**fields, actor=make.manager(make.hub()), now=NOW)

    assert actions.add_category(**fields, actor=SYSTEM, now=NOW) > 0
