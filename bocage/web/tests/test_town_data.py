"""The data of the demo town are whole: nothing missing, nothing twice, every picture drawn."""

from collections import Counter
from itertools import chain

import pytest
from django.contrib.staticfiles import finders

from bocage.web.town.data import Moment
from bocage.web.town.load import parse_moment, parse_size, town

GOODS = [(farm, good) for farm in town().farms for good in farm.goods]
SIZES = [(farm, good, size) for farm, good in GOODS for size in good.sizes]
FIELDS = {"meadow", "wheat", "barley", "flax", "buckwheat", "soil", "squash"}


def test_the_town_has_as_much_as_it_promises():
    assert (len(town().farms), len(GOODS), len(SIZES)) == (14, 180, 220)
    assert len(town().hubs) >= 3
    assert len(town().shoppers) >= 60


def test_goods_come_in_every_kind_of_measure():
    packs = {size.pack for _, _, size in SIZES}

    assert {size.unit for _, _, size in SIZES} == {"weight", "volume", "items"}
    assert {"botte", "pièce", "boîte"} <= packs
    assert {"g", "kg", "cL", "L"} == {size.text.split(" ")[-1] for _, _, size in SIZES if " " in size.text}


def test_all_three_vat_rates_are_used():
    rate_of = {shelf.slug: shelf.rate for shelf in town().shelves}

    used = Counter(rate_of[good.shelf] for _, good in GOODS)

    assert set(used) == {"reduced", "intermediate", "standard"}
    assert {rate.code: rate.millionths for rate in town().rates} == {
        "reduced": 55_000,
        "intermediate": 100_000,
        "standard": 200_000,
    }


@pytest.mark.parametrize(
    ("word", "rate"),
    [
        ("Cidre brut", "standard"),
        ("Bière blonde", "standard"),
        ("Savon au miel", "standard"),
        ("Quiche", "intermediate"),
        ("Poireaux", "reduced"),
        ("Jus de pomme", "reduced"),
        ("Truite du bief", "reduced"),
    ],
)
def test_each_kind_of_good_bears_its_vat(word, rate):
    rate_of = {shelf.slug: shelf.rate for shelf in town().shelves}

    assert {rate_of[good.shelf] for _, good in GOODS if good.name.startswith(word)} == {rate}


def test_every_picture_is_drawn():
    pictures = {
        *(good.picture for _, good in GOODS),
        *(shelf.picture for shelf in town().shelves),
        *(farm.who.picture for farm in town().farms),
        *(hub.who.picture for hub in town().hubs),
    }

    assert sorted(picture for picture in pictures if finders.find(picture) is None) == []


def test_nothing_is_there_twice():
    skus = [size.sku for _, _, size in SIZES]
    slugs = [who.slug for who in chain((f.who for f in town().farms), (h.who for h in town().hubs if not h.is_farm))]
    mails = [person.email for person in chain(town().people, town().shoppers)]
    names = [(farm.who.slug, good.name) for farm, good in GOODS]

    for keys in (skus, slugs, mails, names, [s.slug for s in town().shelves], [t.slug for t in town().traits]):
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_name_leads_somewhere():
    inner = {shelf.slug for shelf in town().shelves if shelf.parent}
    traits = {trait.slug for trait in town().traits}
    places = {farm.who.slug for farm in town().farms} | {hub.who.slug for hub in town().hubs}

    assert {good.shelf for _, good in GOODS} == inner
    assert {slug for _, good in GOODS for slug in good.properties} <= traits
    assert {slug for farm in town().farms for slug in farm.properties} <= traits
    assert {role.at for person in town().people for role in person.roles} <= places
    assert {slug for hub in town().hubs for slug in hub.carries} <= {farm.who.slug for farm in town().farms}
    assert {sale.hub for sale in town().sales} <= {hub.who.slug for hub in town().hubs}
    assert {shelf.field for shelf in town().shelves} <= FIELDS


def test_every_listing_names_one_size():
    known = Counter((farm.who.slug, good.name, size.text) for farm, good, size in SIZES)

    listings = [one for hub in town().hubs for one in hub.listings]

    assert [known[one.farm, one.product, one.size] for one in listings] == [1] * len(listings)
    assert {one.is_hidden for one in listings} == {True, False}


def test_only_weight_is_weighed_and_meat_mostly_is():
    meat = {"beef", "pork", "lamb", "poultry", "fish"}
    of_meat = [size for _, good, size in SIZES if good.shelf in meat]

    assert {size.unit for _, _, size in SIZES if size.is_weighed} == {"weight"}
    assert sum(size.is_weighed for size in of_meat) > 0.9 * len(of_meat)


def test_some_stock_is_low_some_gone_some_endless():
    stocks = [size.stock for _, _, size in SIZES]

    assert stocks.count(None) >= 4
    assert stocks.count(0) >= 4
    assert sum(1 for stock in stocks if stock in (1, 2, 3)) >= 4


def test_three_past_sales_have_240_orders():
    past = [sale for sale in town().sales if sale.closes.days < 0]

    assert (len(past), sum(sale.orders for sale in past)) == (3, 240)


def test_a_size_is_read_as_people_write_it():
    assert parse_size("~1,4 kg") == ("weight", 1400, True)
    assert parse_size("75 cL") == ("volume", 750, False)
    assert parse_size("6") == ("items", 6, False)


def test_a_size_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match="not a size"):
        parse_size("une botte")


def test_a_moment_counts_from_today():
    at = parse_moment("+1 20:00")

    assert (at, at.at.hour) == (Moment(days=1, at=at.at), 20)
