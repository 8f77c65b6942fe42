import time
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection, transaction

from bocage.infra import outbox, sequences
from bocage.infra.models import Delivery
from bocage.messages import actions as messages
from bocage.messages.models import Message
from bocage.messages.tests import make
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class BellRang:
    tower_id: int


@pytest.fixture
def slow_ears(monkeypatch):
    """A listener that takes its time, so that a second worker always comes too early; what it heard."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    monkeypatch.setattr(outbox, "_facts", {})
    heard = []

    @outbox.on(BellRang)
    def listen(event):
        time.sleep(0.05)
        heard.append(event.tower_id)

    return heard


def ring(count, now):
    with transaction.atomic():
        for tower_id in range(count):
            outbox.emit(BellRang(tower_id=tower_id), by=SimpleNamespace(label="system"), at=now)


def test_two_workers_deliver_each_fact_once(slow_ears, now):
    ring(6, now)

    together([lambda: outbox.deliver_due(now=now)] * 3)

    assert sorted(slow_ears) == list(range(6))
    assert not Delivery.objects.filter(delivered_at=None).exists()


@pytest.mark.postgresql
def test_without_the_lock_two_workers_deliver_twice_so_the_test_above_sees(slow_ears, now, monkeypatch):
    monkeypatch.setattr(type(connection.features), "has_select_for_update_skip_locked", False)
    ring(1, now)

    together([lambda: outbox.deliver_due(now=now)] * 3)

    assert len(slow_ears) > 1


def test_two_workers_send_each_mail_once(monkeypatch):
    for number in range(6):
        make.message(about=f"event:{number}")

    together([lambda: messages.send_due(now=make.NOW)] * 4)

    assert len(mail.outbox) == 6
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_the_same_mail_written_at_once_by_many_is_one():
    ids = together([lambda: make.message().id] * 6)

    assert len(set(ids)) == 1
    assert Message.objects.count() == 1


def test_numbers_taken_at_once_have_no_gap_and_no_twin():
    def take():
        with transaction.atomic():
            return sequences.next_number("invoice:2026")

    numbers = together([take] * 8)

    assert sorted(numbers) == list(range(1, 9))
