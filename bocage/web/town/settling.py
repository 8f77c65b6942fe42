"""What one hub owes its farms: early sales paid, of the one before last some, one with a question, the last to approve."""

from __future__ import annotations

from datetime import datetime, timedelta

from bocage.commons.money import Money
from bocage.network.rules import SYSTEM
from bocage.settlements import actions, queries
from bocage.settlements.queries import StatementRow
from bocage.web.town.places import Ground
from bocage.web.town.selling import Planned

HUB = "panier-de-la-halle"
FIELD = SYSTEM.called("Ferme")
DESK = SYSTEM.called("Nolwenn")


def settle(ground: Ground, sales: list[Planned], *, now: datetime) -> None:
    """State the hub's closed sales, the first ones as far as they would be by now."""
    hub_id = ground.enterprises[HUB]
    closed = sorted(
        (sale for sale in sales if sale.hub_id == hub_id and sale.closes_at <= now - timedelta(hours=1)),
        key=lambda sale: sale.closes_at,
    )
    for back, sale in enumerate(reversed(closed[-4:])):
        at = min(sale.closes_at + timedelta(days=3), now)
        if actions.draw_up(hub_id=hub_id, cycle_id=sale.cycle_id, actor=DESK, now=at) and back:
            rows = queries.owed(hub_id=hub_id, cycle_id=sale.cycle_id, actor=SYSTEM)
            for number, row in enumerate(rows):
                _walk(row, hub_id, number, back, at, now)


def _walk(row: StatementRow, hub_id: int, number: int, back: int, at: datetime, now: datetime) -> None:
    """Take a statement as far as one of so many sales ago has come."""
    actions.approve(statement_id=row.id, shown=row.total, actor=DESK, now=at)
    if back == 1 and number == 0:
        _ask(row.id, hub_id, at)
    if back == 1 and number % 3 < 2:
        return
    actions.agree(statement_id=row.id, shown=row.total, actor=FIELD, now=min(at + timedelta(days=1), now))
    if (back > 1 or number % 2) and row.total.minor > 0:
        paid_at = min(at + timedelta(days=4), now)
        actions.settle_payment(
            statement_id=row.id, amount=Money(row.total.minor, row.total.currency), at=paid_at,
            reference=f"VIR {paid_at:%d%m} {number + 1}", actor=DESK,
        )  # fmt: skip


def _ask(statement_id: int, hub_id: int, at: datetime) -> None:
    sheet = queries.statement(statement_id=statement_id, side_id=hub_id, actor=SYSTEM)
    actions.contest(
        statement_id=statement_id, line_id=sheet.lines[0].id, reason="J’en ai apporté un de plus, noté sur le bon.",
        actor=FIELD, now=at,
    )  # fmt: skip
