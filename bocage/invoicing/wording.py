"""What the law wants said on an invoice, in the language of the invoice (France: file 10 §8 rows 14 and 15)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, override

from bocage.commons.money import Money
from bocage.invoicing.models import SellerTerms
from bocage.invoicing.rules import RECOVERY_MINOR, Bill
from bocage.ui import formats

EXEMPTIONS = {  # regime → code of the VATEX list; none where the list has none
    "franchise": "VATEX-FR-FRANCHISE",
    "farmer": "",
    "exempt": "",
}


def mentions(bill: Bill, terms: SellerTerms, *, exemption: str) -> list[dict[str, str]]:
    """Return the sentences under an invoice; `code` is their subject in EN 16931 (UNTDID 4451), blank for the others."""
    with override(bill.language):
        said = [("", exemption)] if exemption else []
        if terms.is_vat_on_payment:
            said.append(("", gettext("Option to pay VAT on the basis of debits.")))
        said.append(("", _nature(bill)))
        if bill.buyer.is_professional:
            rate = formats.rate(terms.late_rate_millionths)
            lump = formats.money(Money(RECOVERY_MINOR, "EUR"))
            said += [
                ("PMD", gettext("Paid late, penalties of %(rate)s a year are due, without reminder.") % {"rate": rate}),
                ("PMT", gettext("Lump sum for recovery in case of late payment: %(amount)s.") % {"amount": lump}),
                ("AAB", gettext("No discount for early payment.")),
            ]  # fmt: skip
        return [{"code": code, "text": text} for code, text in said]


def exemption(regime: str, language: str, *, is_vat_liable: bool) -> dict[str, str]:
    """Return why what is without VAT is without VAT: `code` (VATEX, or blank) and `text`."""
    with override(language):
        if is_vat_liable:
            return {"code": "", "text": gettext("What has no VAT rate is not subject to VAT.")}
        texts = {
            "franchise": gettext("VAT not applicable, article 293 B of the CGI."),
            "farmer": gettext("VAT not applicable: farmer under the flat-rate scheme, article 298 bis of the CGI."),
            "exempt": gettext("Exempt from VAT, article 261 of the CGI."),
        }
        return {"code": EXEMPTIONS[regime], "text": texts[regime]}


def _nature(bill: Bill) -> str:
    if bill.is_service:
        return gettext("Nature of the operations: services.")
    if any(extra.total_minor > 0 for extra in bill.extras):
        return gettext("Nature of the operations: delivery of goods and services.")
    return gettext("Nature of the operations: delivery of goods.")


def missing(words: Iterable[str]) -> str:
    """Return what is missing, as one reads it."""
    return ", ".join(gettext(word) for word in words)


def credited_already(number: str, language: str) -> str:
    """Return how a credit note says that another one took a part back before."""
    with override(language):
        return gettext("Taken back before by %(number)s") % {"number": number}
