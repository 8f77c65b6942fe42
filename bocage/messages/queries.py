"""The mails that were written, for the page that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bocage.commons.refusals import NotFound
from bocage.messages.models import Message
from bocage.network.rules import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One mail in the list."""

    id: int
    subject: str
    to_email: str
    to_name: str
    language: str
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MessageSheet:
    """One mail, whole."""

    row: MessageRow
    from_email: str
    reply_to: str
    text: str
    html: str
    attachments: list[str]
    attempts: int
    last_error: str
    sent_at: datetime | None


def outbox(*, actor: Actor, before: int | None = None) -> list[MessageRow]:
    """Return up to 50 mails, newest first, those older than the mail `before` when given. Raises NotFound."""
    _require_sight(actor)
    rows = Message.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_row(message) for message in rows.defer("text", "html", "attachments")[:PAGE]]


def count(*, actor: Actor) -> int:
    """Return how many mails there are. Raises NotFound."""
    _require_sight(actor)
    return Message.objects.count()


def message(*, message_id: int, actor: Actor) -> MessageSheet:
    """Return one mail with its texts and state. Raises NotFound."""
    _require_sight(actor)
    found = Message.objects.filter(id=message_id).first()
    if found is None:
        raise NotFound()
    return MessageSheet(
        row=_row(found),
        from_email=found.from_email,
        reply_to=found.reply_to,
        text=found.text,
        html=found.html,
        attachments=[file["name"] for file in found.attachments],
        attempts=found.attempts,
        last_error=found.last_error,
        sent_at=found.sent_at,
    )


def _require_sight(actor: Actor) -> None:
    """Mails are everybody's to read in the demo, else the stewards' alone; others find nothing there."""
    if not (settings.DEMO or actor.is_steward or actor.is_system):
        raise NotFound()


def _row(m: Message) -> MessageRow:
    return MessageRow(m.pk, m.subject, m.to_email, m.to_name, m.language, m.state, m.created_at)
