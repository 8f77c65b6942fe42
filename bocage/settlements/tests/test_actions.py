"""From orders to a farm that is paid: to the cent, once, by who may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.commons.refusals import Forbidden, NotFound
from bocage.ledger.models import Entry
from bocage.ledger.queries import balance, entries_about
from bocage.network.models import Enterprise
from bocage.order_cycles.models import CycleFee
from bocage.orders.actions import cancel_order, change_quantities, set_final_weights
from bocage.orders.actions.accounts import grant_credit
from bocage.orders.models import Order, OrderLine
from bocage.orders.rules import FarmBearsForOrder
from bocage.orders.tests.make import NOON, actor, market
from bocage.pricing.models import EnterpriseFee
from bocage.settlements import actions, papers, queries, rules
from bocage.settlements.models import Contest, Frozen, Line, Payment, Statement
from bocage.settlements.tests.make import (
    CLOSED,
    LATER,
    account_of,
    approved,
    cents,
    drawn_up,
    euros,
    frozen,
    next_sale,
    total_of,
)

pytestmark = pytest.mark.django_db


def test_the_worked_example_of_adr_0020():
    """Two orders of leeks at 2.11, VAT 5.5 % included; the farm asks 0.30 for each order's transport without VAT."""
    place = market()
    leek = place.offer("Poireaux", "2.11")
    fee = EnterpriseFee.objects.create(
        enterprise=place.farm, calculator="per_item", name="Transport", kind="transport", tax="none", amount_minor=10
    )
    CycleFee.objects.create(cycle=place.cycle, fee=fee)
    place.place({leek: 3})  # 6.33 of which VAT 0.33, transport 0.30
    place.place({leek: 1})  # 2.11 of which VAT 0.11, transport 0.10
    assert account_of(place) == euros("8.00")  # goods without VAT: 6.00 + 2.00

    row = frozen(place)

    sheet = queries.statement(statement_id=row.pk, side_id=place.hub.pk, actor=place.manager)
    assert [(line.name, line.quantity, line.net, line.tax) for line in sheet.lines] == [
        ("Poireaux", 4, euros("8.00"), euros("0.44")),
        ("Transport", 0, euros("0.40"), euros("0.00")),
    ]
    assert sheet.row.total == euros("8.84") == account_of(place)
    [entry] = entries_about(f"settlement:{row.number}")
    assert {(one.kind, one.subject.partition(":")[0]): one.amount for one in entry.postings} == {
        ("producer", "producer"): -euros("0.84"),
        ("fees", "transport"): euros("0.40"),
        ("vat", "input"): euros("0.44"),
    }


def test_a_farm_that_is_not_liable_for_vat_gets_the_whole_price():
    place = market()
    Enterprise.objects.filter(id=place.farm.pk).update(is_vat_liable=False)
    place.place({place.offer("Poireaux", "2.11"): 3})

    row = frozen(place)

    assert total_of(row) == account_of(place) == euros("6.33")
    assert Line.objects.get(statement=row).tax_minor == 0


def test_a_hub_that_is_not_liable_passes_on_the_vat_that_customers_paid():
    place = market()
    Enterprise.objects.filter(id=place.hub.pk).update(is_vat_liable=False)
    place.place({place.offer("Poireaux", "2.11"): 3})

    frozen(place)

    assert account_of(place) == euros("6.33")
    assert balance(book_id=place.hub.pk, kind="vat", subject="vat:55000") == euros("0")


def test_what_changes_after_the_freezing_is_a_line_of_the_next_statement():
    place = market()
    leek = place.offer("Poireaux", "2.11")
    placed = place.place({leek: 3})
    first = frozen(place)
    change_quantities(order_id=placed.order_id, quantities={leek.pk: 1}, actor=place.manager, now=LATER)
    next_sale(place)
    place.place({leek: 2})

    second = frozen(place, now=LATER, at=LATER + timedelta(days=9))

    sheet = queries.statement(statement_id=second.pk, side_id=place.hub.pk, actor=place.manager)
    assert [(line.quantity, line.total) for line in sheet.goods] == [(2, euros("4.22"))]
    assert [(line.sale, line.quantity, line.total) for line in sheet.corrections] == [("Vente", -2, -euros("4.22"))]
    assert total_of(first) + total_of(second) == account_of(place)


