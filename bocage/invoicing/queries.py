"""Reads about invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.invoicing import rules
from bocage.invoicing.models import BillingIdentity, Covered, Document, Paper, SellerTerms, Status
from bocage.invoicing.rules import Party, Place
from bocage.network.models import Customer, Enterprise
from bocage.network.rules import NOWHERE, Actor, Right

PAGE = 50


@dataclass(frozen=True, slots=True)
class Seller:
    """An enterprise as its invoices name it, with its terms; `zone` is its time zone."""

    party: Party
    terms: SellerTerms
    is_vat_liable: bool
    iban: str
    legal_address: str
    zone: str

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def missing(self) -> list[str]:
        return rules.missing_of_seller(self.party, is_vat_liable=self.is_vat_liable)


def seller_of(seller_id: int) -> Seller:
    """Return who sells, in two queries. Not asked on anybody's behalf. Raises NotFound."""
    row = Enterprise.objects.select_related("instance").filter(id=seller_id).first()
    if row is None:
        raise NotFound()
    terms = SellerTerms.objects.filter(seller_id=seller_id).first() or SellerTerms(seller_id=seller_id)
    siren = row.siret[:9]
    liable_number = rules.vat_number_of(siren) if row.country == "FR" and rules.is_siren(siren) else ""
    party = Party(
        name=row.legal_name or row.name,
        place=Place(row.street, row.street2, row.postcode, row.town, row.country),
        siren=siren,
        siret=row.siret,
        vat_number=(row.vat_number or liable_number) if row.is_vat_liable else "",
        trade_name=row.name if row.legal_name and row.legal_name != row.name else "",
        email=row.email,
        phone=row.phone,
        is_professional=True,
    )
    return Seller(party, terms, row.is_vat_liable, row.iban, row.legal_address, row.instance.timezone)


def buyer_of(*, customer_id: int, name: str, place: Place | None = None) -> Party:
    """Return as whom a customer is invoiced: as they asked, else by the name and place of the order."""
    code = Customer.objects.values_list("code", flat=True).get(id=customer_id)
    row = BillingIdentity.objects.filter(customer_id=customer_id).first()
    if row is None:
        return Party(name=name, place=place or Place(), code=code)
    return Party(
        name=row.name,
        place=Place(row.street, row.street2, row.postcode, row.town, row.country),
        siren=row.siren,
        vat_number=row.vat_number,
        code=code,
        is_professional=row.is_professional,
    )


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list; amounts of credit notes are below zero. credited_by: the number that took it
    back. status: the last that a platform said of it, 0 nothing."""

    id: int
    kind: str
    number: str
    buyer_name: str
    about: str
    issued_at: datetime
    issued_on: date
    total: Money
    tax: Money
    credits: str
    credited_by: str
    seller_slug: str
    seller_name: str
    status: int

    @property
    def is_standing(self) -> bool:
        return self.kind == Document.Kind.INVOICE and not self.credited_by

    @property
    def order_ref(self) -> str:
        """Return the order's reference, where the document is about one."""
        kind, _, ref = self.about.partition(":")
        return ref if kind == "order" else ""


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[DocumentRow]
    total: int
    net: Money
    tax: Money
    amount: Money
    next: int | None


def documents(
    *, seller_id: int, actor: Actor, text: str = "", kind: str = "", month: str = "", after: int | None = None,
    limit: int = PAGE, currency: str = "EUR",
) -> Found:  # fmt: skip
    """Return a seller's documents, newest first, with the sums of all that were found. Raises Forbidden.

    text: a part of a number, a name or an order's number; month: '2026-11'. Five queries.
    """
    actor.require(Right.SEE_ORDERS, on=seller_id)
    found = _matching(seller_id, text, kind, month)
    sums = found.aggregate(net=Sum("net_minor"), tax=Sum("tax_minor"), total=Sum("total_minor"))
    page = found.filter(id__lt=after) if after else found
    rows = list(_rows(page.order_by("-id")[: limit + 1]))
    net, tax, amount = (Money(sums[name] or 0, currency) for name in ("net", "tax", "total"))
    return Found(rows[:limit], found.count(), net, tax, amount, rows[limit - 1].id if len(rows) > limit else None)


