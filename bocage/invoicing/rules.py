"""What an invoice says: amounts copied from where they were computed, added up, never computed a second time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from stdnum import luhn
from stdnum.eu import vat as eu_vat
from stdnum.fr import tva

from bocage.commons.refusals import Refused, gettext_noop

MILLION = 1_000_000
INVOICE, CREDIT_NOTE = "invoice", "credit_note"
SERIES = {INVOICE: "F", CREDIT_NOTE: "A"}
RECOVERY_MINOR = 4000  # the lump sum for recovery that French law sets (Code de commerce, D441-5)


class SellerIncomplete(Refused):
    """The law asks for who the seller is on every invoice."""

    code = "invoicing.seller_incomplete"
    message = gettext_noop("An invoice must say who sells. Fill in first, under Settings, Invoices: %(missing)s.")


class BuyerIncomplete(Refused):
    """An invoice to a professional says where they are and their number."""

    code = "invoicing.buyer_incomplete"
    message = gettext_noop("An invoice to a professional needs their details: %(missing)s.")


class NothingToInvoice(Refused):
    """An invoice has at least one line."""

    code = "invoicing.nothing"
    message = gettext_noop("There is nothing to invoice.")


class CoveredAlready(Refused):
    """An order is on one standing invoice at a time."""

    code = "invoicing.covered"
    message = gettext_noop("It is on invoice %(number)s already, together with others.")


class NotInvoiced(Refused):
    """A credit note takes back an invoice that stands."""

    code = "invoicing.not_invoiced"
    message = gettext_noop("There is no invoice to take back.")


@dataclass(frozen=True, slots=True)
class Place:
    street: str = ""
    street2: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "FR"

    @property
    def is_known(self) -> bool:
        return bool(self.street and self.postcode and self.town)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on an invoice. siren: nine digits; siret: fourteen, of the establishment."""

    name: str
    place: Place = field(default_factory=Place)
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    trade_name: str = ""
    code: str = ""
    email: str = ""
    phone: str = ""
    is_professional: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Goods on an invoice, their fees included: `total_minor` with VAT, `tax_minor` the VAT in it.

    quantity: thousandths of `unit` ("item" or "kg"). about: the order it comes from, such as 'order:R7K2'.
    """

    name: str
    detail: str
    quantity: int
    unit: str
    total_minor: int
    tax_minor: int
    millionths: int
    about: str

    @property
    def net_minor(self) -> int:
        return self.total_minor - self.tax_minor


@dataclass(frozen=True, slots=True)
class Extra:
    """A charge of the whole order or, below zero, a reduction: with VAT, and the VAT in it."""

    label: str
    total_minor: int
    tax_minor: int
    millionths: int

    @property
    def net_minor(self) -> int:
        return self.total_minor - self.tax_minor


@dataclass(frozen=True, slots=True)
class Rate:
    """What a document holds at one VAT rate, in minor units: `base` without, `tax` the VAT itself."""

    millionths: int
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What a seller asks somebody for: brought by who knows the order, copied as it is.

    covers: reference → (what people call it, its day, its total with VAT). paid_minor: received so far, which is said but
    is no part of what the invoice is. delivered_on, or first to last day of a period.
    """

    about: str
    covers: Mapping[str, tuple[str, str, int]]
    buyer: Party
    lines: tuple[Line, ...]
    extras: tuple[Extra, ...] = ()
    currency: str = "EUR"
    language: str = "fr"
    customer_id: int | None = None
    delivered_on: str = ""
    delivered_to: Place | None = None
    period: tuple[str, str] | None = None
    paid_minor: int = 0
    is_service: bool = False

    @property
    def parts(self) -> tuple[Line | Extra, ...]:
        return (*self.lines, *self.extras)

    @property
    def total_minor(self) -> int:
        return sum(part.total_minor for part in self.parts)

    @property
    def tax_minor(self) -> int:
        return sum(part.tax_minor for part in self.parts)

    def rates(self) -> list[Rate]:
        """Return what is taxed at each rate, the lowest first, what has no VAT too: they add up to the total."""
        sums: dict[int, tuple[int, int]] = {}
        for part in self.parts:
            base, tax = sums.get(part.millionths, (0, 0))
            sums[part.millionths] = (base + part.net_minor, tax + part.tax_minor)
        return [Rate(rate, *sums[rate]) for rate in sorted(sums)]

    def substance(self) -> str:
        """Return a digest of what was sold to whom and for how much: the same twice needs no second invoice."""
        same = [self.currency, asdict(self.buyer), [asdict(p) for p in self.lines], [asdict(p) for p in self.extras]]
        return digest_of("", {"same": [*same, sorted(self.covers)]})