def test_what_a_farm_is_left_owing_is_taken_off_its_next_statement():
    place = market()
    leek = place.offer("Poireaux", "2.11")
    placed = place.place({leek: 3})
    first = frozen(place)
    actions.settle_payment(statement_id=first.pk, amount=euros("6.33"), at=LATER, reference="V1", actor=place.manager)
    cancel_order(order_id=placed.order_id, actor=place.manager, now=LATER)
    next_sale(place)
    owing = frozen(place, now=LATER, at=LATER + timedelta(days=9))
    assert total_of(owing) == -euros("6.33")
    next_sale(place)
    place.place({leek: 5})

    last = frozen(place, now=LATER, at=LATER + timedelta(days=18))

    row = queries.statement(statement_id=last.pk, side_id=place.hub.pk, actor=place.manager).row
    assert (row.total, row.carried, row.left) == (euros("10.55"), -euros("6.33"), euros("4.22"))
    assert row.left == account_of(place)


def test_approving_twice_is_once_and_another_sum_than_was_shown_is_refused():
    place = market()
    leek = place.offer("Poireaux", "2.11")
    place.place({leek: 3})
    row = drawn_up(place)
    place.place({leek: 1}, actor=place.manager, now=CLOSED)

    with pytest.raises(rules.SumMoved), transaction.atomic():
        actions.approve(statement_id=row.pk, shown=euros("6.33"), actor=place.manager, now=CLOSED)
    for _ in range(2):
        actions.approve(statement_id=row.pk, shown=euros("8.44"), actor=place.manager, now=CLOSED)

    assert [(one.state, total_of(one)) for one in Statement.objects.all()] == [("approved", euros("8.44"))]


def test_a_farm_contests_a_line_the_hub_corrects_it_and_both_bear_what_was_agreed():
    place = market()
    farmer = actor("manager", on=place.farm)
    place.place({place.offer("Poireaux", "2.11"): 3})
    row = approved(place)
    line = Line.objects.get(statement=row)
    actions.contest(statement_id=row.pk, line_id=line.pk, reason="Cinq bottes", actor=farmer, now=CLOSED)
    with pytest.raises(rules.AnswerFirst), transaction.atomic():
        actions.agree(statement_id=row.pk, shown=euros("6.33"), actor=farmer, now=CLOSED)
    with pytest.raises(rules.WordsMissing), transaction.atomic():
        actions.answer(contest_id=Contest.objects.get().pk, correction=None, words=" ", actor=place.manager, now=CLOSED)
    actions.answer(
        contest_id=Contest.objects.get().pk,
        correction=euros("4.22"),
        words="C’est vrai",
        actor=place.manager,
        now=CLOSED,
    )

    actions.agree(statement_id=row.pk, shown=euros("10.55"), actor=farmer, now=CLOSED)

    assert account_of(place) == total_of(row) == euros("10.55")
    assert balance(book_id=place.hub.pk, kind="sales", subject="agreed") == euros("4.00")
    row.refresh_from_db()
    assert (row.state, row.number) == ("frozen", "R2026-00001")


