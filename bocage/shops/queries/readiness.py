"""What an enterprise lacks to be found and to sell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from bocage.catalogue.models import Variant
from bocage.catalogue.queries.rights import running
from bocage.commons.refusals import NotFound
from bocage.network.models import Enterprise, LegalText, Role
from bocage.network.rules import Actor, Right
from bocage.payments.models import PaymentMethod
from bocage.shops.models import DeliveryMethod
from bocage.shops.rules import Step, steps_to_sell


@dataclass(frozen=True, slots=True)
class Readiness:
    """The steps of an enterprise, in the order one does them; `is_ready` when no needed one is left."""

    steps: tuple[Step, ...]
    visibility: str

    @property
    def is_ready(self) -> bool:
        return all(step.is_done for step in self.steps if step.is_needed)

    @property
    def left(self) -> int:
        """Return how many needed steps are left."""
        return sum(step.is_needed and not step.is_done for step in self.steps)


def readiness(*, enterprise_id: int, actor: Actor, now: datetime) -> Readiness:
    """Return what is done and what is left before an enterprise may sell, in one query. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    own = Variant.objects.filter(product__producer_id=OuterRef("id"), ended_at=None, product__ended_at=None)
    row = (
        Enterprise.objects.filter(id=enterprise_id)
        .annotate(
            has_goods=Exists(own),
            has_partners=Exists(running(now).filter(hub_id=OuterRef("id"))),
            has_buyers=Exists(running(now).filter(producer_id=OuterRef("id"))),
            has_methods=Exists(DeliveryMethod.objects.filter(hub_id=OuterRef("id"), ended_at=None)),
            has_payments=Exists(PaymentMethod.objects.filter(hub_id=OuterRef("id"), ended_at=None)),
            has_terms=Exists(LegalText.objects.filter(enterprise_id=OuterRef("id"))),
            has_team=Exists(Role.objects.filter(enterprise_id=OuterRef("id")).exclude(person_id=OuterRef("owner_id"))),
        )
        .first()
    )
    if row is None:
        raise NotFound
    done = {
        "profile": bool(row.teaser or row.story) and bool(row.town) and bool(row.email or row.phone),
        "picture": bool(row.picture),
        "legal": bool(row.siret),
        "goods": row.has_goods,
        "partners": row.has_partners,
        "buyers": row.has_buyers,
        "delivery": row.has_methods,
        "payment": row.has_payments,
        "terms": row.has_terms,
        "team": row.has_team,
        "shown": row.visibility == Enterprise.Visibility.PUBLIC,
    }
    return Readiness(steps_to_sell(is_producer=row.is_producer, sells=row.sells, done=done), row.visibility)
