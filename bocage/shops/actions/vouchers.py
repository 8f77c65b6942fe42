"""Making, changing and ending vouchers, and using one for an order: never more often than it may be."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.infra.inserts import insert_new
from bocage.infra.locks import lock_row
from bocage.network.rules import Actor, Right
from bocage.shops.models import Voucher, VoucherUse
from bocage.shops.queries import vouchers as queries
from bocage.shops.rules import vouchers as rules
from bocage.shops.rules.vouchers import VoucherTerms


@transaction.atomic
def make_voucher(*, hub_id: int, terms: VoucherTerms, actor: Actor, now: datetime) -> int:
    """Give a hub a voucher; return its id. A blank code becomes one nobody guesses.

    Raises Forbidden, CodeTaken and what `check_voucher` raises.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    terms = _tidy(terms)
    rules.check_voucher(terms, now)
    row = Voucher(hub_id=hub_id, made_at=now, made_by=actor.label, **asdict(terms))
    if not insert_new(row):
        raise rules.CodeTaken(code=terms.code)
    return row.pk


@transaction.atomic
def edit_voucher(*, hub_id: int, voucher_id: int, terms: VoucherTerms, actor: Actor, now: datetime) -> None:
    """Change a voucher for orders to come; its code stays, and orders keep what was agreed.

    Raises Forbidden, NotFound and what `check_voucher` raises.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    row = _own(hub_id, voucher_id)
    terms = replace(_tidy(terms), code=row.code)
    if terms.expires_at != row.expires_at:
        rules.check_voucher(terms, now)
    else:
        rules.check_voucher(replace(terms, expires_at=None), now)
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    row.save()


@transaction.atomic
def end_voucher(*, hub_id: int, voucher_id: int, actor: Actor, now: datetime) -> None:
    """Accept a voucher no more; orders that have it keep it. Twice is once. Raises Forbidden, NotFound."""
    actor.require(Right.MANAGE_ENTERPRISE, on=hub_id)
    row = _own(hub_id, voucher_id)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])


def use_voucher(*, hub_id: int, code: str, about: str, customer_id: int, at: datetime) -> None:
    """Use a voucher for `about` ('order:R7K2'), in the caller's transaction; the voucher is held until that ends.

    Of two who use the last one at once, the second is refused. Raises VoucherNotKnown, VoucherEnded, VoucherExpired,
    VoucherUsedUp, VoucherUsedByThem.
    """
    found = queries.by_code(hub_id=hub_id, code=code)
    if found is not None:
        _hold(found.id)
        found = queries.by_code(hub_id=hub_id, code=code)
    standing = rules.check_usable(found, code=rules.tidy_code(code), at=at)
    _check_share(standing.id, standing.terms, customer_id)
    VoucherUse.objects.create(voucher_id=standing.id, about=about, customer_id=customer_id, at=at)


def give_back(*, about: str, at: datetime) -> None:
    """Give back the voucher that `about` used, so that it can be used again; nothing where there was none."""
    VoucherUse.objects.filter(about=about, given_back_at__isnull=True).update(given_back_at=at)


def use_again(*, about: str) -> None:
    """Use the voucher of `about` once more after it was given back, even past its last day: it counted when it was used.

    Raises VoucherUsedUp, VoucherUsedByThem, where others used it meanwhile.
    """
    use = VoucherUse.objects.filter(about=about, given_back_at__isnull=False).select_related("voucher").first()
    if use is None:
        return
    _hold(use.voucher_id)
    standing = queries.by_code(hub_id=use.voucher.hub_id, code=use.voucher.code)
    if standing is None or standing.is_used_up:
        raise rules.VoucherUsedUp(code=use.voucher.code)
    _check_share(standing.id, standing.terms, use.customer_id)
    VoucherUse.objects.filter(id=use.pk).update(given_back_at=None)


def _hold(voucher_id: int) -> None:
    """Hold a voucher until the transaction ends: who else wants to use it waits."""
    lock_row(Voucher.objects.all(), voucher_id)


def _check_share(voucher_id: int, terms: VoucherTerms, customer_id: int) -> None:
    if terms.most_per_customer is not None:
        uses = VoucherUse.objects.filter(voucher_id=voucher_id, customer_id=customer_id, given_back_at__isnull=True)
        rules.check_share(terms, used=uses.count())


def _own(hub_id: int, voucher_id: int) -> Voucher:
    row = lock_row(Voucher.objects.filter(hub_id=hub_id), voucher_id)
    if row is None:
        raise NotFound()
    return row


def _tidy(terms: VoucherTerms) -> VoucherTerms:
    code = rules.tidy_code(terms.code) or "".join(secrets.choice(rules.LETTERS) for _ in range(8))
    return replace(terms, code=code, note=terms.note.strip())
