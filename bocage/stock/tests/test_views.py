"""The pages of stock: by form and by htmx, with refusals in words, shut to others."""

import pytest
from django.urls import reverse

from bocage.catalogue.tests import make
from bocage.network.models import Agreement, Role
from bocage.stock import actions
from bocage.stock.models import StockItem

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def farm():
    found = make.farm("Ferme du Gué", slug="ferme")
    make.manager(found)
    return found


@pytest.fixture
def hub(client, farm):
    """A hub whose manager is signed in, with an agreement."""
    found = make.hub("La Halle", slug="la-halle")
    make.agreement(farm, found)
    sign_in(client, found)
    return found


@pytest.fixture
def leek(farm):
    found = make.variant(make.product(farm, name="Poireaux"))
    StockItem.objects.create(variant=found, on_hand=14)
    return found


def sign_in(client, enterprise):
    keeper = make.person(language="en")
    Role.objects.create(person=keeper, enterprise=enterprise, name="manager")
    client.force_login(keeper)
    client.cookies["django_language"] = "en"


def at(name, *extra, slug="la-halle"):
    return reverse(f"stock:{name}", args=[slug, *extra])


def own(hub):
    return StockItem.objects.filter(hub=hub).values_list("on_hand", "on_demand").first()


def test_a_row_is_saved_without_javascript_and_leads_back_to_where_one_was(client, hub, leek):
    page = client.get(at("list"))
    answer = client.post(at("own", leek.pk), {"row": "1", "q": "poi", "on_hand": "4", "seen": ""})

    assert 'placeholder="14"' in page.content.decode()
    assert (answer.status_code, answer.url) == (303, f"{at('list')}?q=poi#stock-{leek.pk}")
    assert own(hub) == (4, False)


def test_htmx_saves_a_row_and_gets_that_row_alone(client, hub, leek):
    answer = client.post(at("own", leek.pk), {"row": "1", "on_demand": "on"}, headers=HTMX)

    words = answer.content.decode().strip()
    assert (words.startswith(f'<tr id="stock-{leek.pk}"'), words.count("<tr")) == (True, 1)
    assert "Saved." in words
    assert own(hub) == (0, True)


def test_left_empty_the_producers_stock_is_sold_again(client, hub, leek):
    StockItem.objects.create(variant=leek, hub=hub, on_hand=4)

    client.post(at("own", leek.pk), {"row": "1", "on_hand": "", "seen": "4"})

    assert own(hub) is None


def test_left_empty_stock_that_served_orders_is_kept_and_the_page_says_so(client, hub, leek):
    StockItem.objects.create(variant=leek, hub=hub, on_hand=4)
    cause = actions.Cause("order", "order:R7K2", "guest", make.NOW)
    actions.take(hub_id=hub.pk, wanted={leek.pk: 1}, names={}, cause=cause)

    answer = client.post(at("own", leek.pk), {"on_hand": "", "seen": "3"}, headers=HTMX)

    assert "it stays, at 0" in answer.content.decode()
    assert own(hub) == (0, False)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on_hand": "-1"}, "greater than or equal to 0"),
        ({"on_hand": "many"}, "Enter a whole number"),
        ({"on_hand": "20", "seen": "15"}, "Meanwhile orders changed it: it says 4 now"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"row": "1"}])
def test_what_cannot_be_comes_back_in_words_with_what_was_typed(client, hub, leek, typed, words, more):
    StockItem.objects.create(variant=leek, hub=hub, on_hand=4)

    plain = client.post(at("own", leek.pk), {**typed, **more})
    swapped = client.post(at("own", leek.pk), {**typed, **more}, headers=HTMX)

    for answer in (plain, swapped):
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{typed["on_hand"]}"' in answer.content.decode()
    assert own(hub) == (4, False)


