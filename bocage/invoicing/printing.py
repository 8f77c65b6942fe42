"""Documents on paper: PDF/A-3 with the XML inside, copies to print, receipts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext, override, pgettext

from bocage.commons.money import Money
from bocage.invoicing import factur_x
from bocage.invoicing.rules import CREDIT_NOTE
from bocage.ui import formats
from bocage.ui.paper import FONTS

TEMPLATES = Path(__file__).resolve().parent / "pdf"
ARCHIVED = ["a-3a", "ua-1"]
Said = Mapping[str, Any]


def as_facturx(said: Said, xml: bytes, at: datetime) -> bytes:
    """Return a document as PDF/A-3a and PDF/UA-1, its XML inside, which declares itself as Factur-X (EN 16931)."""
    inputs = {"data": _json([sheet(said)]), "xml": xml.decode()}
    return factur_x.declare(_compiled("document", inputs, pdf_standards=ARCHIVED, timestamp=at.replace(microsecond=0)))


def as_copies(contents: Iterable[Said]) -> bytes:
    """Return documents one after the other in one PDF to print: copies, without XML."""
    return _compiled("document", {"data": _json([sheet(said) for said in contents])})


def as_receipt(data: Said) -> bytes:
    """Return a till receipt, 80 mm wide: what `receipts.receipt` says."""
    return _compiled("receipt", {"data": _json(data)})


def _compiled(template: str, inputs: dict[str, str], **options: Any) -> bytes:
    made = _compiler(template).compile(format="pdf", sys_inputs=inputs, **options)
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    """A compiler keeps its fonts and its parsed template: a thousand papers read them once."""
    return typst.Compiler(
        str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=FONTS, ignore_system_fonts=True
    )


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def sheet(said: Said) -> dict[str, Any]:
    """Return the words and amounts of a document as its template sets them, in the document's language."""
    with override(said["language"]):
        is_credit = said["kind"] == CREDIT_NOTE
        title = (gettext("Credit note %(number)s") if is_credit else gettext("Invoice %(number)s")) % said
        return {
            "language": said["language"],
            "title": title,
            "seller": said["seller"]["trade_name"] or said["seller"]["name"],
            "seller_lines": _seller_lines(said),
            "contact": _filled(said["seller"]["email"], said["seller"]["phone"]),
            "buyer": said["buyer"]["name"],
            "buyer_lines": _buyer_lines(said),
            "facts": _facts(said, is_credit=is_credit),
            "groups": _groups(said),
            "extras": [
                {"label": one["label"], "rate": _rate(one)}
                | {name: _money(one[f"{name}_minor"], said) for name in ("net", "total")}
                for one in said["extras"]
            ],
            "rates": [
                {"rate": _rate(one), "base": _money(one["base"], said), "tax": _money(one["tax"], said)}
                for one in said["rates"]
            ],
            "has_vat": said["is_vat_liable"] or bool(said["tax_minor"]),
            "net": _money(said["net_minor"], said),
            "tax": _money(said["tax_minor"], said),
            "total": _money(said["total_minor"], said),
            "paid": _money(said["paid_minor"], said) if said["paid_minor"] else "",
            "due": _money(said["total_minor"] - said["paid_minor"], said),
            "is_settled": said["paid_minor"] >= said["total_minor"],
            "iban": _iban(said) if not is_credit and said["paid_minor"] < said["total_minor"] else "",
            "reason": _reason(said) if is_credit else "",
            "mentions": [mention["text"] for mention in said["mentions"]],
            "footer": said["terms"]["footer"],
            "legal": _legal(said),
            "words": _words(is_credit=is_credit),
        }  # fmt: skip


def _words(*, is_credit: bool) -> dict[str, str]:
    return {
        "from": pgettext("invoice", "From"),
        "to": pgettext("invoice", "To"),
        "product": gettext("Product"),
        "quantity": gettext("Quantity"),
        "unit": gettext("Unit price without VAT"),
        "unit_plain": gettext("Unit price"),
        "net": gettext("Without VAT"),
        "rate": gettext("VAT"),
        "total": gettext("VAT included"),
        "amount": gettext("Amount"),
        "vat_table": gettext("VAT by rate"),
        "rate_head": gettext("Rate"),
        "base": pgettext("VAT", "Base"),
        "sum_net": gettext("Total without VAT"),
        "sum_tax": gettext("Total VAT"),
        "sum_total": gettext("Total credited") if is_credit else gettext("Total, VAT included"),
        "sum_plain": gettext("Total credited") if is_credit else gettext("Total"),
        "paid": gettext("Paid already"),
        "due": gettext("To pay"),
        "settled": gettext("Paid, thank you."),
        "account": gettext("Transfer to"),
        "page": gettext("page"),
        "lines": gettext("What was delivered"),
    }


