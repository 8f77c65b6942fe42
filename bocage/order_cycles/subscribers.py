"""What order cycles do when something changes below them."""

from typing import Any

from bocage.catalogue.events import GoodsChanged
from bocage.infra.outbox import on
from bocage.network.events import AgreementEnded, AgreementMade
from bocage.order_cycles import actions
from bocage.pricing.events import FeeChanged


@on(GoodsChanged)
def show_changed_goods(event: Any) -> None:
    """Let kept offers of these goods be computed again. Safe to run twice: a version that grows again harms nothing."""
    actions.refresh(variant_ids=event.variant_ids, producer_id=event.producer_id, now=event.at)


@on(FeeChanged)
def show_changed_fee(event: Any) -> None:
    """Let kept prices with this fee be computed again. Safe to run twice, as above."""
    actions.refresh(fee_id=event.fee_id, now=event.at)


@on(AgreementEnded)
@on(AgreementMade)
def follow_agreement(event: Any) -> None:
    """Sell nothing more of a farm that withdrew in mid-cycle, and again what agreed again. Safe to run twice."""
    actions.follow_agreements(producer_id=event.producer_id, now=event.at)
