"""How an order's history and its ledger entries are said to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext

from bocage.commons.money import Money
from bocage.ledger.queries import EntryRow
from bocage.ledger.rules import Sided
from bocage.ledger.words import account_in_words, what_in_words
from bocage.payments.queries.attempts import AttemptRow, FindingRow
from bocage.ui import formats

MEANS = {
    "cash": gettext_lazy("in cash"),
    "cheque": gettext_lazy("by cheque"),
    "card": gettext_lazy("by card"),
    "transfer": gettext_lazy("by transfer"),
    "online": gettext_lazy("by card, online"),
    "credit": gettext_lazy("from the account"),
    "gift": gettext_lazy("with a gift voucher"),
}
MOVEMENTS = {
    "topped_up": gettext_lazy("Paid in advance"),
    "paid_out": gettext_lazy("Paid back from the account"),
    "credit_used": gettext_lazy("Order paid from the account"),
    "credit_back": gettext_lazy("Given back to the account"),
    "granted": gettext_lazy("Credit granted"),
    "sale": gettext_lazy("Order placed"),
    "amendment": gettext_lazy("Order changed"),
    "weight": gettext_lazy("Difference of weight"),
    "cancellation": gettext_lazy("Order cancelled"),
    "payment": gettext_lazy("Payment"),
    "refund": gettext_lazy("Refund"),
    "carried": gettext_lazy("Carried to the next order"),
}
CHANGES = {
    "placed": gettext_lazy("Ordered for %(amount)s"),
    "cancelled": gettext_lazy("Cancelled"),
    "lapsed": gettext_lazy("Let go: it was not paid"),
    "other_way": gettext_lazy("Another way to pay was chosen"),
    "resumed": gettext_lazy("Taken up again"),
    "payment": gettext_lazy("Paid %(amount)s %(means)s"),
    "refund": gettext_lazy("Given back %(amount)s %(means)s"),
    "quantity": gettext_lazy("Quantities changed"),
    "weight": gettext_lazy("Weighed"),
    "price": gettext_lazy("Prices changed"),
    "hand_over": gettext_lazy("Hand-over changed"),
    "customer": gettext_lazy("Customer changed"),
    "payment_way": gettext_lazy("Way to pay changed"),
    "note": gettext_lazy("Note changed"),
    "adjustment": gettext_lazy("%(label)s: %(amount)s"),
    "adjustment_back": gettext_lazy("Taken back: %(label)s, %(amount)s"),
    "voucher": gettext_lazy("Voucher %(number)s: %(amount)s"),
    "confirmation": gettext_lazy("Confirmation sent again"),
    "invoice": gettext_lazy("Invoice %(number)s issued"),
    "credit_note": gettext_lazy("Credit note %(number)s issued"),
    "handed_over": gettext_lazy("Handed over"),
    "carried": gettext_lazy("%(amount)s from last time is paid with this order"),
    "carried_on": gettext_lazy("%(amount)s is paid with order %(number)s"),
    "carried_back": gettext_lazy("%(amount)s from last time is owed for its own order again"),
    "credit": gettext_lazy("%(amount)s granted: %(reason)s"),
    "hand_over_undone": gettext_lazy("Hand-over undone"),
}
HOW = {
    "to_stock": gettext_lazy("Not put back into stock"),
    "is_told": gettext_lazy("No mail was sent"),
}
_REASONS = {
    "authentication_required": gettext_lazy("The bank wants the customer."),
    "given up": gettext_lazy("Given up by the customer."),
    "closed by the shop": gettext_lazy("Closed, nobody paid."),
    "too late": gettext_lazy("Too late."),
    "never reached the provider": gettext_lazy("It never reached the payment service."),
    "requested_by_customer": gettext_lazy("Given up by the customer."),
    "card_declined": gettext_lazy("The card was refused."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: what happened, its details line by line, by whom, when."""

    what: str
    details: tuple[str, ...]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PostingTold(Sided):
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryTold:
    what: str
    at: datetime
    postings: tuple[PostingTold, ...]


def movement_in_words(what: str) -> str:
    """Return a movement of a customer's account as people read it."""
    return str(MOVEMENTS.get(what) or what_in_words(what))


