"""Numbers without gaps: a counter is locked and read in the transaction that uses its number."""

from django.db.models import F

from bocage.infra.models import Sequence


def next_number(name: str) -> int:
    """Return the next number of the sequence `name`, starting at 1; a rollback gives the number back."""
    if not Sequence.objects.filter(name=name).update(last=F("last") + 1):
        Sequence.objects.get_or_create(name=name)
        Sequence.objects.filter(name=name).update(last=F("last") + 1)
    return Sequence.objects.values_list("last", flat=True).get(name=name)
