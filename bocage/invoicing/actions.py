"""Issues documents: numbered, frozen, printed, all in one transaction; the only writer of invoicing's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert, insert_new
from bocage.infra.outbox import emit
from bocage.infra.sequences import next_number
from bocage.invoicing import connectors, queries, rules, wording
from bocage.invoicing.electronic import as_xml
from bocage.invoicing.events import DocumentIssued
from bocage.invoicing.models import BillingIdentity, Chain, Covered, Document, HandIn, Paper, SellerTerms, Status
from bocage.invoicing.printing import as_facturx
from bocage.invoicing.queries import Seller
from bocage.invoicing.rules import CREDIT_NOTE, INVOICE, Bill, Line, Party
from bocage.network.models import Customer
from bocage.network.rules import Actor, BadNumber, Right


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of asking for an invoice: its number, the credit note that took an earlier one back, whether it is new."""

    document_id: int
    number: str
    credit_note: str = ""
    is_new: bool = True


@transaction.atomic
def issue(*, seller_id: int, bill: Bill, actor: Actor, now: datetime) -> Issued:
    """Issue an invoice, or return the one that says the same already.

    Where what was invoiced has changed, a credit note takes the earlier invoice back whole, and a new one follows.
    For those with ISSUE_INVOICES. Raises Forbidden, SellerIncomplete, BuyerIncomplete, NothingToInvoice, CoveredAlready.
    Emits DocumentIssued for each document.
    """
    actor.require(Right.ISSUE_INVOICES, on=seller_id)
    rules.check_bill(bill)
    _check_buyer(bill.buyer)
    seller = _complete_seller(seller_id)
    chain = _held(seller_id)
    earlier = {row.pk: row for row in queries.standing(list(bill.covers)).values()}
    elsewhere = next((row for row in earlier.values() if row.about != bill.about), None)
    if elsewhere is not None:
        raise rules.CoveredAlready(number=elsewhere.number)
    credit_note = ""
    for row in earlier.values():
        if row.substance == bill.substance():
            return Issued(row.pk, row.number, is_new=False)
        credit_note = _credit(row, seller, chain, actor, now).number
    document = _invoice(seller_id, bill, seller, chain, actor, now)
    return Issued(document.pk, document.number, credit_note)


@transaction.atomic
def credit(*, seller_id: int, about: str, actor: Actor, now: datetime) -> str:
    """Take back the standing invoice about a reference by a credit note over all of it; return its number.

    For those with ISSUE_INVOICES. Raises Forbidden, NotInvoiced. Emits DocumentIssued.
    """
    actor.require(Right.ISSUE_INVOICES, on=seller_id)
    chain = _held(seller_id)
    found = queries.standing([about]).get(about)
    if found is None or found.seller_id != seller_id:
        raise rules.NotInvoiced()
    return _credit(found, queries.seller_of(seller_id), chain, actor, now).number


@transaction.atomic
def credit_part(*, seller_id: int, about: str, lines: Sequence[Line], grant: int, actor: Actor, now: datetime) -> str:
    """Take back a part of the standing invoice about a reference by a credit note; the invoice stands. Return its number.

    lines: what is taken back, at which rates; grant: the number of the credit that it is about. For those with
    ISSUE_INVOICES. Raises Forbidden, NotInvoiced. Emits DocumentIssued.
    """
    actor.require(Right.ISSUE_INVOICES, on=seller_id)
    chain = _held(seller_id)
    found = queries.standing([about]).get(about)
    if found is None or found.seller_id != seller_id:
        raise rules.NotInvoiced()
    seller = queries.seller_of(seller_id)
    at = _moment(chain, now)
    on = seller.day_of(at)
    number, sequence = _next(seller_id, CREDIT_NOTE, seller.terms.series, on.year)
    said = rules.credited_partly(found.content, number=number, issued_on=on, about=about, lines=lines, grant=grant)
    document = Document(
        seller_id=seller_id, kind=CREDIT_NOTE, customer_id=found.customer_id, about=found.about, credits=found,
        is_partial=True, year=on.year, sequence=sequence, language=found.language, substance=found.substance,
    )  # fmt: skip
    return _write(document, said, [about], seller, chain, actor, at).number


def _check_buyer(buyer: Party) -> None:
    missing = rules.missing_of_buyer(buyer)
    if missing:
        raise rules.BuyerIncomplete(missing=wording.missing(missing))


