"""Members, shares, committees, proposals on their path, assemblies."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bocage.commons.refusals import Forbidden, NotFound
from bocage.cooperative.governance import actions, queries
from bocage.cooperative.governance.models import Member, Minutes, Proposal, ShareMovement, TextVersion
from bocage.cooperative.governance.queries import members as register
from bocage.cooperative.governance.rules.path import NotNow, TooEarly
from bocage.cooperative.governance.rules.refusals import (
    AlreadyMember,
    CalledTooLate,
    MembersOnly,
    NoDecision,
    NotSoMany,
    OfficeOnly,
    TooManyProxies,
    TooSmallCommittee,
)
from bocage.cooperative.governance.tests import make
from bocage.ledger.models import Account, Posting
from bocage.network.tests import make as network

pytestmark = pytest.mark.django_db
NOW, DAYS = make.NOW, make.DAYS


def apply(actor, coop, **fields):
    college, category = register.colleges(coop)[0].id, register.categories(coop)[0][0]
    kept = {"college_id": college, "category_id": category, "name": "Maïwenn", "actor": actor, "now": NOW}
    return actions.apply_for(instance_id=coop, **{**kept, **fields})


def test_a_candidate_is_admitted_pays_a_share_and_is_active_and_the_book_says_so():
    body = network.enterprise("La coopérative")
    coop = make.cooperative(body)
    office, treasurer = make.office(), make.office("treasury", 1)
    person = network.person()
    member = apply(network.actor(person), coop, shares=3)
    with pytest.raises(AlreadyMember):
        apply(network.actor(person), coop)

    actions.admit(member_id=member, actor=office, now=NOW)
    with pytest.raises(OfficeOnly):
        actions.move_shares(member_id=member, kind="payment", shares=2, actor=network.actor(person), now=NOW)
    with pytest.raises(NotSoMany):
        actions.move_shares(member_id=member, kind="payment", shares=4, actor=treasurer, now=NOW)
    actions.move_shares(member_id=member, kind="payment", shares=2, actor=treasurer, now=NOW + DAYS[1])

    row = Member.objects.get(pk=member)
    assert (row.state, row.active_at, register.shares_of(member)) == ("active", NOW + DAYS[1], (2, 1))
    capital = Account.objects.get(book=body, kind="capital")
    assert [posting.amount_minor for posting in Posting.objects.filter(account=capital)] == [-40_00]
    assert list(ShareMovement.objects.order_by("number").values_list("number", "kind", "amount_minor")) == [
        (1, "subscription", 60_00), (2, "payment", 40_00),
    ]  # fmt: skip


def test_who_leaves_is_refunded_at_nominal_value_and_then_gone():
    coop = make.cooperative()
    office, treasurer = make.office(), make.office("treasury", 1)
    leaving = network.actor(network.person())
    member = apply(leaving, coop, shares=2)
    actions.admit(member_id=member, actor=office, now=NOW)
    actions.move_shares(member_id=member, kind="payment", shares=1, actor=treasurer, now=NOW)

    with pytest.raises(Forbidden):
        actions.leave(member_id=member, actor=office, now=NOW)
    actions.leave(member_id=member, actor=leaving, now=NOW + DAYS[3])
    assert (Member.objects.get(pk=member).state, register.shares_of(member)) == ("leaving", (1, 0))
    actions.move_shares(member_id=member, kind="refund", shares=1, actor=treasurer, now=NOW + DAYS[9])

    assert Member.objects.get(pk=member).state == "left"
    assert list(ShareMovement.objects.order_by("number").values_list("kind", "shares")) == [
        ("subscription", 2), ("payment", 1), ("cancellation", -1), ("refund", -1),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE governance_sharemovement SET shares = 9")


def test_an_enterprise_joins_by_who_manages_it():
    coop = make.cooperative()
    farm = network.enterprise("Ferme de la Lande")
    apply(network.manager(farm), coop, enterprise_id=farm.pk, name="ignored")

    assert Member.objects.get().name == "Ferme de la Lande"
    with pytest.raises(Forbidden):
        apply(network.actor(network.person()), coop, enterprise_id=farm.pk)


def test_a_committee_has_three_members_and_is_renewed_by_a_vote_only():
    coop = make.cooperative()
    steward = network.actor(network.person(is_staff=True))
    people = make.members(shops=4)
    ids = [one.pk for one in people]
    said = {"name": "peers", "instance_id": coop, "now": NOW}

    with pytest.raises(TooSmallCommittee):
        actions.seat(member_ids=ids[:2], actor=steward, **said)
    with pytest.raises(Forbidden):
        actions.seat(member_ids=ids[:3], actor=make.acting(people[0]), **said)
    actions.seat(member_ids=ids[:3], actor=steward, **said)
    found = queries.committee("peers", instance_id=coop, now=NOW)
    assert (found.may_decide, {one.member_id for one in found.seats}) == (True, set(ids[:3]))
    assert queries.sits_on("peers", actor=make.acting(people[0]), instance_id=coop, now=NOW)
    assert not queries.sits_on("peers", actor=make.acting(people[3]), instance_id=coop, now=NOW)
    with pytest.raises(OfficeOnly):
        actions.seat(member_ids=ids[1:], actor=steward, **said)
    with pytest.raises(NoDecision):
        actions.seat(member_ids=ids[1:], actor=make.office(), **said)


def test_a_proposal_walks_its_path_from_a_draft_to_the_look_back():
    coop = make.cooperative()
    author, second = make.members(shops=1, workers=1)
    by = {"actor": make.acting(author)}
    number = actions.propose(instance_id=coop, kind="other", title="A van", body="One van.", now=NOW, **by)
    pk = Proposal.objects.get(number=number).pk

    def state():
        return Proposal.objects.get(pk=pk).state

    with pytest.raises(NotNow):
        actions.freeze(proposal_id=pk, now=NOW, **by)
    actions.support(proposal_id=pk, actor=make.acting(second), now=NOW)
    assert state() == "discussion"
    actions.remark(proposal_id=pk, body="Which van?", actor=make.acting(second), now=NOW)
    with pytest.raises(Forbidden):
        actions.change_text(proposal_id=pk, body="Mine.", actor=make.acting(second), now=NOW)
    actions.change_text(proposal_id=pk, body="One electric van.", now=NOW + DAYS[13], **by)
    with pytest.raises(TooEarly):
        actions.freeze(proposal_id=pk, now=NOW + DAYS[15], **by)
    actions.freeze(proposal_id=pk, now=NOW + DAYS[16], **by)
    with pytest.raises(NotNow):
        actions.change_text(proposal_id=pk, body="Two vans.", now=NOW + DAYS[16], **by)
    actions.open_vote(proposal_id=pk, closes_at=NOW + DAYS[23], now=NOW + DAYS[16], **by)
    actions.close_due(now=NOW + DAYS[23])
    assert state() == "frozen"  # nobody came: a second call
    actions.open_vote(proposal_id=pk, closes_at=NOW + DAYS[31], now=NOW + DAYS[24], **by)
    actions.close_due(now=NOW + DAYS[31])
    actions.apply_decision(proposal_id=pk, outcome="Nothing is bought.", now=NOW + DAYS[32], **by)
    with pytest.raises(NotNow):
        actions.review(proposal_id=pk, outcome="Fine.", now=NOW + DAYS[100], **by)
    actions.review(proposal_id=pk, outcome="Fine.", now=NOW + DAYS[400], **by)

    assert state() == "reviewed"
    assert list(TextVersion.objects.order_by("version").values_list("body", flat=True)) == [
        "One van.",
        "One electric van.",
    ]


def test_only_members_propose():
    coop = make.cooperative()
    for actor in (network.actor(network.person()), network.actor(network.person(is_staff=True))):
        with pytest.raises(MembersOnly):
            actions.propose(instance_id=coop, kind="other", title="X", body="Y", actor=actor, now=NOW)


def test_an_assembly_is_called_in_time_and_its_minutes_are_chained():
    coop = make.cooperative()
    office, hashes = make.office(), []
    said = {"instance_id": coop, "place": "Vire", "agenda": "Accounts", "actor": office}
    with pytest.raises(CalledTooLate):
        actions.call_assembly(title="AG", starts_at=NOW + DAYS[15] - timedelta(minutes=1), now=NOW, **said)
    for year in (1, 2):
        pk = actions.call_assembly(title=f"AG {year}", starts_at=NOW + DAYS[15], now=NOW, **said)
        sign = {"assembly_id": pk, "body": "All agreed.", "chair": "A", "secretary": "B", "actor": office}
        with pytest.raises(NotNow):
            actions.sign_minutes(now=NOW, **sign)
        hashes.append(actions.sign_minutes(now=NOW + DAYS[16], **sign))
        with pytest.raises(NotNow):
            actions.sign_minutes(now=NOW + DAYS[16], **sign)

    assert list(Minutes.objects.order_by("number").values_list("previous", "hash")) == [
        ("0" * 64, hashes[0]), (hashes[0], hashes[1]),
    ]  # fmt: skip


def test_a_member_stands_for_two_others_at_an_assembly():
    coop = make.cooperative()
    office, people = make.office(), make.members(shops=4)
    pk = actions.call_assembly(
        instance_id=coop, title="AG", starts_at=NOW + DAYS[20], place="", agenda="", actor=office, now=NOW
    )
    note = {"assembly_id": pk, "proxy_id": people[0].pk, "actor": office, "now": NOW}

    for one in people[1:3]:
        actions.note_presence(member_id=one.pk, **note)
    actions.note_presence(member_id=people[1].pk, **note)
    with pytest.raises(TooManyProxies):
        actions.note_presence(member_id=people[3].pk, **note)
    with pytest.raises(NotFound):
        actions.note_presence(member_id=people[0].pk, **note)


def test_the_register_is_for_those_who_keep_it_and_takes_two_queries(django_assert_num_queries):
    coop = make.cooperative()
    treasurer = make.office("treasury", 1)
    for number in (1, 3):
        make.members(buyers=number)
        with django_assert_num_queries(3):  # who asks, members, shares
            rows = register.register(actor=treasurer, instance_id=coop, now=NOW)
    assert len(rows) == 5
    for actor in (network.actor(network.person(is_staff=True)), make.acting(make.member())):
        with pytest.raises(OfficeOnly):
            register.register(actor=actor, instance_id=coop, now=NOW)
