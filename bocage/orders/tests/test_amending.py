"""Changing, weighing, cancelling, paying: the contract changes by its own terms and the ledger follows to the cent."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.commons.refusals import Forbidden, NotFound
from bocage.ledger.models import Posting
from bocage.ledger.queries import due_by_reference
from bocage.network.rules import GUEST
from bocage.orders import rules
from bocage.orders.actions import (
    cancel_order,
    change_quantities,
    record_payment,
    refund,
    resume_order,
    set_final_weights,
)
from bocage.orders.models import Charge, Order, OrderLine
from bocage.orders.queries import link_token
from bocage.orders.queries.lists import hub_orders, my_orders
from bocage.orders.queries.pages import order_page
from bocage.orders.tests import make
from bocage.orders.tests.make import NOON, euros
from bocage.stock.rules import NotEnoughStock

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def market():
    return make.market()


def due(placed) -> int:
    about = f"order:{placed.ref}"
    return due_by_reference(kind="customer", abouts=[about]).get(about, 0)


def assert_adds_up(placed) -> None:
    """Order total = lines + order charges = what the ledger says is owed for it, and every entry balances."""
    order = Order.objects.get(pk=placed.order_id)
    lines = sum(OrderLine.objects.filter(order=order).values_list("total_minor", flat=True))
    charges = Charge.objects.filter(order=order, line__isnull=True)
    assert order.total_minor == lines + sum(
        row.amount_minor + (0 if row.tax_is_included else row.tax_minor) for row in charges
    )
    assert due(placed) == (0 if order.state == "cancelled" else order.total_minor)
    assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0


def test_a_customer_changes_quantities_by_their_link_until_closing(market):
    leek, honey = market.offer("Poireaux", "2.00", stock=10), market.offer("Miel", "7.00", stock=5)
    placed = market.place({leek: 2, honey: 1})

    change_quantities(
        order_id=placed.order_id, quantities={leek.pk: 5, honey.pk: 0}, actor=GUEST, now=LATER, token=placed.token
    )

    assert Order.objects.get(pk=placed.order_id).total_minor == 1000
    assert (market.on_hand(leek), market.on_hand(honey)) == (5, 5)
    assert_adds_up(placed)


def test_a_line_that_stays_keeps_the_price_and_fees_agreed_when_it_was_ordered(market):
    leek = market.offer("Poireaux", "2.00")
    fee = market.charge("per_item", amount_minor=20)
    placed = market.place({leek: 1})
    fee.amount_minor = 90
    fee.save()
    leek.price_minor = 300
    leek.save()

    change_quantities(order_id=placed.order_id, quantities={leek.pk: 3}, actor=market.manager, now=LATER)

    assert Order.objects.get(pk=placed.order_id).total_minor == 3 * 220
    assert_adds_up(placed)


def test_a_new_line_is_priced_as_offered_now(market):
    leek, honey = market.offer("Poireaux", "2.00"), market.offer("Miel", "7.00")
    placed = market.place({leek: 1})

    change_quantities(order_id=placed.order_id, quantities={honey.pk: 1}, actor=market.manager, now=LATER)

    assert Order.objects.get(pk=placed.order_id).total_minor == 900
    assert_adds_up(placed)


def test_only_the_extra_units_need_to_be_in_stock(market):
    """Domain 05 §13 example 18."""
    leek = market.offer("Poireaux", "2.00", stock=5)
    placed = market.place({leek: 3})

    change_quantities(order_id=placed.order_id, quantities={leek.pk: 5}, actor=market.manager, now=LATER)
    with pytest.raises(NotEnoughStock):
        change_quantities(order_id=placed.order_id, quantities={leek.pk: 6}, actor=market.manager, now=LATER)

    assert (market.on_hand(leek), OrderLine.objects.get().quantity) == (0, 5)


def test_the_last_line_cannot_be_taken_out(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 3})

    with pytest.raises(rules.LastLine):
        change_quantities(order_id=placed.order_id, quantities={leek.pk: 0}, actor=market.manager, now=LATER)


@pytest.mark.parametrize("change", ["closed", "not allowed", "cancelled"])
def test_a_customer_changes_nothing_once_closed_or_not_allowed_or_cancelled(market, change):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 3})
    now = LATER
    if change == "closed":
        now = NOON + timedelta(days=2)
    elif change == "not allowed":
        market.shop.allows_changes = False
        market.shop.save()
    else:
        cancel_order(order_id=placed.order_id, actor=market.manager, now=LATER)

    with pytest.raises((rules.ChangesNotAllowed, rules.AlreadyCancelled)):
        change_quantities(order_id=placed.order_id, quantities={leek.pk: 1}, actor=GUEST, now=now, token=placed.token)
    with pytest.raises((rules.ChangesNotAllowed, rules.AlreadyCancelled)):
        cancel_order(order_id=placed.order_id, actor=GUEST, now=now, token=placed.token)


def test_strangers_other_links_and_other_hubs_find_no_order(market):
    leek = market.offer("Poireaux", "2.00")
    placed, other = market.place({leek: 3}), market.place({leek: 1})
    strangers = [(GUEST, ""), (GUEST, link_token(other.ref)), (make.actor(), ""), (make.market().manager, "")]

    for actor, token in strangers:
        with pytest.raises(NotFound):
            change_quantities(order_id=placed.order_id, quantities={leek.pk: 1}, actor=actor, now=LATER, token=token)
        with pytest.raises(NotFound):
            cancel_order(order_id=placed.order_id, actor=actor, now=LATER, token=token)
        with pytest.raises(NotFound):
            order_page(ref=placed.ref, actor=actor, now=LATER, token=token)


def test_others_managers_and_volunteers_without_the_right_are_refused(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 3})
    outsider, volunteer = make.market().manager, make.actor("volunteer", on=market.hub)

    for act in (
        lambda who: record_payment(
            order_id=placed.order_id, amount=euros("1"), means="cash", key="k", actor=who, now=LATER
        ),
        lambda who: refund(order_id=placed.order_id, amount=euros("1"), means="cash", key="k", actor=who, now=LATER),
        lambda who: set_final_weights(order_id=placed.order_id, weights={}, actor=who, now=LATER),
        lambda who: resume_order(order_id=placed.order_id, actor=who, now=LATER),
    ):
        with pytest.raises(Forbidden):
            act(outsider)
    with pytest.raises(Forbidden):
        resume_order(order_id=placed.order_id, actor=volunteer, now=LATER)


def test_a_final_weight_changes_price_fees_and_balance(market):
    cheese = market.offer("Tomme", "5.00", size=500, is_weighed=True)
    market.charge("percent", percent_millionths=100_000)
    placed = market.place({cheese: 2})
    line = OrderLine.objects.get()

    set_final_weights(order_id=placed.order_id, weights={line.pk: 1300}, actor=market.manager, now=LATER)

    line.refresh_from_db()
    assert (line.goods_minor, line.fees_minor, line.total_minor, due(placed)) == (1300, 130, 1430, 1430)
    assert_adds_up(placed)


@pytest.mark.parametrize("grams", [0, -5, 10_001])
def test_an_absurd_weight_is_refused(market, grams):
    cheese = market.offer("Tomme", "5.00", size=500, is_weighed=True)
    placed = market.place({cheese: 2})

    with pytest.raises(rules.AbsurdWeight):
        set_final_weights(
            order_id=placed.order_id, weights={OrderLine.objects.get().pk: grams}, actor=market.manager, now=LATER
        )


def test_what_is_sold_by_the_piece_takes_no_weight(market):
    leek = market.offer("Poireaux", "2.00")
    placed = market.place({leek: 2})

    with pytest.raises(rules.NotWeighed):
        set_final_weights(
            order_id=placed.order_id, weights={OrderLine.objects.get().pk: 900}, actor=market.manager, now=LATER
        )


def test_cancelling_gives_stock_back_and_leaves_what_was_paid_as_credit(market):
    """Domain 05 §13 example 16."""
    leek = market.offer("Poireaux", "10.00", stock=5)
    placed = market.place({leek: 3})
    record_payment(order_id=placed.order_id, amount=euros("30"), means="cash", key="p", actor=market.manager, now=LATER)

    cancel_order(order_id=placed.order_id, actor=market.manager, now=LATER)

    assert (market.on_hand(leek), due(placed)) == (5, -3000)


def test_resuming_takes_stock_again_or_is_refused_when_it_is_gone(market):
    leek = market.offer("Poireaux", "10.00", stock=3)
    placed = market.place({leek: 3})
    cancel_order(order_id=placed.order_id, actor=market.manager, now=LATER)

    resume_order(order_id=placed.order_id, actor=market.manager, now=LATER)
    assert (market.on_hand(leek), due(placed), Order.objects.get().state) == (0, 3000, "placed")
    assert_adds_up(placed)

    cancel_order(order_id=placed.order_id, actor=market.manager, now=LATER)
    market.place({leek: 2})
    with pytest.raises(NotEnoughStock):
        resume_order(order_id=placed.order_id, actor=market.manager, now=LATER)


def test_the_same_payment_twice_is_one_and_a_refund_gives_back_at_most_what_came_in(market):
    leek = market.offer("Poireaux", "10.00")
    placed = market.place({leek: 2})
    pay = {"order_id": placed.order_id, "actor": market.manager, "now": LATER, "means": "cash"}

    record_payment(amount=euros("20"), key="p", **pay)
    record_payment(amount=euros("20"), key="p", **pay)
    assert due(placed) == 0
    with pytest.raises(rules.RefundTooLarge):
        refund(amount=euros("20.01"), key="r", **pay)
    refund(amount=euros("5"), key="r", **pay)
    refund(amount=euros("5"), key="r", **pay)

    assert due(placed) == 500
    with pytest.raises(rules.AmountMissing):
        record_payment(amount=euros("0"), key="z", **pay)


def test_lists_show_totals_and_balances_in_a_constant_number_of_queries(market, django_assert_num_queries):
    leek = market.offer("Poireaux", "10.00")
    placed = market.place({leek: 2})
    record_payment(order_id=placed.order_id, amount=euros("5"), means="cash", key="p", actor=market.manager, now=LATER)

    with django_assert_num_queries(2):
        listed = hub_orders(hub_id=market.hub.pk, actor=market.manager)
    [row] = listed.rows
    assert (row.ref, row.total, row.paid, row.due, row.lines) == (placed.ref, euros("20"), euros("5"), euros("15"), 1)
    market.place({leek: 1})
    market.place({leek: 1})
    with django_assert_num_queries(2):
        assert len(hub_orders(hub_id=market.hub.pk, actor=market.manager, limit=2).rows) == 2
    assert hub_orders(hub_id=market.hub.pk, actor=market.manager, paid="paid").total == 0
    assert my_orders(actor=GUEST, now=NOON) == []


def test_a_person_sees_their_own_orders_and_not_the_hubs_ledger(market):
    leek, armelle = market.offer("Poireaux", "10.00"), make.actor()
    placed = market.place({leek: 2}, actor=armelle)

    page = order_page(ref=placed.ref, actor=armelle, now=NOON)

    assert [row.ref for row in my_orders(actor=armelle, now=NOON)] == [placed.ref]
    assert (page.total, page.due, page.is_hub, page.entries) == (euros("20"), euros("20"), False, ())
    assert [(row.millionths, row.base, row.tax) for row in page.taxes] == [(55_000, euros("18.96"), euros("1.04"))]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 2), st.integers(0, 6)),
        st.tuples(st.just("weigh"), st.integers(1, 3000), st.just(0)),
        st.tuples(st.just("cancel"), st.just(0), st.just(0)),
        st.tuples(st.just("resume"), st.just(0), st.just(0)),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_happens_to_an_order_it_adds_up(market, walk):
    variants = [
        market.offer("Poireaux", "2.35", stock=30),
        market.offer("Tomme", "6.17", size=300, is_weighed=True),
        market.offer("Farine", "1.99", farm=market.other_farm),
    ]
    market.charge("percent", percent_millionths=65_000, tax="inherit")
    market.charge("flat", amount_minor=150, exchange=market.other_incoming)
    placed = market.place(dict.fromkeys(variants, 2))
    for what, a, b in walk:
        try:
            if what == "change":
                change_quantities(
                    order_id=placed.order_id, quantities={variants[a].pk: b}, actor=market.manager, now=LATER
                )
            elif what == "weigh":
                line = OrderLine.objects.filter(order_id=placed.order_id, is_weighed=True).first()
                if line:
                    set_final_weights(order_id=placed.order_id, weights={line.pk: a}, actor=market.manager, now=LATER)
            elif what == "cancel":
                cancel_order(order_id=placed.order_id, actor=market.manager, now=LATER)
            else:
                resume_order(order_id=placed.order_id, actor=market.manager, now=LATER)
        except (rules.AlreadyCancelled, rules.NotCancelled, rules.LastLine):
            pass
        assert_adds_up(placed)


def test_a_producer_who_comes_in_later_brings_their_fee_and_one_who_leaves_takes_it_along(market):
    """Domain 03 §7 example 9, on an amended order."""
    leek, flour = market.offer("Poireaux", "2.00"), market.offer("Farine", "5.00", farm=market.other_farm)
    market.charge("flat", amount_minor=200, exchange=market.other_incoming)
    placed = market.place({leek: 1})

    def change(**quantities):
        wanted = {market.variants[name].pk: quantity for name, quantity in quantities.items()}
        change_quantities(order_id=placed.order_id, quantities=wanted, actor=market.manager, now=LATER)
        assert_adds_up(placed)
        return Order.objects.get(pk=placed.order_id).total_minor

    assert change(Farine=1) == 900
    assert change(Farine=0) == 200
    assert change(Farine=2) == 1400
    assert flour.pk in OrderLine.objects.values_list("variant_id", flat=True)
