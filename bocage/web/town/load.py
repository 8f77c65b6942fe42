"""Read the data files of the demo town into one `Town`. A wrong line stops the reading and says where it stands."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bocage.web.town import data

HERE = Path(__file__).resolve().parent
DRAWINGS = "ui/drawings/"
MAIL_HOST = "exemple.bocage.example"
SIZE = re.compile(r"(?P<about>~?)(?P<number>\d+(?:,\d+)?)(?: (?P<unit>g|kg|cL|L))?")
UNITS = {"g": ("weight", 1), "kg": ("weight", 1000), "cL": ("volume", 10), "L": ("volume", 1000), None: ("items", 1)}


@cache
def town() -> data.Town:
    """Return the demo town as its files describe it."""
    instance, shelves, people = _toml("instance"), _toml("shelves"), _toml("people")
    farms = tuple(_farm(row) for row in _toml("farms")["farm"])
    hubs = tuple(_hub(row, farms) for row in _toml("hubs")["hub"])
    return data.Town(
        platform=_platform(instance),
        rates=tuple(data.Rate(**row) for row in instance["rate"]),
        shelves=tuple(shelf for row in shelves["shelf"] for shelf in _shelves(row)),
        traits=tuple(data.Trait(icon=row.pop("icon", ""), **row) for row in shelves["property"]),
        farms=farms,
        hubs=hubs,
        sales=tuple(_sale(row) for row in _toml("cycles")["cycle"]),
        people=tuple(_person(row) for row in people["person"]),
        shoppers=_shoppers({farm.who.town: farm.who.postcode for farm in farms}),
        password=people["password"],
        given_names=tuple(people["given"]),
        family_names=tuple(people["family"]),
    )


def parse_size(text: str) -> tuple[str, int, bool]:
    """Return what "~250 g", "75 cL" or "6" means: the unit, the whole number of it, and whether it will be weighed."""
    found = SIZE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a size: write it as 800 g, ~1,4 kg, 75 cL or 6")
    unit, scale = UNITS[found["unit"]]
    size = Decimal(found["number"].replace(",", ".")) * scale
    if size != int(size):
        raise ValueError(f"{text!r} is not a whole number of grams, millilitres or items")
    return unit, int(size), bool(found["about"])


def parse_moment(text: str) -> data.Moment:
    """Return what "-7 08:00" means: a week ago, at eight."""
    days, at = text.split(" ")
    return data.Moment(days=int(days), at=time.fromisoformat(at))


def _toml(name: str) -> dict[str, Any]:
    with (HERE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def _picture(name: str) -> str:
    return f"{DRAWINGS}{name}.svg"


def _minor(amount: object) -> int:
    return int((Decimal(str(amount)) * 100).to_integral_exact())


def _platform(row: dict[str, Any]) -> data.Platform:
    plain = {name: value for name, value in row.items() if isinstance(value, str)}
    terms, notice = data.Terms(**row["terms"]), data.Terms(**row["notice"])
    return data.Platform(terms=terms, notice=notice, links=tuple(row.get("links", ())), **plain)


def _shelves(row: dict[str, Any]) -> list[data.Shelf]:
    inner = row.pop("within")
    upper = data.Shelf(**row | {"rate": row.get("rate", "reduced"), "picture": _picture(row["picture"])})
    return [upper] + [
        data.Shelf(
            **one | {"rate": one.get("rate", upper.rate), "parent": upper.slug, "picture": _picture(one["picture"])}
        )
        for one in inner
    ]


def _enterprise(row: dict[str, Any]) -> data.Enterprise:
    names = set(data.Enterprise.__dataclass_fields__) & row.keys()
    latitude, longitude = (f"{degree:.6f}" for degree in row["at"])
    values = {name: row[name] for name in names}
    values |= {"latitude": latitude, "longitude": longitude, "picture": _picture(row["picture"])}
    return data.Enterprise(**{"email": f"{row['slug']}@{MAIL_HOST}"} | values)


def _farm(row: dict[str, Any]) -> data.Farm:
    goods = _goods(row["slug"], row["town"])
    return data.Farm(who=_enterprise(row), properties=tuple(row["properties"]), goods=goods)


def _goods(slug: str, town_name: str) -> tuple[data.Good, ...]:
    """Read a farm's list: a row without a product is another size of the product above it."""
    products: list[list[dict[str, str]]] = []
    for row in _rows(HERE / "goods" / f"{slug}.csv"):
        if row["product"]:
            products.append([row])
        else:
            products[-1].append(row)
    return tuple(_good(slug, number, rows, town_name) for number, rows in enumerate(products, 1))


def _good(slug: str, number: int, rows: list[dict[str, str]], town_name: str) -> data.Good:
    first = rows[0]
    return data.Good(
        shelf=first["category"],
        name=first["product"],
        text=first["text"],
        picture=_picture(first["picture"]),
        properties=tuple(first["properties"].split()),
        allergens=first["allergens"],
        origin=first["origin"] or town_name,
        keywords=first["keywords"],
        sizes=tuple(_size(f"{slug}-{number:02}{letter}", row) for letter, row in zip("abc", rows, strict=False)),
    )


