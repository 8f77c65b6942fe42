"""The file of accounting entries that French tax inspectors ask for (FEC), and what makes one acceptable.

Source: livre des procédures fiscales, article A47 A-1: a flat file, one line per posting, eighteen fields in this order,
tabs between them, days as YYYYMMDD, decimal commas, no amount below zero, entries numbered without gaps in each journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bocage.ledger.rules.accounts import Numbered

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
REQUIRED = (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15)
DAYS = {3: "EcritureDate", 9: "PieceDate", 15: "ValidDate"}
MOST_FOUND = 20

JOURNALS = {"VT": "Ventes", "AC": "Achats", "RG": "Règlements", "OD": "Opérations diverses"}
_JOURNAL_OF = dict.fromkeys(
    (
        "sale",
        "amendment",
        "weight",
        "price",
        "adjustment",
        "hand_over",
        "payment_way",
        "customer",
        "cancellation",
        "resumption",
        "credit",
    ),
    "VT",
) | dict.fromkeys(("payment", "refund", "settled"), "RG")
_JOURNAL_OF["settlement"] = "AC"
_WORDS = {
    "sale": "Vente",
    "amendment": "Changement de quantités",
    "weight": "Poids définitifs",
    "price": "Changement de prix",
    "adjustment": "Remise ou supplément",
    "hand_over": "Changement de lieu de retrait",
    "payment_way": "Changement de mode de paiement",
    "customer": "Changement de client",
    "cancellation": "Annulation",
    "resumption": "Reprise",
    "payment": "Règlement",
    "refund": "Remboursement",
    "credit": "Geste commercial",
    "carried": "Report d'un solde",
    "cost": "Charge",
    "income": "Produit",
    "funds": "Capital ou emprunt",
    "reserve": "Mise en réserve",
    "reversal": "Contre-passation",
    "settlement": "Relevé de ferme",
    "settled": "Règlement à une ferme",
}
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029|]+")
_AMOUNT = re.compile(r"\d+,\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as an accountant reads it. number: of its entry in its journal; amount_minor > 0 is debit."""

    journal: str
    number: int
    on: date
    account: Numbered
    about: str
    written_on: date
    what: str
    amount_minor: int
    currency: str


def journal_of(what: str) -> str:
    """Return the code of the journal that a kind of entry is written in: sales, payments, or everything else."""
    return _JOURNAL_OF.get(what, "OD")


def cells(line: Line) -> tuple[str, ...]:
    """Return the eighteen fields of a line. An entry is valid from the day it is written: none is ever changed."""
    amount, is_foreign = euros(abs(line.amount_minor)), line.currency != "EUR"
    debit, credit = (amount, "0,00") if line.amount_minor > 0 else ("0,00", amount)
    piece = flat(line.about.rpartition(":")[2] or line.about) or str(line.number)
    label = flat(f"{_WORDS.get(line.what, line.what)} {piece}")
    return (
        line.journal, JOURNALS[line.journal], f"{line.journal}{line.number}", day(line.on),
        line.account.number, line.account.label, line.account.auxiliary, line.account.auxiliary_label,
        piece, day(line.written_on), label, debit, credit, "", "", day(line.on),
        ("-" if line.amount_minor < 0 else "") + amount if is_foreign else "", line.currency if is_foreign else "",
    )  # fmt: skip


def euros(minor: int) -> str:
    """Return hundredths with a decimal comma: 1250 → '12,50'."""
    return f"{minor // 100},{minor % 100:02d}"


def day(on: date) -> str:
    return f"{on:%Y%m%d}"


def flat(text: str) -> str:
    """Return a text without line breaks, tabs or bars, which would end a field."""
    return _BREAKS.sub(" ", text).strip()


