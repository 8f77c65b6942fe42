"""The figures as a table: each with its budget, and as a share of the reference of the same run."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what, its value in words, how it stands to its reference, and whether it keeps its budget."""

    name: str
    value: str
    beside: str = ""
    budget: str = ""
    is_kept: bool | None = None

    @property
    def verdict(self) -> str:
        return {None: "", True: "kept", False: "MISSED"}[self.is_kept]


@dataclass(slots=True)
class Report:
    """Figures in the order they were measured, printed as they come."""

    figures: list[Figure] = field(default_factory=list)

    def title(self, text: str) -> None:
        print(f"\n{text}\n{'─' * len(text)}", flush=True)  # noqa: T201  printing is what a report does

    def say(self, text: str) -> None:
        print(text, flush=True)  # noqa: T201

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)
        budget = f"{figure.budget} {figure.verdict}" if figure.budget else ""
        self.say(f"  {figure.name:<34} {figure.value:<66} {figure.beside:<22} {budget}".rstrip())

    def close(self) -> int:
        """Say which budgets were missed; return how many."""
        missed = [figure for figure in self.figures if figure.is_kept is False]
        self.say(f"\n{sum(figure.is_kept is True for figure in self.figures)} budgets kept, {len(missed)} missed.")
        return len(missed)
