"""Who one may be in the demo: the people of the town, what each shows."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.web.town.load import town

SHOPPERS = 3


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to log in as; `at` are the hubs or farms where they do something, `slug` the first of these."""

    name: str
    email: str
    role: str
    at: tuple[str, ...] = ()
    slug: str = ""


def people() -> list[DemoPerson]:
    """Return those who run the town, then a few shoppers, members of the buying group last."""
    names = {who.slug: who.name for who in [farm.who for farm in town().farms] + [hub.who for hub in town().hubs]}
    found = [
        DemoPerson(
            person.name,
            person.email,
            "steward" if person.is_steward else person.roles[0].role if person.roles else "shopper",
            tuple(names.get(role.at, role.at) for role in person.roles),
            person.roles[0].at if person.roles else "",
        )
        for person in town().people
    ]
    strangers = [one for one in town().shoppers if not one.is_member][:SHOPPERS]
    members = [one for one in town().shoppers if one.is_member][:1]
    found += [DemoPerson(one.name, one.email, "shopper") for one in strangers]
    return found + [DemoPerson(one.name, one.email, "member") for one in members]


def password() -> str:
    """Return the one password of the demo town."""
    return town().password
