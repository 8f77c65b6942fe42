"""What was paid for a reference, the ways to pay, and what became of attempts."""

from bocage.payments.queries.methods import (
    MethodRow,
    PaymentRow,
    already,
    gift_of,
    is_paid,
    paid_about,
    payment_methods,
    payments_about,
)

__all__ = [
    "MethodRow",
    "PaymentRow",
    "already",
    "gift_of",
    "is_paid",
    "paid_about",
    "payment_methods",
    "payments_about",
]
