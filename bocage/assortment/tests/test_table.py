"""The product table: what it shows, one cell at a time, two people at once, and without a script."""

import json
import re

import pytest
from django.urls import reverse

from bocage.assortment.queries.table import Wanted, table
from bocage.assortment.tests import make
from bocage.catalogue.models import Product, Variant
from bocage.infra.models import Event
from bocage.shops.models import Listing
from bocage.stock.models import Movement, StockItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm(client):
    found = make.farm(slug="ferme-du-gue")
    make.signed_in(client, found)
    return found


def at(name, *extra, slug="ferme-du-gue"):
    return reverse(f"assortment:{name}", args=[slug, *extra])


def write(client, variant, column, text, seen, **where):
    data = {"column": column, "text": text, "seen": seen}
    return client.post(at("cell", variant.pk, **where), data, headers={"HX-Request": "true"})


def said(answer):
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def names(**wanted):
    farm = Product.objects.earliest("id").producer
    page = table(enterprise_id=farm.pk, actor=make.manager(farm), now=make.NOW, wanted=Wanted(**wanted))
    return [row.product for row in page.rows]


# ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_size_has_a_row_and_the_page_says_how_many_there_are(client, farm):
    leeks = make.product(farm)
    make.stocked(make.variant(leeks), 14)
    make.variant(leeks, size=2000, price_minor=500, position=1)

    page = client.get(at("table"), {"columns": "all"})

    rows = [[cell.text for cell in row.cells] for row in page.context["rows"]]
    assert rows == [
        ["Poireaux", "", "800\u00a0g", "", "Vegetables", "€2.40", "14", "", "", "", "for sale"],
        ["Poireaux", "", "2\u00a0kg", "", "Vegetables", "€5.00", "not counted", "", "", "", "for sale"],
    ]
    assert "2 of 2 shown" in said(page)


def test_it_is_searched_without_accents_by_name_word_code_and_farm(farm):
    make.variant(make.product(farm, name="Œufs", search_text="oeufs plein air oe-6"))
    make.variant(make.product(farm, name="Épinards", search_text="epinards"))

    assert names(text="ÉPINARD") == ["Épinards"]
    assert names(text="oeuf air") == ["Œufs"]
    assert names(text="oe-6") == ["Œufs"]
    assert names(text="gué") == ["Épinards", "Œufs"]
    assert names(text="oeufs epinards") == []


def test_it_is_filtered_by_what_is_for_sale_and_what_is_sold_out(farm):
    for number, (name, sold, left) in enumerate([("Chou", True, 3), ("Navet", True, 0), ("Radis", False, 5)]):
        one = make.variant(make.product(farm, name=name, search_text=name.lower()), is_for_sale=sold)
        make.stocked(one, left, on_demand=number == 5)
    make.variant(make.product(farm, name="Thym", search_text="thym"))

    assert names(state="for_sale") == ["Chou", "Navet", "Thym"]
    assert names(state="not_for_sale") == ["Radis"]
    assert names(state="sold_out") == ["Navet", "Thym"]


def test_pages_follow_each_other_without_gap_or_repeat(farm):
    for number in range(5):
        product = make.product(farm, name="Chou", search_text="chou")
        make.variant(product, position=number)
        make.variant(product, position=number, size=900)
    actor = make.manager(farm)

    found, after = [], 0
    for _ in range(4):
        page = table(enterprise_id=farm.pk, actor=actor, now=make.NOW, wanted=Wanted(), after=after, limit=3)
        found += [row.id for row in page.rows]
        after = page.next

    assert (found, after) == (list(Variant.objects.order_by("product_id", "id").values_list("id", flat=True)), 0)


def test_a_page_of_many_asks_no_more_than_a_page_of_one(client, farm, django_assert_num_queries):
    def ask(count):
        with django_assert_num_queries(count):
            client.get(at("table"))

    make.variant(make.product(farm))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(at("table"))
    for number in range(12):
        make.stocked(make.variant(make.product(farm, name=f"Chou {number}")))

    ask(len(one))


# ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("column", "seen", "text", "shown"),
    [
        ("size", "weight:800", "1,5 kg", "1.5\u00a0kg"),
        ("price", "240", "2.60", "€2.60"),
        ("pack", "", "bunch", "bunch"),
        ("stock", "", "12", "12"),
        ("stock", "", "on demand", "on demand"),
        ("sku", "", "PO-1", "PO-1"),
        ("keywords", "", "soup", "soup"),
        ("for_sale", "yes", "no", "paused"),
        ("product", "Poireaux", "Blancs de poireaux", "Blancs de poireaux"),
    ],
)
def test_a_cell_is_saved_and_answers_with_itself(client, farm, column, seen, text, shown):
    variant = make.variant(make.product(farm))

    answer = write(client, variant, column, text, seen)

    assert answer.status_code == 200
    assert said(answer) == shown.replace("\u00a0", " ")
    assert said(client.get(at("table"), {"columns": "all"})).count(shown.replace("\u00a0", " ")) >= 1


def test_a_saved_price_is_in_the_books_of_what_happened(client, farm):
    variant = make.variant(make.product(farm))

    write(client, variant, "price", "2.60", "240")

    variant.refresh_from_db()
    assert variant.price_minor == 260
    assert Event.objects.filter(kind__endswith="GoodsChanged").count() == 1


def test_a_counted_cell_moves_the_stock_with_its_cause(client, farm):
    variant = make.variant(make.product(farm))
    make.stocked(variant, 14)

    write(client, variant, "stock", "20", "14")

    assert StockItem.objects.get().on_hand == 20
    assert list(Movement.objects.values_list("change", "reason")) == [(6, "count")]


def test_a_products_name_changes_in_the_rows_of_all_its_sizes_and_is_found_by_it(client, farm):
    leeks = make.product(farm)
    first, second = make.variant(leeks), make.variant(leeks, size=2000)

    answer = write(client, first, "product", "Porreaux d’été", "Poireaux")

    assert answer.content.decode().count("<td") == 2
    assert f'id="cell-{second.pk}-product"' in answer.content.decode()
    assert names(text="ete") == ["Porreaux d’été"] * 2


@pytest.mark.parametrize(
    ("column", "seen", "text", "words"),
    [
        ("price", "240", "cheap", "Write an amount such as 12.50."),
        ("price", "240", "-1", "A price is zero or more."),
        ("size", "weight:800", "a few", "Write a size such as 500 g"),
        ("product", "Poireaux", " ", "Give the product a name."),
        ("category", "1", "999", "Choose a category"),
        ("stock", "", "many", "Write how many there are"),
        ("stock", "", "", "Write how many there are"),
    ],
)
def test_a_refused_cell_keeps_what_was_typed_and_says_why(client, farm, column, seen, text, words):
    variant = make.variant(make.product(farm))
    seen = str(make.category().pk) if column == "category" else seen

    answer = write(client, variant, column, text, seen)

    assert answer.status_code == 422
    assert words in said(answer)
    assert f'data-typed="{text}"' in answer.content.decode()
    assert Variant.objects.get().price_minor == 240


def test_weighed_goods_stay_sold_by_weight(client, farm):
    variant = make.variant(make.product(farm), is_weighed=True)

    answer = write(client, variant, "size", "3", "weight:800")

    assert (answer.status_code, Variant.objects.get().unit) == (422, "weight")


@pytest.mark.parametrize(
    ("column", "seen", "theirs", "mine"),
    [
        ("price", "240", "2.60", "2.80"),
        ("size", "weight:800", "900 g", "1 kg"),
        ("product", "Poireaux", "Porreaux", "Poireau"),
        ("stock", "", "5", "7"),
        ("sku", "", "A", "B"),
    ],
)
def test_who_writes_second_sees_the_first_value_and_chooses(client, farm, column, seen, theirs, mine):
    variant = make.variant(make.product(farm))
    first = write(client, variant, column, theirs, seen)
    now_seen = re.search(r'data-seen="([^"]*)"', first.content.decode())[1]

    second = write(client, variant, column, mine, seen)

    assert second.status_code == 422
    assert f"Keep {said(first)}" in said(second)
    assert f"Write {mine}" in said(second)
    chosen = write(client, variant, column, mine, now_seen)
    assert chosen.status_code == 200
    assert re.search(r'data-typed="([^"]*)"', chosen.content.decode())[1] == mine


