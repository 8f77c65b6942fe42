"""The instances that share the software with the town's: what they declared, what was decided, what is being voted."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from bocage.commons.money import parse_minor, round_ratio
from bocage.cooperative.federation.actions.feeds import say
from bocage.cooperative.federation.models import Decision, KeyProposal, KeyVote, Peer, YearFigures
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.keys import USUAL, Figures, Group, Key, allocate, as_json
from bocage.web.town.places import Ground

POT = 60_000_000
BEFORE = 56_000_000
TARIFF = (35, 1000)
REASONS = (
    "Avec la clé actuelle, les plus petites instances donnent jusqu’à 17 % de leurs ventes pour le logiciel commun. "
    "La clé K6 ne demande à personne plus de 40 % de ce que ses boutiques lui donnent."
)
FOR, AGAINST, ABSTAINED = ("I04", "I05", "I09", "I10", "I12", "I14", "I17", "I19"), ("I02", "I08"), ("I07",)


def join(ground: Ground, *, now: datetime) -> None:
    """Let twenty instances share the software for two years, and vote on another key."""
    rows = list(csv.DictReader((Path(__file__).parent / "instances.csv").read_text("utf-8").splitlines()))
    peers = Peer.objects.bulk_create(
        Peer(
            code=row["code"], domain=row["domain"], name=row["name"], country=row["country"], currency=row["currency"],
            group=row["group"], joined_on=date(now.year - 4, 1, 1),
            instance_id=ground.instance if row["code"] == "I16" else None,
        )
        for row in rows
    )  # fmt: skip
    by_code = {peer.code: peer.pk for peer in peers}
    last, before = _figures(rows, years_ago=1), _figures(rows, years_ago=2)
    YearFigures.objects.bulk_create(
        YearFigures(
            peer_id=by_code[one.code],
            year=now.year - ago,
            turnover_minor=one.turnover_minor,
            income_minor=int(one.income_minor),
        )
        for ago, figures in ((1, last), (2, before))
        for one in figures
    )
    for year, pot, figures in ((now.year - 1, BEFORE, before), (now.year, POT, last)):
        text = decisions.statement(allocate(pot, figures, USUAL[Key.CAPPED]), year=year)
        Decision.objects.create(
            year=year,
            statement=text,
            hash=decisions.hash_of(text),
            at=now - timedelta(days=365 * (now.year - year) + 300),
        )
    _propose(by_code, now=now)
    ours = next(one for one in last if one.code == "I16")
    declared = now.replace(month=1, day=20) if now.month > 1 else now
    say(
        type="turnover_declared",
        payload={"year": now.year - 1, "turnover_minor": str(ours.turnover_minor)},
        now=declared,
    )
    say(type="income_declared", payload={"year": now.year - 1, "income_minor": str(ours.income_minor)}, now=declared)


def _figures(rows: list[dict[str, str]], *, years_ago: int) -> list[Figures]:
    found = []
    for row in rows:
        turnover = parse_minor(row["turnover"])
        if years_ago == 2:
            turnover = round_ratio(turnover * 100, 100 + int(row["growth"]))
        found.append(Figures(row["code"], Group(row["group"]), turnover, round_ratio(turnover * TARIFF[0], TARIFF[1])))
    return found


def _propose(by_code: dict[str, int], *, now: datetime) -> None:
    proposal = KeyProposal.objects.create(
        ref="land-und-korb.example:1",
        year=now.year + 1, pot_minor=POT, terms=as_json(USUAL[Key.ABLE]), reasons=REASONS, author_id=by_code["I05"],
        proposed_at=now - timedelta(days=38), opens_at=now - timedelta(days=6), closes_at=now + timedelta(days=15),
    )  # fmt: skip
    said = dict.fromkeys(FOR, "for") | dict.fromkeys(AGAINST, "against") | dict.fromkeys(ABSTAINED, "abstain")
    KeyVote.objects.bulk_create(
        KeyVote(
            proposal=proposal,
            peer_id=by_code[code],
            choice=choice,
            at=now - timedelta(days=5, hours=-3 * number),
            by="person:0",
        )
        for number, (code, choice) in enumerate(said.items())
    )
