"""Who may do what for whom: pure decisions over roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bocage.commons.refusals import Forbidden


class Right(StrEnum):
    """Something that somebody may do for an enterprise."""

    MANAGE_ENTERPRISE = "manage_enterprise"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_CYCLES = "manage_cycles"
    MANAGE_ORDERS = "manage_orders"
    RECORD_PAYMENTS = "record_payments"
    SEE_ORDERS = "see_orders"
    PACK = "pack"


RIGHTS_OF_ROLE: Mapping[str, frozenset[Right]] = {
    "manager": frozenset(Right),
    "volunteer": frozenset({Right.SEE_ORDERS, Right.PACK, Right.RECORD_PAYMENTS}),
    "bookkeeper": frozenset({Right.SEE_ORDERS, Right.RECORD_PAYMENTS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with their roles, a guest, or the system itself.

    `roles` maps enterprise id → role name. `label` is what records keep ('person:12', 'guest', 'system');
    `name` is what people read.
    """

    label: str
    name: str = ""
    person_id: int | None = None
    email: str = ""
    language: str = "fr"
    roles: Mapping[int, str] = field(default_factory=dict)
    is_steward: bool = False
    is_system: bool = False

    def may(self, right: Right, *, on: int) -> bool:
        """Return whether this actor may do `right` for the enterprise `on`."""
        return self.is_system or self.is_steward or right in RIGHTS_OF_ROLE.get(self.roles.get(on, ""), frozenset())

    def require(self, right: Right, *, on: int) -> None:
        """Raise Forbidden unless this actor may do `right` for the enterprise `on`."""
        if not self.may(right, on=on):
            raise Forbidden(right=right.value)

    def enterprises_with(self, right: Right) -> list[int]:
        """Return the ids of the enterprises for which this actor may do `right` by a role, ascending."""
        return sorted(eid for eid, role in self.roles.items() if right in RIGHTS_OF_ROLE.get(role, frozenset()))


GUEST = Actor(label="guest")
SYSTEM = Actor(label="system", name="Bocage", is_system=True)
