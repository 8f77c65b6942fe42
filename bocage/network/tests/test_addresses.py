"""Kept addresses: one's own, one default."""

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions, queries
from bocage.network.actions import PostalAddress, TooManyAddresses
from bocage.network.rules import GUEST
from bocage.network.tests import make

pytestmark = pytest.mark.django_db
HOME = PostalAddress(name="Anne Dupont", street="3 rue du Four", postcode="14500", town="Vire", phone="02 31 00 00 00")


def test_the_first_address_is_the_default_and_a_later_one_only_when_asked():
    anne = make.actor(make.person())

    first = actions.save_address(to=HOME, actor=anne)
    second = actions.save_address(to=HOME, actor=anne)
    third = actions.save_address(to=HOME, is_default=True, actor=anne)

    rows = queries.saved_addresses(actor=anne)
    assert [(row.id, row.is_default) for row in rows] == [(third, True), (first, False), (second, False)]


def test_an_address_is_changed_in_place_and_stays_the_default():
    anne = make.actor(make.person())
    kept = actions.save_address(to=HOME, actor=anne)

    actions.save_address(
        to=PostalAddress(name="Anne", street="1 quai", postcode="14000", town="Caen"), address_id=kept, actor=anne
    )

    row = queries.saved_address(address_id=kept, actor=anne)
    assert (row.name, row.street, row.town, row.phone, row.is_default) == ("Anne", "1 quai", "Caen", "", True)


def test_deleting_the_default_makes_the_oldest_left_the_default():
    anne = make.actor(make.person())
    first, second = actions.save_address(to=HOME, actor=anne), actions.save_address(to=HOME, actor=anne)

    actions.delete_address(address_id=first, actor=anne)

    assert [(row.id, row.is_default) for row in queries.saved_addresses(actor=anne)] == [(second, True)]


def test_somebody_elses_address_is_neither_seen_nor_changed_nor_deleted():
    address, bob = make.address(make.person()), make.actor(make.person())

    with pytest.raises(NotFound):
        queries.saved_address(address_id=address.id, actor=bob)
    with pytest.raises(NotFound):
        actions.save_address(to=HOME, address_id=address.id, actor=bob)
    with pytest.raises(NotFound):
        actions.delete_address(address_id=address.id, actor=bob)
    address.refresh_from_db()
    assert queries.saved_addresses(actor=bob) == []


def test_a_guest_keeps_no_address():
    with pytest.raises(Forbidden):
        actions.save_address(to=HOME, actor=GUEST)
    assert queries.saved_addresses(actor=GUEST) == []


def test_nobody_keeps_more_than_twenty():
    anne = make.actor(make.person())
    for _ in range(20):
        actions.save_address(to=HOME, actor=anne)

    with pytest.raises(TooManyAddresses):
        actions.save_address(to=HOME, actor=anne)
