"""Facts of the cooperative. None says who voted what, or when: the ballot box keeps that, as far as it is public."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MembershipAsked:
    member_id: int


@dataclass(frozen=True)
class MemberAdmitted:
    member_id: int


@dataclass(frozen=True)
class MemberBecameActive:
    member_id: int


@dataclass(frozen=True)
class MemberLeft:
    member_id: int


@dataclass(frozen=True)
class SharesMoved:
    """`kind`: subscription, payment, refund or cancellation; minor units at nominal value, below 0 where shares go."""

    member_id: int
    movement_id: int
    kind: str
    amount_minor: int


@dataclass(frozen=True)
class CommitteeSeated:
    instance_id: int
    committee: str
    member_ids: list[int]


@dataclass(frozen=True)
class ProposalMoved:
    """A proposal came to another step of its path."""

    proposal_id: int
    state: str


@dataclass(frozen=True)
class VoteOpened:
    vote_id: int
    proposal_id: int


@dataclass(frozen=True)
class VoteCounted:
    """`reason`: adopted, rejected, no_quorum, too_few_colleges, objected or braked."""

    vote_id: int
    proposal_id: int
    kind: str
    reason: str


@dataclass(frozen=True)
class AssemblyCalled:
    assembly_id: int


@dataclass(frozen=True)
class MinutesSigned:
    assembly_id: int
