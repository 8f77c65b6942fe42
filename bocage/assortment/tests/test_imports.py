"""Spreadsheets of goods: the difference first, then all at once, then back; and the way out and in again."""

import io
import re
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.assortment.models import Import, ImportLine
from bocage.assortment.tests import files, make
from bocage.assortment.tests.files import HEAD, LEEKS
from bocage.catalogue.models import Product, Variant
from bocage.infra.models import Event
from bocage.shops.models import Listing
from bocage.stock.models import Movement, StockItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm(client):
    found = make.farm("Ferme du Gué", slug="ferme-du-gue")
    make.category()
    make.signed_in(client, found)
    return found


def at(name, *extra, slug="ferme-du-gue"):
    return reverse(f"assortment:{name}", args=[slug, *extra])


def send(client, data, *, name="produits.csv", slug="ferme-du-gue", **fields):
    """Send a file; return the import, and the page of one kind of its rows."""
    upload = SimpleUploadedFile(name, data)
    answer = client.post(at("files", slug=slug), {"file": upload, "mode": "products", **fields})
    assert answer.status_code == 303, said(answer)
    return Import.objects.latest("id")


def said(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def shown(client, read, kind=None):
    """Return what the page says of rows: (line, label, differences or faults or the sentence)."""
    page = client.get(at("import", read.pk, slug=read.enterprise.slug), {"kind": kind} if kind else {})
    return [
        (
            row.line,
            row.label,
            row.says
            or [(one.where, one.says) for one in row.faults]
            or [(one.label, one.old, one.new) for one in row.differences],
        )
        for row in page.context["rows"]
    ]


def apply(client, read):
    return client.post(at("apply", read.pk, slug=read.enterprise.slug))


def goods():
    rows = Variant.objects.filter(ended_at=None).order_by("product__name", "size", "id")
    stock = dict(StockItem.objects.filter(hub=None).values_list("variant_id", "on_hand"))
    return [(v.product.name, v.unit, v.size, v.price_minor, stock.get(v.pk)) for v in rows.select_related("product")]


def row(**changes):
    """Return a row of leeks with some cells changed."""
    return [changes.get(key, value) for key, value in zip(HEAD, LEEKS, strict=True)]


# ── The difference first ───────────────────────────────────────────────────────────────────────────────────────────
def test_reading_a_file_changes_nothing_and_shows_each_row(client, farm):
    leeks = make.variant(make.product(farm))
    make.stocked(leeks, 14)
    make.stocked(make.variant(make.product(farm, name="Chou", search_text="chou"), price_minor=300, size=1000), 5)
    before = goods()

    read = send(
        client,
        files.csv(
            HEAD,
            row(price="2.60"),
            row(name="Chou", units="1", unit_type="kg", price="3", on_hand="5"),
            row(name="Mâche", units="150"),
            row(name="Navet", price="cheap", units="a few"),
        ),
    )

    assert goods() == before
    assert read.counts == {"changed": 1, "same": 1, "new": 1, "refused": 1}
    assert shown(client, read, "changed") == [
        (2, "Ferme du Gué, Poireaux", [("Price", "€2.40", "€2.60"), ("On hand", "14", "12")])
    ]
    assert shown(client, read, "same") == [(3, "Ferme du Gué, Chou", [])]
    assert shown(client, read, "new") == [(4, "Ferme du Gué, Mâche", "150\u00a0g · €2.40 · 12 · Vegetables")]
    assert shown(client, read, "refused") == [
        (
            5,
            "Ferme du Gué, Navet",
            [("E, Size", "“a few” is not a number."), ("H, Price", "“cheap” is not a price, such as 12.50.")],
        )
    ]


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"producer": "Ferme d’ailleurs"}, "A, Producer", "do not manage"),
        ({"producer": ""}, "A, Producer", "at the end"),
        ({"name": ""}, "B, Product", "Nothing stands here"),
        ({"name": "x" * 256}, "B, Product", "At most 255 letters"),
        ({"category": "Chaussures"}, "D, Category", "no category called “Chaussures”"),
        ({"category": ""}, "D, Category", "Nothing stands here"),
        ({"units": ""}, "E, Size", "Nothing stands here"),
        ({"units": "0"}, "E, Size", "above zero"),
        ({"units": "0.0005", "unit_type": "mg"}, "E, Size", "six decimals"),
        ({"unit_type": "furlong"}, "F, Unit", "“furlong” is not a unit"),
        ({"unit_type": ""}, "G, How it comes", "Nothing stands here"),
        ({"price": "-"}, "H, Price", "Nothing stands here"),
        ({"price": "-2"}, "H, Price", "below zero"),
        ({"price": "2026-03-02"}, "H, Price", "not a price"),
        ({"on_hand": "2.5"}, "I, On hand", "not a whole number"),
        ({"on_hand": "-1"}, "I, On hand", "not a whole number"),
        ({"on_hand": ""}, "I, On hand", "how many there are"),
        ({"on_demand": "perhaps"}, "J, On demand", "yes or no"),
        ({"sku": "x" * 61}, "K, Code", "At most 60 letters"),
        ({"tax_category": "33 %"}, "L, VAT", "no VAT rate called “33 %”"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_column(client, farm, changes, where, words):
    if words == "at the end":  # with one farm, it goes without saying
        read = send(client, files.csv(HEAD, row(**changes)))
        assert read.counts == {"new": 1}
        return

    read = send(client, files.csv(HEAD, row(name="Mâche"), row(**changes)))

    assert read.counts == {"new": 1, "refused": 1}
    [(line, _, faults)] = shown(client, read, "refused")
    assert line == 3
    assert [place for place, _ in faults] == [where]
    assert words in faults[0][1]


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({"units": "1,5", "unit_type": "kg"}, ("weight", 1500)),
        ({"units": "500", "unit_type": "MG"}, ("weight", Fraction("0.5"))),
        ({"units": "1", "unit_type": "T"}, ("weight", 1_000_000)),
        ({"units": "10", "unit_type": "oz"}, ("weight", Fraction("283.5"))),
        ({"units": "2", "unit_type": "lb"}, ("weight", Fraction("907.2"))),
        ({"units": "250", "unit_type": "ml"}, ("volume", 250)),
        ({"units": "75", "unit_type": "cL"}, ("volume", 750)),
        ({"units": "5", "unit_type": "dl"}, ("volume", 500)),
        ({"units": "1.125", "unit_type": "l"}, ("volume", 1125)),
        ({"units": "1", "unit_type": "kl"}, ("volume", 1_000_000)),
        ({"units": "1", "unit_type": "gal"}, ("volume", Fraction("4546.09"))),
        ({"units": "4", "unit_type": "", "variant_unit_name": "bunches"}, ("items", 4)),
    ],
)
def test_every_unit_of_the_field_is_read(client, farm, changes, size):
    apply(client, send(client, files.csv(HEAD, row(**changes))))

    [(unit, kept, measure)] = Variant.objects.values_list("unit", "size", "measure")
    assert (unit, kept, measure.lower()) == (*size, changes["unit_type"].lower())


