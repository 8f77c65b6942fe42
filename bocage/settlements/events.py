"""What happened to the statement of a farm, for those who want to react."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StatementApproved:
    statement_id: int
    hub_id: int
    producer_id: int


@dataclass(frozen=True)
class StatementContested:
    statement_id: int
    hub_id: int
    producer_id: int


@dataclass(frozen=True)
class ContestAnswered:
    """The hub answered what a farm contested, by a correction or a refusal."""

    statement_id: int
    hub_id: int
    producer_id: int


@dataclass(frozen=True)
class StatementFrozen:
    statement_id: int
    hub_id: int
    producer_id: int
    number: str


@dataclass(frozen=True)
class StatementPaid:
    """Money went to a farm for its statement; `left_minor` is still owed for it."""

    statement_id: int
    hub_id: int
    producer_id: int
    amount_minor: int
    left_minor: int
