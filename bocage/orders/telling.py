"""What changed of an order since its customer last knew: pure comparison of how it stood and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Standing = Mapping[str, Mapping[str, Any]]
WHOLE = "order"


class Line(Protocol):
    """What is compared of a line."""

    variant_id: int
    product_name: str
    quantity: int
    final_weight_g: int | None
    price_minor: int


def stand(lines: Iterable[Line]) -> dict[str, dict[str, Any]]:
    """Return how an order stands, as JSON keeps it: variant id → product, quantity, weight_g, price_minor."""
    return {
        str(line.variant_id): {
            "product": line.product_name,
            "quantity": line.quantity,
            "weight_g": line.final_weight_g,
            "price_minor": line.price_minor,
        }
        for line in lines
    }


def stand_whole(*, where: str, adjusted_minor: int) -> dict[str, dict[str, Any]]:
    """Return how the whole of an order stands, to keep beside its lines: where it is handed over, and what its discounts
    and extras come to.
    """
    return {WHOLE: {"where": where, "adjusted_minor": adjusted_minor}}


def place_of(order: Any) -> str:
    """Return where an order is handed over, in one line: 'Halle, Place, 61000 Malvran'."""
    town = f"{order.delivery_postcode} {order.delivery_town}".strip()
    return ", ".join(
        part for part in (order.delivery_name, order.delivery_street, order.delivery_street2, town) if part
    )


def differences(before: Standing, after: Standing) -> list[dict[str, Any]]:
    """Return what a customer is told, line by line in the order's order; nothing where all is as it was.

    Each says `what` (quantity, weight, price; hand_over and adjustment of the whole order), `product`, and `before` and
    `after` (0 units: not in the order; grams, None while not weighed; minor units; a place in words). A weight that only
    a new quantity made void is not told apart.
    """
    found = _of_the_whole(before.get(WHOLE), after.get(WHOLE))
    for key in dict.fromkeys([*before, *after]):
        if key == WHOLE:
            continue
        was, now = before.get(key), after.get(key)
        known = was or now or {}
        units = (was["quantity"] if was else 0, now["quantity"] if now else 0)
        if units[0] != units[1]:
            found.append(_told("quantity", known, *units))
        if was is None or now is None:
            continue
        if was["price_minor"] != now["price_minor"]:
            found.append(_told("price", known, was["price_minor"], now["price_minor"]))
        is_void = units[0] != units[1] and now["weight_g"] is None
        if was["weight_g"] != now["weight_g"] and not is_void:
            found.append(_told("weight", known, was["weight_g"], now["weight_g"]))
    return found


def _of_the_whole(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if was is None or now is None:
        return []
    parts = (("hand_over", "where"), ("adjustment", "adjusted_minor"))
    return [
        {"what": what, "product": "", "before": was[key], "after": now[key]}
        for what, key in parts
        if was[key] != now[key]
    ]


def _told(what: str, line: Mapping[str, Any], before: int | None, after: int | None) -> dict[str, Any]:
    return {"what": what, "product": line["product"], "before": before, "after": after}
