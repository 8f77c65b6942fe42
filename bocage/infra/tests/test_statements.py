"""A statement gives the rows that its queryset gives, writes its SQL once, and asks one query each time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q

from bocage.infra.models import Event, Version
from bocage.infra.statements import Change, Statement

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 6, 12, tzinfo=UTC)


def _events(*, kinds: list[str], until: datetime, above: int):
    rows = Event.objects.filter(kind__in=kinds, at__lte=until, id__gt=above, by="guest").order_by("id")
    return rows.values_list("key", "kind", "at", "id")


@pytest.fixture
def events():
    return [
        Event.objects.create(key=f"k{n}", kind=f"kind-{n % 3}", payload={}, by="guest", at=AT + timedelta(hours=n))
        for n in range(9)
    ]


@pytest.mark.parametrize("kinds", [["kind-0"], ["kind-0", "kind-2"], ["kind-0", "kind-0"], ["none"]])
@pytest.mark.parametrize("hours", [-1, 0, 5, 99])
def test_it_finds_what_the_queryset_finds(events, kinds, hours):
    given = {"kinds": kinds, "until": AT + timedelta(hours=hours), "above": events[1].pk}

    statement = Statement(_events)

    for _ in range(2):
        assert statement.rows(**given) == list(_events(**given))


def test_moments_come_back_aware(events):
    [row] = Statement(_events).rows(kinds=["kind-0"], until=AT, above=0)

    assert row[2] == AT


def test_the_queryset_is_built_once_per_shape_and_each_call_is_one_query(django_assert_num_queries):
    built = []

    def numbers(*, names: list[str]):
        built.append(len(names))
        return Version.objects.filter(name__in=names).values_list("name", "number")

    statement = Statement(numbers)
    for names in (["a"], ["b"], ["a", "b"], ["c", "d"]):
        with django_assert_num_queries(1):
            statement.rows(names=names)

    assert built == ([1] if connection.vendor == "postgresql" else [1, 2])


def test_a_list_that_stands_twice_and_beside_another_is_found(events):
    def either(*, kinds: list[str], ids: list[int], by: str):
        rows = Event.objects.filter(Q(kind__in=kinds) | Q(id__in=ids) & ~Q(kind__in=kinds), by=by).order_by("id")
        return rows.values_list("id", flat=True)

    for kinds, ids in ((["kind-1"], [events[0].pk]), (["kind-1", "kind-2"], [events[3].pk, events[0].pk, 10**9])):
        given = {"kinds": kinds, "ids": ids, "by": "guest"}
        assert Statement(either).rows(**given) == [(pk,) for pk in either(**given)]


def test_an_empty_list_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Statement(_events).rows(kinds=[], until=AT, above=0) == []


def test_a_parameter_that_stands_nowhere_is_a_mistake():
    statement = Statement(lambda *, name, unused: Version.objects.filter(name=name).values_list("number"))

    with pytest.raises(ValueError, match="unused"):
        statement.rows(name="a", unused=3)


def test_what_is_no_number_text_or_moment_is_refused():
    statement = Statement(lambda *, flag: Version.objects.filter(number=flag).values_list("name"))

    with pytest.raises(TypeError):
        statement.rows(flag=True)


def _renamed(*, kinds: list[str], above: int, to: str):
    return Event.objects.filter(kind__in=kinds, id__gt=above), {"kind": to, "by": "clock"}


def _dropped(*, kinds: list[str]):
    return Event.objects.filter(kind__in=kinds), None


def test_a_change_updates_what_the_queryset_means_and_says_how_many(events, django_assert_num_queries):
    change = Change(_renamed)
    for number, kind in enumerate(["kind-0", "kind-1"]):
        with django_assert_num_queries(1):
            assert change.run(kinds=[kind], above=events[2].pk, to=f"new-{number}") == 2

    kinds = list(Event.objects.order_by("id").values_list("kind", "by"))
    assert kinds[:3] == [("kind-0", "guest"), ("kind-1", "guest"), ("kind-2", "guest")]
    assert [kind for kind, by in kinds if by == "clock"] == ["new-0", "new-1", "new-0", "new-1"]


def test_a_change_without_values_deletes_those_rows_and_no_others(events):
    assert Change(_dropped).run(kinds=["kind-1"]) == 3
    assert set(Event.objects.values_list("kind", flat=True)) == {"kind-0", "kind-2"}