def _matching(seller_id: int, text: str, kind: str, month: str) -> QuerySet[Document]:
    found = Document.objects.filter(seller_id=seller_id)
    if text:
        about = Covered.objects.filter(document_id=OuterRef("id"), about__icontains=text)
        found = found.filter(Q(number__icontains=text) | Q(buyer_name__icontains=text) | Exists(about))
    if kind:
        found = found.filter(kind=kind)
    if month:
        year, _, number = month.partition("-")
        found = found.filter(issued_on__year=int(year), issued_on__month=int(number))
    return found


def months_of(*, seller_id: int, actor: Actor) -> list[date]:
    """Return the months in which a seller issued something, the newest first. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=seller_id)
    return list(Document.objects.filter(seller_id=seller_id).dates("issued_on", "month", order="DESC"))


def documents_about(abouts: Iterable[str]) -> list[DocumentRow]:
    """Return the documents about any of these references, oldest first, in three queries. For who sees what they name."""
    ids = Covered.objects.filter(about__in=list(abouts)).values("document_id")
    return list(_rows(Document.objects.filter(id__in=ids).order_by("id")))


def documents_of_person(*, actor: Actor) -> list[DocumentRow]:
    """Return what a signed-in person was invoiced by all hubs, newest first, in three queries."""
    if actor.person_id is None:
        return []
    return list(_rows(Document.objects.filter(customer__person_id=actor.person_id).order_by("-id")))


def _rows(found: QuerySet[Document]) -> Iterator[DocumentRow]:
    names = (
        "id", "kind", "number", "buyer_name", "about", "issued_at", "issued_on", "total_minor", "tax_minor", "currency",
        "credits__number", "seller__slug", "seller__name",
    )  # fmt: skip
    rows = list(found.values_list(*names))
    ids = [row[0] for row in rows]
    credited = dict(Document.objects.filter(credits_id__in=ids, is_partial=False).values_list("credits_id", "number"))
    said = dict(Status.objects.filter(document_id__in=ids).order_by("at", "id").values_list("document_id", "code"))
    for pk, kind, number, buyer, about, at, on, amount, tax, currency, credits, slug, name in rows:
        yield DocumentRow(
            pk, kind, number, buyer, about, at, on, Money(amount, currency), Money(tax, currency), credits or "",
            credited.get(pk, ""), slug, name, said.get(pk, 0),
        )  # fmt: skip


def standing(abouts: Sequence[str]) -> dict[str, Document]:
    """Return the standing invoice of each reference that has one, in one query."""
    undone = Document.objects.filter(credits_id=OuterRef("document_id"), is_partial=False)
    rows = Covered.objects.filter(about__in=abouts, document__kind=Document.Kind.INVOICE).filter(~Exists(undone))
    return {row.about: row.document for row in rows.select_related("document").order_by("id")}


def parts_credited(document_id: int) -> list[Document]:
    """Return the credit notes over parts of an invoice, oldest first, in one query."""
    return list(Document.objects.filter(credits_id=document_id, is_partial=True).order_by("id"))


@dataclass(frozen=True, slots=True)
class PaperRow:
    name: str
    pdf: bytes
    xml: bytes


def paper(*, seller_id: int, number: str, actor: Actor) -> PaperRow:
    """Return a document as it was printed, for who sees the seller's orders. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=seller_id)
    return _paper(Paper.objects.filter(document__seller_id=seller_id, document__number=number))


