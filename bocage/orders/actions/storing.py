"""What an order is paid with besides money: credit, gift vouchers; and small debts that go along with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.ledger import actions as ledger
from bocage.ledger.queries import due_by_reference
from bocage.ledger.rules import AccountKey
from bocage.network.rules import Actor
from bocage.orders import rules
from bocage.orders.actions import writing
from bocage.orders.models import Order, OrderChange
from bocage.orders.queries.debts import small_debts
from bocage.orders.rules import Wanted
from bocage.payments.actions import stored
from bocage.payments.models import Payment
from bocage.payments.rules import CREDIT, GIFT, STORED, CreditGone


@dataclass(frozen=True, slots=True)
class Held:
    """What is held to pay an order with; `debts`: which earlier orders it pays too, and how much."""

    credit_minor: int
    gift_minor: int
    gift_id: int | None
    debts: tuple[tuple[str, int], ...]


def left_to_pay(wanted: Wanted, total_minor: int) -> int:
    """Return what of an order is still to be paid in the way that was chosen, minor units. Raises PaidTwice."""
    left = total_minor + wanted.debt_minor - wanted.credit_minor - wanted.gift_minor
    if left < 0 or min(wanted.credit_minor, wanted.gift_minor, wanted.debt_minor) < 0:
        raise rules.PaidTwice()
    return left


def hold(order: Order, wanted: Wanted, *, actor: Actor, now: datetime) -> Held | None:
    """Hold what an order is going to be paid with, before anything is posted; None where it is nothing, at no query.

    Only who is signed in pays from an account: raises CreditGone for others, NotFound for somebody else's; and
    DebtChanged, GiftNotKnown, GiftExpired, GiftGone.
    """
    if not wanted.pays_stored:
        return None
    debts: tuple[tuple[str, int], ...] = ()
    if wanted.credit_minor or wanted.debt_minor:
        if actor.person_id is None:
            raise CreditGone(left=Money(0, order.currency))
        if order.customer.person_id != actor.person_id:
            raise NotFound()
        stored.hold_credit(customer_id=order.customer_id, amount=Money(wanted.credit_minor, order.currency))
    if wanted.debt_minor:
        debts = tuple(small_debts(customer_id=order.customer_id, hub_id=order.hub_id, now=now))
        debt = sum(minor for _ref, minor in debts)
        if debt != wanted.debt_minor:
            raise rules.DebtChanged(left=Money(debt, order.currency))
    gift_id = None
    if wanted.gift_minor:
        amount = Money(wanted.gift_minor, order.currency)
        gift_id, _left = stored.hold_gift(hub_id=order.hub_id, code=wanted.gift, amount=amount, at=now)
    return Held(wanted.credit_minor, wanted.gift_minor, gift_id, debts)


def pay(order: Order, held: Held | None, *, actor: Actor, now: datetime, name: str = "") -> None:
    """Pay an order that was just posted with what is held for it."""
    if held is None:
        return
    carry(order, held.debts, actor=actor, now=now)
    for means, minor, gift_id in ((GIFT, held.gift_minor, held.gift_id), (CREDIT, held.credit_minor, None)):
        if minor:
            stored.pay_stored(
                means=means, hub_id=order.hub_id, customer_id=order.customer_id, about=f"order:{order.ref}",
                amount=Money(minor, order.currency), key=f"order:{order.ref}:{means}", gift_id=gift_id, actor=actor,
                now=now,
            )  # fmt: skip
            writing.remember(order, "payment", {"amount_minor": minor, "means": means}, actor, now, name=name)


def carry(order: Order, debts: tuple[tuple[str, int], ...], *, actor: Actor, now: datetime) -> None:
    """Take what is left of earlier orders along with this one: they are settled, this one owes it."""
    if not debts:
        return
    for ref, minor in debts:
        earlier = Order.objects.get(ref=ref)
        _post_carried(earlier, f"order:{ref}:carried:{order.ref}", -minor, order.customer_id, actor, now)
        writing.remember(earlier, "carried_on", {"amount_minor": minor, "number": order.ref}, actor, now)
    whole = sum(minor for _ref, minor in debts)
    _post_carried(order, f"order:{order.ref}:carried", whole, order.customer_id, actor, now)
    told = {"amount_minor": whole, "debts": dict(debts), "carrier": order.customer_id}
    writing.remember(order, "carried", told, actor, now)


def undo(order: Order, *, actor: Actor, now: datetime) -> None:
    """Give back what a cancelled order was paid with; debts that it took along are debts of their own orders again."""
    number = OrderChange.objects.filter(order=order).count()
    key = f"order:{order.ref}:back:{number}"
    _note_back(order, stored.return_stored(about=f"order:{order.ref}", key=key, actor=actor, now=now), actor, now)
    moved = OrderChange.objects.filter(order=order, what__in=["carried", "carried_back"]).order_by("-id")
    what, told = moved.values_list("what", "details").first() or ("", {})
    if what != "carried":
        return
    whole, carrier = told["amount_minor"], told["carrier"]
    _post_carried(order, f"order:{order.ref}:carried:{number}", -whole, carrier, actor, now)
    for ref, minor in told["debts"].items():
        key = f"order:{ref}:carried:{order.ref}:{number}"[:80]
        _post_carried(Order.objects.get(ref=ref), key, minor, carrier, actor, now)
    writing.remember(order, "carried_back", {"amount_minor": whole}, actor, now)


def give_back_surplus(order: Order, *, actor: Actor, now: datetime) -> None:
    """Give back what credit and gift vouchers paid too much, once an order costs less; one query where they paid nothing."""
    about = f"order:{order.ref}"
    if not Payment.objects.filter(about=about, means__in=STORED).exists():
        return
    due = due_by_reference(kind="customer", abouts=[about]).get(about, 0)
    if due < 0:
        key = f"order:{order.ref}:less:{OrderChange.objects.filter(order=order).count()}"
        _note_back(order, stored.return_stored(about=about, most=-due, key=key, actor=actor, now=now), actor, now)


def _note_back(order: Order, minor: int, actor: Actor, now: datetime) -> None:
    if minor:
        writing.remember(order, "refund", {"amount_minor": minor, "means": CREDIT}, actor, now)


def _post_carried(order: Order, key: str, minor: int, carrier: int, actor: Actor, now: datetime) -> None:
    """Let `order` owe more (`minor` > 0) for what is carried to it, or less for what is carried on by `carrier`."""
    owner, way = AccountKey("customer", f"customer:{order.customer_id}"), AccountKey("carried", f"customer:{carrier}")
    ledger.post(
        book_id=order.hub_id, key=key, about=f"order:{order.ref}", what="carried",
        postings={owner: minor, way: -minor}, by=actor.label, at=now, currency=order.currency,
    )  # fmt: skip
