"""When and where goods are handed over, as people say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from bocage.orders.queries.choices import DeliveryChoice
from bocage.ui.formats import NBSP, day, hour


@dataclass(frozen=True, slots=True)
class HandOver:
    """A way to get an order, in words."""

    id: int
    is_pickup: bool
    what: str
    name: str
    when: str
    where: str
    description: str

    @property
    def place(self) -> str:
        """Return the name of the place and its address."""
        return f"{self.name}, {self.where}" if self.where else self.name


def hand_over(choice: DeliveryChoice) -> HandOver:
    """Return a way to hand over in words."""
    town = f"{choice.postcode} {choice.town}".strip()
    return HandOver(
        id=choice.id,
        is_pickup=choice.is_pickup,
        what=gettext("Pickup") if choice.is_pickup else gettext("Delivery"),
        name=choice.name,
        when=span(choice.starts_at, choice.ends_at),
        where=", ".join(part for part in (choice.street, town) if part),
        description=choice.directions or choice.description,
    )


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Return a day and its hours: Friday 9 October, 4:30 pm – 7 pm."""
    return f"{day(starts_at)}, {hour(starts_at)}{NBSP}– {hour(ends_at)}"
