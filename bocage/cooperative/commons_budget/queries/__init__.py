"""Reads the accounts of an instance: for everybody, and for who keeps them."""

from bocage.cooperative.commons_budget.queries.accounts import (
    Accounts,
    CostRow,
    GrantRow,
    accounts,
    carried_by_users,
    movements_of,
    published,
    treasury_of,
    years_of,
)

__all__ = [
    "Accounts",
    "CostRow",
    "GrantRow",
    "accounts",
    "carried_by_users",
    "movements_of",
    "published",
    "treasury_of",
    "years_of",
]
