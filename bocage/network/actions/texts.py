"""Terms: published in versions, accepted by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.inserts import insert_new
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.infra.versions import bump
from bocage.network.events import TextPublished
from bocage.network.html import cleaned
from bocage.network.models import Consent, Instance, LegalText
from bocage.network.rules import Actor, Right


@transaction.atomic(savepoint=False)
def accept(*, text_ids: Iterable[int], email: str, person_id: int | None, now: datetime) -> None:
    """Keep that somebody accepted these versions, at this moment. Twice is once: the first moment stays."""
    email = email.strip().lower()
    for text_id in sorted(set(text_ids)):
        insert_new(Consent(text_id=text_id, email=email, person_id=person_id, given_at=now))


@transaction.atomic
def publish_text(
    *,
    instance_id: int,
    enterprise_id: int | None = None,
    kind: str = LegalText.Kind.TERMS,
    title: str,
    body: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Publish the next version of a text of the instance (stewards) or of a hub's terms (its managers); return its id.

    kind: one of LegalText.Kind; a text that is not terms may be empty: then ours stands again. Raises Forbidden,
    NotFound. Emits TextPublished. `body` is HTML, cleaned here.
    """
    if kind not in LegalText.Kind or (enterprise_id is not None and kind != LegalText.Kind.TERMS):
        raise NotFound()
    if enterprise_id is not None:
        actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    elif not (actor.is_steward or actor.is_system):
        raise Forbidden()
    lock_row(Instance.objects.all(), instance_id)
    last = _last_version(instance_id, enterprise_id, kind)
    text = LegalText.objects.create(
        instance_id=instance_id,
        enterprise_id=enterprise_id,
        kind=kind,
        version=last + 1,
        title=title.strip(),
        body=cleaned(body),
        published_at=now,
    )
    bump("texts")
    emit(TextPublished(text_id=text.id, version=text.version), by=actor, at=now)
    return text.id


def _last_version(instance_id: int, enterprise_id: int | None, kind: str) -> int:
    whose = {"enterprise_id": enterprise_id} if enterprise_id else {"enterprise__isnull": True}
    texts = LegalText.objects.filter(instance_id=instance_id, kind=kind, **whose)
    return texts.aggregate(last=Max("version"))["last"] or 0
