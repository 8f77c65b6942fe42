"""Invitations: sent, accepted, refused, withdrawn, run out; by whom and through which link."""

from datetime import timedelta

import pytest

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network import actions, queries
from bocage.network.models import Invitation, Role
from bocage.network.rules import (
    GUEST,
    INVITED_FOR,
    MOST_INVITED,
    SYSTEM,
    AlreadyInTeam,
    InvitationOver,
    TooManyInvitations,
    UnconfirmedAddress,
)
from bocage.network.tests import make

pytestmark = pytest.mark.django_db


def invite(hub, email="zoe@example.org", role="volunteer", actor=None, now=make.NOW):
    return actions.invite(enterprise_id=hub.id, email=email, role=role, actor=actor or make.manager(hub), now=now)


def roles(hub):
    return list(Role.objects.filter(enterprise=hub).exclude(name="manager").values_list("person__email", "name"))


def test_an_invitation_is_accepted_by_whoever_holds_its_link():
    hub, zoe = make.hub(), make.person("other@example.org")
    pk = invite(hub, " Zoe@Example.org ", "bookkeeper")
    token = queries.invitation_by_id(pk, now=make.NOW).token

    asked = queries.invitation(token=token, now=make.NOW)
    actions.accept_invitation(invitation_id=asked.id, actor=make.actor(zoe), now=make.NOW)

    assert (asked.email, asked.role, asked.is_open) == ("zoe@example.org", "bookkeeper", True)
    assert roles(hub) == [("other@example.org", "bookkeeper")]
    assert queries.invitation(token=token, now=make.NOW).is_open is False


def test_a_link_that_was_tampered_with_leads_nowhere():
    token = queries.invitation_by_id(invite(make.hub()), now=make.NOW).token

    for wrong in (token + "x", token[:-1], "1", ""):
        with pytest.raises(NotFound):
            queries.invitation(token=wrong, now=make.NOW)


def test_an_invitation_ends_at_its_time():
    hub, zoe = make.hub(), make.actor(make.person())
    pk = invite(hub)
    end = make.NOW + INVITED_FOR

    assert queries.invitation_by_id(pk, now=end - timedelta(seconds=1)).is_open is True
    assert queries.invitation_by_id(pk, now=end).is_open is False
    with pytest.raises(InvitationOver):
        actions.accept_invitation(invitation_id=pk, actor=zoe, now=end)
    assert roles(hub) == []


def test_a_withdrawn_or_refused_invitation_is_worth_nothing():
    hub, zoe = make.hub(), make.actor(make.person())
    withdrawn, refused = invite(hub, "a@example.org"), invite(hub, "b@example.org")

    actions.withdraw_invitation(invitation_id=withdrawn, enterprise_id=hub.id, actor=make.manager(hub), now=make.NOW)
    actions.refuse_invitation(invitation_id=refused, now=make.NOW)

    for pk in (withdrawn, refused):
        with pytest.raises(InvitationOver):
            actions.accept_invitation(invitation_id=pk, actor=zoe, now=make.NOW)
    assert queries.invitations_of(enterprise_id=hub.id, actor=SYSTEM, now=make.NOW) == []


def test_inviting_again_renews_the_same_link_and_writes_again():
    hub = make.hub()
    first = invite(hub, role="volunteer")
    second = invite(hub, role="manager", now=make.NOW + timedelta(days=10))

    row = Invitation.objects.get()
    assert (first, row.role, row.expires_at) == (second, "manager", make.NOW + timedelta(days=10) + INVITED_FOR)
    assert Event.objects.filter(kind="network.InvitationMade").count() == 2


def test_who_is_in_the_team_already_is_not_invited_and_keeps_their_role():
    hub = make.hub()
    zoe = make.person("zoe@example.org")
    pk = invite(hub, role="volunteer")
    make.role(zoe, hub, "bookkeeper")

    with pytest.raises(AlreadyInTeam):
        invite(hub, "ZOE@example.org")
    actions.accept_invitation(invitation_id=pk, actor=make.actor(zoe), now=make.NOW)
    assert roles(hub) == [("zoe@example.org", "bookkeeper")]


def test_only_managers_invite_and_withdraw_and_for_their_own_enterprise():
    hub = make.hub()
    pk = invite(hub)

    for actor in (make.manager(hub, "volunteer"), make.manager(make.hub()), GUEST):
        with pytest.raises(Forbidden):
            invite(hub, "x@example.org", actor=actor)
        with pytest.raises(Forbidden):
            actions.withdraw_invitation(invitation_id=pk, enterprise_id=hub.id, actor=actor, now=make.NOW)
    other = make.hub()
    with pytest.raises(NotFound):
        actions.withdraw_invitation(invitation_id=pk, enterprise_id=other.id, actor=make.manager(other), now=make.NOW)


def test_nobody_joins_as_a_guest_or_before_proving_an_address():
    pk = invite(make.hub())

    with pytest.raises(Forbidden):
        actions.accept_invitation(invitation_id=pk, actor=GUEST, now=make.NOW)
    with pytest.raises(UnconfirmedAddress):
        actions.accept_invitation(invitation_id=pk, actor=make.actor(make.person(confirmed=False)), now=make.NOW)


def test_an_enterprise_waits_for_so_many_and_no_more():
    hub = make.hub()
    manager = make.manager(hub)
    for number in range(MOST_INVITED):
        invite(hub, f"p{number}@example.org", actor=manager)

    with pytest.raises(TooManyInvitations):
        invite(hub, "one.more@example.org", actor=manager)
    invite(hub, "p0@example.org", actor=manager)
    invite(hub, "later@example.org", actor=manager, now=make.NOW + INVITED_FOR)


def test_my_account_knows_what_my_confirmed_addresses_are_invited_to():
    hub = make.hub("Le Panier")
    invite(hub, "zoe@example.org")

    mine = queries.invitations_for(actor=make.actor(make.person("zoe@example.org")), now=make.NOW)
    unproven = make.person("zoe2@example.org", confirmed=False)
    invite(hub, "zoe2@example.org")

    assert [row.enterprise for row in mine] == ["Le Panier"]
    assert queries.invitations_for(actor=make.actor(unproven), now=make.NOW) == []
    assert queries.invitations_for(actor=GUEST, now=make.NOW) == []