def paper_of_person(*, document_id: int, actor: Actor) -> PaperRow:
    """Return a document that a signed-in person was sent. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound()
    return _paper(Paper.objects.filter(document_id=document_id, document__customer__person_id=actor.person_id))


def paper_about(*, about: str, document_id: int) -> PaperRow:
    """Return a document about a reference, for who holds the link of what it names. Raises NotFound.

    One that is about others too is for its customer's account alone.
    """
    others = Covered.objects.filter(document_id=OuterRef("document_id")).exclude(about=about)
    mine = Covered.objects.filter(document_id=OuterRef("document_id"), about=about)
    return _paper(Paper.objects.filter(document_id=document_id).filter(Exists(mine), ~Exists(others)))


def _paper(rows: QuerySet[Paper]) -> PaperRow:
    row = rows.select_related("document").first()
    if row is None:
        raise NotFound()
    return PaperRow(f"{row.document.number}.pdf", bytes(row.pdf), bytes(row.xml))


def papers(*, seller_id: int, actor: Actor, **which: str) -> Iterator[PaperRow]:
    """Give a seller's documents that match (text, kind, month), oldest first, one at a time. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=seller_id)
    wanted = {"text": "", "kind": "", "month": ""} | which
    ids = list(_matching(seller_id, **wanted).order_by("id").values_list("id", flat=True))
    return (_paper(Paper.objects.filter(document_id=pk)) for pk in ids)


def contents(*, seller_id: int, actor: Actor, **which: str) -> list[dict[str, Any]]:
    """Return what a seller's documents that match (text, kind, month) say, oldest first. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=seller_id)
    wanted = {"text": "", "kind": "", "month": ""} | which
    return list(_matching(seller_id, **wanted).order_by("id").values_list("content", flat=True))


def broken(*, seller_id: int) -> list[str]:
    """Return the numbers of a seller's documents that are not as they were issued, or whose number leaves a gap.

    Reads all of them once, in steps; memory stays flat.
    """
    before, wrong, last = "", [], dict[tuple[str, int], int]()
    rows = Document.objects.filter(seller_id=seller_id).order_by("id")
    for row in rows.iterator(chunk_size=200):
        kept = (row.content["number"], row.content["total_minor"] * (-1 if row.kind == "credit_note" else 1))
        follows = last.get((row.series, row.year), 0) + 1 == row.sequence
        if row.digest != rules.digest_of(before, row.content) or kept != (row.number, row.total_minor) or not follows:
            wrong.append(row.number)
        before, last[row.series, row.year] = row.digest, row.sequence
    return wrong


def identity_of(*, customer_id: int, hub_id: int, actor: Actor) -> tuple[Customer, BillingIdentity | None]:
    """Return a hub's customer and as whom they are invoiced, if they said so. Raises Forbidden, NotFound."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    customer = Customer.objects.filter(id=customer_id, hub_id=hub_id).first()
    if customer is None:
        raise NotFound()
    return customer, BillingIdentity.objects.filter(customer_id=customer_id).first()


def monthly_customers(*, seller_id: int | None = None) -> list[tuple[int, int]]:
    """Return (seller, customer) of those who are invoiced once a month, in one query."""
    found = BillingIdentity.objects.filter(is_monthly=True)
    found = found.filter(customer__hub_id=seller_id) if seller_id else found
    return list(found.order_by("customer_id").values_list("customer__hub_id", "customer_id"))


@dataclass(frozen=True, slots=True)
class IssuedMail:
    """What the mail with a document says, and to whom it goes."""

    number: str
    kind: str
    seller_name: str
    seller_email: str
    sender_name: str
    mail_from: str
    to_email: str
    to_name: str
    language: str
    total: Money
    pdf: bytes

    @property
    def name(self) -> str:
        return self.sender_name


def mail_of(document_id: int) -> IssuedMail | None:
    """Return a document as it is mailed, or None where the seller mails none or nobody is to be written to."""
    paper = Paper.objects.select_related("document__seller__instance", "document__customer").get(
        document_id=document_id
    )
    row = paper.document
    terms = SellerTerms.objects.filter(seller_id=row.seller_id).first()
    if row.customer is None or row.customer.email.endswith(f"@{NOWHERE}") or (terms and not terms.is_mailed):
        return None
    instance = row.seller.instance
    return IssuedMail(
        row.number, row.kind, row.seller.name, row.seller.email, instance.name, instance.mail_from, row.customer.email,
        row.customer.name, row.language, Money(abs(row.total_minor), row.currency), bytes(paper.pdf),
    )  # fmt: skip
