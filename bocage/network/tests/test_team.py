"""Who runs an enterprise: roles changed, contacts chosen, the enterprise handed over."""

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions, queries
from bocage.network.models import Enterprise
from bocage.network.rules import MOST_OWNED, SYSTEM, NewOwnerManages, NotYours, OwnerStays, OwnsEnough
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned():
    """A hub, its owner, and a manager."""
    owner, zoe = make.person(name="Owner"), make.person(name="Zoé")
    hub = make.hub(owner=owner)
    make.role(owner, hub, is_contact=True)
    make.role(zoe, hub)
    return hub, make.actor(owner), make.actor(zoe)


def by(actor):
    return {"actor": actor, "now": make.NOW}


def test_the_owner_hands_over_to_a_manager_and_stays_one(owned):
    hub, owner, zoe = owned

    actions.hand_over(enterprise_id=hub.id, person_id=zoe.person_id, **by(owner))

    team = queries.team_of(enterprise_id=hub.id, actor=zoe)
    assert [(row.name, row.role, row.is_owner) for row in team] == [
        ("Owner", "manager", False),
        ("Zoé", "manager", True),
    ]
    with pytest.raises(NotYours):
        actions.hand_over(enterprise_id=hub.id, person_id=owner.person_id, **by(owner))


def test_only_the_owner_hands_over_and_only_to_a_manager_who_may_own(owned):
    hub, owner, zoe = owned
    volunteer = make.manager(hub, "volunteer")
    unproven = make.manager(hub, confirmed=False)

    with pytest.raises(NotYours):
        actions.hand_over(enterprise_id=hub.id, person_id=zoe.person_id, **by(zoe))
    for person_id in (volunteer.person_id, unproven.person_id, 0):
        with pytest.raises(NewOwnerManages):
            actions.hand_over(enterprise_id=hub.id, person_id=person_id, **by(owner))
    for _ in range(MOST_OWNED):
        make.enterprise(owner_id=zoe.person_id)
    with pytest.raises(OwnsEnough):
        actions.hand_over(enterprise_id=hub.id, person_id=zoe.person_id, **by(owner))
    assert Enterprise.objects.get(id=hub.id).owner_id == owner.person_id


def test_contacts_are_those_chosen_of_the_team_alone(owned):
    hub, owner, zoe = owned
    stranger = make.person()

    actions.choose_contacts(enterprise_id=hub.id, person_ids=[zoe.person_id, stranger.id], **by(owner))

    assert [contact.name for contact in queries.contacts_of(hub.id)] == ["Zoé"]
    with pytest.raises(Forbidden):
        actions.choose_contacts(enterprise_id=hub.id, person_ids=[], **by(make.manager(make.hub())))


def test_a_role_is_changed_but_the_owners_stays(owned):
    hub, owner, zoe = owned

    actions.change_role(enterprise_id=hub.id, person_id=zoe.person_id, role="bookkeeper", **by(owner))

    assert {row.name: row.role for row in queries.team_of(enterprise_id=hub.id, actor=SYSTEM)} == {
        "Owner": "manager",
        "Zoé": "bookkeeper",
    }
    with pytest.raises(OwnerStays):
        actions.change_role(enterprise_id=hub.id, person_id=owner.person_id, role="volunteer", **by(owner))
    for person_id, role in ((make.person().id, "volunteer"), (zoe.person_id, "queen")):
        with pytest.raises(NotFound):
            actions.change_role(enterprise_id=hub.id, person_id=person_id, role=role, **by(owner))
