"""Keeps and lets go of what a person often looks for among a hub's orders."""

from __future__ import annotations

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.models import SavedFilter

MOST = 20


@transaction.atomic
def save_filter(*, hub_id: int, name: str, query: str, actor: Actor) -> None:
    """Keep a query of the list of orders under a name, for this person alone; the same name again keeps the new one.

    Raises Forbidden, NotFound (nobody signed in), FilterNameMissing, TooManyFilters.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    if actor.person_id is None:
        raise NotFound()
    if not name.strip():
        raise rules.FilterNameMissing()
    theirs = SavedFilter.objects.filter(hub_id=hub_id, person_id=actor.person_id)
    if theirs.exclude(name=name.strip()).count() >= MOST:
        raise rules.TooManyFilters(most=MOST)
    theirs.update_or_create(
        name=name.strip()[:60], defaults={"query": query, "hub_id": hub_id, "person_id": actor.person_id}
    )


@transaction.atomic
def forget_filter(*, hub_id: int, filter_id: int, actor: Actor) -> None:
    """Let go of one of one's own filters. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    theirs = SavedFilter.objects.filter(hub_id=hub_id, person_id=actor.person_id or 0)
    found, _ = theirs.filter(id=filter_id).delete()
    if not found:
        raise NotFound()
