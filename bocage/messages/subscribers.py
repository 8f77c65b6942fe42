"""Mail about what people and enterprises agree on, which live below and write none themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from bocage.infra.outbox import on
from bocage.messages import actions
from bocage.network import queries as network
from bocage.network import sentences
from bocage.network.events import (
    AgreementEnded,
    AgreementMade,
    AgreementProposed,
    AgreementRefused,
    InvitationMade,
    PersonErased,
    VisitStarted,
)


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


@on(PersonErased)
def forget(event: Any) -> None:
    """Take out the mails to a forgotten person. Safe to run twice."""
    actions.forget(addresses=event.addresses)


@on(VisitStarted)
def tell_of_visit(event: Any) -> None:
    """Write to a person that a steward acts in their name, and why. Safe to run twice."""
    visit, person, instance = network.visit_for_mail(event.visit_id)
    actions.send(
        to_email=person.email,
        to_name=person.name,
        language=person.language or instance.language,
        template="messages/network/visit",
        about=event.key,
        context={
            "who": visit.steward,
            "reason": visit.reason,
            "at": visit.started_at,
            "url": settings.SITE_URL + reverse("network:account"),
        },
        now=event.at,
        instance=instance,
    )


@on(AgreementProposed)
def ask_partner(event: Any) -> None:
    """Write to the side that is to answer a proposal. Safe to run twice."""
    row = network.agreement_for_mail(event.agreement_id)
    _about_agreement(event, row, "agreement_proposed", to=row.hub if row.proposed_side == "producer" else row.producer)


@on(AgreementMade)
def tell_proposer(event: Any) -> None:
    """Write to the side that proposed that the other accepted; not where one person decided for both. Safe to run twice."""
    row = network.agreement_for_mail(event.agreement_id) if event.agreement_id else None
    if row is not None and row.answered_by_id != row.proposed_by_id:
        _about_agreement(event, row, "agreement_made", to=_proposer(row))


@on(AgreementRefused)
def tell_refused(event: Any) -> None:
    """Write to the side that proposed that the other said no. Safe to run twice."""
    row = network.agreement_for_mail(event.agreement_id)
    _about_agreement(event, row, "agreement_refused", to=_proposer(row))


@on(AgreementEnded)
def tell_of_end(event: Any) -> None:
    """Write to both sides that their agreement has ended. Safe to run twice."""
    row = network.agreement_for_mail(event.agreement_id) if event.agreement_id else None
    if row is not None:
        _about_agreement(event, row, "agreement_ended", to=row.producer)
        _about_agreement(event, row, "agreement_ended", to=row.hub)


def _proposer(row: Any) -> Any:
    return row.producer if row.proposed_side == "producer" else row.hub


def _about_agreement(event: Any, row: Any, template: str, *, to: Any) -> None:
    partner = row.hub if to.pk == row.producer_id else row.producer
    for contact in network.contacts_of(to.pk):
        with translation.override(contact.language):
            clauses = sentences.clauses(network.terms_of(row))
        actions.send(
            to_email=contact.email,
            to_name=contact.name,
            language=contact.language,
            template=f"messages/network/{template}",
            about=f"{event.key}:{to.pk}",
            context={
                "row": row,
                "clauses": clauses,
                "partner": partner.name,
                "url": settings.SITE_URL + reverse("network:agreements", args=[to.slug]),
            },
            now=event.at,
            instance=row.producer.instance,
        )
