"""Documents are issued once, numbered without gaps, and never change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.utils import translation

from bocage.commons.refusals import Forbidden
from bocage.infra.models import Event
from bocage.invoicing import actions, connectors, queries, rules
from bocage.invoicing.connectors.folder import Connector
from bocage.invoicing.models import BillingIdentity, Document, HandIn, Paper, SellerTerms, Status
from bocage.invoicing.tests import make
from bocage.network.models import Enterprise
from bocage.network.rules import BadNumber
from bocage.network.tests import make as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return people.hub("Panier", **make.SELLER)


@pytest.fixture
def bookkeeper(hub):
    return people.manager(hub, "bookkeeper")


@pytest.fixture
def issue(hub, bookkeeper, now):
    def issue(bill=None, at=now, seller=hub, actor=bookkeeper):
        return actions.issue(seller_id=seller.pk, bill=bill or make.bill(), actor=actor, now=at)

    return issue


def test_an_invoice_is_numbered_frozen_and_printed(hub, issue, now):
    issued = issue()

    document = Document.objects.get()
    assert (issued.number, issued.is_new, issued.credit_note) == ("F2026-00001", True, "")
    assert (document.net_minor, document.tax_minor, document.total_minor) == (796, 44, 840)
    assert document.content["seller"]["name"] == "Panier SCIC"
    assert bytes(Paper.objects.get().pdf).startswith(b"%PDF-1.7")
    assert Event.objects.get(kind="invoicing.DocumentIssued").payload["number"] == "F2026-00001"


def test_numbers_follow_each_other_by_seller_and_year(hub, issue, now):
    other = people.hub("Autre", **make.SELLER)
    theirs = people.manager(other)

    numbers = [issue(make.bill(about=f"order:A{n}")).number for n in range(3)]
    numbers += [issue(make.bill(about="order:B1"), seller=other, actor=theirs).number]
    numbers += [issue(make.bill(about="order:A9"), at=now + timedelta(days=300)).number]

    assert numbers == ["F2026-00001", "F2026-00002", "F2026-00003", "F2026-00001", "F2027-00001"]


def test_a_number_whose_invoice_failed_is_used_by_the_next(hub, issue, monkeypatch):
    issue(make.bill(about="order:A1"))
    monkeypatch.setattr(actions, "as_facturx", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issue(make.bill(about="order:A2"))
    monkeypatch.undo()

    assert issue(make.bill(about="order:A3")).number == "F2026-00002"
    assert queries.broken(seller_id=hub.pk) == []


def test_the_same_twice_is_one_invoice_even_when_paid_meanwhile(issue):
    first = issue()

    again = issue(make.bill(paid_minor=840))

    assert (again.number, again.is_new, Document.objects.count()) == (first.number, False, 1)


def test_what_changed_is_credited_whole_and_invoiced_anew(hub, issue, now):
    issue()

    again = issue(make.bill(make.line(total_minor=1000, tax_minor=52)))

    assert (again.number, again.credit_note) == ("F2026-00002", "A2026-00001")
    credit = Document.objects.get(number="A2026-00001")
    assert (credit.total_minor, credit.credits.number) == (-840, "F2026-00001")
    assert Document.objects.aggregate(all=Sum("total_minor"))["all"] == 1000
    assert [row.number for row in queries.standing(["order:R7K2M9"]).values()] == ["F2026-00002"]


def test_a_credit_note_takes_an_invoice_back_once(hub, bookkeeper, issue, now):
    issue()
    who = {"seller_id": hub.pk, "about": "order:R7K2M9", "actor": bookkeeper, "now": now}

    assert actions.credit(**who) == "A2026-00001"
    with pytest.raises(rules.NotInvoiced):
        actions.credit(**who)


def test_an_order_is_on_one_standing_invoice_at_a_time(issue):
    month = {"order:A1": ("A1", "2026-06-01", 840), "order:A2": ("A2", "2026-06-08", 840)}
    issue(make.bill(make.line("order:A1"), make.line("order:A2"), about="month:2026-06:1", covers=month))

    with pytest.raises(rules.CoveredAlready) as refusal:
        issue(make.bill(about="order:A2"))

    assert refusal.value.values == {"number": "F2026-00001"}


def test_a_clock_set_back_leaves_numbers_in_the_order_of_their_days(issue, now):
    issue(make.bill(about="order:A1"))
    issue(make.bill(about="order:A2"), at=now - timedelta(days=3))

    first, second = Document.objects.order_by("id")
    assert second.issued_at == first.issued_at


@pytest.mark.parametrize("change", ["update", "delete", "sql"])
@pytest.mark.parametrize("model", [Document, Paper])
def test_the_database_refuses_to_change_what_was_issued(issue, change, model):
    issue()
    rows = model.objects.all()

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        if change == "update":
            rows.update(**({"total_minor": 1, "net_minor": 1, "tax_minor": 0} if model is Document else {"xml": b""}))
        elif change == "delete":
            rows._raw_delete("default")
        else:
            row = rows.get()
            row.save()


def test_a_changed_byte_is_found(hub, issue):
    from django.db import connection

    from bocage.infra import frozen

    for n in range(3):
        issue(make.bill(about=f"order:A{n}"))
    assert queries.broken(seller_id=hub.pk) == []
    with connection.cursor() as cursor:
        for sql in frozen.thaws(connection.vendor):
            cursor.execute(sql)
    row = Document.objects.get(sequence=2)
    row.content["lines"][0]["name"] = "Poirots"
    row.save()

    assert queries.broken(seller_id=hub.pk) == ["F2026-00002"]
    Document.objects.filter(sequence=2).update(content=row.content, sequence=5)
    assert queries.broken(seller_id=hub.pk) == ["F2026-00002", "F2026-00003"]


def test_a_seller_whose_papers_are_not_in_order_issues_nothing(issue, now):
    bare = people.hub("Neuf")

    with translation.override("en"), pytest.raises(rules.SellerIncomplete) as refusal:
        issue(seller=bare, actor=people.manager(bare))

    assert refusal.value.values["missing"] == "address, SIRET, VAT identification number"
    assert Document.objects.count() == 0


def test_only_managers_and_bookkeepers_issue(hub, issue):
    for actor in (people.manager(hub, "volunteer"), people.manager(people.hub("Autre"))):
        with pytest.raises(Forbidden):
            issue(actor=actor)


def test_a_hub_that_is_not_liable_says_why(hub, issue):
    Enterprise.objects.filter(id=hub.pk).update(is_vat_liable=False, vat_number="")

    issue(make.bill(make.line(tax_minor=0, millionths=0)))

    said = Document.objects.get().content
    assert said["exemption"]["code"] == "VATEX-FR-FRANCHISE"
    assert any("293 B" in mention["text"] for mention in said["mentions"])
    assert said["seller"]["vat_number"] == ""


def test_as_whom_a_customer_is_invoiced_is_checked(hub, bookkeeper):
    customer = people.customer(hub)
    wrong = make.professional(siren="404833049")

    with pytest.raises(BadNumber):
        actions.set_identity(customer_id=customer.pk, buyer=wrong, is_monthly=True, actor=bookkeeper)
    actions.set_identity(customer_id=customer.pk, buyer=make.professional(), is_monthly=True, actor=bookkeeper)

    assert BillingIdentity.objects.get().is_monthly
    assert queries.buyer_of(customer_id=customer.pk, name="Anne").name == "Cantine Les Tilleuls"


def test_a_document_is_handed_to_the_platform_once_and_its_statuses_are_facts(hub, issue, now, settings, tmp_path):
    settings.VAR = tmp_path
    SellerTerms.objects.create(seller=hub, connector="folder")
    issue()

    assert (actions.hand_in_due(now=now), actions.hand_in_due(now=now)) == (1, 0)

    out = tmp_path / "einvoicing" / hub.slug / "out"
    assert sorted(file.name for file in out.iterdir()) == ["F2026-00001.pdf", "F2026-00001.xml"]
    assert (out / "F2026-00001.xml").read_bytes() == bytes(Paper.objects.get().xml)
    answers = tmp_path / "einvoicing" / hub.slug / "in"
    answers.mkdir()
    lines = [
        "F2026-00001;205;2026-06-17T09:00:00+00:00;Bon pour accord",
        "F2099-1;205;2026-06-17T09:00:00+00:00;",
        "nonsense",
    ]
    (answers / "1.csv").write_text("\n".join(lines))
    assert (actions.note_statuses(now=now), actions.note_statuses(now=now)) == (1, 0)
    assert list(Status.objects.order_by("code").values_list("code", "said")) == [(200, ""), (205, "Bon pour accord")]


def test_a_platform_that_fails_is_tried_again_later(hub, issue, now, monkeypatch):
    SellerTerms.objects.create(seller=hub, connector="folder")
    issue()
    monkeypatch.setattr(Connector, "hand_in", lambda self, parcel: 1 / 0)

    assert (actions.hand_in_due(now=now), actions.hand_in_due(now=now)) == (1, 0)

    row = HandIn.objects.get()
    assert (row.attempts, row.done_at, row.due_at) == (1, None, now + connectors.next_try(1))
    assert "ZeroDivisionError" in row.last_error
    monkeypatch.undo()


def test_the_list_asks_a_constant_number_of_queries(hub, issue, bookkeeper, django_assert_num_queries):
    for n in range(4):
        issue(make.bill(about=f"order:A{n}"))
        with django_assert_num_queries(5):
            found = queries.documents(seller_id=hub.pk, actor=bookkeeper)

    assert (found.total, found.amount.minor, found.tax.minor) == (4, 4 * 840, 4 * 44)
    assert [row.number for row in queries.documents(seller_id=hub.pk, actor=bookkeeper, text="a2").rows] == [
        "F2026-00003"
    ]
