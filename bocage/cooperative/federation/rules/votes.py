"""The vote of instances on a key: one instance, one vote, and those in favour must carry half of the pot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bocage.commons.refusals import Refused, gettext_noop

DISCUSSED = timedelta(days=30)  # at least, before a vote opens
VOTED = timedelta(days=21)  # so long a vote stays open


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a vote stands. carried_minor: what those in favour pay of the pot under the key in force."""

    active: int
    for_: int
    against: int
    abstained: int
    pot_minor: int
    carried_minor: int

    @property
    def voted(self) -> int:
        return self.for_ + self.against + self.abstained

    @property
    def has_quorum(self) -> bool:
        """Return whether 60 % of the active instances voted, abstentions too."""
        return self.active > 0 and self.voted * 100 >= self.active * 60

    @property
    def quorum(self) -> int:
        """Return how many votes the quorum asks for."""
        return -(-self.active * 60 // 100)

    @property
    def is_majority(self) -> bool:
        """Return whether more than half of those for and against are for."""
        return self.for_ > self.against

    @property
    def carries_half(self) -> bool:
        """Return whether those in favour pay half of the pot or more."""
        return self.carried_minor * 2 >= self.pot_minor

    @property
    def is_adopted(self) -> bool:
        return self.has_quorum and self.is_majority and self.carries_half


def outcome(
    votes: Mapping[str, str], *, active: Collection[str], in_force: Mapping[str, int], pot_minor: int
) -> Outcome:
    """Count a vote. votes: code → for, against or abstain; only active instances count; in_force: what each pays today."""
    said = {code: choice for code, choice in votes.items() if code in set(active)}
    for_, against, abstained = (sum(choice == one for choice in said.values()) for one in ("for", "against", "abstain"))
    carried = sum(in_force.get(code, 0) for code, choice in said.items() if choice == "for")
    return Outcome(len(set(active)), for_, against, abstained, pot_minor, carried)


class TooEarly(Refused):
    """Instances discuss a proposal for thirty days before they vote."""

    code = "federation.too_early"
    message = gettext_noop("A proposal is discussed for thirty days before the vote opens. Choose a later day.")


class VoteClosed(Refused):
    """Votes count while the vote is open."""

    code = "federation.vote_closed"
    message = gettext_noop("This vote is not open.")


class VoteSuspended(Refused):
    """An instance that owes for a year without a plan does not vote on keys."""

    code = "federation.vote_suspended"
    message = gettext_noop(
        "Your instance has owed its share for a year without a plan: it does not vote on keys for now."
    )


class NotDeclared(Refused):
    """A year is shared once all active instances have declared the year before."""

    code = "federation.not_declared"
    message = gettext_noop("Some instances have not declared their figures yet: %(names)s.")
