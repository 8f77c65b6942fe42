"""Asking somebody to work for an enterprise: by mail, for two weeks, answered or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import InvitationMade, RoleGiven
from bocage.network.models import Enterprise, Invitation, Role
from bocage.network.queries.people import confirmed_addresses
from bocage.network.rules import (
    INVITED_FOR,
    MOST_INVITED,
    ROLES,
    Actor,
    AlreadyInTeam,
    InvitationOver,
    Right,
    TooManyInvitations,
    UnconfirmedAddress,
)

State = Invitation.State


@transaction.atomic
def invite(*, enterprise_id: int, email: str, role: str, actor: Actor, now: datetime) -> int:
    """Invite somebody by mail to work for an enterprise; return the invitation's id.

    Whoever has an open invitation already gets another mail and the role now said. Whether the address has an account
    is told to nobody. Raises Forbidden, NotFound, AlreadyInTeam, TooManyInvitations. Emits InvitationMade.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    if role not in ROLES or lock_row(Enterprise.objects.all(), enterprise_id) is None:
        raise NotFound()
    email = email.strip().lower()
    if Role.objects.filter(enterprise_id=enterprise_id, person__email=email).exists():
        raise AlreadyInTeam(email=email)
    still_open = Invitation.objects.filter(enterprise_id=enterprise_id, state=State.OPEN)
    kept = still_open.filter(email=email).first()
    if kept is None and still_open.filter(expires_at__gt=now).count() >= MOST_INVITED:
        raise TooManyInvitations(most=MOST_INVITED)
    invitation = kept or Invitation(enterprise_id=enterprise_id, email=email)
    invitation.role, invitation.invited_by_id = role, actor.person_id
    invitation.made_at, invitation.expires_at = now, now + INVITED_FOR
    invitation.save()
    emit(InvitationMade(invitation_id=invitation.pk, enterprise_id=enterprise_id), by=actor, at=now)
    return invitation.pk


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, enterprise_id: int, actor: Actor, now: datetime) -> None:
    """Make an invitation's link worthless. Raises Forbidden, NotFound, InvitationOver."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    invitation = lock_row(Invitation.objects.filter(enterprise_id=enterprise_id), invitation_id)
    if invitation is None:
        raise NotFound()
    _answer(invitation, State.WITHDRAWN, now)


@transaction.atomic
def accept_invitation(*, invitation_id: int, actor: Actor, now: datetime) -> int:
    """Work for the enterprise that invited; return its id. The caller has seen the signed link, or the invited address.

    Who works there already keeps the role they have. Raises Forbidden for guests, UnconfirmedAddress, NotFound,
    InvitationOver. Emits RoleGiven.
    """
    if actor.person_id is None:
        raise Forbidden()
    invitation = lock_row(Invitation.objects.all(), invitation_id)
    if invitation is None:
        raise NotFound()
    if not confirmed_addresses(actor.person_id):
        raise UnconfirmedAddress()
    if invitation.expires_at <= now:
        raise InvitationOver()
    _answer(invitation, State.ACCEPTED, now)
    whose = {"person_id": actor.person_id, "enterprise_id": invitation.enterprise_id}
    _, is_new = Role.objects.get_or_create(**whose, defaults={"name": invitation.role})
    if is_new:
        emit(RoleGiven(**whose, role=invitation.role), by=actor, at=now)
    return invitation.enterprise_id


@transaction.atomic
def refuse_invitation(*, invitation_id: int, now: datetime) -> None:
    """Say no to an invitation; whoever has the signed link may. Raises NotFound, InvitationOver."""
    invitation = lock_row(Invitation.objects.all(), invitation_id)
    if invitation is None:
        raise NotFound()
    _answer(invitation, State.REFUSED, now)


def _answer(invitation: Invitation, state: str, now: datetime) -> None:
    if invitation.state != State.OPEN:
        raise InvitationOver()
    invitation.state, invitation.answered_at = state, now
    invitation.save(update_fields=["state", "answered_at"])
