"""Colleges and who belongs to them: the checks of R-COLLEGE, and from when on a member votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bocage.commons.refusals import Refused, gettext_noop

LEAST, MOST, WHOLE = 10, 50, 100
CATEGORIES = 3
ROLL_AFTER = timedelta(days=30)
COMMITTEE = 3


class UnlawfulColleges(Refused):
    """The colleges do not stand as the law on SCICs and the articles want them."""

    code = "governance.unlawful_colleges"
    message = gettext_noop("The colleges must share 100 votes, each between 10 and 50; there are three at least.")


class TooFewCategories(Refused):
    """A SCIC has three categories of members at least, workers (else producers) and beneficiaries among them."""

    code = "governance.too_few_categories"
    message = gettext_noop(
        "A cooperative of this kind has three categories of members at least: those who work, those who benefit, and "
        "another."
    )


def check_colleges(weights: Mapping[str, int]) -> None:
    """Raise UnlawfulColleges unless the weights add up to 100, each from 10 to 50."""
    if sum(weights.values()) != WHOLE or not all(LEAST <= weight <= MOST for weight in weights.values()):
        raise UnlawfulColleges()


def check_categories(kinds: Collection[str]) -> None:
    """Raise TooFewCategories unless three stand, with workers (else producers) and beneficiaries among them."""
    there = set(kinds)
    if len(kinds) < CATEGORIES or not there & {"workers", "producers"} or "beneficiaries" not in there:
        raise TooFewCategories()


def is_on_roll(*, active_since: datetime | None, left_at: datetime | None, opens_at: datetime) -> bool:
    """Return whether a member is on the roll frozen at `opens_at`: active for 30 days, and still there."""
    if active_since is None or (left_at is not None and left_at <= opens_at):
        return False
    return active_since + ROLL_AFTER <= opens_at
