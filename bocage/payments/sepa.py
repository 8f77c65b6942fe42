"""Payment files that a bank takes in euros: transfers to others (pain.001) and direct debits from others (pain.008).

Pure functions: the message's id, the moment and the days are given, so the same input gives the same bytes. Each file is
checked against the schema of ISO 20022 before it is handed out. Source: implementation guidelines of the European
Payments Council, which took over pain.001.001.09 and pain.008.001.08 in March 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sepaxml
from lxml import etree
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import iso11649
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10
from text_unidecode import unidecode

from bocage.commons.money import Money
from bocage.commons.refusals import Refused, gettext_noop

FIRST, RECURRENT, ONCE, LAST = "FRST", "RCUR", "OOFF", "FNAL"
SEQUENCES = (FIRST, RECURRENT, ONCE, LAST)
"""Which of its mandate's direct debits one is: the first, a later one, the only one, the last."""
NAME_LENGTH, TEXT_LENGTH, REFERENCE_LENGTH = 70, 140, 35
MOST_MINOR = 999_999_999_99

_TRANSFERS, _DEBITS = "pain.001.001.09", "pain.008.001.08"
_OUTSIDE = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_SPACES = re.compile(r" {2,}")


class NotEuro(Refused):
    code = "sepa.not_euro"
    message = gettext_noop("Bank files for Europe are in euros: %(amount)s for %(name)s cannot be in one.")


class AmountNotPositive(Refused):
    code = "sepa.amount_not_positive"
    message = gettext_noop("The amount for %(name)s must be above zero.")


class AmountTooHigh(Refused):
    code = "sepa.amount_too_high"
    message = gettext_noop("The amount for %(name)s is too high for a bank file.")


class NameMissing(Refused):
    code = "sepa.name_missing"
    message = gettext_noop("The name of the holder of account %(iban)s is missing.")


class BadIban(Refused):
    code = "sepa.bad_iban"
    message = gettext_noop("%(iban)s is no IBAN. Compare it with the bank details, digit by digit.")


class BadBic(Refused):
    code = "sepa.bad_bic"
    message = gettext_noop("%(bic)s is no BIC. It has 8 or 11 characters; you may leave it out.")


class BadCreditorId(Refused):
    code = "sepa.bad_creditor_id"
    message = gettext_noop(
        "%(ics)s is no creditor identifier (ICS). Your bank gave it to you; in France it begins with FR."
    )


class BadReference(Refused):
    """A reference that a bank would not carry: empty, too long, or with other characters than a bank knows."""

    code = "sepa.bad_reference"
    message = gettext_noop("The reference “%(reference)s” cannot be in a bank file: 1 to 35 plain letters and digits.")


class BadSequence(Refused):
    code = "sepa.bad_sequence"
    message = gettext_noop("%(sequence)s is no kind of direct debit: choose first, later, only or last.")


class NothingToSend(Refused):
    code = "sepa.nothing_to_send"
    message = gettext_noop("There is nothing to write into the bank file.")


class SameReference(Refused):
    code = "sepa.same_reference"
    message = gettext_noop("Two payments in this bank file have the same reference, “%(reference)s”.")


@dataclass(frozen=True, slots=True)
class Party:
    """Who holds an account. `iban` and `bic` may have spaces; `bic` may be empty: banks find it by the IBAN."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money to send. `reference` comes back on the statement of both (end to end); `text` is what the payee reads."""

    to: Party
    amount: Money
    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Debit:
    """Money to collect under a mandate: its unique reference (UMR), when it was signed, which of its debits this is."""

    payer: Party
    amount: Money
    reference: str
    text: str
    mandate: str
    signed_on: date
    sequence: str


def credit_transfers(
    *, message_id: str, made_at: datetime, payer: Party, on: date, transfers: Sequence[Transfer]
) -> bytes:
    """Return the file (pain.001) that has a bank send `transfers` from the payer's account on a day.

    message_id: unique per payer, at most 31 characters. made_at: written as the clock of its zone shows it. Raises
    NotEuro, AmountNotPositive, AmountTooHigh, NameMissing, BadIban, BadBic, BadReference, SameReference, NothingToSend.
    """
    _check_batch(message_id, [one.reference for one in transfers])
    config = {**_account(payer), "batch": True, "currency": "EUR"}
    file = sepaxml.SepaTransfer(config, schema=_TRANSFERS, clean=False)
    for one in transfers:
        file.add_payment({**_payment(one.to, one.amount, one.reference, one.text), "execution_date": on})
    return _finished(file, _TRANSFERS, message_id, made_at)


def direct_debits(
    *, message_id: str, made_at: datetime, creditor: Party, ics: str, on: date, debits: Sequence[Debit]
) -> bytes:
    """Return the file (pain.008, scheme Core) that has a bank collect `debits` onto the creditor's account on a day.

    ics: the creditor's identifier. Each sequence becomes a batch of its own, in the order of their first debit. Raises
    as `credit_transfers` does, and BadCreditorId, BadSequence.
    """
    _check_batch(message_id, [one.reference for one in debits])
    config = {**_account(creditor), "batch": True, "currency": "EUR", "creditor_id": as_creditor_id(ics)}
    file = sepaxml.SepaDD(config, schema=_DEBITS, clean=False)
    for one in debits:
        if one.sequence not in SEQUENCES:
            raise BadSequence(sequence=one.sequence)
        _check_reference(one.mandate)
        said = _payment(one.payer, one.amount, one.reference, one.text)
        file.add_payment(
            {
                **said,
                "type": one.sequence,
                "collection_date": on,
                "mandate_id": one.mandate,
                "mandate_date": one.signed_on,
            }
        )
    return _finished(file, _DEBITS, message_id, made_at)


