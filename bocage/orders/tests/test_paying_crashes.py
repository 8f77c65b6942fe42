"""The process is killed at every boundary between an attempt and its completion; the reconciler brings the end right.

The test finds the boundaries by itself: before and after each commit, each write
outside a transaction, each call to the bank. A cut before
a commit loses the transaction; one after a call means that the bank did it and nobody heard.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bocage.infra import outbox
from bocage.ledger.queries import due_by_reference
from bocage.network.rules import GUEST
from bocage.orders import actions
from bocage.orders.models import Order
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.payments import actions as payments
from bocage.payments.models import Attempt, Payment
from bocage.payments.providers.demobank import provider as demobank
from bocage.payments.tests.make import connected, running_bank

pytestmark = pytest.mark.django_db
AT_LEAST = 30


class Killed(BaseException):
    """No `except Exception` catches it, as none catches a SIGKILL."""


class Knife:
    """Cuts at the n-th boundary that is met, and remembers what each was."""

    def __init__(self, at: int):
        self.at, self.met = at, []

    def boundary(self, what: str) -> None:
        self.met.append(what)
        if len(self.met) == self.at:
            raise Killed(what)


@contextmanager
def cutting(monkeypatch, at: int):
    knife, real_exit, real_call = Knife(at), transaction.Atomic.__exit__, demobank._call

    def leave(self, exc_type, exc, traceback):
        ours = [block for block in connection.atomic_blocks if not getattr(block, "_from_testcase", False)]
        if exc_type is not None or ours != [self]:
            return real_exit(self, exc_type, exc, traceback)
        try:
            knife.boundary("before a commit")
        except Killed as killed:
            real_exit(self, Killed, killed, killed.__traceback__)
            raise
        real_exit(self, None, None, None)
        knife.boundary("after a commit")

    def write(execute, sql, params, many, context):
        alone = all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
        if not alone or not sql.startswith(("INSERT", "UPDATE", "DELETE")):
            return execute(sql, params, many, context)
        knife.boundary("before a write by itself")
        answer = execute(sql, params, many, context)
        knife.boundary("after a write by itself")
        return answer

    def call(*args, **kwargs):
        knife.boundary("before a call")
        answer = real_call(*args, **kwargs)
        knife.boundary("after a call")
        return answer

    with monkeypatch.context() as patch, connection.execute_wrapper(write):
        patch.setattr(transaction.Atomic, "__exit__", leave)
        patch.setattr(demobank, "_call", call)
        yield knife


@contextmanager
def passing():
    """A world that is forgotten afterwards."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


class World:
    """A hub with five pots of honey, a bank, and one customer who orders two and pays; then the hub gives six euros back."""

    def __init__(self, bank, monkeypatch):
        self.bank, self.clock = bank, NOON
        monkeypatch.setattr("bocage.infra.clock.now", lambda: self.clock)
        bank.bank.clock = lambda: self.clock
        bank.bank.payments.clear(), bank.bank.refunds.clear(), bank.told.clear()
        self.market = make.market()
        self.honey = self.market.offer("Miel", "8.00", stock=5)
        self.card = connected(self.market.hub.pk, NOON)

    def live(self) -> None:
        """Do everything from the order to the refund, in the order in which it happens when nothing goes wrong."""
        placed = self.market.place({self.honey: 2}, payment_method_id=self.card.pk)
        key = actions.pay_online(
            order_id=placed.order_id, token=placed.token, back_url="http://shop/", label="Miel", actor=GUEST, now=NOON
        )
        self.bank.pay(key)
        self.hear()
        actions.refund_online(
            order_id=placed.order_id, amount=euros("6.00"), key="back", actor=self.market.manager, now=NOON
        )
        self.hear()

    def hear(self) -> None:
        for body in self.bank.told:
            self.bank.deliver(body, at=self.clock)
        self.work()

    def work(self) -> None:
        while (
            payments.handle_events(now=self.clock)
            + payments.send_refunds(now=self.clock)
            + outbox.deliver_due(now=self.clock)
        ):
            pass

    def restart(self, *, pays: bool) -> None:
        """Start again after the cut: the customer may still pay on the bank's page; no event comes through any more."""
        if pays:
            for key, row in self.bank.bank.payments.items():
                if row["state"] == "open" and Attempt.objects.get(key=key).page:
                    self.bank.pay(key)
        for minutes in (5, 31, 180):
            self.clock = NOON + timedelta(minutes=minutes)
            actions.reconcile_payments(now=self.clock)
            self.work()

    def check(self) -> str:
        """Return how it ended, after checking that bank, books, order and stock all say the same."""
        booked = sum(Payment.objects.values_list("amount_minor", flat=True))
        assert self.bank.taken() == booked
        assert not Attempt.objects.filter(state__in=("written", "open")).exists()
        charges = Payment.objects.filter(refund_of__isnull=True).count()
        assert charges <= 1
        order = Order.objects.first()
        if order is None:
            assert (booked, self.market.on_hand(self.honey)) == (0, 5)
            return "no order"
        due = due_by_reference(kind="customer", abouts=[f"order:{order.ref}"])[f"order:{order.ref}"]
        if order.state == "cancelled":
            assert (booked, due, self.market.on_hand(self.honey)) == (0, 0, 5)
            return "cancelled, nothing taken"
        assert (order.state, self.market.on_hand(self.honey)) == ("placed", 3)
        assert (booked, due) in ((1600, 0), (1000, 600))
        return "placed and paid" if booked == 1600 else "placed, six euros given back"


@pytest.mark.parametrize("pays", [True, False])
def test_wherever_the_process_is_killed_the_end_is_right(settings, monkeypatch, pays):
    with running_bank(settings) as bank:
        with passing():
            world = World(bank, monkeypatch)
            with cutting(monkeypatch, 0) as knife:
                world.live()
            assert world.check() == "placed, six euros given back"
        ends = {}
        for at in range(1, len(knife.met) + 1):
            with passing():
                world = World(bank, monkeypatch)
                with cutting(monkeypatch, at), pytest.raises(Killed):
                    world.live()
                world.restart(pays=pays)
                ends[at] = world.check()

    assert len(knife.met) >= AT_LEAST
    kinds = ("a commit", "a call", "a write by itself")
    assert set(knife.met) == {f"{when} {what}" for what in kinds for when in ("before", "after")}
    assert set(ends.values()) == {
        "no order", "cancelled, nothing taken", "placed and paid", "placed, six euros given back",
    }  # fmt: skip
