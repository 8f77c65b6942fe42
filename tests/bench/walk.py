"""A guest's way from the shop page to the order, with the real forms, basket and CSRF protection."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from tests.bench.wire import Answer, Wire

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"|"X-CSRFToken": "([^"]+)"')
CYCLE = re.compile(r'name="cycle" value="(\d+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
TOTAL = re.compile(r'name="shown_total" value="(\d+)"')
DELIVERY = re.compile(r'name="delivery_method_id" value="(\d+)"')
PAYMENT = re.compile(r'name="payment_method_id" value="(\d+)"')
OFFER = re.compile(r'name="(?:add" value="|q-)(\d+)"')


class WalkFailed(Exception):
    """A step did not lead to the next; says which and what came back."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An order that needs nothing but its last form to be sent, by whoever has these cookies."""

    path: str
    values: dict[str, str]
    cookies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Took:
    """How long the whole way took and how long its last step, the order itself; seconds."""

    walk: float
    order: float


def offers_on(page: str) -> list[str]:
    """Return the ids of the variants that a shop page offers."""
    return list(dict.fromkeys(OFFER.findall(page)))


def order(wire: Wire, slug: str, variants: list[str], *, number: int, is_short: bool = False) -> Took:
    """Order one of each of `variants` as a guest: six pages asked for, four forms sent. Raises WalkFailed.

    The short way leaves out the pages that a form does not need: the basket, and the order once it is placed.
    """
    began = time.perf_counter()
    ready = prepare(wire, slug, variants, number=number, is_short=is_short)
    at_order = time.perf_counter()
    placed = confirm(wire, ready)
    ordered = time.perf_counter() - at_order
    if not is_short:
        _expect(wire.get(placed), 200, "order")
    return Took(time.perf_counter() - began, ordered)


def prepare(wire: Wire, slug: str, variants: list[str], *, number: int, is_short: bool = True) -> Ready:
    """Walk up to the last form and return it filled in."""
    shop = f"/shop/{slug}/"
    page = _text(_expect(wire.get(shop), 200, "shop"))
    base = {"csrfmiddlewaretoken": _one(TOKEN, page, "shop")}
    if cycle := CYCLE.search(page):
        base["cycle"] = cycle[1]
    _expect(wire.post(f"{shop}basket/", base | {f"q-{one}": "1" for one in variants}), 303, "into the basket")
    if not is_short:
        _expect(wire.get(f"{shop}basket/"), 200, "basket")
    page = _text(_expect(wire.get(f"{shop}checkout/who/"), 200, "who"))
    who = base | {
        "name": "Armelle Le Goff",
        "email": f"banc-{number}@exemple.bocage.example",
        "phone": "06 00 00 00 00",
        "delivery_method_id": _one(DELIVERY, page, "who"),
    }
    _expect(wire.post(f"{shop}checkout/who/", who), 303, "who, sent")
    page = _text(_expect(wire.get(f"{shop}checkout/pay/"), 200, "pay"))
    _expect(
        wire.post(f"{shop}checkout/pay/", base | {"payment_method_id": _one(PAYMENT, page, "pay")}), 303, "pay, sent"
    )
    path = f"{shop}checkout/confirm/"
    page = _text(_expect(wire.get(path), 200, "confirm"))
    yes = {"key": _one(KEY, page, "confirm"), "shown_total": _one(TOTAL, page, "confirm"), "accepted": "on"}
    return Ready(path, base | yes, dict(wire.cookies))


def confirm(wire: Wire, ready: Ready) -> str:
    """Send the last form; return the address of the order."""
    return _expect(wire.post(ready.path, ready.values), 303, "confirm, sent").headers["location"]


def _expect(answer: Answer, status: int, where: str) -> Answer:
    if answer.status != status:
        raise WalkFailed(f"{where}: {answer.status} {answer.body[:300]!r}")
    return answer


def _text(answer: Answer) -> str:
    return answer.body.decode()


def _one(pattern: re.Pattern[str], page: str, where: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise WalkFailed(f"{where}: no {pattern.pattern}")
    return next(group for group in found.groups() if group)
