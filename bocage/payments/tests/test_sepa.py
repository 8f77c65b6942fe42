"""Bank files: valid by their schemas, the same bytes for the same input, refusals in words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bocage.commons.money import Money
from bocage.payments import sepa
from bocage.payments.sepa import Debit, Party, Transfer

AT = datetime(2026, 11, 25, 8, 30, 12, 999, tzinfo=UTC)
ON = date(2026, 12, 10)
HUB = Party("Panier de la Halle", "FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP")
FARM = Party("Ferme des Œillets & fils", "DE89 3704 0044 0532 0130 00")
ICS = "FR72ZZZ123456"


def transfer(**said):
    return Transfer(**{"to": FARM, "amount": Money(1250), "reference": "SET-7", "text": "Novembre : pommes"} | said)


def debit(**said):
    given = {"payer": FARM, "amount": Money(1805), "reference": "COLL-1", "text": "Commande R7K2", "mandate": "B1-41-1"}
    return Debit(**given | {"signed_on": date(2026, 11, 1), "sequence": sepa.FIRST} | said)


def sent(*transfers, payer=HUB):
    return sepa.credit_transfers(message_id="BOC-1", made_at=AT, payer=payer, on=ON, transfers=transfers)


def collected(*debits, ics=ICS):
    return sepa.direct_debits(message_id="BOC-2", made_at=AT, creditor=HUB, ics=ics, on=ON, debits=debits)


def texts(file, name):
    return [element.text for element in etree.fromstring(file).iter("{*}" + name)]


def test_transfers_are_one_batch_with_their_sum_and_the_payee_s_name_in_bank_letters():
    file = sent(transfer(), transfer(amount=Money(4), reference="SET-8"))

    sepa.schema_of("pain.001.001.09").assertValid(etree.fromstring(file))
    assert texts(file, "CtrlSum") == ["12.54", "12.54"]
    assert texts(file, "InstdAmt") == ["12.50", "0.04"]
    assert texts(file, "EndToEndId") == ["SET-7", "SET-8"]
    assert texts(file, "Nm") == ["Panier de la Halle", "Panier de la Halle", *["Ferme des OEillets + fils"] * 2]
    assert (texts(file, "MsgId"), texts(file, "PmtInfId")) == (["BOC-1"], ["BOC-1-1"])
    assert texts(file, "CreDtTm") == ["2026-11-25T08:30:12"]
    assert texts(file, "BICFI") == ["AGRIFRPP"]


def test_direct_debits_are_one_batch_per_sequence_under_the_scheme_core():
    file = collected(debit(), debit(reference="COLL-2", sequence=sepa.RECURRENT), debit(reference="COLL-3"))

    sepa.schema_of("pain.008.001.08").assertValid(etree.fromstring(file))
    assert texts(file, "SeqTp") == ["FRST", "RCUR"]
    assert texts(file, "CtrlSum") == ["54.15", "36.10", "18.05"]
    assert set(texts(file, "MndtId")) == {"B1-41-1"}
    assert ICS in texts(file, "Id")
    assert "CORE" in texts(file, "Cd")


def test_the_same_input_gives_the_same_bytes():
    assert sent(transfer()) == sent(transfer())
    assert collected(debit()) == collected(debit())


def test_without_a_bic_the_file_says_so():
    file = sent(transfer(), payer=replace(HUB, bic=""))

    assert "NOTPROVIDED" in texts(file, "Id")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"amount": Money(100, "GBP")}, sepa.NotEuro),
        ({"amount": Money(0)}, sepa.AmountNotPositive),
        ({"amount": Money(-1)}, sepa.AmountNotPositive),
        ({"amount": Money(10**12)}, sepa.AmountTooHigh),
        ({"to": replace(FARM, name=" ")}, sepa.NameMissing),
        ({"to": replace(FARM, iban="DE89 3704 0044 0532 0130 01")}, sepa.BadIban),
        ({"to": replace(FARM, bic="AGRI")}, sepa.BadBic),
        ({"reference": ""}, sepa.BadReference),
        ({"reference": "é" * 3}, sepa.BadReference),
        ({"reference": "x" * 36}, sepa.BadReference),
    ],
)
def test_what_no_bank_would_take_is_refused_in_words(wrong, refusal):
    with pytest.raises(refusal) as refused:
        sent(transfer(**wrong))

    assert str(refused.value)


def test_an_empty_file_and_the_same_reference_twice_are_refused():
    with pytest.raises(sepa.NothingToSend):
        sent()
    with pytest.raises(sepa.SameReference):
        sent(transfer(), transfer())


@pytest.mark.parametrize("ics", ["FR73ZZZ123456", "FR72", ""])
def test_a_creditor_identifier_is_checked_by_its_digits(ics):
    with pytest.raises(sepa.BadCreditorId):
        collected(debit(), ics=ics)


def test_an_unknown_sequence_is_refused():
    with pytest.raises(sepa.BadSequence):
        collected(debit(sequence="SOON"))


@given(st.text(max_size=200), st.integers(1, sepa.MOST_MINOR))
@settings(max_examples=40)
def test_whatever_is_written_the_file_is_valid_or_the_name_is_missing(text, minor):
    try:
        file = sent(transfer(to=replace(FARM, name=text), text=text, amount=Money(minor)))
    except sepa.NameMissing:
        return
    assert texts(file, "InstdAmt") == [f"{minor // 100}.{minor % 100:02d}"]


def test_a_payment_reference_has_check_digits_and_is_found_again_in_any_writing():
    reference = sepa.creditor_reference("R7K2M9")

    assert reference == "RF69R7K2M9"
    assert sepa.creditor_reference("539007547034") == "RF18539007547034"  # the standard's own example
    assert sepa.references_in(f"merci, {sepa.grouped(reference)} pour le panier") == [reference]
    assert sepa.references_in(reference.lower()) == [reference]
    assert sepa.references_in("RF68R7K2M9") == []
