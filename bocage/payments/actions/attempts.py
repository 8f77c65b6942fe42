"""Attempts to move money: written and committed first, then asked of the provider, then settled by what it says.

Nothing here may run inside a transaction of the caller's: the provider must never be called for an attempt that could
still be rolled back.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.infra import locks
from bocage.network.rules import Actor
from bocage.payments import rules
from bocage.payments.actions.settling import settle
from bocage.payments.models import Attempt, ProviderAccount, SavedCard
from bocage.payments.providers import provider
from bocage.payments.rules import CHARGE, ENDED, OPEN, REFUND, SUCCEEDED, WRITTEN, Ask, Seen

log = logging.getLogger(__name__)
UNSETTLED = (WRITTEN, OPEN)


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be paid, by whom, for what; `label` is what the bank shows, `back_url` where the browser returns to."""

    hub_id: int
    customer_id: int
    about: str
    amount: Money
    label: str
    email: str
    language: str
    back_url: str
    closes_at: datetime
    keep_card: bool = False


def start_charge(start: Start, *, actor: Actor, now: datetime) -> str:
    """Begin a payment that a person then makes on a page; return the attempt's key.

    One at a time: an earlier one for the same thing is stopped first. Rights are the caller's to ask. Raises
    NotConnected, NothingToPay, OtherCurrency, AttemptUnderWay when the earlier one may still succeed or has succeeded,
    ProviderUnreachable.
    """
    _check_outside()
    if start.amount.minor <= 0:
        raise rules.NothingToPay
    account_of(start.hub_id)
    for earlier in Attempt.objects.filter(about=start.about, kind=CHARGE, state__in=UNSETTLED).order_by("id"):
        if stop_charge(attempt_id=earlier.pk, now=now) != ENDED:
            raise rules.AttemptUnderWay
    attempt = write_charge(start, actor=actor, now=now)
    _call(attempt, lambda ask: provider(attempt.provider).start(ask), now)
    return attempt.key


def write_charge(start: Start, *, actor: Actor, now: datetime) -> Attempt:
    """Write down a payment that a person is going to make, and commit it. Raises NotConnected, AttemptUnderWay."""
    account = account_of(start.hub_id)
    return _write(
        Attempt(
            kind=CHARGE, hub_id=start.hub_id, customer_id=start.customer_id, about=start.about,
            provider=account.provider, account=account.account, amount_minor=start.amount.minor,
            currency=start.amount.currency, keeps_card=start.keep_card, closes_at=start.closes_at,
            asked={"label": start.label, "email": start.email, "language": start.language, "back_url": start.back_url},
        ),
        actor,
        now,
    )  # fmt: skip


def charge_saved_card(
    *, card_id: int, customer_id: int, about: str, amount: Money, label: str, email: str, actor: Actor, now: datetime
) -> str:
    """Charge a card that a customer lets its hub charge, without them; return the attempt's state.

    Where the bank refuses or wants its holder, the attempt ends and AttemptEnded says so. Rights are the caller's to ask.
    Raises NotFound, NothingToPay, AttemptUnderWay, ProviderUnreachable.
    """
    _check_outside()
    if amount.minor <= 0:
        raise rules.NothingToPay
    card = (
        SavedCard.objects.select_related("customer")
        .filter(id=card_id, customer_id=customer_id, ended_at__isnull=True)
        .first()
    )
    if card is None:
        raise NotFound
    attempt = _write(
        Attempt(
            kind=CHARGE, hub_id=card.customer.hub_id, customer_id=card.customer_id, about=about,
            provider=card.provider, account=card.account, amount_minor=amount.minor, currency=amount.currency,
            saved_card=card, asked={"label": label, "email": email},
        ),
        actor,
        now,
    )  # fmt: skip
    return _call(attempt, lambda ask: provider(attempt.provider).charge_saved(ask), now)


@transaction.atomic
def refund_charge(*, attempt_id: int, amount: Money, key: str, note: str = "", actor: Actor, now: datetime) -> str:
    """Write down that part or all of a charge goes back the way it came; the worker asks the provider. Return its key.

    The same key twice is one refund. Rights are the caller's to ask. Raises NotFound, OtherCurrency, NothingToPay,
    RefundAboveCharge.
    """
    charge = locks.lock_row(Attempt.objects.filter(kind=CHARGE, state=SUCCEEDED), attempt_id)
    if charge is None:
        raise NotFound
    if Attempt.objects.filter(key=key).exists():
        return key
    if amount.currency != charge.currency:
        raise rules.OtherCurrency(given=amount.currency, owed=charge.currency)
    if amount.minor <= 0:
        raise rules.NothingToPay
    left = Money(charge.amount_minor - _given_back(charge), charge.currency)
    if amount > left:
        raise rules.RefundAboveCharge(most=left)
    Attempt.objects.create(
        key=key, kind=REFUND, hub_id=charge.hub_id, customer_id=charge.customer_id, about=charge.about, of=charge,
        provider=charge.provider, account=charge.account, amount_minor=amount.minor, currency=amount.currency,
        asked={"note": note}, by=actor.label, made_at=now,
    )  # fmt: skip
    return key


