"""The ballot box with a database: who may vote, once, until when; what is published, and what no table tells."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bocage.commons.refusals import Forbidden
from bocage.cooperative.governance import actions
from bocage.cooperative.governance.models import Ballot, BoardEntry, Count, Delegation, Proposal, RollEntry, Vote
from bocage.cooperative.governance.rules import box
from bocage.cooperative.governance.rules.path import TooEarly, TooFewToBeSecret
from bocage.cooperative.governance.rules.refusals import (
    NeverDelegated,
    NotOnRoll,
    OnlyYourself,
    OtherCollege,
    TooManyHeld,
    VoteClosed,
    VotedAlready,
)
from bocage.cooperative.governance.tests import make
from bocage.infra.models import Event
from bocage.network.models import Person
from bocage.network.queries.people import visiting_actor
from bocage.network.tests import make as network

pytestmark = pytest.mark.django_db
NOW, DAYS = make.NOW, make.DAYS


@pytest.fixture(autouse=True)
def coop():
    return make.cooperative()


def closed(vote):
    """Close a vote; return its published file."""
    actions.close_due(now=vote.closes_at)
    return json.loads(Count.objects.get(vote=vote).file)


def test_an_open_vote_is_counted_at_closing_and_its_file_says_the_same(tmp_path, capsys):
    voters = make.members(shops=2, workers=2, buyers=1)
    vote = make.vote(voters[0])
    for member, choice in zip(voters, ["for", "for", "for", "against", "abstain"], strict=True):
        make.cast(vote, member, choice)

    assert actions.close_due(now=vote.closes_at - timedelta(seconds=1)) == 0
    file = closed(vote)
    (tmp_path / "vote.json").write_text(json.dumps(file))
    call_command("recount", str(tmp_path / "vote.json"))

    assert (file["result"]["reason"], file["result"]["result"]) == ("adopted", "5/6")  # (40 + 20/2) / 60
    assert [one["name"] for one in file["ballots"]] == [one.name for one in voters]
    assert Proposal.objects.get(pk=vote.proposal_id).state == "decided"
    assert actions.close_due(now=vote.closes_at + DAYS[1]) == 0
    assert "Agrees" in capsys.readouterr().out


def test_the_recount_finds_a_changed_file_and_says_when_it_is_none(tmp_path, capsys):
    voters = make.members(shops=1, workers=1)
    vote = make.vote(voters[0])
    make.cast(vote, voters[0], "for")
    file = closed(vote)
    file["ballots"][0]["choice"] = "against"
    (tmp_path / "vote.json").write_text(json.dumps(file))
    (tmp_path / "other.json").write_text('{"format": "bocage-vote/1"}')

    with pytest.raises(SystemExit):
        call_command("recount", str(tmp_path / "vote.json"))
    with pytest.raises(CommandError):
        call_command("recount", str(tmp_path / "other.json"))
    assert "receipt" in capsys.readouterr().out


def test_nobody_votes_twice_late_for_another_or_without_being_on_the_roll():
    voter, other = make.members(shops=1, workers=1)
    vote = make.vote(voter)
    late = make.member("buyers")
    steward = network.person(is_staff=True)
    helping = visiting_actor(Person.objects.get(pk=voter.person_id), steward=steward)
    cast = make.cast(vote, voter, "for")

    with pytest.raises(VotedAlready):
        make.cast(vote, voter, "against")
    assert make.cast(vote, voter, "for") == cast  # the same page sent twice
    with pytest.raises(NotOnRoll):
        make.cast(vote, late, "for")
    for actor in (make.acting(voter), helping, network.actor(steward)):
        with pytest.raises(OnlyYourself):
            make.cast(vote, other, "for", actor=actor)
    for moment in (vote.closes_at, vote.closes_at + DAYS[1], vote.opens_at - DAYS[1]):
        with pytest.raises(VoteClosed):
            make.cast(vote, other, "for", now=moment)
    assert Ballot.objects.count() == BoardEntry.objects.count() == 1


def test_a_steward_who_visits_a_member_does_not_vote_for_them():
    voter = make.member()
    vote = make.vote(voter)
    helping = visiting_actor(voter.person, steward=network.person(is_staff=True))

    with pytest.raises(OnlyYourself):
        make.cast(vote, voter, "for", actor=helping)
    assert not RollEntry.objects.get(vote=vote, member=voter).has_voted


def test_the_roll_is_frozen_at_opening_with_who_was_active_for_thirty_days():
    old = make.member()
    make.member(active_at=NOW - DAYS[29])
    vote = make.vote(old)
    make.member()

    assert [entry.member_id for entry in vote.roll.all()] == [old.pk]
    assert {one["code"]: one["roll"] for one in vote.colleges} == {**dict.fromkeys(make.COLLEGES, 0), "shops": 1}


def test_a_secret_ballot_leads_to_nobody_and_its_receipt_is_found():
    voters = make.members(shops=3, workers=3)
    vote = make.vote(voters[0], kind="person", method="judgment", options=[("Maïwenn", None), ("Tanguy", None)])
    events = Event.objects.count()
    casts = [make.cast(vote, one, {"maiwenn": number % 3, "tanguy": 4}) for number, one in enumerate(voters)]

    assert Event.objects.count() == events  # the outbox would tell who voted when
    assert vote.is_secret
    assert set(Ballot.objects.values_list("voter", flat=True)) == {None}
    columns = {field.name for field in Ballot._meta.fields} | {field.name for field in BoardEntry._meta.fields}
    assert not {"at", "by", "member", "person"} & columns
    file = closed(vote)
    assert {one.receipt for one in casts} == {one["receipt"] for one in file["ballots"]}
    assert not any({"name", "member"} & set(one) for one in file["ballots"])
    assert box.recount(file) == []
    assert file["result"]["order"] == [["maiwenn"], ["tanguy"]]


def test_a_secret_vote_by_colleges_needs_more_than_two_voters_in_each():
    voters = make.members(shops=3, workers=1)
    asked = {"kind": "person", "method": "judgment", "options": [("A", None), ("B", None)]}

    with pytest.raises(TooFewToBeSecret):
        make.vote(voters[0], **asked)
    vote = make.vote(voters[0], counting="heads", **asked)

    make.cast(vote, voters[3], {"a": 0, "b": 5})
    assert closed(vote)["result"]["winner"] == "a"


def test_a_tenth_of_the_members_makes_a_vote_secret():
    voters = make.members(shops=20)
    for asking, is_secret in ((1, False), (2, True)):
        proposal = make.frozen(voters[0])
        for member in voters[:asking]:
            actions.ask_secret(proposal_id=proposal.pk, actor=make.acting(member), now=NOW)
        vote_id = actions.open_vote(
            proposal_id=proposal.pk, closes_at=NOW + DAYS[7], actor=make.acting(voters[0]), now=NOW
        )
        assert Vote.objects.get(pk=vote_id).is_secret is is_secret


def test_a_braked_tariff_goes_back_to_thirty_days_of_discussion_and_then_the_vote_is_final():
    voters = make.members(shops=4, workers=1)
    vote = make.vote(voters[0], kind="tariff")
    says = ["for"] * 4 + ["against"]
    for member, choice in zip(voters, says, strict=True):
        make.cast(vote, member, choice)
    file = closed(vote)
    proposal = Proposal.objects.get(pk=vote.proposal_id)
    assert (file["result"]["reason"], file["result"]["brakes"]) == ("braked", ["workers"])
    assert (proposal.state, proposal.ends_at) == ("discussion", vote.closes_at + DAYS[30])

    author, again = make.acting(voters[0]), proposal.ends_at
    with pytest.raises(TooEarly):
        actions.freeze(proposal_id=proposal.pk, actor=author, now=again - timedelta(seconds=1))
    actions.freeze(proposal_id=proposal.pk, actor=author, now=again)
    second = Vote.objects.get(
        pk=actions.open_vote(proposal_id=proposal.pk, closes_at=again + DAYS[7], actor=author, now=again)
    )
    for member, choice in zip(voters, says, strict=True):
        make.cast(second, member, choice, now=again)

    assert closed(second)["result"]["reason"] == "adopted"


def test_a_missed_quorum_is_voted_again_without_one():
    voters = make.members(shops=6, workers=5)
    vote = make.vote(voters[0])
    make.cast(vote, voters[0], "for")
    assert closed(vote)["result"]["reason"] == "no_quorum"

    author, again = make.acting(voters[0]), vote.closes_at
    second = Vote.objects.get(
        pk=actions.open_vote(proposal_id=vote.proposal_id, closes_at=again + DAYS[7], actor=author, now=again)
    )
    for member in (voters[0], voters[6]):
        make.cast(second, member, "for", now=again)

    assert (second.quorum, closed(second)["result"]["reason"]) == ("0", "adopted")


def test_a_delegate_carries_a_vote_that_its_giver_did_not_cast_and_no_other():
    giver, holder, voted, passer = make.members(shops=4)
    for one, to in ((giver, holder), (voted, holder), (passer, giver)):
        actions.delegate(
            topic="budget", holder_id=to.pk, instance_id=one.instance_id, actor=make.acting(one), now=NOW - DAYS[1]
        )
    vote = make.vote(holder, kind="budget", counting="heads")
    make.cast(vote, holder, "for")
    make.cast(vote, voted, "against")

    file = closed(vote)

    assert {one["name"]: one["choice"] for one in file["ballots"]} == {
        holder.name: "for", voted.name: "against", giver.name: "for",
    }  # fmt: skip
    assert box.recount(file) == []


def test_a_vote_is_given_within_a_college_to_few_and_taken_back():
    holder, other = make.members(shops=1, workers=1)
    givers = make.members(shops=6)

    def give(one, to, topic="budget"):
        actions.delegate(topic=topic, holder_id=to.pk, instance_id=one.instance_id, actor=make.acting(one), now=NOW)

    for one in givers[:5]:
        give(one, holder)
    for refusal, args in (
        (TooManyHeld, (givers[5], holder)), (OtherCollege, (givers[5], other)),
        (NeverDelegated, (givers[5], holder, "person")),
    ):  # fmt: skip
        with pytest.raises(refusal):
            give(*args)
    actions.take_back(delegation_id=Delegation.objects.get(giver=givers[0]).pk, actor=make.acting(givers[0]), now=NOW)
    give(givers[5], holder)

    assert Delegation.objects.filter(until__isnull=True).count() == 5


def test_a_reasoned_objection_stops_consent_until_it_is_lifted():
    author, objector = make.members(shops=2)
    office = make.office()
    votes = [make.vote(author, method="consent") for _ in range(2)]
    for vote in votes:
        make.cast(vote, author, {"said": "consent", "reason": ""})
        cast = make.cast(vote, objector, {"said": "objection", "reason": "Too dear"})
    lift = {"receipt": cast.receipt, "words": "We rent it instead.", "now": NOW + DAYS[2]}
    with pytest.raises(Forbidden):
        actions.lift_objection(how="integration", actor=make.acting(author), **lift)
    actions.lift_objection(how="integration", actor=office, **lift)

    assert [closed(vote)["result"]["reason"] for vote in votes] == ["objected", "adopted"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE governance_ballot SET college = 'workers'",
        "DELETE FROM governance_ballot",
        "UPDATE governance_boardentry SET hash = ''",
        "UPDATE governance_count SET file = '{}'",
        "UPDATE governance_rollentry SET has_voted = NOT has_voted",
        "UPDATE governance_rollentry SET name = 'X', has_voted = (1 = 1)",
        "DELETE FROM governance_rollentry",
        "DELETE FROM governance_textversion",
    ],
)
def test_the_database_itself_keeps_the_box(sql):
    voters = make.members(shops=2, workers=1)
    vote = make.vote(voters[0])
    make.cast(vote, voters[0], "for")
    closed(vote)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
