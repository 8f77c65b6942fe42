"""How money that came in or went out stands in a hub's book."""

from __future__ import annotations

from bocage.ledger.rules import AccountKey

TAKEN_AS = {"cash": "cash", "cheque": "cheques", "card": "card", "transfer": "bank"}


def payment_postings(*, customer_id: int, means: str, amount_minor: int) -> dict[AccountKey, int]:
    """Return the postings of a payment (> 0) or refund (< 0): what the hub holds grows, what the customer owes shrinks."""
    return {
        AccountKey("takings", TAKEN_AS[means]): amount_minor,
        AccountKey("customer", f"customer:{customer_id}"): -amount_minor,
    }
