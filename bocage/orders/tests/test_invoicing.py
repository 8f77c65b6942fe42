"""Invoices of orders: order = invoice, to the cent; changed and cancelled orders are credited."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.commons.money import Money
from bocage.commons.refusals import Forbidden
from bocage.infra import outbox
from bocage.invoicing import actions as invoicing
from bocage.invoicing.models import BillingIdentity, Document, SellerTerms
from bocage.invoicing.rules import SellerIncomplete
from bocage.invoicing.tests import make as papers
from bocage.messages.models import Message
from bocage.network.models import Customer, Enterprise
from bocage.orders import rules
from bocage.orders.actions import (
    cancel_order,
    carry_out,
    change_quantities,
    invoice_month,
    invoice_order,
    invoice_past_month,
    plan_act,
    record_payment,
    set_final_weights,
    uninvoice,
)
from bocage.orders.actions.accounts import grant_credit
from bocage.orders.models import Order, OrderChange, OrderLine
from bocage.orders.queries.bulk import act_page
from bocage.orders.queries.pages import order_summary
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON
from bocage.pricing.models import TaxRate

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=4)


@pytest.fixture
def town():
    town = make.market()
    Enterprise.objects.filter(id=town.hub.pk).update(**papers.SELLER)
    standard, _ = TaxRate.objects.get_or_create(
        country="FR", code="standard", defaults={"name": "20 %", "rate_millionths": 200_000}
    )
    added, _ = TaxRate.objects.get_or_create(
        country="FR", code="added", defaults={"name": "10 %", "rate_millionths": 100_000, "is_included": False}
    )
    town.offer("Poireaux", "2.47")
    town.offer("Poulet", "14.20", is_weighed=True, size=1800)
    town.offer("Cidre", "4.53", tax_rate=standard, unit="volume", size=750)
    town.offer("Plants", "1.99", tax_rate=added, unit="items", size=1)
    town.charge("percent", percent_millionths=60_000, tax="inherit", name="Coordination")
    town.charge("per_item", amount_minor=15, tax="own", tax_rate=standard, name="Consigne")
    town.charge("flat", amount_minor=180, tax="none", name="Adhésion")
    town.charge("flat", amount_minor=-75, tax="own", tax_rate=town.reduced, name="Remise")
    return town


def issue(town, placed, *, now=AFTER, actor=None):
    return invoice_order(order_id=placed.order_id, actor=actor or town.manager, now=now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_invoice_is_its_order_to_the_cent(town, data):
    names = data.draw(st.lists(st.sampled_from(sorted(town.variants)), min_size=1, max_size=4, unique=True))
    wanted = {town.variants[name]: data.draw(st.integers(1, 9)) for name in names}
    for variant in wanted:
        variant.refresh_from_db()
    placed = town.place(wanted, delivery_method_id=data.draw(st.sampled_from([town.pickup.pk])))
    if "Poulet" in names:
        line = OrderLine.objects.get(order_id=placed.order_id, is_weighed=True)
        grams = data.draw(st.integers(500, 1800 * line.quantity * 2))
        set_final_weights(order_id=placed.order_id, weights={line.pk: grams}, actor=town.manager, now=NOON)

    issued = issue(town, placed)

    order, document = order_summary(placed.order_id), Document.objects.get(id=issued.document_id)
    assert document.total_minor == order.total.minor
    taxed = [
        (rate["millionths"], rate["base"], rate["tax"]) for rate in document.content["rates"] if rate["millionths"]
    ]
    assert taxed == [(tax.millionths, tax.base.minor, tax.tax.minor) for tax in order.taxes]
    cancel_order(order_id=placed.order_id, actor=town.manager, now=AFTER)  # so that stock lasts


def test_what_was_paid_by_then_is_said(town):
    placed = town.place({town.variants["Poireaux"]: 2})
    record_payment(
        order_id=placed.order_id, amount=make.euros("3.00"), means="cash", key="p", actor=town.manager, now=NOON
    )

    issue(town, placed)

    assert Document.objects.get().content["paid_minor"] == 300


def test_an_invoice_of_a_cancelled_order_is_refused_in_words(town):
    placed = town.place({town.variants["Poireaux"]: 2})
    cancel_order(order_id=placed.order_id, actor=town.manager, now=NOON)

    with pytest.raises(rules.IsCancelled, match="cancelled"):
        issue(town, placed)
    assert not Document.objects.exists()


def test_an_order_that_waits_for_its_payment_is_no_sale_yet(town):
    placed = town.place({town.variants["Poireaux"]: 2})
    Order.objects.update(state=Order.State.AWAITING, pay_by=NOON)

    with pytest.raises(rules.AwaitsPayment):
        issue(town, placed)
    assert not Document.objects.exists()


def test_a_changed_order_is_credited_and_invoiced_anew_and_its_history_says_so(town):
    leek = town.variants["Poireaux"]
    placed = town.place({leek: 2})
    first = issue(town, placed)
    assert issue(town, placed).is_new is False
    change_quantities(order_id=placed.order_id, quantities={leek.pk: 3}, actor=town.manager, now=NOON)

    again = issue(town, placed)

    assert (first.number, again.number, again.credit_note) == ("F2026-00001", "F2026-00002", "A2026-00001")
    total = Order.objects.get().total_minor
    assert sum(Document.objects.values_list("total_minor", flat=True)) == total
    said = list(OrderChange.objects.order_by("id").values_list("what", flat=True))
    assert said == ["placed", "invoice", "quantity", "credit_note", "invoice"]


def test_a_cancelled_order_takes_its_invoice_back_once(town):
    placed = town.place({town.variants["Poireaux"]: 2})
    issue(town, placed)
    cancel_order(order_id=placed.order_id, actor=town.manager, now=AFTER)

    outbox.deliver_due(now=AFTER)

    assert uninvoice(order_id=placed.order_id, now=AFTER) == ""
    assert sorted(Document.objects.values_list("number", flat=True)) == ["A2026-00001", "F2026-00001"]


@pytest.mark.parametrize(("moment", "count"), [("order", 1), ("hand_over", 0), ("never", 0)])
def test_an_invoice_is_issued_by_itself_when_the_hub_says(town, moment, count):
    SellerTerms.objects.create(seller=town.hub, moment=moment)
    town.place({town.variants["Poireaux"]: 2})

    outbox.deliver_due(now=NOON)

    assert Document.objects.count() == count


def test_the_customer_gets_the_invoice_by_mail_once(town):
    placed = town.place({town.variants["Poireaux"]: 2})
    issue(town, placed)
    for _ in range(2):
        outbox.deliver_due(now=AFTER)
    [mail] = Message.objects.filter(template="invoicing/mail/issued")

    assert mail.to_email == "armelle@exemple.bocage.example"
    assert mail.subject == "Facture F2026-00001 de Panier"
    assert [file["name"] for file in mail.attachments] == ["F2026-00001.pdf"]


def test_a_hub_that_mails_none_mails_none(town):
    SellerTerms.objects.create(seller=town.hub, is_mailed=False)
    issue(town, town.place({town.variants["Poireaux"]: 2}))
    outbox.deliver_due(now=AFTER)

    assert not Message.objects.filter(template="invoicing/mail/issued").exists()


def test_many_orders_are_invoiced_in_one_act_each_for_itself(town):
    leek = town.variants["Poireaux"]
    first, second, cancelled = (town.place({leek: n}) for n in (1, 2, 3))
    issue(town, first)
    cancel_order(order_id=cancelled.order_id, actor=town.manager, now=NOON)
    refs = [first.ref, second.ref, cancelled.ref]

    act = plan_act(key="k", hub_id=town.hub.pk, what="invoice", orders=refs, actor=town.manager, now=AFTER)
    carry_out(act_id=act, actor=town.manager, now=AFTER)

    rows = {
        row.ref: (row.state, row.said.get("values", {}))
        for row in act_page(hub_id=town.hub.pk, key="k", actor=town.manager).rows
    }
    assert rows == {
        first.ref: ("refused", {"number": "F2026-00001"}),
        second.ref: ("done", {}),
        cancelled.ref: ("refused", {}),
    }


def test_a_hub_whose_papers_are_not_in_order_is_told_what_is_missing(town):
    Enterprise.objects.filter(id=town.hub.pk).update(siret="")

    with pytest.raises(SellerIncomplete):
        issue(town, town.place({town.variants["Poireaux"]: 1}))


def test_only_who_may_issues(town):
    with pytest.raises(Forbidden):
        issue(town, town.place({town.variants["Poireaux"]: 1}), actor=make.actor("volunteer", on=town.hub))


def professional(town):
    """Say that the customer of the town's orders gets one invoice a month."""
    customer = Customer.objects.get(hub=town.hub)
    invoicing.set_identity(customer_id=customer.pk, buyer=papers.professional(), is_monthly=True, actor=town.manager)
    return customer


