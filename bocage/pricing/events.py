"""Facts about fees and VAT."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeeChanged:
    """A fee was edited or ended: whoever shows prices with it must compute them again."""

    fee_id: int
    enterprise_id: int


@dataclass(frozen=True)
class RatesChanged:
    """Rates of VAT or their zones were changed by a steward."""
