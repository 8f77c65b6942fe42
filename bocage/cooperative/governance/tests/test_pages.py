"""The members' house as visitors and members see it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bocage.cooperative.governance import actions
from bocage.cooperative.governance.models import Assembly, Ballot, Member, Proposal, RollEntry, Vote
from bocage.cooperative.governance.tests import make
from bocage.infra import clock
from bocage.network.tests import make as network

pytestmark = pytest.mark.django_db
NOW, DAYS = make.NOW, make.DAYS


@pytest.fixture(autouse=True)
def coop(monkeypatch):
    network.instance(language="en")
    monkeypatch.setattr(clock, "now", lambda: NOW + DAYS[1])
    return make.cooperative()


def signed_in(member=None):
    client = Client(headers={"accept-language": "en"})
    person = member.person if member else network.person()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name, *args):
    return reverse(f"governance:{name}", args=args)


def test_a_member_votes_secretly_keeps_a_receipt_and_finds_the_ballot_after_closing(monkeypatch):
    voters = make.members(shops=3)
    vote = make.vote(voters[0], kind="person", method="judgment", options=[("Maïwenn", None), ("Tanguy", None)])
    number, client = vote.proposal.number, signed_in(voters[1])
    page = client.get(at("ballot", number))
    nonce = page.context["form"]["nonce"].value()
    said = {"nonce": nonce, "member_id": voters[1].pk, "option-maiwenn": 0, "option-tanguy": 3}

    empty = client.post(at("ballot", number), {"nonce": nonce, "member_id": voters[1].pk})
    first, again = [client.post(at("ballot", number), said) for _ in range(2)]
    receipt = first.context["cast"].receipt
    other = client.post(at("ballot", number), {**said, "option-tanguy": 1})

    assert (empty.status_code, first.status_code, again.status_code, other.status_code) == (422, 200, 200, 422)
    assert "vote blank" in empty.content.decode()
    assert receipt in first.content.decode() and again.context["cast"] == first.context["cast"]
    assert "Your ballot is in the box" in client.get(at("ballot", number)).content.decode()
    assert Ballot.objects.count() == 1
    before = Client().get(at("result", number, 1), {"receipt": receipt}).content.decode()
    assert "number 1 on the board" in before and "Excellent" not in before

    actions.close_due(now=vote.closes_at)
    monkeypatch.setattr(clock, "now", lambda: vote.closes_at)
    after = Client().get(at("result", number, 1), {"receipt": receipt[:12]}).content.decode()
    assert "Your ballot was counted" in after and "Maïwenn (Excellent), Tanguy (Fair)" in after
    assert "Counted again just now: it agrees" in after
    assert voters[1].name not in after


def test_anybody_counts_a_published_file_again_in_the_browser_and_a_forged_one_is_found():
    voters = make.members(shops=1, workers=1)
    vote = make.vote(voters[0])
    for member in voters:
        make.cast(vote, member, "for")
    actions.close_due(now=vote.closes_at)
    visitor, number = Client(headers={"accept-language": "en"}), vote.proposal.number
    file = visitor.get(at("result_file", number, 1, "json")).content

    def counted(content):
        answer = visitor.post(at("recount"), {"file": SimpleUploadedFile("vote.json", content)})
        return answer.status_code, answer.content.decode()

    assert "It agrees" in counted(file)[1]
    assert "does not agree" in counted(file.replace(b'"choice":"for"', b'"choice":"against"', 1))[1]
    asked = json.loads(file)
    bare = json.dumps({**asked, "method": "judgment", "options": [], "ballots": [], "board": []}).encode()
    long = json.dumps({**asked, "options": [{"code": f"o{number}", "label": ""} for number in range(5_000)]}).encode()
    for wrong in (b"no json", b"[]", b'{"format":"bocage-vote/1"}', b'{"format": "x"}', bare, long, b"[" * 100_000):
        status, said = counted(wrong)
        assert status == 422 or "not the file of a vote" in said
    assert visitor.get(at("result_file", number, 1, "csv")).content.count(b"\r\n") == 3


@pytest.mark.parametrize("method", ["majority", "consent", "schulze", "approval", "points"])
def test_each_rule_has_a_ballot_and_a_result_that_can_be_read(method):
    voters = make.members(shops=1, workers=1)
    options = [("Wood", 100_00), ("Cloth", 50_00)] if method not in ("majority", "consent") else []
    vote = make.vote(voters[0], method=method, options=options, budget_minor=60_00 if method == "points" else 0)
    said = {
        "majority": {"said": "for"},
        "consent": {"said": "objection", "reason": "Too dear"},
        "schulze": {"option-wood": 2, "option-cloth": 1},
        "approval": {"option-cloth": "on"},
        "points": {"option-wood": 40, "option-cloth": 30},
    }[method]
    number = vote.proposal.number
    for member in voters:
        answer = signed_in(member).post(
            at("ballot", number), {"nonce": f"nonce-of-member-{member.pk:06}", "member_id": member.pk, **said}
        )
        assert answer.status_code == 200
    actions.close_due(now=vote.closes_at)

    page = Client(headers={"accept-language": "en"}).get(at("result", number, 1))

    shown = page.context["shown"]
    expected = {
        "majority": ("Adopted", "100%"), "consent": ("Stopped by an objection", ""), "schulze": ("Chosen: Cloth", ""),
        "approval": ("Chosen: Cloth", ""), "points": ("First: Wood", ""),
    }[method]  # fmt: skip
    assert (shown.headline, shown.figure) == expected
    assert "it agrees" in page.content.decode()


def test_the_house_shows_everybody_what_is_decided_and_asks_no_more_for_more_rows(django_assert_max_num_queries):
    voters = make.members(shops=2)
    vote = make.vote(voters[0], title="A second van")
    for title in ("Bread", "Honey", "Cider"):
        make.frozen(voters[1], title=title)
    visitor = Client(headers={"accept-language": "en"})
    visitor.get(at("house"))

    with django_assert_max_num_queries(8):
        page = visitor.get(at("house")).content.decode()
    proposal = visitor.get(at("proposal", vote.proposal.number)).content.decode()

    assert all(title in page for title in ("A second van", "Bread", "Honey", "Cider"))
    assert "Become a member" in page and "Propose something" not in page
    assert "We buy a second van." in proposal and "Say it" not in proposal


def test_a_member_proposes_others_carry_and_discuss_it():
    author, second = make.members(shops=1, workers=1)
    client = signed_in(author)
    typed = {
        "title": "A map",
        "kind": "roadmap",
        "body": "Draw it.",
        "method": "points",
        "options": "Map ; 1200\nBread",
    }

    lost = client.post(at("propose"), {**typed, "title": ""})
    client.post(at("propose"), typed)
    proposal = Proposal.objects.get()
    other = signed_in(second)
    other.post(at("act", proposal.number, "support"))
    other.post(at("act", proposal.number, "remark"), {"body": "Yes please."})
    early = client.post(at("act", proposal.number, "freezing"))

    assert (lost.status_code, early.status_code) == (422, 422)
    assert "Map ; 1200" in lost.content.decode()
    assert "still discuss" in early.content.decode()
    assert list(proposal.options.order_by("position").values_list("code", "cost_minor")) == [
        ("map", 1200_00),
        ("bread", None),
    ]
    proposal.refresh_from_db()
    assert proposal.state == "discussion"
    assert "Yes please." in Client().get(at("proposal", proposal.number)).content.decode()


def test_who_is_no_member_neither_votes_nor_proposes_nor_reads_the_register():
    vote = make.vote(make.member())
    stranger = signed_in()

    for name, args in (("ballot", (vote.proposal.number,)), ("propose", ()), ("register", ()), ("call", ())):
        assert stranger.get(at(name, *args)).status_code == 403
        assert Client().get(at(name, *args)).status_code == 302
    stranger.post(at("act", vote.proposal.number, "withdrawal"))
    assert not RollEntry.objects.filter(has_voted=True).exists()
    assert Vote.objects.get().proposal.state == "vote"


def test_somebody_joins_is_admitted_and_their_share_is_written(coop):
    keeper = make.office("treasury", 1)
    make.office()
    joining, person = signed_in(), network.person()
    joining.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = joining.get(at("join"))
    first = {name: page.context["form"].fields[name].choices[0][0] for name in ("college_id", "category_id")}

    joining.post(at("join"), {"name": "Armelle", "shares": 2, "enterprise_id": "", **first})
    member = Member.objects.get(person=person)
    office = signed_in(Member.objects.filter(college__code="workers").order_by("-id").first())
    office.post(at("register_act", member.pk, "admission"))
    treasurer = signed_in(Member.objects.get(person_id=keeper.person_id))
    too_many = treasurer.post(at("register_act", member.pk, "shares"), {"kind": "payment", "shares": 9}, follow=True)
    wrong = [
        treasurer.post(at("register_act", member.pk, "shares"), {"kind": "payment", "shares": shares}, follow=True)
        for shares in ("", "-1", "99999999999999999999", "1,5")
    ]
    again = office.post(at("register_act", member.pk, "declining"), follow=True)
    treasurer.post(at("register_act", member.pk, "shares"), {"kind": "payment", "shares": 2})

    assert [answer.status_code for answer in wrong] == [200] * 4
    assert "Enter a whole number" in wrong[-1].content.decode()
    assert "answered already" in again.content.decode()
    assert "only 2 shares" in too_many.content.decode()
    member.refresh_from_db()
    assert member.state == "active"
    assert "Armelle" in treasurer.get(at("register")).content.decode()
    assert treasurer.get(at("register_file")).content.decode("utf-8-sig").count("Armelle") == 2


def test_the_office_calls_an_assembly_and_its_minutes_are_a_pdf(monkeypatch):
    make.office()
    office = signed_in(Member.objects.order_by("id").first())
    typed = {"title": "AG", "starts_at": "2026-07-10T18:00", "place": "Vire", "agenda": "Accounts\nBread"}

    late = office.post(at("call"), {**typed, "starts_at": "2026-06-20T18:00"})
    office.post(at("call"), typed)
    assembly = Assembly.objects.get()
    monkeypatch.setattr(clock, "now", lambda: NOW + DAYS[30])
    office = signed_in(Member.objects.order_by("id").first())
    office.post(at("presence", assembly.pk), {"member_id": Member.objects.order_by("id").first().pk, "proxy_id": ""})
    office.post(at("signing", assembly.pk), {"body": "All agreed.\n\nDone.", "chair": "Ana", "secretary": "Bo"})
    pdf = Client().get(at("minutes", assembly.pk))

    assert late.status_code == 422
    assert pdf.content.startswith(b"%PDF-")
    assert (
        "1 members there, 0 represented, of 3"
        in Client(headers={"accept-language": "en"}).get(at("assembly", assembly.pk)).content.decode()
    )


def test_a_vote_that_would_close_too_soon_says_until_when_it_is_open():
    author = make.member()
    proposal = make.frozen(author)
    soon = {"closes_at": f"{NOW + DAYS[2]:%Y-%m-%dT%H:%M}"}

    answer = signed_in(author).post(at("act", proposal.number, "opening"), soon)

    assert answer.status_code == 422
    assert "open for seven days at least: let it close on Wednesday" in answer.content.decode()


def test_a_proposal_is_written_with_sums_and_answers_that_can_be_voted():
    client = signed_in(make.member())
    said = {"title": "Winter", "kind": "roadmap", "method": "points", "body": "Four works.", "budget": "8000"}

    def written(**fields):
        answer = client.post(at("propose"), {**said, "options": "Map ; 1200\nLabels", **fields})
        return answer.status_code, answer.content.decode()

    assert "nothing or more" in written(budget="-5")[1]
    assert "nothing or more" in written(options="Map ; -1\nLabels")[1]
    assert "at most 40 answers" in written(options="\n".join(map(str, range(41))))[1]
    assert written()[0] == 303
    assert Proposal.objects.get().budget_minor == 800_000


def test_what_the_office_answers_to_a_roadmap_is_read_beside_its_item():
    works = [("Map", 120_000), ("Labels", None)]
    proposal = make.frozen(make.member(), kind="roadmap", method="points", options=works)
    item = proposal.options.get(code="map")
    actions.answer_item(option_id=item.pk, body="By February.", actor=make.office(), now=NOW)

    assert "By February." in Client().get(at("proposal", proposal.number)).content.decode()
