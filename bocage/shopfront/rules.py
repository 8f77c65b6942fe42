"""What a basket may hold and what to say when it no longer fits. Pure: no Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from bocage.commons.money import Money
from bocage.commons.refusals import Refused, gettext_noop
from bocage.orders.rules import MAX_QUANTITY, AbsurdQuantity
from bocage.stock.rules import Level


class NotOnSale(Refused):
    """The variant is not among the offers of this sale."""

    code = "shopfront.not_on_sale"
    message = gettext_noop("This product is not offered in this sale.")


class OnlyLooking(Refused):
    """Whoever looks with somebody else's eyes does nothing in their name."""

    code = "shopfront.only_looking"
    message = gettext_noop("You are looking at the shop as somebody else sees it: nothing can be ordered here.")


class SoldOut(Refused):
    """Nothing is left of it."""

    code = "shopfront.sold_out"
    message = gettext_noop("%(product)s is sold out for this sale.")


class BasketIsFull(Refused):
    """More different products than anybody orders."""

    code = "shopfront.basket_full"
    message = gettext_noop("A basket holds at most %(most)s different products.")


class BasketIsEmpty(Refused):
    """There is nothing to order."""

    code = "shopfront.basket_empty"
    message = gettext_noop("There is nothing in your basket any more. Choose something first.")


class StepMissing(Refused):
    """An earlier step of the checkout is not filled in yet."""

    code = "shopfront.step_missing"
    message = gettext_noop("Please fill in this step first.")


class TermsNotAccepted(Refused):
    """The terms of the hub or of the platform were not accepted."""

    code = "shopfront.terms"
    message = gettext_noop("Please accept the terms of sale to order.")


class PhoneMissing(Refused):
    """The hub wants to be able to call."""

    code = "shopfront.phone"
    message = gettext_noop("The hub needs a phone number, to reach you on the day.")


MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose basket it is: a person's, or a device's (the hash of its secret); neither has none yet."""

    person_id: int | None = None
    device: str = ""

    @property
    def is_known(self) -> bool:
        return self.person_id is not None or self.device != ""


class Change(StrEnum):
    """What happened to a line since it was put into the basket."""

    PRICE = "price"
    CAPPED = "capped"
    GONE = "gone"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Check:
    """A basket line held against today's offer: how many can be had, and what changed."""

    quantity: int
    changes: tuple[Change, ...]


def check_line(*, quantity: int, shown: Money, price: Money | None, level: Level) -> Check:
    """Return how many of a line can be ordered now and what changed since; a `price` of None is no longer offered."""
    if price is None:
        return Check(0, (Change.WITHDRAWN,))
    had = level.at_most(quantity)
    if had == 0:
        return Check(0, (Change.GONE,))
    changes = [Change.CAPPED] if had < quantity else []
    if price != shown:
        changes.append(Change.PRICE)
    return Check(had, tuple(changes))


def parse_quantity(text: str) -> int:
    """Return the quantity that somebody typed, 0 to take the line out. Raises AbsurdQuantity for anything else."""
    cleaned = text.strip() or "0"
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 4 or int(cleaned) > MAX_QUANTITY:
        raise AbsurdQuantity()
    return int(cleaned)


@dataclass(frozen=True, slots=True)
class Stored:
    """What moves with an order besides its price, minor units: from credit, from a gift voucher, a debt from before."""

    credit_minor: int = 0
    gift_minor: int = 0
    debt_minor: int = 0

    @property
    def is_something(self) -> bool:
        return bool(self.credit_minor or self.gift_minor or self.debt_minor)


NOTHING_STORED = Stored()


def share_stored(*, total: int, debt: int, gift_left: int, credit_left: int, credit_wanted: int) -> Stored:
    """Return what pays an order in advance, all in minor units: the gift voucher first, then as much credit as is wanted.

    Neither pays more than there is, nor more than is to be paid.
    """
    gift = min(gift_left, total + debt)
    return Stored(min(credit_wanted, credit_left, total + debt - gift), gift, debt)


@dataclass(frozen=True, slots=True)
class Details:
    """What the checkout has asked so far, as the basket keeps it; blank or 0 where not asked yet."""

    name: str = ""
    email: str = ""
    phone: str = ""
    delivery_method_id: int = 0
    street: str = ""
    street2: str = ""
    postcode: str = ""
    town: str = ""
    save_address: bool = False
    note: str = ""
    payment_method_id: int = 0
    voucher: str = ""
    credit_minor: int = 0
    gift: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> Details:
        """Return the details kept in a basket; what is not of its kind counts as not given."""
        known = {f.name: stored[f.name] for f in fields(cls) if type(stored.get(f.name)) is type(f.default)}
        return cls(**known)  # type: ignore[arg-type]

    @property
    def knows_who(self) -> bool:
        return bool(self.name and self.email and self.delivery_method_id)

    @property
    def knows_how_to_pay(self) -> bool:
        return self.payment_method_id != 0