def test_a_month_is_invoiced_at_once_for_who_wants_that(town):
    leek = town.variants["Poireaux"]
    orders = [town.place({leek: n}) for n in (1, 2)]
    customer = professional(town)
    SellerTerms.objects.create(seller=town.hub, moment="order")
    outbox.deliver_due(now=NOON)
    assert not Document.objects.exists()
    november = NOON + timedelta(days=30)

    assert (invoice_past_month(now=november), invoice_past_month(now=november)) == (1, 0)

    document = Document.objects.get()
    assert document.about == f"month:2026-10:{customer.pk}"
    assert [covered[1] for covered in document.content["covers"]] == [order.ref for order in orders]
    assert document.content["buyer"]["name"] == "Cantine Les Tilleuls"
    assert document.content["period"] == ["2026-10-01", "2026-10-31"]
    assert [extra["label"] for extra in document.content["extras"]].count("Adhésion") == 1
    assert document.total_minor == sum(Order.objects.values_list("total_minor", flat=True))
    assert BillingIdentity.objects.count() == 1


def test_an_order_cancelled_after_its_month_was_invoiced_leaves_the_rest_of_the_month(town):
    leek = town.variants["Poireaux"]
    kept, gone = (town.place({leek: n}) for n in (1, 2))
    customer = professional(town)
    month = {"hub_id": town.hub.pk, "customer_id": customer.pk, "month": date(2026, 10, 1)}
    invoice_month(**month, actor=town.manager, now=AFTER)
    cancel_order(order_id=gone.order_id, actor=town.manager, now=AFTER)
    outbox.deliver_due(now=AFTER)

    assert list(Document.objects.order_by("id").values_list("number", flat=True)) == [
        "F2026-00001",
        "A2026-00001",
        "F2026-00002",
    ]
    assert [row[1] for row in Document.objects.latest("id").content["covers"]] == [kept.ref]
    cancel_order(order_id=kept.order_id, actor=town.manager, now=AFTER)
    outbox.deliver_due(now=AFTER)
    assert sum(Document.objects.values_list("total_minor", flat=True)) == 0
    with pytest.raises(rules.NothingInMonth):
        invoice_month(**month, actor=town.manager, now=AFTER)


