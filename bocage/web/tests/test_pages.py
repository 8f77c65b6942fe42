import io
import tarfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from bocage.catalogue.models import ProducerProperty, Property
from bocage.network.models import Enterprise, Instance
from bocage.network.queries import current_texts
from bocage.order_cycles.models import OrderCycle
from bocage.orders.tests import make
from bocage.shops.models import Shop
from bocage.web import queries
from bocage.web.queries import Place, directory

NOW = make.NOON
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def market():
    made = make.market()
    Instance.objects.filter(id=made.instance.pk).update(host=None)
    return made


def listed(market, **wanted):
    return directory(instance_id=market.instance.pk, now=NOW, **wanted)


def put(enterprise, latitude, longitude, **fields):
    Enterprise.objects.filter(id=enterprise.pk).update(latitude=latitude, longitude=longitude, **fields)


def another_hub(market, name="Verger", **fields):
    hub = make.enterprise(market.instance, name, sells="own", **fields)
    Shop.objects.create(hub=hub)
    return hub


def test_the_directory_lists_who_sells_with_the_sale_of_the_moment(market):
    put(market.hub, "48.421", "-1.015", town="Malvran")
    market.offer("Poireaux", "2.50")

    found = listed(market)

    [row] = found.rows
    assert (found.total, found.open, row.name, row.number) == (1, 1, market.hub.name, 1)
    assert row.sale is not None and row.sale.closes_at == market.cycle.closes_at
    assert (row.x, row.y) == (461, 431)
    assert row.pictures == (market.category.picture,)


def test_hidden_and_linked_hubs_and_farms_that_sell_nothing_are_not_listed(market):
    another_hub(market, "Cachée", visibility="hidden")
    another_hub(market, "Par lien", visibility="linked")

    assert [row.id for row in listed(market).rows] == [market.hub.pk]


def test_near_a_town_the_nearest_comes_first_and_the_far_are_left_out(market):
    far, near = another_hub(market, "Loin"), another_hub(market, "Près")
    put(market.hub, "48.421", "-1.015")
    put(near, "48.44", "-1.015")
    put(far, "49.5", "-1.015")

    found = listed(market, near=Place("Malvran", "", 48.421, -1.015), within_km=10)

    assert [row.id for row in found.rows] == [market.hub.pk, near.pk]
    assert round(found.rows[1].distance_km, 1) == 2.1


def test_a_sale_closing_within_a_day_and_a_half_closes_soon_and_a_closed_one_opens_again(market):
    cycle = OrderCycle.objects.filter(id=market.cycle.pk)

    cycle.update(closes_at=NOW + timedelta(hours=30))
    soon = listed(market).rows[0].state
    cycle.update(opens_at=NOW + timedelta(hours=1), closes_at=NOW + timedelta(days=2))
    coming = listed(market)

    assert soon == "soon"
    assert (coming.rows[0].state, coming.open) == ("shut", 0)
    assert [row.id for row in listed(market, only="open").rows] == []


def test_the_directory_asks_the_same_number_of_queries_for_one_hub_and_for_four(market, django_assert_num_queries):
    market.offer("Poireaux", "2.50")
    with django_assert_num_queries(5):
        listed(market)
    for name in ("Un", "Deux", "Trois"):
        another_hub(market, name)

    with django_assert_num_queries(5):
        listed(market)


def test_a_town_is_found_by_its_name_its_beginning_its_postcode_without_case_or_accents(market):
    put(market.hub, "48.364", "-1.103", town="Trévéan", postcode="35986")

    def ask(text):
        return queries.place_named(text, instance_id=market.instance.pk)

    assert {ask(text).name for text in ("Trévéan", "trevean", "TREV", "35986")} == {"Trévéan"}
    assert ask("Rennes").name == "Rennes"
    assert (ask("Nullepart-les-Oies"), ask("")) == (None, None)


def test_the_figures_count_what_is_there(market):
    found = queries.figures(instance_id=market.instance.pk, now=NOW + timedelta(minutes=1))

    assert found == queries.Figures(shops=1, farms=2, carried=None)


def test_home_shows_the_hubs_in_words_and_on_the_map(client, market):
    put(market.hub, "48.421", "-1.015", town="Malvran")
    OrderCycle.objects.update(opens_at=timezone.now() - timedelta(days=1), closes_at=timezone.now() + timedelta(days=9))

    shown = client.get("/", {"town": "malvran"}).content.decode()

    assert shown.count(market.hub.name) == 2  # in the list, and as the name of its pin
    assert 'class="map-pin" data-tone="open"' in shown


