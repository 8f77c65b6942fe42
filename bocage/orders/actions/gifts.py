"""Gift vouchers: sold, told to whom they are for, and worth nothing until they are paid."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localtime, make_aware

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.infra.inserts import insert_new
from bocage.infra.outbox import emit
from bocage.network.actions.customers import customer_for
from bocage.network.models import Enterprise
from bocage.network.rules import SYSTEM, Actor, Right
from bocage.orders.events import GiftSold
from bocage.payments import actions as payments
from bocage.payments import rules
from bocage.payments.models import GiftVoucher
from bocage.payments.queries import gift_of, is_paid

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
ATTEMPTS = 4
LASTS = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift voucher as it is wanted: who buys it, whom its code is mailed to (blank: the buyer), with which words."""

    amount: Money
    buyer_name: str
    buyer_email: str
    to_name: str = ""
    to_email: str = ""
    message: str = ""
    language: str = "fr"


@transaction.atomic
def order_gift(*, hub_id: int, gift: Gift, actor: Actor, now: datetime) -> GiftVoucher:
    """Write down a gift voucher that is going to be paid: until then it is worth nothing and nobody is told its code.

    It is good for two years, to the end of the last day. Raises NotFound, AbsurdGift.
    """
    if not rules.SMALLEST_GIFT <= gift.amount.minor <= rules.LARGEST_GIFT:
        raise rules.AbsurdGift()
    if not Enterprise.objects.filter(id=hub_id).exclude(sells="none").exists():
        raise NotFound()
    is_own = gift.buyer_email.strip().lower() == actor.email.lower()
    buyer_id = customer_for(
        hub_id=hub_id, person_id=actor.person_id if is_own else None, email=gift.buyer_email, name=gift.buyer_name,
        now=now,
    )  # fmt: skip
    for _attempt in range(ATTEMPTS):
        row = GiftVoucher(
            hub_id=hub_id, code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
            amount_minor=gift.amount.minor, currency=gift.amount.currency, buyer_id=buyer_id,
            to_name=gift.to_name.strip(), to_email=gift.to_email.strip().lower(), message=gift.message.strip(),
            language=gift.language, expires_at=_end(now + LASTS), made_at=now, made_by=actor.label,
        )  # fmt: skip
        if insert_new(row):
            return row
    raise AssertionError("so many gift vouchers have the same code only by a broken random number")


@transaction.atomic
def sell_gift(*, hub_id: int, gift: Gift, means: str, key: str, actor: Actor, now: datetime) -> int:
    """Sell a gift voucher that is paid here and now; return its id. Its code is mailed.

    The same key twice is one. For those with RECORD_PAYMENTS. Raises Forbidden, AbsurdGift. Emits GiftSold.
    """
    actor.require(Right.RECORD_PAYMENTS, on=hub_id)
    before = gift_of(key)
    if before is not None:
        return before
    row = order_gift(hub_id=hub_id, gift=gift, actor=actor, now=now)
    pay_gift(hub_id=hub_id, gift_id=row.pk, means=means, key=key, actor=actor, now=now)
    return row.pk


@transaction.atomic
def pay_gift(*, hub_id: int, gift_id: int, means: str, key: str, actor: Actor, now: datetime) -> None:
    """Record that a gift voucher of a hub is paid: from now on it pays orders. Twice is once.

    For those with RECORD_PAYMENTS. Raises Forbidden, NotFound. Emits GiftSold.
    """
    actor.require(Right.RECORD_PAYMENTS, on=hub_id)
    row = locks.lock_row(GiftVoucher.objects.filter(hub_id=hub_id), gift_id)
    if row is None:
        raise NotFound()
    if is_paid(f"gift:{gift_id}"):
        return
    payments.record(
        key=key, hub_id=hub_id, customer_id=row.buyer_id, about=f"gift:{gift_id}", means=means,
        amount=Money(row.amount_minor, row.currency), actor=actor, now=now,
    )  # fmt: skip
    emit(GiftSold(gift_id=gift_id, hub_id=hub_id), by=actor, at=now)


def pay_gift_online(*, gift_id: int, back_url: str, label: str, actor: Actor, now: datetime) -> str:
    """Begin to pay a gift voucher by card; return the key of the attempt. It is worth something once the bank says so.

    Raises NotFound, NotConnected, AttemptUnderWay, ProviderUnreachable.
    """
    row = GiftVoucher.objects.select_related("buyer").filter(id=gift_id).first()
    if row is None or is_paid(f"gift:{gift_id}"):
        raise NotFound()
    return payments.start_charge(
        payments.Start(
            hub_id=row.hub_id, customer_id=row.buyer_id, about=f"gift:{gift_id}",
            amount=Money(row.amount_minor, row.currency), label=label, email=row.buyer.email, language=row.language,
            back_url=back_url, closes_at=now + rules.PAY_WITHIN,
        ),
        actor=actor,
        now=now,
    )  # fmt: skip


@transaction.atomic
def tell_gift_paid(*, about: str, now: datetime) -> None:
    """Let the word go out that a gift voucher was paid online. Emits GiftSold; nothing for other references."""
    kind, _, which = about.partition(":")
    row = GiftVoucher.objects.filter(id=int(which)).first() if kind == "gift" and which.isdecimal() else None
    if row is not None:
        emit(GiftSold(gift_id=row.pk, hub_id=row.hub_id), by=SYSTEM, at=now)


def _end(last: datetime) -> datetime:
    """The midnight after: people are told a day, and may come on it until the evening."""
    return make_aware(datetime.combine(localtime(last).date() + timedelta(days=1), time.min))
