"""The product table of a large hub, and a file of all its goods: read, applied, taken back.

    python -m tests.bench.goods <slug of a scale hub> <how many rows>

Asks the table and one of its cells in this process, on the database of the environment; then reads a file in which every
row has another price, applies it, and takes it back, so that the goods are as they were. Prints, as JSON, medians in ms,
the seconds of each step of the file, by how many MB the process grew at most while it was read and applied, and the
seconds that the same prices take to be written by one bare upsert per thousand.
"""

from __future__ import annotations

import csv
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TIMES = 9


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    from bocage.network.models import Enterprise

    hub = Enterprise.objects.get(slug=sys.argv[1])
    json.dump(_table(hub) | _file(hub, int(sys.argv[2])), sys.stdout)


def _table(hub: Any) -> dict[str, float]:
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from bocage.assortment.queries.table import Wanted, table
    from bocage.assortment.rules.cells import seen
    from bocage.network.models import Person, Role
    from bocage.network.rules import SYSTEM

    person, _ = Person.objects.get_or_create(email="mesure@exemple.example")
    Role.objects.get_or_create(person=person, enterprise=hub, defaults={"name": "manager"})
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("assortment:table", args=[hub.slug])
    first = table(enterprise_id=hub.pk, actor=SYSTEM, now=timezone.now(), wanted=Wanted(), limit=1).rows[0]
    says = [seen(first, "price"), str(first.price + 10)]

    def ask(path: str) -> None:
        assert client.get(path).status_code == 200

    def save() -> None:
        text = f"{int(says[1]) / 100:.2f}"
        data = {"column": "price", "text": text, "seen": says[0]}
        answer = client.post(
            reverse("assortment:cell", args=[hub.slug, first.id]), data, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200, answer.content
        says.reverse()

    return (
        _medians("first page", lambda: ask(page))
        | _medians("search", lambda: ask(f"{page}?q=po"))
        | _medians("one cell", save)
    )


def _file(hub: Any, rows: int) -> dict[str, float]:
    from django.utils import timezone

    from bocage.assortment import actions
    from bocage.assortment.models import Import
    from bocage.catalogue.models import Variant
    from bocage.network.rules import SYSTEM

    data, now = _dearer(hub, rows), timezone.now()
    asked = {"enterprise_id": hub.pk, "actor": SYSTEM, "now": now}
    taken: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        with _grown(taken, f"{name} grew"):
            began, busy = time.perf_counter(), time.process_time()
            yield
            taken[name] = round(time.perf_counter() - began, 2)
            taken[f"{name} cpu"] = round(time.process_time() - busy, 2)

    with timed("dry run"):
        import_id = actions.plan_import(
            mode="products", data=data, file_name="mesure.csv", empties_absent=False, **asked
        )
    counts = Import.objects.get(pk=import_id).counts
    assert set(counts) == {"changed"}, counts
    with timed("apply"):
        actions.apply_import(import_id=import_id, **asked)
    with timed("undo"):
        actions.undo_import(import_id=import_id, **asked)
    some = list(Variant.objects.order_by("id")[:rows])
    began = time.perf_counter()
    Variant.objects.bulk_create(some, 1000, update_conflicts=True, unique_fields=["id"], update_fields=["price_minor"])
    return taken | {"rows": counts["changed"], "bare": round(time.perf_counter() - began, 2)}


def _dearer(hub: Any, rows: int) -> bytes:
    """Return the first rows of the hub's own file, each a cent dearer."""
    from django.utils import timezone

    from bocage.assortment.queries.export import export
    from bocage.assortment.queries.table import Wanted
    from bocage.network.rules import SYSTEM

    found = export(
        enterprise_id=hub.pk, mode="products", wanted=Wanted(), language="fr", actor=SYSTEM, now=timezone.now()
    )
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(found.headings)
    price = found.headings.index("Prix")
    for _, row in zip(range(rows), found.rows, strict=False):
        row[price] = f"{float(row[price] or 0) + 0.01:.2f}"
        writer.writerow(row)
    return file.getvalue().encode()


@contextmanager
def _grown(taken: dict[str, float], name: str) -> Iterator[None]:
    """Note by how many MB the process grew at most inside."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here on
    before = _memory("VmRSS")
    yield
    taken[name] = round((_memory("VmHWM") - before) / 1024, 1)


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _medians(name: str, act: Callable[[], None]) -> dict[str, float]:
    """Return the median time of an act, and of the processor for it, which does not count who else is at work."""
    act()
    taken, worked = [], []
    for _ in range(TIMES):
        began, busy = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return {name: round(statistics.median(taken), 1), f"{name} cpu": round(statistics.median(worked), 1)}


if __name__ == "__main__":
    main()
