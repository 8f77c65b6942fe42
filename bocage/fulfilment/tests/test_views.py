"""The barn's pages, with and without htmx: what each role does, what strangers get, what is downloaded."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.fulfilment import queries
from bocage.fulfilment.tests import make
from bocage.fulfilment.views import barn, goods, packing
from bocage.orders.models import Order, OrderChange, OrderLine

pytestmark = pytest.mark.django_db
PAGES = ["packing", "hand_over_list", "products", "suppliers", "sheets"]
LISTS = [("pdf", what) for what in ("baskets", "products", "suppliers")]
LISTS += [("csv", what) for what in ("baskets", "products", "suppliers")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def hub():
    return make.enterprise()


@pytest.fixture
def order(hub):
    farm = make.farm()
    weighed = make.variant(farm, name="Tomme", size=1000, pack="", is_weighed=True, price_minor=1000)
    lines = [make.line(make.variant(farm), 2), make.line(weighed, weight_g=1000)]
    return make.order(hub, make.cycle(hub), lines=lines, note="Bien cuit, merci")


def sign_in(client, role, hub):
    client.force_login(make.person(role, hub=hub), backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def at(order, name, *more):
    return reverse(f"fulfilment:{name}", args=[order.hub.slug, order.ref, *more])


def line(order, name="Poireaux"):
    return OrderLine.objects.get(order=order, product_name=name)


def parcel(order):
    return queries.parcel_state(hub_id=order.hub_id, ref=order.ref, actor=make.actor("manager", order.hub))


def test_a_tick_works_without_javascript_and_leads_back_to_the_basket(client, hub, order):
    response = sign_in(client, "volunteer", hub).post(at(order, "tick", line(order).pk), {"ticked": "1"})

    assert (response.status_code, response["Location"]) == (303, at(order, "basket"))
    assert parcel(order).ticked == 1


def test_a_tick_by_htmx_answers_with_the_basket_alone(client, hub, order):
    response = sign_in(client, "volunteer", hub).post(at(order, "tick", line(order).pk), {"ticked": "1"}, headers=HTMX)

    body = response.content.decode()
    assert (response.status_code, body.lstrip().startswith('<div id="barn"'), "<html" in body) == (200, True, False)
    assert f'id="tick-{line(order).pk}" type="submit" aria-pressed="true"' in body


def test_a_basket_is_ticked_at_once_and_untied_again(client, hub, order):
    sign_in(client, "volunteer", hub)

    seen = []
    for packed in ("1", "0"):
        client.post(at(order, "packed"), {"packed": packed})
        seen.append(parcel(order).is_packed)

    assert seen == [True, False]


def test_a_hand_over_is_noted_in_the_orders_history_and_may_be_undone(client, hub, order):
    sign_in(client, "volunteer", hub)

    statuses = [client.post(at(order, name)).status_code for name in ("hand_over", "hand_over", "hand_over_undone")]

    assert statuses == [303, 422, 303]
    assert list(OrderChange.objects.order_by("id").values_list("what", flat=True)) == [
        "handed_over",
        "hand_over_undone",
    ]


def test_what_was_handed_over_already_is_said_in_words(client, hub, order):
    sign_in(client, "volunteer", hub).post(at(order, "hand_over"))

    body = client.post(at(order, "hand_over")).content.decode()

    assert f"Order {order.ref} was already handed over." in body


def test_a_weight_typed_on_the_way_changes_the_price(client, hub, order):
    response = sign_in(client, "volunteer", hub).post(
        at(order, "weight", line(order, "Tomme").pk), {"weight": "1,2"}, headers=HTMX
    )

    assert response.status_code == 200
    assert (line(order, "Tomme").final_weight_g, line(order, "Tomme").total_minor) == (1200, 1200)


@pytest.mark.parametrize("typed", ["", "abc", "99", "0"])
def test_an_absurd_weight_is_explained_beside_its_field(client, hub, order, typed):
    response = sign_in(client, "volunteer", hub).post(at(order, "weight", line(order, "Tomme").pk), {"weight": typed})

    assert (response.status_code, line(order, "Tomme").final_weight_g) == (422, None)


def test_the_list_leads_to_the_next_basket_to_pack(client, hub, order):
    second = make.order(hub, order.cycle, lines=[make.line(make.variant(make.farm()))], name="Yann Tanguy")
    sign_in(client, "volunteer", hub).post(at(order, "packed"), {"packed": "1"})

    response = client.get(reverse("fulfilment:packing", args=[hub.slug]))

    assert (response.context["found"].packed, len(response.context["found"].all)) == (1, 2)
    assert response.context["following"].ref == second.ref


@pytest.mark.parametrize("name", ["packing", "hand_over_list"])
@pytest.mark.parametrize(
    ("text", "found"), [("", 2), ("yann", 1), ("TANGUY", 1), ("helene", 1), ("2", 1), ("02", 1), ("nobody", 0)]
)
def test_a_crate_is_found_by_name_number_or_order(client, hub, order, name, text, found):
    second = make.order(hub, order.cycle, lines=[make.line(make.variant(make.farm()))], name="Hélène Tanguy (Yann)")

    sign_in(client, "volunteer", hub)
    response = client.get(reverse(f"fulfilment:{name}", args=[hub.slug]), {"text": text})
    by_ref = client.get(reverse(f"fulfilment:{name}", args=[hub.slug]), {"text": second.ref.lower()}, headers=HTMX)

    assert len(response.context["found"].crates.rows) == found
    assert [crate.name for crate in by_ref.context["found"].crates.rows] == [second.name]
    assert "<html" not in by_ref.content.decode()


@pytest.fixture
def long_sale(hub, monkeypatch):
    """Five crates (Armelle 1 … Armelle 5), the even ones at the mill, which opens first; a page holds two."""
    monkeypatch.setattr(barn, "PAGE", 2)
    sale, leeks = make.cycle(hub), make.variant(make.farm())
    hall, mill = make.pickup(hub, name="Halle"), make.pickup(hub, name="Moulin")
    for number in range(1, 6):
        place = {"method": hall} if number % 2 else {"method": mill, "hand_over_from": make.NOW}
        make.order(hub, sale, lines=[make.line(leeks)], name=f"Armelle {number}", **place)
    return sale


def shown(response):
    return [crate.number for crate in response.context["found"].crates.rows]


@pytest.mark.parametrize("name", ["packing", "hand_over_list"])
def test_a_long_list_is_walked_page_by_page_in_the_order_of_the_short_one(client, hub, long_sale, name):
    url, seen = reverse(f"fulfilment:{name}", args=[hub.slug]), []
    sign_in(client, "volunteer", hub)

    response = client.get(url)
    seen.append(shown(response))
    while response.context["found"].next_url:
        assert f"{len(seen[-1])} of 5 shown" in response.content.decode()
        response = client.get(url + response.context["found"].next_url)
        seen.append(shown(response))

    assert seen == [[2, 4], [1, 3], [5]]
    assert client.get(url + response.context["found"].first_url).context["found"].crates.rows[0].number == 2


@pytest.mark.parametrize("name", ["packing", "hand_over_list"])
def test_a_long_list_is_searched_and_counted_whole_and_narrowed_to_one_place(client, hub, long_sale, name):
    url = reverse(f"fulfilment:{name}", args=[hub.slug])
    sign_in(client, "volunteer", hub)

    whole, found = client.get(url), client.get(url, {"text": "armelle 5"})
    hall = next(place for place in whole.context["found"].everywhere if place.name == "Halle")
    there = client.get(url, {"place": hall.id})

    assert (shown(found), shown(there), len(there.context["found"].all)) == ([5], [1, 3], 5)
    assert [(place.name, place.total) for place in whole.context["found"].everywhere] == [("Moulin", 2), ("Halle", 3)]
    assert [place.total for place in there.context["found"].places] == [3]
    assert "2 of 3 shown" in there.content.decode()


def test_what_is_printed_or_downloaded_holds_the_whole_list_or_one_place(client, hub, long_sale):
    sign_in(client, "volunteer", hub)
    hall = client.get(reverse("fulfilment:packing", args=[hub.slug])).context["found"].everywhere[1]

    def names(**asked):
        sheets = client.get(reverse("fulfilment:sheets", args=[hub.slug]), asked).content.decode()
        table = client.get(reverse("fulfilment:csv", args=[hub.slug, "baskets"]), asked).content.decode()
        return [[number for number in range(1, 6) if f"Armelle {number}" in text] for text in (sheets, table)]

    narrowed = client.get(reverse("fulfilment:packing", args=[hub.slug]), {"place": hall.id}).content.decode()
    assert narrowed.count(f'?sale={long_sale.pk}&amp;place={hall.id}"') == 3
    assert names() == [[1, 2, 3, 4, 5]] * 2
    assert names(place=hall.id) == [[1, 3, 5]] * 2


def test_the_list_beside_a_basket_holds_its_neighbours(client, hub, long_sale, monkeypatch):
    monkeypatch.setattr(packing, "BESIDE", 2)
    orders = list(Order.objects.filter(cycle=long_sale).order_by("id"))

    response = sign_in(client, "volunteer", hub).get(at(orders[4], "basket"))

    assert [crate.number for crate in response.context["beside"]] == [3, 5]
    assert "2 of 3 shown" in response.content.decode()


def test_products_are_walked_page_by_page_and_one_of_them_crate_by_crate(client, hub, order, monkeypatch):
    for name, number in (("PRODUCTS", 1), ("CRATES", 1), ("ALL_CRATES", 2)):
        monkeypatch.setattr(goods, name, number)
    leeks = line(order).variant
    for _ in range(2):
        make.order(hub, order.cycle, lines=[make.line(leeks)])
    url = reverse("fulfilment:products", args=[hub.slug])
    sign_in(client, "volunteer", hub)

    def products(query):
        response = client.get(url + query)
        rows = [good for farm in response.context["farms"] for good in farm.rows]
        return response, [(good["row"].product_name, [one.crate for one in good["who"]]) for good in rows]

    first, rows = products("")
    second, then = products(first.context["next_url"])
    alone, crates = products(f"?product={leeks.pk}")
    _, others = products(alone.context["next_url"])
    _, found = products("?text=TOMME")

    assert (rows, then, second.context["next_url"]) == ([("Poireaux", [1])], [("Tomme", [1])], "")
    assert "1 of 3 crates." in first.content.decode()
    assert (crates, others, found) == ([("Poireaux", [1, 2])], [("Poireaux", [3])], [("Tomme", [1])])
    assert client.get(url, {"product": "999999"}).status_code == 404


def test_after_a_hand_over_in_the_list_one_is_back_in_the_list(client, hub, order):
    here = reverse("fulfilment:hand_over_list", args=[hub.slug]) + "?text=mireille"

    response = sign_in(client, "volunteer", hub).post(at(order, "hand_over"), {"next": here})

    assert response["Location"] == here


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_before_the_first_order(client, hub, name):
    response = sign_in(client, "volunteer", hub).get(reverse(f"fulfilment:{name}", args=[hub.slug]))

    assert response.status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["volunteer", "bookkeeper", "manager"])
def test_everybody_of_the_hub_sees_the_barn(client, hub, order, name, role):
    body = sign_in(client, role, hub).get(reverse(f"fulfilment:{name}", args=[hub.slug])).content.decode()

    assert {"packing": "Mireille Ropars", "hand_over_list": "Mireille Ropars", "sheets": "Bien cuit"}.get(
        name, "Poireaux"
    ) in body


@pytest.mark.parametrize("name", PAGES)
def test_a_sale_that_is_not_this_hubs_is_not_found(client, hub, order, name):
    sign_in(client, "manager", hub)

    for sale in ("999999", "x", "1' or 1=1"):
        assert client.get(reverse(f"fulfilment:{name}", args=[hub.slug]), {"sale": sale}).status_code == 404


@pytest.mark.parametrize(("kind", "what"), LISTS)
def test_lists_are_downloaded_also_when_nothing_was_ordered(client, hub, kind, what):
    sign_in(client, "volunteer", hub)

    empty = client.get(reverse(f"fulfilment:{kind}", args=[hub.slug, what]))
    make.order(hub, make.cycle(hub), lines=[make.line(make.variant(make.farm()))])
    full = client.get(reverse(f"fulfilment:{kind}", args=[hub.slug, what]))

    assert (empty.status_code, full.status_code) == (200, 200)
    assert len(full.content) > len(empty.content)


def test_a_pdf_is_tagged_and_in_the_readers_language(client, hub, order):
    sign_in(client, "volunteer", hub)
    client.cookies["django_language"] = "fr"

    content = client.get(reverse("fulfilment:pdf", args=[hub.slug, "baskets"])).content

    assert (content[:5], b"/StructTreeRoot" in content, b"/Lang" in content) == (b"%PDF-", True, True)


def test_no_cell_of_a_csv_is_a_formula(client, hub):
    evil = '=HYPERLINK("http://evil.example")'
    make.order(hub, make.cycle(hub), lines=[make.line(make.variant(make.farm(evil)))], name="+cmd", note="@x")

    for what in ("baskets", "products", "suppliers"):
        content = sign_in(client, "volunteer", hub).get(reverse("fulfilment:csv", args=[hub.slug, what])).content
        cells = [cell.strip('"') for row in content.decode("utf-8-sig").splitlines() for cell in row.split(";")]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
        assert any(cell.startswith("'") for cell in cells)


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_an_unknown_list_is_not_found(client, hub, kind):
    assert sign_in(client, "manager", hub).get(reverse(f"fulfilment:{kind}", args=[hub.slug, "odd"])).status_code == 404


POSTS = [("tick", {"ticked": "1"}), ("weight", {"weight": "1"}), ("packed", {"packed": "1"}), ("hand_over", {})]
POSTS += [("hand_over_undone", {})]


def post(client, order, name, data, hub=None):
    more = [line(order, "Tomme").pk] if name in ("tick", "weight") else []
    return client.post(reverse(f"fulfilment:{name}", args=[(hub or order.hub).slug, order.ref, *more]), data)


@pytest.mark.parametrize(("name", "data"), POSTS)
def test_only_who_packs_for_this_hub_acts(client, hub, order, name, data):
    other = make.enterprise("Ailleurs")

    def answered(role, at, through=None):
        return post(sign_in(client, role, at), order, name, data, through).status_code

    assert answered("bookkeeper", hub) == 403
    assert answered("manager", other) == 403
    assert answered("manager", other, other) == 404
    assert (parcel(order).ticked, parcel(order).handed_over_at, OrderChange.objects.count()) == (0, None, 0)


@pytest.mark.parametrize("name", PAGES)
def test_another_hubs_manager_sees_no_page(client, hub, order, name):
    sign_in(client, "manager", make.enterprise("Ailleurs"))

    assert client.get(reverse(f"fulfilment:{name}", args=[hub.slug])).status_code == 403


@pytest.mark.parametrize("name", ["basket", "state"])
def test_another_hubs_manager_sees_no_basket(client, hub, order, name):
    other = make.enterprise("Ailleurs")
    sign_in(client, "manager", other)

    assert client.get(at(order, name)).status_code == 403
    assert client.get(reverse(f"fulfilment:{name}", args=[other.slug, order.ref])).status_code == 404


@pytest.mark.parametrize(("kind", "what"), LISTS)
def test_another_hubs_manager_downloads_nothing(client, hub, order, kind, what):
    sign_in(client, "manager", make.enterprise("Ailleurs"))

    assert client.get(reverse(f"fulfilment:{kind}", args=[hub.slug, what])).status_code == 403


def test_who_is_not_signed_in_is_led_to_log_in(client, order):
    gets = [at(order, "basket"), at(order, "state")] + [
        reverse(f"fulfilment:{name}", args=[order.hub.slug]) for name in PAGES
    ]
    answers = [client.get(url) for url in gets] + [post(client, order, name, data) for name, data in POSTS]

    assert {reverse("account_login") in answer["Location"] for answer in answers} == {True}


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_the_same_number_of_queries_for_any_number_of_orders(client, hub, order, name):
    sign_in(client, "manager", hub)
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries_done:
            client.get(reverse(f"fulfilment:{name}", args=[hub.slug]))
        counted.append(len(queries_done))
        for _ in range(2):
            make.order(hub, order.cycle, lines=[make.line(make.variant(make.farm()))])

    assert counted[0] == counted[1] <= 11


def test_data_for_a_pdf_is_never_markup(client, hub):
    name = '#panic("no") *x* $1$'
    make.order(hub, make.cycle(hub), lines=[make.line(make.variant(make.farm(name), name=name))], name=name)

    for what in ("baskets", "products", "suppliers"):
        response = sign_in(client, "manager", hub).get(reverse("fulfilment:pdf", args=[hub.slug, what]))
        assert (what, response.status_code) == (what, 200)


@pytest.mark.parametrize(("name", "data"), POSTS)
def test_a_form_from_elsewhere_changes_nothing(hub, order, name, data):
    volunteer = sign_in(Client(enforce_csrf_checks=True), "volunteer", hub)

    assert post(volunteer, order, name, data).status_code == 403
    assert (parcel(order).ticked, parcel(order).handed_over_at) == (0, None)


def test_who_weighs_second_reads_what_the_first_weighed_and_may_still_save(client, hub, order):
    line = OrderLine.objects.get(order=order, is_weighed=True)
    sign_in(client, "volunteer", hub)
    at = reverse("fulfilment:weight", args=[hub.slug, order.ref, line.pk])
    client.post(at, {"weight": "1,080", "seen": ""}, headers=HTMX)

    stale = client.post(at, {"weight": "0,990", "seen": ""}, headers=HTMX)
    line.refresh_from_db()

    body = stale.content.decode()
    assert (stale.status_code, line.final_weight_g) == (422, 1080)
    assert ("Tomme (1.08 kg)" in body, 'value="0,990"' in body, 'name="seen" value="1080"' in body) == (
        True,
        True,
        True,
    )
    client.post(at, {"weight": "0,990", "seen": "1080"}, headers=HTMX)
    line.refresh_from_db()
    assert line.final_weight_g == 990
