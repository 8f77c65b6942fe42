"""What a hub owes a farm: sums of frozen lines, less what was stated before; what freezing and paying post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bocage.commons.measures import Exact
from bocage.commons.money import round_ratio
from bocage.commons.refusals import Refused, gettext_noop
from bocage.ledger.rules import AccountKey, chain

MILLION = 1_000_000
GOODS, FEE, CREDIT, AGREED = "goods", "fee", "credit", "agreed"
TIME_TO_CONTEST = timedelta(days=8)
PAID_WITHIN_DAYS = 30  # perishable food, Code de commerce, L441-11


class SaleStillOpen(Refused):
    code = "settlements.sale_open"
    message = gettext_noop("This sale still takes orders. Its statements are drawn up once it has closed.")


class SumMoved(Refused):
    """An order changed between showing and approving."""

    code = "settlements.sum_moved"
    message = gettext_noop(
        "Orders changed meanwhile: this statement comes to %(actual)s, not %(shown)s. Look at it again, then approve it."
    )


class NotToContest(Refused):
    code = "settlements.not_to_contest"
    message = gettext_noop("A line is contested after the hub approved the statement and before it is frozen.")


class ReasonMissing(Refused):
    code = "settlements.reason"
    message = gettext_noop("Say in a few words what is not right.")


class WordsMissing(Refused):
    code = "settlements.words"
    message = gettext_noop("Answer the farm in a few words.")


class ContestedAlready(Refused):
    code = "settlements.contested_already"
    message = gettext_noop("You contested this line already. The hub has yet to answer.")


class AnsweredAlready(Refused):
    code = "settlements.answered_already"
    message = gettext_noop("This has been answered already.")


class AnswerFirst(Refused):
    """A statement is not frozen over what is contested."""

    code = "settlements.answer_first"
    message = gettext_noop("A line is contested and not answered yet, so the statement stays open.")


class CorrectionTooLarge(Refused):
    """A correction would make a farm give back goods that it brought."""

    code = "settlements.correction"
    message = gettext_noop("At most %(most)s can be taken off this line.")


class NotApproved(Refused):
    code = "settlements.not_approved"
    message = gettext_noop("The hub has yet to approve this statement.")


class TooEarly(Refused):
    """A farm has time to read what it is owed."""

    code = "settlements.too_early"
    message = gettext_noop(
        "The farm has eight days to look at its statement. It can be frozen earlier if the farm agrees."
    )


class NotFrozen(Refused):
    code = "settlements.not_frozen"
    message = gettext_noop("A statement is paid once it is frozen: the farm agrees, or eight days pass.")


class MoreThanOwed(Refused):
    code = "settlements.more_than_owed"
    message = gettext_noop("Only %(left)s is still owed for this statement, so nothing was noted.")


class AmountNotPositive(Refused):
    code = "settlements.amount"
    message = gettext_noop("An amount is more than zero.")


class ListMoved(Refused):
    """A statement was paid, or put into a file, between showing and asking."""

    code = "settlements.list_moved"
    message = gettext_noop(
        "A statement was paid or put into a file meanwhile. Nothing was made: look at the list again, then choose."
    )


class OwnIbanMissing(Refused):
    code = "settlements.own_iban"
    message = gettext_noop("Write down your own IBAN in your settings first: the bank pays from it.")


class ReferenceMissing(Refused):
    code = "settlements.reference"
    message = gettext_noop("Give the reference of the transfer: it keeps the same payment from being noted twice.")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is counted together on a statement: one product at one price and VAT rate of one sale, or one fee.

    millionths: the rate of the farm's own sale to the hub. fee_kind: as in the account `fees:<fee_kind>:<payee>`.
    """

    cycle_id: int
    kind: str
    name: str
    variant_id: int = 0
    variant_name: str = ""
    unit: str = ""
    size: Exact = 0
    pack: str = ""
    measure: str = ""
    is_weighed: bool = False
    price_minor: int = 0
    millionths: int = 0
    fee_kind: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a key comes to: units, final grams where weighed, minor units without VAT and the VAT itself."""

    quantity: int = 0
    grams: int = 0
    net: int = 0
    tax: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.quantity + other.quantity, self.grams + other.grams, self.net + other.net, self.tax + other.tax)

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.quantity - other.quantity, self.grams - other.grams, self.net - other.net, self.tax - other.tax)

    def __bool__(self) -> bool:
        return bool(self.quantity or self.grams or self.net or self.tax)


Sums = Mapping[Key, Sum]
NOTHING = Sum()


def to_state(present: Sums, stated: Sums) -> dict[Key, Sum]:
    """Return what a statement says so that, with all those before it, a farm has been told what orders now come to."""
    changes = {key: present.get(key, NOTHING) - stated.get(key, NOTHING) for key in sorted({*present, *stated})}
    return {key: change for key, change in changes.items() if change}


def net_and_tax(amount: int, tax: int, *, is_included: bool, taken_out: int) -> tuple[int, int]:
    """Return what a farm gets for frozen lines: without VAT, and its own VAT, in minor units.

    The farm's VAT is that of the line; where goods went to a place with VAT of its own, that of home, which was taken
    out of the price (`taken_out` millionths), for the farm delivers to the hub at home.
    """
    net = amount - tax if is_included else amount
    return net, round_ratio(net * taken_out, MILLION) if taken_out else tax


def with_vat_of(gross: int, millionths: int) -> tuple[int, int]:
    """Return an amount with VAT as (without, VAT), rounded once."""
    tax = round_ratio(gross * millionths, MILLION + millionths)
    return gross - tax, tax


def postings(sums: Iterable[tuple[Key, Sum]], *, producer_id: int, is_hub_liable: bool) -> dict[AccountKey, int]:
    """Return what freezing a statement posts into the hub's book, minor units, debit > 0.

    Goods without VAT are on the farm's account since they were ordered, credits it bears since they were granted. Its fees
    come over from their own accounts, and its VAT is added: deductible for a hub that is liable for VAT; a hub that is not
    passes on what it took from customers.
    What was agreed about a contested line is borne by the hub. ADR 0020.
    """
    posted: dict[AccountKey, int] = defaultdict(int)
    farm = AccountKey("producer", f"producer:{producer_id}")
    for key, one in sums:
        from_ = {
            FEE: AccountKey("fees", f"{key.fee_kind}:{producer_id}"),
            AGREED: AccountKey("sales", "agreed"),
            GOODS: farm,
            CREDIT: farm,
        }[key.kind]
        posted[from_] += one.net
        posted[farm] -= one.net
        posted[AccountKey("vat", f"{'input' if is_hub_liable else 'vat'}:{key.millionths}")] += one.tax
        posted[farm] -= one.tax
    return {account: amount for account, amount in posted.items() if amount}


def payment_postings(*, producer_id: int, amount: int) -> dict[AccountKey, int]:
    """Return what a transfer to a farm posts: less is owed to it, less is in the bank."""
    return {AccountKey("producer", f"producer:{producer_id}"): amount, AccountKey("takings", "bank"): -amount}


def borne(amount: int, parts: Sequence[tuple[int, int, int]], *, is_liable: bool) -> list[tuple[int, Sum]]:
    """Return what a farm gives back for a credit that it bears, as (millionths, sum below zero) per VAT rate.

    `parts`: (millionths, with VAT, VAT) of what falls on the order's goods; VAT is the farm's only where it is liable.
    """
    rest = amount - sum(total for _, total, _ in parts)
    rows = [(rate, Sum(net=tax - total, tax=-tax)) for rate, total, tax in parts]
    if not is_liable:
        return [(0, Sum(net=sum(one.net for _, one in rows) - rest))]
    return [(rate, one) for rate, one in [*rows, (0, Sum(net=-rest))] if one]


def by_rate(amounts: Iterable[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """Add up (millionths, without VAT, VAT); return millionths → (without VAT, VAT), lowest rate first."""
    found: dict[int, tuple[int, int]] = {}
    for rate, net, tax in amounts:
        before = found.get(rate, (0, 0))
        found[rate] = (before[0] + net, before[1] + tax)
    return dict(sorted(found.items()))


def check_may_freeze(*, approved_at: datetime | None, has_agreed: bool, open_contests: int, now: datetime) -> None:
    """Raise NotApproved, AnswerFirst, TooEarly."""
    if approved_at is None:
        raise NotApproved()
    if open_contests:
        raise AnswerFirst()
    if not has_agreed and now < approved_at + TIME_TO_CONTEST:
        raise TooEarly()


def numbered(year: int, sequence: int) -> str:
    """Return the number of a frozen statement: R2026-00042."""
    return f"R{year}-{sequence:05d}"


def numbered_file(year: int, sequence: int) -> str:
    """Return the reference of a file of transfers: V2026-00042."""
    return f"V{year}-{sequence:05d}"


def digest_of(content: Mapping[str, Any]) -> str:
    """Return SHA-256 of a statement's content: a part of the key of its entry, so that the book's chain holds it."""
    return chain.hash_of(chain.canonical(content).encode())


def entry_key(statement_id: int, digest: str) -> str:
    """Return the key of the entry that freezes a statement."""
    return f"settlement:{statement_id}:{digest[:40]}"
