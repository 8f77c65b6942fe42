"""The signed feed: the worked vector, what is refused, forks, and two servers that read each other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from bocage.cooperative.federation.actions import feeds
from bocage.cooperative.federation.models import FeedEntry, Peer
from bocage.cooperative.federation.queries.feeds import point_of
from bocage.cooperative.federation.rules.feed import GENESIS, Entry, Point, follow, open_differences, sealed
from bocage.cooperative.federation.signing import checked, is_signed
from bocage.ledger import keys
from bocage.network.tests import make as network

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SEED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def public(key):
    return key.public_key().public_bytes_raw().hex()


def entry(seq=1, prev=GENESIS, by=SEED, type="turnover_declared", issuer="i03.example", **payload):
    return sealed(Entry(1, issuer, seq, prev, type, "2026-02-10T09:00:00Z", payload or {"year": 2025}), by.sign)


def chained(count, start=None, key=SEED):
    rows = [start] if start else []
    while len(rows) < count:
        rows.append(entry(len(rows) + 1, rows[-1].hash if rows else GENESIS, key, year=2000 + len(rows)))
    return rows


def read(rows, point=None, known=None, issuer="i03.example", is_signed=is_signed):
    written = [row.written() if isinstance(row, Entry) else row for row in rows]
    return follow(written, issuer=issuer, point=point or Point.start(PUBLIC), known=known or {}, is_signed=is_signed)


def test_the_worked_vector_comes_out_to_the_byte():
    found = entry(currency="EUR", shops=212, turnover_minor="875000000", year=2025)

    assert public(SEED) == PUBLIC
    assert found.text() == (
        '{"at":"2026-02-10T09:00:00Z","issuer":"i03.example","payload":{"currency":"EUR","shops":212,'
        '"turnover_minor":"875000000","year":2025},"prev":"' + "0" * 64 + '","seq":1,"type":"turnover_declared","v":1}'
    )
    assert found.hash == "8677fcf87e4b31d8c11086e09c780ee6d6382f9308ae9e2180e9bcf46e992c79"
    assert found.sig == "ahom2IXwI9ttSTNpCF0fw4KCrHp15b-Ox42TczKbItr9NCJZlPTCdYTkr_tCZTgg3qWKvO-2PYsBoZawWCxKBA"


def test_a_good_feed_is_taken_whole_and_an_entry_that_comes_again_is_nothing_new():
    rows = chained(3)
    first = read(rows)

    assert [one.seq for one in first.taken] == [1, 2, 3]
    assert (first.fault, first.point.hash) == (None, rows[2].hash)
    again = read(rows, first.point, {row.seq: row.hash for row in rows})
    assert (again.taken, again.forks, again.fault) == ([], [], None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda said: said | {"payload": {"year": 1999}}, "hash"),
        (lambda said: said | {"sig": "A" * 86}, "signature"),
        (lambda said: said | {"sig": "%"}, "signature"),
        (lambda said: entry(2, "0" * 64, year=2001).written(), "chain"),
        (lambda said: entry(4, said["prev"], year=2001).written(), "gap"),
        (lambda said: entry(2, said["prev"], OTHER, year=2001).written(), "signature"),
        (lambda said: entry(2, said["prev"], issuer="i04.example").written(), "issuer"),
        (lambda said: said | {"payload": {"amount": 1.5}}, "form"),
        (lambda said: said | {"v": 2}, "form"),
        (lambda said: said | {"more": 1}, "form"),
        (lambda said: None, "form"),
    ],
)  # fmt: skip
def test_what_is_forged_out_of_place_or_no_entry_is_refused_and_nothing_after_it_is_taken(change, why):
    first, second, third = chained(3)

    found = read([first, change(second.written()), third])

    assert [one.seq for one in found.taken] == [1]
    assert found.fault is not None and found.fault.why == why


def test_two_entries_under_one_number_are_a_fork_also_when_signed_by_an_earlier_key():
    rows = chained(2)
    turned = entry(3, rows[1].hash, type="key_rotated", key=public(OTHER))
    last = entry(4, turned.hash, OTHER, year=2026)
    point = read([*rows, turned, last]).point
    known = {row.seq: row.hash for row in [*rows, turned, last]}

    found = read([entry(2, rows[0].hash, year=1066)], point, known)

    assert point.key == public(OTHER)
    assert [one.seq for one in found.forks] == [2]
    assert read([entry(5, last.hash, SEED)], point, known).fault.why == "signature"  # the old key signs nothing new


def test_what_was_checked_beforehand_is_what_is_checked_in_its_turn_also_after_another_key():
    rows = chained(2)
    turned = entry(3, rows[1].hash, type="key_rotated", key=public(OTHER))
    fourth = entry(4, turned.hash, OTHER, year=2026)
    said = [one.written() for one in (*rows, turned, fourth, entry(5, fourth.hash, SEED))]
    known = checked([None, {"hash": 1, "sig": []}, *said], key=PUBLIC)

    found = read(said, is_signed=known)

    assert found == read(said)
    assert (len(found.taken), found.fault.why) == (4, "signature")
    assert not known(PUBLIC, rows[0].hash, rows[1].sig)


def test_a_type_that_nobody_knows_is_kept():
    assert [one.type for one in read([entry(type="weather_told")]).taken] == ["weather_told"]


def test_payments_that_nobody_received_or_in_another_amount_stay_open():
    def payment(kind, ref, amount, at):
        return Entry(1, "a", 1, "", kind, at, {"ref": ref, "amount_minor": amount})

    said = [
        payment("payment_sent", "A", "100", "2026-01-01"),
        payment("payment_sent", "B", "100", "2026-01-01"),
        payment("payment_received", "B", "90", "2026-01-02"),
        payment("payment_sent", "C", "5", "2026-01-30"),
    ]

    assert open_differences(said, "2026-01-31", after="2026-01-16") == ["A", "B"]


@pytest.fixture
def peer(db):
    us = network.instance(host="testserver")
    Peer.objects.create(
        code="I16", domain="nous.example", name="Nous", country="FR", group="H", joined_on=date(2024, 1, 1), instance=us
    )  # fmt: skip
    return Peer.objects.create(
        code="I03", domain="i03.example", name="Eux", country="AU", group="H", joined_on=date(2024, 1, 1), public_key=PUBLIC
    )  # fmt: skip


def test_a_fork_freezes_the_peer_and_both_sides_are_kept(peer):
    rows = chained(3)
    feeds.take(peer_id=peer.pk, said=[row.written() for row in rows], now=NOW)
    other = entry(3, rows[1].hash, year=1066)

    found = feeds.take(peer_id=peer.pk, said=[other.written()], now=NOW)
    peer.refresh_from_db()

    assert (found.forks, peer.frozen_at) == ([other], NOW)
    kept = FeedEntry.objects.filter(peer=peer, seq=3).order_by("is_proof")
    assert [(one.hash, one.is_proof) for one in kept] == [(rows[2].hash, False), (other.hash, True)]
    assert feeds.take(peer_id=peer.pk, said=[entry(4, rows[2].hash).written()], now=NOW).taken == []
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(type="witness")


@contextmanager
def served(rows: list[Entry]) -> Iterator[str]:
    """Another instance: a server of its own with its own key."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            after = int(self.path.partition("after=")[2].partition("&")[0] or 0)
            body = json.dumps([row.written() for row in rows if row.seq > after]).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/federation/v1/entries"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.django_db(transaction=True)
