"""Facts about stock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OwnStockDropped:
    """A hub sells from the producer's stock again; `on_hand` is what its own pool said last."""

    variant_id: int
    hub_id: int
    on_hand: int
