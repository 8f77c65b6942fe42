"""What people do in the barn: pack and hand over; tell farms what to bring."""

from bocage.fulfilment.actions.packing import hand_over, pack_order, tick_line, undo_hand_over, unpack_order
from bocage.fulfilment.actions.supplying import confirm, renew, tell_due, tell_now

__all__ = [
    "confirm",
    "hand_over",
    "pack_order",
    "renew",
    "tell_due",
    "tell_now",
    "tick_line",
    "undo_hand_over",
    "unpack_order",
]