def _facts(said: Said, *, is_credit: bool) -> list[list[str]]:
    rows = [[gettext("Issued on"), _day(said["issued_on"])]]
    if said["delivered_on"]:
        rows.append([gettext("Delivered on"), _day(said["delivered_on"])])
    if said["period"]:
        rows.append([gettext("Deliveries"), f"{_day(said['period'][0])} – {_day(said['period'][1])}"])
    if len(said["covers"]) == 1:
        rows.append([gettext("Order"), said["covers"][0][1]])
    if said["buyer"]["code"]:
        rows.append([gettext("Customer number"), said["buyer"]["code"]])
    if said["credits"]:
        rows.append([gettext("Takes back"), said["credits"]["number"]])
    if not is_credit and said["paid_minor"] < said["total_minor"]:
        rows.append([gettext("To pay by"), _day(said["terms"]["due_on"])])
    return rows


def _reason(said: Said) -> str:
    told = gettext("This credit note takes back the whole of invoice %(number)s of %(day)s.")
    if said.get("is_partial"):
        told = gettext("This credit note lowers invoice %(number)s of %(day)s, which stands.")
    return told % {"number": said["credits"]["number"], "day": _day(said["credits"]["issued_on"])}


def _groups(said: Said) -> list[dict[str, Any]]:
    """The lines, under the order they come from where there are several."""
    groups = []
    for about, called, on, whole in said["covers"]:
        several = len(said["covers"]) > 1
        told = gettext("Order %(number)s of %(day)s") % {"number": called, "day": _day(on)} if several else ""
        lines = [_line(line, said) for line in said["lines"] if line["about"] == about]
        groups.append({"title": told, "amount": _money(whole, said) if several else "", "lines": lines})
    return groups


def _line(line: Said, said: Said) -> dict[str, str]:
    quantity = Decimal(line["quantity"]).scaleb(-3).normalize()
    return {
        "name": line["name"],
        "detail": line["detail"],
        "quantity": formats.decimal(quantity) + (f"{formats.NBSP}kg" if line["unit"] == "kg" else ""),
        "unit": _unit(line["unit_price"], said),
        "net": _money(line["net_minor"], said),
        "rate": _rate(line),
        "total": _money(line["total_minor"], said),
    }


def _unit(price: str, said: Said) -> str:
    """The price of one, with two decimals, or four where two would not be exact."""
    exact = Decimal(price)
    if exact == exact.quantize(Decimal("0.01")):
        return _money(int(exact * 100), said)
    return formats.fine_money(exact, said["currency"])


def _seller_lines(said: Said) -> list[str]:
    who = said["seller"]
    name = who["name"] if who["trade_name"] else ""
    return [line for line in (name, *_place(who["place"], said)) if line]


def _buyer_lines(said: Said) -> list[str]:
    who = said["buyer"]
    lines = _place(who["place"], said)
    lines += [f"SIREN {who['siren']}"] if who["siren"] else []
    lines += [gettext("VAT number %(number)s") % {"number": who["vat_number"]}] if who["vat_number"] else []
    if said["delivered_to"] and said["delivered_to"] != who["place"]:
        there = _filled(*_place(said["delivered_to"], said))
        lines.append(gettext("Delivered to: %(place)s") % {"place": there})
    return lines


def _place(place: Said, said: Said) -> list[str]:
    town = " ".join(part for part in (place["postcode"], place["town"]) if part)
    abroad = place["country"] if place["country"] != said["seller"]["place"]["country"] else ""
    return [line for line in (place["street"], place["street2"], town, abroad) if line]


def _legal(said: Said) -> str:
    who, terms = said["seller"], said["terms"]
    vat = gettext("VAT number %(number)s") % {"number": who["vat_number"]} if who["vat_number"] else ""
    siret = f"SIRET {who['siret']}" if who["siret"] else ""
    office = (
        gettext("Registered office: %(address)s") % {"address": terms["legal_address"]}
        if terms["legal_address"]
        else ""
    )
    return " · ".join(
        part for part in (who["name"], terms["legal_form"], office, siret, terms["registration"], vat) if part
    )


def _iban(said: Said) -> str:
    iban = said["terms"]["iban"]
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _rate(part: Said) -> str:
    return formats.rate(part["millionths"]) if part["millionths"] else "–"


def _money(minor: int, said: Said) -> str:
    return formats.money(Money(minor, said["currency"]))


def _day(iso: str) -> str:
    return formats.short_day(date.fromisoformat(iso)) if iso else ""


def _filled(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
