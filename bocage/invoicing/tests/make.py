"""Bills for tests, and a seller whose papers are in order."""

from __future__ import annotations

from typing import Any

from bocage.invoicing.rules import Bill, Extra, Line, Party, Place

SIRET = "73282932000074"
SELLER = {
    "street": "3 place de la Halle",
    "postcode": "61000",
    "town": "Malvran",
    "siret": SIRET,
    "vat_number": "FR44732829320",
    "legal_name": "Panier SCIC",
    "iban": "FR7630006000011234567890189",
}


def line(about: str = "order:R7K2M9", **fields: Any) -> Line:
    kept = {"name": "Poireaux", "detail": "botte de 800 g, Ferme des Haies", "quantity": 3000, "unit": "item",
            "total_minor": 840, "tax_minor": 44, "millionths": 55_000}  # fmt: skip
    return Line(**{**kept, **fields}, about=about)


def bill(*lines: Line, about: str = "order:R7K2M9", **fields: Any) -> Bill:
    """Return a bill of these lines (three bunches of leeks), which cover one order unless told otherwise."""
    parts = lines or (line(about),)
    extras: tuple[Extra, ...] = fields.pop("extras", ())
    total = sum(part.total_minor for part in (*parts, *extras))
    covers = fields.pop("covers", {about: (about.partition(":")[2], "2026-10-06", total)})
    buyer = fields.pop("buyer", Party("Armelle Le Goff"))
    return Bill(about=about, covers=covers, buyer=buyer, lines=parts, extras=extras, **fields)


def professional(**fields: Any) -> Party:
    kept = {"name": "Cantine Les Tilleuls", "place": Place("8 rue des Écoles", "", "61000", "Malvran"),
            "siren": "404833048", "vat_number": "FR83404833048", "is_professional": True}  # fmt: skip
    return Party(**{**kept, **fields})