def send_refunds(*, now: datetime, limit: int = 20) -> int:
    """Ask providers for the refunds that were written since; return how many. Who does not answer is asked again later."""
    _check_outside()
    rows = Attempt.objects.filter(kind=REFUND, state=WRITTEN, looked_at__isnull=True).order_by("id")
    sent = 0
    for attempt in rows.select_related("of", "saved_card")[:limit]:
        if not claim(attempt, now):
            continue
        sent += 1
        try:
            _call(attempt, lambda ask, name=attempt.provider: provider(name).refund(ask), now)  # type: ignore[misc]
        except rules.ProviderUnreachable:
            continue
    return sent


def claim(attempt: Attempt, now: datetime) -> bool:
    """Take it upon oneself to ask about an attempt; return False if somebody else does so already."""
    rows = Attempt.objects.filter(id=attempt.pk, state__in=UNSETTLED, looked_at=attempt.looked_at)
    if attempt.looked_at is None:
        rows = Attempt.objects.filter(id=attempt.pk, state__in=UNSETTLED, looked_at__isnull=True)
    return bool(rows.update(looked_at=now))


def stop_charge(*, attempt_id: int, now: datetime) -> str:
    """See to it that a charge under way can no longer be paid; return what is true then: ended, or succeeded after all.

    Raises ProviderUnreachable: it may still succeed then.
    """
    _check_outside()
    attempt = Attempt.objects.get(id=attempt_id)
    if attempt.state not in UNSETTLED:
        return attempt.state
    return _call(attempt, lambda ask: provider(attempt.provider).stop(ask), now)


def charges_under_way() -> list[tuple[int, str]]:
    """Return the id and reference of each charge that a person may still pay, oldest first."""
    rows = Attempt.objects.filter(kind=CHARGE, state__in=UNSETTLED).order_by("id")
    return list(rows.values_list("id", "about"))


def charges_to_check(*, abouts: QuerySet, since: datetime) -> list[tuple[int, str, int]]:
    """Return id, reference and amount of each charge that came in since then and of which nothing was given back.

    abouts: the references looked at, as a query of one column, so that the database finds the few among all charges.
    """
    given_back = Attempt.objects.filter(of=OuterRef("id")).exclude(state=ENDED)
    rows = Attempt.objects.filter(kind=CHARGE, state=SUCCEEDED, settled_at__gte=since, about__in=abouts)
    rows = rows.filter(~Exists(given_back))
    return list(rows.order_by("id").values_list("id", "about", "amount_minor"))


def account_of(hub_id: int) -> ProviderAccount:
    """Return the account that a hub's online payments go to. Raises NotConnected."""
    account = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True, can_charge=True).first()
    if account is None:
        raise rules.NotConnected
    return account


def ask_of(attempt: Attempt) -> Ask:
    """Return an attempt as it is asked of its provider, the same each time."""
    card = attempt.saved_card
    return Ask(
        key=attempt.key,
        account=attempt.account,
        amount=Money(attempt.amount_minor, attempt.currency),
        made_at=attempt.made_at,
        closes_at=attempt.closes_at,
        handle=attempt.handle,
        of=attempt.of.handle if attempt.of else "",
        keep_card=attempt.keeps_card,
        saved=rules.SavedRef(card.holder, card.card) if card else None,
        **{name: attempt.asked.get(name, "") for name in ("label", "email", "language", "back_url")},
    )


def _write(attempt: Attempt, actor: Actor, now: datetime) -> Attempt:
    """Save an attempt and commit it; the database lets only one charge be under way for one thing."""
    attempt.key, attempt.by = attempt.key or secrets.token_hex(16), actor.label
    attempt.made_at = now
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError as error:
        raise rules.AttemptUnderWay from error
    return attempt


def _given_back(charge: Attempt) -> int:
    """What is given back of a charge, or on its way back."""
    rows = Attempt.objects.filter(of=charge, kind=REFUND).exclude(state=ENDED)
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def _call(attempt: Attempt, call: Callable[[Ask], Seen], now: datetime) -> str:
    """Ask the provider outside any transaction, then keep what it said. Raises ProviderUnreachable."""
    try:
        seen = call(ask_of(attempt))
    except rules.ProviderDown as error:
        log.warning("provider did not answer", extra={"attempt": attempt.pk, "provider": attempt.provider})
        raise rules.ProviderUnreachable from error
    return settle(attempt_id=attempt.pk, seen=seen, now=now)


def look_at(attempt: Attempt) -> Seen | None:
    """Ask the provider what became of an attempt; None when it never heard of it. Raises ProviderDown."""
    return provider(attempt.provider).look(ask_of(attempt), attempt.kind)


def _check_outside() -> None:
    if _depth() > 0:
        raise RuntimeError("a provider is called outside transactions, after the attempt is committed")


def _depth() -> int:
    """How many transactions the caller has open; those that a test wraps itself in do not count."""
    blocks: list[Any] = connection.atomic_blocks
    return len([block for block in blocks if not getattr(block, "_from_testcase", False)])
