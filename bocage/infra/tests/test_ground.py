import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from bocage.infra import clock, locks, schedule, sequences, translations, work
from bocage.infra.models import Sequence


@pytest.mark.django_db(transaction=True)
def test_a_number_given_back_by_a_rollback_is_given_again():
    with transaction.atomic():
        first = sequences.next_number("invoice:2026")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sequences.next_number("invoice:2026")
        raise ZeroDivisionError
    with transaction.atomic():
        second = sequences.next_number("invoice:2026")

    assert (first, second, sequences.next_number("invoice:2027")) == (1, 2, 1)


@pytest.mark.django_db
def test_rows_are_locked_in_the_order_of_their_ids_whatever_was_asked():
    Sequence.objects.bulk_create(Sequence(name=name) for name in "cab")

    with transaction.atomic():
        found = locks.lock_rows(Sequence.objects.all(), ["c", "a", "b", "a"])

    assert [row.name for row in found] == ["a", "b", "c"]


@pytest.mark.django_db
def test_locking_what_is_not_there_finds_nothing():
    with transaction.atomic():
        assert locks.lock_row(Sequence.objects.all(), "nobody") is None


def test_one_request_has_one_moment(rf):
    seen = []
    handle = clock.middleware(lambda request: seen.append((request.now, request.now)))

    handle(rf.get("/"))

    assert seen[0][0] is seen[0][1]
    assert seen[0][0].utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_a_queue_that_breaks_does_not_stop_the_next(monkeypatch, now):
    done = []

    def broken(*, now):
        raise ValueError("torn")

    def whole(*, now):
        done.append(now)
        return 1

    monkeypatch.setattr(work, "queues", lambda: [broken, whole])

    assert work.work_round(now=now) == 1
    assert done == [now]


def test_the_clock_calls_a_function_with_its_moment_and_enqueues_a_task(now):
    struck = []
    task = SimpleNamespace(enqueue=lambda: struck.append("enqueued"), func=test_one_request_has_one_moment)

    def sweep(*, now):
        struck.append(now)

    work.strike(schedule.Every(seconds=20, do=sweep), now=now)
    work.strike(schedule.Every(seconds=20, do=task), now=now)

    assert struck == [now, "enqueued"]


def test_the_clock_and_the_worker_find_what_the_apps_list():
    assert "bocage.messages.actions" in {queue.__module__ for queue in schedule.queues()}
    assert all(isinstance(entry, schedule.Every) for entry in schedule.schedule())


def test_translations_are_compiled_when_they_changed_and_only_then(tmp_path):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Leek"\nmsgstr "Poireau"\n'
    )

    first, second = translations.compile_stale(tmp_path), translations.compile_stale(tmp_path)
    os.utime(source, (2**31, 2**31))
    third = translations.compile_stale(tmp_path)

    assert (first, second, third) == ([source], [], [source])
