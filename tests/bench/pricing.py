"""How long the pure pricing of a basket takes: 50 lines, 6 fees, a delivery and a voucher; no database.

    python -m tests.bench.pricing

Prints, as JSON, medians in ms: of a basket never priced before (`new`) and of one whose lines are known (`known`).
The goal is 2 ms for a new one.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import replace

from bocage.commons.money import Money
from bocage.orders.rules import Item, Quote, make_quote
from bocage.pricing.discounts import voucher_fee
from bocage.pricing.rules import NO_TAX, Calculator, Fee, Goods, Tax

LINES, TIMES, GOAL = 50, 301, 2.0
REDUCED = Tax(55_000)


def main() -> None:
    """Measure and print."""
    json.dump(measured(), sys.stdout)


def measured() -> dict[str, float]:
    """Return the median ms of a basket never priced before (`new`) and of one whose lines are known (`known`)."""
    return {
        "new": _median([_measured(basket) for basket in range(TIMES)]),
        "known": _median([_measured(0) for _ in range(TIMES)]),
    }


def _measured(number: int) -> float:
    items, fees, voucher = _basket(number)
    started = time.perf_counter()
    _price(items, fees, voucher)
    return (time.perf_counter() - started) * 1000


def _price(items: list[Item], fees: list[Fee], voucher: Fee) -> Quote:
    quote = make_quote(items, fees, voucher=voucher)
    if not quote.total or not quote.taxes():
        raise AssertionError("nothing was priced")
    return quote


def _basket(number: int) -> tuple[list[Item], list[Fee], Fee]:
    fee = Fee("Coordination", Calculator.PERCENT, 1, percent_millionths=65_000, tax=None)
    on_lines = (
        fee,
        replace(fee, name="Transport", calculator=Calculator.PER_ITEM, amount_minor=15, tax=REDUCED),
        replace(fee, name="Emballage", calculator=Calculator.PER_KILOGRAM, amount_minor=35, tax=NO_TAX),
        replace(fee, name="Vente", percent_millionths=20_000),
    )
    on_order = [
        replace(fee, name="Adhésion", calculator=Calculator.FLAT, amount_minor=150, tax=NO_TAX),
        replace(fee, name="Port", calculator=Calculator.FLEXIBLE, amount_minor=300, additional_minor=5, limit=40,
                tax=REDUCED),
        replace(fee, name="Livraison", kind="delivery", calculator=Calculator.SACK, amount_minor=500,
                threshold_minor=90_000, tax=Tax(200_000)),
    ]  # fmt: skip
    items = [
        Item(line, line % 7, Goods(Money(101 + 13 * line + number), 1 + line % 4, REDUCED, grams=100 * line), on_lines)
        for line in range(LINES)
    ]
    return items, on_order, voucher_fee(code="DIX", hub_id=1, amount_minor=1000)


def _median(times: list[float]) -> float:
    return round(statistics.median(times), 3)


if __name__ == "__main__":
    main()
