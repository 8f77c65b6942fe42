"""The accounts of a period as one text that is published and never changed."""

from __future__ import annotations

from typing import Any

from bocage.commons.money import Money
from bocage.cooperative.commons_budget.queries.accounts import Accounts
from bocage.ledger.rules.chain import canonical

SHOWN_FROM = 5


def statement(found: Accounts, *, period: str, previous: str) -> str:
    """Return the accounts as canonical JSON (RFC 8785): amounts as texts of minor units, ratios in millionths."""
    return canonical(content(found) | {"period": period, "previous": previous})


def content(found: Accounts) -> dict[str, Any]:
    """Return what everybody may read of the accounts, as plain values. No shop is named, nor told by its figure."""
    even = found.break_even
    return {
        "v": 1,
        "currency": found.treasury.currency,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "costs": {row.category: _minor(row.spent) for row in found.costs},
        "planned": {row.category: _minor(row.planned) for row in found.costs if row.planned},
        "income": {kind: _minor(amount) for kind, amount in found.income},
        "not_income": {kind: _minor(amount) for kind, amount in found.funds},
        "self_financing_millionths": found.coverage,
        "with_services_millionths": found.enlarged,
        "reserves": _minor(found.reserves),
        "reserve_tenths_of_months": found.reserve_months,
        "paying_shops": found.paying,
        "median_contribution": None if found.median is None else _minor(found.median),
        "five_largest_millionths": found.concentration,
        "break_even": None
        if even is None
        else {
            "shops": even.shops,
            "needed": even.needed,
            "months": {growth.name: growth.months for growth in even.growths},
        },
        "grants": [
            {
                "kind": one.kind, "giver": one.giver, "purpose": one.purpose, "amount": _minor(one.amount),
                "received": _minor(one.received), "spent": _minor(one.spent), "from": one.starts_on.isoformat(),
                "to": one.ends_on.isoformat(),
            }
            for one in found.grants
        ],
        "availability_millionths": None,
        "book": {"entry": found.last_entry, "hash": found.seal},
    }  # fmt: skip


def _minor(amount: Money) -> str:
    return str(amount.minor)
