"""Everything that writes an order: place, amend, cancel, resume, and the money received for it."""

from bocage.orders.actions.adjusting import add_adjustment, add_voucher, take_adjustment_back
from bocage.orders.actions.amending import change_quantities, set_final_weights
from bocage.orders.actions.bulk import carry_out, carry_out_waiting, plan_act
from bocage.orders.actions.cancelling import cancel_order, resume_order
from bocage.orders.actions.filters import forget_filter, save_filter
from bocage.orders.actions.forgetting import forget_erased
from bocage.orders.actions.invoicing import (
    invoice_by_itself,
    invoice_month,
    invoice_order,
    invoice_past_month,
    uninvoice,
)
from bocage.orders.actions.lines import (
    LineValue,
    add_farm_line,
    choose_sharing,
    set_batch,
    set_farm_access,
    set_farm_line,
    set_line,
)
from bocage.orders.actions.paying import record_payment, refund
from bocage.orders.actions.paying_online import (
    charge_saved,
    choose_other_way,
    lapse_unpaid,
    note_returned,
    pay_online,
    refund_online,
    settle_orphans,
    stop_abandoned,
    take_money,
)
from bocage.orders.actions.placing import Placed, place_order
from bocage.orders.actions.reconciling import Settled, reconcile_payments
from bocage.orders.actions.telling import tell_settled, tell_waiting
from bocage.orders.actions.terms import change_customer, change_hand_over, change_note, change_payment_way

__all__ = [
    "LineValue",
    "Placed",
    "Settled",
    "add_adjustment",
    "add_farm_line",
    "add_voucher",
    "cancel_order",
    "carry_out",
    "carry_out_waiting",
    "change_customer",
    "change_hand_over",
    "change_note",
    "change_payment_way",
    "change_quantities",
    "charge_saved",
    "choose_other_way",
    "choose_sharing",
    "forget_erased",
    "forget_filter",
    "invoice_by_itself",
    "invoice_month",
    "invoice_order",
    "invoice_past_month",
    "lapse_unpaid",
    "note_returned",
    "pay_online",
    "place_order",
    "plan_act",
    "reconcile_payments",
    "record_payment",
    "refund",
    "refund_online",
    "resume_order",
    "save_filter",
    "set_batch",
    "set_farm_access",
    "set_farm_line",
    "set_final_weights",
    "set_line",
    "settle_orphans",
    "stop_abandoned",
    "take_adjustment_back",
    "take_money",
    "tell_settled",
    "tell_waiting",
    "uninvoice",
]
