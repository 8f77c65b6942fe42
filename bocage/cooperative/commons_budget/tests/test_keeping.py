"""Booking, taking back, planning, publishing: what the treasurer does, and what nobody does."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bocage.commons.refusals import Forbidden
from bocage.cooperative.commons_budget import actions, queries
from bocage.cooperative.commons_budget.models import Booking, Publication
from bocage.cooperative.commons_budget.rules.kinds import Kind
from bocage.cooperative.commons_budget.rules.periods import (
    AlreadyReversed,
    EndsBeforeItBegins,
    NotADay,
    NothingToBook,
    NotOfGrant,
    NotOver,
    Published,
    Quarter,
)
from bocage.cooperative.commons_budget.tests import make
from bocage.ledger.queries.checking import check_books
from bocage.network.tests import make as network

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 20)


@pytest.fixture
def coop():
    return make.cooperative()


def accounts(coop, since=date(2026, 1, 1), until=date(2026, 11, 1)):
    return queries.accounts(coop.treasury, since=since, until=until)


def test_the_worked_example_of_coverage_comes_out_of_the_book(coop):
    coop.book("cost", "support", 12_000_000, MAY)
    for category, amount in (
        ("contribution", 5_400_000),
        ("service", 1_200_000),
        ("grant", 4_000_000),
        ("donation", 300_000),
    ):
        coop.book("income", category, amount, MAY)

    found = accounts(coop)

    assert (found.coverage, found.enlarged) == (450_000, 550_000)
    assert [(one.key, one.squares) for one in found.sources] == [
        ("contribution", 45), ("service", 10), ("gap", 36), ("reserve", 9),
    ]  # fmt: skip


def test_a_mistake_is_taken_back_by_an_entry_that_names_it_and_the_book_still_stands(coop):
    wrong = coop.book("cost", "hosting", 99_900, MAY)
    back = actions.reverse(
        booking_id=wrong, on=date(2026, 6, 2), reason="Deux fois", actor=coop.treasurer, now=make.NOW
    )

    assert accounts(coop).total.minor == 0
    assert Booking.objects.get(id=back).reverses_id == wrong
    assert [found for book in check_books(coop.enterprise.pk) for found in book.findings] == []
    with pytest.raises(AlreadyReversed):
        actions.reverse(booking_id=wrong, on=MAY, reason="Encore", actor=coop.treasurer, now=make.NOW)
    with pytest.raises(AlreadyReversed):
        actions.reverse(booking_id=back, on=MAY, reason="Encore", actor=coop.treasurer, now=make.NOW)


def test_the_database_refuses_to_change_a_booking(coop):
    pk = coop.book("cost", "hosting", 99_900, MAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(id=pk).update(amount_minor=1)


def test_a_grant_says_what_came_and_what_is_spent(coop):
    grant = actions.add_grant(
        treasury_id=coop.treasury.id, kind="grant", giver="Région", purpose="Former", amount_minor=900_000,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), actor=coop.treasurer,
    )  # fmt: skip
    coop.book("income", "grant", 300_000, MAY, grant_id=grant)
    coop.book("cost", "support", 120_000, MAY, grant_id=grant)

    [row] = accounts(coop).grants

    assert (row.amount.minor, row.received.minor, row.spent.minor) == (900_000, 300_000, 120_000)
    with pytest.raises(NotOfGrant):
        coop.book("income", "contribution", 1_000, MAY, grant_id=grant)


def test_a_quarter_is_published_once_in_order_and_closes_its_days(coop):
    coop.book("cost", "hosting", 30_000, date(2026, 2, 3))
    with pytest.raises(NotOver):
        publish(coop, Quarter(2026, 4))
    with pytest.raises(Published):
        publish(coop, Quarter(2026, 2))
    first, second = publish(coop, Quarter(2026, 1)), publish(coop, Quarter(2026, 2))

    with pytest.raises(Published):
        coop.book("cost", "hosting", 1, date(2026, 6, 30))
    coop.book("cost", "hosting", 1, date(2026, 7, 1))
    rows = list(Publication.objects.order_by("period"))
    assert [hashlib.sha256(row.statement.encode()).hexdigest() for row in rows] == [first, second]
    assert json.loads(rows[0].statement)["costs"] == {"hosting": "30000"}
    assert json.loads(rows[1].statement)["previous"] == first


def publish(coop, quarter):
    return actions.publish(treasury_id=coop.treasury.id, quarter=quarter, actor=coop.treasurer, now=make.NOW)


def test_only_who_keeps_the_books_books_plans_and_publishes(coop):
    stranger = network.manager(network.hub())
    new = actions.NewBooking(Kind.COST, "hosting", 100, MAY, "Une pièce")
    for act in (
        lambda: actions.book(treasury_id=coop.treasury.id, new=new, actor=stranger, now=make.NOW),
        lambda: actions.plan_year(
            treasury_id=coop.treasury.id, year=2026, lines={}, decision="", expected={}, actor=stranger
        ),
        lambda: actions.publish(treasury_id=coop.treasury.id, quarter=Quarter(2026, 1), actor=stranger, now=make.NOW),
        lambda: actions.found_treasury(instance_id=coop.instance.pk, book_id=coop.enterprise.pk, actor=coop.treasurer),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(("category", "amount"), [("hosting", 0), ("hosting", -5), ("grant", 100)])
def test_nothing_and_what_is_no_cost_are_not_booked(coop, category, amount):
    with pytest.raises(NothingToBook):
        coop.book("cost", category, amount, MAY)


def test_the_same_key_twice_is_one_booking(coop):
    new = actions.NewBooking(Kind.COST, "hosting", 100, MAY, "Une pièce")
    both = {
        actions.book(treasury_id=coop.treasury.id, new=new, actor=coop.treasurer, now=make.NOW, key="a")
        for _ in range(2)
    }

    assert len(both) == 1 and accounts(coop).total.minor == 100


def test_the_accounts_take_as_many_queries_for_many_shops_as_for_one(coop, django_assert_num_queries):
    shops = [network.hub() for _ in range(6)]
    for place, shop in enumerate(shops):
        coop.book("income", "contribution", 1_000 * (place + 1), MAY, shop_id=shop.pk)

    with django_assert_num_queries(5):
        found = accounts(coop)

    assert (found.paying, found.median.minor, found.concentration) == (6, 3_500, 952_400)


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(9999, 12, 31), date(1999, 12, 31), date(26, 5, 20)])
def test_what_has_not_happened_or_is_of_another_century_is_not_booked(coop, day):
    with pytest.raises(NotADay):
        coop.book("cost", "hosting", 100, day)


def test_a_grant_ends_after_it_began_and_the_same_one_twice_is_once(coop):
    def promised(until):
        return actions.add_grant(
            treasury_id=coop.treasury.id, kind="grant", giver="Région", purpose="Dix fermes", amount_minor=100,
            starts_on=MAY, ends_on=until, actor=coop.treasurer,
        )  # fmt: skip

    assert promised(MAY) == promised(MAY)
    with pytest.raises(EndsBeforeItBegins):
        promised(date(2026, 5, 19))
