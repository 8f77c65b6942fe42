"""Rows inserted by SQL that is written once come back as any others do."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bocage.infra import inserts
from bocage.infra.inserts import add_to, insert, insert_new, insert_or_update
from bocage.infra.models import Delivery, Event, Version

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 6, 12, 0, 0, 123456, tzinfo=UTC)


def event(key, **more):
    return Event(key=key, kind="test", payload={"é": [1, None, {"b": True}]}, by="guest", at=NOON, **more)


def test_one_row_and_many_read_back_as_they_were_given():
    for rows in ([event("one")], [event(f"many-{number}") for number in range(3)]):
        written = insert(rows)

        assert written == rows and all(row.pk for row in rows)
        read = list(Event.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
        assert [(row.key, row.payload, row.at) for row in read] == [(row.key, row.payload, row.at) for row in rows]


def test_what_is_empty_stays_empty_and_each_row_keeps_its_own():
    [about] = insert([event("about")])
    waiting, done = insert(
        [
            Delivery(event=about, subscriber="a", due_at=NOON),
            Delivery(event=about, subscriber="b", due_at=NOON, delivered_at=NOON, attempts=3, last_error="%s 'no'"),
        ]
    )

    waiting, done = Delivery.objects.get(pk=waiting.pk), Delivery.objects.get(pk=done.pk)
    assert (waiting.subscriber, waiting.delivered_at, waiting.attempts) == ("a", None, 0)
    assert (done.subscriber, done.delivered_at, done.attempts, done.last_error) == ("b", NOON, 3, "%s 'no'")


def test_nothing_to_insert_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        assert insert([]) == []
    assert len(asked) == 0


def test_more_than_one_statement_holds_is_inserted_in_several(monkeypatch):
    monkeypatch.setattr(inserts, "MOST_VALUES", 12)
    rows = insert(event(f"{number}") for number in range(7))

    assert sorted(Event.objects.values_list("pk", "key")) == sorted((row.pk, row.key) for row in rows)


def test_a_row_that_is_there_already_is_left_and_the_transaction_goes_on():
    first, second = Version(name="fees:1", number=4), Version(name="fees:1", number=9)

    assert (insert_new(first), insert_new(second)) == (True, False)
    assert first.pk and Version.objects.get(name="fees:1").number == 4


def test_insert_itself_refuses_a_second_one():
    insert([event("same")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([event("same")])


@pytest.mark.parametrize("many", [1, 3])
def test_a_row_that_is_known_is_brought_to_what_is_given_and_another_is_added(many):
    Version.objects.create(name="name-0", number=7)
    Version.objects.create(name="other", number=5)

    with CaptureQueriesContext(connection) as asked:
        rows = [Version(name=f"name-{number}", number=number + 1) for number in range(many)]
        insert_or_update(rows, unique=("name",), update=("number",))

    assert len(asked) == 1
    wanted = {"other": 5} | {f"name-{number}": number + 1 for number in range(many)}
    assert dict(Version.objects.values_list("name", "number")) == wanted


@pytest.mark.parametrize("changes", [{}, {0: -2}, {0: 3, 2: -4}])
def test_many_rows_are_counted_up_and_down_in_one_query(changes):
    about = Event.objects.create(key="about", kind="test", payload={}, by="guest", at=NOON)
    rows = [Delivery.objects.create(event=about, subscriber=name, due_at=NOON, attempts=10) for name in ("a", "b", "c")]

    with CaptureQueriesContext(connection) as asked:
        add_to(Delivery, "attempts", {rows[at].pk: change for at, change in changes.items()})

    assert len(asked) == (1 if changes else 0)
    assert [row.attempts for row in Delivery.objects.order_by("id")] == [10 + changes.get(at, 0) for at in range(3)]
