"""What the barn brings to the acts on many orders: handing them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy, ngettext

from bocage.commons.refusals import Refused
from bocage.fulfilment.actions import hand_over
from bocage.fulfilment.queries import handed_over
from bocage.fulfilment.rules import AlreadyHandedOver
from bocage.network.rules import Actor, Right
from bocage.orders.actions import kinds


def add() -> None:
    """Let orders be handed over many at a time."""
    kinds.add(
        kinds.Kind(
            name="hand_over",
            right=Right.PACK,
            do=_hand_over,
            why_not=_why_not,
            words=kinds.Words(
                title=gettext_lazy("Hand over"),
                promise=gettext_lazy("Each order is noted as handed over, now. A mistake is undone order by order."),
                effect=gettext_lazy("Handed over"),
                button=_button,
                icon="box",
            ),
        )
    )


def _hand_over(order_id: int, actor: Actor, now: datetime) -> None:
    hand_over(order_id=order_id, actor=actor, now=now)


def _why_not(order_ids: Sequence[int]) -> Mapping[int, Refused]:
    return {order_id: AlreadyHandedOver(ref=ref) for order_id, ref in handed_over(order_ids).items()}


def _button(count: int) -> str:
    said = ngettext("Hand over %(count)s order", "Hand over %(count)s orders", count)
    return said % {"count": count}
