"""Two years of the cooperative's accounts: what shops contribute, what it costs, two grants, what was published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from bocage.cooperative.commons_budget.actions import NewBooking, add_grant, book, found_treasury, plan_year, publish
from bocage.cooperative.commons_budget.queries.keeping import next_quarter
from bocage.cooperative.commons_budget.rules.kinds import Kind
from bocage.cooperative.commons_budget.rules.periods import month_after
from bocage.network.models import Enterprise, Role
from bocage.network.rules import SYSTEM
from bocage.web.town.places import Ground

ZONE = ZoneInfo("Europe/Paris")
TREASURER = "nolwenn@exemple.bocage.example"
MONTHLY = {"hosting": 14_500, "support": 38_000, "payments": 2_150, "coordination": 16_000}
QUARTERLY = {"commons": 40_250, "accounting": 21_000}
YEARLY = {"insurance": 42_000}
PLANNED = {
    "commons": 161_000, "hosting": 180_000, "support": 460_000, "coordination": 200_000, "accounting": 90_000,
    "payments": 30_000, "insurance": 42_000, "communication": 60_000, "solidarity": 12_000, "reserve": 50_000,
}  # fmt: skip
LABELS = {
    "hosting": "Hébergement, un serveur et ses copies",
    "support": "Accompagnement des structures, quart temps",
    "payments": "Frais de banque et de prélèvement",
    "coordination": "Coordination et réunions",
    "commons": "Quote-part du logiciel commun",
    "accounting": "Tenue des comptes",
    "insurance": "Assurance responsabilité civile",
}


def keep(ground: Ground, *, rng: Random, now: datetime) -> None:
    """Book two years and publish each quarter once it was over."""
    book_id = _cooperative(ground)
    treasury = found_treasury(instance_id=ground.instance, book_id=book_id, actor=SYSTEM)
    first = month_after(now.astimezone(ZONE).date(), -24)
    region = add_grant(
        treasury_id=treasury, kind="grant", giver="Région des Haies", purpose="Aider dix fermes à vendre en ligne",
        amount_minor=900_000, starts_on=first, ends_on=month_after(first, 30), actor=SYSTEM,
    )  # fmt: skip
    gift = add_grant(
        treasury_id=treasury, kind="donation", giver="Fondation du Lavoir", purpose="Une première boîte à outils",
        amount_minor=120_000, starts_on=month_after(first, 9), ends_on=month_after(first, 20), actor=SYSTEM,
    )  # fmt: skip
    for year in {first.year, now.year, now.year - 1}:
        plan_year(
            treasury_id=treasury, year=year, lines=PLANNED, decision=f"AG {year}, n° 4",
            expected={
                "variable_minor": 3_600, "turnover_minor": 39_000_000, "low_millionths": 10_000,
                "central_millionths": 30_000, "high_millionths": 50_000,
            },
            actor=SYSTEM,
        )  # fmt: skip
    shops = list(
        Enterprise.objects.filter(instance_id=ground.instance, sells__in=["own", "any"])
        .order_by("id")
        .values_list("id")
    )
    grants = {"region": region, "gift": gift}
    for month in range(24):
        day = month_after(first, month)
        news = _month(day, month, [pk for (pk,) in shops], grants, rng)
        for number, new in enumerate(news):
            booked_at = datetime.combine(new.on, time(18, number % 60), ZONE)
            if booked_at < now:
                book(treasury_id=treasury, new=new, actor=SYSTEM, now=booked_at, key=f"demo:{month}:{number}")
        _publish(treasury, month_after(day), now)


def _month(day: date, month: int, shops: Sequence[int], grants: dict[str, int], rng: Random) -> list[NewBooking]:
    """What is booked in a month that begins on `day`: contributions grow, costs hardly do."""
    at = day.replace(day=8)
    found = [
        NewBooking(Kind.INCOME, "contribution", round((900 + 480 * (place % 7)) * (1 + month * 0.035)) * 2,
                   at.replace(day=12), "Contribution du mois", shop_id=shop)
        for place, shop in enumerate(shops)
        if place * 2 <= month + 8
    ]  # fmt: skip
    costs = dict(MONTHLY) | (QUARTERLY if day.month % 3 == 1 else {}) | (YEARLY if day.month == 2 else {})
    for category, amount in costs.items():
        paid_by = grants["region"] if category == "support" and month < 20 else None
        found.append(
            NewBooking(Kind.COST, category, amount + rng.randrange(-900, 900), at, LABELS[category], grant_id=paid_by)
        )
    if month in (1, 9, 17):
        found.append(NewBooking(Kind.INCOME, "grant", 300_000, at, "Versement de la Région", grant_id=grants["region"]))
    if month == 10:
        found.append(NewBooking(Kind.INCOME, "donation", 120_000, at, "Don de la fondation", grant_id=grants["gift"]))
        found.append(NewBooking(Kind.COST, "communication", 95_000, at, "La boîte à outils", grant_id=grants["gift"]))
    if month % 3 == 2:
        found.append(NewBooking(Kind.INCOME, "service", 54_000, at, "Formation d’un groupement, deux jours"))
    if month == 0:
        found.append(NewBooking(Kind.FUNDS, "share_capital", 640_000, at, "Parts sociales des membres fondateurs"))
        found.append(NewBooking(Kind.RESERVE, "reserve", 240_000, at, "Réserve à la fondation"))
    if month == 14:
        found.append(NewBooking(Kind.INCOME, "prize", 50_000, at, "Prix des communs alimentaires"))
    return found


def _publish(treasury: int, day: date, now: datetime) -> None:
    quarter = next_quarter(treasury)
    at = datetime.combine(day.replace(day=6), time(10), ZONE)
    if quarter is not None and quarter.until <= day and at < now:
        publish(treasury_id=treasury, quarter=quarter, actor=SYSTEM, now=at)


def _cooperative(ground: Ground) -> int:
    """Found the cooperative: an enterprise that sells nothing and is in no list."""
    one = Enterprise.objects.create(
        instance_id=ground.instance, slug="cooperative-haut-bocage", name="Coopérative du Haut-Bocage",
        kind=Enterprise.Kind.FOOD_HUB, sells="none", visibility="hidden", legal_name="Haut-Bocage, SCIC SA",
    )  # fmt: skip
    if TREASURER in ground.people:
        Role.objects.create(person_id=ground.people[TREASURER], enterprise=one, name="bookkeeper")
    return one.pk