def test_a_size_is_the_same_in_kilograms_and_in_grams(client, farm):
    make.stocked(make.variant(make.product(farm), size=500), 12)

    assert send(client, files.csv(HEAD, row(units="0,5", unit_type="kg"))).counts == {"same": 1}


def test_rows_of_one_new_product_become_its_sizes(client, farm):
    pate = {"name": "Pâté", "unit_type": "g"}

    apply(client, send(client, files.csv(HEAD, row(**pate, units="180"), row(**pate, units="340"))))

    assert Product.objects.count() == 1
    assert [size for _, _, size, _, _ in goods()] == [180, 340]


def test_a_row_said_twice_is_refused_with_the_line_that_said_it(client, farm):
    make.variant(make.product(farm))

    read = send(client, files.csv(HEAD, row(), row(price="9"), row(name="Mâche"), row(name="mache")))

    assert shown(client, read, "refused") == [
        (3, "Ferme du Gué, Poireaux", [("B, Product", "Line 2 already says this one.")]),
        (5, "Ferme du Gué, mache", [("B, Product", "Line 4 already says this one.")]),
    ]


def test_rows_that_disagree_about_their_product_are_refused(client, farm):
    make.category(slug="fruit", name_fr="Fruits", name_en="Fruit")
    leeks = make.product(farm)
    make.variant(leeks)
    make.variant(leeks, size=2000)

    read = send(client, files.csv(HEAD, row(category="Fruits"), row(units="2000")))

    assert shown(client, read, "refused") == [
        (3, "Ferme du Gué, Poireaux", [("D, Category", "Line 2 says something else of the same product.")])
    ]