def change_in_words(
    what: str, details: Mapping[str, Any], by_name: str, at: datetime, *, currency: str = "EUR"
) -> Told:
    """Return a change of an order as people read it; an unknown kind is named as it is."""
    values = {
        "amount": formats.money(Money(int(details.get("amount_minor", 0)), currency)),
        "means": str(MEANS.get(details.get("means", ""), "")),
        "number": details.get("number", ""),
        "label": details.get("label", ""),
        "reason": details.get("reason", ""),
    }
    sentence = str(CHANGES.get(what, what)) % values
    lines = [_detail(what, line, currency) for line in details.get("lines", ())]
    lines += [str(words) for name, words in HOW.items() if details.get(name) is False]
    return Told(sentence, tuple(lines), by_name, at)


def entry_in_words(entry: EntryRow, *, names: Mapping[int, str], customer: str) -> EntryTold:
    """Return a ledger entry as people read it. names: enterprises by id; customer: whose order it is."""
    postings = tuple(
        PostingTold(account_in_words(row.kind, row.subject, names, customer), row.amount) for row in entry.postings
    )
    return EntryTold(what_in_words(entry.what), entry.at, postings)


@dataclass(frozen=True, slots=True)
class AttemptTold:
    """An attempt as a hub reads it; `tone` colours its state, `ref` is the order's."""

    row: AttemptRow
    ref: str
    what: str
    state: str
    tone: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingTold:
    row: FindingRow
    ref: str
    what: str


def attempt_in_words(row: AttemptRow) -> AttemptTold:
    """Return an attempt as a hub reads it."""
    what = gettext("Given back") if row.kind == "refund" else gettext("Paid in")
    if row.is_off_session:
        what = gettext("Saved card charged")
    state, tone = {
        "written": (gettext("Being asked"), "attention"),
        "open": (gettext("Under way"), "attention"),
        "ended": (gettext("Not made"), "shut"),
        "succeeded": (pgettext("payment", "Done"), "good"),
    }[row.state]
    return AttemptTold(
        row, row.about.removeprefix("order:"), what, state, tone, str(_REASONS.get(row.reason, row.reason))
    )


def finding_in_words(row: FindingRow) -> FindingTold:
    """Return what the reconciler did as a hub reads it."""
    what = {
        "completed": gettext("The payment had come in unheard: the order was completed."),
        "closed": gettext("Nobody paid: the payment was closed."),
        "refunded": gettext("The money is given back."),
        "mismatch": gettext("The payment service names another amount (%(said)s): nothing was booked, please look."),
    }[row.what]
    return FindingTold(row, row.about.removeprefix("order:"), what % {"said": row.said})


def account_ids(entries: tuple[EntryRow, ...]) -> set[int]:
    """Return the ids of the enterprises that the accounts of `entries` name."""
    subjects = (row.subject for entry in entries for row in entry.postings if row.kind in ("producer", "fees"))
    return {int(subject.rpartition(":")[2]) for subject in subjects if subject.rpartition(":")[2].isdecimal()}


def difference_in_words(line: Mapping[str, Any], currency: str) -> str:
    """Return one of `telling.differences` as the customer reads it."""
    if line["what"] == "weight":
        line = {**line, "before_g": line["before"], "after_g": line["after"]}
    return _detail(line["what"], line, currency)


def _detail(what: str, line: Mapping[str, Any], currency: str) -> str:
    if what == "adjustment":
        amounts = {name: formats.money(Money(line[name], currency)) for name in ("before", "after")}
        return gettext("Discounts and extras: %(before)s, now %(after)s") % amounts
    if what in ("hand_over", "customer", "payment_way", "note"):
        return gettext("%(before)s, now: %(after)s") % {name: line[name] or "–" for name in ("before", "after")}
    if what == "price":
        said = {name: formats.money(Money(line[name], currency)) for name in ("before", "after")}
        return gettext("%(product)s: %(before)s each, now %(after)s") % {**line, **said}
    if what == "weight":
        said = {
            "product": line["product"],
            "before": _weighed(line.get("before_g")),
            "after": _weighed(line.get("after_g")),
        }
        return gettext("%(product)s: %(before)s, now %(after)s") % said
    if not line["after"]:
        return gettext("%(product)s: %(before)s, now taken out") % line
    if not line["before"]:
        return gettext("%(product)s: added, %(after)s") % line
    return gettext("%(product)s: %(before)s, now %(after)s") % line


def _weighed(grams: int | None) -> str:
    return formats.grams(grams) if grams else pgettext("weight", "not weighed")
