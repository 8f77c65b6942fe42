"""The wide picture of a hub: by what it is, the same each time, and always there."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bocage.network.models import Enterprise
from bocage.ui.bands import BANDS, HALL, band
from bocage.ui.modules import HERE

DRAWINGS = HERE / "static" / "ui" / "drawings"


def test_every_kind_of_enterprise_has_its_pictures():
    assert set(BANDS) == set(Enterprise.Kind.values)


def test_an_enterprise_keeps_its_picture_and_two_kinds_do_not_share_one():
    farm_shop, group = band("farm_shop", "mare-aux-joncs"), band("buying_group", "vieux-lavoir")

    assert [band("farm_shop", "mare-aux-joncs"), band("buying_group", "vieux-lavoir")] == [farm_shop, group]
    assert len({farm_shop, group, *BANDS["food_hub"]}) == 4


def test_food_hubs_stand_in_different_places():
    assert [band("food_hub", slug) for slug in ("panier-de-la-halle", "trois-rivieres")] == [HALL, "bands/depot"]


def test_what_we_do_not_know_stands_in_the_market_hall():
    assert band("", "x") == band("market", "x") == HALL


@pytest.mark.parametrize("name", sorted({name for names in BANDS.values() for name in names}))
def test_a_picture_is_of_one_size_says_what_it_shows_and_runs_nothing(name):
    root = ElementTree.parse(DRAWINGS / f"{name}.svg").getroot()

    assert root.get("viewBox") == "0 0 1440 300"
    assert root[0].tag.endswith("title") and root[0].text
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {"svg", "title", "path", "circle", "g"}
