"""The list of orders by date and across hubs: a person's own hubs, and nobody else's."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bocage.commons.refusals import Forbidden
from bocage.network.models import Instance, Role
from bocage.network.queries import actor_for
from bocage.orders.models import Order
from bocage.orders.queries.lists import hub_orders
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.orders.views.filters import Filters

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    town = make.market()
    town.offer("Poireaux", "2.80")
    return town


@pytest.fixture
def desk(client, town):
    Instance.objects.update(host=None)
    person = make.person()
    Role.objects.create(person=person, enterprise=town.hub, name="manager")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    client.person = person
    return client


def place(town, *, days=0):
    placed = town.place({town.variants["Poireaux"]: 1})
    Order.objects.filter(id=placed.order_id).update(placed_at=NOON + timedelta(days=days))
    return placed.ref


def found(desk, town, **query):
    response = desk.get(reverse("orders:list", args=[town.hub.slug]), query)
    return [row.ref for row in response.context["found"].rows]


def test_days_are_whole_days_of_the_hub_the_last_one_included(desk, town):
    """NOON is 6 October, 14:00 in Paris."""
    first, second = place(town), place(town, days=2)
    Order.objects.filter(ref=first).update(placed_at=NOON + timedelta(hours=9, minutes=59))  # 23:59 there

    assert found(desk, town, placed_from="2026-10-06", placed_to="2026-10-06") == [first]
    assert found(desk, town, placed_from="2026-10-07") == [second]
    assert found(desk, town, placed_to="2026-10-08") == [second, first]
    assert found(desk, town, handed_from="2026-10-09", handed_to="2026-10-09") == [second, first]
    assert found(desk, town, handed_from="2026-10-10") == []


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_makes_no_sense_or_is_the_last_there_is_breaks_nothing(desk, town, day):
    ref = place(town)

    assert found(desk, town, placed_to=day) in ([ref], [])


def test_days_are_kept_in_the_address_and_so_under_a_name():
    wanted = Filters.read({"placed_from": "2026-10-06", "hubs": "all"}, cycles=(), places=())

    assert (wanted.query(), wanted.is_any, wanted.has_days) == ("placed_from=2026-10-06&hubs=all", True, True)
    assert wanted.asked("Europe/Paris")["placed"].since.date() == date(2026, 10, 6)


def test_a_manager_of_two_hubs_finds_the_orders_of_both_in_one_list_and_no_third(desk, town):
    other, third = make.market(), make.market()
    for market in (other, third):
        market.offer("Poireaux", "2.80")
    Instance.objects.update(host=None)
    Role.objects.create(person=desk.person, enterprise=other.hub, name="volunteer")
    refs = [place(one) for one in (town, other, third)]

    alone, both = found(desk, town), found(desk, town, hubs="all")
    page = desk.get(reverse("orders:list", args=[town.hub.slug]), {"hubs": "all"}).content.decode()

    assert (alone, both) == ([refs[0]], [refs[1], refs[0]])
    assert reverse("orders:show", args=[other.hub.slug, refs[1]]) in page
    assert 'id="bulk"' not in page
    with pytest.raises(Forbidden):
        hub_orders(hub_id=town.hub.pk, more_hubs=[third.hub.pk], actor=actor_for(desk.person))


def test_one_hub_or_three_take_the_same_queries(desk, town):
    where = reverse("orders:list", args=[town.hub.slug])
    place(town)
    with CaptureQueriesContext(connection) as one:
        desk.get(where)
    for market in (make.market(), make.market()):
        market.offer("Poireaux", "2.80")
        Role.objects.create(person=desk.person, enterprise=market.hub, name="manager")
        place(market)
    Instance.objects.update(host=None)
    with CaptureQueriesContext(connection) as three:
        desk.get(where, {"hubs": "all"})
    assert len(one) == len(three)


def test_days_at_the_ends_of_time_are_no_bounds(desk, town):
    ref = place(town)

    assert found(desk, town, placed_from="0001-01-01", placed_to="9999-12-31") == [ref]
    assert found(desk, town, handed_from="0001-01-02", handed_to="9999-12-30") == [ref]
