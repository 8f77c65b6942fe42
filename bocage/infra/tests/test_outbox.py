from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from bocage.infra import outbox
from bocage.infra.models import Delivery, Event

BY = SimpleNamespace(label="person:7")


@dataclass(frozen=True)
class AppleFell:
    tree_id: int


@pytest.fixture
def heard(monkeypatch):
    """Two listeners of AppleFell; `heard` is what each was told. Put an error in `heard.broken` to make one fail."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    monkeypatch.setattr(outbox, "_facts", {})
    told = SimpleNamespace(careful=[], broken=None)

    @outbox.on(AppleFell)
    def careful(event):
        told.careful.append((event.tree_id, event.by, event.at))

    @outbox.on(AppleFell)
    def fragile(event):
        if told.broken:
            Event.objects.create(key="half", kind="half", payload={}, by="x", at=event.at)
            raise told.broken

    return told


def emit(tree_id, now):
    with transaction.atomic():
        return outbox.emit(AppleFell(tree_id=tree_id), by=BY, at=now)


@pytest.mark.django_db
def test_a_fact_is_told_to_its_listeners_once(heard, now):
    emit(3, now)

    tried = [outbox.deliver_due(now=now), outbox.deliver_due(now=now)]

    assert tried == [2, 0]
    assert heard.careful == [(3, "person:7", now)]


@pytest.mark.django_db(transaction=True)
def test_a_fact_vanishes_with_the_transaction_that_made_it(heard, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.emit(AppleFell(tree_id=3), by=BY, at=now)
        raise ZeroDivisionError

    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_fact_cannot_be_emitted_outside_a_transaction(now):
    with pytest.raises(RuntimeError):
        outbox.emit(AppleFell(tree_id=3), by=BY, at=now)


@pytest.mark.django_db
def test_a_failing_listener_leaves_nothing_half_done_and_no_other_unheard(heard, now):
    heard.broken = ValueError("no basket")
    emit(3, now)

    outbox.deliver_due(now=now)

    assert heard.careful == [(3, "person:7", now)]
    assert not Event.objects.filter(key="half").exists()
    waiting = Delivery.objects.get(delivered_at=None)
    assert (waiting.attempts, waiting.due_at, waiting.last_error) == (
        1,
        now + timedelta(seconds=2),
        "ValueError: no basket",
    )


@pytest.mark.django_db
def test_a_failed_delivery_waits_longer_each_time_and_arrives_when_it_can(heard, now):
    heard.broken = ValueError("no basket")
    emit(3, now)
    outbox.deliver_due(now=now)

    too_early = outbox.deliver_due(now=now + timedelta(seconds=1))
    outbox.deliver_due(now=now + timedelta(seconds=2))
    second_wait = Delivery.objects.get(delivered_at=None).due_at
    heard.broken = None
    in_time = outbox.deliver_due(now=second_wait)

    assert (too_early, second_wait, in_time) == (0, now + timedelta(seconds=2 + 4), 1)
    assert not Delivery.objects.filter(delivered_at=None).exists()


@pytest.mark.django_db
def test_a_hopeless_delivery_is_given_up_but_kept(heard, now):
    heard.broken = ValueError("no basket")
    emit(3, now)

    for day in range(outbox.MAX_ATTEMPTS + 3):
        outbox.deliver_due(now=now + timedelta(days=day))

    assert Delivery.objects.get(delivered_at=None).attempts == outbox.MAX_ATTEMPTS


@pytest.mark.django_db
def test_what_was_heard_by_all_is_forgotten_once_it_is_old(heard, now):
    month = timedelta(days=30)
    for day in (0, 29, 31):
        emit(day, now - timedelta(days=day))
    outbox.deliver_due(now=now)
    heard.broken = ValueError("no basket")
    emit(99, now - timedelta(days=99))
    outbox.deliver_due(now=now)

    forgotten = outbox.prune(now=now, keep=month, batch=1)

    left = Event.objects.order_by("id").values_list("payload__tree_id", flat=True)
    assert (forgotten, list(left)) == (1, [0, 29, 99])
    assert Delivery.objects.count() == 6