def test_a_file_that_cannot_be_read_comes_back_in_words(client, farm):
    answer = client.post(at("files"), {"file": SimpleUploadedFile("a.csv", b"\x00\x01"), "mode": "products"})

    assert answer.status_code == 422
    assert "This is no table we can read." in said(answer)
    assert Import.objects.count() == 0


# ── All at once, and back ──────────────────────────────────────────────────────────────────────────────────────────
def test_applied_it_does_all_good_rows_and_says_so_once_per_farm(client, farm):
    leeks = make.variant(make.product(farm))
    make.stocked(leeks, 14)
    read = send(
        client, files.csv(HEAD, row(price="2.60"), row(name="Mâche", units="150"), row(price="cheap", units="3"))
    )

    answer = apply(client, read)

    assert answer.status_code == 303
    assert goods() == [("Mâche", "weight", 150, 240, 12), ("Poireaux", "weight", 800, 260, 12)]
    assert list(Movement.objects.order_by("id").values_list("change", "reason", "about")) == [
        (12, "import", f"import:{read.pk}"),
        (-2, "import", f"import:{read.pk}"),
    ]
    assert Event.objects.filter(kind__endswith="GoodsChanged").count() == 1
    assert Product.objects.get(name="Mâche").search_text == "mache"


def test_taken_back_old_values_return_and_new_goods_are_withdrawn(client, farm):
    leeks = make.variant(make.product(farm))
    make.stocked(leeks, 14)
    before = goods()
    read = send(client, files.csv(HEAD, row(price="2.60", sku="PO"), row(name="Mâche", units="150")))
    apply(client, read)

    client.post(at("undo", read.pk))

    assert goods() == before
    assert Product.objects.get(name="Mâche").ended_at is not None
    assert Variant.objects.get(pk=leeks.pk).sku == ""


def test_taking_back_leaves_what_was_sold_and_what_others_changed(client, farm):
    leeks = make.variant(make.product(farm))
    pool = make.stocked(leeks, 14)
    read = send(client, files.csv(HEAD, row(price="2.60", on_hand="20")))
    apply(client, read)
    StockItem.objects.filter(pk=pool.pk).update(on_hand=17)  # three were sold
    Variant.objects.filter(pk=leeks.pk).update(price_minor=280)

    client.post(at("undo", read.pk))

    assert goods() == [("Poireaux", "weight", 800, 280, 11)]
    read.refresh_from_db()
    assert (read.state, read.left) == ("undone", 1)


def test_what_somebody_changed_since_the_file_was_read_stops_all_of_it(client, farm):
    leeks = make.variant(make.product(farm))
    read = send(client, files.csv(HEAD, row(price="2.60"), row(name="Mâche", units="150")))
    Variant.objects.filter(pk=leeks.pk).update(price_minor=280)

    answer = apply(client, read)

    assert answer.status_code == 422
    assert "Rows that changed meanwhile: 1. Nothing was saved" in said(answer)
    assert [name for name, *_ in goods()] == ["Poireaux"]


def test_a_file_is_applied_once_and_taken_back_once(client, farm):
    read = send(client, files.csv(HEAD, row()))

    assert client.post(at("undo", read.pk)).status_code == 422
    assert apply(client, read).status_code == 303
    assert apply(client, read).status_code == 422
    assert client.post(at("drop", read.pk)).status_code == 422
    assert client.post(at("undo", read.pk)).status_code == 303
    assert client.post(at("undo", read.pk)).status_code == 422
    assert goods() == []


def test_a_file_that_was_only_read_is_forgotten_on_demand_and_by_the_next(client, farm):
    read = send(client, files.csv(HEAD, row()))
    client.post(at("drop", read.pk))
    assert ImportLine.objects.count() == 0

    send(client, files.csv(HEAD, row()))
    send(client, files.csv(HEAD, row()))
    assert Import.objects.count() == 1