@pytest.mark.parametrize("asked", ["?town=%00&within=x&only=y", "?within=-1", "?town=" + "a" * 500])
def test_home_answers_whatever_is_asked(client, market, asked):
    assert client.get(f"/{asked}").status_code == 200


def test_farms_are_listed_and_sorted_out_by_what_they_are(client, market):
    organic = Property.objects.create(slug="organic", name_fr="Bio", name_en="Organic")
    ProducerProperty.objects.create(producer=market.farm, property=organic)

    shown = client.get("/farms/?trait=organic").content.decode()

    assert market.farm.name in shown and market.other_farm.name not in shown


def test_a_farm_says_what_it_makes_and_where_that_is_sold_now(market):
    market.offer("Poireaux", "2.50")

    found = queries.farm_page(instance_id=market.instance.pk, slug=market.farm.slug, language="fr", now=NOW)

    assert [product.name for product in found.products] == ["Poireaux"]
    assert [(hub.name, hub.products) for hub in found.sold_at] == [(market.hub.name, 1)]


def test_a_hidden_farm_has_no_page_and_a_linked_one_is_kept_from_search_engines(client, market):
    Enterprise.objects.filter(id=market.farm.pk).update(visibility="hidden")
    Enterprise.objects.filter(id=market.other_farm.pk).update(visibility="linked")

    hidden, linked = client.get(f"/farms/{market.farm.slug}/"), client.get(f"/farms/{market.other_farm.slug}/")

    assert (hidden.status_code, linked.status_code, linked["X-Robots-Tag"]) == (404, 200, "noindex")


@pytest.mark.parametrize("path", ["/commons/", "/sell/", "/legal/", "/legal/privacy/", "/legal/notice/"])
def test_the_pages_of_words_answer_in_both_languages(client, market, path):
    french = client.get(path, headers={"accept-language": "fr"}).content.decode()
    english = client.get(path, headers={"accept-language": "en"}).content.decode()

    assert ('<html lang="fr">' in french, '<html lang="en">' in english) == (True, True)


def test_terms_are_those_in_force_and_there_is_nothing_else_under_legal(client, market):
    assert current_texts(instance_id=market.instance.pk) == []
    assert client.get("/legal/terms/").status_code == 404
    assert client.get("/legal/anything/").status_code == 404


def test_the_probe_and_the_robots_answer_in_plain_text(client, market):
    assert client.get("/health/").content == b"ok\n"
    assert "Disallow: /hub/" in client.get("/robots.txt").content.decode()


def test_the_source_is_offered_as_it_runs_without_data(client, market):
    answer = client.get("/source/")

    with tarfile.open(fileobj=io.BytesIO(b"".join(answer.streaming_content))) as tar:
        names = set(tar.getnames())
    assert "bocage/bocage/web/source.py" in names or "bocage/bocage/settings.py" in names
    assert not any(name.startswith(("bocage/var/", "bocage/.git/", "bocage/.venv/")) for name in names)


def test_the_source_lives_elsewhere_where_an_address_is_set(client, market, settings):
    settings.SOURCE_URL = "https://code.exemple.example/bocage"

    assert client.get("/source/").headers["Location"] == "https://code.exemple.example/bocage"


def test_the_demo_door_is_shut_outside_the_demo(client, market, settings):
    settings.DEMO = False

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/session/", {"email": "nolwenn@exemple.bocage.example"}).status_code == 404


def test_in_the_demo_one_click_logs_in_but_only_as_somebody_of_the_town(client, market, settings):
    settings.DEMO = True
    from bocage.network.models import Person
    from bocage.web import demo

    chosen = demo.people()[1]
    Person.objects.create_user(chosen.email, demo.password(), name=chosen.name)
    Person.objects.create_user("autre@exemple.example", demo.password())

    stranger = client.post("/demo/session/", {"email": "autre@exemple.example"})
    known = client.post("/demo/session/", {"email": chosen.email})

    assert (stranger.status_code, known.status_code) == (404, 303)
    assert "_auth_user_id" in client.session


def test_an_instance_is_needed_but_nothing_else(client):
    Instance.objects.create(slug="vide", name="Vide", mail_from="a@exemple.example", contact_email="a@exemple.example")

    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_the_health_page_answers_a_probe_before_there_is_an_instance(client):
    assert client.get("/health/").content == b"ok\n"
