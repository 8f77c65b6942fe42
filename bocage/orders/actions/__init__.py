"""Everything that writes an order: place, amend, cancel, resume, and the money received for it."""

from bocage.orders.actions.amending import change_quantities, set_final_weights
from bocage.orders.actions.cancelling import cancel_order, resume_order
from bocage.orders.actions.paying import record_payment, refund
from bocage.orders.actions.placing import Placed, place_order

__all__ = [
    "Placed",
    "cancel_order",
    "change_quantities",
    "place_order",
    "record_payment",
    "refund",
    "resume_order",
    "set_final_weights",
]
