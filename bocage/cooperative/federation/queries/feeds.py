"""What was said in the federation: our own feed, how far each peer's is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from bocage.cooperative.federation.models import FeedEntry, Peer
from bocage.cooperative.federation.rules.feed import Point
from bocage.ledger import keys
from bocage.ledger.rules.chain import GENESIS

MOST = 500


@dataclass(frozen=True, slots=True)
class PeerRow:
    """An instance of the federation and how far its feed is known; frozen_at: it forked."""

    code: str
    name: str
    domain: str
    country: str
    is_ours: bool
    seq: int
    read_at: datetime | None
    frozen_at: datetime | None


def ours() -> Peer | None:
    """Return our own instance in the federation; None where we are in none."""
    return Peer.objects.filter(instance__isnull=False).select_related("instance").order_by("code").first()


def entries(*, after: int, limit: int) -> list[dict[str, Any]]:
    """Return our own entries after a number, at most 500, oldest first."""
    rows = FeedEntry.objects.filter(peer__instance__isnull=False, is_proof=False, seq__gt=after).order_by("seq")
    return list(rows.values_list("written", flat=True)[: max(1, min(limit, MOST))])


def head() -> dict[str, Any]:
    """Return the number and hash of our last entry; 0 and zeros before the first."""
    us = ours()
    point = point_of(us) if us else Point.start("")
    return {"issuer": us.domain if us else "", "seq": point.seq, "hash": point.hash}


def about(*, site_url: str, source_url: str, version: str) -> dict[str, Any] | None:
    """Return what `/.well-known/commons-federation.json` says; None where we are in no federation."""
    us = ours()
    if us is None:
        return None
    return {
        "id": us.domain, "name": us.name, "country": us.country,
        "keys": [{"type": "Ed25519", "public": keys.public(), "since": us.joined_on.isoformat(), "until": None}],
        "software": {"name": "bocage", "version": version, "source": source_url},
        "feed": f"{site_url}/federation/v1/entries",
    }  # fmt: skip


def point_of(peer: Peer) -> Point:
    """Return how far a peer's feed is known, and the key that signs what follows."""
    own = keys.public() if peer.instance_id else peer.public_key
    followed = FeedEntry.objects.filter(peer_id=peer.pk, is_proof=False)
    last = followed.order_by("-seq").values_list("seq", "hash").first()
    turned = followed.filter(type="key_rotated").order_by("seq").values_list("written", flat=True)
    *earlier, key = [own, *(one["payload"]["key"] for one in turned if "key" in one["payload"])]
    return Point(*(last or (0, GENESIS)), key, tuple(earlier))


def peers() -> Sequence[PeerRow]:
    """Return all instances of the federation by code, in two queries."""
    rows = Peer.objects.filter(left_on__isnull=True).order_by("code")
    seen = {
        peer: (seq, at)
        for peer, seq, at in FeedEntry.objects.filter(is_proof=False)
        .values_list("peer_id")
        .annotate(seq=Max("seq"), at=Max("received_at"))
        .order_by()
    }
    return [
        PeerRow(one.code, one.name, one.domain, one.country, one.instance_id is not None,
                *seen.get(one.pk, (0, None)), one.frozen_at)
        for one in rows
    ]  # fmt: skip
