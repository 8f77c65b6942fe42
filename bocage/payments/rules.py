"""How money that came in or went out stands in a hub's book, and what becomes of an attempt to move it.

An attempt is written and committed before the provider is called. From then on everything that is heard of it, in any
order and as often as it may be told, goes through `join`: the furthest state wins, so that hearsay cannot undo a fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bocage.commons.money import Money
from bocage.commons.refusals import Refused, gettext_noop
from bocage.ledger.rules import AccountKey

TAKEN_AS = {"cash": "cash", "cheque": "cheques", "card": "card", "transfer": "bank", "online": "online"}

CREDIT, GIFT = "credit", "gift"
CREDIT_ENTRY = "credit:"
"""What the key of a credit's entry in the book begins with; the credit's own key follows."""
STORED = (CREDIT, GIFT)
"""Means that move no money: it was paid in before."""
SMALLEST_GIFT, LARGEST_GIFT = 500, 50_000

WRITTEN, OPEN, ENDED, SUCCEEDED = "written", "open", "ended", "succeeded"
CHARGE, REFUND = "charge", "refund"
_FURTHEST = {CHARGE: (WRITTEN, OPEN, ENDED, SUCCEEDED), REFUND: (WRITTEN, OPEN, SUCCEEDED, ENDED)}

PAY_WITHIN = timedelta(minutes=30)
"""How long goods are held for somebody who went to pay."""
ASK_AFTER = timedelta(minutes=3)
"""How long an attempt may go unheard of before the provider is asked."""
REPLAY_WINDOW = timedelta(minutes=5)
"""How old the signature of an event may be: older ones are refused, and the provider signs anew when it tries again."""


class AttemptUnderWay(Refused):
    """A second payment of the same thing cannot begin while the first may still succeed."""

    code = "payments.under_way"
    message = gettext_noop("A payment is already under way. Wait a moment: we are asking the bank what became of it.")


class ProviderUnreachable(Refused):
    """The provider gave no answer; the attempt is kept and asked about later, so nothing is paid twice."""

    code = "payments.unreachable"
    message = gettext_noop(
        "The payment service does not answer just now. Nothing was taken. Try again in a few minutes."
    )
    status = 503


class NotConnected(Refused):
    code = "payments.not_connected"
    message = gettext_noop("This hub cannot take payments online yet. Choose another way to pay.")


class OtherCurrency(Refused):
    """Money of one currency never settles what is owed in another."""

    code = "payments.currency"
    message = gettext_noop(
        "The amount is in %(given)s, what is owed in %(owed)s: they cannot be set against each other."
    )


class RefundAboveCharge(Refused):
    code = "payments.refund_above_charge"
    message = gettext_noop("At most %(most)s of this payment can still be given back.")


class CreditGone(Refused):
    """Less is on an account than was to be paid from it, perhaps because it was used elsewhere at the same time."""

    code = "payments.credit_gone"
    message = gettext_noop(
        "There is now %(left)s on the account, less than was to be used. Nothing was paid: look again."
    )


class GiftNotKnown(Refused):
    code = "payments.gift_not_known"
    message = gettext_noop("There is no gift voucher with the code %(code)s here. Check it letter by letter.")


class GiftExpired(Refused):
    code = "payments.gift_expired"
    message = gettext_noop("The gift voucher %(code)s has expired.")


class GiftGone(Refused):
    """Less is left of a gift voucher than was to be paid with it, perhaps because somebody else used it just now."""

    code = "payments.gift_gone"
    message = gettext_noop("There is now %(left)s left on this gift voucher. Nothing was paid: look again.")


class AbsurdGift(Refused):
    code = "payments.absurd_gift"
    message = gettext_noop("A gift voucher is from 5 to 500.")


class ReasonMissing(Refused):
    code = "payments.reason_missing"
    message = gettext_noop("Say why, in a few words: the customer reads it.")


class ChargeTwice(Refused):
    code = "payments.charge_twice"
    message = gettext_noop("A charge for paying is an amount or a percentage, not both.")


class NothingToPay(Refused):
    code = "payments.nothing_to_pay"
    message = gettext_noop("There is nothing left to pay.")


class Forged(Refused):
    """An event that its provider did not sign, or signed too long ago."""

    code = "payments.forged"
    message = gettext_noop("This event is not signed by the payment service.")
    status = 400


class ProviderDown(Exception):
    """The provider could not be reached, or answered with an error of its own: what it did is unknown."""


@dataclass(frozen=True, slots=True)
class Charging:
    """What paying in a way costs: an amount per order, or a part of the goods; at a VAT rate, if any."""

    minor: int = 0
    millionths: int = 0
    tax_rate_id: int | None = None


FREE = Charging()


@dataclass(frozen=True, slots=True)
class Part:
    """What of a credit falls on one VAT rate, with the VAT in it; minor units."""

    millionths: int
    total_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class SavedRef:
    """A card that a hub may charge again, as its provider knows it."""

    holder: str
    card: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a provider: all of it frozen in the attempt before the call.

    `key` is the idempotency key; `handle` what the provider calls the attempt, once known; `of` the handle of the charge
    that a refund gives back; `back_url` where the browser goes after; `closes_at` after it nobody may pay.
    """

    key: str
    account: str
    amount: Money
    made_at: datetime
    label: str = ""
    email: str = ""
    language: str = "fr"
    back_url: str = ""
    closes_at: datetime | None = None
    handle: str = ""
    of: str = ""
    keep_card: bool = False
    saved: SavedRef | None = None


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card that its holder lets the hub charge again: never its number."""

    holder: str
    card: str
    brand: str
    last4: str
    expires: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a provider says of an attempt. `page` is where a person pays: an address, or the secret of our own card page."""

    state: str
    handle: str = ""
    amount: Money | None = None
    page: str = ""
    reason: str = ""
    card: CardSeen | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event whose signature holds: its own id, which attempt it is about (by key, else by handle), and what it says.

    `seen` is None for events that move nothing; `can_charge` says of `account` whether it can take money from now on.
    """

    event_id: str
    what: str
    key: str = ""
    handle: str = ""
    seen: Seen | None = None
    account: str = ""
    can_charge: bool | None = None


@dataclass(frozen=True, slots=True)
class Connecting:
    """A hub that wants an account of its own with a provider; `account` when it has begun already."""

    hub_id: int
    name: str
    email: str
    country: str
    back_url: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """A hub's account with a provider; `page` is where the hub goes on, if there is more to do."""

    account: str
    can_charge: bool
    page: str = ""


