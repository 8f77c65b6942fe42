"""The twenty instances of the domain's table, in the database."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from bocage.commons.money import parse_minor, round_ratio
from bocage.cooperative.federation.models import Decision, Peer, YearFigures
from bocage.cooperative.federation.rules import decisions
from bocage.cooperative.federation.rules.keys import Allocation, Figures, Group

TABLE = list(csv.DictReader((Path(__file__).parent / "instances.csv").read_text("utf-8").splitlines()))


def federation(*, year: int = 2025, instance=None, of: int = 20) -> dict[str, Peer]:
    """Found twenty instances with their figures of a year; ours, when given, is the third."""
    peers = Peer.objects.bulk_create(
        Peer(
            code=row["code"], domain=f"{row['code'].lower()}.example", name=f"Pays {row['code']}", country="FR",
            group=row["group"], joined_on=date(2020, 1, 1), instance=instance if row["code"] == "I03" else None,
        )
        for row in TABLE[:of]
    )  # fmt: skip
    YearFigures.objects.bulk_create(
        YearFigures(
            peer=peer,
            year=year,
            turnover_minor=parse_minor(row["turnover"]),
            income_minor=round_ratio(parse_minor(row["turnover"]) * 35, 1000),
        )
        for peer, row in zip(peers, TABLE, strict=False)
    )
    return {peer.code: peer for peer in peers}


def figures() -> list[Figures]:
    """Return the figures of the table, contributions rounded to the cent."""
    return [
        Figures(
            row["code"], Group(row["group"]), parse_minor(row["turnover"]),
            round_ratio(parse_minor(row["turnover"]) * 35, 1000),
        )
        for row in TABLE
    ]  # fmt: skip


def decide(allocation: Allocation, *, year: int, at: datetime) -> Decision:
    """Keep a decision."""
    text = decisions.statement(allocation, year=year)
    return Decision.objects.create(year=year, statement=text, hash=decisions.hash_of(text), at=at)