def test_the_panel_stands_on_the_products_page_and_alone(client, hub, leek):
    product = client.get(reverse("catalogue:product", args=["la-halle", leek.product_id])).content.decode()
    panel = client.get(at("level", leek.pk), headers=HTMX).content.decode().strip()
    page = client.get(at("level", leek.pk)).content.decode()

    assert f'hx-get="{at("level", leek.pk)}" hx-trigger="load"' in product
    assert f'<a href="{at("level", leek.pk)}">' in product
    assert panel.startswith(f'<section class="stock-panel" id="level-{leek.pk}"')
    assert f'id="level-{leek.pk}"' in page
    assert "The producer counts it." in panel


def test_a_producer_counts_its_pool_and_reads_why_it_moved(client, farm, leek):
    sign_in(client, farm)
    pool = StockItem.objects.get()
    actions.take_from(pools={pool.pk: 2}, names={}, cause=actions.Cause("order", "order:R7K2", "guest", make.NOW))

    empty = client.post(at("pool", leek.pk, slug="ferme"), {"on_hand": ""}, headers=HTMX)
    answer = client.post(at("pool", leek.pk, slug="ferme"), {"on_hand": "30", "seen": "12"}, headers=HTMX)

    pool.refresh_from_db()
    assert (empty.status_code, pool.on_hand) == (422, 30)
    assert "Say how many there are" in empty.content.decode()
    assert "order R7K2" in answer.content.decode()
    assert "Your own stock" not in answer.content.decode()


def test_the_producers_pool_is_not_the_hubs_to_count(client, hub, leek):
    answer = client.post(at("pool", leek.pk), {"on_hand": "99"})

    assert answer.status_code == 403
    assert StockItem.objects.get().on_hand == 14


def test_another_hubs_manager_stays_outside(client, hub, leek):
    other = make.hub("Ailleurs", slug="ailleurs")
    sign_in(client, other)
    asked = [("list", ()), ("level", (leek.pk,)), ("own", (leek.pk,)), ("pool", (leek.pk,))]

    shut = {client.get(at(name, *extra)).status_code for name, extra in asked[:2]}
    shut |= {client.post(at(name, *extra), {"on_hand": "9"}).status_code for name, extra in asked[2:]}
    unknown = client.get(at("level", leek.pk, slug="ailleurs")).status_code
    refused = {
        client.post(at(name, leek.pk, slug="ailleurs"), {"on_hand": "9"}).status_code for name in ("own", "pool")
    }

    assert (shut, unknown, refused) == ({403}, 404, {403, 404})
    assert list(StockItem.objects.values_list("hub_id", "on_hand")) == [(None, 14)]


def test_an_empty_shelf_says_how_to_fill_it(client, hub):
    assert "Nothing to count yet" in client.get(at("list")).content.decode()
    assert "Nothing is called that" in client.get(at("list"), {"q": "zzz"}).content.decode()


def test_goods_sold_as_they_are_have_no_field_for_own_stock_and_a_forged_one_is_refused(client, hub, leek):
    Agreement.objects.update(handling="as_is")

    pages = [client.get(at("list")), client.get(at("level", leek.pk))]
    forged = client.post(at("own", leek.pk), {"on_hand": "9"})
    by_htmx = client.post(at("own", leek.pk), {"on_hand": "9", "row": "1"}, headers=HTMX)

    assert [f'id="own-{leek.pk}"' in page.content.decode() for page in pages] == [False, False]
    assert [answer.status_code for answer in (forged, by_htmx)] == [422, 422]
    words = "keeps its own stock: only the farm counts it"
    assert [words in answer.content.decode() for answer in (forged, by_htmx)] == [True, True]
    assert own(hub) is None


def test_what_was_counted_before_the_farm_took_it_back_can_be_given_up(client, hub, leek):
    StockItem.objects.create(variant=leek, hub=hub, on_hand=3)
    Agreement.objects.update(handling="as_is")

    page = client.get(at("list")).content.decode()
    client.post(at("own", leek.pk), {"on_hand": "", "row": "1"}, headers=HTMX)

    assert "Sell from the producer’s stock" in page
    assert own(hub) is None
