"""Writes to the books: entries, and the closings of days, months and years."""

from bocage.ledger.actions.closing import close_due
from bocage.ledger.actions.posting import post

__all__ = ["close_due", "post"]
