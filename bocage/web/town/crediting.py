"""Customers of the town who have something to spend, a small debt, or a gift voucher of the hub in the market hall."""

from __future__ import annotations

from datetime import datetime, timedelta

from bocage.commons.money import Money
from bocage.network.models import Customer, Enterprise
from bocage.network.rules import SYSTEM
from bocage.orders.actions.accounts import grant_credit, top_up
from bocage.orders.actions.gifts import Gift, sell_gift
from bocage.shops.actions import carry_debts

HUB = "panier-de-la-halle"
PREPAID = ("armelle", "mireille")


def give(*, now: datetime) -> None:
    """Let the hub in the market hall carry small debts on, two customers pay in advance, one give a voucher."""
    hub = Enterprise.objects.filter(slug=HUB).first()
    if hub is None:
        return
    carry_debts(hub_id=hub.pk, up_to=Money(500), actor=SYSTEM)
    theirs = Customer.objects.filter(hub=hub, main__isnull=True, person__isnull=False)
    for number, name in enumerate(PREPAID):
        customer = theirs.filter(email__startswith=f"{name}@").first()
        if customer is None:
            continue
        at = now - timedelta(days=20 - number)
        top_up(
            hub_id=hub.pk, customer_id=customer.pk, amount=Money(4000), means="transfer", key=f"town:{name}",
            actor=SYSTEM, now=at,
        )  # fmt: skip
        if number:
            continue
        grant_credit(
            hub_id=hub.pk, customer_id=customer.pk, amount=Money(350), reason="Salades gelées dans la caisse",
            bearer_id=hub.pk, key="town:frost", actor=SYSTEM, now=at + timedelta(days=3),
        )  # fmt: skip
        wish = Gift(
            Money(3000), customer.name, customer.email, to_name="Léa", message="Bon anniversaire, et bon appétit !"
        )
        sell_gift(hub_id=hub.pk, gift=wish, means="cash", key="town:gift", actor=SYSTEM, now=at + timedelta(days=5))
