"""The features of a platform that its stewards switch: for all enterprises, for none, or for some. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bocage.commons.refusals import gettext_noop


class Switch(StrEnum):
    """A feature that can be switched; whoever adds one declares it below."""

    EMBEDDED_SHOP = "embedded_shop"
    WHITE_LABEL = "white_label"


class State(StrEnum):
    """Who has a feature."""

    ALL = "all"
    CHOSEN = "chosen"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a switch is called, what it does in a sentence, and how it stands while no steward touched it."""

    title: str
    sentence: str
    default: State = State.ALL


DECLARED: Mapping[Switch, Declared] = {
    Switch.EMBEDDED_SHOP: Declared(
        gettext_noop("Shop within another site"),
        gettext_noop("A hub lists its own sites; its shop, basket and checkout then work in a frame on these."),
    ),
    Switch.WHITE_LABEL: Declared(
        gettext_noop("Shop under its own colours"),
        gettext_noop("A hub shows its own logo, colours and page in its shop, and may leave out the platform’s menus."),
    ),
}


@dataclass(frozen=True, slots=True)
class Position:
    """How a switch stands, and for which enterprises if for some."""

    state: State
    enterprise_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Switches:
    """All switches of a platform, as read once."""

    positions: Mapping[Switch, Position] = field(default_factory=dict)

    def position(self, switch: Switch) -> Position:
        """Return how a switch stands."""
        return self.positions.get(switch, Position(DECLARED[switch].default))

    def are_on(self, switch: Switch, *, enterprise_id: int) -> bool:
        """Return whether an enterprise has a feature."""
        found = self.position(switch)
        return found.state is State.ALL or (found.state is State.CHOSEN and enterprise_id in found.enterprise_ids)
