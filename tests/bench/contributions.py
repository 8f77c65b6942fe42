"""Closing a month for many shops: `python -m tests.bench.contributions <shops> <order lines>`.

Writes its own shops, orders and lines into the database of the environment (an empty one that was migrated), by SQL;
prints, as JSON, seconds, what was closed, its base and memory in MB. The target is 5,000 shops with 1,000,000 lines in
60 seconds; without numbers it does a fiftieth of both.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

LINES = 5  # of an order
AT = datetime(2026, 10, 9, 16, tzinfo=UTC)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.settings")
    django.setup()
    shops, lines = (int(word) for word in (sys.argv[1:] or ("100", "20000")))
    json.dump(_closed(_written(shops, lines // LINES)), sys.stdout)


def _written(shops: int, orders: int) -> Any:
    from django.db import connection, transaction

    from bocage.catalogue.models import Variant
    from bocage.cooperative.contributions.models import Beginning, Cooperative, PlanSubscription
    from bocage.cooperative.contributions.rules.tariffs import Tariff
    from bocage.network.models import Customer, Enterprise
    from bocage.orders.models import Order, OrderLine
    from bocage.web.scale.bulk import bulk

    with transaction.atomic():
        market = _market()
        cooperative, version = _plan(market, asdict(Tariff(rate=10_000)))
        first = Order.objects.get()
        line = OrderLine.objects.get()
        ids = [
            one.pk
            for one in Enterprise.objects.bulk_create(
                Enterprise(instance=market.instance, slug=f"bench-{n}", name=f"Boutique {n}", sells="any")
                for n in range(shops)
            )
        ]
        PlanSubscription.objects.bulk_create(
            PlanSubscription(shop_id=pk, version=version, since=date(2026, 1, 1), accepted_at=AT, text_hash="")
            for pk in ids
        )
        Beginning.objects.bulk_create(Beginning(shop_id=pk, first_sale_on=date(2025, 1, 1)) for pk in ids)
        columns = [str(field.column) for field in Order._meta.concrete_fields]
        variants = [
            one.pk
            for one in Variant.objects.bulk_create(
                Variant(product_id=line.variant.product_id, price_minor=100 + n, unit="weight", size=500)
                for n in range(LINES)
            )
        ]
        assert Customer.objects.exists()
    with bulk() as writer:
        head = [getattr(first, field.attname) for field in Order._meta.concrete_fields]
        place = {
            name: columns.index(name)
            for name in ("id", "ref", "key", "hub_id", "hand_over_from", "hand_over_to", "placed_at")
        }
        own = [str(field.column) for field in OrderLine._meta.concrete_fields]
        body = [getattr(line, field.attname) for field in OrderLine._meta.concrete_fields]
        size = own.index("size")
        body[size] = OrderLine._meta.get_field("size").get_db_prep_save(body[size], connection)
        spot = {name: own.index(name) for name in ("id", "order_id", "variant_id", "goods_minor")}
        order_ids, line_ids = writer.ids(Order, orders), writer.ids(OrderLine, orders * LINES)
        for start in range(0, orders, 10_000):
            rows, parts = [], []
            for n in range(start, min(start + 10_000, orders)):
                row = list(head)
                for name, value in (
                    ("id", order_ids[n]), ("ref", f"B{n}"), ("key", f"bench:{n}"), ("hub_id", ids[n % shops]),
                    ("hand_over_from", writer.moment(AT)), ("hand_over_to", writer.moment(AT)),
                    ("placed_at", writer.moment(AT)),
                ):  # fmt: skip
                    row[place[name]] = value
                rows.append(row)
                for k in range(LINES):
                    part = list(body)
                    for name, value in (
                        ("id", line_ids[n * LINES + k]), ("order_id", order_ids[n]), ("variant_id", variants[k]),
                        ("goods_minor", 200 + n % 900),
                    ):  # fmt: skip
                        part[spot[name]] = value
                    parts.append(part)
            with transaction.atomic():
                writer.write(Order, columns, rows)
                writer.write(OrderLine, own, parts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return cooperative if isinstance(cooperative, Cooperative) else None


def _market() -> Any:
    from bocage.orders.tests import make

    market = make.market()
    market.place({market.offer("Poireaux", "2.40"): 1})
    return market


def _plan(market: Any, tariff: dict[str, Any]) -> tuple[Any, Any]:
    from bocage.cooperative.contributions.models import ContributionPlan, Cooperative, PlanVersion

    day = date(2026, 1, 1)
    cooperative = Cooperative.objects.create(
        instance=market.instance, enterprise=market.hub, begins_on=date(2026, 10, 1)
    )
    plan = ContributionPlan.objects.create(instance=market.instance, code="p1", kind="percentage", is_open=True)
    version = PlanVersion.objects.create(
        plan=plan, number=1, tariff=tariff, text="1 %", text_hash="", adopted_on=day, valid_from=day
    )
    return cooperative, version


def _closed(cooperative: Any) -> dict[str, float]:
    from django.db.models import Sum

    from bocage.cooperative.contributions.actions.closing import close_month
    from bocage.cooperative.contributions.models import Statement, StatementLine
    from bocage.cooperative.contributions.rules.months import Month

    start = time.perf_counter()
    closed = close_month(cooperative, Month(date(2026, 10, 1)), now=datetime(2026, 11, 10, tzinfo=UTC))
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "statements": closed,
        "lines": StatementLine.objects.count(),
        "base_minor": Statement.objects.aggregate(sum=Sum("base_minor"))["sum"],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
