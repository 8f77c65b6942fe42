"""What the hubs of the town contribute: two years of statements, the last of them from its real orders."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bocage.cooperative.contributions.actions import asking, billing, closing
from bocage.cooperative.contributions.models import (
    Beginning,
    Bill,
    ContributionPlan,
    Cooperative,
    Payment,
    PlanSubscription,
    PlanVersion,
    Pledge,
    SolidarityGrant,
    Statement,
)
from bocage.cooperative.contributions.queries.drafting import Draft, drafts
from bocage.cooperative.contributions.rules import kindness, tariffs
from bocage.cooperative.contributions.rules.months import Month, plus_months
from bocage.cooperative.contributions.rules.tariffs import Tariff
from bocage.cooperative.contributions.rules.turnover import Line
from bocage.infra.sequences import next_number
from bocage.invoicing.models import SellerTerms
from bocage.invoicing.rules import vat_number_of
from bocage.ledger.rules.chain import hash_of
from bocage.network.models import Enterprise, Instance
from bocage.network.rules import SYSTEM
from bocage.web.town.places import Ground

YEARS = 2
HUBS = {  # slug → what it sold online in a month, in cents, when it all began
    "panier-de-la-halle": 690_000,
    "touche-heuzel": 185_000,
    "vieux-lavoir": 240_000,
    "trois-rivieres": 410_000,
}
ASKS, GIVES = "panier-de-la-halle", "vieux-lavoir"
TEXTS = {
    "p1": "Ma boutique donne 1 % de ce qu’elle vend en ligne, hors TVA, livraison et consignes non comprises. Trois mois "
    "d’essai. Le tarif ne change qu’après un vote et soixante jours ; s’il peut nous coûter plus, jamais sans notre accord.",
    "free": "Ma boutique donne ce qu’elle veut, zéro compris, sans raison à donner. La TVA est comprise dans le montant.",
}


def give(ground: Ground, *, rng: Random, now: datetime) -> None:
    """Found the cooperative that runs the platform, with two years of contributions; one line is asked about."""
    shops = {slug: ground.enterprises[slug] for slug in HUBS if slug in ground.enterprises}
    if not shops:
        return
    instance = Instance.objects.get(id=ground.instance)
    zone = ZoneInfo(instance.timezone)
    today = now.astimezone(zone).date()
    begins = plus_months(today.replace(day=1), -12 * YEARS)
    cooperative = _found(instance, begins)
    _plans(cooperative, shops, begins, now)
    month = Month(begins)
    while month.closed_on <= today:
        if month.next.closed_on > today:
            _ask(cooperative, shops, month, zone)
        closed_at = _at(month.closed_on, 4, zone)
        found = [
            one if one.lines else _from_figures(one, HUBS[slug], begins, rng)
            for slug, one in zip(shops, drafts(cooperative, list(shops.values()), month, zone), strict=True)
        ]
        closing.seal_month(cooperative, found, month, now=closed_at)
        if month.next.closed_on <= today:
            _settle(cooperative, month, today)
        month = month.next
    billing.invoice_closed(now=_at(month.before.closed_on, 5, zone))
    closing.propose_due(now=now)
    Statement.objects.filter(state="proposed").update(told_at=now)
    SolidarityGrant.objects.create(
        shop_id=shops.get("touche-heuzel", next(iter(shops.values()))), asked_at=now - timedelta(days=3),
        words="La grêle du 4 a pris les deux serres. Nous reprendrons au printemps, mais l’hiver sera court.",
    )  # fmt: skip


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def _found(instance: Instance, begins: date) -> Cooperative:
    """Put the papers of the cooperative in order, so that it can issue invoices."""
    seller, _ = Enterprise.objects.update_or_create(
        slug="cooperative-haut-bocage",
        defaults={
            "instance": instance, "name": "Coopérative du Haut-Bocage", "kind": "food_hub", "sells": "none",
            "visibility": "hidden", "legal_name": "Haut-Bocage, SCIC SA", "street": "2, rue de l’Horloge",
            "postcode": "35985", "town": "Malvran", "siret": "00000310300017", "vat_number": vat_number_of("000003103"),
            "iban": "FR7699999000010000000310188", "email": instance.contact_email,
        },
    )  # fmt: skip
    SellerTerms.objects.update_or_create(
        seller=seller,
        defaults={
            "series": "CT", "payment_days": 30, "legal_form": "SCIC SA à capital variable", "registration": "RCS Rennes",
            "footer": "La coopérative ne réclame ni pénalité ni indemnité : elle téléphone.",
        },
    )  # fmt: skip
    return Cooperative.objects.create(instance=instance, enterprise=seller, month_cost_minor=46_000, begins_on=begins)


def _plans(cooperative: Cooperative, shops: dict[str, int], begins: date, now: datetime) -> None:
    versions = {}
    for code, kind in (("p1", "percentage"), ("free", "free")):
        plan = ContributionPlan.objects.create(instance=cooperative.instance, code=code, kind=kind, is_open=True)
        tariff = Tariff(kind=kind, rate=10_000 if code == "p1" else 0)
        versions[code] = PlanVersion.objects.create(
            plan=plan, number=1, tariff=asdict(tariff), text=TEXTS[code], text_hash=hash_of(TEXTS[code].encode()),
            adopted_on=begins - timedelta(days=75), valid_from=begins, decision="Assemblée générale de fondation",
        )  # fmt: skip
    zone = ZoneInfo(cooperative.instance.timezone)
    began = _at(begins, 9, zone)
    for slug, shop_id in shops.items():
        version = versions["free" if slug == GIVES else "p1"]
        PlanSubscription.objects.create(
            shop_id=shop_id, version=version, since=begins, accepted_at=began, text_hash=version.text_hash
        )
        Beginning.objects.create(shop_id=shop_id, first_sale_on=plus_months(begins, -5))
    if GIVES in shops:
        Pledge.objects.create(
            shop_id=shops[GIVES], month=begins, amount_minor=1500, is_standing=True, by=SYSTEM.label, at=began
        )


def _from_figures(draft: Draft, start: int, begins: date, rng: Random) -> Draft:
    """A month of which no orders are kept: one line with what was sold, a little more each month, less in August."""
    months = (draft.month.first.year - begins.year) * 12 + draft.month.first.month - begins.month
    season = {7: 80, 8: 55, 12: 120}.get(draft.month.first.month, 100)
    sold = start * (100 + 2 * months) * season * rng.randint(94, 106) // 1_000_000
    due = draft.due if draft.held.tariff.kind == "free" else tariffs.due(draft.held.tariff, sold)
    line = Line(None, "", draft.month.last, "rest", sold)
    return replace(draft, lines=(line,), sales=sold, base=sold, would=sold // 100, due=due, is_trial=False)


def _ask(cooperative: Cooperative, shops: dict[str, int], month: Month, zone: ZoneInfo) -> None:
    """One shop asks about a line of the last month that is closed; nobody has answered yet."""
    at = _at(month.proposed_on, 9, zone)
    if ASKS not in shops:
        return
    closing.propose_month(cooperative, month, now=at)
    statement = Statement.objects.filter(shop_id=shops[ASKS], month=month.first).first()
    [draft] = drafts(cooperative, [shops[ASKS]], month, zone)
    line = next((one for one in draft.lines if one.counts and one.order_id), None)
    if statement is not None and line is not None and line.order_id is not None:
        asking.contest(
            statement_id=statement.pk, order_id=line.order_id, actor=SYSTEM.called("Nolwenn Hamonic"), now=at,
            words="Cette commande a été perdue au déchargement : nous l’avons remboursée en espèces.",
        )  # fmt: skip


def _settle(cooperative: Cooperative, month: Month, today: date) -> None:
    """The invoices of a month long past, and their payments."""
    for row in Statement.objects.filter(month=month.first, state="closed", total_minor__gt=0).order_by("id"):
        year = month.closed_on.year
        number = f"CT-{year}-{next_number(f'invoicing:{cooperative.enterprise_id}:CT:{year}'):06d}"
        due_on = month.closed_on + timedelta(days=30)
        bill = Bill.objects.create(
            shop_id=row.shop_id, number=number, total_minor=row.total_minor, paid_minor=row.total_minor,
            issued_on=month.closed_on, due_on=due_on, reference=kindness.reference(number),
        )  # fmt: skip
        Payment.objects.create(
            bill=bill, key=f"town:{number}", amount_minor=row.total_minor, means="transfer", by=SYSTEM.label,
            on=min(due_on - timedelta(days=9), today),
        )  # fmt: skip
        Statement.objects.filter(pk=row.pk).update(bill=bill, state="paid")
