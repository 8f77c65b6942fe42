"""One account per customer and hub: what it holds, and each movement that made its balance. All sums of postings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound
from bocage.ledger.models import Posting
from bocage.network.models import Customer
from bocage.network.rules import Actor, Right
from bocage.payments import rules
from bocage.payments.models import Credit, GiftVoucher
from bocage.payments.rules import CREDIT_ENTRY

KINDS = ("customer", "credit", "carried")


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry that touched an account. `amount` > 0 is owed, < 0 in the customer's favour; `balance` as it stood then.

    `what`: the entry's kind, or topped_up, paid_out, credit_used, credit_back, granted. `used`: what moved between credit
    and an order, which leaves the balance as it is. `reason`: of a credit that was granted.
    """

    at: datetime
    what: str
    about: str
    amount: Money
    used: Money
    balance: Money
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """How a customer stands at a hub. `balance` > 0 is owed to the hub; `credit` is what they have to spend."""

    customer_id: int
    name: str
    hub_id: int
    hub_name: str
    hub_slug: str
    balance: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """An account with its movements, the oldest first; `before` is what stood before the first that is shown."""

    account: Account
    before: Money
    rows: tuple[Movement, ...]


def held(customer_id: int, currency: str = "EUR") -> Money:
    """Return what a customer has to spend at their hub, in two queries; records joined to theirs count."""
    subjects = subjects_of([customer_id])
    rows = Posting.objects.filter(
        account__kind="credit", account__subject__in=list(subjects), account__currency=currency
    )
    return Money(-(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def gift_left(gift_id: int, currency: str = "EUR") -> Money:
    """Return what is left of a gift voucher, in one query."""
    rows = Posting.objects.filter(account__kind="gift", account__subject=f"gift:{gift_id}")
    return Money(-(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def subjects_of(ids: Iterable[int]) -> dict[str, int]:
    """Return the accounts of customers and of the records joined to them, each with the customer it counts for."""
    ids = list(ids)
    joined = Customer.objects.filter(main_id__in=ids).values_list("id", "main_id")
    pairs = [*((pk, pk) for pk in ids), *((pk, main or pk) for pk, main in joined)]
    return {f"customer:{pk}": main for pk, main in pairs}


def balances(*, hub_id: int, customer_ids: Iterable[int], currency: str = "EUR") -> dict[int, int]:
    """Return what each customer owes in minor units, the records that were joined to theirs included; two queries."""
    subjects = subjects_of(customer_ids)
    rows = _postings(hub_id, list(subjects), currency).values_list("account__subject").annotate(sum=Sum("amount_minor"))
    found: dict[int, int] = {}
    for subject, minor in rows:
        found[subjects[subject]] = found.get(subjects[subject], 0) + minor
    return found


def my_customer(*, slug: str, actor: Actor) -> int:
    """Return the id of the signed-in person's record at a hub. Raises NotFound where they never were one."""
    if actor.person_id is None:
        raise NotFound()
    rows = Customer.objects.filter(hub__slug=slug, person_id=actor.person_id, main__isnull=True)
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def my_accounts(*, actor: Actor) -> list[Account]:
    """Return the signed-in person's accounts by the names of hubs, in three queries. Nobody else's."""
    if actor.person_id is None:
        return []
    rows = Customer.objects.filter(person_id=actor.person_id, main__isnull=True).select_related("hub__instance")
    return _accounts(list(rows.order_by("hub__name", "id")))


def statement(
    *,
    customer_id: int,
    actor: Actor,
    hub_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> Statement:
    """Return a customer's account for its hub (SEE_ORDERS) or for the person it is of; four queries.

    since, until: what was written in [since, until); limit: only so many, the newest. Raises NotFound.
    """
    row = Customer.objects.select_related("hub__instance").filter(id=customer_id).first()
    is_own = row is not None and actor.person_id is not None and row.person_id == actor.person_id
    if row is None or hub_id not in (None, row.hub_id) or not (is_own or actor.may(Right.SEE_ORDERS, on=row.hub_id)):
        raise NotFound()
    [account] = _accounts([row])
    currency = account.balance.currency
    found = _movements(row, currency)
    kept = [one for one in found if (since is None or one.at >= since) and (until is None or one.at < until)]
    kept = kept[-limit:] if limit else kept
    earlier = kept[0].balance - kept[0].amount if kept else _standing(found, since, currency)
    return Statement(account, earlier, tuple(kept))


def credits_about(*abouts: str) -> list[Credit]:
    """Return the credits granted on orders that stand, oldest first, in one query."""
    rows = Credit.objects.filter(about__in=abouts, undone_at__isnull=True).select_related("bearer")
    return list(rows.order_by("id"))


def gift_by_code(*, hub_id: int, code: str) -> GiftVoucher | None:
    """Return a hub's gift voucher by its code, in one query."""
    return GiftVoucher.objects.filter(hub_id=hub_id, code=tidy(code)).first()


def gift_usable(found: GiftVoucher | None, *, code: str, at: datetime) -> Money:
    """Return what can be paid with a gift voucher now, in one query. Raises GiftNotKnown, GiftExpired, GiftGone."""
    if found is None:
        raise rules.GiftNotKnown(code=code.strip().upper()[:24])
    if found.expires_at is not None and at >= found.expires_at:
        raise rules.GiftExpired(code=found.code)
    left = gift_left(found.pk, found.currency)
    if left.minor <= 0:
        raise rules.GiftGone(left=left)
    return left


def gifts(*, hub_id: int, actor: Actor) -> list[tuple[GiftVoucher, Money, bool]]:
    """Return a hub's gift vouchers, the newest first: each with what is left and whether it was paid; two queries.

    Raises Forbidden.
    """
    actor.require(Right.RECORD_PAYMENTS, on=hub_id)
    rows = list(GiftVoucher.objects.filter(hub_id=hub_id).select_related("buyer").order_by("-id"))
    sums = Posting.objects.filter(account__kind="gift", account__book_id=hub_id).values_list("account__subject")
    left = dict(sums.annotate(sum=Sum("amount_minor")))
    return [(row, Money(-left.get(f"gift:{row.pk}", 0), row.currency), f"gift:{row.pk}" in left) for row in rows]


def tidy(code: str) -> str:
    """Return a code as it is kept, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _accounts(rows: list[Customer]) -> list[Account]:
    """Return the accounts of customers, in two queries."""
    subjects = subjects_of(row.pk for row in rows)
    home = {row.pk: (row.hub_id, row.hub.instance.currency) for row in rows}
    postings = Posting.objects.filter(account__kind__in=KINDS, account__subject__in=list(subjects))
    columns = ("account__subject", "account__book_id", "account__currency", "account__kind")
    balance: Counter[int] = Counter()
    credit: Counter[int] = Counter()
    for subject, *book, kind, minor in postings.values_list(*columns).annotate(sum=Sum("amount_minor")).order_by():
        customer_id = subjects[subject]
        if tuple(book) == home[customer_id]:
            balance[customer_id] += minor
            credit[customer_id] -= minor if kind == "credit" else 0
    return [
        Account(
            row.pk, row.name, row.hub_id, row.hub.name, row.hub.slug, Money(balance[row.pk], home[row.pk][1]),
            Money(credit[row.pk], home[row.pk][1]),
        )
        for row in rows
    ]  # fmt: skip


def _movements(row: Customer, currency: str) -> list[Movement]:
    columns = ("entry__key", "entry__at", "entry__what", "entry__about", "account__kind", "amount_minor")
    rows = _postings(row.hub_id, list(subjects_of([row.pk])), currency).order_by("entry__at", "entry__number", "id")
    entries: dict[str, tuple[datetime, str, str, dict[str, int]]] = {}
    for key, at, what, about, kind, minor in rows.values_list(*columns):
        sums = entries.setdefault(key, (at, what, about, {}))[3]
        sums[kind] = sums.get(kind, 0) + minor
    granted = [key.removeprefix(CREDIT_ENTRY) for key, (_at, what, *_) in entries.items() if what == "credit"]
    reasons = dict(Credit.objects.filter(key__in=granted).values_list("key", "reason")) if granted else {}
    found, balance = [], 0
    for key, (at, what, about, sums) in entries.items():
        amount = sum(sums.values())
        balance += amount
        credit = sums.get("credit", 0)
        said = _said(what, about, amount, credit)
        reason = reasons.get(key.removeprefix(CREDIT_ENTRY), "")
        used = Money(0 if amount else abs(credit), currency)
        moved, stands = Money(amount, currency), Money(balance, currency)
        found.append(Movement(at, said, about, moved, used, stands, reason))
    return found


def _said(what: str, about: str, amount: int, credit: int) -> str:
    """Return which kind of movement an entry is for whoever has the account."""
    if what in ("payment", "refund") and credit:
        if about.startswith("account:"):
            return "topped_up" if amount < 0 else "paid_out"
        return "credit_used" if credit > 0 else "credit_back"
    return "granted" if what == "credit" else what


def _standing(found: list[Movement], since: datetime | None, currency: str) -> Money:
    earlier = [one for one in found if since is not None and one.at < since]
    return earlier[-1].balance if earlier else Money(0, currency)


def _postings(hub_id: int, subjects: list[str], currency: str) -> QuerySet[Posting]:
    account = {"account__book_id": hub_id, "account__kind__in": KINDS, "account__currency": currency}
    return Posting.objects.filter(**account, account__subject__in=subjects)
