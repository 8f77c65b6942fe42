from fractions import Fraction

import pytest
from django.urls import reverse

from bocage.catalogue.models import ProducerProperty, Product, Variant
from bocage.catalogue.tests import make
from bocage.network.models import Role

pytestmark = pytest.mark.django_db
SIZE = {"size-measure": "g", "size-size": "800", "size-price_minor": "2,40", "size-is_for_sale": "on"}


@pytest.fixture
def farm(client):
    """A farm whose manager is signed in."""
    found = make.farm(slug="ferme-du-gue")
    anne = make.person(language="en")
    Role.objects.create(person=anne, enterprise=found, name="manager")
    client.force_login(anne)
    client.cookies["django_language"] = "en"
    return found


def at(name, *extra):
    return reverse(f"catalogue:{name}", args=["ferme-du-gue", *extra])


def test_products_are_listed_and_searched(client, farm):
    make.variant(make.product(farm))
    make.product(farm, name="Chou")

    page = client.get(at("products"))
    found = client.get(at("products"), {"q": "poi"}, headers={"HX-Request": "true"})

    assert [row.name for row in page.context["found"].rows] == ["Chou", "Poireaux"]
    assert "€2.40" in page.content.decode()
    assert found.content.decode().strip().startswith('<section id="found"')
    assert "Chou" not in found.content.decode()


def test_a_product_is_added_with_its_first_size(client, farm):
    answer = client.post(at("new_product"), {"name": "Poireaux", "category_id": make.category().pk, **SIZE})

    product, variant = Product.objects.get(), Variant.objects.get()
    assert (answer.status_code, answer.url) == (303, at("product", product.pk))
    assert (product.producer_id, variant.size, variant.price_minor) == (farm.pk, 800, 240)


@pytest.mark.parametrize(
    ("typed", "measure", "kept", "read"),
    [
        ("1,5", "kg", ("weight", 1500, "kg"), "1.5 kg"),
        ("500", "mg", ("weight", Fraction("0.5"), "mg"), "500 mg"),
        ("10", "oz", ("weight", Fraction("283.5"), "oz"), "10 oz"),
        ("0.5", "gal", ("volume", Fraction("2273.045"), "gal"), "0.5 gal"),
        ("75", "cL", ("volume", 750, "cL"), "75 cL"),
        ("6", "items", ("items", 6, ""), "6 pieces"),
    ],
)
def test_a_size_is_kept_exactly_in_the_measure_it_is_typed_in(client, farm, typed, measure, kept, read):
    product = make.product(farm)

    client.post(at("new_size", product.pk), {**SIZE, "size-size": typed, "size-measure": measure})

    variant = Variant.objects.get()
    assert (variant.unit, variant.size, variant.measure) == kept
    assert read.replace(" ", "\u00a0") in client.get(at("product", product.pk)).content.decode()
    form = client.get(at("size", product.pk, variant.pk)).context["form"]
    assert (form.initial["size"], form.initial["measure"]) == (typed.replace(",", "."), measure)


