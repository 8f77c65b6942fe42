"""Drawing up statements, approving, contesting, freezing and paying them; the only writer of settlements' tables."""

from bocage.settlements.actions.deciding import agree, answer, approve, contest, freeze, note_seen
from bocage.settlements.actions.drafting import draw_up
from bocage.settlements.actions.paying import settle_payment
from bocage.settlements.actions.transferring import make_transfer_file

__all__ = [
    "agree",
    "answer",
    "approve",
    "contest",
    "draw_up",
    "freeze",
    "make_transfer_file",
    "note_seen",
    "settle_payment",
]
