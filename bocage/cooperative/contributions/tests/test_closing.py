"""A month from its orders to its seal."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bocage.cooperative.contributions.actions import closing
from bocage.cooperative.contributions.models import Bill, Contest, Restriction, Seal, Statement, StatementLine
from bocage.cooperative.contributions.queries.checking import broken_seals
from bocage.cooperative.contributions.queries.drafting import drafts, zone_of
from bocage.cooperative.contributions.rules import Restricted
from bocage.cooperative.contributions.rules.months import Month
from bocage.cooperative.contributions.tests import make
from bocage.infra.frozen import thawed
from bocage.order_cycles.actions import create_cycle
from bocage.orders import actions as orders
from bocage.orders.actions import accounts
from bocage.orders.models import Order
from bocage.orders.tests.make import NOON

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(date(2026, 10, 1)), Month(date(2026, 11, 1))
PROPOSED, CLOSED = datetime(2026, 11, 3, 3, 0, tzinfo=UTC), datetime(2026, 11, 10, 3, 0, tzinfo=UTC)


@pytest.fixture
def commons():
    made = make.commons()
    made.market.offer("Poireaux", "10.55")
    return made


def draft(commons, month=OCTOBER):
    [one] = drafts(commons.cooperative, [commons.market.hub.pk], month, zone_of(commons.cooperative))
    return one


def place(commons, units=1, **fields):
    market = commons.market
    return market.place({market.variants["Poireaux"]: units}, **fields)


def test_a_month_counts_goods_and_fees_without_vat_and_neither_delivery_nor_transport(commons):
    commons.market.charge("flat", amount_minor=320)
    commons.market.charge("flat", amount_minor=150, kind="transport")
    market = commons.market
    market.place({market.variants["Poireaux"]: 1}, delivery_method_id=market.delivery.pk,
                 address=make.make.Delivered("2 rue", "", "61000", "Malvran"))  # fmt: skip

    found = draft(commons)

    assert [(line.kind, line.net, line.why) for line in found.lines] == [("sale", 1000 + 320, "")]
    assert (found.base, found.due.net, found.due.tax) == (1320, 13, 3)


def test_what_the_manager_types_is_shown_and_does_not_count(commons):
    place(commons)
    market = commons.market
    place(commons, 2, actor=market.manager)

    found = draft(commons)

    assert sorted((line.net, line.why) for line in found.lines) == [(1000, ""), (2000, "backoffice")]
    assert (found.sales, found.shown) == (1000, 2000)


def test_a_line_taken_out_after_the_hand_over_is_a_negative_line_of_its_month(commons):
    placed = place(commons, 3)
    [variant] = commons.market.variants.values()
    later = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
    orders.change_quantities(order_id=placed.order_id, quantities={variant.pk: 2}, actor=commons.manager, now=later)

    assert draft(commons).sales == 3000
    closing.close_due(now=CLOSED)
    november = draft(commons, NOVEMBER)

    assert [(line.kind, line.net, line.on) for line in november.lines] == [("change", -1000, date(2026, 11, 4))]
    assert (november.base, november.carry_out, november.due.total) == (0, -1000, 0)


def test_an_order_cancelled_after_its_month_closed_takes_the_whole_of_it_back(commons):
    placed = place(commons, 3)
    closing.close_due(now=CLOSED)
    orders.cancel_order(order_id=placed.order_id, actor=commons.manager, now=CLOSED + timedelta(days=1))

    assert [(line.kind, line.net) for line in draft(commons, NOVEMBER).lines] == [("change", -3000)]


def test_without_a_day_of_hand_over_a_sale_counts_a_week_after_its_cycle_closed(commons):
    place(commons)
    Order.objects.update(hand_over_from=None)  # closed on 8 October

    assert [line.on for line in draft(commons).lines] == [date(2026, 10, 15)]


def test_the_trial_begins_with_the_first_sale_and_says_what_it_would_have_been():
    commons = make.commons(is_begun=False)
    commons.market.offer("Poireaux", "10.55")
    place(commons, 10)

    found = draft(commons)

    assert (found.is_trial, found.due.total, found.would) == (True, 0, 100)
    assert found.trial_until == date(2027, 1, 9)
    assert [line.why for line in found.lines] == ["trial"]


def test_proposing_then_closing_freezes_lines_and_chains_the_figures(commons):
    place(commons, 3)

    assert closing.close_due(now=PROPOSED) == 0
    assert closing.propose_due(now=PROPOSED) == 1
    assert Statement.objects.get().state == "proposed"
    assert not StatementLine.objects.exists()
    assert closing.close_due(now=CLOSED) == 1
    assert closing.close_due(now=CLOSED) == closing.propose_due(now=CLOSED) == 0

    statement = Statement.objects.get()
    assert (statement.state, statement.base_minor, statement.net_minor, statement.total_minor) == (
        "closed",
        3000,
        30,
        36,
    )
    assert StatementLine.objects.count() == Seal.objects.count() == 1
    assert broken_seals(instance_id=commons.cooperative.pk) == []


def test_after_a_stop_all_months_are_closed_in_their_order(commons):
    place(commons, 3)

    assert closing.close_due(now=datetime(2027, 1, 15, tzinfo=UTC)) == 3
    assert list(Seal.objects.order_by("number").values_list("statement__month", flat=True)) == [
        date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contributions_statementline SET net_minor = 1",
        "DELETE FROM contributions_seal",
        "DELETE FROM contributions_statementline",
    ],
)
def test_the_database_refuses_to_touch_what_is_closed(commons, sql):
    place(commons, 3)
    closing.close_due(now=CLOSED)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_changed_byte_is_found(commons):
    place(commons, 3)
    closing.close_due(now=CLOSED)
    with thawed():
        StatementLine.objects.update(why="trial")

    assert broken_seals(instance_id=commons.cooperative.pk) == [1]


def test_a_figure_that_was_moved_is_found(commons):
    place(commons, 3)
    closing.close_due(now=CLOSED)
    Statement.objects.update(net_minor=29, total_minor=35)

    assert broken_seals(instance_id=commons.cooperative.pk) == [1]


def contest(statement, placed, **fields):
    values = {"words": "Deux fois le même", "by_name": "Nolwenn", "at": PROPOSED} | fields
    return Contest.objects.create(statement=statement, order_id=placed.order_id, **values)


def test_a_line_asked_about_waits_and_comes_back_when_it_stays(commons):
    placed = place(commons, 3)
    closing.propose_due(now=PROPOSED)
    asked = contest(Statement.objects.get(), placed)

    assert [(line.why, line.net) for line in draft(commons).lines] == [("contested", 3000)]
    closing.close_due(now=CLOSED)
    assert Statement.objects.get().base_minor == 0
    assert draft(commons, NOVEMBER).lines == ()

    asked.answer, asked.answered_at = Contest.Answer.STAYS, CLOSED + timedelta(days=2)
    asked.save()
    assert [(line.kind, line.net, line.why) for line in draft(commons, NOVEMBER).lines] == [("change", 3000, "")]


def test_reading_takes_as_many_queries_for_many_orders_as_for_one(commons, django_assert_num_queries):
    place(commons)
    zone = zone_of(commons.cooperative)
    with connection.execute_wrapper(counting := Counting()):
        drafts(commons.cooperative, [commons.market.hub.pk], OCTOBER, zone)
    first = counting.count
    for _ in range(3):
        place(commons)

    with django_assert_num_queries(first):
        drafts(commons.cooperative, [commons.market.hub.pk], OCTOBER, zone)


class Counting:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def test_orders_that_nobody_paid_yet_are_not_there(commons):
    place(commons)
    Order.objects.update(state="awaiting", pay_by=NOON)

    assert draft(commons).lines == ()


def test_a_sale_whose_hand_over_is_moved_to_the_next_month_is_not_counted_twice(commons):
    place(commons, 3)
    closing.close_due(now=CLOSED)
    Order.objects.update(hand_over_from=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))

    assert draft(commons, NOVEMBER).sales == 0


def test_a_shop_whose_restriction_holds_opens_no_new_cycle_and_goes_on_with_all_else(commons):
    day = date(2026, 10, 1)
    bill = Bill.objects.create(
        shop=commons.market.hub, number="CT-1", total_minor=5000, issued_on=day, due_on=day, reference="RF1"
    )
    told = {"reasons": "…", "committee": "A, B, C", "decided_on": day}
    Restriction.objects.create(bill=bill, shop=commons.market.hub, starts_on=NOON.date(), **told)
    cycle = {"coordinator_id": commons.market.hub.pk, "name": "Vente", "opens_at": NOON, "actor": commons.manager}

    with pytest.raises(Restricted):
        create_cycle(**cycle, closes_at=NOON + timedelta(days=1), now=NOON)
    place(commons)

    Bill.objects.update(paid_minor=5000)
    assert create_cycle(**cycle, closes_at=NOON + timedelta(days=1), now=NOON)


def test_a_credit_for_an_order_is_a_negative_line_without_its_vat(commons):
    placed = place(commons, 3)
    customer_id = Order.objects.values_list("customer_id", flat=True).get()
    accounts.grant_credit(
        hub_id=commons.market.hub.pk, customer_id=customer_id, amount=make.make.euros("10.55"), reason="Abîmé", key="c1",
        bearer_id=commons.market.hub.pk, ref=placed.ref, actor=commons.manager, now=datetime(2026, 10, 12, 9, tzinfo=UTC),
    )  # fmt: skip

    assert [(line.kind, line.net, line.on.day) for line in draft(commons).lines] == [
        ("sale", 3000, 9),
        ("change", -1000, 12),
    ]