def test_what_is_wrong_with_a_new_product_and_its_size_is_summed_up_once(client, farm):
    answer = client.post(at("new_product"), {"name": "", "size-measure": "g"})

    words = answer.content.decode()
    assert (answer.status_code, words.count('class="form-errors"')) == (422, 1)
    assert [f'href="#id_{name}"' in words for name in ("name", "size-size")] == [True, True]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"category_id": "999"}, "Select a valid choice"),
        ({"size-price_minor": "dear"}, "Write an amount such as 12.50"),
        ({"size-price_minor": "-1"}, "A price is zero or more"),
        ({"size-size": "0"}, "a number above zero"),
        ({"size-size": "a few"}, "a number above zero"),
        ({"size-measure": "items", "size-is_weighed": "on"}, "Only goods sold by weight can be weighed"),
    ],
)
def test_what_cannot_be_sold_comes_back_in_words_and_leaves_nothing(client, farm, changes, words):
    data = {"name": "Poireaux", "category_id": make.category().pk, **SIZE, **changes}

    answer = client.post(at("new_product"), data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Product.objects.count() == 0


def test_a_product_and_its_sizes_are_edited_and_withdrawn(client, farm):
    product = make.product(farm, picture="ui/drawings/leek.svg")
    variant = make.variant(product)

    client.post(at("product", product.pk), {"name": "Blancs de poireaux", "category_id": product.category_id})
    client.post(at("size", product.pk, variant.pk), {**SIZE, "size-price_minor": "2.60"})
    last = client.post(at("withdraw_size", product.pk, variant.pk))
    client.post(at("new_size", product.pk), {**SIZE, "size-size": "2000"})
    client.post(at("withdraw_size", product.pk, variant.pk))

    product.refresh_from_db()
    assert (product.name, product.picture) == ("Blancs de poireaux", "ui/drawings/leek.svg")
    assert last.status_code == 422
    assert "the only size" in last.content.decode()
    assert list(Variant.objects.filter(ended_at=None).values_list("size", "price_minor")) == [(2000, 240)]
    assert client.post(at("withdraw_product", product.pk)).url == at("products")
    assert client.get(at("product", product.pk)).status_code == 404


def test_what_is_true_of_all_products_is_set(client, farm):
    organic = make.prop()

    answer = client.post(at("properties"), {"property_ids": [organic.pk]})

    assert answer.status_code == 303
    assert ProducerProperty.objects.get().property_id == organic.pk
    assert client.post(at("properties"), {"property_ids": [999]}).status_code == 422


def test_a_hub_reads_but_does_not_edit_goods_of_a_farm_with_people(client, farm):
    product = make.product(farm)
    variant = make.variant(product)
    hub = make.hub(slug="la-halle")
    make.agreement(farm, hub)
    keeper = make.person()
    Role.objects.create(person=keeper, enterprise=hub, name="manager")
    client.force_login(keeper)
    there = reverse("catalogue:product", args=["la-halle", product.pk])

    page = client.get(there)
    edit = client.post(there, {"name": "À nous", "category_id": product.category_id})
    size = client.post(reverse("catalogue:size", args=["la-halle", product.pk, variant.pk]), SIZE)
    ended = client.post(reverse("catalogue:withdraw_product", args=["la-halle", product.pk]))

    assert (page.status_code, page.context["sheet"].may_edit) == (200, False)
    assert (edit.status_code, size.status_code, ended.status_code) == (403, 403, 403)


def test_strangers_and_guests_stay_outside(client, farm):
    product = make.product(farm)
    stranger = make.person()
    Role.objects.create(person=stranger, enterprise=make.farm("Autre"), name="manager")
    addresses = [
        at("products"),
        at("new_product"),
        at("properties"),
        at("product", product.pk),
        at("new_size", product.pk),
    ]

    client.force_login(stranger)
    refused = {client.get(address).status_code for address in addresses}
    client.logout()
    led_away = {client.get(address).status_code for address in addresses}

    assert (refused, led_away) == ({403}, {302})


def test_a_product_is_copied_with_all_but_its_stock_and_codes(client, farm):
    leeks = make.product(farm, picture="ui/drawings/leek.svg", origin="Bretagne")
    leeks.properties.add(make.prop())
    make.variant(leeks, sku="P1", size=Fraction("283.5"), measure="oz", name="Botte", position=1)
    make.variant(leeks, sku="P2", ended_at=make.NOW)

    answer = client.post(at("copies"), {"product": leeks.pk})

    copy = Product.objects.latest("id")
    assert (answer.status_code, answer.url) == (303, at("product", copy.pk))
    assert (copy.name, copy.picture, copy.origin, copy.producer) == (
        "Copy of Poireaux",
        leeks.picture,
        "Bretagne",
        farm,
    )
    assert list(copy.properties.all()) == list(leeks.properties.all())
    assert list(Variant.objects.filter(product=copy).values_list("name", "size", "measure", "sku")) == [
        ("Botte", Fraction("283.5"), "oz", "")
    ]
    assert "copy of poireaux" in copy.search_text


def test_a_copy_from_the_table_is_shown_there_and_a_strangers_goods_are_not_copied(client, farm):
    leeks = make.product(farm)
    theirs = make.product(make.farm("Autre"))

    answer = client.post(at("copies"), {"product": leeks.pk, "back": "table"})

    assert answer.url.endswith("/products/table/?q=Copy+of+Poireaux")
    assert client.post(at("copies"), {"product": theirs.pk}).status_code == 404
    assert client.post(at("copies"), {"product": "x"}).status_code == 404
