"""Says things in our feed; reads what peers say in theirs."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from bocage.cooperative.federation.events import PeerForked
from bocage.cooperative.federation.models import FeedEntry, KeyProposal, KeyVote, Peer
from bocage.cooperative.federation.queries import feeds
from bocage.cooperative.federation.rules.feed import TYPES, VERSION, Entry, IsSigned, Read, follow, sealed
from bocage.cooperative.federation.signing import Each, checked, is_signed, sign, two_processes
from bocage.infra.outbox import emit
from bocage.network.rules import SYSTEM

PAGES, TIMEOUT_S, MOST_BYTES = 20, 10, 8_000_000
Fetch = Callable[[str], bytes]


@transaction.atomic
def say(*, type: str, payload: dict[str, Any], now: datetime) -> Entry | None:
    """Add a signed entry to our own feed; return it, None where we are in no federation."""
    us = Peer.objects.select_for_update(no_key=True).filter(instance__isnull=False).order_by("code").first()
    if us is None:
        return None
    if type not in TYPES:
        raise ValueError(f"{type} is no type of entry")
    point = feeds.point_of(us)
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = sealed(Entry(VERSION, us.domain, point.seq + 1, point.hash, type, at, payload), sign)
    _keep(us, [entry], now)
    return entry


@transaction.atomic
def take(*, peer_id: int, said: Iterable[Any], now: datetime, is_signed: IsSigned = is_signed) -> Read:
    """Take what a peer's feed says after what we know: verified, or not at all. A fork freezes the peer for good.

    is_signed: may know the answers beforehand (`signing.checked`). Emits PeerForked.
    """
    peer = Peer.objects.select_for_update(no_key=True).get(id=peer_id)
    point = feeds.point_of(peer)
    if peer.frozen_at:
        return Read(point)
    rows = list(said)
    numbers = {one["seq"] for one in rows if isinstance(one, dict) and type(one.get("seq")) is int}
    known = dict(
        FeedEntry.objects.filter(peer_id=peer_id, is_proof=False, seq__in=[one for one in numbers if 0 < one <= point.seq])
        .values_list("seq", "hash")
    )  # fmt: skip
    found = follow(rows, issuer=peer.domain, point=point, known=known, is_signed=is_signed)
    _keep(peer, found.taken, now)
    for entry in found.taken:
        _count(peer, entry)
    if found.forks:
        _keep(peer, found.forks, now, is_proof=True)
        peer.frozen_at = now
        peer.save(update_fields=["frozen_at"])
        emit(PeerForked(peer_id=peer_id, seq=found.forks[0].seq), by=SYSTEM, at=now)
    return found


def read_peers(*, now: datetime, fetch: Fetch | None = None) -> dict[str, str]:
    """Read the feeds of all peers; return by domain what went wrong ('' for nothing): one that is down stops no other."""
    rows = Peer.objects.filter(instance__isnull=True, left_on__isnull=True, frozen_at__isnull=True).exclude(feed_url="")
    with two_processes() as in_two:
        return {peer.domain: _read(peer, now, fetch or fetched, in_two) for peer in rows.order_by("code")}


def _read(peer: Peer, now: datetime, fetch: Fetch, in_two: Each) -> str:
    for _page in range(PAGES):
        point = feeds.point_of(peer)
        # the last one that we know is asked for again, so that a history written anew shows
        try:
            said = json.loads(fetch(f"{peer.feed_url}?after={max(point.seq - 1, 0)}&limit={feeds.MOST}"))
        except (OSError, ValueError):
            return "unreachable"
        if not isinstance(said, list):
            return "form"
        # signatures are checked before the transaction begins, those of a full page in two processes
        known = checked(said, key=point.key, each=in_two if len(said) >= feeds.MOST else map)
        found = take(peer_id=peer.pk, said=said, now=now, is_signed=known)
        if found.forks:
            return "fork"
        if found.fault:
            return found.fault.why
        if len(said) < feeds.MOST:
            return ""
    return ""


def fetched(url: str) -> bytes:
    """Return what an address of a peer answers; https, or http on this machine. Raises OSError, ValueError."""
    if not url.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
        raise ValueError("feeds are read by https")
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        return answer.read(MOST_BYTES)


@transaction.atomic
def witness(*, now: datetime) -> int:
    """Say which heads of peers we have seen, each once until it moves; return how many."""
    said = 0
    seen = {
        (one["payload"].get("issuer"), one["payload"].get("hash"))
        for one in FeedEntry.objects.filter(peer__instance__isnull=False, type="witness").values_list(
            "written", flat=True
        )
    }
    for peer in Peer.objects.filter(instance__isnull=True, frozen_at__isnull=True, left_on__isnull=True).order_by(
        "code"
    ):
        point = feeds.point_of(peer)
        if point.seq and (peer.domain, point.hash) not in seen:
            say(type="witness", payload={"issuer": peer.domain, "seq": point.seq, "hash": point.hash}, now=now)
            said += 1
    return said


def _keep(peer: Peer, entries: Iterable[Entry], now: datetime, *, is_proof: bool = False) -> None:
    FeedEntry.objects.bulk_create(
        FeedEntry(
            peer=peer, seq=one.seq, hash=one.hash, type=one.type[:40], written=one.written(), is_proof=is_proof,
            received_at=now,
        )
        for one in entries
    )  # fmt: skip


def _count(peer: Peer, entry: Entry) -> None:
    """Count a peer's vote, by the moment it was cast: the last one while the vote was open."""
    if entry.type != "vote_cast":
        return
    proposal = KeyProposal.objects.filter(ref=str(entry.payload.get("proposal", ""))).first()
    choice, at = entry.payload.get("choice"), _moment(entry.at)
    if proposal is None or choice not in KeyVote.Choice.values:
        return
    if proposal.opens_at <= at < proposal.closes_at:
        KeyVote.objects.update_or_create(
            proposal=proposal, peer=peer, defaults={"choice": choice, "at": at, "by": f"feed:{entry.seq}"}
        )


def _moment(written: str) -> datetime:
    """Return a moment of an entry; one that is no moment lies before every vote."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
