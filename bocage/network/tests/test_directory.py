"""The directory: public enterprises near a place or by name; towns by name or postcode."""

import pytest

from bocage.network.queries import Place, directory, places
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
VIRE = Place("Vire", "Normandie", 48.84, -0.89)
NEAR, FAR = {"latitude": "48.85", "longitude": "-0.80"}, {"latitude": "49.18", "longitude": "-0.37"}


def names(rows):
    return [row.name for row in rows]


def find(**wishes):
    return directory.find(make.instance().id, **wishes)


def test_only_public_enterprises_that_sell_are_listed_by_name():
    make.hub("Panier")
    make.enterprise("Écluse", sells="own")
    make.hub("Linked", visibility="linked")
    make.hub("Hidden", visibility="hidden")
    make.enterprise("Farm without a shop")
    make.hub("Elsewhere", instance=make.instance(host="other.example", slug="other"))

    assert names(find()) == ["Écluse", "Panier"]


def test_producers_are_listed_whether_they_sell_or_not():
    make.enterprise("Ferme B")
    make.enterprise("Ferme A", sells="own")
    make.enterprise("Hidden", visibility="hidden")
    make.hub("Panier")

    assert names(directory.farms(make.instance().id)) == ["Ferme A", "Ferme B"]


def test_near_a_place_the_nearest_come_first_and_the_far_and_the_placeless_not_at_all():
    make.hub("Nowhere")
    make.hub("Caen", **FAR)
    make.hub("Next town", **NEAR)
    make.hub("Here", latitude="48.84", longitude="-0.89")

    rows = find(near=VIRE, within_km=50)

    assert [(row.name, round(row.distance_km)) for row in rows] == [("Here", 0), ("Next town", 7)]
    assert names(find(near=VIRE, within_km=60)) == ["Here", "Next town", "Caen"]


def test_the_circle_is_exact_although_the_database_looks_in_a_box():
    make.hub("Corner", latitude="48.93", longitude="-0.75")  # in a box of 11 km, 14 km away

    assert names(find(near=VIRE, within_km=11)) == []
    assert names(find(near=VIRE, within_km=15)) == ["Corner"]


@pytest.mark.parametrize("text", ["éTÉ", "ete", "vire"])
def test_text_finds_names_and_towns_without_accents_or_case(text):
    make.hub("L’Été", town="Vire")
    make.hub("Hiver", town="Caen")

    assert names(find(text=text)) == ["L’Été"]


def test_kinds_narrow_the_list():
    make.hub("Panier")
    make.hub("Groupe", kind="buying_group")

    assert names(find(kinds=["buying_group"])) == ["Groupe"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_takes_one_query(count, django_assert_num_queries):
    for _ in range(count):
        make.hub(**NEAR)
    instance_id = make.instance().id

    with django_assert_num_queries(1):
        assert len(directory.find(instance_id, near=VIRE)) == count


def search(text, **wishes):
    return [(place.name, place.detail) for place in places.search(text, instance_id=make.instance().id, **wishes)]


def test_a_town_is_found_by_the_beginning_of_its_name_the_largest_first():
    assert search("saint-lô", limit=1) == search("ST LO", limit=1) == [("Saint-Lô", "Normandie")]
    assert search("flers") == [("Flers", "Normandie"), ("Flers-en-Escrebieux", "Hauts-de-France")]


def test_towns_of_enterprises_are_found_by_name_and_postcode_even_if_no_table_has_them():
    make.enterprise(town="Malvran", postcode="35985", **NEAR)
    make.enterprise(town="Cachette", postcode="35985", visibility="hidden", **NEAR)
    make.enterprise(town="Nulle-Part", postcode="35985")

    assert search("malvr") == search("35985") == [("Malvran", "35985")]
    [place] = places.search("malvran", instance_id=make.instance().id)
    assert (place.latitude, place.longitude) == (48.85, -0.8)


def test_an_exact_name_comes_before_a_longer_one_and_own_towns_before_the_table():
    make.enterprise(town="Flersville", postcode="61100", **NEAR)

    assert search("flers", limit=2) == [("Flers", "Normandie"), ("Flersville", "61100")]


def test_pickup_points_can_be_added():
    assert search("le pavé", also=[Place("Le Pavé", "35000", 48.0, -1.0)]) == [("Le Pavé", "35000")]


@pytest.mark.parametrize("text", ["", " ", "?!", "xyzzy"])
def test_nothing_is_found_for_nothing(text):
    assert search(text) == []


def test_a_search_takes_one_query(django_assert_num_queries):
    instance_id = make.instance().id

    with django_assert_num_queries(1):
        places.search("paris", instance_id=instance_id)


def test_the_distance_from_paris_to_marseille_is_known():
    assert round(places.distance_km(48.8566, 2.3522, 43.2965, 5.3698)) == 660