def test_a_refusal_in_words_leaves_the_sum_and_the_hub_freezes_after_eight_days():
    place = market()
    farmer = actor("manager", on=place.farm)
    place.place({place.offer("Poireaux", "2.11"): 3})
    row = approved(place)
    actions.contest(
        statement_id=row.pk, line_id=Line.objects.get(statement=row).pk, reason="Cinq", actor=farmer, now=CLOSED
    )
    with pytest.raises(rules.AnswerFirst), transaction.atomic():
        actions.freeze(statement_id=row.pk, actor=place.manager, now=LATER)
    actions.answer(contest_id=Contest.objects.get().pk, correction=None, words="Trois", actor=place.manager, now=CLOSED)
    with pytest.raises(rules.TooEarly), transaction.atomic():
        actions.freeze(statement_id=row.pk, actor=place.manager, now=CLOSED)

    actions.freeze(statement_id=row.pk, actor=place.manager, now=LATER)

    assert total_of(row) == euros("6.33")


def test_a_frozen_statement_is_in_the_chain_of_the_book_and_the_database_keeps_it():
    place = market()
    place.place({place.offer("Poireaux", "2.11"): 3})
    row = frozen(place)

    kept = Frozen.objects.get(statement=row)
    assert rules.digest_of(kept.content) == kept.digest
    assert Entry.objects.filter(key=rules.entry_key(row.pk, kept.digest)).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Frozen.objects.update(digest="0")


def test_a_farm_is_paid_what_it_is_owed_once_and_never_more():
    place = market()
    place.place({place.offer("Poireaux", "2.11"): 3})
    row = frozen(place)
    pay = {"statement_id": row.pk, "at": LATER, "actor": place.manager}

    assert actions.settle_payment(amount=euros("6.00"), reference="V1", **pay)
    assert not actions.settle_payment(amount=euros("6.00"), reference="V1", **pay)
    with pytest.raises(rules.MoreThanOwed), transaction.atomic():
        actions.settle_payment(amount=euros("0.34"), reference="V2", **pay)
    assert actions.settle_payment(amount=euros("0.33"), reference="V2", **pay)

    assert account_of(place) == euros("0")
    assert Payment.objects.count() == 2
    assert queries.owed(hub_id=place.hub.pk, actor=place.manager)[0].stage == "paid"


def test_only_the_hubs_people_decide_only_the_farms_contest_and_others_see_nothing():
    place = market()
    place.place({place.offer("Poireaux", "2.11"): 3})
    row = drawn_up(place)
    farmer, stranger = actor("manager", on=place.farm), actor("manager", on=place.other_farm)
    with pytest.raises(NotFound):  # a farm sees nothing of a draft
        queries.statement(statement_id=row.pk, side_id=place.farm.pk, actor=farmer)
    actions.approve(statement_id=row.pk, shown=euros("6.33"), actor=place.manager, now=CLOSED)

    for someone in (farmer, stranger, actor("volunteer", on=place.hub)):
        with pytest.raises(Forbidden):
            actions.freeze(statement_id=row.pk, actor=someone, now=LATER)
        with pytest.raises(Forbidden):
            queries.owed(hub_id=place.hub.pk, actor=someone)
    for someone in (place.manager, stranger):
        with pytest.raises(Forbidden):
            actions.agree(statement_id=row.pk, shown=euros("6.33"), actor=someone, now=LATER)
    with pytest.raises(NotFound):
        queries.statement(statement_id=row.pk, side_id=place.other_farm.pk, actor=stranger)
    assert queries.statement(statement_id=row.pk, side_id=place.farm.pk, actor=farmer).row.total == euros("6.33")
    assert queries.received(producer_id=place.other_farm.pk, actor=stranger) == []


def test_nothing_is_drawn_up_while_the_sale_takes_orders_nor_for_the_hubs_own_goods():
    place = market()
    place.place({place.offer("Poireaux", "2.11"): 3})

    with pytest.raises(rules.SaleStillOpen):
        drawn_up(place, now=NOON)
    assert drawn_up(place, farm=place.hub) is None


