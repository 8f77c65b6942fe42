"""Acts on many orders that apps above bring: what each does, who may, and how it is said. Orders know none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bocage.commons.refusals import Refused
from bocage.network.rules import Actor, Right

Sentence = Any  # a text, translated when it is read


@dataclass(frozen=True, slots=True)
class Words:
    """How an act is said: on the list and as a title; what it will do to all, and to one; on its button."""

    title: Sentence
    promise: Sentence
    effect: Sentence
    button: Callable[[int], str]
    icon: str = "check"


@dataclass(frozen=True, slots=True)
class Kind:
    """An act on many orders. `do` is called once per order, in a transaction of its own, and raises what refuses it.

    `why_not`: order ids → the refusal that is foreseen of each, in a constant number of queries; cancelled orders are
    left out anyway.
    """

    name: str
    right: Right
    do: Callable[[int, Actor, datetime], None]
    why_not: Callable[[Sequence[int]], Mapping[int, Refused]]
    words: Words


_added: dict[str, Kind] = {}


def add(kind: Kind) -> None:
    """Let an act be done on many orders. Called when the app that brings it is ready; again changes nothing."""
    _added[kind.name] = kind


def added() -> Mapping[str, Kind]:
    """Return the acts that apps brought, by name."""
    return _added
