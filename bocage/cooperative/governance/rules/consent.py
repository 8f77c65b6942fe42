"""Decisions by consent, for circles and small teams: adopted unless a reasoned objection is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Stance:
    """What somebody said: consent, reservation, objection or abstain. `is_lifted`: by its author, or by integration."""

    said: str
    reason: str = ""
    is_lifted: bool = False

    @property
    def is_open_objection(self) -> bool:
        """Return whether it stops the decision: an objection without a reason does not count."""
        return self.said == "objection" and bool(self.reason.strip()) and not self.is_lifted


@dataclass(frozen=True, slots=True)
class ConsentOutcome:
    """`reason`: adopted, no_quorum or objected."""

    is_adopted: bool
    reason: str
    said: dict[str, int]
    open_objections: int
    quorum_heads: Fraction


def count(stances: Iterable[Stance], *, roll: int, quorum: Fraction = Fraction(0)) -> ConsentOutcome:
    """Count a decision by consent at closing."""
    there = list(stances)
    said = {word: sum(one.said == word for one in there) for word in ("consent", "reservation", "objection", "abstain")}
    objections = sum(one.is_open_objection for one in there)
    turnout = Fraction(len(there), roll) if roll else Fraction(0)
    reason = "no_quorum" if turnout < quorum or not there else "objected" if objections else "adopted"
    return ConsentOutcome(reason == "adopted", reason, said, objections, turnout)
