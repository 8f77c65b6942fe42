"""What was decided for a year, as one text that anyone can compute again: inputs, parameters, results, their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bocage.cooperative.federation.rules.keys import Allocation, Figures, Group, Terms, allocate, as_json, from_json
from bocage.ledger.rules.chain import canonical

RULES = "1"  # the version of these rules: another number when the same inputs would give other cents


def statement(allocation: Allocation, *, year: int) -> str:
    """Return an allocation as canonical JSON (RFC 8785), amounts as texts of cents (exact: "7/2")."""
    return canonical({**_inputs(allocation, year), **_outputs(allocation)})


def hash_of(text: str) -> str:
    """Return SHA-256 of a statement, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parts(text: str) -> dict[str, int]:
    """Return what a statement asks of each instance, in cents."""
    return {code: int(amount) for code, amount in json.loads(text)["parts"].items()}


def decided(text: str) -> tuple[int, int, Terms]:
    """Return the year, the pot in cents and the terms of a statement."""
    said = json.loads(text)
    return said["year"], int(said["pot"]), from_json(said["terms"])


def is_right(text: str) -> bool:
    """Return whether a statement's parts are what its own inputs give when computed again."""
    said: Mapping[str, Any] = json.loads(text)
    rows = [
        Figures(code, Group(one["group"]), int(one["turnover"]), Fraction(one["income"]))
        for code, one in said["instances"].items()
    ]
    return statement(allocate(int(said["pot"]), rows, from_json(said["terms"])), year=said["year"]) == text


def _inputs(allocation: Allocation, year: int) -> dict[str, Any]:
    return {
        "v": 1,
        "rules": RULES,
        "year": year,
        "pot": str(allocation.pot_minor),
        "terms": as_json(allocation.terms),
        "instances": {
            part.figures.code: {
                "group": part.figures.group.value,
                "turnover": str(part.figures.turnover_minor),
                "income": str(part.figures.income_minor),
            }
            for part in allocation.parts
        },
    }


def _outputs(allocation: Allocation) -> dict[str, Any]:
    return {
        "parts": {part.figures.code: str(part.amount_minor) for part in allocation.parts},
        "uncovered": str(allocation.uncovered_minor),
    }
