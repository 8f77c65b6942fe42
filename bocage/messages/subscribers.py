"""Mail about what people and enterprises agree on, which live below and write none themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from bocage.infra.outbox import on
from bocage.messages import actions
from bocage.network import queries as network
from bocage.network.events import InvitationMade


@on(InvitationMade)
def invite(event: Any) -> None:
    """Write an invitation with its signed link, unless it was answered meanwhile. Safe to run twice."""
    invitation = network.invitation_by_id(event.invitation_id, now=event.at)
    if not invitation.is_open:
        return
    instance = network.instance_of_invitation(event.invitation_id)
    actions.send(
        to_email=invitation.email,
        language=instance.language,
        template="messages/account/invitation",
        about=event.key,
        context={
            "enterprise": invitation.enterprise,
            "who": invitation.invited_by,
            "role": invitation.role,
            "until": invitation.expires_at,
            "url": settings.SITE_URL + reverse("network:invitation", args=[invitation.token]),
        },
        now=event.at,
        instance=instance,
    )
