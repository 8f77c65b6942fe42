"""What somebody is about to found, kept between the three pages of the form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from bocage.network.actions.enterprises import Profile
from bocage.network.queries import places

KEY = "new_enterprise"
SHAPES: dict[str, dict[str, Any]] = {
    "farm": {"kind": "farm", "is_producer": True, "sells": "none"},
    "farm_shop": {"kind": "farm_shop", "is_producer": True, "sells": "own"},
    "both": {"kind": "farm_shop", "is_producer": True, "sells": "any"},
    "hub": {"kind": "food_hub", "is_producer": False, "sells": "any"},
    "buying_group": {"kind": "buying_group", "is_producer": False, "sells": "any"},
    "profile": {"kind": "food_hub", "is_producer": False, "sells": "none"},
}


def draft(session: Any) -> dict[str, Any]:
    """Return what was said so far."""
    kept = session.get(KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def keep(session: Any, said: dict[str, Any]) -> None:
    """Add what one page asked to what was said so far."""
    session[KEY] = {**draft(session), **said}


def forget(session: Any) -> None:
    """Let go of what was said, once it is founded."""
    session.pop(KEY, None)


def profile_of(said: dict[str, Any], *, instance_id: int) -> Profile:
    """Return what was said as the profile of an enterprise, placed on the map where its town is known."""
    told: dict[str, Any] = {name: value for name, value in said.items() if name not in ("shape", "accept")}
    return cast(Profile, {**SHAPES[said["shape"]], **told, **_where(told, instance_id)})


def _where(told: dict[str, Any], instance_id: int) -> dict[str, Any]:
    """Return the latitude and longitude of the town, in thousandths of a degree: a town, not a door. Nothing if unknown."""
    wanted = places.plain(told["town"])
    found = places.search(told["postcode"], instance_id=instance_id) or places.search(
        told["town"], instance_id=instance_id
    )
    town = next((place for place in found if places.plain(place.name) == wanted), None)
    if town is None:
        return {}
    return {"latitude": Decimal(f"{town.latitude:.3f}"), "longitude": Decimal(f"{town.longitude:.3f}")}
