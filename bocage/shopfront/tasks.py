"""What the clock does for baskets."""

from datetime import datetime

from bocage.infra.schedule import Every
from bocage.shopfront import actions


def forget_old_baskets(*, now: datetime) -> None:
    """Forget the baskets that nobody has touched for months."""
    actions.forget_old(now=now)


SCHEDULE = [Every(seconds=3600, do=forget_old_baskets)]