def _complete_seller(seller_id: int) -> Seller:
    seller = queries.seller_of(seller_id)
    if seller.missing:
        raise rules.SellerIncomplete(missing=wording.missing(seller.missing))
    return seller


def _held(seller_id: int) -> Chain:
    """Lock the end of a seller's row: whoever adds to it waits for whoever is adding."""
    chain = locks.lock_row(Chain.objects.all(), seller_id)
    if chain is None:
        insert_new(Chain(seller_id=seller_id))
        chain = locks.lock_row(Chain.objects.all(), seller_id)
    assert chain is not None
    return chain


def _invoice(seller_id: int, bill: Bill, seller: Seller, chain: Chain, actor: Actor, now: datetime) -> Document:
    at = _moment(chain, now)
    on = seller.day_of(at)
    number, sequence = _next(seller_id, INVOICE, seller.terms.series, on.year)
    terms = {
        "due_on": rules.due_on(on, seller.terms.payment_days).isoformat(),
        "iban": seller.iban,
        "legal_form": seller.terms.legal_form,
        "registration": seller.terms.registration,
        "legal_address": seller.legal_address,
        "footer": seller.terms.footer,
    }
    has_exempt = any(not rate.millionths for rate in bill.rates())
    why = (
        wording.exemption(seller.terms.regime, bill.language, is_vat_liable=seller.is_vat_liable)
        if has_exempt
        else None
    )
    said = rules.content(
        bill, kind=INVOICE, number=number, issued_on=on, seller=seller.party, terms=terms,
        mentions=wording.mentions(bill, seller.terms, exemption=why["text"] if why else ""),
        is_vat_liable=seller.is_vat_liable, exemption=why,
    )  # fmt: skip
    document = Document(
        seller_id=seller_id, kind=INVOICE, customer_id=bill.customer_id, about=bill.about, year=on.year,
        sequence=sequence, language=bill.language, substance=bill.substance(),
    )  # fmt: skip
    return _write(document, said, list(bill.covers), seller, chain, actor, at)


def _credit(invoice: Document, seller: Seller, chain: Chain, actor: Actor, now: datetime) -> Document:
    at = _moment(chain, now)
    on = seller.day_of(at)
    number, sequence = _next(invoice.seller_id, CREDIT_NOTE, seller.terms.series, on.year)
    said = rules.credited(invoice.content, number=number, issued_on=on)
    parts = [
        (wording.credited_already(row.number, row.language), row.content) for row in queries.parts_credited(invoice.pk)
    ]
    said = rules.less_parts(said, parts) if parts else said
    document = Document(
        seller_id=invoice.seller_id, kind=CREDIT_NOTE, customer_id=invoice.customer_id, about=invoice.about,
        credits=invoice, year=on.year, sequence=sequence, language=invoice.language, substance=invoice.substance,
    )  # fmt: skip
    return _write(document, said, [row[0] for row in said["covers"]], seller, chain, actor, at)


def _moment(chain: Chain, now: datetime) -> datetime:
    """A number is never older than the one before it, even where a clock was set back."""
    return max(now, chain.issued_at or now)


def _next(seller_id: int, kind: str, own: str, year: int) -> tuple[str, int]:
    series = rules.series_of(kind, own)
    sequence = next_number(f"invoicing:{seller_id}:{series}:{year}")
    return rules.numbered(series, year, sequence), sequence


def _write(
    document: Document,
    said: dict[str, Any],
    abouts: Iterable[str],
    seller: Seller,
    chain: Chain,
    actor: Actor,
    at: datetime,
) -> Document:
    sign = -1 if document.kind == CREDIT_NOTE else 1
    document.series, document.number = rules.series_of(document.kind, seller.terms.series), said["number"]
    document.buyer_name, document.currency = said["buyer"]["name"], said["currency"]
    document.net_minor, document.tax_minor = sign * said["net_minor"], sign * said["tax_minor"]
    document.total_minor = sign * said["total_minor"]
    document.content, document.digest = said, rules.digest_of(chain.digest, said)
    document.issued_at, document.issued_on, document.by = at, seller.day_of(at), actor.label
    insert([document])
    insert(Covered(document=document, about=about) for about in abouts)
    xml = as_xml(said)
    insert([Paper(document_id=document.pk, xml=xml, pdf=as_facturx(said, xml, at))])
    if seller.terms.connector in connectors.names():
        insert([HandIn(document_id=document.pk, connector=seller.terms.connector, due_at=at)])
    chain.digest, chain.issued_at = document.digest, at
    chain.save(update_fields=["digest", "issued_at"])
    fact = DocumentIssued(
        document_id=document.pk, seller_id=document.seller_id, number=document.number, kind=document.kind,
        about=document.about,
    )  # fmt: skip
    emit(fact, by=actor, at=at)
    return document