def test_what_the_file_does_not_name_is_sold_out_where_one_asks_for_it(client, farm):
    leeks = make.product(farm)
    for number in range(5):
        make.stocked(make.variant(leeks, size=100 + number), 7)
    other = make.farm("Autre")
    make.Role.objects.create(person=make.manager(farm) and make.person(), enterprise=other, name="manager")
    make.stocked(make.variant(make.product(other)), 9)

    read = send(client, files.csv(HEAD, row(units="100"), row(units="101"), row(units="900")), empties_absent="on")
    assert read.counts == {"changed": 2, "new": 1, "absent": 3}
    apply(client, read)

    assert [left for *_, left in goods()] == [12, 12, 0, 0, 0, 9, 12]


# ── Out and in again ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_what_was_taken_out_comes_in_again_without_any_difference(client, farm, kind, language):
    make.signed_in(client, farm, language=language)
    rate = make.rate()
    leeks = make.product(farm, keywords="soupe", origin="Plouër", allergens="céleri", description="<p>Bons.</p>")
    make.stocked(make.variant(leeks, pack="botte", tax_rate=rate, sku="PO-1", is_weighed=True), 14)
    make.stocked(make.variant(leeks, size=1500, name="Gros, “beau”", is_for_sale=False), on_demand=True)
    make.variant(make.product(farm, name="=Œufs; +6", search_text="oeufs"), unit="items", size=6, weight_g=360)
    make.variant(make.product(farm, name="Batavia", search_text="batavia"), unit="items", size=1, pack="pièce")
    make.variant(make.product(farm, name="Jus", search_text="jus"), unit="volume", size=750, price_minor=5)

    file = b"".join(client.get(at("export", "products", kind)).streaming_content)
    read = send(client, file, name=f"produits.{kind}")

    assert read.counts == {"same": 5}, shown(client, read)


def test_a_file_that_was_changed_in_a_spreadsheet_says_just_what_was_changed(client, farm):
    from python_calamine import CalamineWorkbook

    leeks = make.variant(make.product(farm))
    make.stocked(leeks, 14)
    file = b"".join(client.get(at("export", "products", "xlsx")).streaming_content)
    [head, line] = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    line[head.index("Product")], line[head.index("Price")], line[head.index("Size")] = "Porreaux", 2.6, 850

    read = send(client, files.ods(head, line), name="produits.ods")
    apply(client, read)

    assert goods() == [("Porreaux", "weight", 850, 260, 14)]


def test_only_what_the_filters_of_the_table_ask_for_is_taken_out(client, farm):
    make.variant(make.product(farm))
    make.variant(make.product(farm, name="Chou", search_text="chou"))

    file = b"".join(client.get(at("export", "products", "csv"), {"q": "chou"}).streaming_content).decode("utf-8-sig")

    assert "Chou" in file
    assert "Poireaux" not in file


# ── A hub's own prices and stock ───────────────────────────────────────────────────────────────────────────────────
INVENTORY = ["producer", "distributor", "name", "display_name", "units", "unit_type", "price", "on_hand", "on_demand"]


@pytest.fixture
def shop(client):
    """A hub that sells leeks of a farm with people of its own; the hub's manager is signed in."""
    farm, hub = make.farm("Ferme du Gué"), make.hub("La Halle", slug="la-halle")
    make.Role.objects.create(person=make.person(), enterprise=farm, name="manager")
    make.agreement(farm, hub)
    leeks = make.product(farm)
    variants = [make.variant(leeks), make.variant(leeks, size=2000)]
    for one in variants:
        make.stocked(one, 14)
    make.signed_in(client, hub)
    return hub, variants


def inventory(client, *rows, **fields):
    return send(client, files.csv(INVENTORY, *rows), slug="la-halle", mode="inventory", **fields)


def test_a_hub_brings_in_its_own_prices_and_stock_and_takes_them_back(client, shop):
    hub, [small, large] = shop
    read = inventory(
        client,
        ["Ferme du Gué", "La Halle", "Poireaux", "", "800", "g", "3,10", "4", ""],
        ["Ferme du Gué", "", "Poireaux", "", "2", "kg", "", "", "1"],
    )
    assert shown(client, read, "changed") == [
        (2, "Ferme du Gué, Poireaux", [("Price", "the producer’s", "€3.10"), ("On hand", "not counted", "4")]),
        (3, "Ferme du Gué, Poireaux", [("On hand", "not counted", "on demand")]),
    ]

    apply(client, read)

    assert list(Listing.objects.values_list("hub", "variant", "price_minor")) == [(hub.pk, small.pk, 310)]
    own = StockItem.objects.filter(hub=hub).order_by("variant_id").values_list("variant_id", "on_hand", "on_demand")
    assert list(own) == [(small.pk, 4, False), (large.pk, 0, True)]
    assert StockItem.objects.filter(hub=None, on_hand=14).count() == 2
    client.post(at("undo", read.pk, slug="la-halle"))
    assert (Listing.objects.count(), StockItem.objects.filter(hub=hub).count()) == (0, 0)


