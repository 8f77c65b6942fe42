"""Statements are drawn up when a sale closes; farms are written to when one is approved, answered or paid."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from bocage.commons.money import Money
from bocage.infra.outbox import on
from bocage.messages import actions as messages
from bocage.network.queries import contacts_of
from bocage.network.rules import SYSTEM
from bocage.order_cycles.events import CycleClosed
from bocage.orders.queries.pages import sender_for
from bocage.settlements import actions, papers, queries
from bocage.settlements.events import ContestAnswered, StatementApproved, StatementPaid
from bocage.settlements.rules import SaleStillOpen


@on(CycleClosed)
def draw_up(event: Any) -> None:
    """Draw up what each hub of a closed sale owes its farms. Safe to run twice: drafts are drawn up anew."""
    for hub_id in sorted(event.hub_ids):
        with suppress(SaleStillOpen):  # it was opened again meanwhile, and will close again
            actions.draw_up(hub_id=hub_id, cycle_id=event.cycle_id, actor=SYSTEM, now=event.at)


@on(StatementApproved)
@on(ContestAnswered)
@on(StatementPaid)
def write_to_farm(event: Any) -> None:
    """Write to the farm's contacts, each in their language. Safe to run twice: one mail per event."""
    sheet = queries.statement(statement_id=event.statement_id, side_id=event.producer_id, actor=SYSTEM)
    url = settings.SITE_URL + reverse("settlements:statement", args=[sheet.row.farm_slug, event.statement_id])
    paid = Money(getattr(event, "amount_minor", 0), sheet.row.total.currency)
    for contact in contacts_of(event.producer_id):
        with override(contact.language):
            words = {"title": papers.title(sheet), "sums": papers.sums(sheet)}
        messages.send(
            to_email=contact.email,
            to_name=contact.name,
            language=contact.language,
            template="settlements/mail/statement",
            about=event.key,
            context={
                "sheet": sheet,
                "url": url,
                "paid": paid,
                "is_paid": bool(paid),
                "is_answer": isinstance(event, ContestAnswered),
                **words,
            },
            now=event.at,
            instance=sender_for(event.hub_id),
        )
