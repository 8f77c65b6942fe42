"""From closed statements to invoices and payments, and the kindness in between."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from bocage.commons.money import Money
from bocage.commons.refusals import NotFound, Refused
from bocage.cooperative.contributions import rules
from bocage.cooperative.contributions.actions.asking import check_committee, require_committee, require_treasurer
from bocage.cooperative.contributions.models import (
    Bill,
    Contest,
    Cooperative,
    InstalmentPlan,
    Notice,
    Payment,
    Restriction,
    Statement,
)
from bocage.cooperative.contributions.queries.drafting import tariff_of, today_of
from bocage.cooperative.contributions.rules import kindness
from bocage.cooperative.contributions.rules.tariffs import is_billed
from bocage.infra import locks
from bocage.infra.inserts import insert, insert_new
from bocage.invoicing import actions as invoicing
from bocage.invoicing import queries as invoices
from bocage.invoicing.rules import Bill as Asked
from bocage.invoicing.rules import Line, Party, due_on
from bocage.messages import actions as messages
from bocage.network.models import Instance
from bocage.network.queries import contacts_of
from bocage.network.rules import SYSTEM, Actor

State = Statement.State
PAYS_WITHIN = 30


def invoice_closed(*, now: datetime, limit: int = 20) -> int:
    """Issue the invoices of shops whose closed months come to five euros or it is December; return how many.

    A shop whose papers are not in order waits. Each in a transaction of its own.
    """
    made = 0
    for cooperative in Cooperative.objects.select_related("instance").order_by("pk"):
        for shop_id, months in _unbilled(cooperative):
            if made >= limit:
                break
            unbilled = sum(total for _, total in months)
            if not is_billed(unbilled, is_december=months[-1][0].month == 12):
                continue
            with contextlib.suppress(Refused):
                made += bool(_invoice(cooperative, shop_id, now))
    return made


def _unbilled(cooperative: Cooperative) -> list[tuple[int, list[tuple[date, int]]]]:
    rows = Statement.objects.filter(
        shop__instance_id=cooperative.pk, state=State.CLOSED, bill__isnull=True, total_minor__gt=0
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for shop_id, month, total in rows.order_by("month").values_list("shop_id", "month", "total_minor"):
        found.setdefault(shop_id, []).append((month, total))
    return sorted(found.items())


@transaction.atomic
def _invoice(cooperative: Cooperative, shop_id: int, now: datetime) -> str:
    rows = Statement.objects.filter(shop_id=shop_id, state=State.CLOSED, bill__isnull=True).select_related("version")
    open_ones = locks.locked(rows.order_by("id"))
    months = sorted((one for one in open_ones if one.total_minor), key=lambda one: one.month)
    if not months:
        return ""
    language = cooperative.instance.language
    party = invoices.seller_of(shop_id).party
    with override(language):
        lines = tuple(_line(one) for one in months)
    last = months[-1]
    bill = Asked(
        about=f"contribution:{shop_id}:{last.month:%Y-%m}",
        covers={
            line.about: (line.name, one.month.isoformat(), line.total_minor)
            for line, one in zip(lines, months, strict=True)
        },
        buyer=party if party.siren else _without_number(party),
        lines=lines,
        language=language,
        period=(months[0].month.isoformat(), _end_of(last.month).isoformat()),
        is_service=True,
    )  # fmt: skip
    issued = invoicing.issue(seller_id=cooperative.enterprise_id, bill=bill, actor=SYSTEM, now=now)
    on = today_of(cooperative, now)
    [made] = insert(
        [
            Bill(
                shop_id=shop_id, document_id=issued.document_id, number=issued.number, total_minor=bill.total_minor,
                issued_on=on, due_on=due_on(on, PAYS_WITHIN), reference=kindness.reference(issued.number),
            )
        ]
    )  # fmt: skip
    Statement.objects.filter(id__in=[one.pk for one in open_ones]).update(bill=made, state=State.INVOICED)
    _tell(made, "invoiced", cooperative, now)
    return issued.number


def _without_number(party: Party) -> Party:
    return replace(party, is_professional=False)


def _end_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _line(one: Statement) -> Line:
    return Line(
        name=gettext("Contribution to the platform, %(month)s") % {"month": date_format(one.month, "F Y")},
        detail="",
        quantity=1000,
        unit="item",
        total_minor=one.total_minor,
        tax_minor=one.tax_minor,
        millionths=tariff_of(one.version.tariff).vat,
        about=f"statement:{one.pk}",
    )


@transaction.atomic
def record_payment(
    *, bill_id: int, amount_minor: int, means: str, on: date, key: str, actor: Actor, now: datetime, note: str = ""
) -> bool:
    """Write down money that came for an invoice, or went back (below zero); the same key twice is once; return if new.

    For the treasurer. Raises Forbidden, NotFound, NotThatMuch where more came than is due or more goes than came.
    """
    bill = _locked(bill_id)
    require_treasurer(bill.shop.instance_id, actor)
    if Payment.objects.filter(key=key).exists():
        return False
    after = bill.paid_minor + amount_minor
    if not amount_minor or not 0 <= after <= bill.total_minor:
        raise rules.NotThatMuch(left=Money(bill.total_minor - bill.paid_minor))
    insert_new(
        Payment(bill=bill, key=key, amount_minor=amount_minor, means=means, on=on, note=note[:120], by=actor.label)
    )
    bill.paid_minor = after
    bill.save(update_fields=["paid_minor"])
    state = State.PAID if after == bill.total_minor else State.PARTLY_PAID if after else State.INVOICED
    Statement.objects.filter(bill=bill).update(state=state)
    return True


@transaction.atomic
def credit_bill(*, bill_id: int, actor: Actor, now: datetime) -> str:
    """Take an invoice back by a credit note over all of it; return its number. For the treasurer.

    Raises Forbidden, NotFound, NothingDue where it was taken back already or is not ours.
    """
    bill = _locked(bill_id)
    cooperative = require_treasurer(bill.shop.instance_id, actor)
    if bill.credited_at is not None or bill.document_id is None:
        raise rules.NothingDue()
    first = Statement.objects.filter(bill=bill, total_minor__gt=0).order_by("month").values_list("id", flat=True)[0]
    number = invoicing.credit(seller_id=cooperative.enterprise_id, about=f"statement:{first}", actor=actor, now=now)
    bill.credited_at = now
    bill.save(update_fields=["credited_at"])
    Statement.objects.filter(bill=bill).update(state=State.CREDITED)
    return number


# ── Kindness ───────────────────────────────────────────────────────────────────────────────────────────────────────
def remind_due(*, now: datetime) -> int:
    """Write the notes whose day has come: friendly after a week, again after three. What a person does, a person logs.

    Never two steps in one go; not while instalments are kept or a question is open. Returns how many were written.
    """
    written = 0
    for cooperative in Cooperative.objects.select_related("instance").order_by("pk"):
        today = today_of(cooperative, now)
        rows = Bill.objects.filter(
            shop__instance_id=cooperative.pk, due_on__lt=today, paid_minor__lt=F("total_minor"), credited_at__isnull=True
        )  # fmt: skip
        for bill in rows.select_related("shop").order_by("id"):
            step = kindness.next_step(bill.due_on, steps_of(bill.pk), today)
            if not step or step in kindness.BY_A_PERSON or is_kept(bill, today) or has_dispute(bill.pk):
                continue
            with transaction.atomic():
                if insert_new(Notice(bill=bill, step=step, on=today)):
                    _tell(bill, step, cooperative, now)
                    written += 1
    return written


@transaction.atomic
def log_notice(*, bill_id: int, step: str, words: str, actor: Actor, now: datetime) -> None:
    """Write down that one called a shop, or wrote the committee's letter: by whom, and what was said.

    For the treasurer. Raises Forbidden, NotFound, WordsMissing, AnsweredAlready.
    """
    bill = _locked(bill_id)
    cooperative = require_treasurer(bill.shop.instance_id, actor)
    if step not in kindness.BY_A_PERSON or not words.strip():
        raise rules.WordsMissing()
    on = today_of(cooperative, now)
    if not insert_new(Notice(bill=bill, step=step, on=on, by_name=actor.name, words=words.strip()[:500])):
        raise rules.AnsweredAlready()


@transaction.atomic
def restrict(*, bill_id: int, reasons: str, committee: Sequence[str], actor: Actor, now: datetime) -> date:
    """Write down that the committee keeps a shop from opening new order cycles; return from when: nothing else changes.

    For who manages the cooperative, once all that kindness can do was done. Raises Forbidden, NotFound, NothingDue,
    CommitteeTooSmall, NotKindEnough.
    """
    bill = _locked(bill_id)
    cooperative = require_committee(bill.shop.instance_id, actor)
    if bill.paid_minor >= bill.total_minor or bill.credited_at:
        raise rules.NothingDue()
    check_committee(committee)
    today = today_of(cooperative, now)
    missing = kindness.missing_for_restriction(standing_of(bill, today), decided_on=today, reasons=reasons)
    if missing:
        raise rules.NotKindEnough(missing=", ".join(gettext(words) for words in missing))
    starts_on = kindness.restricted_from(bill.due_on, today)
    Restriction.objects.create(
        bill=bill, shop_id=bill.shop_id, reasons=reasons.strip(), committee=", ".join(committee)[:300], decided_on=today,
        starts_on=starts_on,
    )  # fmt: skip
    return starts_on


@transaction.atomic
def lift(*, restriction_id: int, actor: Actor, now: datetime) -> None:
    """Let a shop open order cycles again. Raises Forbidden, NotFound."""
    row = locks.lock_row(Restriction.objects.select_related("shop"), restriction_id)
    if row is None:
        raise NotFound()
    require_committee(row.shop.instance_id, actor)
    Restriction.objects.filter(pk=row.pk, lifted_at__isnull=True).update(lifted_at=now)


def standing_of(bill: Bill, today: date) -> kindness.Standing:
    """Return what was done about an invoice so far."""
    rows = Statement.objects.filter(bill=bill).values_list("version__plan__kind", flat=True)
    return kindness.Standing(
        bill.due_on, steps_of(bill.pk), has_dispute=has_dispute(bill.pk), keeps_instalments=is_kept(bill, today),
        is_free_plan=set(rows) == {"free"},
    )  # fmt: skip


def steps_of(bill_id: int) -> list[str]:
    return list(Notice.objects.filter(bill_id=bill_id).order_by("id").values_list("step", flat=True))


def has_dispute(bill_id: int) -> bool:
    return Contest.objects.filter(statement__bill_id=bill_id, answer=Contest.Answer.OPEN).exists()


def is_kept(bill: Bill, today: date) -> bool:
    plan = InstalmentPlan.objects.filter(bill=bill).first()
    if plan is None:
        return False
    paid = (
        Payment.objects.filter(bill=bill, on__gte=plan.agreed_at.date()).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    )
    return kindness.are_kept([(date.fromisoformat(on), amount) for on, amount in plan.parts], paid, today)


def tell_proposed(*, now: datetime, limit: int = 100) -> int:
    """Write to shops that their month is proposed and open to questions; return how many statements."""
    rows = Statement.objects.filter(state=State.PROPOSED, told_at__isnull=True).select_related("shop__instance")
    found = list(rows.order_by("id")[:limit])
    for one in found:
        with transaction.atomic():
            if Statement.objects.filter(pk=one.pk, told_at__isnull=True).update(told_at=now):
                path = reverse("contributions:statement", args=[one.shop.slug, f"{one.month:%Y-%m}"])
                context = {"month": one.month, "total": Money(one.total_minor), "name": one.shop.name, "path": path}
                _write(one.shop_id, "proposed", f"statement:{one.pk}", context, one.shop.instance, now)
    return len(found)


def _tell(bill: Bill, what: str, cooperative: Cooperative, now: datetime) -> None:
    context = {
        "number": bill.number, "total": Money(bill.total_minor), "left": Money(bill.total_minor - bill.paid_minor),
        "due_on": bill.due_on, "reference": bill.reference, "name": bill.shop.name,
        "path": reverse("contributions:live", args=[bill.shop.slug]),
    }  # fmt: skip
    _write(bill.shop_id, what, f"bill:{bill.pk}", context, cooperative.instance, now)


def _write(shop_id: int, what: str, about: str, context: dict[str, object], instance: Instance, now: datetime) -> None:
    for contact in contacts_of(shop_id):
        messages.send(
            to_email=contact.email, to_name=contact.name, language=contact.language, about=about, now=now,
            template=f"contributions/mail/{what}", context=context, instance=instance,
        )  # fmt: skip


def _locked(bill_id: int) -> Bill:
    bill = locks.lock_row(Bill.objects.select_related("shop"), bill_id)
    if bill is None:
        raise NotFound()
    return bill
