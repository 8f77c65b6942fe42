"""Plan the sales: who brings what to which hub, when it opens, closes and is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bocage.network.rules import SYSTEM
from bocage.order_cycles import actions
from bocage.order_cycles.models import Exchange
from bocage.order_cycles.rules import Window
from bocage.web.town.data import Hub, Moment, Sale, Town
from bocage.web.town.places import Ground
from bocage.web.town.shelving import Shelved

PLANNED_AHEAD = timedelta(days=3)
BRING_AT = time(10, 0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A sale that stands in the order cycles, with what is needed to play it."""

    sale: Sale
    hub: Hub
    hub_id: int
    cycle_id: int
    opens_at: datetime
    closes_at: datetime
    variant_ids: tuple[int, ...]


def plan(town: Town, ground: Ground, goods: list[Shelved], *, now: datetime) -> list[Planned]:
    """Create every sale of the town, those that opened first before the others."""
    calendar = Calendar(now, ZoneInfo(town.platform.timezone))
    hubs = {hub.who.slug: hub for hub in town.hubs}
    sales = sorted(town.sales, key=lambda sale: (sale.opens.days, sale.opens.at, sale.hub))
    return [_plan(sale, hubs[sale.hub], calendar, ground, goods) for sale in sales]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns days from today and local times into moments."""

    now: datetime
    zone: ZoneInfo

    def day(self, days: int) -> date:
        return self.now.astimezone(self.zone).date() + timedelta(days=days)

    def at(self, moment: Moment) -> datetime:
        return datetime.combine(self.day(moment.days), moment.at, self.zone)


def french(day: date) -> str:
    """Return a day as people say it: "vendredi 9 octobre", "mardi 1er juin"."""
    return format_date(day, "EEEE d MMMM", "fr").replace(" 1 ", " 1er ")


def _plan(sale: Sale, hub: Hub, calendar: Calendar, ground: Ground, goods: list[Shelved]) -> Planned:
    hub_id = ground.enterprises[hub.who.slug]
    opens_at, closes_at = calendar.at(sale.opens), calendar.at(sale.closes)
    planned_at = min(opens_at, calendar.now) - PLANNED_AHEAD
    name = f"Vente du {french(calendar.day(sale.hand_over_days))}"
    cycle_id = actions.create_cycle(
        coordinator_id=hub_id, name=name, opens_at=opens_at, closes_at=closes_at, actor=SYSTEM, now=planned_at
    )
    carried = [one for one in goods if one.farm in hub.carries]
    if not hub.is_farm:
        _bring(hub, cycle_id, calendar.at(Moment(sale.hand_over_days, BRING_AT)), ground, planned_at)
        _offer(hub, hub_id, cycle_id, planned_at)
    _charge(hub, cycle_id, ground, planned_at)
    _hand_over(sale, hub, cycle_id, calendar, ground, planned_at)
    return Planned(sale, hub, hub_id, cycle_id, opens_at, closes_at, tuple(one.variant_id for one in carried))


def _bring(hub: Hub, cycle_id: int, at: datetime, ground: Ground, now: datetime) -> None:
    fees = [ground.fees[hub.who.slug, fee.key] for fee in hub.fees if fee.place == "incoming"]
    for slug in hub.carries:
        exchange_id = actions.add_incoming(
            cycle_id=cycle_id,
            enterprise_id=ground.enterprises[slug],
            instructions=f"À déposer : {hub.points[0].name}.",
            bring_at=at,
            actor=SYSTEM,
            now=now,
        )
        actions.set_rule(exchange_id=exchange_id, carries_all=True, everything=True, actor=SYSTEM, now=now)
        if fees:
            actions.set_fees(cycle_id=cycle_id, exchange_id=exchange_id, fee_ids=fees, actor=SYSTEM, now=now)


def _offer(hub: Hub, hub_id: int, cycle_id: int, now: datetime) -> None:
    exchange_id = actions.add_outgoing(
        cycle_id=cycle_id, enterprise_id=hub_id, instructions=hub.points[0].directions, actor=SYSTEM, now=now
    )
    actions.set_rule(exchange_id=exchange_id, carries_all=True, everything=True, actor=SYSTEM, now=now)


def _charge(hub: Hub, cycle_id: int, ground: Ground, now: datetime) -> None:
    places = {"coordinator": None, "outgoing": _outgoing(cycle_id)}
    for place, exchange_id in places.items():
        fees = [ground.fees[hub.who.slug, fee.key] for fee in hub.fees if fee.place == place]
        if fees:
            actions.set_fees(cycle_id=cycle_id, exchange_id=exchange_id, fee_ids=fees, actor=SYSTEM, now=now)


def _hand_over(sale: Sale, hub: Hub, cycle_id: int, calendar: Calendar, ground: Ground, now: datetime) -> None:
    windows = []
    for delivery in hub.deliveries:
        starts, ends = (calendar.at(Moment(sale.hand_over_days, hour)) for hour in delivery.hours)
        windows.append(Window(ground.methods[hub.who.slug, delivery.name], starts, ends))
    actions.set_hand_overs(exchange_id=_outgoing(cycle_id), windows=windows, actor=SYSTEM, now=now)


def _outgoing(cycle_id: int) -> int:
    return Exchange.objects.get(cycle_id=cycle_id, direction=Exchange.Direction.OUTGOING).pk
