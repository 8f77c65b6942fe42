"""One act on many orders: written down once as its preview showed it, then done order by order.

Each order has a transaction of its own, so that one that is refused undoes no other; its line is locked meanwhile, so
that whoever else carries the same act out (the page, sent twice; the worker) finds it done. A fault of ours at one order is
logged with a reference that its line keeps; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.infra import locks
from bocage.infra.outbox import emit
from bocage.ledger.queries import due_by_reference
from bocage.network.models import Person
from bocage.network.queries import actor_for
from bocage.network.rules import Actor, Right
from bocage.orders import rules
from bocage.orders.actions import kinds, writing
from bocage.orders.actions.amending import change_quantities
from bocage.orders.actions.cancelling import cancel_order
from bocage.orders.actions.invoicing import invoice_order
from bocage.orders.actions.paying import record_payment
from bocage.orders.events import ConfirmationWanted
from bocage.orders.models import BulkAct, BulkActLine, Order, OrderLine

log = logging.getLogger(__name__)
MOST_ORDERS = 5000
AT_ONCE = 40
RIGHTS = {"pay": Right.RECORD_PAYMENTS, "invoice": Right.ISSUE_INVOICES}


def right_for(what: str) -> Right:
    """Return the right that an act on many orders asks for."""
    if what in kinds.added():
        return kinds.added()[what].right
    return RIGHTS.get(what, Right.MANAGE_ORDERS)


def plan_act(
    *,
    key: str,
    hub_id: int,
    what: str,
    orders: Iterable[str],
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    plans: Mapping[str, Mapping[str, Any]] | None = None,
) -> int:
    """Write down an act (pay, cancel, mail, share, invoice, remove) on a hub's orders, by reference; return its id.

    Nothing is done yet. details: pay: `means`; share: `variant_id`; cancel, remove: `to_stock`, `is_told`. plans: of each
    order by reference, share: `before` and `after`, units; remove: `lines`, variant id → units as they were shown (once
    done also `all`: nothing was left).
    The same key twice is the same act. Raises Forbidden, NotFound (another hub's order), NoOrders, TooManyOrders.
    """
    actor.require(right_for(what), on=hub_id)
    if actor.person_id is None:
        raise NotFound()
    refs = list(dict.fromkeys(orders))
    if not refs:
        raise rules.NoOrders()
    if len(refs) > MOST_ORDERS:
        raise rules.TooManyOrders(most=MOST_ORDERS)
    ids = _ids(hub_id, refs)
    try:
        with transaction.atomic():
            act = BulkAct.objects.create(
                key=key, hub_id=hub_id, what=what, details=dict(details or {}), person_id=actor.person_id, at=now
            )
            of = plans or {}
            BulkActLine.objects.bulk_create(
                (BulkActLine(act=act, order_id=ids[ref], plan=dict(of.get(ref, {}))) for ref in refs), batch_size=500
            )
            return act.pk
    except IntegrityError:  # sent twice: it is written down already
        return BulkAct.objects.values_list("id", flat=True).get(key=key, hub_id=hub_id)


def carry_out(*, act_id: int, actor: Actor, now: datetime, most: int = AT_ONCE) -> int:
    """Do the next `most` orders that wait in an act; return how many were met. Raises Forbidden, NotFound."""
    act = BulkAct.objects.filter(id=act_id).first()
    if act is None:
        raise NotFound()
    actor.require(right_for(act.what), on=act.hub_id)
    waiting = BulkActLine.objects.filter(act=act, state=BulkActLine.State.WAITING).order_by("id")
    ids = list(waiting.values_list("id", flat=True)[:most])
    for line_id in ids:
        _carry_out_line(act, line_id, actor, now)
    return len(ids)


def carry_out_waiting(*, now: datetime) -> int:
    """Go on with the acts that wait, the oldest first, each in the name of who asked for it; return how many orders."""
    waiting = BulkActLine.objects.filter(state=BulkActLine.State.WAITING).order_by("id")
    act_id = waiting.values_list("act_id", flat=True).first()
    if act_id is None:
        return 0
    try:
        person = Person.objects.get(id=BulkAct.objects.values("person_id").get(id=act_id)["person_id"])
        return carry_out(act_id=act_id, actor=actor_for(person), now=now)
    except Refused as refusal:  # no longer allowed there: none of it is done
        return waiting.filter(act_id=act_id).update(state=BulkActLine.State.REFUSED, said=_said(refusal))
    except Exception:  # the acts behind it must not wait for ever
        return waiting.filter(act_id=act_id).update(state=BulkActLine.State.FAILED, said=_logged(act_id))


def _carry_out_line(act: BulkAct, line_id: int, actor: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            line = locks.lock_row(BulkActLine.objects.all(), line_id)
            if line is None or line.state != BulkActLine.State.WAITING:
                return
            _do(act, line, actor, now)
            line.state = BulkActLine.State.DONE
            line.save(update_fields=["state", "plan"])
    except Refused as refusal:
        waiting = BulkActLine.objects.filter(id=line_id, state=BulkActLine.State.WAITING)
        waiting.update(state=BulkActLine.State.REFUSED, said=_said(refusal))
    except Exception:  # a bug: of this order alone
        waiting = BulkActLine.objects.filter(id=line_id, state=BulkActLine.State.WAITING)
        waiting.update(state=BulkActLine.State.FAILED, said=_logged(act.pk))


def _do(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    if act.what in kinds.added():
        kinds.added()[act.what].do(_standing(act, line).pk, actor, now)
    else:
        ACTS[act.what](act, line, actor, now)


def _logged(act_id: int) -> dict[str, Any]:
    """Log the fault at hand and return what its line keeps: the reference under which it is found."""
    reference = token_hex(4)
    log.exception("bulk act failed", extra={"act": act_id, "reference": reference})
    return {"reference": reference}


def _pay(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    """Record as paid what is due at this moment: the order is held until that is written."""
    order = _standing(act, line)
    about = f"order:{order.ref}"
    due = due_by_reference(kind="customer", abouts=[about]).get(about, 0)
    if due <= 0:
        raise rules.NothingDue()
    record_payment(
        order_id=order.pk,
        amount=Money(due, order.currency),
        means=act.details["means"],
        key=f"bulk:{act.pk}:{order.pk}",
        actor=actor,
        now=now,
    )


def _cancel(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    cancel_order(order_id=line.order_id, actor=actor, now=now, **_how(act))


def _remove(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    """Take lines out of an order, as they were shown; one that would hold nothing then is cancelled."""
    order = _standing(act, line)
    seen = {int(vid): units for vid, units in line.plan["lines"].items()}
    held = dict(OrderLine.objects.filter(order=order).values_list("variant_id", "quantity"))
    line.plan["all"] = set(held) == set(seen)
    if line.plan["all"]:
        if held != seen:
            names = writing.names_of(vid for vid in seen if held[vid] != seen[vid])
            raise rules.ChangedMeanwhile(lines=", ".join(f"{name} ({held[vid]})" for vid, name in names.items()))
        cancel_order(order_id=order.pk, actor=actor, now=now, **_how(act))
        return
    wanted = dict.fromkeys(seen, 0)
    change_quantities(order_id=order.pk, quantities=wanted, seen=seen, actor=actor, now=now, **_how(act))


def _how(act: BulkAct) -> dict[str, Any]:
    return {name: act.details.get(name, True) for name in ("to_stock", "is_told")}


def _mail(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    order = _standing(act, line)
    writing.remember(order, "confirmation", {}, actor, now)
    emit(ConfirmationWanted(order_id=order.pk, ref=order.ref, hub_id=order.hub_id), by=actor, at=now)


def _share(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    """Give an order its share of what came; one that would hold nothing then is cancelled. Nothing goes back to stock."""
    variant_id, before, after = act.details["variant_id"], line.plan["before"], line.plan["after"]
    order = _standing(act, line)
    others = OrderLine.objects.filter(order=order).exclude(variant_id=variant_id).exists()
    held = OrderLine.objects.filter(order=order, variant_id=variant_id).values_list("quantity", "product_name").first()
    if after == 0 and not others and held:
        if held[0] != before:
            raise rules.ChangedMeanwhile(lines=f"{held[1]} ({held[0]})")
        cancel_order(order_id=order.pk, actor=actor, now=now, to_stock=False)
        return
    change_quantities(
        order_id=order.pk,
        quantities={variant_id: after},
        seen={variant_id: before},
        to_stock=False,
        actor=actor,
        now=now,
    )


def _invoice(act: BulkAct, line: BulkActLine, actor: Actor, now: datetime) -> None:
    """Issue the invoice of an order, unless the one that stands says the same."""
    issued = invoice_order(order_id=line.order_id, actor=actor, now=now)
    if not issued.is_new:
        raise rules.InvoicedAlready(number=issued.number)


ACTS: Mapping[str, Callable[[BulkAct, BulkActLine, Actor, datetime], None]] = {
    "pay": _pay,
    "cancel": _cancel,
    "mail": _mail,
    "share": _share,
    "remove": _remove,
    "invoice": _invoice,
}


def _standing(act: BulkAct, line: BulkActLine) -> Order:
    """Lock and return the order of a line. Raises IsCancelled."""
    order = locks.lock_row(Order.objects.filter(hub_id=act.hub_id), line.order_id)
    if order is None:
        raise NotFound()
    if order.state == Order.State.CANCELLED:
        raise rules.IsCancelled()
    return order


def _ids(hub_id: int, refs: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(refs), 500):
        rows = Order.objects.filter(hub_id=hub_id, ref__in=refs[start : start + 500])
        found |= dict(rows.values_list("ref", "id"))
    if len(found) < len(refs):
        raise NotFound()
    return found


def _said(refusal: Refused) -> dict[str, Any]:
    return {"message": refusal.message, "values": {name: str(value) for name, value in refusal.values.items()}}
