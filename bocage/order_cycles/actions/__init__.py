"""Running order cycles."""

from bocage.order_cycles.actions.copying import copy_cycle
from bocage.order_cycles.actions.exchanges import (
    add_incoming,
    add_outgoing,
    edit_exchange,
    remove_exchange,
    set_fees,
    set_hand_overs,
    set_terms,
)
from bocage.order_cycles.actions.goods import choose, set_rule, set_variants
from bocage.order_cycles.actions.lifecycle import (
    close_now,
    create_cycle,
    delete_cycle,
    edit_cycle,
    follow_agreements,
    open_now,
    refresh,
    reopen,
    tell_due,
)
from bocage.order_cycles.actions.series import (
    SeriesTerms,
    edit_series,
    end_series,
    make_coming,
    pause_series,
    plan_series,
    take_as_model,
    unpause_series,
)

__all__ = [
    "SeriesTerms",
    "add_incoming",
    "add_outgoing",
    "choose",
    "close_now",
    "copy_cycle",
    "create_cycle",
    "delete_cycle",
    "edit_cycle",
    "edit_exchange",
    "edit_series",
    "end_series",
    "follow_agreements",
    "make_coming",
    "open_now",
    "pause_series",
    "plan_series",
    "refresh",
    "remove_exchange",
    "reopen",
    "set_fees",
    "set_hand_overs",
    "set_rule",
    "set_terms",
    "set_variants",
    "take_as_model",
    "tell_due",
    "unpause_series",
]
