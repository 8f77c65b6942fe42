"""The path of a proposal: draft, supported, discussion, frozen, vote, decided, applied, reviewed; and its least times."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from bocage.commons.refusals import Refused, gettext_noop


class State(StrEnum):
    DRAFT = "draft"
    DISCUSSION = "discussion"
    FROZEN = "frozen"
    VOTE = "vote"
    DECIDED = "decided"
    APPLIED = "applied"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    TARIFF = "tariff"
    TERMS = "terms"
    BUDGET = "budget"
    KEY = "key"
    ROADMAP = "roadmap"
    PERSON = "person"
    ARTICLES = "articles"
    OTHER = "other"


class Method(StrEnum):
    MAJORITY = "majority"
    CONSENT = "consent"
    SCHULZE = "schulze"
    JUDGMENT = "judgment"
    APPROVAL = "approval"
    POINTS = "points"


LONG_KINDS = frozenset({Kind.TARIFF, Kind.TERMS, Kind.BUDGET})
BRAKED_KINDS = frozenset({Kind.TARIFF, Kind.TERMS})
OPEN_KINDS = frozenset({Kind.TARIFF, Kind.BUDGET, Kind.KEY})  # money is decided with open ballots
WITH_OPTIONS = frozenset({Method.SCHULZE, Method.JUDGMENT, Method.APPROVAL, Method.POINTS})
STATUS_QUO = "status-quo"
LEAST_SUPPORT, LEAST_COLLEGES = 5, 2
MOST_OPTIONS = 40  # Schulze compares each with each by way of each; a ballot has a line for each
DISCUSSED, DISCUSSED_LONG = timedelta(days=14), timedelta(days=30)
AFTER_CHANGE = timedelta(hours=72)
VOTED = timedelta(days=7)
CALLED = timedelta(days=15)
REVIEWED_AFTER = timedelta(days=366)
SECRET_IF_ASKED_BY = Fraction(1, 10)
SECRET_LEAST = 3  # on the roll of a college, else its ballots would name their voters
MOST_HELD = 5
MOST_PROXIES = 2
TWO_THIRDS = Fraction(2, 3)


class NotNow(Refused):
    """The proposal is not at the step of its path where this is done."""

    code = "governance.not_now"
    message = gettext_noop("This step is not open now: look at where the proposal stands, then try again.")


class TooEarly(Refused):
    """The least time for discussion is not over."""

    code = "governance.too_early"
    message = gettext_noop("Members may still discuss until %(until)s: the text is frozen after that.")


class VoteTooShort(Refused):
    """A vote is open for seven days at least."""

    code = "governance.vote_too_short"
    message = gettext_noop("A vote is open for seven days at least: let it close on %(until)s or later.")


class TooFewToBeSecret(Refused):
    """A college is so small that its ballots would name their voters."""

    code = "governance.too_few_to_be_secret"
    message = gettext_noop(
        "The college “%(college)s” has too few voters for a secret ballot by colleges: everybody would know what they "
        "voted. Count this vote by heads."
    )


class AlwaysOpen(Refused):
    """Money is decided with open ballots."""

    code = "governance.always_open"
    message = gettext_noop("Votes on money are open: every member can read who voted what.")


def is_supported(colleges: Collection[str]) -> bool:
    """Return whether a draft has support enough to be discussed: a member's college each; 5 members or 2 colleges."""
    return len(colleges) >= LEAST_SUPPORT or len(set(colleges)) >= LEAST_COLLEGES


def discussion_ends(kind: Kind, *, started: datetime, changed: datetime | None = None) -> datetime:
    """Return the first moment at which the text may be frozen; a changed text opens 72 hours more, never less."""
    least = started + (DISCUSSED_LONG if kind in LONG_KINDS else DISCUSSED)
    return max(least, changed + AFTER_CHANGE) if changed else least


def second_discussion_ends(*, started: datetime, changed: datetime | None = None) -> datetime:
    """Return when a text that was braked may be frozen again: 30 days, whatever its kind."""
    return discussion_ends(Kind.TARIFF, started=started, changed=changed)


def is_secret(kind: Kind, *, asked: int, members: int) -> bool:
    """Return whether ballots are secret: for persons, or where a tenth of the members asks; never for money."""
    if kind == Kind.PERSON:
        return True
    return kind not in OPEN_KINDS and bool(members) and Fraction(asked, members) >= SECRET_IF_ASKED_BY


def threshold(kind: Kind, *, is_extraordinary: bool = False) -> Fraction:
    """Return the share that adopts: two thirds for the articles and other extraordinary matters, else more than half."""
    return TWO_THIRDS if is_extraordinary or kind == Kind.ARTICLES else Fraction(1, 2)


def may_delegate(kind: Kind, *, secret: bool) -> bool:
    """Return whether a delegate's ballot counts for others: never for persons, nor where ballots are secret."""
    return kind != Kind.PERSON and not secret


@dataclass(frozen=True, slots=True)
class Given:
    """A member gave their vote on a topic to another."""

    giver: int
    holder: int


def carried(given: Collection[Given], voted: Collection[int]) -> dict[int, int]:
    """Return giver → holder for votes that delegates carry: the holder voted, the giver did not. Never passed on."""
    there = set(voted)
    return {one.giver: one.holder for one in given if one.holder in there and one.giver not in there}
