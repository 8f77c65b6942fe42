"""The ballot box: receipts on a hash-chained board, the file that is published at closing, and counting it again.

Needs nothing but the rules beside it: `bocage recount FILE` counts a published file without any database.

A ballot is a JSON object, canonical (RFC 8785: keys sorted, no blanks). Its receipt is SHA-256 over the ballot, a line
feed and a nonce. The board links receipts: hash = SHA-256 over the hash before, ":", and the receipt, from 64 zeros on.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from bocage.commons.refusals import Refused, gettext_noop
from bocage.cooperative.governance.rules import CODE, consent, judgment, majority, points, schulze
from bocage.cooperative.governance.rules.path import MOST_OPTIONS, STATUS_QUO, Method

GENESIS = "0" * 64
FORMAT = "bocage-vote/1"
BLANK = "blank"
WORDS = {
    Method.MAJORITY: ("for", "against", "abstain", BLANK),
    Method.CONSENT: ("consent", "reservation", "objection", "abstain"),
}


class BadBallot(Refused):
    """The ballot says something that this vote does not ask."""

    code = "governance.bad_ballot"
    message = gettext_noop("This ballot can't be read: choose again, then send it.")


class EmptyBallot(BadBallot):
    """Nothing was chosen, and blank was not said."""

    code = "governance.empty_ballot"
    message = gettext_noop("You chose nothing yet. To say so on purpose, vote blank.")


class ReasonMissing(BadBallot):
    """An objection without a reason does not count."""

    code = "governance.reason_missing"
    message = gettext_noop("An objection says why: write your reason, so that the others can answer it.")


def canonical(content: Any) -> str:
    """Return plain values as RFC 8785 writes them: one text for one content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def receipt_of(*, vote: str, choice: Any, nonce: str) -> str:
    """Return the receipt of a ballot, 64 hexadecimal digits."""
    return hashlib.sha256(f"{canonical({'choice': choice, 'vote': vote})}\n{nonce}".encode()).hexdigest()


def link(previous: str, receipt: str) -> str:
    """Return the board's hash once `receipt` stands on it."""
    return hashlib.sha256(f"{previous}:{receipt}".encode()).hexdigest()


def head_of(receipts: Iterable[str]) -> str:
    """Return the head of a board, from its receipts in order."""
    head = GENESIS
    for receipt in receipts:
        head = link(head, receipt)
    return head


def check_choice(method: Method, choice: Any, options: Sequence[str]) -> None:
    """Refuse a choice that this vote does not ask. Raises BadBallot, EmptyBallot, ReasonMissing, TooManyPoints …

    choice: a word (for, against …); for consent {"said", "reason"}; a ranking (groups of options, best first); option →
    grade or points; a list of approved options; "blank" always.
    """
    if choice == BLANK and method != Method.CONSENT:
        return
    try:
        _CHECKS[method](choice, options)
    except (TypeError, AttributeError, KeyError) as error:
        raise BadBallot() from error


def _check_majority(choice: Any, _options: Sequence[str]) -> None:
    if choice not in WORDS[Method.MAJORITY]:
        raise EmptyBallot() if not choice else BadBallot()


def _check_consent(choice: Any, _options: Sequence[str]) -> None:
    if choice["said"] not in WORDS[Method.CONSENT]:
        raise EmptyBallot() if not choice["said"] else BadBallot()
    if choice["said"] == "objection" and not choice["reason"].strip():
        raise ReasonMissing()


def _check_ranking(choice: Any, options: Sequence[str]) -> None:
    named = [option for group in choice for option in group]
    if not named:
        raise EmptyBallot()
    if len(set(named)) != len(named) or not set(named) <= set(options) or not isinstance(choice, list):
        raise BadBallot()


def _check_grades(choice: Any, options: Sequence[str]) -> None:
    if not choice:
        raise EmptyBallot()
    if not set(choice) <= set(options) or not all(_is_between(one, judgment.REJECT) for one in choice.values()):
        raise BadBallot()


def _check_approved(choice: Any, options: Sequence[str]) -> None:
    if not choice:
        raise EmptyBallot()
    if not isinstance(choice, list) or len(set(choice)) != len(choice) or not set(choice) <= set(options):
        raise BadBallot()


def _check_points(choice: Any, options: Sequence[str]) -> None:
    if not choice or not any(choice.values()):
        raise EmptyBallot()
    if not set(choice) <= set(options) or not all(_is_between(one, 10**6) for one in choice.values()):
        raise BadBallot()
    points.check_points(choice)


