"""What became of attempts to move money, as the pages of higher apps show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bocage.commons.money import Money
from bocage.network.rules import Actor, Right
from bocage.payments.models import Attempt, Finding, ProviderAccount, SavedCard
from bocage.payments.providers import provider, ready
from bocage.payments.rules import CHARGE, ENDED, OPEN, REFUND, SUCCEEDED, WRITTEN, NotConnected

UNSETTLED = (WRITTEN, OPEN)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt; `left` is what of a charge can still be given back; `page_url` where a person pays it, if elsewhere."""

    id: int
    key: str
    kind: str
    state: str
    about: str
    provider: str
    account: str
    handle: str
    page: str
    amount: Money
    left: Money
    reason: str
    keeps_card: bool
    is_off_session: bool
    made_at: datetime
    settled_at: datetime | None
    customer: str
    on_own_page: bool = False

    @property
    def is_under_way(self) -> bool:
        return self.state in UNSETTLED


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that the reconciler put right."""

    what: str
    said: str
    at: datetime
    about: str
    amount: Money
    provider: str
    handle: str


@dataclass(frozen=True, slots=True)
class CardRow:
    id: int
    brand: str
    last4: str
    expires: str


@dataclass(frozen=True, slots=True)
class MyCardRow:
    """A card as its holder sees it: which hub may charge it, since when."""

    id: int
    hub: str
    brand: str
    last4: str
    expires: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class AccountRow:
    """Where a hub's online payments go."""

    provider: str
    account: str
    can_charge: bool


def attempts_about(about: str) -> list[AttemptRow]:
    """Return the attempts of a reference, oldest first, in one query. Rights are the caller's to ask."""
    return _rows(Attempt.objects.filter(about=about).select_related("customer").order_by("id"))


def latest_charge(about: str) -> AttemptRow | None:
    """Return the last charge that was attempted for a reference."""
    charges = [row for row in attempts_about(about) if row.kind == CHARGE]
    return charges[-1] if charges else None


def hub_attempts(
    *, hub_id: int, actor: Actor, text: str = "", state: str = "", after: int | None = None, limit: int = 50
) -> list[AttemptRow]:
    """Return a hub's attempts, newest first, in one query. Raises Forbidden.

    text: part of a reference, of the customer's name or of what the provider calls it; state: one of an attempt.
    """
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = Attempt.objects.filter(hub_id=hub_id).select_related("customer").order_by("-id")
    if text:
        rows = rows.filter(Q(about__icontains=text) | Q(handle__icontains=text) | Q(customer__name__icontains=text))
    if state:
        rows = rows.filter(state__in=UNSETTLED if state == "under_way" else [state])
    return _rows(rows.filter(id__lt=after)[:limit] if after else rows[:limit], with_left=False)


def findings(*, hub_id: int, actor: Actor, limit: int = 20) -> list[FindingRow]:
    """Return what the reconciler put right for a hub, newest first, in one query. Raises Forbidden."""
    actor.require(Right.SEE_ORDERS, on=hub_id)
    rows = Finding.objects.filter(attempt__hub_id=hub_id).select_related("attempt").order_by("-id")[:limit]
    return [_finding(row) for row in rows]


def account(*, hub_id: int, actor: Actor) -> AccountRow | None:
    """Return where a hub's online payments go, if anywhere. Raises Forbidden."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    row = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True).first()
    return AccountRow(row.provider, row.account, row.can_charge) if row else None


def can_take_cards(hub_id: int) -> bool:
    """Return whether a hub can take payments online now, in one query."""
    names = ready()
    rows = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True, can_charge=True, provider__in=names)
    return bool(names) and rows.exists()


def saved_cards(customer_id: int) -> list[CardRow]:
    """Return the cards that a customer lets their hub charge."""
    rows = SavedCard.objects.filter(customer_id=customer_id, ended_at__isnull=True).order_by("-id")
    return [CardRow(row.pk, row.brand, row.last4, row.expires) for row in rows]


def my_cards(*, actor: Actor) -> list[MyCardRow]:
    """Return the cards that a signed-in person lets hubs charge, newest first, in one query; a guest has none."""
    if actor.person_id is None:
        return []
    rows = SavedCard.objects.filter(customer__person_id=actor.person_id, ended_at__isnull=True).order_by("-id")
    fields = rows.values_list("id", "customer__hub__name", "brand", "last4", "expires", "agreed_at")
    return [MyCardRow(*row) for row in fields]


def _rows(rows: Iterable[Attempt], *, with_left: bool = True) -> list[AttemptRow]:
    found = list(rows)
    back: dict[int, int] = {}
    for row in found if with_left else ():
        if row.kind == REFUND and row.state != ENDED and row.of_id:
            back[row.of_id] = back.get(row.of_id, 0) + row.amount_minor
    return [_row(row, back.get(row.pk, 0)) for row in found]


def _row(row: Attempt, given_back: int) -> AttemptRow:
    left = row.amount_minor - given_back if row.kind == CHARGE and row.state == SUCCEEDED else 0
    return AttemptRow(
        id=row.pk, key=row.key, kind=row.kind, state=row.state, about=row.about, provider=row.provider,
        account=row.account, handle=row.handle, page=row.page, amount=Money(row.amount_minor, row.currency),
        left=Money(left, row.currency), reason=row.reason, keeps_card=row.keeps_card,
        is_off_session=row.saved_card_id is not None, made_at=row.made_at, settled_at=row.settled_at,
        customer=row.customer.name, on_own_page=_on_own_page(row.provider),
    )  # fmt: skip


def _on_own_page(name: str) -> bool:
    try:
        return provider(name).on_own_page
    except NotConnected:
        return True


def _finding(row: Finding) -> FindingRow:
    attempt = row.attempt
    amount = Money(attempt.amount_minor, attempt.currency)
    return FindingRow(row.what, row.said, row.at, attempt.about, amount, attempt.provider, attempt.handle)


def pays_on_own_page(hub_id: int) -> bool:
    """Return whether who pays a hub online does so on a page of the provider's, in one query."""
    row = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True, can_charge=True).first()
    return row is not None and row.provider in ready() and _on_own_page(row.provider)
