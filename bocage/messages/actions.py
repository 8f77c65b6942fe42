"""Write a mail, once per cause; send what waits, each by one worker."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from bocage.messages import rendering, rules
from bocage.messages.models import Message


class Sender(Protocol):
    """In whose name a mail goes out; a network Instance is one."""

    @property
    def name(self) -> str: ...

    @property
    def mail_from(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file to go with a mail: its name, its media type and its bytes."""

    name: str
    type: str
    content: bytes


@transaction.atomic
def send(
    *,
    to_email: str,
    language: str,
    template: str,
    about: str,
    context: Mapping[str, Any],
    now: datetime,
    to_name: str = "",
    reply_to: str = "",
    attachments: Iterable[Attachment] = (),
    instance: Sender | None = None,
) -> int:
    """Write a mail in the reader's language, to be sent after the commit; return its id.

    `template` names three files: `<template>.subject.txt`, `.txt` and `.html` (which extends
    `messages/layout.html`). `about` is the cause, such as an event's key: the same (about, template, to_email)
    a second time is the same mail, and nothing is written. Templates also get `site_url` and `sender_name`.
    """
    if (already := _same(about, template, to_email)) is not None:
        return already
    texts = rendering.render(template, language=language, context={**_frame(instance), **context})
    return _write(
        texts,
        to_email=to_email,
        to_name=to_name,
        language=language,
        template=template,
        about=about,
        now=now,
        reply_to=reply_to,
        attachments=attachments,
        instance=instance,
    )


@transaction.atomic
def send_ready(
    *,
    to_email: str,
    language: str,
    template: str,
    about: str,
    subject: str,
    text: str,
    now: datetime,
    to_name: str = "",
    instance: Sender | None = None,
) -> int:
    """Write a mail whose plain text exists already (an account's), dressed in our layout; return its id."""
    if (already := _same(about, template, to_email)) is not None:
        return already
    texts = rendering.dress(subject, text, language=language, context=_frame(instance))
    return _write(
        texts,
        to_email=to_email,
        to_name=to_name,
        language=language,
        template=template,
        about=about,
        now=now,
        reply_to="",
        attachments=(),
        instance=instance,
    )


def forget(*, addresses: Iterable[str]) -> int:
    """Take out all mails to these addresses, those that wait too; return how many."""
    gone, _ = Message.objects.filter(to_email__in=list(addresses)).delete()
    return gone


def send_due(*, now: datetime, limit: int = 50) -> int:
    """Send the mails that wait, oldest first; return how many were tried.

    Each is claimed for ten minutes before the mail server is called, so that two workers never send one twice, and
    no transaction is open meanwhile. Only a worker killed between the server's yes and our note of it leads to a
    second try, which carries the same Message-ID, so that mail programs show one.
    """
    due = Message.objects.filter(state=Message.State.WAITING, due_at__lte=now).order_by("due_at", "id")
    claimed = [id for id, due_at in due.values_list("id", "due_at")[:limit] if _claim(id, due_at, now)]
    if claimed:
        connection = get_connection()
        for message in Message.objects.filter(id__in=claimed).order_by("id"):
            _try(message, connection, now)
        connection.close()
    return len(claimed)


def _same(about: str, template: str, to_email: str) -> int | None:
    return (
        Message.objects.filter(about=about, template=template, to_email=to_email).values_list("id", flat=True).first()
    )


def _frame(instance: Sender | None) -> dict[str, Any]:
    return {"site_url": settings.SITE_URL, "sender_name": instance.name if instance else "Bocage"}


def _write(
    texts: rendering.Texts,
    *,
    attachments: Iterable[Attachment],
    instance: Sender | None,
    about: str,
    template: str,
    to_email: str,
    now: datetime,
    **columns: Any,
) -> int:
    files = [
        {"name": file.name, "type": file.type, "base64": base64.b64encode(file.content).decode()}
        for file in attachments
    ]
    words = {"subject": texts.subject[:255], "text": texts.text, "html": texts.html, "attachments": files}
    origin = {"from_email": _from(instance), "created_at": now, "due_at": now}
    message, _ = Message.objects.get_or_create(
        about=about, template=template, to_email=to_email, defaults={**columns, **words, **origin}
    )
    return message.pk


def _from(instance: Sender | None) -> str:
    if instance is None:
        return settings.DEFAULT_FROM_EMAIL
    name = getattr(instance, "mail_name", "") or instance.name
    return f'"{_one_line(name)}" <{instance.mail_from}>'


def _one_line(name: str) -> str:
    """Return a name fit for a mail's head: no line end, no quotation mark, so that it can add no recipient."""
    return " ".join(name.replace('"', "").replace("\\", "").split())


def _claim(message_id: int, due_at: datetime, now: datetime) -> bool:
    mine = Message.objects.filter(id=message_id, state=Message.State.WAITING, due_at=due_at)
    return bool(mine.update(due_at=now + rules.LEASE, attempts=F("attempts") + 1))


def _try(message: Message, connection: Any, now: datetime) -> None:
    try:
        connection.open()
        _as_mail(message, connection).send()
    except Exception as error:  # whatever a mail server or a network does, the mail is kept and tried again
        connection.close()
        _note_failure(message, error, now)
    else:
        _note_sent(message, now)


def _as_mail(message: Message, connection: Any) -> EmailMultiAlternatives:
    to = f'"{_one_line(message.to_name)}" <{message.to_email}>' if message.to_name else message.to_email
    host = message.from_email.rpartition("@")[2].rstrip(">") or "bocage"
    head = {
        "Message-ID": f"<message-{message.pk}@{host}>",
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=message.from_email,
        to=[to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=head,
        connection=connection,
    )
    mail.attach_alternative(message.html, "text/html")
    for file in message.attachments:
        mail.attach(file["name"], base64.b64decode(file["base64"]), file["type"])
    return mail


def _note_sent(message: Message, now: datetime) -> None:
    message.state, message.sent_at, message.last_error = Message.State.SENT, now, ""
    if rules.is_secret(message.template) and not settings.DEMO:
        message.text = message.html = ""
    message.save(update_fields=["state", "sent_at", "last_error", "text", "html"])


def _note_failure(message: Message, error: Exception, now: datetime) -> None:
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    message.due_at = now + rules.next_try(message.attempts)
    if rules.is_lost(message.attempts, _smtp_code(error)):
        message.state = Message.State.FAILED
    message.save(update_fields=["last_error", "due_at", "state"])


def _smtp_code(error: Exception) -> int | None:
    if isinstance(error, SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, SMTPResponseException) else None