@transaction.atomic
def set_terms(*, seller_id: int, values: Mapping[str, Any], actor: Actor) -> None:
    """Say what a seller's invoices print besides who it is, and when they are issued: columns of SellerTerms.

    Documents that were issued stay as they are. Raises Forbidden.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=seller_id)
    SellerTerms.objects.update_or_create(seller_id=seller_id, defaults=dict(values))


@transaction.atomic
def set_identity(*, customer_id: int, buyer: Party, is_monthly: bool, actor: Actor) -> None:
    """Say as whom a customer is invoiced from now on, and whether once a month.

    For those with ISSUE_INVOICES. Raises Forbidden, NotFound, BadNumber, BuyerIncomplete.
    """
    hub_id = Customer.objects.filter(id=customer_id).values_list("hub_id", flat=True).first()
    if hub_id is None:
        raise NotFound()
    actor.require(Right.ISSUE_INVOICES, on=hub_id)
    if buyer.siren and not rules.is_siren(buyer.siren):
        raise BadNumber(number=buyer.siren)
    if buyer.vat_number and not rules.is_vat_number(buyer.vat_number):
        raise BadNumber(number=buyer.vat_number)
    _check_buyer(buyer)
    place = buyer.place
    values = {
        "name": buyer.name, "street": place.street, "street2": place.street2, "postcode": place.postcode,
        "town": place.town, "country": place.country, "siren": buyer.siren, "vat_number": buyer.vat_number,
        "is_professional": buyer.is_professional, "is_monthly": is_monthly,
    }  # fmt: skip
    BillingIdentity.objects.update_or_create(customer_id=customer_id, defaults=values)


def hand_in_due(*, now: datetime, limit: int = 50) -> int:
    """Hand to their platforms the documents that wait, oldest first; return how many were tried.

    That it is tried is noted and committed before the platform is called, its answer afterwards; platforms take the same
    document twice as once, by its seller and number. What fails is tried again, later each time.
    """
    due = HandIn.objects.filter(done_at__isnull=True, due_at__lte=now).order_by("due_at", "document_id")
    ids = list(due.values_list("document_id", flat=True)[:limit])
    for document_id in ids:
        _hand_in(document_id, now)
    return len(ids)


def _hand_in(document_id: int, now: datetime) -> None:
    with transaction.atomic():
        row = locks.lock_row(HandIn.objects.all(), document_id)
        if row is None or row.done_at is not None or row.due_at > now:
            return
        row.attempts += 1
        row.due_at = now + connectors.next_try(row.attempts)
        row.save(update_fields=["attempts", "due_at"])
    paper = Paper.objects.select_related("document__seller").get(document_id=document_id)
    document = paper.document
    parcel = connectors.Parcel(
        seller=document.seller.slug,
        number=document.number,
        kind=document.kind,
        pdf=bytes(paper.pdf),
        xml=bytes(paper.xml),
    )
    try:
        reference = connectors.named(row.connector).hand_in(parcel)
    except Exception as error:  # whatever a platform or the way to it does, the document is kept and tried again
        HandIn.objects.filter(document_id=document_id).update(last_error=f"{type(error).__name__}: {error}"[:300])
        return
    with transaction.atomic():
        HandIn.objects.filter(document_id=document_id).update(done_at=now, reference=reference[:120], last_error="")
        insert_new(Status(document_id=document_id, code=connectors.HANDED_IN, at=now))


def note_statuses(*, now: datetime) -> int:
    """Ask the platforms what became of documents and keep each answer as a fact; return how many were new.

    The same answer twice is one fact; answers about documents that are not there are passed over.
    """
    new = 0
    for name in connectors.names():
        for told in connectors.named(name).statuses():
            ids = Document.objects.filter(seller__slug=told.seller, number=told.number).values_list("id", flat=True)
            new += sum(
                insert_new(Status(document_id=pk, code=told.code, said=told.said[:300], at=told.at)) for pk in ids
            )
    return new
