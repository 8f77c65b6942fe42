"""Which number of the French chart of accounts stands for which account of a book.

A hub's own numbers are kept as plans, each the whole of them; a month that is closed keeps the plan of its closing. What
is written into accounting files is French whoever reads the page, so that the same month is the same bytes for everybody.
Source: plan comptable général, règlement ANC 2014-03.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Plan = Mapping[str, str]

FORM = re.compile(r"[0-9]{3}[0-9A-Z]{0,9}")
DEFAULTS: dict[str, str] = {  # closed months stand on these too: change none, add new ones
    "customer": "411000",
    "producer": "467000",
    "goods": "707000",
    "fees": "706000",
    "delivery": "708500",
    "fees-other": "467000",
    "vat:200000": "445711",
    "vat:100000": "445712",
    "vat:55000": "445713",
    "vat:21000": "445714",
    "vat": "445719",
    "vat-input": "445660",
    "agreed": "607000",
    "cash": "531000",
    "cheques": "511200",
    "card": "511500",
    "online": "511700",
    "bank": "512000",
    "takings": "511000",
    "capital": "101300",
    "credit": "419100",
    "gift": "419700",
    "allowance": "709700",
}
_LABELS = {
    "customer": "Clients",
    "producer": "Producteurs",
    "goods": "Ventes de marchandises",
    "fees": "Prestations de services",
    "delivery": "Ports et frais accessoires facturés",
    "fees-other": "Frais dus à d'autres structures",
    "vat:200000": "TVA collectée 20 %",
    "vat:100000": "TVA collectée 10 %",
    "vat:55000": "TVA collectée 5,5 %",
    "vat:21000": "TVA collectée 2,1 %",
    "vat": "TVA collectée, autres taux",
    "vat-input": "TVA déductible",
    "agreed": "Achats de marchandises",
    "cash": "Caisse",
    "cheques": "Chèques à encaisser",
    "card": "Cartes bancaires à encaisser",
    "online": "Paiements en ligne à encaisser",
    "bank": "Banque",
    "takings": "Autres encaissements",
    "capital": "Capital souscrit, appelé, versé",
    "credit": "Clients, avances reçues",
    "gift": "Clients, bons cadeaux à honorer",
    "allowance": "Rabais, remises et ristournes accordés",
}
_AUXILIARY = {
    "customer": ("C", "Client"),
    "credit": ("C", "Client"),
    "producer": ("P", "Producteur"),
    "fees-other": ("S", "Structure"),
}
_COMMONS = {  # the cooperative's own book: number and label
    "cost:commons": ("651000", "Quote-part du logiciel commun"),
    "cost:hosting": ("613500", "Hébergement"),
    "cost:support": ("641100", "Accompagnement des structures"),
    "cost:coordination": ("641200", "Coordination et gouvernance"),
    "cost:accounting": ("622600", "Honoraires"),
    "cost:payments": ("627000", "Services bancaires"),
    "cost:insurance": ("616000", "Assurances"),
    "cost:communication": ("623000", "Publicité, publications"),
    "income:contribution": ("706100", "Contributions des boutiques"),
    "income:service": ("706200", "Formations et accompagnements"),
    "income:membership": ("756000", "Cotisations"),
    "income:grant": ("740000", "Subventions"),
    "income:donation": ("754000", "Dons"),
    "income:prize": ("758000", "Prix"),
    "funds:share_capital": ("101300", "Capital souscrit, appelé, versé"),
    "funds:loan": ("164000", "Emprunts"),
    "funds:reserve": ("106300", "Réserves statutaires"),
    "funds:result": ("120000", "Résultat de l'exercice"),
}
_COMMON_KINDS = {
    "cost": ("658000", "Autres charges"),
    "income": ("758800", "Autres produits"),
    "funds": ("108000", "Fonds"),
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """An account as accountants write it; `auxiliary` is blank where the number says it all.

    The label of an auxiliary account is its number again: names change, and people may ask to be forgotten.
    """

    number: str
    label: str
    auxiliary: str = ""
    auxiliary_label: str = ""


def is_number(text: str) -> bool:
    """Return whether a text is a number of account: three digits first, then digits or capitals, twelve signs at most."""
    return bool(FORM.fullmatch(text))


def slot_of(kind: str, subject: str, book: int) -> str:
    """Return which line of a plan an account of `book` is under: there is one for each."""
    head, _, tail = subject.rpartition(":")
    is_own = tail == str(book)
    if kind == "producer":
        return "goods" if is_own else "producer"
    if kind == "sales":
        return "agreed" if subject == "agreed" else "goods"
    if kind == "fees":
        return ("delivery" if head == "delivery" else "fees") if is_own else "fees-other"
    if kind == "vat":
        if head == "input":
            return "vat-input"
        return subject if subject in DEFAULTS else "vat"
    if kind == "takings":
        return subject if subject in DEFAULTS else "takings"
    if kind == "capital":
        return "capital"
    return kind if kind in ("credit", "gift", "allowance") else "customer"


def numbered(kind: str, subject: str, *, book: int, plan: Plan) -> Numbered:
    """Return how an account of `book` is written under a plan; lines that the plan leaves out have their defaults."""
    if kind in _COMMON_KINDS:
        return Numbered(*_COMMONS.get(f"{kind}:{subject.partition(':')[0]}", _COMMON_KINDS[kind]))
    slot = slot_of(kind, subject, book)
    number = plan.get(slot) or DEFAULTS[slot]
    if slot not in _AUXILIARY:
        return Numbered(number, _LABELS[slot])
    letter, word = _AUXILIARY[slot]
    whose = subject.rpartition(":")[2]
    return Numbered(number, _LABELS[slot], f"{letter}{whose}", f"{word} {whose}")
