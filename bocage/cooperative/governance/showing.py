"""A published file as pictures and tables: bars in thousandths, percentages, who comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from bocage.commons.money import Money
from bocage.cooperative.governance import words
from bocage.ui import formats


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar a thousand wide."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a result: a college, or an answer; `cells` are the figures of its table row."""

    label: str
    figure: str
    bar: tuple[Part, ...]
    cells: tuple[str, ...]
    note: str = ""
    heads: tuple[str, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the cells beside their heads, for a table whose rows become cards."""
        return list(zip(self.heads, self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Result:
    """A result to look at: what came out, its lines as bars, the heads of its table, facts around it."""

    reason: str
    headline: str
    figure: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]


def shown(file: Mapping[str, Any]) -> Result:
    """Return the result of a published file, ready to be shown in the present language."""
    found, method = file["result"], file["method"]
    labels = {one["code"]: one["label"] for one in file["options"]}
    heads, lines, keys = _LINES[method](file, labels)
    winner = labels.get(found.get("winner", ""), "")
    headline = str(words.REASONS[found["reason"]])
    if winner and found["is_adopted"] and method != "points":
        headline = gettext("Chosen: %(winner)s") % {"winner": winner}
    figure = percent(found["result"]) if found.get("result") else ""
    if winner and method == "points":
        headline = gettext("First: %(winner)s") % {"winner": winner}
    labelled = tuple(replace(line, heads=heads) for line in lines)
    return Result(found["reason"], headline, figure, heads, labelled, _facts(file), keys)


def percent(share: str | Fraction) -> str:
    """Return a share as a percentage with two decimals, half away from zero."""
    hundredths = int(Fraction(share) * 10_000 + Fraction(1, 2))
    return formats.rate(hundredths * 100)


def choice_words(file: Mapping[str, Any], choice: Any) -> str:
    """Return what a ballot says in words."""
    labels = {one["code"]: one["label"] for one in file["options"]}
    method = file["method"]
    if isinstance(choice, str):
        return str(words.CHOICES.get(choice, choice))
    if method == "consent":
        reason = f": {choice['reason']}" if choice.get("reason") else ""
        return f"{words.CHOICES[choice['said']]}{reason}"
    if method == "schulze":
        return " > ".join(" = ".join(labels.get(one, one) for one in group) for group in choice)
    if method == "approval":
        return ", ".join(labels.get(one, one) for one in choice)
    if method == "judgment":
        return ", ".join(f"{labels.get(one, one)} ({words.GRADES[grade]})" for one, grade in sorted(choice.items()))
    return ", ".join(f"{labels.get(one, one)} ({points})" for one, points in sorted(choice.items()) if points)


Lines = tuple[tuple[str, ...], tuple[Line, ...], tuple[tuple[str, str], ...]]


def _majority(file: Mapping[str, Any], _labels: Mapping[str, str]) -> Lines:
    names = {one["code"]: one["name"] for one in file["colleges"]}
    heads = tuple(map(str, (words.CHOICES[one] for one in ("for", "against", "abstain", "blank"))))
    lines = []
    for one in file["result"]["tallies"]:
        if not one["roll"]:
            continue
        said = one["yes"] + one["no"]
        share = percent(Fraction(one["yes"], said)) if said else "–"
        bar = _bar([("for", one["yes"]), ("against", one["no"])]) if said else ()
        cells = tuple(str(one[name]) for name in ("yes", "no", "abstain", "blank"))
        taking = one["yes"] + one["no"] + one["abstain"] + one["blank"]
        note = gettext("%(weight)s of 100 votes; %(there)s of %(roll)s voted") % {
            "weight": one["weight"], "there": taking, "roll": one["roll"],
        }  # fmt: skip
        lines.append(Line(names[one["code"]], share, bar, cells, note))
    return heads, tuple(lines), (("for", heads[0]), ("against", heads[1]))


def _consent(file: Mapping[str, Any], _labels: Mapping[str, str]) -> Lines:
    said = file["result"]["said"]
    most = max([*said.values(), 1])
    lines = tuple(
        Line(str(words.CHOICES[one]), str(number), _one(one, Fraction(number, most)), (str(number),))
        for one, number in said.items()
    )
    return (gettext("Ballots"),), lines, ()


def _schulze(file: Mapping[str, Any], labels: Mapping[str, str]) -> Lines:
    found, options = file["result"], [one["code"] for one in file["options"]]
    if "beaten_by" not in found:
        return (), (), ()
    order = sorted(options, key=lambda one: (found["beaten_by"][one], one != found["winner"], one))
    heads = tuple(gettext("against %(other)s") % {"other": labels[one]} for one in order)
    lines = []
    for one in order:
        margins = [Fraction(found["margins"][f"{one} > {other}"]) if other != one else None for other in order]
        cells = tuple("–" if margin is None else f"{float(margin):+.2f}".rstrip("0").rstrip(".") for margin in margins)
        beats = len(options) - 1 - found["beaten_by"][one]
        figure = gettext("beats %(number)s of %(others)s") % {"number": beats, "others": len(options) - 1}
        lines.append(Line(labels[one], figure, _one("for", Fraction(beats, max(len(options) - 1, 1))), cells))
    return heads, tuple(lines), ()


def _judgment(file: Mapping[str, Any], labels: Mapping[str, str]) -> Lines:
    found = file["result"]
    lines = []
    for group in found["order"]:
        for one in group:
            shares = [Fraction(share) for share in found["profiles"][one]]
            bar = _bar([(f"grade-{number}", share) for number, share in enumerate(shares)])
            figure = str(words.GRADES[found["medians"][one]])
            lines.append(Line(labels[one], figure, bar, tuple(percent(share) for share in shares)))
    grades = tuple(map(str, words.GRADES))
    return grades, tuple(lines), tuple((f"grade-{number}", word) for number, word in enumerate(grades))


def _scores(file: Mapping[str, Any], labels: Mapping[str, str]) -> Lines:
    found, costs = file["result"], {one["code"]: one.get("cost_minor") for one in file["options"]}
    scores = {code: Fraction(score) for code, score in found["scores"].items()}
    most = max([*scores.values(), Fraction(1, 1000)])
    is_approval = file["method"] == "approval"
    lines = []
    for [one] in found["order"]:
        figure = percent(scores[one]) if is_approval else formats.decimal(_tenths(scores[one]))
        cost = formats.money(Money(costs[one], "EUR")) if costs[one] else "–"
        note = gettext("paid by the sum shared out") if one in found.get("chosen", ()) else ""
        lines.append(Line(labels[one], figure, _one("for", scores[one] / most), (figure, cost), note))
    points = gettext("Suits") if is_approval else gettext("Points on average")
    return (points, gettext("Estimated cost")), tuple(lines), ()


_LINES = {
    "majority": _majority, "consent": _consent, "schulze": _schulze, "judgment": _judgment, "approval": _scores,
    "points": _scores,
}  # fmt: skip


def _facts(file: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = file["result"]
    roll = sum(one["roll"] for one in file["colleges"])
    there = sum(found["turnout"]["participants"].values())
    facts = [
        (gettext("Voted"), gettext("%(there)s of %(roll)s members on the roll") % {"there": there, "roll": roll}),
        (gettext("Quorum"), gettext("%(needed)s needed, %(reached)s reached") % {
            "needed": percent(file["quorum"]),
            "reached": percent(found["turnout"]["weighted" if file["is_quorum_weighted"] else "heads"]),
        }),
        (gettext("Counted"), _counting(file)),
        (gettext("Ballots"), gettext("secret, with receipts") if file["is_secret"] else gettext("open, with names")),
    ]  # fmt: skip
    if found.get("heads"):
        facts.insert(
            2, (gettext("One member, one vote"), gettext("%(share)s for") % {"share": percent(found["heads"])})
        )
    if found.get("tied"):
        how = gettext("the status quo stays") if found["how"] == "status_quo" else gettext("drawn by the board’s hash")
        facts.append((gettext("Tie"), how))
    return tuple(facts)


def _counting(file: Mapping[str, Any]) -> str:
    if file["counting"] == "heads":
        return gettext("by heads")
    if file["counting"] == "majority":
        return gettext("by colleges, each with one voice")
    return gettext("by colleges, in proportion")


def _bar(parts: Sequence[tuple[str, int | Fraction]]) -> tuple[Part, ...]:
    """Stretches that fill a thousand, each from where the one before ends."""
    whole = sum(Fraction(size) for _kind, size in parts) or Fraction(1)
    edges, upto = [0], Fraction(0)
    for _kind, size in parts:
        upto += Fraction(size)
        edges.append(int(upto * 1000 / whole))
    return tuple(
        Part(kind, edges[number], edges[number + 1] - edges[number])
        for number, (kind, _size) in enumerate(parts)
        if edges[number + 1] > edges[number]
    )


def _tenths(number: Fraction) -> Fraction:
    return Fraction(int(number * 10 + Fraction(1, 2)), 10)


def _one(kind: str, share: Fraction) -> tuple[Part, ...]:
    return (Part(kind, 0, max(int(share * 1000), 4)),)
