"""Small debts that go with the next order: what is left to pay of orders that were handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Concat

from bocage.commons.money import Money
from bocage.ledger.models import Posting
from bocage.network.models import Customer
from bocage.orders.models import Order
from bocage.payments.queries import accounts
from bocage.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Standing:
    """What a checkout needs to know of a customer: what they have to spend, what is left to pay from last time."""

    customer_id: int
    credit: Money
    debt: Money


def standing(*, hub_id: int, person_id: int | None, now: datetime) -> Standing | None:
    """Return how a signed-in person stands at a hub, in three or four queries; None for guests and who never ordered."""
    if person_id is None:
        return None
    rows = Customer.objects.filter(hub_id=hub_id, person_id=person_id, main__isnull=True)
    found = rows.values_list("id", "hub__instance__currency").first()
    if found is None:
        return None
    customer_id, currency = found
    debt = sum(minor for _ref, minor in small_debts(customer_id=customer_id, hub_id=hub_id, now=now))
    return Standing(customer_id, accounts.held(customer_id, currency), Money(debt, currency))


def small_debts(*, customer_id: int, hub_id: int, now: datetime) -> list[tuple[str, int]]:
    """Return reference and debt of orders handed over and not quite paid, oldest first, where the hub carries them on.

    Nothing where together they are more than the hub carries. One query, or two.
    """
    most = Shop.objects.filter(hub_id=hub_id).values_list("carries_debt_up_to_minor", flat=True).first()
    if not most:
        return []
    postings = Posting.objects.filter(
        entry__about=Concat(Value("order:"), OuterRef("ref")), account__kind="customer"
    ).order_by()
    due = postings.values("account__kind").annotate(sum=Sum("amount_minor")).values("sum")
    rows = Order.objects.filter(
        Q(customer_id=customer_id) | Q(customer__main_id=customer_id), hub_id=hub_id, state=Order.State.PLACED,
        hand_over_to__lt=now,
    ).annotate(due=Subquery(due))  # fmt: skip
    found = list(rows.filter(due__gt=0).order_by("id").values_list("ref", "due"))
    return found if sum(minor for _ref, minor in found) <= most else []
