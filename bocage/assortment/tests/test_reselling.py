"""A hub makes goods of its own of a farm's: what it may, what it says, what is refused."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bocage.assortment.actions import resell
from bocage.assortment.models import Import
from bocage.assortment.tests import files, make
from bocage.catalogue import rules
from bocage.catalogue.models import Product, Variant
from bocage.catalogue.rules import VariantDetails
from bocage.network.models import Agreement
from bocage.stock.models import StockItem

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
BAG = {
    "size": "1", "measure": "kg", "pack": "sachet", "source_yields": "", "price_minor": "2,90", "splits_stock": "on",
    "name_of_product": "Farine en sachet", "on_hand": "3", "is_for_sale": "on",
}  # fmt: skip


@pytest.fixture
def mill(client):
    """A farm with sacks of flour of 10 kg at €19, organic as all it makes, and a hub that may resell, its manager here."""
    farm, hub = make.farm("Moulin", slug="moulin"), make.hub(slug="la-halle")
    make.agreement(farm, hub, handling="resells")
    flour = make.product(farm, name="Farine", description="<p>T80</p>", origin="Bretagne")
    flour.properties.add(make.prop())
    sack = make.variant(flour, size=10_000, measure="kg", price_minor=1900, pack="sac")
    make.stocked(sack, 5)
    make.signed_in(client, hub)
    return farm, hub, flour, sack


def at(variant, slug="la-halle"):
    return reverse("assortment:resale", args=[slug, variant.pk])


def details(sack, **changes):
    said = {"unit": "weight", "size": 1000, "price_minor": 290, "source_id": sack.pk, "source_yields": 10, **changes}
    return VariantDetails(**said)


def test_a_sack_becomes_bags_of_the_hubs_own(client, mill):
    _, hub, flour, sack = mill

    answer = client.post(at(sack), BAG)

    made = Product.objects.get(producer=hub)
    bag = Variant.objects.get(product=made)
    assert (answer.status_code, answer.url) == (303, reverse("catalogue:product", args=["la-halle", made.pk]))
    assert (made.name, made.description, made.origin) == ("Farine en sachet", "<p>T80</p>", "Bretagne")
    assert list(made.properties.all()) == list(flour.properties.all())
    assert (bag.source, bag.source_yields, bag.splits_stock, bag.size) == (sack, 10, True, 1000)
    assert StockItem.objects.get(variant=bag).on_hand == 3
    words = client.get(answer.url).content.decode().replace("\u00a0", " ")
    assert "10 out of Farine, sack of 10 kg, Moulin · opened as ordered" in words


def test_another_size_enters_the_product_that_was_made_before(client, mill):
    _, hub, _, sack = mill
    client.post(at(sack), BAG)
    made = Product.objects.get(producer=hub)

    client.post(at(sack), {**BAG, "size": "3", "product_id": made.pk})

    assert list(made_of(made)) == [(1000, 10), (3000, 3)]


def made_of(product):
    return Variant.objects.filter(product=product).order_by("size").values_list("size", "source_yields")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source_yields": "11"}, "So many of this size do not come out of one"),
        ({"measure": "items", "source_yields": ""}, "Say how many come out of one"),
        ({"size": "none"}, "Write a number above zero"),
        ({"on_hand": "-1"}, "greater than or equal to 0"),
        ({"price_minor": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_made_comes_back_in_words_and_leaves_nothing(client, mill, changes, words):
    answer = client.post(at(mill[3]), {**BAG, **changes})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Product.objects.filter(producer=mill[1]).exists()


def test_without_the_right_it_is_refused_in_words(client, mill):
    _, hub, flour, sack = mill
    Agreement.objects.update(handling="own_price")

    asked = client.get(at(sack))
    page = client.get(reverse("catalogue:product", args=["la-halle", flour.pk])).content.decode()

    assert asked.status_code == 422
    assert "does not let you make products of your own" in asked.content.decode()
    assert "Make your own of it" not in page
    with pytest.raises(rules.MayNotResell):
        resell(hub_id=hub.pk, name="Farine", details=details(sack), actor=make.manager(hub), now=NOW)


def test_a_chain_has_one_link(mill):
    _, hub, _, sack = mill
    actor = make.manager(hub)
    resell(hub_id=hub.pk, name="Sachets", details=details(sack), actor=actor, now=NOW)
    bag = Variant.objects.get(source=sack)
    other = make.hub(slug="autre")
    make.agreement(hub, other, handling="resells")

    with pytest.raises(rules.ResoldAlready):
        resell(hub_id=other.pk, name="Dose", details=details(bag, size=100), actor=make.manager(other), now=NOW)


def test_what_was_bought_stays_the_hubs_when_the_agreement_ends(client, mill):
    _, _, _, sack = mill
    client.post(at(sack), BAG)
    bag = Variant.objects.get(source=sack)
    Agreement.objects.update(ends_at=datetime(2026, 1, 2, tzinfo=UTC))
    size = reverse("catalogue:size", args=["la-halle", bag.product_id, bag.pk])

    form = {f"size-{name}": value for name, value in BAG.items()}
    answer = client.post(size, {**form, "size-price_minor": "3,10", "size-source_yields": "9"})

    bag.refresh_from_db()
    assert (answer.status_code, bag.price_minor, bag.source_yields, bag.source_id) == (303, 310, 9, sack.pk)


def test_the_table_says_what_a_row_is_made_of_and_does_not_change_it(client, mill):
    _, _, _, sack = mill
    client.post(at(sack), BAG)
    bag = Variant.objects.get(source=sack)

    page = client.get(reverse("assortment:table", args=["la-halle"]), {"columns": "all"}).content.decode()
    cell = reverse("assortment:cell", args=["la-halle", bag.pk])
    refused = client.post(cell, {"column": "source", "text": "x", "seen": "Farine"}, headers={"HX-Request": "true"})

    assert "10 out of Farine, Moulin" in page
    assert refused.status_code == 422


def test_a_file_makes_goods_of_the_farms_and_says_so_when_it_is_written_again(client, mill):
    _, hub, _, sack = mill
    make.category(slug="vegetables")
    head = [
        "producer",
        "name",
        "category",
        "units",
        "unit_type",
        "price",
        "on_hand",
        "source",
        "source_yields",
        "splits_stock",
    ]
    bag = ["La Halle", "Farine en sachet", "Vegetables", "1", "kg", "2.90", "3", str(sack.pk), "10", "yes"]
    wrong = ["La Halle", "Farine moulue", "Vegetables", "2", "kg", "5", "0", str(sack.pk), "6", "no"]
    strange = ["La Halle", "Riz", "Vegetables", "1", "kg", "2.90", "3", "999999", "10", "no"]
    missing = ["La Halle", "Orge", "Vegetables", "1", "kg", "2.90", "3", "", "10", "no"]
    read = send(client, files.csv(head, bag, wrong, strange, missing))
    page = client.get(reverse("assortment:import", args=["la-halle", read.pk]), {"kind": "refused"})
    faults = [one.says for row in page.context["rows"] for one in row.faults]

    client.post(reverse("assortment:apply", args=["la-halle", read.pk]))

    assert read.counts == {"new": 1, "refused": 3}
    assert [says.split(":")[0] for says in faults] == [
        "So many of this size do not come out of one",
        "“999999” is no size of which you may make goods of your own.",
        "This needs what it is made of",
    ]
    made = Variant.objects.get(source=sack)
    assert (made.product.producer, made.source_yields, made.splits_stock) == (hub, 10, True)
    written = client.get(reverse("assortment:export", args=["la-halle", "products", "csv"]))
    assert send(client, b"".join(written.streaming_content)).counts == {"same": 2}


def send(client, data):
    client.post(
        reverse("assortment:files", args=["la-halle"]), {"file": SimpleUploadedFile("a.csv", data), "mode": "products"}
    )
    return Import.objects.latest("id")