def check_bill(bill: Bill) -> None:
    """Raise NothingToInvoice; ValueError where the parts do not add up to what they cover."""
    if not bill.lines:
        raise NothingToInvoice()
    covered = sum(total for _, _, total in bill.covers.values())
    if covered != bill.total_minor:
        raise ValueError(f"an invoice over {bill.total_minor} about orders over {covered}")


def missing_of_buyer(buyer: Party) -> list[str]:
    """Return the words for what the law asks of a professional who buys, and is not there; of a consumer, a name."""
    asked = [(NAME, bool(buyer.name))]
    if buyer.is_professional:
        asked += [(ADDRESS, buyer.place.is_known), (SIREN, buyer.place.country != "FR" or is_siren(buyer.siren))]
    return [words for words, is_there in asked if not is_there]


NAME, ADDRESS, SIREN, SIRET, VAT_NUMBER = (
    gettext_noop("name"),
    gettext_noop("address"),
    gettext_noop("SIREN"),
    gettext_noop("SIRET"),
    gettext_noop("VAT identification number"),
)


def missing_of_seller(seller: Party, *, is_vat_liable: bool) -> list[str]:
    """Return the words for what the law asks of a seller and is not there or not valid (CGI ann. II, 242 nonies A)."""
    asked = [
        (NAME, bool(seller.name)),
        (ADDRESS, seller.place.is_known),
        (SIRET, seller.place.country != "FR" or is_siren(seller.siren)),
        (VAT_NUMBER, not is_vat_liable or is_vat_number(seller.vat_number)),
    ]
    return [words for words, is_there in asked if not is_there]


def is_siren(number: str) -> bool:
    """Return whether nine digits pass Luhn's check, as INSEE numbers enterprises."""
    return len(number) == 9 and number.isdecimal() and bool(luhn.is_valid(number))


def is_vat_number(number: str) -> bool:
    """Return whether a VAT number of the European Union has the form and check digits of its country."""
    return bool(eu_vat.is_valid(number))


def vat_number_of(siren: str) -> str:
    """Return the French VAT number that belongs to a SIREN: its key is (12 + 3 × (SIREN mod 97)) mod 97."""
    number = f"{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    return f"FR{tva.validate(number)}"


def numbered(series: str, year: int, sequence: int) -> str:
    """Return the number of a document: F2026-00042; of a series that its seller named: CT-2026-000123."""
    if series in SERIES.values():
        return f"{series}{year}-{sequence:05d}"
    return f"{series}-{year}-{sequence:06d}"


def series_of(kind: str, own: str) -> str:
    """Return the series of a kind of document: the seller's own for invoices, with an A behind for credit notes."""
    if not own:
        return SERIES[kind]
    return own if kind == INVOICE else f"{own}A"


def unit_price(line: Line) -> Decimal:
    """Return what one unit costs without VAT, in whole units of money, to at most four decimals."""
    exact = Decimal(line.net_minor * 10) / Decimal(line.quantity)  # minor × 1000 ÷ thousandths ÷ 100
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def due_on(issued_on: date, days: int) -> date:
    return issued_on + timedelta(days=days)


