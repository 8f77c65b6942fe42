"""Agreements between producers and hubs: which count, what they allow, what they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Q, QuerySet

from bocage.commons.refusals import NotFound
from bocage.network.models import Agreement, Enterprise, Role
from bocage.network.queries.places import plain
from bocage.network.rules import Actor, Right
from bocage.network.rules.agreements import RIGHT_FOR, Act, Deal, Decision, Terms, decide_for_person

GRANTING = {
    Act.SELL: Q(may_sell=True),
    Act.SET_PRICE: Q(may_sell=True, handling=Agreement.Handling.OWN_PRICE),
    Act.SET_STOCK: Q(may_sell=True, handling=Agreement.Handling.OWN_PRICE),
    Act.RESELL: Q(handling=Agreement.Handling.RESELLS),
    Act.EDIT_GOODS: Q(edits_goods=True),
    Act.EDIT_PROFILE: Q(edits_profile=True),
}
TERMS = tuple(field.name for field in fields(Terms))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two enterprises of an agreement."""

    id: int
    slug: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement as one of its sides sees it.

    `stage`: answer (waits for us), waiting (for them), running, coming, past, refused, withdrawn.
    """

    id: int
    producer: Side
    hub: Side
    we_produce: bool
    terms: Terms
    starts_at: datetime
    ends_at: datetime | None
    stage: str
    proposed_by: str
    answered_by: str
    ended_by: str
    proposed_at: datetime | None

    @property
    def deal(self) -> Deal:
        """Return what an accepted one makes two enterprises' business."""
        return Deal(self.producer.id, self.hub.id, self.terms, self.starts_at, self.ends_at)

    @property
    def partner(self) -> Side:
        """Return the other side."""
        return self.hub if self.we_produce else self.producer


def in_force(at: datetime) -> QuerySet[Agreement]:
    """Return the agreements that count at this moment, whatever they allow."""
    open_end = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    return Agreement.objects.filter(open_end, state=Agreement.State.ACCEPTED, starts_at__lte=at)


def granted(act: Act, *, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements by which a hub may do this now: `rules.agreements`' decision as SQL, to join with."""
    return in_force(at).filter(GRANTING[act])


def hub_may(act: Act, *, producer_id: int, hub_id: int, at: datetime) -> bool:
    """Return whether the hub may do this with the producer's goods now, in one query at most; with its own, always."""
    return hub_id == producer_id or granted(act, at=at).filter(producer_id=producer_id, hub_id=hub_id).exists()


def person_may(act: Act, *, producer_id: int, actor: Actor, at: datetime) -> Decision:
    """Decide whether the actor may edit this producer's goods or page, in two queries at most; none with a role there."""
    hubs = actor.enterprises_with(RIGHT_FOR[act])
    at_home = actor.may(RIGHT_FOR[act], on=producer_id)
    found = [] if at_home or not hubs else list(in_force(at).filter(producer_id=producer_id, hub_id__in=hubs))
    return decide_for_person(
        act,
        producer_id=producer_id,
        actor=actor,
        deals=[_deal(row) for row in found],
        has_people=not found or producer_id in peopled([producer_id]),
        at=at,
    )


def peopled(producer_ids: Iterable[int]) -> set[int]:
    """Return for which of these somebody acts here: an owner, or anyone with a role. One query."""
    ids = list(producer_ids)
    owned = Enterprise.objects.filter(id__in=ids, owner__isnull=False).values_list("id")
    return {pk for (pk,) in Role.objects.filter(enterprise_id__in=ids).values_list("enterprise_id").union(owned)}


def agreements_of(*, enterprise_id: int, actor: Actor, at: datetime) -> list[AgreementRow]:
    """Return all agreements and proposals of an enterprise, newest first, in one query. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    rows = _rows().filter(Q(producer_id=enterprise_id) | Q(hub_id=enterprise_id))
    return [_row(row, enterprise_id, at) for row in rows.order_by("-starts_at", "-id")]


def agreement(*, agreement_id: int, enterprise_id: int, actor: Actor, at: datetime) -> AgreementRow:
    """Return one agreement of the enterprise. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    row = _rows().filter(Q(producer_id=enterprise_id) | Q(hub_id=enterprise_id), id=agreement_id).first()
    if row is None:
        raise NotFound()
    return _row(row, enterprise_id, at)


def agreement_for_mail(agreement_id: int) -> Agreement:
    """Return an agreement with its two enterprises and their instance, for the mail about it."""
    return _rows().select_related("producer__instance").get(id=agreement_id)


def possible_partners(*, enterprise_id: int, text: str, actor: Actor, limit: int = 20) -> list[Side]:
    """Return whom an enterprise may propose an agreement to, by name, those whose name or town contains `text`.

    Producers for a hub, hubs for a producer; hidden ones for nobody but those who work there. Raises Forbidden, NotFound.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=enterprise_id)
    me = Enterprise.objects.filter(id=enterprise_id).first()
    if me is None:
        raise NotFound()
    fitting = Q(pk__in=[])
    if me.sells == Enterprise.Sells.ANY:
        fitting |= Q(is_producer=True)
    if me.is_producer:
        fitting |= Q(sells=Enterprise.Sells.ANY)
    seen = ~Q(visibility=Enterprise.Visibility.HIDDEN) | Q(id__in=list(actor.roles))
    rows = Enterprise.objects.filter(fitting, seen, instance_id=me.instance_id).exclude(id=enterprise_id)
    return _saying(rows, text)[:limit]


def find_enterprises(*, instance_id: int, text: str, limit: int = 12) -> list[Side]:
    """Return the enterprises that hide nowhere and whose name or town contains `text`, by name, in one query."""
    rows = Enterprise.objects.filter(instance_id=instance_id).exclude(visibility=Enterprise.Visibility.HIDDEN)
    return _saying(rows, text)[:limit]


def _saying(rows: QuerySet[Enterprise], text: str) -> list[Side]:
    wanted = plain(text)
    sides = [Side(*row) for row in rows.order_by("name", "id").values_list("id", "slug", "name", "town")]
    return [side for side in sides if wanted in plain(side.name) or wanted in plain(side.town)]


def _rows() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("producer", "hub", "proposed_by", "answered_by", "ended_by")


def _deal(row: Agreement) -> Deal:
    return Deal(row.producer_id, row.hub_id, terms_of(row), row.starts_at, row.ends_at)


def terms_of(row: Agreement) -> Terms:
    """Return what an agreement allows."""
    return Terms(**{name: getattr(row, name) for name in TERMS})


def _row(row: Agreement, enterprise_id: int, at: datetime) -> AgreementRow:
    we_produce = row.producer_id == enterprise_id
    return AgreementRow(
        id=row.pk,
        producer=_side(row.producer),
        hub=_side(row.hub),
        we_produce=we_produce,
        terms=terms_of(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        stage=_stage(row, we_produce, at),
        proposed_by=str(row.proposed_by or ""),
        answered_by=str(row.answered_by or ""),
        ended_by=str(row.ended_by or ""),
        proposed_at=row.proposed_at,
    )


def _side(e: Enterprise) -> Side:
    return Side(e.pk, e.slug, e.name, e.town)


def _stage(row: Agreement, we_produce: bool, at: datetime) -> str:
    if row.state == Agreement.State.PROPOSED:
        ours = (row.proposed_side == Agreement.Side.PRODUCER) == we_produce
        return "waiting" if ours else "answer"
    if row.state != Agreement.State.ACCEPTED:
        return row.state
    if row.ends_at is not None and row.ends_at <= max(at, row.starts_at):
        return "past"
    return "coming" if row.starts_at > at else "running"
