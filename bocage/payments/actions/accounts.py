"""A hub's own account with a provider."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bocage.payments.models import ProviderAccount
from bocage.payments.providers import provider
from bocage.payments.rules import Connecting, ProviderDown, ProviderUnreachable


def connect(*, name: str, wish: Connecting, now: datetime) -> str:
    """Give a hub an account with a provider, or go on with the one it has begun; return where it goes on, '' if it is done.

    An account with another provider ends then: what was paid by it stays, and can be given back. Runs outside
    transactions. Rights are the caller's to ask. Raises NotConnected, ProviderUnreachable.
    """
    running = ProviderAccount.objects.filter(hub_id=wish.hub_id, provider=name, ended_at__isnull=True).first()
    try:
        found = provider(name).connect(replace(wish, account=running.account if running else ""))
    except ProviderDown as error:
        raise ProviderUnreachable from error
    keep_account(hub_id=wish.hub_id, name=name, account=found.account, can_charge=found.can_charge, now=now)
    return found.page


@transaction.atomic
def keep_account(*, hub_id: int, name: str, account: str, can_charge: bool, now: datetime) -> None:
    """Let a hub's online payments go to this account from now on. Rights are the caller's to ask."""
    running = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True)
    if running.filter(provider=name, account=account).update(can_charge=can_charge):
        return
    running.update(ended_at=now)
    ProviderAccount.objects.create(
        hub_id=hub_id, provider=name, account=account, can_charge=can_charge, connected_at=now
    )


def ask_account(*, hub_id: int) -> None:
    """Ask the provider whether a hub's account can take money by now. Raises NotConnected, ProviderUnreachable."""
    row = ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True).first()
    if row is None:
        return
    try:
        can_charge = provider(row.provider).can_charge(row.account)
    except ProviderDown as error:
        raise ProviderUnreachable from error
    ProviderAccount.objects.filter(id=row.pk).update(can_charge=can_charge)


def disconnect(*, hub_id: int, now: datetime) -> None:
    """Take no payments online any more; what was paid stays, and can be given back. Rights are the caller's to ask."""
    ProviderAccount.objects.filter(hub_id=hub_id, ended_at__isnull=True).update(ended_at=now)
