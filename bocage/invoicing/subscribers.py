"""Mail with an invoice or a credit note."""

from __future__ import annotations

from typing import Any

from bocage.infra.outbox import on
from bocage.invoicing import queries
from bocage.invoicing.events import DocumentIssued
from bocage.messages import actions as messages
from bocage.messages.actions import Attachment


@on(DocumentIssued)
def mail_document(event: Any) -> None:
    """Write to the customer with the PDF, where the seller wishes it. Safe to run twice: one mail per document."""
    mail = queries.mail_of(event.document_id)
    if mail is None:
        return
    messages.send(
        to_email=mail.to_email,
        to_name=mail.to_name,
        language=mail.language,
        template="invoicing/mail/issued",
        about=f"document:{event.document_id}",
        context={"mail": mail},
        reply_to=mail.seller_email,
        attachments=[Attachment(f"{mail.number}.pdf", "application/pdf", mail.pdf)],
        now=event.at,
        instance=mail,
    )
