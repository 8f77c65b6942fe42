"""The largest order cycle in its editor: thousands of offers from hundreds of farms, sold by thirty hubs.

    python -m tests.bench.cycles <slug of a scale hub> <how many hubs> <rule | list>

Adds the hubs to the hub's open cycle, each selling all that comes in, by rule or by a list; asks the editor's pages
in this process, on the database of the environment; prints, as JSON, medians in ms.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

TIMES = 9


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    slug, hubs, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    json.dump(_measured(*_grown(slug, hubs, how)), sys.stdout)


def _grown(slug: str, count: int, how: str) -> tuple[Any, Any]:
    from django.db import transaction

    from bocage.network.models import Agreement, Enterprise
    from bocage.order_cycles.models import Exchange, ExchangeVariant, OrderCycle

    hub = Enterprise.objects.get(slug=slug)
    cycle = OrderCycle.objects.filter(coordinator=hub).exclude(name="Copie").order_by("-closes_at")[0]
    farms = Exchange.objects.filter(cycle=cycle, direction="incoming").values_list("enterprise_id", flat=True)
    with transaction.atomic():
        own = Exchange.objects.get(cycle=cycle, direction="outgoing", enterprise=hub)
        goods = list(ExchangeVariant.objects.filter(exchange=own).values_list("variant_id", flat=True))
        there = Enterprise.objects.filter(slug__startswith=f"{slug}-{how}-").count()
        for number in range(1 + there, count):
            other = Enterprise.objects.create(
                instance_id=hub.instance_id, slug=f"{slug}-{how}-{number}", name=f"Point {number}", sells="any"
            )
            Agreement.objects.bulk_create(
                Agreement(producer_id=farm, hub=other, starts_at=cycle.created_at) for farm in farms
            )
            side = Exchange.objects.create(
                cycle=cycle, direction="outgoing", enterprise=other, carries_all=how == "rule"
            )
            if how == "list":
                ExchangeVariant.objects.bulk_create(
                    (ExchangeVariant(exchange=side, variant_id=one) for one in goods), batch_size=5000
                )
    return hub, cycle


def _measured(hub: Any, cycle: Any) -> dict[str, float]:
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from bocage.catalogue.models import Variant
    from bocage.network.models import Person, Role
    from bocage.network.rules import SYSTEM
    from bocage.order_cycles import actions
    from bocage.order_cycles.models import Exchange
    from bocage.order_cycles.queries.offers import offers

    person, _ = Person.objects.get_or_create(email="mesure@exemple.example")
    Role.objects.get_or_create(person=person, enterprise=hub, defaults={"name": "manager"})
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    farm = Exchange.objects.filter(cycle=cycle, direction="incoming").order_by("id")[0]
    shop = Exchange.objects.filter(cycle=cycle, direction="outgoing").order_by("-id")[0]
    page = reverse("order_cycles:cycle", args=[hub.slug, cycle.pk])
    one = next(iter(offers(cycle_id=cycle.pk, hub_id=hub.pk, at=cycle.opens_at + timedelta(hours=1)).by_variant))
    htmx = {"HX-Request": "true"}
    own = Variant.objects.filter(product__producer_id=farm.enterprise_id).order_by("id")[0].pk

    def ask(path: str) -> None:
        assert client.get(path).status_code == 200

    def tick(side: Any, variant_id: int) -> Callable[[], None]:
        path, on = reverse("order_cycles:tick", args=[hub.slug, cycle.pk, side.pk, variant_id]), [False]

        def once() -> None:
            on[0] = not on[0]
            data = {} if on[0] else {"variant_ids": [str(variant_id)]}
            assert client.post(path, data, headers=htmx).status_code == 200

        return once

    def copy() -> None:
        at = cycle.closes_at + timedelta(days=30)
        with transaction.atomic():
            actions.copy_cycle(
                cycle_id=cycle.pk, name="Copie", opens_at=at, closes_at=at + timedelta(days=3), actor=SYSTEM, now=at
            )

    return {
        "page of a farm": _median(lambda: ask(f"{page}?side={farm.pk}")),
        "page of a hub": _median(lambda: ask(f"{page}?side={shop.pk}")),
        "search": _median(lambda: ask(f"{page}?side={shop.pk}&q=po")),
        "tick at a farm": _median(tick(farm, own)),
        "tick at a hub": _median(tick(shop, one)),
        "copy": _median(copy, times=3),
    }


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
