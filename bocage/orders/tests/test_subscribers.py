"""Mail about orders goes out once, to the right people, in their language."""

from datetime import timedelta

import pytest

from bocage.infra import outbox
from bocage.infra.models import Delivery
from bocage.messages.models import Message
from bocage.network.rules import GUEST
from bocage.orders.actions import cancel_order, change_quantities
from bocage.orders.rules import Buyer
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return make.market()


def mails() -> list[tuple[str, str, str]]:
    outbox.deliver_due(now=NOON + timedelta(days=1))
    return list(Message.objects.order_by("template", "id").values_list("template", "to_email", "subject"))


def test_an_order_writes_to_customer_and_hub_once(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 2}, buyer=Buyer("Jo Le Bris", "jo@exemple.bocage.example", "", "en"))

    written = mails()
    Delivery.objects.update(delivered_at=None)

    assert mails() == written
    assert [(template, to) for template, to, _ in written] == [
        ("orders/mail/placed", "jo@exemple.bocage.example"),
        ("orders/mail/placed_hub", market.manager.email),
    ]
    assert written[0][2] == f"Your order {placed.ref} at Panier"
    mail = Message.objects.get(template="orders/mail/placed")
    assert f"/order/{placed.ref}/{placed.token}/" in mail.text
    assert "Poireaux" in mail.text and "€4.00" in mail.html


def test_the_french_customer_is_written_to_in_french(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 2})

    mails()

    assert Message.objects.get(template="orders/mail/placed").subject == f"Votre commande {placed.ref} chez Panier"


def test_a_customer_who_cancels_lets_the_hub_know_and_a_hub_that_cancels_does_not_write_to_itself(market):
    leek = market.offer("Poireaux", "2.00")
    first, second = market.place({leek: 2}), market.place({leek: 1})

    cancel_order(order_id=first.order_id, actor=GUEST, now=NOON, token=first.token)
    cancel_order(order_id=second.order_id, actor=market.manager, now=NOON)

    templates = [template for template, _, _ in mails()]
    assert templates.count("orders/mail/cancelled") == 2
    assert templates.count("orders/mail/cancelled_hub") == 1


def test_a_changed_quantity_is_told_to_the_customer(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 2})

    change_quantities(order_id=placed.order_id, quantities={leek.pk: 1}, actor=market.manager, now=NOON)

    assert ("orders/mail/changed", "armelle@exemple.bocage.example") in [row[:2] for row in mails()]
