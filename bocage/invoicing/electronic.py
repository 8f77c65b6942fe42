"""An invoice as EN 16931 wants it: Cross Industry Invoice, the XML inside a Factur-X file (profile EN 16931).

The order of elements is that of the schema; what each one means is named by its business term (BT) and group (BG).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from bocage.invoicing.rules import CREDIT_NOTE, whole_units

NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
GUIDELINE = "urn:cen.eu:en16931:2017"
TYPES = {"invoice": "380", CREDIT_NOTE: "381"}
UNITS = {"item": "C62", "kg": "KGM"}
Said = Mapping[str, Any]


def as_xml(said: Said) -> bytes:
    """Return the XML of a document's content (`rules.content`)."""
    root = etree.Element(f"{{{NAMES['rsm']}}}CrossIndustryInvoice", nsmap=NAMES)
    context = _in(root, "rsm:ExchangedDocumentContext")
    _in(_in(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", _process(said))
    _in(_in(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", GUIDELINE)
    document = _in(root, "rsm:ExchangedDocument")
    _in(document, "ram:ID", said["number"])
    _in(document, "ram:TypeCode", TYPES[said["kind"]])
    _day(_in(document, "ram:IssueDateTime"), said["issued_on"])
    for mention in said["mentions"]:
        note = _in(document, "ram:IncludedNote")
        _in(note, "ram:Content", mention["text"])
        _some(note, "ram:SubjectCode", mention["code"])
    trade = _in(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(said["lines"], 1):
        _line(trade, number, line, said)
    _agreement(trade, said)
    _delivery(trade, said)
    _settlement(trade, said)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _process(said: Said) -> str:
    """BT-23, as the French reform names it: goods (B1), or goods and services (M1)."""
    return "M1" if any(extra["total_minor"] > 0 for extra in said["extras"]) else "B1"


def _line(trade: etree._Element, number: int, line: Said, said: Said) -> None:
    """BG-25. What a line comes to is given; the price of one (BT-146) follows from it."""
    item = _in(trade, "ram:IncludedSupplyChainTradeLineItem")
    about = _in(item, "ram:AssociatedDocumentLineDocument")
    _in(about, "ram:LineID", str(number))
    product = _in(item, "ram:SpecifiedTradeProduct")
    _in(product, "ram:Name", line["name"])
    _some(product, "ram:Description", line["detail"])
    sign, unit = (-1 if line["net_minor"] < 0 else 1), UNITS[line["unit"]]
    price = _in(_in(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _in(price, "ram:ChargeAmount", f"{abs(Decimal(line['unit_price'])):f}")
    quantity = sign * Decimal(line["quantity"]).scaleb(-3)
    _in(_in(item, "ram:SpecifiedLineTradeDelivery"), "ram:BilledQuantity", f"{quantity.normalize():f}", unitCode=unit)
    settled = _in(item, "ram:SpecifiedLineTradeSettlement")
    _tax(settled, line["millionths"])
    _in(
        _in(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation"),
        "ram:LineTotalAmount",
        _amount(line["net_minor"]),
    )


def _agreement(trade: etree._Element, said: Said) -> None:
    agreed = _in(trade, "ram:ApplicableHeaderTradeAgreement")
    _party(_in(agreed, "ram:SellerTradeParty"), said["seller"], is_seller=True)
    _party(_in(agreed, "ram:BuyerTradeParty"), said["buyer"], is_seller=False)
    if len(said["covers"]) == 1:  # BT-13 names one order; of several, each line's detail says which
        _in(_in(agreed, "ram:BuyerOrderReferencedDocument"), "ram:IssuerAssignedID", said["covers"][0][1])


def _party(party: etree._Element, who: Said, *, is_seller: bool) -> None:
    _some(party, "ram:ID", who["code"] if not is_seller else "")
    _in(party, "ram:Name", who["name"])
    if who["siren"] or who["trade_name"]:
        legal = _in(party, "ram:SpecifiedLegalOrganization")
        _some(legal, "ram:ID", who["siren"], schemeID="0002")
        _some(legal, "ram:TradingBusinessName", who["trade_name"])
    if is_seller and (who["email"] or who["phone"]):
        contact = _in(party, "ram:DefinedTradeContact")
        _in(contact, "ram:PersonName", who["name"])
        if who["phone"]:
            _in(_in(contact, "ram:TelephoneUniversalCommunication"), "ram:CompleteNumber", who["phone"])
        if who["email"]:
            _in(_in(contact, "ram:EmailURIUniversalCommunication"), "ram:URIID", who["email"])
    _address(party, who["place"])
    if who["siren"]:  # BT-34, BT-49: in France the SIREN is where an invoice is sent to
        _in(_in(party, "ram:URIUniversalCommunication"), "ram:URIID", who["siren"], schemeID="0225")
    if who["vat_number"]:
        _in(_in(party, "ram:SpecifiedTaxRegistration"), "ram:ID", who["vat_number"], schemeID="VA")
    elif is_seller and who["siren"]:
        _in(_in(party, "ram:SpecifiedTaxRegistration"), "ram:ID", who["siren"], schemeID="FC")


def _address(party: etree._Element, place: Said) -> None:
    address = _in(party, "ram:PostalTradeAddress")
    _some(address, "ram:PostcodeCode", place["postcode"])
    _some(address, "ram:LineOne", place["street"])
    _some(address, "ram:LineTwo", place["street2"])
    _some(address, "ram:CityName", place["town"])
    _in(address, "ram:CountryID", place["country"])


def _delivery(trade: etree._Element, said: Said) -> None:
    delivery = _in(trade, "ram:ApplicableHeaderTradeDelivery")
    if said["delivered_to"]:
        there = _in(delivery, "ram:ShipToTradeParty")
        _in(there, "ram:Name", said["buyer"]["name"])
        _address(there, said["delivered_to"])
    on = said["delivered_on"] or (said["period"] or [said["issued_on"]])[-1]  # the element may not be empty
    _day(_in(_in(delivery, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime"), on)


def _settlement(trade: etree._Element, said: Said) -> None:
    settled = _in(trade, "ram:ApplicableHeaderTradeSettlement")
    _in(settled, "ram:PaymentReference", said["number"])
    _in(settled, "ram:InvoiceCurrencyCode", said["currency"])
    if said["terms"]["iban"] and said["kind"] != CREDIT_NOTE:
        means = _in(settled, "ram:SpecifiedTradeSettlementPaymentMeans")
        _in(means, "ram:TypeCode", "58" if said["currency"] == "EUR" else "30")
        _in(_in(means, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", said["terms"]["iban"])
    for rate in said["rates"]:
        tax = _in(settled, "ram:ApplicableTradeTax")
        _in(tax, "ram:CalculatedAmount", _amount(rate["tax"]))
        _in(tax, "ram:TypeCode", "VAT")
        if not rate["millionths"]:
            _in(tax, "ram:ExemptionReason", said["exemption"]["text"])
        _in(tax, "ram:BasisAmount", _amount(rate["base"]))
        _in(tax, "ram:CategoryCode", _category(rate["millionths"]))
        if not rate["millionths"]:
            _some(tax, "ram:ExemptionReasonCode", said["exemption"]["code"])
        _in(tax, "ram:RateApplicablePercent", _percent(rate["millionths"]))
    if said["period"]:
        period = _in(settled, "ram:BillingSpecifiedPeriod")
        _day(_in(period, "ram:StartDateTime"), said["period"][0])
        _day(_in(period, "ram:EndDateTime"), said["period"][1])
    for extra in said["extras"]:
        _extra(settled, extra)
    terms = _in(settled, "ram:SpecifiedTradePaymentTerms")
    _day(_in(terms, "ram:DueDateDateTime"), said["terms"]["due_on"])
    _sums(settled, said)
    if said["credits"]:
        named = _in(settled, "ram:InvoiceReferencedDocument")
        _in(named, "ram:IssuerAssignedID", said["credits"]["number"])
        _day(_in(named, "ram:FormattedIssueDateTime"), said["credits"]["issued_on"], kind="qdt")


def _extra(settled: etree._Element, extra: Said) -> None:
    """BG-20 and BG-21: a reduction, or a charge, of the whole document."""
    node = _in(settled, "ram:SpecifiedTradeAllowanceCharge")
    _in(_in(node, "ram:ChargeIndicator"), "udt:Indicator", "false" if extra["net_minor"] < 0 else "true")
    _in(node, "ram:ActualAmount", _amount(abs(extra["net_minor"])))
    _in(node, "ram:Reason", extra["label"])
    _tax(node, extra["millionths"], name="ram:CategoryTradeTax")


def _sums(settled: etree._Element, said: Said) -> None:
    """BG-22."""
    goods = sum(line["net_minor"] for line in said["lines"])
    charges = sum(extra["net_minor"] for extra in said["extras"] if extra["net_minor"] >= 0)
    reductions = -sum(extra["net_minor"] for extra in said["extras"] if extra["net_minor"] < 0)
    sums = _in(settled, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _in(sums, "ram:LineTotalAmount", _amount(goods))
    _in(sums, "ram:ChargeTotalAmount", _amount(charges))
    _in(sums, "ram:AllowanceTotalAmount", _amount(reductions))
    _in(sums, "ram:TaxBasisTotalAmount", _amount(said["net_minor"]))
    _in(sums, "ram:TaxTotalAmount", _amount(said["tax_minor"]), currencyID=said["currency"])
    _in(sums, "ram:GrandTotalAmount", _amount(said["total_minor"]))
    _in(sums, "ram:TotalPrepaidAmount", _amount(said["paid_minor"]))
    _in(sums, "ram:DuePayableAmount", _amount(said["total_minor"] - said["paid_minor"]))


def _tax(node: etree._Element, millionths: int, *, name: str = "ram:ApplicableTradeTax") -> None:
    tax = _in(node, name)
    _in(tax, "ram:TypeCode", "VAT")
    _in(tax, "ram:CategoryCode", _category(millionths))
    _in(tax, "ram:RateApplicablePercent", _percent(millionths))


def _category(millionths: int) -> str:
    """BT-118: standard rate, or exempt; which reason is in the breakdown."""
    return "S" if millionths else "E"


def _percent(millionths: int) -> str:
    return whole_units(millionths // 100)


def _amount(minor: int) -> str:
    return whole_units(minor)


def _day(node: etree._Element, iso: str, *, kind: str = "udt") -> None:
    _in(node, f"{kind}:DateTimeString", iso.replace("-", ""), format="102")


def _some(node: etree._Element, name: str, text: str, **attributes: str) -> None:
    if text:
        _in(node, name, text, **attributes)


def _in(node: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    prefix, _, local = name.partition(":")
    child = etree.SubElement(node, f"{{{NAMES[prefix]}}}{local}", attributes)
    child.text = text or None
    return child
