"""Which features a platform has switched on, for whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from bocage.network.models import Enterprise, FeatureSwitch, SwitchedEnterprise
from bocage.network.rules.switches import DECLARED, Position, State, Switch, Switches


def switches(*, instance_id: int) -> Switches:
    """Return how all switches of an instance stand, in one query. A request keeps its own as `request.switches`."""
    rows = FeatureSwitch.objects.filter(instance_id=instance_id, name__in=list(Switch))
    found: dict[Switch, Position] = {}
    for name, state, enterprise_id in rows.values_list("name", "state", "chosen__enterprise_id").order_by("id"):
        switch = Switch(name)
        before = found[switch].enterprise_ids if switch in found else frozenset()
        found[switch] = Position(State(state), before | ({enterprise_id} if enterprise_id else frozenset()))
    return Switches(found)


def enabled(switch: Switch, *, enterprise: str = "pk", instance: str = "instance_id") -> Q:
    """Return `Switches.are_on` as a condition within a larger query, which then asks nothing more.

    `enterprise` and `instance` are the paths of the two ids from the query's model.
    """
    row = FeatureSwitch.objects.filter(instance_id=OuterRef(instance), name=switch.value)
    named = SwitchedEnterprise.objects.filter(
        switch__name=switch.value, switch__state=State.CHOSEN, enterprise_id=OuterRef(enterprise)
    )
    if DECLARED[switch].default is State.ALL:
        return ~Q(Exists(row.exclude(state=State.ALL))) | Q(Exists(named))
    return Q(Exists(row.filter(state=State.ALL))) | Q(Exists(named))


def choosable(*, instance_id: int) -> Sequence[tuple[int, str]]:
    """Return the enterprises that sell, for whom a feature may be switched on, by name, in one query."""
    rows = Enterprise.objects.filter(instance_id=instance_id).exclude(sells=Enterprise.Sells.NONE)
    return list(rows.order_by("name", "id").values_list("id", "name"))
