"""What became of attempts to move money, for those whose money it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MoneyArrived:
    """A charge succeeded and is in the hub's book."""

    attempt_id: int
    about: str
    amount_minor: int


@dataclass(frozen=True)
class MoneyReturned:
    """A refund went out and is in the hub's book."""

    attempt_id: int
    about: str
    amount_minor: int


@dataclass(frozen=True)
class Found:
    """The reconciler put something right, or something about an attempt must be looked at by a person."""

    attempt_id: int
    hub_id: int
    about: str
    what: str
    amount_minor: int


@dataclass(frozen=True)
class AttemptEnded:
    """A charge or a refund came to nothing; `needs_person` when a saved card's bank wants its holder."""

    attempt_id: int
    about: str
    kind: str
    needs_person: bool
