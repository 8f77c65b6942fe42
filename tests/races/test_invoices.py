"""Many invoices issued at once: no gap, no twin; and the same without the lock, to see that it holds."""

import pytest

from bocage.invoicing import actions, queries
from bocage.invoicing.models import Chain, Document
from bocage.invoicing.tests import make
from bocage.network.tests import make as people
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, EACH = 8, 4


def issuing(hub, now):
    """Return calls that each issue a few invoices of one seller, and the same order's invoice all together."""
    who = people.manager(hub)

    def issue(number):
        for turn in range(EACH):
            bill = make.bill(about=f"order:{number}-{turn}")
            actions.issue(seller_id=hub.pk, bill=bill, actor=who, now=now)
        return actions.issue(seller_id=hub.pk, bill=make.bill(about="order:SAME"), actor=who, now=now).number

    return [lambda number=number: issue(number) for number in range(AT_ONCE)]


def test_numbers_have_no_gap_and_no_twin_and_one_order_has_one_invoice(now):
    hub = people.hub("Panier", **make.SELLER)

    numbers = together(issuing(hub, now))

    assert len(set(numbers)) == 1, numbers
    issued = Document.objects.filter(seller=hub).order_by("id")
    assert list(issued.values_list("sequence", flat=True)) == list(range(1, AT_ONCE * EACH + 2))
    assert queries.broken(seller_id=hub.pk) == []


@pytest.mark.postgresql
def test_without_the_lock_the_chain_breaks(now, monkeypatch):
    """The control. On SQLite there is one writer at a time, lock or not."""

    def free(seller_id):
        return Chain.objects.get_or_create(seller_id=seller_id)[0]

    monkeypatch.setattr(actions, "_held", free)
    hub = people.hub("Panier", **make.SELLER)

    together(issuing(hub, now))

    same = Document.objects.filter(seller=hub, about="order:SAME").count()
    assert same > 1 or queries.broken(seller_id=hub.pk) != []
