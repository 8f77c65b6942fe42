"""The pages of a shop and of the cooperative, and what is done on them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bocage.cooperative.contributions.actions import asking, billing, closing, plans
from bocage.cooperative.contributions.models import (
    Bill,
    Contest,
    InstalmentPlan,
    Notice,
    Payment,
    PlanSubscription,
    Pledge,
    SolidarityGrant,
    Statement,
)
from bocage.cooperative.contributions.queries import pages
from bocage.cooperative.contributions.queries.drafting import held_in
from bocage.cooperative.contributions.rules import CommitteeTooSmall, NotKindEnough, TextChanged, TooLateToContest
from bocage.cooperative.contributions.rules.months import Month
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.cooperative.contributions.tests import make
from bocage.invoicing.models import Document, Paper
from bocage.messages.models import Message
from bocage.network.models import Instance, Person
from bocage.orders.tests.make import NOON

pytestmark = pytest.mark.django_db
PROPOSED, CLOSED = datetime(2026, 11, 3, 3, 0, tzinfo=UTC), datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
OCTOBER = "2026-10"


@pytest.fixture
def commons(settings):
    settings.DEMO = False
    made = make.commons()
    Instance.objects.update(host="testserver", language="en")
    leek = made.market.offer("Poireaux", "1055.00")
    made.placed = made.market.place({leek: 1})
    return made


def signed_in(actor):
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(id=actor.person_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(commons, name, *more):
    return reverse(f"contributions:{name}", args=[commons.market.hub.slug, *more])


def now_is(monkeypatch, moment):
    monkeypatch.setattr("bocage.infra.clock.now", lambda: moment)


def test_the_statement_shows_each_line_and_what_it_comes_to(commons, monkeypatch):
    now_is(monkeypatch, datetime(2026, 10, 20, 9, 0, tzinfo=UTC))

    shown = signed_in(commons.manager).get(at(commons, "live")).content.decode()

    assert commons.placed.ref in shown
    for words in ("€1,000.00", "€10.00", "€2.00", "€12.00", "1 % of the online turnover"):
        assert words in shown


def test_a_proposed_line_is_asked_about_answered_and_closed(commons, monkeypatch):
    closing.propose_due(now=PROPOSED)
    now_is(monkeypatch, PROPOSED)
    client = signed_in(commons.manager)
    ask = at(commons, "ask", OCTOBER, commons.placed.order_id)

    assert "Ask about it" in client.get(at(commons, "statement", OCTOBER)).content.decode()
    client.post(ask, {"words": "Annulée par téléphone"})
    assert "€0.00" in client.get(at(commons, "statement", OCTOBER)).content.decode()

    treasurer = signed_in(commons.treasurer)
    assert "Annulée par téléphone" in treasurer.get(reverse("contributions:desk")).content.decode()
    answer = reverse("contributions:answer", args=[Contest.objects.get().pk])
    treasurer.post(answer, {"answer": "stays", "words": "Elle a été remise le 9"})
    assert "Elle a été remise le 9" in client.get(at(commons, "statement", OCTOBER)).content.decode()
    closing.close_due(now=CLOSED)
    assert Statement.objects.get().net_minor == 1000


def test_after_seven_days_it_is_too_late_to_ask(commons):
    closing.propose_due(now=PROPOSED)
    asked = {"statement_id": Statement.objects.get().pk, "order_id": commons.placed.order_id, "words": "?"}

    with pytest.raises(TooLateToContest):
        asking.contest(**asked, actor=commons.manager, now=PROPOSED + timedelta(days=7))
    asking.contest(**asked, actor=commons.manager, now=PROPOSED + timedelta(days=6))


def billed(commons):
    closing.close_due(now=CLOSED)
    assert billing.invoice_closed(now=CLOSED) == 1
    return Bill.objects.get()


def test_a_closed_month_is_invoiced_once_in_a_series_of_its_own_as_factur_x(commons, monkeypatch):
    bill = billed(commons)
    document = Document.objects.get()

    assert billing.invoice_closed(now=CLOSED) == 0
    assert (bill.number, bill.total_minor, bill.due_on) == ("CT-2026-000001", 1200, date(2026, 12, 10))
    assert (document.net_minor, document.tax_minor, document.seller_id) == (
        1000,
        200,
        commons.cooperative.enterprise_id,
    )
    assert Statement.objects.get().state == "invoiced"
    paper = Paper.objects.get()
    assert bytes(paper.pdf).startswith(b"%PDF") and b"CrossIndustryInvoice" in bytes(paper.xml)
    now_is(monkeypatch, CLOSED)
    client = signed_in(commons.manager)
    assert client.get(at(commons, "pdf", bill.number)).content == bytes(paper.pdf)
    assert bill.reference in client.get(at(commons, "live")).content.decode()


def test_small_sums_wait_for_five_euros_or_december(commons):
    Statement.objects.all().delete()
    row = {"shop": commons.market.hub, "version": commons.p1, "state": "closed", "proposed_at": NOON, "shown_minor": 0,
           "carry_in_minor": 0, "carry_out_minor": 0, "would_minor": 0, "sales_minor": 0, "base_minor": 0}  # fmt: skip
    Statement.objects.create(month=date(2026, 10, 1), net_minor=130, tax_minor=26, total_minor=156, **row)
    Statement.objects.create(month=date(2026, 11, 1), net_minor=100, tax_minor=20, total_minor=120, **row)

    assert billing.invoice_closed(now=CLOSED) == 0
    Statement.objects.create(month=date(2026, 12, 1), net_minor=100, tax_minor=20, total_minor=120, **row)
    assert billing.invoice_closed(now=CLOSED) == 1
    assert Bill.objects.get().total_minor == 396
    assert set(Statement.objects.values_list("state", flat=True)) == {"invoiced"}


def test_a_payment_in_two_parts_and_the_same_one_twice(commons):
    bill = billed(commons)
    came = {"bill_id": bill.pk, "means": "transfer", "on": CLOSED.date(), "actor": commons.treasurer, "now": CLOSED}

    assert billing.record_payment(**came, amount_minor=500, key="a")
    assert not billing.record_payment(**came, amount_minor=500, key="a")
    assert Statement.objects.get().state == "partly_paid"
    billing.record_payment(**came, amount_minor=700, key="b")
    assert (Statement.objects.get().state, Payment.objects.count()) == ("paid", 2)


def test_what_the_treasurer_types_is_kept_when_it_is_not_taken_and_the_same_twice_is_said(commons, monkeypatch):
    bill, desk = billed(commons), signed_in(commons.treasurer)
    now_is(monkeypatch, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    typed = {"prefix": f"b{bill.pk}", f"b{bill.pk}-bill_id": bill.pk, f"b{bill.pk}-on": "2026-11-19"}

    def noted(amount):
        typed[f"b{bill.pk}-amount"] = amount
        answer = desk.post(reverse("contributions:payment"), {**typed, f"b{bill.pk}-note": "By transfer"}, follow=True)
        return answer.status_code, answer.content.decode()

    for wrong in ("", "-1", "99999999999999999999", "12.01", "1,234"):
        status, shown = noted(wrong)
        assert status == 422 and "By transfer" in shown
    assert "at most €12.00" in noted("12.01")[1]
    assert Payment.objects.count() == 0
    assert "Noted." in noted("5")[1]
    assert "nothing was added" in noted("5")[1]
    assert Bill.objects.get().paid_minor == 500


def test_a_restriction_is_decided_on_the_desk_once_the_letter_was_written(commons, monkeypatch):
    bill, desk = billed(commons), signed_in(commons.chair)
    late = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
    now_is(monkeypatch, late)
    words = {f"r{bill.pk}-reasons": "Sans réponse", f"r{bill.pk}-committee": "Anne, Yann"}
    address = reverse("contributions:restriction", args=[bill.pk])

    assert address not in desk.get(reverse("contributions:desk")).content.decode()
    for step in ("friendly", "second", "call", "letter"):
        Notice.objects.create(bill=bill, step=step, on=late.date())
    assert address in desk.get(reverse("contributions:desk")).content.decode()
    two = desk.post(address, words)
    assert two.status_code == 422 and "Sans réponse" in two.content.decode()
    desk.post(address, {**words, f"r{bill.pk}-committee": "Anne, Yann, Soizic"})

    shown = pages.standing(shop_id=commons.market.hub.pk, actor=commons.manager, now=late)
    assert (shown.restricted_from, shown.reasons) == (date(2027, 5, 31), "Sans réponse")
    billing.credit_bill(bill_id=bill.pk, actor=commons.treasurer, now=late)
    assert not pages.standing(shop_id=commons.market.hub.pk, actor=commons.manager, now=late).reasons


def test_an_invoice_is_taken_back_by_a_credit_note(commons):
    bill = billed(commons)

    assert billing.credit_bill(bill_id=bill.pk, actor=commons.treasurer, now=CLOSED) == "CTA-2026-000001"
    assert Statement.objects.get().state == "credited"


def test_kind_words_are_written_by_us_and_spoken_by_people(commons):
    bill = billed(commons)
    Message.objects.all().delete()
    due = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)

    assert billing.remind_due(now=due + timedelta(days=6)) == 0
    assert billing.remind_due(now=due + timedelta(days=7)) == 1
    assert billing.remind_due(now=due + timedelta(days=8)) == 0
    assert billing.remind_due(now=due + timedelta(days=21)) == 1
    assert billing.remind_due(now=due + timedelta(days=100)) == 0  # a person's turn
    billing.log_notice(
        bill_id=bill.pk, step="call", words="Elle rappelle", actor=commons.treasurer, now=due + timedelta(days=45)
    )
    assert list(Notice.objects.order_by("id").values_list("step", flat=True)) == ["friendly", "second", "call"]
    assert Notice.objects.get(step="call").by_name == commons.treasurer.name


def test_no_shop_is_restricted_before_all_was_tried(commons):
    bill = billed(commons)
    late = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
    decided = {"bill_id": bill.pk, "reasons": "Sans réponse", "actor": commons.chair}
    committee = {"committee": ["Anne", "Yann", "Soizic"]}

    with pytest.raises(CommitteeTooSmall):
        billing.restrict(**decided, committee=["Anne", "Yann", "anne"], now=late)
    with pytest.raises(NotKindEnough):
        billing.restrict(**decided, **committee, now=late)
    for step in ("friendly", "second", "call", "letter"):
        Notice.objects.create(bill=bill, step=step, on=late.date())
    assert billing.restrict(**decided, **committee, now=late) == date(2027, 5, 31)


def test_instalments_are_agreed_by_one_click_and_quiet_the_reminders(commons, monkeypatch):
    bill = billed(commons)
    now_is(monkeypatch, datetime(2026, 12, 20, 9, 0, tzinfo=UTC))

    signed_in(commons.manager).post(at(commons, "instalments", bill.pk), {"count": 3})

    assert [part for _, part in InstalmentPlan.objects.get().parts] == [400, 400, 400]
    assert billing.remind_due(now=datetime(2026, 12, 21, 9, 0, tzinfo=UTC)) == 0


def test_a_plan_is_chosen_by_the_text_that_was_read_from_the_next_month_on(commons):
    chosen = {"shop_id": commons.market.hub.pk, "version_id": commons.free.pk, "actor": commons.manager}

    with pytest.raises(TextChanged):
        plans.choose_plan(**chosen, text_hash="…", now=NOON)
    last_day = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)  # half past eleven in the evening there
    assert plans.choose_plan(**chosen, text_hash=commons.free.text_hash, now=last_day) == date(2026, 11, 1)
    hub = commons.market.hub.pk
    assert held_in([hub], Month(date(2026, 10, 1)))[hub].code == "p1"
    assert held_in([hub], Month(date(2026, 11, 1)))[hub].code == "free"


def test_the_free_screen_suggests_and_preselects_nothing(commons, monkeypatch):
    now_is(monkeypatch, datetime(2026, 10, 20, 9, 0, tzinfo=UTC))
    client = signed_in(commons.manager)

    shown = client.get(at(commons, "free")).content.decode()
    assert all(amount in shown for amount in ("€5.00", "€10.00", "€15.00"))
    assert 'name="amount" value' not in shown.replace("\n", " ")
    client.post(at(commons, "free"), {"amount": "30", "is_standing": "on"})
    assert Pledge.objects.values_list("amount_minor", "month").get() == (3000, date(2026, 10, 1))
    assert "30" in client.get(at(commons, "free")).content.decode()


def test_a_free_amount_has_its_vat_in_it(commons):
    make.subscribe(commons.market.hub, commons.free, date(2026, 10, 1))
    plans.pledge(shop_id=commons.market.hub.pk, amount_minor=3000, is_standing=True, actor=commons.manager, now=NOON)

    closing.close_due(now=datetime(2026, 12, 11, tzinfo=UTC))

    assert list(Statement.objects.order_by("month").values_list("net_minor", "tax_minor")) == [(2500, 500)] * 2


def test_solidarity_is_granted_by_three_and_seen_by_the_committee_alone(commons, monkeypatch):
    now_is(monkeypatch, NOON)
    signed_in(commons.manager).post(at(commons, "solidarity"), {"words": "Grêle en juin"})
    asked = SolidarityGrant.objects.get()
    decided = {
        "grant_id": asked.pk,
        "percent": 50,
        "months": 3,
        "reply": "Courage",
        "actor": commons.chair,
        "now": NOON,
    }

    with pytest.raises(CommitteeTooSmall):
        asking.decide_solidarity(**decided, committee=["Anne"])
    asking.decide_solidarity(**decided, committee=["Anne", "Yann", "Soizic"])
    closing.close_due(now=CLOSED)

    assert Statement.objects.values_list("net_minor", "would_minor", "relief_percent").get() == (500, 1000, 50)
    asking_shop = {"shop_id": commons.market.hub.pk, "actor": commons.manager}
    held = [pages.standing(**asking_shop, now=NOON + timedelta(days=days)).percent for days in (0, 80, 100)]
    assert held == [50, 50, 0]


def test_a_dearer_tariff_leaves_the_silent_free_and_a_lower_one_is_for_all(commons):
    closing.close_due(now=CLOSED)
    adopted = {
        "plan_id": commons.p1.plan_id,
        "text": "2 %",
        "decision": "Vote 12",
        "actor": commons.chair,
        "now": CLOSED,
    }
    dear = plans.adopt_version(**adopted, tariff=Tariff(rate=20_000), adopted_on=CLOSED.date())
    begins = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)  # sixty days from 10 November: 9 January

    assert plans.enact_due(now=begins - timedelta(days=1)) == 0
    assert plans.enact_due(now=begins) == 1
    assert plans.enact_due(now=begins) == 0
    last = PlanSubscription.objects.latest("id")
    assert (last.version_id, last.why, last.since) == (commons.free.pk, "silent", date(2027, 2, 1))
    assert Pledge.objects.values_list("amount_minor", flat=True).get() == 1200

    other = make.make.enterprise(commons.market.instance, "Autre", sells="any")
    make.subscribe(other, commons.p1.__class__.objects.get(id=dear))
    low = plans.adopt_version(**(adopted | {"now": begins}), tariff=Tariff(rate=5_000), adopted_on=begins.date())
    assert plans.enact_due(now=begins + timedelta(days=120)) == 1
    assert PlanSubscription.objects.filter(shop=other).latest("id").version_id == low


def test_who_accepted_a_dearer_tariff_contributes_by_it(commons):
    adopted = {
        "plan_id": commons.p1.plan_id,
        "text": "2 %",
        "decision": "Vote 12",
        "actor": commons.chair,
        "now": CLOSED,
    }
    dear = plans.adopt_version(**adopted, tariff=Tariff(rate=20_000), adopted_on=CLOSED.date())
    text_hash = commons.p1.__class__.objects.get(id=dear).text_hash

    since = plans.choose_plan(
        shop_id=commons.market.hub.pk, version_id=dear, text_hash=text_hash, actor=commons.manager, now=CLOSED
    )

    assert since == date(2027, 2, 1)
    assert plans.enact_due(now=datetime(2027, 2, 3, tzinfo=UTC)) == 0


def test_the_desk_lists_months_and_tries_other_terms(commons, monkeypatch):
    bill = billed(commons)
    now_is(monkeypatch, CLOSED)
    treasurer = signed_in(commons.treasurer)

    assert bill.number in treasurer.get(reverse("contributions:desk")).content.decode()
    assert commons.market.hub.name in treasurer.get(reverse("contributions:month", args=[OCTOBER])).content.decode()
    assert "€20.00" in treasurer.get(reverse("contributions:tariff"), {"rate": "2"}).content.decode()
    paid = {
        "prefix": f"b{bill.pk}",
        f"b{bill.pk}-bill_id": bill.pk,
        f"b{bill.pk}-amount": "12",
        f"b{bill.pk}-on": "2026-11-10",
    }
    treasurer.post(reverse("contributions:payment"), paid)
    assert Bill.objects.get().paid_minor == 1200


def test_a_month_as_csv_adds_up(commons, monkeypatch):
    now_is(monkeypatch, datetime(2026, 10, 20, 9, 0, tzinfo=UTC))

    table = signed_in(commons.manager).get(at(commons, "csv", OCTOBER)).content.decode()

    assert f"2026-10-09,{commons.placed.ref},sale,1000.00,yes," in table
    assert ",,total,12.00,," in table


def test_a_volunteer_sees_no_statement(commons):
    volunteer = make.make.actor("volunteer", on=commons.market.hub)

    assert signed_in(volunteer).get(at(commons, "live")).status_code == 403


def test_mail_about_a_proposal_is_in_the_readers_language(commons):
    closing.propose_due(now=PROPOSED)

    assert billing.tell_proposed(now=PROPOSED) == 1
    assert billing.tell_proposed(now=PROPOSED) == 0
    assert "€12.00" in Message.objects.get().text


def test_what_is_wrong_is_summed_up_once(commons, monkeypatch):
    now_is(monkeypatch, NOON)
    client, tariff = signed_in(commons.manager), reverse("contributions:tariff")

    answers = [client.post(at(commons, name), {}) for name in ("free", "solidarity")]
    answers.append(signed_in(commons.treasurer).get(tariff, {"rate": "99999999999999999999"}))

    assert [answer.status_code for answer in answers] == [422] * 3
    assert [answer.content.decode().count('class="form-errors"') for answer in answers] == [1] * 3
