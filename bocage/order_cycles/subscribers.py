"""What order cycles do when something changes below them."""

from typing import Any

from bocage.catalogue.events import GoodsChanged
from bocage.infra.outbox import on
from bocage.order_cycles import actions
from bocage.pricing.events import FeeChanged


@on(GoodsChanged)
def show_changed_goods(event: Any) -> None:
    """Let kept offers of these goods be computed again. Safe to run twice: a version that grows again harms nothing."""
    actions.refresh(variant_ids=event.variant_ids, now=event.at)


@on(FeeChanged)
def show_changed_fee(event: Any) -> None:
    """Let kept prices with this fee be computed again. Safe to run twice, as above."""
    actions.refresh(fee_id=event.fee_id, now=event.at)
