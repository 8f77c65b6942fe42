"""Switching a feature of the platform."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import Forbidden
from bocage.infra.locks import lock_row
from bocage.infra.outbox import emit
from bocage.network.events import FeatureSwitched
from bocage.network.models import Enterprise, FeatureSwitch, Instance, SwitchedEnterprise
from bocage.network.rules import Actor
from bocage.network.rules.switches import State, Switch


@transaction.atomic
def turn(
    *,
    instance_id: int,
    switch: Switch,
    state: State,
    enterprise_ids: Collection[int] = (),
    actor: Actor,
    now: datetime,
) -> None:
    """Switch a feature on for all, off, or on for some enterprises of the platform alone. Stewards only.

    Who was chosen is kept while the feature is on for all or off. Raises Forbidden. Emits FeatureSwitched.
    """
    if not (actor.is_steward or actor.is_system):
        raise Forbidden()
    lock_row(Instance.objects.all(), instance_id)
    row, _ = FeatureSwitch.objects.update_or_create(
        instance_id=instance_id, name=switch.value, defaults={"state": state.value}
    )
    if state is State.CHOSEN:
        own = Enterprise.objects.filter(instance_id=instance_id, id__in=list(enterprise_ids))
        SwitchedEnterprise.objects.filter(switch=row).delete()
        SwitchedEnterprise.objects.bulk_create(
            [SwitchedEnterprise(switch=row, enterprise_id=pk) for pk in own.order_by("id").values_list("id", flat=True)]
        )
    emit(FeatureSwitched(instance_id=instance_id, switch=switch.value, state=state.value), by=actor, at=now)
