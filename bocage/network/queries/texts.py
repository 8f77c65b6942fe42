"""Terms: which are in force, who accepted them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bocage.infra.statements import Statement
from bocage.network.models import Consent, LegalText


@dataclass(frozen=True, slots=True)
class TextRow:
    """One version of terms; `whose` names the instance or the hub, `is_hub` says which of the two it is."""

    id: int
    whose: str
    is_hub: bool
    version: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of terms among those before and after it, and how many accepted it."""

    id: int
    version: int
    title: str
    published_at: datetime
    accepted: int


def versions_of(*, instance_id: int, enterprise_id: int | None = None, kind: str = "terms") -> list[VersionRow]:
    """Return all versions of a text of the instance, or of a hub's terms, newest first, in one query."""
    whose = {"enterprise_id": enterprise_id} if enterprise_id else {"enterprise__isnull": True}
    many = Consent.objects.filter(text_id=OuterRef("id")).order_by().values("text_id").annotate(n=Count("id"))
    rows = LegalText.objects.filter(instance_id=instance_id, kind=kind, **whose).annotate(
        n=Coalesce(Subquery(many.values("n")), 0)
    )
    return [
        VersionRow(*row) for row in rows.order_by("-version").values_list("id", "version", "title", "published_at", "n")
    ]


def current_texts(
    *, instance_id: int, hub_id: int | None = None, to: Literal["", "order", "register"] = ""
) -> list[TextRow]:
    """Return the terms in force, the instance's before the hub's, the newest version of each, in one query.

    to: what somebody accepts them for; the instance's are left out where its stewards do not ask for that.
    """
    rows = []
    for to_order, to_register, pk, instance, hub, *told in _in_force.rows(instance_id=instance_id, hub_id=hub_id or 0):
        if hub is not None or {"": True, "order": to_order, "register": to_register}[to]:
            rows.append(TextRow(pk, hub or instance, hub is not None, *told))
    return sorted(rows, key=lambda row: (row.is_hub, row.id))


def own_words(*, instance_id: int, kind: str) -> TextRow | None:
    """Return what an instance says in place of ours, in one query; None where it says nothing."""
    rows = LegalText.objects.filter(instance_id=instance_id, enterprise__isnull=True, kind=kind).order_by("-version")
    row = rows.values_list("id", "instance__name", "version", "title", "body").first()
    return TextRow(row[0], row[1], False, *row[2:]) if row and (row[3] or row[4]) else None


@Statement
def _in_force(*, instance_id: int, hub_id: int) -> QuerySet[LegalText, tuple]:
    newer = LegalText.objects.annotate(of=Coalesce(F("enterprise_id"), 0)).filter(
        instance_id=OuterRef("instance_id"),
        of=Coalesce(OuterRef("enterprise_id"), 0),
        kind="terms",
        version__gt=OuterRef("version"),
    )
    mine = Q(enterprise__isnull=True) | Q(enterprise_id=hub_id)
    found = LegalText.objects.filter(mine, ~Exists(newer), instance_id=instance_id, kind="terms")
    asked = ("instance__terms_to_order", "instance__terms_to_register")
    return found.values_list(*asked, "id", "instance__name", "enterprise__name", "version", "title", "body")


def accepted(text_ids: Iterable[int], *, person_id: int | None = None, email: str = "") -> set[int]:
    """Return which of these texts a person (or, failing one, the guest of this address) has accepted."""
    who = Q(person_id=person_id) if person_id else Q(person__isnull=True, email=email.strip().lower())
    return set(Consent.objects.filter(who, text_id__in=list(text_ids)).values_list("text_id", flat=True))
