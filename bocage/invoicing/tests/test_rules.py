"""What an invoice says adds up, and says what the law asks for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.invoicing import rules
from bocage.invoicing.rules import Extra, Party, Place, Rate
from bocage.invoicing.tests import make

RATES = st.sampled_from([0, 21_000, 55_000, 100_000, 200_000])


def content_of(bill, **fields):
    terms = {
        "due_on": "2026-10-09",
        "iban": "",
        "legal_form": "",
        "registration": "",
        "legal_address": "",
        "footer": "",
    }
    kept = {"kind": "invoice", "number": "F2026-00001", "issued_on": date(2026, 10, 9), "seller": Party("Panier"),
            "terms": terms, "mentions": [], "is_vat_liable": True, "exemption": {"code": "", "text": "…"}}  # fmt: skip
    return rules.content(bill, **{**kept, **fields})


def test_vat_is_added_up_by_rate_and_never_computed_again():
    leeks = make.line(total_minor=840, tax_minor=44, millionths=55_000)
    bread = make.line(total_minor=211, tax_minor=12, millionths=55_000)  # rounded by the order's own rules
    delivery = Extra("Livraison", 500, 83, 200_000)

    bill = make.bill(leeks, bread, extras=(delivery, Extra("Adhésion", 100, 0, 0)))

    assert bill.rates() == [Rate(0, 100, 0), Rate(55_000, 995, 56), Rate(200_000, 417, 83)]
    assert (bill.total_minor, bill.tax_minor) == (1651, 139)


@given(st.lists(st.tuples(st.integers(-10_000, 100_000), st.integers(0, 2_000), RATES), min_size=1, max_size=30))
def test_rates_lines_and_totals_of_any_document_agree_to_the_cent(parts):
    lines = [make.line(total_minor=total, tax_minor=tax, millionths=rate) for total, tax, rate in parts[:-1] or parts]
    extras = tuple(Extra("Frais", total, tax, rate) for total, tax, rate in parts[-1:])
    said = content_of(make.bill(*lines, extras=extras))

    assert sum(rate["base"] + rate["tax"] for rate in said["rates"]) == said["total_minor"]
    assert sum(part["net_minor"] for part in said["lines"] + said["extras"]) == said["net_minor"]
    assert said["net_minor"] + said["tax_minor"] == said["total_minor"]


def test_a_bill_that_is_not_over_what_its_orders_come_to_is_a_bug_and_never_an_invoice():
    with pytest.raises(ValueError, match="840"):
        rules.check_bill(make.bill(covers={"order:R7K2M9": ("R7K2M9", "2026-10-06", 841)}))


def test_nothing_is_not_invoiced():
    with pytest.raises(rules.NothingToInvoice):
        rules.check_bill(rules.Bill(about="order:X", covers={}, buyer=Party("A"), lines=()))


def test_a_professional_is_named_with_address_and_number_a_consumer_by_name_alone():
    abroad = make.professional(siren="", place=Place("Rue 1", "", "1000", "Bruxelles", "BE"))

    assert rules.missing_of_buyer(Party("Cantine", is_professional=True)) == ["address", "SIREN"]
    assert rules.missing_of_buyer(make.professional(siren="404833049")) == ["SIREN"]
    assert rules.missing_of_buyer(abroad) == rules.missing_of_buyer(Party("Armelle")) == []


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, []),
        ({"siren": ""}, ["SIRET"]),
        ({"siren": "732829321"}, ["SIRET"]),  # its check digit is wrong
        ({"place": Place("", "", "61000", "Malvran")}, ["address"]),
        ({"vat_number": "FR45732829320"}, ["VAT identification number"]),
    ],
)
def test_what_the_law_asks_of_a_seller_is_checked(fields, missing):
    whole = {"name": "Panier", "place": Place("3 place de la Halle", "", "61000", "Malvran"), "siren": "732829320",
             "vat_number": "FR44732829320"}  # fmt: skip

    assert rules.missing_of_seller(Party(**{**whole, **fields}), is_vat_liable=True) == missing


def test_who_is_not_liable_for_vat_needs_no_vat_number():
    seller = Party("Ferme", Place("Le Bourg", "", "61000", "Malvran"), siren="732829320")

    assert rules.missing_of_seller(seller, is_vat_liable=False) == []


def test_the_vat_number_follows_from_the_siren():
    assert rules.vat_number_of("732829320") == "FR44732829320"


def test_a_unit_price_has_four_decimals_where_two_would_not_be_exact():
    assert str(rules.unit_price(make.line(quantity=3000, total_minor=840, tax_minor=44))) == "2.6533"
    assert str(rules.unit_price(make.line(quantity=1935, unit="kg", total_minor=2748, tax_minor=143))) == "13.4625"


def test_a_credit_note_says_the_same_lines_and_names_its_invoice():
    invoice = content_of(make.bill(paid_minor=840))

    said = rules.credited(invoice, number="A2026-00001", issued_on=date(2026, 10, 12))

    assert said["lines"] == invoice["lines"]
    assert said["credits"] == {"number": "F2026-00001", "issued_on": "2026-10-09"}
    assert (said["kind"], said["paid_minor"], said["total_minor"]) == ("credit_note", 0, 840)


def test_what_was_paid_meanwhile_makes_no_other_invoice_but_another_amount_or_address_does():
    bill = make.bill()

    assert make.bill(paid_minor=840).substance() == bill.substance()
    assert make.bill(make.line(total_minor=841)).substance() != bill.substance()
    assert make.bill(buyer=Party("Armelle Le Goff", Place("Rue Haute"))).substance() != bill.substance()


@given(st.sampled_from(["number", "issued_on", "total_minor"]), st.text(max_size=5))
def test_any_change_shows_in_the_digest(name, text):
    said = content_of(make.bill())
    changed = said | {name: f"{said[name]}{text}!"}

    assert rules.digest_of("", said) != rules.digest_of("", changed)
    assert rules.digest_of("", said) != rules.digest_of("a", said)


def test_a_series_of_ones_own_has_numbers_of_its_own_form():
    assert rules.numbered(rules.series_of(rules.INVOICE, "CT"), 2026, 123) == "CT-2026-000123"
    assert rules.numbered(rules.series_of(rules.CREDIT_NOTE, "CT"), 2026, 1) == "CTA-2026-000001"
    assert rules.numbered(rules.series_of(rules.INVOICE, ""), 2026, 42) == "F2026-00042"
