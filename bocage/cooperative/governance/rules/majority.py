"""For and against: by heads, by colleges in proportion, by colleges that each speak with one voice; quorum and brake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)
LEAST_WEIGHT = 50  # of 100: what must remain once the colleges that said neither yes nor no dropped out
LEAST_COLLEGES = 2
BRAKE_TURNOUT = Fraction(1, 4)
BRAKE_AGAINST = Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class CollegeCount:
    """What a college said. `weight`: of 100; `roll`: how many of it might vote."""

    code: str
    weight: int
    roll: int
    yes: int = 0
    no: int = 0
    abstain: int = 0
    blank: int = 0

    @property
    def participants(self) -> int:
        return self.yes + self.no + self.abstain + self.blank

    @property
    def turnout(self) -> Fraction:
        """Return participants over roll; 0 for a college without a roll."""
        return Fraction(self.participants, self.roll) if self.roll else Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """Return for / (for + against), exactly; None where nobody said either."""
        said = self.yes + self.no
        return Fraction(self.yes, said) if said else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A yes or no, and how it came about. `result`: the share in favour, None where nothing was said.

    `reason`: adopted, rejected, no_quorum, too_few_colleges (too little weight remained) or braked (a college put the
    brake on: the adopted text goes back once to discussion).
    """

    is_adopted: bool
    reason: str
    result: Fraction | None
    heads: Fraction | None
    quorum_heads: Fraction
    quorum_weighted: Fraction
    brakes: tuple[str, ...] = ()


def count(
    colleges: Sequence[CollegeCount],
    *,
    counting: str = "proportional",
    threshold: Fraction = HALF,
    quorum: Fraction = Fraction(0),
    is_quorum_weighted: bool = False,
    may_brake: bool = False,
) -> Outcome:
    """Count a vote for or against.

    counting: proportional, majority (each college one voice) or heads. A threshold of 1/2 must be passed (1/2 itself is
    rejection); any higher one must be reached. quorum: a share of the roll, by heads or weighted by college.
    """
    heads, weighted = quorum_by_heads(colleges), quorum_weighted(colleges)
    result, is_valid = _result(colleges, counting)
    reached = result is not None and (result > HALF if threshold == HALF else result >= threshold)
    brakes = tuple(college.code for college in colleges if is_braking(college)) if may_brake and reached else ()
    if (weighted if is_quorum_weighted else heads) < quorum:
        reason = "no_quorum"
    elif not is_valid:
        reason = "too_few_colleges"
    elif reached:
        reason = "braked" if brakes else "adopted"
    else:
        reason = "rejected"
    return Outcome(reason == "adopted", reason, result, share_of_heads(colleges), heads, weighted, brakes)


def share_of_heads(colleges: Iterable[CollegeCount]) -> Fraction | None:
    """Return for / (for + against) over everybody; None where nobody said either."""
    yes, no = 0, 0
    for college in colleges:
        yes, no = yes + college.yes, no + college.no
    return Fraction(yes, yes + no) if yes + no else None


def proportional(colleges: Sequence[CollegeCount]) -> Fraction | None:
    """Return Σ weight·share ÷ Σ weight over the colleges that said yes or no (R-COLL-PROP)."""
    return _weighed([(college.weight, college.share) for college in colleges])


def by_majority(colleges: Sequence[CollegeCount]) -> Fraction | None:
    """Return the weight of the colleges in favour; a tied college drops out (R-COLL-MAJ)."""
    return _weighed([(college.weight, _voice(college)) for college in colleges])


def quorum_by_heads(colleges: Iterable[CollegeCount]) -> Fraction:
    """Return participants over roll, everybody together."""
    there, roll = 0, 0
    for college in colleges:
        there, roll = there + college.participants, roll + college.roll
    return Fraction(there, roll) if roll else Fraction(0)


def quorum_weighted(colleges: Iterable[CollegeCount]) -> Fraction:
    """Return Σ weight·turnout over the colleges with a roll, renormalised."""
    return _weighed([(one.weight, one.turnout) for one in colleges if one.roll]) or Fraction(0)


def is_braking(college: CollegeCount) -> bool:
    """Return whether a college puts the opposition brake on: turnout ≥ 1/4 and against ≥ 2/3 of for and against."""
    if college.share is None:
        return False
    return college.turnout >= BRAKE_TURNOUT and 1 - college.share >= BRAKE_AGAINST


def _result(colleges: Sequence[CollegeCount], counting: str) -> tuple[Fraction | None, bool]:
    if counting == "heads":
        return share_of_heads(colleges), True
    is_proportional = counting == "proportional"
    speaking = [one.weight for one in colleges if (one.share if is_proportional else _voice(one)) is not None]
    is_valid = len(speaking) >= LEAST_COLLEGES and sum(speaking) >= LEAST_WEIGHT
    return (proportional if is_proportional else by_majority)(colleges), is_valid


def _voice(college: CollegeCount) -> Fraction | None:
    """1 or 0; None for a college that is tied or silent."""
    return None if college.yes == college.no else Fraction(int(college.yes > college.no))


def _weighed(parts: Iterable[tuple[int, Fraction | None]]) -> Fraction | None:
    said = [(weight, share) for weight, share in parts if share is not None]
    whole = sum(weight for weight, _share in said)
    return sum((weight * share for weight, share in said), Fraction(0)) / whole if whole else None