class Provider(Protocol):
    """A way to move money by another machine. Each call but `read_event` may raise ProviderDown: the outcome is unknown.

    All are safe to repeat with the same `Ask.key`: the same key twice moves money once.
    """

    name: str
    on_own_page: bool
    """Whether `Seen.page` is an address at the provider's; else our card page is shown with `Seen.page` as its secret."""

    def is_ready(self) -> bool:
        """Return whether this platform holds what it needs to speak to the provider."""
        ...

    def connect(self, wish: Connecting) -> Connected:
        """Open an account for a hub, or go on with the one it has begun."""
        ...

    def can_charge(self, account: str) -> bool:
        """Return whether an account can take money now."""
        ...

    def start(self, ask: Ask) -> Seen:
        """Open a charge that a person then pays on a page."""
        ...

    def charge_saved(self, ask: Ask) -> Seen:
        """Charge a saved card without its holder; ENDED with a reason when the bank wants them or refuses."""
        ...

    def refund(self, ask: Ask) -> Seen:
        """Give back `ask.amount` of the charge `ask.of`."""
        ...

    def look(self, ask: Ask, kind: str) -> Seen | None:
        """Return what became of a charge or refund, by handle or by key; None when the provider never heard of it."""
        ...

    def stop(self, ask: Ask) -> Seen:
        """See to it that nobody can pay any more, and return what is true then: ENDED, or SUCCEEDED if it was too late."""
        ...

    def read_event(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Told:
        """Return what an event says, its signature checked. Raises Forged."""
        ...


def join(kind: str, one: str, other: str) -> str:
    """Return the state that two sayings about an attempt add up to, whichever was heard first.

    A charge that succeeded has succeeded, whatever else was said; a refund may still fail after it seemed done.
    """
    order = _FURTHEST[kind]
    return max(one, other, key=order.index)


def payment_postings(
    *, customer_id: int, means: str, amount_minor: int, about: str = "", gift_id: int | None = None
) -> dict[AccountKey, int]:
    """Return the postings of a payment (> 0) or refund (< 0): what the hub holds grows, what the customer owes shrinks.

    Paid from credit or by a gift voucher, the hub's own debt shrinks instead. What is paid about 'account:41' is kept as
    that customer's credit, about 'gift:3' as a gift voucher: the hub owes it.
    """
    return {
        _source(customer_id, means, gift_id): amount_minor,
        _target(customer_id, about): -amount_minor,
    }


def credit_account(customer_id: int) -> AccountKey:
    """Return the account of what a customer has prepaid."""
    return AccountKey("credit", f"customer:{customer_id}")


def gift_account(gift_id: int) -> AccountKey:
    """Return the account of what the hub still owes on a gift voucher."""
    return AccountKey("gift", f"gift:{gift_id}")


def _source(customer_id: int, means: str, gift_id: int | None) -> AccountKey:
    if means == CREDIT:
        return credit_account(customer_id)
    if means == GIFT and gift_id is not None:
        return gift_account(gift_id)
    return AccountKey("takings", TAKEN_AS[means])


def _target(customer_id: int, about: str) -> AccountKey:
    kind, _, which = about.partition(":")
    if kind == "account":
        return credit_account(customer_id)
    return gift_account(int(which)) if kind == "gift" else AccountKey("customer", f"customer:{customer_id}")


def credit_postings(
    *, customer_id: int, hub_id: int, bearer_id: int, amount_minor: int, due_minor: int, parts: Sequence[Part]
) -> dict[AccountKey, int]:
    """Return the postings of a credit: it first pays what is still due (0 or more), the rest the customer has to spend.

    The VAT of each part is owed no more; what is left without VAT its bearer bears.
    """
    tax = sum(part.tax_minor for part in parts)
    borne = AccountKey("allowance", f"credits:{hub_id}")
    if bearer_id != hub_id:
        borne = AccountKey("producer", f"producer:{bearer_id}")
    on_order = min(due_minor, amount_minor)
    postings = {
        AccountKey("customer", f"customer:{customer_id}"): -on_order,
        credit_account(customer_id): on_order - amount_minor,
        borne: amount_minor - tax,
    }
    for part in parts:
        key = AccountKey("vat", f"vat:{part.millionths}")
        postings[key] = postings.get(key, 0) + part.tax_minor
    return {key: minor for key, minor in postings.items() if minor}
