"""What was paid in before: a customer's credit and gift vouchers. Never less than nothing: who pays from them holds them.

Rights are the caller's to ask.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bocage.commons.money import Money
from bocage.infra import locks
from bocage.network.models import Customer
from bocage.network.rules import Actor
from bocage.payments import rules
from bocage.payments.actions.recording import record
from bocage.payments.models import GiftVoucher, Payment
from bocage.payments.queries import accounts
from bocage.payments.rules import STORED


def hold_credit(*, customer_id: int, amount: Money) -> None:
    """Hold a customer's credit until the transaction ends, before anything is posted in it. Raises CreditGone."""
    locks.hold(Customer.objects.all(), customer_id)
    check_credit(accounts.held(customer_id, amount.currency), amount)


def hold_gift(*, hub_id: int, code: str, amount: Money | None, at: datetime) -> tuple[int, Money]:
    """Hold a gift voucher until the transaction ends, before anything is posted in it; return its id and what is left.

    amount: what is to be paid with it. Raises GiftNotKnown, GiftExpired, GiftGone.
    """
    found = accounts.gift_by_code(hub_id=hub_id, code=code)
    if found is not None:
        locks.hold(GiftVoucher.objects.all(), found.pk)
    left = accounts.gift_usable(found, code=code, at=at)
    assert found is not None
    if amount is not None and amount > left:
        raise rules.GiftGone(left=left)
    return found.pk, left


def check_credit(left: Money, amount: Money) -> None:
    """Raise CreditGone where more is to be used than is there."""
    if amount > left:
        raise rules.CreditGone(left=left)


@transaction.atomic(savepoint=False)
def pay_stored(
    *, means: str, hub_id: int, customer_id: int, about: str, amount: Money, key: str, gift_id: int | None = None,
    actor: Actor, now: datetime,
) -> bool:  # fmt: skip
    """Pay `about` from credit or a gift voucher that the caller holds; the same key twice is one payment."""
    return record(
        key=key, hub_id=hub_id, customer_id=customer_id, about=about, means=means, amount=amount, gift_id=gift_id,
        actor=actor, now=now,
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def return_stored(*, about: str, most: int | None = None, key: str, actor: Actor, now: datetime) -> int:
    """Give back to credit and gift vouchers what they paid about a reference, newest first; return how much.

    most: no more than this many minor units; None: all of it. One query where nothing was paid so.
    """
    rows = list(Payment.objects.filter(about=about, means__in=STORED).order_by("-id"))
    left = {row.pk: row.amount_minor for row in rows if row.amount_minor > 0}
    for row in rows:
        if row.refund_of_id in left:
            left[row.refund_of_id] += row.amount_minor
    returned = 0
    for row in rows:
        part = left.get(row.pk, 0) if most is None else min(left.get(row.pk, 0), most - returned)
        if part <= 0:
            continue
        record(
            key=f"{key}:{row.pk}"[:80], hub_id=row.hub_id, customer_id=row.customer_id, about=about, means=row.means,
            amount=Money(-part, row.currency), refund_of=row.pk, gift_id=row.gift_id, actor=actor, now=now,
        )  # fmt: skip
        returned += part
    return returned
