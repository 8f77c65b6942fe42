"""Version numbers by name, grown in the transaction that changes a thing, so that what was computed from it can tell.

A reader takes the numbers before it computes; as long as they are the same, what it computed still holds.
"""

from collections.abc import Iterable

from django.db.models import F, QuerySet, Subquery

from bocage.infra.models import Version
from bocage.infra.statements import Statement


def bump(name: str) -> None:
    """Say that what is called `name` ('producer:7', 'fees:3') has changed, in the caller's transaction."""
    if not Version.objects.filter(name=name).update(number=F("number") + 1):
        Version.objects.get_or_create(name=name)
        Version.objects.filter(name=name).update(number=F("number") + 1)


def numbers(names: Iterable[str]) -> dict[str, int]:
    """Return the present numbers of `names` in one query; 0 for what never changed."""
    wanted = list(names)
    found: dict[str, int] = dict(_numbers.rows(names=wanted))
    return {name: found.get(name, 0) for name in wanted}


def number_of(name: str) -> Subquery:
    """Return the present number of `name` as a column of another query; None for what never changed."""
    return Subquery(Version.objects.filter(name=name).values("number")[:1])


@Statement
def _numbers(*, names: list[str]) -> QuerySet[Version, tuple[str, int]]:
    return Version.objects.filter(name__in=names).values_list("name", "number")