# ── Credits on invoiced orders ─────────────────────────────────────────────────────────────────────────────────────
def granted(town, placed, cents):
    order = Order.objects.get(pk=placed.order_id)
    return grant_credit(
        hub_id=town.hub.pk, customer_id=order.customer_id, amount=Money(cents, "EUR"), reason="Poireaux flétris",
        bearer_id=town.hub.pk, ref=order.ref, key=f"grant-{cents}", actor=town.manager, now=AFTER,
    )  # fmt: skip


def papers_of(placed):
    """What all documents of an order add up to, with the VAT in that, and how many there are."""
    rows = Document.objects.filter(about=f"order:{placed.ref}")
    return sum(row.total_minor for row in rows), sum(row.tax_minor for row in rows), rows.count()


def test_a_credit_lowers_the_invoice_by_a_credit_note_and_all_papers_add_up(town):
    placed = town.place({town.variants["Poireaux"]: 4, town.variants["Cidre"]: 2})
    issue(town, placed)
    whole, tax, _count = papers_of(placed)

    credit = granted(town, placed, 300)
    told = papers_of(placed)
    again = issue(town, placed)

    assert told == (whole - 300, tax - sum(part[2] for part in credit.parts), 2)
    assert (again.is_new, papers_of(placed)) == (False, told)
    note = Document.objects.get(is_partial=True)
    assert [line["name"] for line in note.content["lines"]] == ["Poireaux flétris"] * len(credit.parts)


def test_an_invoice_after_a_credit_holds_it_and_a_changed_or_cancelled_order_takes_back_what_is_left(town):
    placed = town.place({town.variants["Poireaux"]: 4, town.variants["Cidre"]: 2})
    granted(town, placed, 200)
    issue(town, placed)
    granted(town, placed, 100)
    at = {"order_id": placed.order_id, "actor": town.manager, "now": AFTER}
    change_quantities(quantities={town.variants["Cidre"].pk: 1}, **at)

    assert issue(town, placed).credit_note
    assert papers_of(placed)[0] == Order.objects.get().total_minor - 300

    cancel_order(**at)
    uninvoice(order_id=placed.order_id, now=AFTER)
    assert papers_of(placed)[:2] == (0, 0)
