"""Orders of a forgotten person: amounts and goods stay, the person goes; a name stays until the hand-over."""

from datetime import timedelta

import pytest

from bocage.infra import outbox
from bocage.ledger.models import Posting
from bocage.network.actions import erase_person
from bocage.network.queries import actor_for
from bocage.network.rules import NOWHERE, SYSTEM
from bocage.orders import actions
from bocage.orders.models import Order, OrderChange, SavedFilter
from bocage.orders.rules import Buyer
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=4)


@pytest.fixture
def order():
    """An order of Zoé, to be fetched in three days, and one of somebody else."""
    market, zoe = make.market(), make.person("Zoé Le Goff")
    leek = market.offer("Poireaux", "2.00")
    market.place({leek: 1}, buyer=Buyer("Somebody Else", "else@example.org", ""))
    placed = market.place({leek: 2}, actor=actor_for(zoe), buyer=Buyer("Zoé Le Goff", "zoe@example.org", "0612345678"))
    erase_person(person_id=zoe.pk, actor=SYSTEM, now=NOON)
    outbox.deliver_due(now=NOON)
    return Order.objects.get(ref=placed.ref)


def test_an_order_to_be_fetched_keeps_its_name_until_it_was(order):
    assert (order.name, order.email, order.phone) == ("Zoé Le Goff", f"order@{NOWHERE}", "")

    assert actions.forget_erased(now=AFTER) == 1
    assert actions.forget_erased(now=AFTER) == 0

    order.refresh_from_db()
    assert order.name == "…"
    assert not OrderChange.objects.filter(by_name="Zoé Le Goff").exists()
    assert Order.objects.exclude(id=order.pk).get().name == "Somebody Else"


def test_its_amounts_and_its_entries_stay(order):
    before = (order.total_minor, list(Posting.objects.values_list("account_id", "amount_minor")))

    actions.forget_erased(now=AFTER)

    order.refresh_from_db()
    assert (order.total_minor, list(Posting.objects.values_list("account_id", "amount_minor"))) == before
    assert order.total_minor > 0


def test_what_a_forgotten_person_kept_to_look_for_goes_and_others_keep_theirs():
    market, ana, ben = make.market(), make.person("Ana"), make.person("Ben")
    for person in (ana, ben):
        SavedFilter.objects.create(hub=market.hub, person=person, name="Zoé", query="text=Zo%C3%A9")

    erase_person(person_id=ana.pk, actor=SYSTEM, now=NOON)
    outbox.deliver_due(now=NOON)

    assert list(SavedFilter.objects.values_list("person__name", flat=True)) == ["Ben"]
