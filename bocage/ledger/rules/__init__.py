"""Double entry: an entry's postings add up to zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bocage.commons.money import Money


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """Names an account inside one book: a kind ('customer', 'producer', 'fees', 'vat', 'takings') and whose or what."""

    kind: str
    subject: str = ""


class Sided:
    """Something with a signed `amount`: its two columns in a journal, of which one stays blank."""

    __slots__ = ()
    amount: Money

    @property
    def debit(self) -> Money | None:
        return self.amount if self.amount.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        return -self.amount if self.amount.minor < 0 else None


Postings = Mapping[AccountKey, int]


class Unbalanced(ValueError):
    """The postings of an entry do not add up to zero: a programming error that must never be saved."""


def check_balanced(postings: Postings) -> None:
    """Raise Unbalanced unless debits (> 0) and credits (< 0), in minor units, cancel out."""
    if sum(postings.values()) != 0:
        raise Unbalanced(f"off by {sum(postings.values())}")


def difference(after: Postings, before: Postings) -> dict[AccountKey, int]:
    """Return what must be posted so that an entry standing at `before` comes to stand at `after`."""
    keys = sorted(set(after) | set(before))
    changes = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
    return {key: amount for key, amount in changes.items() if amount}
