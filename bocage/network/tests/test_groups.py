"""Groups: founded by a person, joined by who accepts, shown to everybody, changed by their owner."""

import pytest
from django.urls import reverse

from bocage.commons.refusals import Forbidden, NotFound
from bocage.network import actions, queries
from bocage.network.actions import GroupDetails
from bocage.network.models import Group
from bocage.network.rules import GUEST, UnconfirmedAddress
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    """A group and its owner as an actor."""
    owner = make.actor(make.person(language="en"))
    slug = actions.found_group(
        instance_id=make.instance().id, details=GroupDetails("La Vallée", "Near the river."), actor=owner, now=make.NOW
    )
    return Group.objects.get(slug=slug), owner


def by(actor):
    return {"actor": actor, "now": make.NOW}


def names(group, actor=GUEST):
    page = queries.group_page(instance_id=group.instance_id, slug=group.slug, actor=actor)
    return [one.name for one in page.members], [one.name for one in page.asked]


def test_an_enterprise_belongs_once_it_accepted(group):
    group, owner = group
    farm = make.enterprise("Ferme")
    pair = {"group_id": group.id, "enterprise_id": farm.id}

    actions.ask_into_group(**pair, **by(owner))
    asked = names(group), names(group, owner)
    for stranger in (owner, make.manager(make.hub()), make.manager(farm, "volunteer")):
        with pytest.raises(Forbidden):
            actions.join_group(**pair, **by(stranger))
    actions.join_group(**pair, **by(make.manager(farm)))

    assert asked == (([], []), ([], ["Ferme"]))
    assert names(group) == (["Ferme"], [])


def test_ones_own_enterprise_joins_at_once(group):
    group, owner = group
    farm = make.enterprise("Ferme", owner_id=owner.person_id)
    person = farm.owner
    make.role(person, farm)

    actions.ask_into_group(group_id=group.id, enterprise_id=farm.id, **by(make.actor(person)))

    assert names(group) == (["Ferme"], [])


def test_nobody_joins_without_being_asked_and_hidden_ones_are_not_asked(group):
    group, owner = group
    farm, hidden = make.enterprise(), make.enterprise(visibility="hidden")

    with pytest.raises(NotFound):
        actions.join_group(group_id=group.id, enterprise_id=farm.id, **by(make.manager(farm)))
    with pytest.raises(NotFound):
        actions.ask_into_group(group_id=group.id, enterprise_id=hidden.id, **by(owner))


def test_a_member_leaves_or_is_taken_out_and_a_stranger_does_neither(group):
    group, owner = group
    farms = [make.enterprise("A"), make.enterprise("B")]
    for farm in farms:
        actions.ask_into_group(group_id=group.id, enterprise_id=farm.id, **by(owner))
        actions.join_group(group_id=group.id, enterprise_id=farm.id, **by(make.manager(farm)))

    with pytest.raises(Forbidden):
        actions.leave_group(group_id=group.id, enterprise_id=farms[0].id, **by(make.manager(farms[1])))
    actions.leave_group(group_id=group.id, enterprise_id=farms[0].id, **by(make.manager(farms[0])))
    actions.leave_group(group_id=group.id, enterprise_id=farms[1].id, **by(owner))
    assert names(group) == ([], [])


def test_only_its_owner_or_a_steward_changes_a_group(group):
    group, owner = group
    said = {"group_id": group.id, "details": GroupDetails("V", "x", story="<script>x</script><p>Hi</p>")}

    with pytest.raises(Forbidden):
        actions.edit_group(**said, **by(make.manager(make.hub())))
    actions.edit_group(**said, **by(make.actor(make.person(is_staff=True))))
    actions.edit_group(**said, **by(owner))
    assert Group.objects.get().story == "<p>Hi</p>"


def test_a_group_is_founded_by_who_can_be_reached(group):
    details = GroupDetails("La Vallée", "Another.")
    with pytest.raises(UnconfirmedAddress):
        actions.found_group(
            instance_id=make.instance().id, details=details, **by(make.actor(make.person(confirmed=False)))
        )
    with pytest.raises(Forbidden):
        actions.found_group(instance_id=make.instance().id, details=details, **by(GUEST))
    again = actions.found_group(instance_id=make.instance().id, details=details, **by(make.actor(make.person())))
    assert (group[0].slug, again) == ("la-vallee", "la-vallee1")


def test_a_hidden_or_linked_member_is_not_shown_to_everybody(group):
    group, owner = group
    farm = make.enterprise("Ferme", visibility="linked")
    actions.ask_into_group(group_id=group.id, enterprise_id=farm.id, **by(owner))
    actions.join_group(group_id=group.id, enterprise_id=farm.id, **by(make.manager(farm)))

    [row] = queries.groups(instance_id=group.instance_id)
    assert (names(group), names(group, owner), row.members) == (([], []), (["Ferme"], []), 0)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_many_queries_however_many_members(group, count, django_assert_num_queries):
    group, owner = group
    for _ in range(count):
        farm = make.enterprise()
        actions.ask_into_group(group_id=group.id, enterprise_id=farm.id, **by(owner))
        actions.join_group(group_id=group.id, enterprise_id=farm.id, **by(make.manager(farm)))

    with django_assert_num_queries(2):
        names(group)
    with django_assert_num_queries(1):
        assert [row.members for row in queries.groups(instance_id=group.instance_id)] == [count]


def test_a_group_is_founded_shown_and_joined_in_pages(client):
    make.instance()
    farm = make.enterprise("Ferme du Gué", slug="gue")
    anne, paul = make.person(language="en"), make.person(language="en")
    make.role(paul, farm)
    client.force_login(anne, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.post(reverse("network:new_group"), {"name": "Vallée"})
    client.post(reverse("network:new_group"), {"name": "Vallée", "teaser": "Near.", "is_listed": "on"})
    group = Group.objects.get()
    found = client.get(reverse("network:group", args=["vallee"]) + "?q=gue").context["found"]
    client.post(reverse("network:group_asking", args=["vallee", farm.id]))
    client.force_login(paul, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("network:joining", args=["gue", group.id]))
    closed = client.get(reverse("network:edit_group", args=["vallee"])).status_code
    client.logout()

    page = client.get(reverse("network:group", args=["vallee"])).content.decode()
    assert (refused.status_code, [side.name for side in found], closed) == (422, ["Ferme du Gué"], 403)
    assert "Ferme du Gué" in page
    assert "Vallée" in client.get(reverse("network:groups")).content.decode()
