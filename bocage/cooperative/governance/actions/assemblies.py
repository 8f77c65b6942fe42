"""Assemblies: called in time, who was there, minutes that are signed once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance.events import AssemblyCalled, MinutesSigned
from bocage.cooperative.governance.models import Assembly, Member, Minutes, Presence
from bocage.cooperative.governance.queries.committees import OFFICE, sits_on
from bocage.cooperative.governance.rules import box
from bocage.cooperative.governance.rules.path import CALLED, MOST_PROXIES, NotNow
from bocage.cooperative.governance.rules.refusals import CalledTooLate, OfficeOnly, TooManyProxies
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.rules import Actor


@transaction.atomic
def call_assembly(
    *,
    instance_id: int,
    title: str,
    starts_at: datetime,
    place: str,
    agenda: str,
    is_extraordinary: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """Call the members to an assembly, fifteen days before at least; return its id.

    agenda: a point per line. The office does. Raises OfficeOnly, CalledTooLate. Emits AssemblyCalled.
    """
    _require_office(instance_id, actor, now)
    if starts_at < now + CALLED:
        raise CalledTooLate()
    assembly = Assembly.objects.create(
        instance_id=instance_id, title=title.strip(), starts_at=starts_at, place=place.strip(), agenda=agenda.strip(),
        is_extraordinary=is_extraordinary, called_at=now,
    )  # fmt: skip
    emit(AssemblyCalled(assembly_id=assembly.pk), by=actor, at=now)
    return assembly.pk


@transaction.atomic
def note_presence(
    *, assembly_id: int, member_id: int, proxy_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """Note that a member is there, or that another stands for them (two at most each).

    The office does, until the minutes are signed. Raises OfficeOnly, NotFound, NotNow, TooManyProxies.
    """
    assembly = _open(assembly_id, actor, now)
    wanted = {one for one in (member_id, proxy_id) if one is not None}
    known = {
        one.pk: one for one in Member.objects.filter(instance_id=assembly.instance_id, state="active", pk__in=wanted)
    }
    if set(known) != wanted or member_id == proxy_id:
        raise NotFound()
    held = Presence.objects.filter(assembly=assembly, proxy_id=proxy_id).exclude(member_id=member_id)
    if proxy_id is not None and held.count() >= MOST_PROXIES:
        raise TooManyProxies(name=known[proxy_id].name, most=MOST_PROXIES)
    Presence.objects.update_or_create(assembly=assembly, member_id=member_id, defaults={"proxy_id": proxy_id})


@transaction.atomic
def sign_minutes(*, assembly_id: int, body: str, chair: str, secretary: str, actor: Actor, now: datetime) -> str:
    """Sign the minutes of an assembly, once it began; return their hash, which contains that of the minutes before.

    Raises OfficeOnly, NotFound, NotNow. Emits MinutesSigned.
    """
    assembly = _open(assembly_id, actor, now)
    if now < assembly.starts_at:
        raise NotNow()
    rows = Minutes.objects.filter(assembly__instance_id=assembly.instance_id).order_by("-number")
    last = rows.first()
    previous = last.hash if last else box.GENESIS
    number = last.number + 1 if last else 1
    said = {
        "assembly": assembly.title, "body": body.strip(), "chair": chair.strip(), "number": number,
        "previous": previous, "secretary": secretary.strip(), "starts_at": assembly.starts_at.isoformat(),
    }  # fmt: skip
    hashed = hashlib.sha256(box.canonical(said).encode()).hexdigest()
    assembly.members = Member.objects.filter(instance_id=assembly.instance_id, state="active").count()
    assembly.save(update_fields=["members"])
    Minutes.objects.create(
        assembly=assembly, number=number, body=body.strip(), chair=chair.strip(), secretary=secretary.strip(),
        previous=previous, hash=hashed, signed_at=now,
    )  # fmt: skip
    emit(MinutesSigned(assembly_id=assembly.pk), by=actor, at=now)
    return hashed


def _open(assembly_id: int, actor: Actor, now: datetime) -> Assembly:
    assembly = lock_row(Assembly.objects.all(), assembly_id)
    if assembly is None:
        raise NotFound()
    _require_office(assembly.instance_id, actor, now)
    if Minutes.objects.filter(assembly=assembly).exists():
        raise NotNow()
    return assembly


def _require_office(instance_id: int, actor: Actor, now: datetime) -> None:
    if not (actor.is_system or sits_on(OFFICE, actor=actor, instance_id=instance_id, now=now)):
        raise OfficeOnly()
    if actor.is_visited:
        raise Forbidden()
