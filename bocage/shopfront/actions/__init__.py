"""Everything that writes a basket: filling it, merging it at log-in, and turning it into an order."""

from bocage.shopfront.actions.baskets import Put, accept_changes, empty, forget_old, merge, put
from bocage.shopfront.actions.checkout import check_out, keep_details, keep_stored, keep_voucher

__all__ = [
    "Put",
    "accept_changes",
    "check_out",
    "empty",
    "forget_old",
    "keep_details",
    "keep_stored",
    "keep_voucher",
    "merge",
    "put",
]
