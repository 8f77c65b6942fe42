"""Agreements: one decision, as a rule and as SQL; proposed by one side, accepted by the other; kept for ever."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.commons.refusals import Forbidden, NotFound
from bocage.infra.models import Event
from bocage.network import actions, queries
from bocage.network.models import Agreement, Enterprise, Role
from bocage.network.rules import SYSTEM, NoAgreementPossible
from bocage.network.rules.agreements import (
    RIGHT_FOR,
    Act,
    Deal,
    Decision,
    EndsBeforeItStarts,
    NothingAgreed,
    OwnProposal,
    ProposalAnswered,
    ProposalWaits,
    Terms,
    Why,
    decide_for_hub,
    decide_for_person,
)
from bocage.network.tests import make

LATER, MUCH_LATER = make.NOW + timedelta(days=30), make.NOW + timedelta(days=60)
ALL_TERMS = [
    Terms(may_sell=sells, handling=handling, edits_goods=goods, edits_profile=profile)
    for sells, handling, goods, profile in product(
        (True, False), ("as_is", "own_price", "resells"), (True, False), (True, False)
    )
]


def propose(farm, hub, by, actor=None, now=make.NOW, **more):
    said = {"terms": Terms(), "starts_at": now, **more}
    actor = actor or make.manager(by)
    return actions.propose(producer_id=farm.id, hub_id=hub.id, by_id=by.id, **said, actor=actor, now=now)


def running(hub, at):
    return [row.name for row in queries.producers_of(hub.id, at=at)]


# ── The decision ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("terms", "acts"),
    [
        (Terms(handling="as_is"), {Act.SELL}),
        (Terms(), {Act.SELL, Act.SET_PRICE, Act.SET_STOCK}),
        (Terms(handling="resells"), {Act.SELL, Act.RESELL}),
        (Terms(may_sell=False, handling="resells"), {Act.RESELL}),
        (Terms(may_sell=False, edits_goods=True), {Act.EDIT_GOODS}),
        (Terms(may_sell=False, edits_profile=True), {Act.EDIT_PROFILE}),
        (Terms(may_sell=False), set()),
    ],
)
def test_each_grant_has_its_words(terms, acts):
    assert {act for act in Act if terms.allows(act)} == acts


def test_a_hub_does_what_it_likes_with_its_own_and_with_others_what_was_agreed():
    deal = Deal(1, 2, Terms(handling="as_is"), make.NOW, LATER)
    pair = {"producer_id": 1, "hub_id": 2, "deals": [deal]}

    assert decide_for_hub(Act.SET_PRICE, producer_id=2, hub_id=2, deals=[], at=make.NOW) == Decision(True, Why.OWN)
    assert decide_for_hub(Act.SELL, **pair, at=make.NOW) == Decision(True, Why.AGREEMENT, deal)
    assert decide_for_hub(Act.SET_PRICE, **pair, at=make.NOW) == Decision(False, Why.NOT_AGREED, deal)
    assert decide_for_hub(Act.SELL, **pair, at=LATER) == Decision(False, Why.NO_AGREEMENT)
    assert decide_for_hub(Act.SELL, producer_id=2, hub_id=1, deals=[deal], at=make.NOW).is_allowed is False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    terms=st.sampled_from(ALL_TERMS),
    state=st.sampled_from(Agreement.State.values),
    start=st.integers(-2, 2),
    length=st.one_of(st.none(), st.integers(0, 3)),
    peopled=st.booleans(),
    role=st.sampled_from(["manager", "volunteer", "bookkeeper", ""]),
)
@pytest.mark.django_db
def test_the_rule_and_the_database_decide_alike(terms, state, start, length, peopled, role):
    farm, hub = make.enterprise(), make.hub()
    anne = make.person()
    if role:
        make.role(anne, hub, role)
    if peopled:
        make.role(make.person(), farm)
    starts = make.NOW + timedelta(days=start)
    ends = None if length is None else starts + timedelta(days=length)
    values = {name: getattr(terms, name) for name in ("may_sell", "handling", "edits_goods", "edits_profile")}
    make.agreement(farm, hub, state=state, starts_at=starts, ends_at=ends, **values)
    deals = [Deal(farm.id, hub.id, terms, starts, ends)] if state == "accepted" else []
    asked = {"producer_id": farm.id, "at": make.NOW}

    for act in Act:
        rule = decide_for_hub(act, **asked, hub_id=hub.id, deals=deals)
        assert queries.hub_may(act, **asked, hub_id=hub.id) is rule.is_allowed
    for act in RIGHT_FOR:
        actor = make.actor(anne)
        rule = decide_for_person(act, **asked, actor=actor, deals=deals, has_people=peopled)
        assert queries.person_may(act, **asked, actor=actor).is_allowed is rule.is_allowed


@pytest.mark.django_db
def test_pairs_are_never_mixed_between_two_producers_and_two_hubs():
    farms, hubs = [make.enterprise(), make.enterprise()], [make.hub(), make.hub()]
    make.agreement(farms[0], hubs[0], edits_goods=True)
    make.agreement(farms[1], hubs[1])
    people = [make.manager(hub) for hub in hubs]
    for farm in farms:
        make.role(make.person(), farm)

    sells = [[queries.may_sell(hub_id=h.id, producer_id=f.id, at=make.NOW) for h in hubs] for f in farms]
    edits = [
        [queries.person_may(Act.EDIT_GOODS, producer_id=f.id, actor=p, at=make.NOW).is_allowed for p in people]
        for f in farms
    ]
    assert sells == [[True, False], [False, True]]
    assert edits == [[True, False], [False, False]]


# ── Proposed, answered, ended ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["farm", "hub"])
def test_an_agreement_counts_once_the_other_side_accepts(who):
    farm, hub = make.enterprise("Ferme"), make.hub("Panier")
    by, other = (farm, hub) if who == "farm" else (hub, farm)
    pk = propose(farm, hub, by)

    before = running(hub, make.NOW)
    actions.accept_agreement(agreement_id=pk, actor=make.manager(other), now=LATER)

    assert (before, running(hub, make.NOW), running(hub, LATER)) == ([], [], ["Ferme"])
    assert Event.objects.filter(kind="network.AgreementMade").count() == 1


@pytest.mark.django_db
def test_nobody_accepts_their_own_proposal_nor_somebody_elses():
    farm, hub = make.enterprise(), make.hub()
    pk = propose(farm, hub, hub)

    with pytest.raises(OwnProposal):
        actions.accept_agreement(agreement_id=pk, actor=make.manager(hub), now=make.NOW)
    for actor in (make.manager(make.hub()), make.manager(farm, "volunteer")):
        with pytest.raises(Forbidden):
            actions.accept_agreement(agreement_id=pk, actor=actor, now=make.NOW)
    with pytest.raises(Forbidden):
        propose(make.enterprise(), hub, hub, actor=make.manager(farm))
    with pytest.raises(NotFound):
        propose(farm, hub, make.hub())
    assert running(hub, make.NOW) == []


@pytest.mark.django_db
def test_who_manages_both_sides_has_agreed_with_themselves():
    farm, hub = make.enterprise("Ferme"), make.hub()
    anne = make.person()
    make.role(anne, farm)
    make.role(anne, hub)

    propose(farm, hub, hub, actor=make.actor(anne))

    assert running(hub, make.NOW) == ["Ferme"]


@pytest.mark.django_db
def test_a_proposal_is_answered_once_and_one_waits_at_a_time():
    farm, hub = make.enterprise(), make.hub()
    first = propose(farm, hub, farm)

    with pytest.raises(ProposalWaits):
        propose(farm, hub, hub)
    actions.refuse_agreement(agreement_id=first, actor=make.manager(hub), now=make.NOW)
    with pytest.raises(ProposalAnswered):
        actions.accept_agreement(agreement_id=first, actor=make.manager(hub), now=make.NOW)
    second = propose(farm, hub, hub)
    actions.withdraw_agreement(agreement_id=second, actor=make.manager(hub), now=make.NOW)
    with pytest.raises(ProposalAnswered):
        actions.accept_agreement(agreement_id=second, actor=make.manager(farm), now=make.NOW)
    assert [row.stage for row in queries.agreements_of(enterprise_id=hub.id, actor=SYSTEM, at=make.NOW)] == [
        "withdrawn",
        "refused",
    ]


@pytest.mark.django_db
def test_new_terms_follow_the_old_without_a_gap_and_the_old_are_kept():
    farm, hub = make.enterprise("Ferme"), make.hub()
    actions.accept_agreement(agreement_id=propose(farm, hub, farm), actor=make.manager(hub), now=make.NOW)
    pk = propose(farm, hub, hub, terms=Terms(handling="as_is"), starts_at=LATER)
    actions.accept_agreement(agreement_id=pk, actor=make.manager(farm), now=make.NOW)
    pair = {"producer_id": farm.id, "hub_id": hub.id}

    prices = [queries.hub_may(Act.SET_PRICE, **pair, at=at) for at in (make.NOW, LATER - timedelta(seconds=1), LATER)]
    assert prices == [True, True, False]
    assert running(hub, LATER) == ["Ferme"]
    rows = queries.agreements_of(enterprise_id=farm.id, actor=SYSTEM, at=make.NOW)
    assert [(row.stage, row.starts_at, row.ends_at) for row in rows] == [
        ("coming", LATER, None),
        ("running", make.NOW, LATER),
    ]


@pytest.mark.django_db
def test_either_side_ends_it_for_the_future_also_what_was_to_come():
    farm, hub = make.enterprise("Ferme"), make.hub()
    make.agreement(farm, hub, ends_at=LATER)
    make.agreement(farm, hub, starts_at=LATER)
    pair = {"producer_id": farm.id, "hub_id": hub.id}
    end = make.NOW + timedelta(days=1)

    with pytest.raises(Forbidden):
        actions.end_agreement(**pair, actor=make.manager(make.hub()), now=end)
    actions.end_agreement(**pair, actor=make.manager(hub), now=end)

    assert [queries.may_sell(**pair, at=at) for at in (make.NOW, end, LATER, MUCH_LATER)] == [True, False, False, False]
    assert {row.stage for row in queries.agreements_of(enterprise_id=hub.id, actor=SYSTEM, at=end)} == {"past"}
    actions.end_agreement(**pair, actor=make.manager(hub), now=MUCH_LATER)
    assert Event.objects.filter(kind="network.AgreementEnded").count() == 1


@pytest.mark.django_db
def test_an_agreement_says_something_and_lasts():
    farm, hub = make.enterprise(), make.hub()

    with pytest.raises(NothingAgreed):
        propose(farm, hub, farm, terms=Terms(may_sell=False))
    for ends in (make.NOW, make.NOW - timedelta(days=1)):
        with pytest.raises(EndsBeforeItStarts):
            propose(farm, hub, farm, ends_at=ends)
    pk = propose(farm, hub, farm, ends_at=LATER)
    with pytest.raises(EndsBeforeItStarts):
        actions.accept_agreement(agreement_id=pk, actor=make.manager(hub), now=LATER)


@pytest.mark.django_db
def test_a_producer_agrees_only_with_who_sells_the_goods_of_others():
    farm, shop = make.enterprise(), make.enterprise(sells="own")

    for hub in (shop, farm):
        with pytest.raises(NoAgreementPossible):
            propose(farm, hub, farm)


@pytest.mark.django_db
def test_a_hub_edits_a_farms_page_where_it_may_and_only_what_the_public_reads():
    farm, hub = make.enterprise(iban="FR7630006000011234567890189"), make.hub()
    make.role(make.person(), farm)
    deal = make.agreement(farm, hub)
    manager = make.manager(hub)

    def edit(**changes):
        actions.edit_partner(producer_id=farm.id, changes=changes, actor=manager, now=make.NOW)

    with pytest.raises(Forbidden):
        edit(teaser="New")
    Agreement.objects.filter(id=deal.id).update(edits_profile=True)
    edit(teaser="New")
    for private in ({"iban": ""}, {"sells": "any"}, {"visibility": "hidden"}, {"slug": "mine"}):
        with pytest.raises(Forbidden):
            edit(**private)
    kept = Enterprise.objects.get(id=farm.id)
    assert (kept.teaser, kept.iban, Role.objects.filter(enterprise=farm).count()) == (
        "New", "FR7630006000011234567890189", 1,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_agreements_come_in_one_query(count, django_assert_num_queries):
    hub = make.hub()
    for _ in range(count):
        make.agreement(make.enterprise(), hub)

    with django_assert_num_queries(1):
        assert len(queries.agreements_of(enterprise_id=hub.id, actor=SYSTEM, at=make.NOW)) == count


@pytest.mark.django_db
def test_partners_are_found_by_name_or_town_and_hidden_ones_are_not():
    hub = make.hub()
    make.enterprise("Ferme du Gué", town="Trévéan")
    make.enterprise("Cachée", visibility="hidden")
    make.hub("Autre halle")

    def found(text):
        sides = queries.possible_partners(enterprise_id=hub.id, text=text, actor=make.manager(hub))
        return [side.name for side in sides]

    assert (found(""), found("trevean"), found("cachee")) == (["Ferme du Gué"], ["Ferme du Gué"], [])