def content(
    bill: Bill, *, kind: str, number: str, issued_on: date, seller: Party, terms: Mapping[str, Any],
    mentions: Sequence[Mapping[str, str]], is_vat_liable: bool, exemption: Mapping[str, str] | None,
    credits: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return all that a document says as plain values: what its paper and its XML are made of, for ever.

    terms: due_on, iban, legal_form, registration, footer. exemption: `code` and `text` of what is without VAT.
    """
    whole = {
        "kind": kind,
        "number": number,
        "issued_on": issued_on.isoformat(),
        "language": bill.language[:2],
        "currency": bill.currency,
        "seller": asdict(seller),
        "is_vat_liable": is_vat_liable,
        "buyer": asdict(bill.buyer),
        "covers": [[about, *said] for about, said in bill.covers.items()],
        "delivered_on": bill.delivered_on,
        "delivered_to": asdict(bill.delivered_to) if bill.delivered_to else None,
        "period": list(bill.period) if bill.period else None,
        "lines": [
            asdict(line) | {"net_minor": line.net_minor, "unit_price": str(unit_price(line))} for line in bill.lines
        ],
        "extras": [asdict(extra) | {"net_minor": extra.net_minor} for extra in bill.extras],
        "rates": [asdict(rate) for rate in bill.rates()],
        "net_minor": bill.total_minor - bill.tax_minor,
        "tax_minor": bill.tax_minor,
        "total_minor": bill.total_minor,
        "paid_minor": bill.paid_minor,
        "terms": dict(terms),
        "mentions": [dict(mention) for mention in mentions],
        "exemption": dict(exemption) if exemption else None,
        "credits": dict(credits) if credits else None,
    }
    return json.loads(json.dumps(whole))


def credited(invoice: Mapping[str, Any], *, number: str, issued_on: date) -> dict[str, Any]:
    """Return the content of the credit note that takes a whole invoice back, line by line."""
    named = {"number": invoice["number"], "issued_on": invoice["issued_on"]}
    said = {"kind": CREDIT_NOTE, "number": number, "issued_on": issued_on.isoformat(), "credits": named}
    terms = dict(invoice["terms"]) | {"due_on": issued_on.isoformat()}
    return dict(invoice) | said | {"paid_minor": 0, "terms": terms}


def credited_partly(
    invoice: Mapping[str, Any], *, number: str, issued_on: date, about: str, lines: Sequence[Line], grant: int
) -> dict[str, Any]:
    """Return the content of a credit note over a part of an invoice, which stands: `lines` say what, at which rates.

    about: which of the references that the invoice covers it is for; grant: the number of the credit that it is about.
    """
    whole = credited(invoice, number=number, issued_on=issued_on)
    covered = next(row for row in invoice["covers"] if row[0] == about)
    total = sum(line.total_minor for line in lines)
    told = [asdict(line) | {"net_minor": line.net_minor, "unit_price": str(unit_price(line))} for line in lines]
    parts = {"covers": [[*covered[:3], total]], "lines": told, "extras": [], "is_partial": True, "grant": grant}
    return whole | parts | _sums(told, [])


def less_parts(content: Mapping[str, Any], parts: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return a whole credit note's content less what partial ones took back before. parts: their words and contents."""
    extras = list(content["extras"])
    for words, said in parts:
        for rate in said["rates"]:
            net, tax = -rate["base"], -rate["tax"]
            told = {"label": words, "total_minor": net + tax, "tax_minor": tax, "millionths": rate["millionths"]}
            extras.append(told | {"net_minor": net})
    covers = [list(row) for row in content["covers"]]
    for _words, said in parts:
        for about, *_told, minor in said["covers"]:
            for row in covers:
                row[3] -= minor if row[0] == about else 0
    return dict(content) | {"extras": extras, "covers": covers} | _sums(content["lines"], extras)


def _sums(lines: Sequence[Mapping[str, Any]], extras: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what parts of a document add up to, in all and by rate."""
    rates: dict[int, list[int]] = {}
    for part in (*lines, *extras):
        held = rates.setdefault(part["millionths"], [0, 0])
        held[0] += part["net_minor"]
        held[1] += part["tax_minor"]
    net, tax = (sum(held[at] for held in rates.values()) for at in (0, 1))
    told = [{"millionths": rate, "base": rates[rate][0], "tax": rates[rate][1]} for rate in sorted(rates)]
    return {"rates": told, "net_minor": net, "tax_minor": tax, "total_minor": net + tax}


def digest_of(before: str, content: Mapping[str, Any]) -> str:
    """Return SHA-256 of a content after the digest before it: any changed byte of any of them shows."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{plain}".encode()).hexdigest()


def whole_units(minor: int, digits: int = 2) -> str:
    """Return minor units as programs write them: 1250 → 12.50."""
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"