def test_two_who_write_the_same_agree(client, farm):
    variant = make.variant(make.product(farm))
    write(client, variant, "price", "2.60", "240")

    assert write(client, variant, "price", "2.60", "240").status_code == 200


def test_an_undo_is_the_old_value_written_over_the_new_one(client, farm):
    variant = make.variant(make.product(farm))
    write(client, variant, "price", "2.60", "240")

    assert said(write(client, variant, "price", "2.40", "260")) == "€2.40"


def test_a_cell_costs_the_same_however_many_there_are(client, farm, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    variant = make.variant(make.product(farm))
    with CaptureQueriesContext(connection) as one:
        write(client, variant, "price", "2.60", "240")
    for number in range(12):
        make.stocked(make.variant(make.product(farm, name=f"Chou {number}")))

    with CaptureQueriesContext(connection) as many:
        write(client, variant, "price", "2.70", "260")

    assert len(many) <= len(one) <= 45


# ── Whose cell it is ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def shop(client):
    """A hub that sells leeks of a farm with people of its own; the hub's manager is signed in."""
    farm, hub = make.farm("Ferme du Gué"), make.hub(slug="la-halle")
    make.Role.objects.create(person=make.person(), enterprise=farm, name="manager")
    make.agreement(farm, hub)
    variant = make.variant(make.product(farm))
    make.stocked(variant, 14)
    make.signed_in(client, hub)
    return hub, variant


def test_a_hub_sets_its_own_price_stock_and_visibility_and_gives_them_up_again(client, shop):
    hub, variant = shop

    price = write(client, variant, "own_price", "3.10", "", slug="la-halle")
    stock = write(client, variant, "stock", "4", "", slug="la-halle")
    hidden = write(client, variant, "for_sale", "no", "yes", slug="la-halle")

    assert (said(price), said(stock), said(hidden)) == ("€3.10", "4", "not in our shop")
    assert list(Listing.objects.values_list("price_minor", "is_hidden")) == [(310, True)]
    assert StockItem.objects.get(hub=hub).on_hand == 4
    assert StockItem.objects.get(hub=None).on_hand == 14
    assert said(write(client, variant, "own_price", "", "310", slug="la-halle")) == "€2.40"
    assert said(write(client, variant, "stock", "", "4", slug="la-halle")) == "14"
    write(client, variant, "for_sale", "yes", "no", slug="la-halle")
    assert (Listing.objects.count(), StockItem.objects.filter(hub=hub).count()) == (0, 0)


def test_a_hub_does_not_write_what_the_producer_decides(client, shop):
    _, variant = shop

    answer = write(client, variant, "price", "9.00", "240", slug="la-halle")

    assert (answer.status_code, Variant.objects.get().price_minor) == (422, 240)
    assert "Only Ferme du Gué changes this." in said(answer)


def test_own_stock_that_orders_were_taken_from_stays_at_nothing_and_says_so(client, shop):
    hub, variant = shop
    own = make.stocked(variant, 4, hub=hub)
    Movement.objects.create(item=own, change=-1, reason="order", about="order:R7", by="guest", at=make.NOW)

    answer = write(client, variant, "stock", "", "4", slug="la-halle")

    assert "Orders were taken from your own stock" in answer.content.decode()
    assert StockItem.objects.get(hub=hub).on_hand == 0


def test_a_stranger_reads_and_writes_nothing(client, farm):
    variant = make.variant(make.product(farm))
    make.signed_in(client, make.farm("Autre"))

    assert client.get(at("table")).status_code == 403
    assert client.get(at("row", variant.pk)).status_code == 403
    assert write(client, variant, "price", "9.00", "240").status_code == 403


def test_another_farms_row_is_not_there(client, farm):
    foreign = make.variant(make.product(make.farm("Autre")))

    assert write(client, foreign, "price", "9.00", "240").status_code == 404
    assert client.get(at("row", foreign.pk)).status_code == 404


# ── Without a script ───────────────────────────────────────────────────────────────────────────────────────────────
def form_of(page):
    """Return what a browser would send of the form of a row."""
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    for cell, _ in page.context["cells"]:
        sent |= {f"seen-{cell.column.key}": cell.seen, f"typed-{cell.column.key}": cell.typed}
    return sent


def test_a_row_is_edited_on_a_plain_page(client, farm):
    variant = make.variant(make.product(farm))
    sent = form_of(client.get(at("row", variant.pk)))

    answer = client.post(at("row", variant.pk), {**sent, "price": "2.60", "stock": "9", "back": "q=poi"})

    assert (answer.status_code, answer.url) == (303, at("table") + "?q=poi")
    variant.refresh_from_db()
    assert (variant.price_minor, StockItem.objects.get().on_hand) == (260, 9)


def test_a_plain_page_saves_what_is_right_and_says_of_the_rest_why(client, farm):
    variant = make.variant(make.product(farm))
    sent = form_of(client.get(at("row", variant.pk)))

    answer = client.post(at("row", variant.pk), {**sent, "price": "cheap", "sku": "PO-1"})

    assert answer.status_code == 422
    assert "Write an amount such as 12.50." in said(answer)
    assert 'value="cheap"' in answer.content.decode()
    assert Variant.objects.get().sku == "PO-1"


def test_a_plain_page_shows_what_another_wrote_and_the_second_time_writes_over_it(client, farm):
    variant = make.variant(make.product(farm))
    sent = form_of(client.get(at("row", variant.pk)))
    write(client, variant, "price", "2.60", "240")

    first = client.post(at("row", variant.pk), {**sent, "price": "2.80"})

    assert "It says “€2.60” now." in said(first)
    again = client.post(at("row", variant.pk), form_of(first))
    assert (again.status_code, Variant.objects.get().price_minor) == (303, 280)


def test_a_hub_whose_agreement_keeps_the_farms_price_decides_only_what_its_shop_shows(client, shop):
    from bocage.network.models import Agreement

    Agreement.objects.update(handling="as_is")
    _, variant = shop

    refused = [
        write(client, variant, column, "3", "", slug="la-halle").status_code for column in ("own_price", "stock")
    ]

    assert refused == [422, 422]
    assert write(client, variant, "for_sale", "no", "yes", slug="la-halle").status_code == 200


# ── Taking back, later ─────────────────────────────────────────────────────────────────────────────────────────────
def to_take_back(client):
    return json.loads(client.get(at("table"), {"columns": "all"}).context["undos"])


def test_what_one_wrote_can_still_be_taken_back_on_a_fresh_page(client, farm):
    leeks = make.variant(make.product(farm))
    write(client, leeks, "price", "2.60", "240")
    write(client, leeks, "size", "10 oz", "weight:800")
    write(client, leeks, "price", "2.60", "260")  # says nothing new

    kept = to_take_back(client)
    data = {"column": "size", "text": kept[-1]["old"], "seen": "weight:567/2:oz", "undo": "1"}
    client.post(at("cell", leeks.pk), data, headers={"HX-Request": "true"})

    assert kept == [{"id": f"cell-{leeks.pk}-price", "old": "2.40"}, {"id": f"cell-{leeks.pk}-size", "old": "800 g"}]
    assert to_take_back(client) == kept[:1]
    leeks.refresh_from_db()
    assert (leeks.size, leeks.price_minor) == (800, 260)


def test_nobody_takes_back_what_another_wrote_nor_writes_over_what_was_written_since(client, farm):
    leeks = make.variant(make.product(farm))
    write(client, leeks, "price", "2.60", "240")
    make.signed_in(client, farm)

    theirs = to_take_back(client)
    write(client, leeks, "price", "2.80", "260")

    assert theirs == []
    assert to_take_back(client) == [{"id": f"cell-{leeks.pk}-price", "old": "2.60"}]
    Variant.objects.update(price_minor=999)
    assert to_take_back(client) == []


def test_only_the_last_of_what_one_wrote_is_kept(client, farm, monkeypatch):
    monkeypatch.setattr("bocage.assortment.actions.cells.KEPT", 2)
    leeks = make.variant(make.product(farm))
    for price in (250, 260, 270):
        write(client, leeks, "price", f"{price / 100:.2f}", str(price - 10))

    assert [one["old"] for one in to_take_back(client)] == ["2.50", "2.60"]
