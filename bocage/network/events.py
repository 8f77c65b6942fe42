"""Facts about people and enterprises."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class InstanceFounded:
    """A platform began, with its first steward."""

    instance_id: int
    steward_id: int


@dataclass(frozen=True)
class EnterpriseCreated:
    enterprise_id: int


@dataclass(frozen=True)
class EnterpriseEdited:
    """`fields`: the names of what changed, never the values."""

    enterprise_id: int
    fields: list[str]


@dataclass(frozen=True)
class RoleGiven:
    enterprise_id: int
    person_id: int
    role: str


@dataclass(frozen=True)
class RoleTaken:
    enterprise_id: int
    person_id: int


@dataclass(frozen=True)
class InvitationMade:
    """Somebody was asked to work for an enterprise, or asked again."""

    invitation_id: int
    enterprise_id: int


@dataclass(frozen=True)
class OwnerChanged:
    enterprise_id: int
    old_id: int | None
    new_id: int


@dataclass(frozen=True)
class AgreementProposed:
    producer_id: int
    hub_id: int
    agreement_id: int


@dataclass(frozen=True)
class AgreementMade:
    producer_id: int
    hub_id: int
    agreement_id: int | None = None


@dataclass(frozen=True)
class AgreementRefused:
    producer_id: int
    hub_id: int
    agreement_id: int


@dataclass(frozen=True)
class AgreementWithdrawn:
    producer_id: int
    hub_id: int
    agreement_id: int


@dataclass(frozen=True)
class AgreementEnded:
    producer_id: int
    hub_id: int
    agreement_id: int | None = None


@dataclass(frozen=True)
class MembershipChanged:
    hub_id: int
    customer_id: int
    is_member: bool


@dataclass(frozen=True)
class CustomerSaved:
    """`fields`: the names of what changed, never the values; all of them for a new customer."""

    hub_id: int
    customer_id: int
    fields: list[str]


@dataclass(frozen=True)
class CustomersImported:
    """Up to 1,000 customers of a file were taken: new ones and changed ones, by id."""

    hub_id: int
    added: int
    changed: int
    customer_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class TextPublished:
    text_id: int
    version: int


@dataclass(frozen=True)
class CustomersClaimed:
    """A person confirmed an address; the guest records made with it are theirs now."""

    person_id: int
    customer_ids: list[int]


@dataclass(frozen=True)
class PersonErased:
    """A person is forgotten here. `addresses` lets listeners find their copies; they take them out of the fact after."""

    person_id: int
    customer_ids: list[int]
    addresses: list[str]


@dataclass(frozen=True)
class VisitStarted:
    """A steward began to act as a person."""

    visit_id: int
    person_id: int
    steward_id: int


@dataclass(frozen=True)
class VisitEnded:
    visit_id: int


@dataclass(frozen=True)
class InstanceEdited:
    """`fields`: the names of what changed, never the values."""

    instance_id: int
    fields: list[str]


@dataclass(frozen=True)
class FeatureSwitched:
    """`state` is one of rules.switches.State."""

    instance_id: int
    switch: str
    state: str


@dataclass(frozen=True)
class GroupFounded:
    group_id: int


@dataclass(frozen=True)
class GroupJoined:
    group_id: int
    enterprise_id: int


@dataclass(frozen=True)
class GroupLeft:
    group_id: int
    enterprise_id: int
