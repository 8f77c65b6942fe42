"""Facts about fees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeeChanged:
    """A fee was edited or ended: whoever shows prices with it must compute them again."""

    fee_id: int
    enterprise_id: int
