"""The machine: what is seen of it, by whom; how it calls its stewards, once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bocage.fulfilment.tests import make
from bocage.infra import outbox, pulses, work
from bocage.infra.models import Delivery
from bocage.messages.models import Message
from bocage.network.models import Person
from bocage.web.tasks import call_stewards

pytestmark = pytest.mark.django_db
BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class AppleFell:
    tree_id: int


@pytest.fixture(autouse=True)
def _this_morning(now):
    make.instance()
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def basket(monkeypatch, now):
    """Who should hear of apples, and cannot as long as `basket.broken`."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    monkeypatch.setattr(outbox, "_facts", {})
    told = SimpleNamespace(broken=True, apples=[])

    @outbox.on(AppleFell)
    def hold(event):
        if told.broken:
            raise ValueError("no basket")
        told.apples.append(event.tree_id)

    return told


@pytest.fixture
def clock_and_worker(now):
    work.show_life(now=now)
    work.clock_round(now=now)


def give_up(now, apples=1):
    for tree_id in range(apples):
        with transaction.atomic():
            outbox.emit(AppleFell(tree_id), by=SimpleNamespace(label="guest"), at=now - timedelta(days=30))
    for day in range(30, 30 - outbox.MAX_ATTEMPTS, -1):
        outbox.deliver_due(now=now - timedelta(days=day))


def sign_in(client, *, is_staff=True, language="en"):
    person = make.person(name="Samuel")
    Person.objects.filter(pk=person.pk).update(is_staff=is_staff, language=language)
    client.force_login(person, backend=BY_PASSWORD)
    client.cookies["django_language"] = "en"
    return person


def test_all_is_well_while_everything_recurs(client, clock_and_worker):
    sign_in(client)

    response = client.get("/machine/")

    assert "All is well" in response.content.decode()
    assert {one.is_overdue for one in response.context["machine"].recurring} == {False}
    assert [client.get("/health/work/").status_code, client.get("/health/work/").content] == [200, b"ok\n"]


def test_what_no_longer_recurs_is_overdue(client, clock_and_worker, now):
    sign_in(client)

    with time_machine.travel(now + timedelta(minutes=10), tick=False):
        response = client.get("/machine/")
        health = client.get("/health/work/")

    overdue = [one.name for one in response.context["machine"].overdue]
    tasks = {name.removeprefix("bocage.") for name in overdue}
    sales = {"order_cycles.tasks.tell_due_cycles", "orders.tasks.reconcile_payments", "orders.tasks.tell_customers"}
    assert tasks == {"worker", "cooperative.governance.tasks.close_votes", *sales}
    assert "The machine needs somebody" in response.content.decode()
    assert (health.status_code, health.content) == (503, b"late\n")


def test_what_fails_each_time_becomes_overdue_and_says_why(client, clock_and_worker, now, monkeypatch):
    sign_in(client)
    entry = next(one for one in work.schedule() if one.seconds == 20)

    def fail(now):
        raise ValueError("no ink")

    fail.__module__, fail.__qualname__ = entry.name.rsplit(".", 1)
    later = now + timedelta(minutes=10)
    work.strike(type(entry)(seconds=20, do=fail), now=later)
    with time_machine.travel(later, tick=False):
        rows = client.get("/machine/").context["machine"].recurring

    found = next(one for one in rows if one.name == entry.name)
    assert (found.done_at, found.is_overdue, found.last_error) == (now, True, "ValueError: no ink")


def test_a_delivery_that_was_given_up_is_shown_and_tried_again(client, basket, clock_and_worker, now):
    sign_in(client)
    give_up(now)

    page = client.get("/machine/")
    shown = page.context["machine"].given_up
    basket.broken = False
    again = client.post("/machine/tries/", {"delivery": shown[0].id}, follow=True)
    outbox.deliver_due(now=now)

    assert [(one.fact.rsplit(".", 1)[1], one.attempts, one.last_error) for one in shown] == [
        ("AppleFell", outbox.MAX_ATTEMPTS, "ValueError: no basket")
    ]
    assert "no basket" in page.content.decode()
    assert "1 delivery is tried again." in again.content.decode()
    assert (basket.apples, client.get("/machine/").context["machine"].lost) == ([0], 0)


def test_all_that_were_given_up_are_tried_again_at_once_and_nothing_else(client, basket, clock_and_worker, now):
    sign_in(client)
    give_up(now, apples=3)
    with transaction.atomic():
        outbox.emit(AppleFell(9), by=SimpleNamespace(label="guest"), at=now + timedelta(days=1))

    client.post("/machine/tries/")
    nothing = client.post("/machine/tries/", {"delivery": "999999"}, follow=True)

    waits = Delivery.objects.order_by("id").values_list("attempts", "due_at")
    assert list(waits) == [(0, now)] * 3 + [(0, now + timedelta(days=1))]
    assert "Nothing is left to be tried again." in nothing.content.decode()


def test_stewards_are_written_once_a_day_while_something_was_given_up(basket, clock_and_worker, client, now):
    steward = sign_in(client, language="fr")
    make.person(name="Yann")
    call_stewards(now=now)
    assert Message.objects.count() == 0
    give_up(now)

    for hours in (0, 1, 8, 24):
        later = now + timedelta(hours=hours)
        for name in [pulses.WORKER, *(entry.name for entry in work.schedule())]:
            pulses.note(name, begun_at=later)
        call_stewards(now=later)

    mails = list(Message.objects.order_by("id"))
    assert [(mail.to_email, mail.subject) for mail in mails] == [
        (steward.email, "La machine a besoin de quelqu’un")
    ] * 2
    assert "1 transmission a échoué à chaque essai." in mails[0].text
    assert "/machine/" in mails[0].text and "/machine/" in mails[0].html


def test_the_machine_is_for_stewards_alone(client, basket, clock_and_worker, now, settings):
    give_up(now)
    delivery = Delivery.objects.get()

    def answers():
        return client.get("/machine/").status_code, client.post("/machine/tries/").status_code

    as_guest = answers()
    sign_in(client, is_staff=False)

    assert (as_guest, answers()) == ((404, 404), (404, 404))
    delivery.refresh_from_db()
    assert delivery.attempts == outbox.MAX_ATTEMPTS
    assert b"Apple" not in client.get("/health/work/").content
    settings.DEMO = True
    assert client.get("/machine/").status_code == 200


def test_the_page_takes_the_same_number_of_queries_for_any_number_of_deliveries(client, basket, clock_and_worker, now):
    sign_in(client)
    counted = []
    for _ in range(2):
        give_up(now, apples=2)
        with CaptureQueriesContext(connection) as done:
            client.get("/machine/")
        counted.append(len(done))

    assert counted[0] == counted[1] <= 9
