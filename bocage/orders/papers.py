"""A customer's account as a table for spreadsheets and on paper, in the reader's language."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from bocage.commons.cells import guarded
from bocage.commons.money import Money, plain
from bocage.orders.words import movement_in_words
from bocage.payments.queries.accounts import Movement, Statement
from bocage.ui import formats
from bocage.ui.paper import printed

TEMPLATE = Path(__file__).resolve().parent / "pdf" / "statement.typ"


def as_csv(found: Statement) -> bytes:
    """Return an account's movements as a table: UTF-8 with its mark, semicolons, amounts as bare numbers, no formulas."""
    written = io.StringIO()
    write = csv.writer(written, delimiter=";", lineterminator="\r\n").writerow
    write([gettext("Day"), gettext("What"), gettext("Order"), gettext("Amount"), gettext("Balance")])
    for one in found.rows:
        what = ": ".join(part for part in (movement_in_words(one.what), one.reason) if part)
        cells = (localtime(one.at).date().isoformat(), guarded(what), guarded(ref_of(one)))
        write([*cells, *(plain(amount).replace(".", ",") for amount in (one.amount, one.balance))])
    return written.getvalue().encode("utf-8-sig")


def as_pdf(found: Statement, *, now: datetime) -> bytes:
    """Return an account on A4, as a tagged PDF."""
    account = found.account
    data = {
        "language": (get_language() or "fr")[:2],
        "title": gettext("Account of %(name)s") % {"name": account.name},
        "seller": account.hub_name,
        "under": gettext("As it stands on %(day)s") % {"day": formats.day(now)},
        "head": [gettext("Day"), gettext("What"), gettext("Amount"), gettext("Balance")],
        "before": [gettext("Before"), formats.money(found.before)],
        "rows": [_printed(one) for one in found.rows],
        "balance": [_balance_in_words(account.balance), formats.money(abs(account.balance))],
        "credit": [gettext("Credit to spend on orders"), formats.money(account.credit)] if account.credit else [],
    }
    return printed(TEMPLATE, data)


def ref_of(one: Movement) -> str:
    """Return the reference of the order that a movement is about; '' of none."""
    kind, _sign, ref = one.about.partition(":")
    return ref if kind == "order" else ""


def _printed(one: Movement) -> list[str]:
    words = " ".join(part for part in (movement_in_words(one.what), ref_of(one)) if part)
    moved = f"({formats.money(one.used)})" if one.used else formats.money(one.amount)
    words = f"{words}: {one.reason}" if one.reason else words
    return [formats.short_day(one.at), words, moved, formats.money(one.balance)]


def _balance_in_words(balance: Money) -> str:
    if balance.minor > 0:
        return gettext("Still owed to the hub")
    return gettext("In the customer’s favour") if balance.minor else gettext("Nothing is owed")