def _is_between(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


_CHECKS = {
    Method.MAJORITY: _check_majority,
    Method.CONSENT: _check_consent,
    Method.SCHULZE: _check_ranking,
    Method.JUDGMENT: _check_grades,
    Method.APPROVAL: _check_approved,
    Method.POINTS: _check_points,
}


# ── Counting ───────────────────────────────────────────────────────────────────────────────────────────────────────
def result_of(vote: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a published vote as plain values; fractions as "3/7". Reads the file, asks nothing else."""
    method = Method(vote["method"])
    weights = {one["code"]: one["weight"] for one in vote["colleges"]} if vote["counting"] != "heads" else None
    options = [one["code"] for one in vote.get("options", ())]
    said = [(one["college"], one["choice"]) for one in vote["ballots"] if one["choice"] != BLANK]
    tallies = _tallies(vote)
    heads, weighted = majority.quorum_by_heads(tallies), majority.quorum_weighted(tallies)
    participants = {one.code: one.participants for one in tallies}
    turnout = {"heads": heads, "weighted": weighted, "participants": participants}
    if method == Method.CONSENT:
        stances = [
            consent.Stance(one["choice"]["said"], one["choice"]["reason"], bool(one.get("lifted")))
            for one in vote["ballots"]
        ]
        roll = sum(one["roll"] for one in vote["colleges"])
        found: Any = consent.count(stances, roll=roll, quorum=Fraction(vote["quorum"]))
        return _plain({**asdict(found), "turnout": turnout})
    if method == Method.MAJORITY:
        outcome = majority.count(
            tallies,
            counting=vote["counting"],
            threshold=Fraction(vote["threshold"]),
            quorum=Fraction(vote["quorum"]),
            is_quorum_weighted=vote["is_quorum_weighted"],
            may_brake=vote["may_brake"],
        )
        return _plain({**asdict(outcome), "tallies": [asdict(one) for one in tallies], "turnout": turnout})
    reached = weighted if vote["is_quorum_weighted"] else heads
    reason = "no_quorum" if reached < Fraction(vote["quorum"]) or not said else "adopted"
    common = {"is_adopted": reason == "adopted", "reason": reason, "turnout": turnout}
    return _plain({**common, **_ordered(method, said, options, weights, vote)})


def _ordered(
    method: Method, said: list[tuple[str, Any]], options: list[str], weights: dict[str, int] | None, vote: Any
) -> dict[str, Any]:
    if method == Method.SCHULZE:
        found = schulze.count(said, options, weights=weights, status_quo=STATUS_QUO, seed=vote["head"])
        pairs = {f"{one} > {other}": margin for (one, other), margin in found.margins.items()}
        paths = {f"{one} > {other}": width for (one, other), width in found.paths.items()}
        return {**asdict(found), "margins": pairs, "paths": paths}
    if method == Method.JUDGMENT:
        judged = judgment.count(said, options, weights=weights)
        return {**asdict(judged), "winner": judged.order[0][0] if len(judged.order[0]) == 1 else ""}
    given = [(one, dict.fromkeys(choice, 1) if method == Method.APPROVAL else choice) for one, choice in said]
    scores = points.averages(given, options, weights=weights)
    costs = {one["code"]: one.get("cost_minor") for one in vote["options"]}
    by_points, per_euro = points.roadmap(scores, costs)
    shared: dict[str, Any] = {}
    if method == Method.POINTS and vote.get("budget_minor"):
        priced = {code: cost for code, cost in costs.items() if cost}
        shared["chosen"] = points.equal_shares(given, priced, budget=vote["budget_minor"], weights=weights)
        shared["greedy"] = points.greedy(scores, priced, budget=vote["budget_minor"])
    return {
        "scores": scores,
        "order": [[row.option] for row in by_points],
        "per_euro": [{"option": row.option, "per_euro": row.per_euro} for row in per_euro],
        "winner": by_points[0].option if by_points else "",
        **shared,
    }


def _tallies(vote: Mapping[str, Any]) -> list[majority.CollegeCount]:
    """Who said what per college; in votes other than for or against, whoever voted took part without saying either."""
    is_yes_no = vote["method"] == Method.MAJORITY
    said = Counter((one["college"], one["choice"] if is_yes_no else BLANK) for one in vote["ballots"])
    return [
        majority.CollegeCount(
            one["code"], one["weight"], one["roll"], said[one["code"], "for"], said[one["code"], "against"],
            said[one["code"], "abstain"], said[one["code"], BLANK],
        )
        for one in vote["colleges"]
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


# ── The published file ─────────────────────────────────────────────────────────────────────────────────────────────
def published(vote: Mapping[str, Any]) -> dict[str, Any]:
    """Return the file of a closed vote: what was asked, the roll, the board, the ballots, the result and by which code."""
    head = head_of(vote["board"])
    asked = {**vote, "format": FORMAT, "code": CODE, "head": head}
    return {**asked, "result": result_of(asked)}


def recount(file: Mapping[str, Any]) -> list[str]:
    """Count a published file again; return what does not agree, as words; nothing when all does.

    Words: format, code, head, board, receipt, twice, delegate, roll, ballot, result.
    """
    found: list[str] = []
    if file.get("format") != FORMAT or len(file.get("options", ())) > MOST_OPTIONS + 1:  # and the status quo
        return ["format"]
    if file.get("code") != CODE:
        found.append("code")
    if head_of(file["board"]) != file["head"]:
        found.append("head")
    found += _check_box(file)
    return found if found else ([] if result_of(file) == file["result"] else ["result"])


def _check_box(file: Mapping[str, Any]) -> list[str]:
    options = [one["code"] for one in file.get("options", ())]
    own = [one for one in file["ballots"] if not one.get("via")]
    found = []
    if Counter(one["receipt"] for one in own) != Counter(file["board"]):
        found.append("board")
    if len(set(file["board"])) != len(file["board"]):
        found.append("twice")
    if any(receipt_of(vote=file["vote"], choice=one["choice"], nonce=one["nonce"]) != one["receipt"] for one in own):
        found.append("receipt")
    cast = {one["receipt"]: one for one in own}
    for one in file["ballots"]:
        try:
            check_choice(Method(file["method"]), one["choice"], options)
        except Refused:
            found.append("ballot")
        if one.get("via") and (
            one["via"] not in cast
            or cast[one["via"]]["choice"] != one["choice"]
            or cast[one["via"]]["college"] != one["college"]
        ):
            found.append("delegate")
    rolls = {one["code"]: one["roll"] for one in file["colleges"]}
    per_college = Counter(one["college"] for one in file["ballots"])
    members = Counter(one["member"] for one in file["ballots"] if "member" in one)
    if any(number > rolls.get(college, 0) for college, number in per_college.items()):
        found.append("roll")
    if any(number > 1 for number in members.values()):
        found.append("twice")
    return sorted(set(found))
