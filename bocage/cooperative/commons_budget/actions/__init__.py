"""Keeps the cooperative's accounts: books, takes back, plans, publishes."""

from bocage.cooperative.commons_budget.actions.keeping import (
    NewBooking,
    add_grant,
    book,
    found_treasury,
    plan_year,
    publish,
    reverse,
)

__all__ = ["NewBooking", "add_grant", "book", "found_treasury", "plan_year", "publish", "reverse"]
