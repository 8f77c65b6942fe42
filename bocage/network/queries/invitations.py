"""Who is asked to work for an enterprise, and the signed link that they got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import QuerySet

from bocage.commons.refusals import NotFound
from bocage.network.models import Instance, Invitation
from bocage.network.queries.people import confirmed_addresses
from bocage.network.rules import Actor, Right

SALT = "bocage.network.invitation"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation; `is_open` says whether it may still be accepted. `token` is what the link carries."""

    id: int
    enterprise_id: int
    enterprise: str
    email: str
    role: str
    invited_by: str
    made_at: datetime
    expires_at: datetime
    is_open: bool
    token: str


def invitations_of(*, enterprise_id: int, actor: Actor, now: datetime) -> list[InvitationRow]:
    """Return whom the enterprise is waiting for, and those who let the time pass, newest first. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    rows = _rows().filter(enterprise_id=enterprise_id, state=Invitation.State.OPEN)
    return [_row(row, now) for row in rows.order_by("-made_at", "-id")]


def invitation(*, token: str, now: datetime) -> InvitationRow:
    """Return the invitation of a signed link, open or not. Raises NotFound, also for a link that was tampered with."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound() from None
    return invitation_by_id(pk, now=now)


def invitation_by_id(invitation_id: int, *, now: datetime) -> InvitationRow:
    """Return an invitation, for the mail that carries its link. Raises NotFound."""
    found = _rows().filter(id=invitation_id).first()
    if found is None:
        raise NotFound()
    return _row(found, now)


def invitations_for(*, actor: Actor, now: datetime) -> list[InvitationRow]:
    """Return what the actor's confirmed addresses are invited to and did not answer, in two queries; none for guests."""
    if actor.person_id is None:
        return []
    addresses = [email.lower() for email in confirmed_addresses(actor.person_id)]
    rows = _rows().filter(email__in=addresses, state=Invitation.State.OPEN, expires_at__gt=now)
    return [_row(row, now) for row in rows.order_by("enterprise__name", "id")]


def instance_of_invitation(invitation_id: int) -> Instance:
    """Return in whose name an invitation is written."""
    return Invitation.objects.select_related("enterprise__instance").get(id=invitation_id).enterprise.instance


def _rows() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("enterprise", "invited_by")


def _row(row: Invitation, now: datetime) -> InvitationRow:
    return InvitationRow(
        id=row.pk,
        enterprise_id=row.enterprise_id,
        enterprise=row.enterprise.name,
        email=row.email,
        role=row.role,
        invited_by=str(row.invited_by or row.enterprise),
        made_at=row.made_at,
        expires_at=row.expires_at,
        is_open=row.state == Invitation.State.OPEN and row.expires_at > now,
        token=signing.dumps(row.pk, salt=SALT),
    )