def test_a_hubs_file_is_refused_for_other_hubs_farms_without_agreement_and_goods_that_are_not_there(client, shop):
    read = inventory(
        client,
        ["Ferme du Gué", "Autre halle", "Poireaux", "", "800", "g", "3", "4", ""],
        ["Ailleurs", "La Halle", "Poireaux", "", "800", "g", "3", "4", ""],
        ["Ferme du Gué", "La Halle", "Navet", "", "800", "g", "3", "4", ""],
    )

    assert [faults[0][0] for _, _, faults in shown(client, read, "refused")] == [
        "B, Hub",
        "A, Producer",
        "C, Product",
    ]


def test_a_hubs_stock_of_what_the_file_does_not_name_is_reset_where_one_asks_for_it(client, shop):
    hub, [small, large] = shop
    make.stocked(large, 6, hub=hub)
    line = ["Ferme du Gué", "La Halle", "Poireaux", "", "800", "g", "", "4", ""]

    apply(client, inventory(client, line, empties_absent="on"))

    own = dict(StockItem.objects.filter(hub=hub).values_list("variant_id", "on_hand"))
    assert own == {small.pk: 4, large.pk: 0}


def test_a_hubs_own_prices_come_out_and_in_again_without_any_difference(client, shop):
    hub, [small, large] = shop
    Listing.objects.create(hub=hub, variant=small, price_minor=310)
    Listing.objects.create(hub=hub, variant=large, is_hidden=True)
    make.stocked(small, 4, hub=hub)

    for kind in ("csv", "xlsx", "ods"):
        file = b"".join(client.get(at("export", "inventory", kind, slug="la-halle")).streaming_content)
        read = send(client, file, name=f"a.{kind}", slug="la-halle", mode="inventory")
        assert read.counts == {"same": 2}, shown(client, read)


def test_a_hub_does_not_bring_in_goods_of_a_farm_with_people(client, shop):
    read = send(client, files.csv(HEAD, row(), row(name="Mâche")), slug="la-halle")

    assert read.counts == {"refused": 2}


# ── Who, and how much ──────────────────────────────────────────────────────────────────────────────────────────────
def test_strangers_neither_read_files_nor_write_them(client, farm):
    read = send(client, files.csv(HEAD, row()))
    make.signed_in(client, make.farm("Autre", slug="autre"))

    assert client.get(at("files")).status_code == 403
    assert client.get(at("export", "products", "csv")).status_code == 403
    assert client.get(at("import", read.pk)).status_code == 403
    assert apply(client, read).status_code == 403
    assert client.get(at("import", read.pk, slug="autre")).status_code == 404
    assert client.post(at("apply", read.pk, slug="autre")).status_code == 404


def test_a_longer_file_asks_no_more_of_the_database(client, farm):
    def cost(count, start):
        made = [row(name=f"Produit {start + number}") for number in range(count)]
        with CaptureQueriesContext(connection) as reading:
            read = send(client, files.csv(HEAD, *made))
        with CaptureQueriesContext(connection) as doing:
            apply(client, read)
        with CaptureQueriesContext(connection) as undoing:
            client.post(at("undo", read.pk))
        return len(reading), len(doing), len(undoing)

    few = cost(3, 0)

    assert cost(60, 100) <= tuple(count + 2 for count in few)


def test_a_hub_whose_agreement_keeps_the_farms_price_brings_in_neither_price_nor_stock(client, shop):
    from bocage.network.models import Agreement

    Agreement.objects.update(handling="as_is")
    line = ["Ferme du Gué", "La Halle", "Poireaux", "", "800", "g", "3", "4", ""]

    read = inventory(client, line)

    assert shown(client, read, "refused")[0][2] == [
        ("G, Price", "Your agreement with Ferme du Gué keeps its own price. Empty this cell."),
        ("H, On hand", "Your agreement with Ferme du Gué keeps its own stock. Empty this cell."),
    ]