@pytest.mark.parametrize("orders", [1, 3])
def test_queries_are_constant_in_orders_and_farms(orders, django_assert_num_queries):
    place = market()
    leek, bread = place.offer("Poireaux", "2.11"), place.offer("Pain", "4.00", farm=place.other_farm)
    for _ in range(orders):
        place.place({leek: 1, bread: 1} if orders > 1 else {leek: 1})
    drawn_up(place)

    with django_assert_num_queries(18):
        drawn_up(place)
    with django_assert_num_queries(1):
        queries.owed(hub_id=place.hub.pk, actor=place.manager)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["order", "change", "cancel", "weigh"]), st.integers(1, 6), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_over_several_sales_nothing_is_stated_twice_or_lost(db, moves):
    place = market()
    leek = place.offer("Poireaux", "2.11", size=500, is_weighed=True)
    placed = [place.place({leek: 2})]
    now, stated = CLOSED, cents(0)
    for what, number, is_stated in moves:
        order = placed[number % len(placed)]
        if what == "order":
            placed.append(place.place({leek: number}, actor=place.manager, now=now))
        elif what == "change":
            change_quantities(order_id=order.order_id, quantities={leek.pk: number}, actor=place.manager, now=now)
        elif what == "weigh":
            line = OrderLine.objects.get(order_id=order.order_id)
            grams = {line.pk: 400 * line.quantity + number}
            set_final_weights(order_id=order.order_id, weights=grams, actor=place.manager, now=now)
        elif len(placed) > 1:
            cancel_order(order_id=placed.remove(order) or order.order_id, actor=place.manager, now=now)
        if is_stated:
            if drawn_up(place, now=now):
                stated += total_of(frozen(place, now=now, at=now + timedelta(days=9)))
            next_sale(place)
        now += timedelta(days=10)
    for _ in range(2):  # what moved last, then nothing more
        if drawn_up(place, now=now):
            stated += total_of(frozen(place, now=now, at=now + timedelta(days=9)))
        next_sale(place)

    lines = OrderLine.objects.filter(order__hub=place.hub, order__state="placed")
    assert stated == cents(sum(line.goods_minor for line in lines)) == account_of(place)


def test_a_credit_that_a_farm_bears_is_on_its_statement_and_leaves_its_account_even():
    place = market()
    leek = place.offer("Poireaux", "2.11")
    order = Order.objects.get(ref=place.place({leek: 3}).ref)
    act = {"hub_id": place.hub.pk, "customer_id": order.customer_id, "bearer_id": place.farm.pk, "actor": place.manager}

    with pytest.raises(FarmBearsForOrder):
        grant_credit(amount=euros("2.11"), reason="Gelés", key="a", now=CLOSED, **act)
    grant_credit(amount=euros("2.11"), reason="Gelés", key="b", ref=order.ref, now=CLOSED, **act)
    row = frozen(place)

    assert total_of(row) == account_of(place) == euros("4.22")
    line = Line.objects.get(statement=row, kind="credit")
    assert (line.name, line.net_minor, line.tax_minor) == ("Gelés", -200, -11)
    sheet = queries.statement(statement_id=row.pk, side_id=place.hub.pk, actor=place.manager)
    assert sheet.parts == [("goods", euros("6.00")), ("credits", -euros("2.00"))]
    assert sum(one["amount"].minor for one in papers.sums(sheet)) == sheet.row.total.minor


def test_a_credit_granted_after_the_statement_is_taken_off_the_next_one():
    place = market()
    leek = place.offer("Poireaux", "2.11")
    order = Order.objects.get(ref=place.place({leek: 3}).ref)
    frozen(place)
    grant_credit(
        hub_id=place.hub.pk, customer_id=order.customer_id, bearer_id=place.farm.pk, actor=place.manager, key="b",
        amount=euros("2.11"), reason="Gelés", ref=order.ref, now=LATER,
    )  # fmt: skip
    next_sale(place)
    place.place({leek: 1})

    row = frozen(place, now=LATER, at=LATER + timedelta(days=9))

    assert total_of(row) == euros("0.00")
    assert account_of(place) == euros("6.33")
