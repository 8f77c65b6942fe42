"""The published file of a vote: counted again it says the same; one changed byte and it does not."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.cooperative.governance.rules import box
from bocage.cooperative.governance.rules.path import Method
from bocage.cooperative.governance.rules.points import TooManyOnOne

OPTIONS = ["a", "b", "status-quo"]
CHOICES = {
    "majority": st.sampled_from(["for", "against", "abstain", "blank"]),
    "consent": st.sampled_from(["consent", "objection"]).map(lambda said: {"said": said, "reason": "too dear"}),
    "schulze": st.permutations(OPTIONS).map(lambda order: [[one] for one in order]),
    "judgment": st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 5), min_size=1),
    "approval": st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True),
    "points": st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 33), min_size=1),
}


def published(method, choices, **changes):
    """A closed vote of two colleges whose members take turns."""
    ballots = []
    for number, choice in enumerate(choices):
        nonce = f"n{number}"
        receipt = box.receipt_of(vote="V1", choice=choice, nonce=nonce)
        college = "shops" if number % 2 else "workers"
        ballots.append({"college": college, "choice": choice, "nonce": nonce, "receipt": receipt, "member": number})
    rolls = {"shops": len(ballots), "workers": len(ballots)}
    return box.published(
        {
            "vote": "V1", "method": method, "counting": "proportional", "threshold": "1/2", "quorum": "0",
            "is_quorum_weighted": False, "may_brake": False, "is_secret": False, "budget_minor": 1000,
            "options": [{"code": one, "cost_minor": 400} for one in OPTIONS],
            "colleges": [{"code": one, "weight": 50, "roll": roll} for one, roll in rolls.items()],
            "board": [one["receipt"] for one in ballots], "ballots": ballots, **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize("method", [str(method) for method in Method])
@given(data=st.data())
@settings(max_examples=15)
def test_counting_the_file_again_gives_its_result_in_whatever_order(method, data):
    file = published(method, data.draw(st.lists(CHOICES[method], min_size=1, max_size=6)))
    shuffled = {**file, "ballots": data.draw(st.permutations(file["ballots"]))}

    assert box.recount(file) == box.recount(shuffled) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file["ballots"][0].update(choice="against"), ["receipt"]),
        (lambda file: file["ballots"][0].update(nonce="other"), ["receipt"]),
        (lambda file: file["ballots"].pop(), ["board"]),
        (lambda file: file["ballots"].append({**file["ballots"][0], "receipt": "ff"}), ["board", "receipt", "twice"]),
        (lambda file: file["board"].reverse(), ["head"]),
        (lambda file: file["result"].update(is_adopted=False), ["result"]),
        (lambda file: file["colleges"][0].update(weight=40), ["result"]),
        (lambda file: file["colleges"][0].update(roll=0), ["roll"]),
        (lambda file: file.update(code="another/1"), ["code"]),
        (lambda file: file.update(format="other"), ["format"]),
    ],
)
def test_whatever_is_changed_in_the_file_is_found(change, words):
    file = published("majority", ["for", "for", "abstain", "for"])
    forged = copy.deepcopy(file)
    change(forged)

    assert box.recount(file) == []
    assert box.recount(forged) == words


def test_a_delegated_vote_must_say_what_its_delegate_said():
    file = published("majority", ["for", "against", "against", "for"])
    cast = file["ballots"][0]
    asked = {key: value for key, value in file.items() if key not in ("result", "head", "code", "format")}
    carried = {"college": "workers", "choice": "for", "via": cast["receipt"], "member": 9}
    kept = box.published({**asked, "ballots": [*file["ballots"], carried]})
    other = copy.deepcopy(kept)
    other["ballots"][-1]["choice"] = "against"

    assert box.recount(kept) == []
    assert box.recount(other) == ["delegate"]


@pytest.mark.parametrize(
    ("method", "choice", "refusal"),
    [
        (Method.MAJORITY, "", box.EmptyBallot),
        (Method.MAJORITY, "maybe", box.BadBallot),
        (Method.MAJORITY, ["for"], box.BadBallot),
        (Method.CONSENT, {"said": "objection", "reason": " "}, box.ReasonMissing),
        (Method.CONSENT, "blank", box.BadBallot),
        (Method.SCHULZE, [], box.EmptyBallot),
        (Method.SCHULZE, [["a"], ["a"]], box.BadBallot),
        (Method.SCHULZE, [["x"]], box.BadBallot),
        (Method.SCHULZE, 7, box.BadBallot),
        (Method.JUDGMENT, {"a": 6}, box.BadBallot),
        (Method.JUDGMENT, {"a": True}, box.BadBallot),
        (Method.APPROVAL, ["a", "a"], box.BadBallot),
        (Method.POINTS, {"a": -1}, box.BadBallot),
        (Method.POINTS, {"a": 41}, TooManyOnOne),
        (Method.POINTS, {"a": 0}, box.EmptyBallot),
    ],
)
def test_a_ballot_that_says_what_was_not_asked_is_refused(method, choice, refusal):
    with pytest.raises(refusal):
        box.check_choice(method, choice, OPTIONS)


def test_receipts_are_what_the_page_says_they_are():
    """By hand: SHA-256 of the canonical ballot, a line feed, the nonce; the board chains them."""
    import hashlib

    receipt = box.receipt_of(vote="V1", choice="for", nonce="abc")

    assert receipt == hashlib.sha256(b'{"choice":"for","vote":"V1"}\nabc').hexdigest()
    assert box.head_of([receipt]) == hashlib.sha256(f"{'0' * 64}:{receipt}".encode()).hexdigest()