def _size(sku: str, row: dict[str, str]) -> data.Size:
    unit, size, is_weighed = parse_size(row["size"])
    stock = None if row["stock"] == "on demand" else int(row["stock"])
    return data.Size(
        sku=sku,
        unit=unit,
        size=size,
        pack=row["pack"],
        price_minor=_minor(row["price"]),
        stock=stock,
        is_weighed=is_weighed,
        text=row["size"],
    )


def _hub(row: dict[str, Any], farms: tuple[data.Farm, ...]) -> data.Hub:
    is_farm = row.get("is_farm", False)
    return data.Hub(
        who=_farm_that_sells(row, farms) if is_farm else _enterprise(row),
        is_farm=is_farm,
        kind=row["kind"],
        sells=row["sells"],
        is_members_only=row.get("is_members_only", False),
        allows_guests=row.get("allows_guests", True),
        farms_edit_lines=row.get("farms_edit_lines", False),
        sites=tuple(row.get("sites", ())),
        palette=row.get("palette", ""),
        hides_platform=row.get("hides_platform", False),
        page=(row.get("page_title", ""), row.get("page_body", "")),
        message=row["message"],
        closed_message=row["closed_message"],
        carries=tuple(row["carries"]),
        points=tuple(_point(one) for one in row["point"]),
        deliveries=tuple(_delivery(one) for one in row["delivery"]),
        payments=tuple(data.Paying(**one) for one in row["payment"]),
        fees=tuple(_fee(one) for one in row.get("fee", [])),
        listings=tuple(_listing(one) for one in row.get("listing", [])),
        reserved=_reserved(row["reserved"]) if "reserved" in row else None,
        terms=data.Terms(**row["terms"]),
    )


def _reserved(row: dict[str, Any]) -> data.Reserved:
    return data.Reserved(**{**row, "people": tuple(row["people"])})


def _farm_that_sells(row: dict[str, Any], farms: tuple[data.Farm, ...]) -> data.Enterprise:
    """Return the farm's own face with what it needs as a shop: its mail, its bank account, its numbers."""
    who = next(farm.who for farm in farms if farm.who.slug == row["slug"])
    values = {name: getattr(who, name) for name in data.Enterprise.__dataclass_fields__}
    return data.Enterprise(**values | {name: row[name] for name in values.keys() & row.keys()})


def _point(row: dict[str, Any]) -> data.Point:
    latitude, longitude = (f"{degree:.6f}" for degree in row.pop("at"))
    return data.Point(latitude=latitude, longitude=longitude, **row)


def _delivery(row: dict[str, Any]) -> data.Delivery:
    starts, ends = row["hours"]
    return data.Delivery(
        name=row["name"],
        point=row.get("point", ""),
        description=row.get("description", ""),
        postcodes=row.get("postcodes", ""),
        hours=(time.fromisoformat(starts), time.fromisoformat(ends)),
        calculator=row.get("calculator", "flat"),
        amount_minor=_minor(row.get("amount", 0)),
        threshold_minor=_minor(row.get("threshold", 0)),
        reduced_minor=_minor(row.get("reduced", 0)),
        rate=row.get("rate", ""),
    )


def _fee(row: dict[str, Any]) -> data.Charge:
    percent, amount = row.pop("percent", 0), row.pop("amount", 0)
    return data.Charge(percent_millionths=int(Decimal(str(percent)) * 10_000), amount_minor=_minor(amount), **row)


def _listing(row: dict[str, Any]) -> data.OwnPrice:
    price = _minor(row["price"]) if "price" in row else None
    return data.OwnPrice(
        farm=row["farm"],
        product=row["product"],
        size=row["size"],
        price_minor=price,
        is_hidden=row.get("hidden", False),
    )


def _sale(row: dict[str, Any]) -> data.Sale:
    return data.Sale(
        hub=row["hub"],
        opens=parse_moment(row["opens"]),
        closes=parse_moment(row["closes"]),
        hand_over_days=row["hand_over"],
        orders=row["orders"],
        mood=row["mood"],
    )


def _person(row: dict[str, Any]) -> data.Person:
    roles = tuple(data.Role(one["at"], one["role"], one.get("is_contact", False)) for one in row.get("roles", []))
    return data.Person(row["name"], row["email"], row.get("language", "fr"), row.get("is_steward", False), roles)


def _shoppers(postcodes: dict[str, str]) -> tuple[data.Shopper, ...]:
    return tuple(
        data.Shopper(
            name=row["name"],
            email=f"{row['email']}@{MAIL_HOST}",
            phone=row["phone"],
            street=row["street"],
            postcode=postcodes[row["town"]],
            town=row["town"],
            is_member=row["member"] == "x",
        )
        for row in _rows(HERE / "shoppers.csv")
    )
