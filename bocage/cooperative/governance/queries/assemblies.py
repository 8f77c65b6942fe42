"""An assembly as everybody reads it; who was there is for members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.commons.refusals import NotFound
from bocage.cooperative.governance.models import Assembly, Member, Presence
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.network.rules import Actor


@dataclass(frozen=True, slots=True)
class AssemblyPage:
    """An assembly: agenda, how many are there and represented of how many members, minutes once signed."""

    id: int
    title: str
    starts_at: datetime
    place: str
    called_at: datetime
    is_extraordinary: bool
    agenda: tuple[str, ...]
    there: int
    represented: int
    members: int
    presences: tuple[tuple[str, str], ...]
    body: str
    chair: str
    secretary: str
    hash: str
    previous: str
    number: int
    signed_at: datetime | None
    may_keep: bool
    choices: tuple[tuple[int, str], ...]


def assembly_page(*, instance_id: int, assembly_id: int, actor: Actor, now: datetime) -> AssemblyPage:
    """Return an assembly in a constant number of queries; names of who was there only to members. Raises NotFound."""
    one = Assembly.objects.select_related("minutes").filter(pk=assembly_id, instance_id=instance_id).first()
    if one is None:
        raise NotFound()
    minutes = getattr(one, "minutes", None)
    active = Member.objects.filter(instance_id=instance_id, state="active")
    rows = list(Presence.objects.filter(assembly=one).select_related("member", "proxy").order_by("member__name", "id"))
    may_keep = sits_on(OFFICE, actor=actor, instance_id=instance_id, now=now)
    is_member = actor.person_id is not None and active.filter(person_id=actor.person_id).exists()
    return AssemblyPage(
        id=one.pk,
        title=one.title,
        starts_at=one.starts_at,
        place=one.place,
        called_at=one.called_at,
        is_extraordinary=one.is_extraordinary,
        agenda=tuple(line.strip() for line in one.agenda.splitlines() if line.strip()),
        there=sum(row.proxy_id is None for row in rows),
        represented=sum(row.proxy_id is not None for row in rows),
        members=one.members if minutes else active.count(),
        presences=tuple((row.member.name, row.proxy.name if row.proxy else "") for row in rows) if is_member else (),
        body=minutes.body if minutes else "",
        chair=minutes.chair if minutes else "",
        secretary=minutes.secretary if minutes else "",
        hash=minutes.hash if minutes else "",
        previous=minutes.previous if minutes else "",
        number=minutes.number if minutes else 0,
        signed_at=minutes.signed_at if minutes else None,
        may_keep=may_keep and minutes is None,
        choices=tuple(active.order_by("name", "id").values_list("id", "name")) if may_keep and not minutes else (),
    )
