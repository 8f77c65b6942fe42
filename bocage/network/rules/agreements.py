"""What a producer lets a hub do, and who may therefore do what: one decision, with its reason.

The database answers the same question row by row in `queries.agreements.granted`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bocage.commons.refusals import Refused, gettext_noop
from bocage.network.rules import Actor, Right


class Act(StrEnum):
    """Something done with a producer's goods or page by somebody else."""

    SELL = "sell"  # take them into a sale, and see what was ordered of them there
    SET_PRICE = "set_price"  # sell at a price of one's own
    SET_STOCK = "set_stock"  # count a stock of one's own
    RESELL = "resell"  # make products of one's own from them
    EDIT_GOODS = "edit_goods"
    EDIT_PROFILE = "edit_profile"


RIGHT_FOR = {Act.EDIT_GOODS: Right.MANAGE_CATALOGUE, Act.EDIT_PROFILE: Right.MANAGE_ENTERPRISE}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement allows. `handling`: as_is, own_price or resells. `words`: what else was agreed, among people."""

    may_sell: bool = True
    handling: str = "own_price"
    edits_goods: bool = False
    edits_profile: bool = False
    words: str = ""

    def allows(self, act: Act) -> bool:
        """Return whether these terms let the hub do this."""
        return {
            Act.SELL: self.may_sell,
            Act.SET_PRICE: self.may_sell and self.handling == "own_price",
            Act.SET_STOCK: self.may_sell and self.handling == "own_price",
            Act.RESELL: self.handling == "resells",
            Act.EDIT_GOODS: self.edits_goods,
            Act.EDIT_PROFILE: self.edits_profile,
        }[act]


@dataclass(frozen=True, slots=True)
class Deal:
    """An accepted agreement: between whom, on which terms, from when, until when (None: until either ends it)."""

    producer_id: int
    hub_id: int
    terms: Terms
    starts_at: datetime
    ends_at: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Return whether it counts at this moment: from its start up to, not at, its end."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Why(StrEnum):
    """The reason of a decision."""

    OWN = "own"
    ROLE = "role"
    STEWARD = "steward"
    AGREEMENT = "agreement"
    NOBODY_ACTS = "nobody_acts"
    NO_AGREEMENT = "no_agreement"
    NOT_AGREED = "not_agreed"
    NO_ROLE = "no_role"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, why, and by which deal if by one."""

    is_allowed: bool
    why: Why
    deal: Deal | None = None


def decide_for_hub(act: Act, *, producer_id: int, hub_id: int, deals: Iterable[Deal], at: datetime) -> Decision:
    """Decide whether a hub may do this with a producer's goods now, whoever acts for the hub."""
    if hub_id == producer_id:
        return Decision(True, Why.OWN)
    running = [d for d in deals if (d.producer_id, d.hub_id) == (producer_id, hub_id) and d.runs(at)]
    granting = next((deal for deal in running if deal.terms.allows(act)), None)
    if granting is not None:
        return Decision(True, Why.AGREEMENT, granting)
    return Decision(False, Why.NOT_AGREED if running else Why.NO_AGREEMENT, running[0] if running else None)


def decide_for_person(
    act: Act, *, producer_id: int, actor: Actor, deals: Iterable[Deal], has_people: bool, at: datetime
) -> Decision:
    """Decide whether a person may edit a producer's goods or page now.

    By a role there; else as part of a hub whose agreement says so; else, for goods alone, as part of a hub that sells
    them while nobody at all acts for the producer here (`has_people` is False): somebody must keep them right.
    """
    right = RIGHT_FOR[act]
    if actor.is_steward or actor.is_system:
        return Decision(True, Why.STEWARD)
    if actor.may(right, on=producer_id):
        return Decision(True, Why.ROLE)
    hubs = actor.enterprises_with(right)
    if not hubs:
        return Decision(False, Why.NO_ROLE)
    running = [d for d in deals if d.producer_id == producer_id and d.hub_id in hubs and d.runs(at)]
    granting = next((deal for deal in running if deal.terms.allows(act)), None)
    if granting is not None:
        return Decision(True, Why.AGREEMENT, granting)
    selling = next((deal for deal in running if deal.terms.allows(Act.SELL)), None)
    if act == Act.EDIT_GOODS and selling is not None and not has_people:
        return Decision(True, Why.NOBODY_ACTS, selling)
    return Decision(False, Why.NOT_AGREED if running else Why.NO_AGREEMENT)


class NothingAgreed(Refused):
    """An agreement allows something."""

    code = "network.nothing_agreed"
    message = gettext_noop("Tick at least one thing that the hub may do.")


class EndsBeforeItStarts(Refused):
    """An agreement ends after it starts, in the future."""

    code = "network.ends_before_it_starts"
    message = gettext_noop("The last day comes before the first, or has passed.")


class ProposalWaits(Refused):
    """Two enterprises talk about one proposal at a time."""

    code = "network.proposal_waits"
    message = gettext_noop("A proposal between you is waiting for an answer. Answer it or withdraw it first.")


class ProposalAnswered(Refused):
    """A proposal is answered once."""

    code = "network.proposal_answered"
    message = gettext_noop("This proposal was answered or withdrawn meanwhile.")


class OwnProposal(Refused):
    """A proposal is accepted by the side that did not make it."""

    code = "network.own_proposal"
    message = gettext_noop("You made this proposal: the other side answers it.")


def check_terms(terms: Terms, *, starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    """Refuse an agreement about nothing, or that is over before it counts. Raises NothingAgreed, EndsBeforeItStarts."""
    if not any(terms.allows(act) for act in Act):
        raise NothingAgreed()
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise EndsBeforeItStarts()