def as_iban(written: str) -> str:
    """Return an IBAN without its spaces, its check digits and its country's shape checked. Raises BadIban."""
    try:
        return str(IBAN(written))
    except SchwiftyException as error:
        raise BadIban(iban=written.strip()) from error


def grouped(iban: str) -> str:
    """Return an IBAN as people read it: in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def hidden(iban: str) -> str:
    """Return an IBAN as it may be shown: its country and its last four characters."""
    return f"{iban[:2]}•• •••• {iban[-4:]}"


def as_bic(written: str) -> str:
    """Return a BIC without its spaces, '' if none is given. Raises BadBic."""
    if not written.strip():
        return ""
    try:
        return str(BIC(written))
    except SchwiftyException as error:
        raise BadBic(bic=written.strip()) from error


def as_creditor_id(written: str) -> str:
    """Return a creditor identifier (ICS) without its spaces, its check digits checked. Raises BadCreditorId."""
    try:
        return at_02.validate(written)
    except ValidationError as error:
        raise BadCreditorId(ics=written.strip()) from error


def creditor_reference(reference: str) -> str:
    """Return the structured payment reference (RF, ISO 11649) of a reference of ours: 1 to 21 letters and digits."""
    plain = re.sub(r"[^A-Z0-9]", "", reference.upper())
    if not 1 <= len(plain) <= 21:
        raise BadReference(reference=reference)
    return iso11649.validate(f"RF{mod_97_10.calc_check_digits(plain + 'RF')}{plain}")


def references_in(text: str) -> list[str]:
    """Return what may be structured payment references in a text, in groups or not, in the order they stand.

    Each begins and ends where a word does, and its check digits hold; two readings of one place are both returned.
    """
    words, found = re.findall(r"[A-Z0-9]+", text.upper()), []
    for start, word in enumerate(words):
        if word.startswith("RF"):
            read = ["".join(words[start:end]) for end in range(start + 1, min(start + 8, len(words)) + 1)]
            found += [one for one in read if len(one) <= 25 and iso11649.is_valid(one)]
    return found


def in_bank_letters(text: str, length: int) -> str:
    """Return a text in the letters that banks know, the others as near as they come ('é' as 'e', '&' as '+')."""
    plain = unidecode(text.replace("&", "+").replace("œ", "oe").replace("Œ", "OE"))
    return _SPACES.sub(" ", _OUTSIDE.sub(" ", plain)).strip()[:length].strip()


def _account(party: Party) -> dict[str, str]:
    """Return who and which account, as the library wants them. Raises BadIban, BadBic, NameMissing."""
    iban, bic, name = as_iban(party.iban), as_bic(party.bic), in_bank_letters(party.name, NAME_LENGTH)
    if not name:
        raise NameMissing(iban=grouped(iban))
    return {"name": name, "IBAN": iban, **({"BIC": bic} if bic else {})}


def _payment(party: Party, amount: Money, reference: str, text: str) -> dict[str, Any]:
    account = _account(party)
    if amount.currency != "EUR":
        raise NotEuro(amount=f"{amount.minor / 100:.2f} {amount.currency}", name=party.name)
    if amount.minor <= 0:
        raise AmountNotPositive(name=party.name)
    if amount.minor > MOST_MINOR:
        raise AmountTooHigh(name=party.name)
    _check_reference(reference)
    described = in_bank_letters(text, TEXT_LENGTH) or reference
    return {**account, "amount": amount.minor, "description": described, "endtoend_id": reference}


def _check_batch(message_id: str, references: Sequence[str]) -> None:
    if not references:
        raise NothingToSend
    _check_reference(message_id, REFERENCE_LENGTH - 4)  # the batches are called after it
    seen: set[str] = set()
    for reference in references:
        if reference in seen:
            raise SameReference(reference=reference)
        seen.add(reference)


def _check_reference(reference: str, length: int = REFERENCE_LENGTH) -> None:
    is_plain = reference == in_bank_letters(reference, length) and not reference.startswith("/")
    if not reference or not is_plain or reference.endswith("/") or "//" in reference:
        raise BadReference(reference=reference)


def _finished(file: Any, schema: str, message_id: str, made_at: datetime) -> bytes:
    """Return the file with its given id and moment in place of the library's own, checked against its schema."""
    tree = etree.fromstring(file.export(validate=False))
    ns = f"{{urn:iso:std:iso:20022:tech:xsd:{schema}}}"
    _put(tree.iter(f"{ns}MsgId"), [message_id])
    _put(tree.iter(f"{ns}CreDtTm"), [made_at.replace(tzinfo=None, microsecond=0).isoformat()])
    batches = list(tree.iter(f"{ns}PmtInfId"))
    _put(batches, [f"{message_id}-{number}" for number in range(1, len(batches) + 1)])
    for bank in list(tree.iter(f"{ns}FinInstnId")):
        if not len(bank):  # the payer's bank where no BIC is given: the element must be there, and say so
            etree.SubElement(etree.SubElement(bank, f"{ns}Othr"), f"{ns}Id").text = "NOTPROVIDED"
    schema_of(schema).assertValid(tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _put(elements: Iterable[Any], texts: Sequence[str]) -> None:
    for element, text in zip(elements, texts, strict=True):
        element.text = text


@cache
def schema_of(name: str) -> etree.XMLSchema:
    """Return the schema of a kind of bank file, read once."""
    return etree.XMLSchema(file=str(Path(sepaxml.__file__).parent / "schemas" / f"{name}.xsd"))
