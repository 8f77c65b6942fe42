"""From a proposal to a decision, and what follows it: votes, invoices, instances that do not pay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden
from bocage.cooperative.federation.actions import deciding, feeds
from bocage.cooperative.federation.models import FeedEntry, KeyProposal, KeyVote, Peer, YearFigures
from bocage.cooperative.federation.queries.proposals import decision, proposal
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.dues import Shortfall, Stage, Vat, dues, netted, shortfall, stage, vat_of
from bocage.cooperative.federation.rules.keys import USUAL, Key
from bocage.cooperative.federation.rules.votes import NotDeclared, TooEarly, VoteClosed, VoteSuspended, outcome
from bocage.cooperative.federation.tests import make
from bocage.cooperative.federation.tests.test_feed import PUBLIC, entry
from bocage.network.rules import GUEST, SYSTEM
from bocage.network.tests import make as network

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
FIVE = ("A", "B", "C", "D", "E")


@pytest.mark.parametrize(
    ("votes", "carried", "adopted"),
    [
        ({"A": "for", "B": "for", "C": "against"}, {"A": 30, "B": 20}, True),
        ({"A": "for", "B": "for", "C": "against"}, {"A": 30, "B": 19}, False),  # carry less than half of the pot
        ({"A": "for", "B": "for"}, {"A": 60, "B": 40}, False),  # no quorum
        ({"A": "for", "B": "against", "C": "abstain"}, {"A": 90}, False),  # no majority
        ({"A": "for", "B": "abstain", "C": "abstain"}, {"A": 50}, True),
        ({"A": "for", "B": "for", "X": "for"}, {"A": 60, "B": 40}, False),  # not an active instance
    ],
)
def test_a_key_is_adopted_by_quorum_majority_and_half_of_the_pot(votes, carried, adopted):
    assert outcome(votes, active=FIVE, in_force=carried, pot_minor=100).is_adopted is adopted


@pytest.fixture
def peers(db):
    found = make.federation(instance=network.instance(host="testserver"))
    YearFigures.objects.update(year=2025)
    Peer.objects.filter(code="I01").update(public_key=PUBLIC)
    return found


def propose(**more):
    given = {"year": 2027, "pot_minor": 60_000_000, "terms": USUAL[Key.ABLE], "reasons": "Plus juste"}
    opens_at = more.pop("opens_at", NOW + timedelta(days=30))
    return deciding.propose(**given | more, opens_at=opens_at, actor=more.get("actor", SYSTEM), now=NOW)


def decide(year, now=NOW):
    return deciding.decide_year(year=year, actor=SYSTEM, now=now)


def test_a_proposal_goes_from_discussion_to_votes_to_the_share_of_a_year(peers):
    first = deciding.allocate(60_000_000, make.figures(), USUAL[Key.CAPPED])
    make.decide(first, year=2026, at=NOW)
    pk = propose()
    opened = NOW + timedelta(days=31)
    with pytest.raises(VoteClosed):
        deciding.vote(proposal_id=pk, choice="for", actor=SYSTEM, now=NOW)
    deciding.vote(proposal_id=pk, choice="against", actor=SYSTEM, now=opened)
    deciding.vote(proposal_id=pk, choice="for", actor=SYSTEM, now=opened)
    KeyVote.objects.bulk_create(
        KeyVote(proposal_id=pk, peer=peers[code], choice="for", at=opened, by="feed:1")
        for code in ("I01", "I02", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12")
    )

    closed = NOW + timedelta(days=60)
    page = proposal(proposal_id=pk, now=closed)
    YearFigures.objects.update(year=2026)
    hashed = decide(2027, datetime(2027, 1, 20, tzinfo=UTC))

    assert (page.state, page.outcome.voted, page.outcome.quorum) == ("adopted", 12, 12)
    text, kept = decision(year=2027)
    assert (kept, decisions.is_right(text), decisions.decided(text)[2].key) == (hashed, True, Key.ABLE)
    assert decisions.parts(text)["I03"] == 10_204_212  # contributions declared to the cent
    assert decide(2027) == hashed
    assert [one.type for one in FeedEntry.objects.order_by("seq")] == [
        "key_proposed", "vote_cast", "vote_cast", "allocation_decided",
    ]  # fmt: skip


def test_a_year_waits_for_all_declarations_and_keeps_its_key_until_another_is_adopted(peers):
    make.decide(deciding.allocate(60_000_000, make.figures(), USUAL[Key.CAPPED]), year=2025, at=NOW)
    YearFigures.objects.filter(peer=peers["I20"]).delete()
    with pytest.raises(NotDeclared) as refused:
        decide(2026)
    YearFigures.objects.create(peer=peers["I20"], year=2025, turnover_minor=0, income_minor=0)
    decide(2026)

    assert "Pays I20" in str(refused.value)
    assert decisions.decided(decision(year=2026)[0])[2] == USUAL[Key.CAPPED]


def test_a_vote_waits_thirty_days_is_for_stewards_and_not_for_who_owes_for_a_year(peers):
    with pytest.raises(TooEarly):
        propose(opens_at=NOW + timedelta(days=29))
    with pytest.raises(TooEarly):
        propose(year=2026)
    pk = propose()
    with pytest.raises(Forbidden):
        deciding.vote(proposal_id=pk, choice="for", actor=GUEST, now=NOW + timedelta(days=31))
    Peer.objects.filter(code="I03").update(voting_ends_at=NOW)
    with pytest.raises(VoteSuspended):
        deciding.vote(proposal_id=pk, choice="for", actor=SYSTEM, now=NOW + timedelta(days=31))


def test_a_peer_s_vote_comes_by_its_feed_and_counts_while_the_vote_is_open(peers):
    pk = propose()
    KeyProposal.objects.filter(pk=pk).update(opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=1))
    ref = KeyProposal.objects.get(pk=pk).ref
    cast = entry(type="vote_cast", issuer="i01.example", proposal=ref, choice="for")

    feeds.take(peer_id=peers["I01"].pk, said=[cast.written()], now=NOW)

    assert list(KeyVote.objects.values_list("peer__code", "choice", "by")) == [("I01", "for", "feed:1")]


def test_four_invoices_say_what_is_due_in_euros_and_how_much_that_is_at_home():
    found = dues(4_712_345, code="I02", currency="GBP", rates={1: Fraction("0.8462")}, vat=Vat.OUTSIDE)

    assert [one.amount.minor for one in found] == [1_178_087, 1_178_086, 1_178_086, 1_178_086]
    assert [one.local for one in found] == [Money(996_897, "GBP"), None, None, None]


@pytest.mark.parametrize(
    ("country", "number", "vat"),
    [("FR", "", Vat.HOME), ("DE", "DE1", Vat.REVERSE), ("BE", "", Vat.ASK), ("GB", "GB1", Vat.OUTSIDE)],
)
def test_vat_follows_the_country_and_its_number(country, number, vat):
    assert vat_of(holder="FR", country=country, vat_number=number) is vat


@pytest.mark.parametrize(
    ("days", "plan", "expected"),
    [(29, False, Stage.OPEN), (30, False, Stage.TALK), (60, False, Stage.PLAN), (180, False, Stage.RESERVE),
     (365, False, Stage.SUSPENDED), (400, True, Stage.PLAN)],
)  # fmt: skip
def test_who_does_not_pay_is_talked_with_before_anything_else(days, plan, expected):
    assert stage(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days), has_plan=plan) is expected


def test_a_shortfall_comes_from_the_reserve_then_from_next_year_never_from_the_others():
    assert shortfall(1_000, 600) == Shortfall(600, 400)


def test_debts_in_a_ring_need_one_transfer_less_than_instances():
    transfers = netted({"A": 70, "B": -30, "C": -60, "D": 20})

    left = {"A": 70, "B": -30, "C": -60, "D": 20}
    for debtor, creditor, amount in transfers:
        left[debtor] += amount
        left[creditor] -= amount
    assert set(left.values()) == {0} and len(transfers) <= 3


def test_the_pages_show_instances_proposals_and_decisions_and_a_steward_votes(peers, client):
    made = make.decide(deciding.allocate(60_000_000, make.figures(), USUAL[Key.CAPPED]), year=2026, at=NOW)
    pk = propose()
    now = datetime.now(UTC)
    KeyProposal.objects.update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    page, vote = f"/commons/sharing/proposals/{pk}/", f"/commons/sharing/proposals/{pk}/vote/"
    client.force_login(network.person(is_staff=True))

    assert client.post(vote, {"choice": "maybe"}).status_code == 422
    assert client.post(vote, {"choice": "for"}).status_code == 303
    assert client.get(page).context["found"].outcome.for_ == 1
    assert len(client.get("/commons/sharing/instances/").context["peers"]) == 20
    assert decisions.hash_of(client.get("/commons/sharing/decisions/2026/").content.decode()) == made.hash


def test_nobody_but_a_steward_votes(peers, client):
    pk = propose()
    client.force_login(network.person())

    assert client.post(f"/commons/sharing/proposals/{pk}/vote/", {"choice": "for"}).status_code == 403
