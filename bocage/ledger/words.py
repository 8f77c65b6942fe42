"""How entries and accounts are said to people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from bocage.ui import formats

ENTRIES = {
    "sale": pgettext_lazy("ledger entry", "Sale"),
    "amendment": pgettext_lazy("ledger entry", "Change of quantities"),
    "weight": pgettext_lazy("ledger entry", "Final weights"),
    "price": pgettext_lazy("ledger entry", "Change of prices"),
    "adjustment": pgettext_lazy("ledger entry", "Discount or extra"),
    "hand_over": pgettext_lazy("ledger entry", "Change of hand-over"),
    "payment_way": pgettext_lazy("ledger entry", "Change of the way to pay"),
    "customer": pgettext_lazy("ledger entry", "Moved to another customer"),
    "cancellation": pgettext_lazy("ledger entry", "Cancellation"),
    "resumption": pgettext_lazy("ledger entry", "Taken up again"),
    "payment": pgettext_lazy("ledger entry", "Payment"),
    "refund": pgettext_lazy("ledger entry", "Refund"),
    "credit": pgettext_lazy("ledger entry", "Credit granted"),
    "carried": pgettext_lazy("ledger entry", "Carried to the next order"),
    "cost": pgettext_lazy("ledger entry", "Cost"),
    "income": pgettext_lazy("ledger entry", "Income"),
    "funds": pgettext_lazy("ledger entry", "Capital or loan"),
    "reserve": pgettext_lazy("ledger entry", "To the reserve"),
    "reversal": pgettext_lazy("ledger entry", "Taken back"),
    "settlement": pgettext_lazy("ledger entry", "Statement of a farm"),
    "settled": pgettext_lazy("ledger entry", "Payment to a farm"),
}
TAKINGS = {
    "cash": gettext_lazy("Cash box"),
    "cheque": gettext_lazy("Cheques"),
    "card": gettext_lazy("Card takings"),
    "transfer": gettext_lazy("Bank"),
    "bank": gettext_lazy("Bank"),
    "online": gettext_lazy("Online payments"),
}
FEES = {
    "packing": gettext_lazy("Packing fee"),
    "transport": gettext_lazy("Transport fee"),
    "admin": gettext_lazy("Coordination fee"),
    "sales": gettext_lazy("Sales fee"),
    "fundraising": gettext_lazy("Contribution"),
    "delivery": gettext_lazy("Delivery charge"),
    "adjustment": gettext_lazy("Discounts and extras"),
}

COMMONS = {  # the accounts of the cooperative's own book
    "commons": gettext_lazy("Share of the common software"),
    "hosting": gettext_lazy("Servers and hosting"),
    "support": gettext_lazy("Help for users"),
    "coordination": gettext_lazy("Coordination and governance"),
    "accounting": gettext_lazy("Accounting and law"),
    "payments": gettext_lazy("Payment costs"),
    "insurance": gettext_lazy("Insurance"),
    "communication": gettext_lazy("Communication"),
    "solidarity": gettext_lazy("Contributions forgone by solidarity"),
    "reserve": gettext_lazy("Reserve"),
    "contribution": gettext_lazy("Contributions of shops"),
    "service": gettext_lazy("Training and paid help"),
    "membership": gettext_lazy("Membership fees"),
    "grant": gettext_lazy("Grants"),
    "donation": gettext_lazy("Gifts"),
    "prize": gettext_lazy("Prizes"),
    "share_capital": gettext_lazy("Shares of members"),
    "loan": gettext_lazy("Loans"),
    "result": gettext_lazy("Result"),
}


def what_in_words(what: str) -> str:
    """Return a kind of entry as people read it; an unknown one is named as it is."""
    return str(ENTRIES.get(what, what))


def account_in_words(kind: str, subject: str, names: Mapping[int, str], customer: str) -> str:
    """Return an account as people read it. names: enterprises by id; customer: whose account it is, if a customer's."""
    head, _, tail = subject.rpartition(":")
    whose = names.get(int(tail), "") if tail.isdecimal() else ""
    if kind == "customer":
        return gettext("Account of %(name)s") % {"name": customer}
    if kind == "credit":
        return gettext("Prepaid by %(name)s") % {"name": customer}
    if kind == "carried":
        return gettext("Debt carried on, %(name)s") % {"name": customer}
    if kind == "gift":
        return gettext("Gift voucher no. %(number)s") % {"number": tail}
    if kind == "allowance":
        return gettext("Credits granted")
    if kind == "producer":
        return gettext("Owed to %(name)s") % {"name": whose}
    if kind == "fees":
        return f"{FEES.get(head, head)}, {whose}" if whose else str(FEES.get(head, head))
    if kind in ("cost", "income", "funds"):
        words = str(COMMONS.get(head or tail, subject))
        return f"{words}, {whose}" if whose else words
    if kind == "sales" and subject == "agreed":
        return gettext("Agreed with farms")
    if kind == "vat" and head == "input":
        return gettext("Deductible VAT at %(rate)s") % {"rate": formats.rate(int(tail))}
    if kind == "vat":
        return gettext("VAT at %(rate)s") % {"rate": formats.rate(int(tail))} if tail.isdecimal() else gettext("VAT")
    if kind == "capital":
        return gettext("Share capital")
    return str(TAKINGS.get(tail, tail or kind))
