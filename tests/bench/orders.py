"""The orders of one large cycle in the back office: lines, list, customers, and what is saved there.

    python -m tests.bench.orders

Asks the pages of the hub that got the newest order, and of its cycle with most orders, in this process, on the database
of the environment; saves a line and puts it back; reads a file of 10,000 customers, takes it and lets them go. Prints, as
JSON, how many orders and lines there are, and medians in ms.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

TIMES = 9
CUSTOMERS = 10_000


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    json.dump(_measured(), sys.stdout)


def _measured() -> dict[str, Any]:
    from django.db.models import Count
    from django.test import Client
    from django.urls import reverse

    from bocage.network.models import Person, Role
    from bocage.orders.models import Order, OrderLine

    hub = Order.objects.latest("id").hub
    slug = hub.slug
    orders = Order.objects.filter(hub=hub).values_list("cycle_id").annotate(n=Count("id")).order_by("-n")
    cycle_id, count = orders[0]
    lines = OrderLine.objects.filter(order__hub=hub, order__cycle_id=cycle_id, order__state="placed")
    person, _ = Person.objects.get_or_create(email="mesure@exemple.example")
    Role.objects.get_or_create(person=person, enterprise=hub, defaults={"name": "manager"})
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    line = lines.filter(quantity__lt=900).order_by("id")[0]
    sheet, some = reverse("orders:lines", args=[slug]), line.product_name[:4]

    def ask(path: str) -> None:
        assert client.get(path).status_code == 200

    def save() -> None:
        line.refresh_from_db()
        quantity = line.quantity + (1 if line.quantity % 2 else -1) or 1
        data = {"quantity": quantity, "weight": "", "seen_quantity": line.quantity}
        data["seen_weight"] = line.final_weight_g or ""
        answer = client.post(reverse("orders:line", args=[slug, line.pk]), data, headers={"HX-Request": "true"})
        assert answer.status_code == 200

    found: dict[str, Any] = {
        "orders": count,
        "lines": lines.count(),
        "lines page": _median(lambda: ask(f"{sheet}?cycle={cycle_id}")),
        "lines page, far on": _median(lambda: ask(f"{sheet}?cycle={cycle_id}&start={lines.count() // 2}")),
        "lines page, searched": _median(lambda: ask(f"{sheet}?cycle={cycle_id}&q={some}")),
        "a line saved": _median(save),
        "orders list": _median(lambda: ask(f"{reverse('orders:list', args=[slug])}?cycle={cycle_id}")),
        "orders list, unpaid": _median(lambda: ask(f"{reverse('orders:list', args=[slug])}?paid=due")),
        "customers list": _median(lambda: ask(reverse("shops:customers", args=[slug]))),
    }
    return found | _customers(hub)


def _customers(hub: Any) -> dict[str, float]:
    from django.db import transaction
    from django.utils import timezone

    from bocage.network import actions
    from bocage.network.rules import SYSTEM
    from bocage.network.rules.customers import read_sheet

    rows = "".join(f"venu{n}@mesure.example;Venu {n};V{n};salariés,école\n" for n in range(CUSTOMERS))
    text, taken = f"email;name;code;tags\n{rows}", {}

    def dry() -> None:
        actions.try_import(hub_id=hub.pk, sheet=read_sheet(text), actor=SYSTEM)

    taken["customers, dry run"] = _median(dry, times=3)
    with transaction.atomic():
        began = time.perf_counter()
        actions.import_customers(hub_id=hub.pk, sheet=read_sheet(text), actor=SYSTEM, now=timezone.now())
        taken["customers, taken"] = round((time.perf_counter() - began) * 1000, 1)
        transaction.set_rollback(True)
    return taken


def _median(act: Callable[[], None], times: int = TIMES) -> float:
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    main()
