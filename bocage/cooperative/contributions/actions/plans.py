"""How a shop contributes: it accepts a text and gives freely; a tariff changes only with notice and consent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from bocage.commons.refusals import NotFound
from bocage.cooperative.contributions import rules
from bocage.cooperative.contributions.models import (
    ContributionPlan,
    Cooperative,
    PlanSubscription,
    PlanVersion,
    Pledge,
    Statement,
)
from bocage.cooperative.contributions.queries.drafting import CLOSED, held_in, tariff_of, today_of
from bocage.cooperative.contributions.rules.months import Month, in_force_on
from bocage.cooperative.contributions.rules.tariffs import Tariff, may_cost_more
from bocage.infra import locks
from bocage.infra.inserts import insert
from bocage.ledger.rules.chain import hash_of
from bocage.network.models import Enterprise
from bocage.network.rules import Actor, Right

MOST = 10_000_000


@transaction.atomic
def choose_plan(*, shop_id: int, version_id: int, text_hash: str, actor: Actor, now: datetime) -> date:
    """Accept a plan's text for a shop; return the 1st of a month from which it holds: the next, or when it comes into force.

    Raises Forbidden, NotFound, NoPlanYet, TextChanged.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=shop_id)
    cooperative = cooperative_of_shop(shop_id)
    version = PlanVersion.objects.select_related("plan").filter(id=version_id).first()
    if version is None or not version.plan.is_open or version.plan.instance_id != cooperative.pk:
        raise rules.NoPlanYet()
    newer = PlanVersion.objects.filter(plan=version.plan, number__gt=version.number)
    since = max(Month.of(today_of(cooperative, now)).next.first, version.valid_from)
    if newer.filter(valid_from__lte=since).exists():
        raise rules.NoPlanYet()
    if version.text_hash != text_hash:
        raise rules.TextChanged()
    insert(
        [
            PlanSubscription(
                shop_id=shop_id, version=version, since=since, accepted_by_id=actor.person_id, accepted_at=now,
                text_hash=text_hash, why="accepted" if version.valid_from == since else "chosen",
            )
        ]
    )  # fmt: skip
    return since


@transaction.atomic
def pledge(*, shop_id: int, amount_minor: int, is_standing: bool, actor: Actor, now: datetime) -> None:
    """Say what a shop gives for the present month, VAT included, and whether for those after it too. Nothing is allowed.

    Raises Forbidden, NotFound, AbsurdAmount.
    """
    actor.require(Right.MANAGE_ENTERPRISE, on=shop_id)
    if not 0 <= amount_minor <= MOST:
        raise rules.AbsurdAmount()
    month = Month.of(today_of(cooperative_of_shop(shop_id), now))
    insert(
        [
            Pledge(
                shop_id=shop_id,
                month=month.first,
                amount_minor=amount_minor,
                is_standing=is_standing,
                by=actor.label,
                at=now,
            )
        ]
    )


@transaction.atomic
def adopt_version(
    *, plan_id: int, tariff: Tariff, text: str, adopted_on: date, decision: str, actor: Actor, now: datetime
) -> int:
    """Write down the next version of a plan as it was voted; it comes into force sixty days on, on a 1st. Return its id.

    For who manages the cooperative. Raises Forbidden, NotFound, WordsMissing.
    """
    plan = locks.lock_row(ContributionPlan.objects.all(), plan_id)
    if plan is None:
        raise NotFound()
    cooperative = Cooperative.objects.get(pk=plan.instance_id)
    actor.require(Right.MANAGE_ENTERPRISE, on=cooperative.enterprise_id)
    if not text.strip() or not decision.strip():
        raise rules.WordsMissing()
    number = PlanVersion.objects.filter(plan=plan).count() + 1
    said, valid_from = text.strip(), in_force_on(max(adopted_on, today_of(cooperative, now)))
    [made] = insert(
        [
            PlanVersion(
                plan=plan, number=number, tariff=asdict(tariff), text=said, text_hash=hash_of(said.encode()),
                adopted_on=adopted_on, valid_from=valid_from, decision=decision,
            )
        ]
    )  # fmt: skip
    return made.pk


def enact_due(*, now: datetime) -> int:
    """Bring versions into force whose day has come: what can cost nobody more applies to all; who was silent gives freely.

    A silent shop goes to the free plan and gives, until it says otherwise, what its last closed statement came to.
    Safe to repeat; returns how many shops moved.
    """
    moved = 0
    for cooperative in Cooperative.objects.select_related("instance").order_by("pk"):
        today = today_of(cooperative, now)
        versions = PlanVersion.objects.filter(plan__instance_id=cooperative.pk, valid_from__lte=today, number__gt=1)
        for version in versions.select_related("plan").order_by("valid_from", "id"):
            with transaction.atomic():
                moved += _enact(cooperative, version, Month.of(today), now)
    return moved


def _enact(cooperative: Cooperative, version: PlanVersion, month: Month, now: datetime) -> int:
    shops = PlanSubscription.objects.filter(version__plan=version.plan).order_by().values_list("shop_id", flat=True)
    held = held_in(sorted(set(shops)), month)
    older = set(PlanVersion.objects.filter(plan=version.plan, number__lt=version.number).values_list("id", flat=True))
    behind = [shop_id for shop_id, one in sorted(held.items()) if one.version_id in older]
    free = PlanVersion.objects.filter(
        plan__instance_id=cooperative.pk, plan__kind=ContributionPlan.Kind.FREE, valid_from__lte=month.first
    )  # fmt: skip
    gift = free.order_by("-number").first()
    for shop_id in behind:
        rows = Statement.objects.filter(shop_id=shop_id, state__in=CLOSED).order_by("-month")
        bases, last = list(rows.values_list("base_minor", flat=True)[:12]), rows.first()
        is_lower = not may_cost_more(held[shop_id].tariff, tariff_of(version.tariff), bases)
        into = version if is_lower else gift
        if into is None:
            continue
        insert(
            [
                PlanSubscription(
                    shop_id=shop_id, version=into, since=version.valid_from, accepted_by_id=None, accepted_at=now,
                    text_hash=into.text_hash, why="lower" if is_lower else "silent",
                )
            ]
        )  # fmt: skip
        if not is_lower:
            amount = last.total_minor if last else 0
            insert(
                [
                    Pledge(
                        shop_id=shop_id,
                        month=version.valid_from,
                        amount_minor=amount,
                        is_standing=True,
                        by="system",
                        at=now,
                    )
                ]
            )
    return len(behind)


def cooperative_of_shop(shop_id: int) -> Cooperative:
    """Return who a shop contributes to. Raises NotFound."""
    instance_id = Enterprise.objects.filter(id=shop_id).values_list("instance_id", flat=True).first()
    found = Cooperative.objects.select_related("instance").filter(pk=instance_id or 0).first()
    if found is None:
        raise NotFound()
    return found