def test_two_servers_read_verify_and_witness_each_other(live_server, peer):
    theirs = chained(2)
    with served(theirs) as url:
        Peer.objects.filter(pk=peer.pk).update(feed_url=url)
        feeds.say(type="turnover_declared", payload={"year": 2025, "turnover_minor": "11500000"}, now=NOW)
        assert feeds.read_peers(now=NOW) == {"i03.example": ""}
        assert feeds.witness(now=NOW) == 1 and feeds.witness(now=NOW) == 0

        ours = json.loads(feeds.fetched(f"{live_server.url}/federation/v1/entries?after=0"))
        about = json.loads(feeds.fetched(f"{live_server.url}/.well-known/commons-federation.json"))
        read_there = read(ours, Point.start(about["keys"][0]["public"]), issuer=about["id"])
        theirs[1] = entry(2, theirs[0].hash, year=1066)
        assert feeds.read_peers(now=NOW) == {"i03.example": "fork"}

    assert point_of(peer).seq == 2
    assert (read_there.fault, [one.type for one in read_there.taken]) == (None, ["turnover_declared", "witness"])
    assert about["keys"][0]["public"] == keys.public()
    assert json.loads(feeds.fetched(f"{live_server.url}/federation/v1/head"))["hash"] == ours[-1]["hash"]


def test_full_pages_are_checked_in_two_processes_and_a_forged_entry_stops_them(peer, monkeypatch):
    said = [row.written() for row in chained(6)]
    said[4] |= {"sig": said[3]["sig"]}
    monkeypatch.setattr("bocage.cooperative.federation.queries.feeds.MOST", 3)
    Peer.objects.filter(pk=peer.pk).update(feed_url="https://i03.example/federation/v1/entries")

    def fetch(url):
        after = int(url.partition("after=")[2].partition("&")[0])
        return json.dumps(said[after : after + 3]).encode()

    assert feeds.read_peers(now=NOW, fetch=fetch) == {"i03.example": "signature"}
    assert point_of(peer).seq == 4


def test_feeds_are_read_by_https_only():
    with pytest.raises(ValueError):
        feeds.fetched("file:///etc/hostname")