def file_name(siren: str, until: date) -> str:
    """Return how the law names the file: SIREN, FEC, the day at which the period ends."""
    return f"{siren}FEC{until:%Y%m%d}.txt"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a file breaks: a code, the line of the file (1 is the heading, 0 the whole file), and what was found there."""

    code: str
    line: int = 0
    found: str = ""


@dataclass
class Checker:
    """Reads the rows of a file one after the other and notes what they break; memory stays flat.

    `found` holds the first ones only; `count` counts all of them.
    """

    since: date
    until: date
    found: list[Problem] = field(default_factory=list)
    count: int = 0
    rows: int = 0
    entries: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    _line: int = 0
    _entry: tuple[str, str, str] | None = None
    _off: Decimal = Decimal(0)
    _last: dict[str, int] = field(default_factory=dict)

    def over(self, rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        """Let rows pass, the heading first, and check each, then the whole."""
        for row in rows:
            self._line += 1
            self._check(row)
            yield row
        self._end_entry()
        if self.debit != self.credit:
            self._note("totals", 0, str(self.debit - self.credit))
        if not self.rows:
            self._note("empty", 0)

    def _check(self, row: Sequence[str]) -> None:
        if self._line == 1:
            if tuple(row) != COLUMNS:
                self._note("heading", 1)
            return
        self.rows += 1
        if len(row) != len(COLUMNS):
            self._note("columns", self._line, str(len(row)))
            return
        for index in REQUIRED:
            if not row[index].strip():
                self._note("missing", self._line, COLUMNS[index])
        if bool(row[6]) != bool(row[7]):
            self._note("missing", self._line, COLUMNS[7 if row[6] else 6])
        if bool(row[16]) != bool(row[17]):
            self._note("missing", self._line, COLUMNS[17 if row[16] else 16])
        if not row[4][:3].isdecimal() or len(row[4]) < 3:
            self._note("account", self._line, row[4])
        self._check_days(row)
        self._follow(row)
        self._add(row)

    def _check_days(self, row: Sequence[str]) -> None:
        days = {index: _as_day(row[index]) for index in DAYS}
        for index, on in days.items():
            if row[index] and on is None:
                self._note("day", self._line, row[index])
        on = days[3]
        if on is not None and not self.since <= on <= self.until:
            self._note("period", self._line, row[3])

    def _follow(self, row: Sequence[str]) -> None:
        """See whether a row goes on with its entry, or begins the next one of its journal."""
        entry = (row[0], row[2], row[3])
        if entry == self._entry:
            return
        self._end_entry()
        self._entry, self.entries = entry, self.entries + 1
        digits = row[2].removeprefix(row[0])
        if not digits.isdecimal():
            self._note("number", self._line, row[2])
            return
        number, last = int(digits), self._last.get(row[0])
        if last is not None and number != last + 1:
            self._note("gap", self._line, row[2])
        self._last[row[0]] = number

    def _add(self, row: Sequence[str]) -> None:
        if not (_AMOUNT.fullmatch(row[11]) and _AMOUNT.fullmatch(row[12])):
            self._note("amount", self._line, f"{row[11]} / {row[12]}")
            return
        debit, credit = (Decimal(row[index].replace(",", ".")) for index in (11, 12))
        if bool(debit) == bool(credit):
            self._note("sides", self._line, f"{row[11]} / {row[12]}")
        self.debit, self.credit, self._off = self.debit + debit, self.credit + credit, self._off + debit - credit

    def _end_entry(self) -> None:
        if self._entry is not None and self._off:
            self._note("balance", self._line, self._entry[1])
        self._off = Decimal(0)

    def _note(self, code: str, line: int, found: str = "") -> None:
        self.count += 1
        if len(self.found) < MOST_FOUND:
            self.found.append(Problem(code, line, found))


def check(rows: Iterable[Sequence[str]], *, since: date, until: date) -> list[Problem]:
    """Return what the rows of a file break, the heading first among them; none where it may be handed in."""
    checker = Checker(since, until)
    for _row in checker.over(rows):
        pass
    return checker.found


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}") if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        return None
