"""What a benchmark is made of: sides that are measured in turns, and comparisons between their medians."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
"""Runs of each side that count. One before them warms up and does not."""

Side = Callable[[], float]
"""Measures once and returns the figure."""
Sizes = Mapping[str, int]


class PeerMissing(Exception):
    """A program to compare with is not there; the text says which, and how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The ratio of two sides' medians, and what it shall be."""

    what: str
    ours: str
    peer: str
    """A side too. Empty: there is none, and the figure itself is held against the bound."""
    bound: float | None
    """None: it is told, and nothing is demanded of it."""
    aim: float | None = None
    at_least: bool
    """Whether more is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One benchmark: what is measured, how, and what it shall be."""

    name: str
    """By which the command line calls it."""
    title: str
    unit: str
    method: str
    """A few sentences: what each side does, what is in the time and what is not, and what favours whom."""
    sizes: Sizes
    quick: Sizes
    """The same names, so small that all takes seconds."""
    sides: Callable[[Sizes, Path], AbstractContextManager[Mapping[str, Side]]]
    """Prepares the sides in an empty folder, and clears away after them. Raises `PeerMissing`."""
    comparisons: Sequence[Comparison]
    versions: Callable[[], dict[str, str]]
    """Returns the versions of what was compared with."""
    runs: int = RUNS
    warm_up: bool = True
    tried: str = ""
    """What was tried where it falls short, or what decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of a row: the figures of each side, in the order of the runs."""

    sizes: dict[str, int]
    figures: dict[str, list[float]]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """What came of a comparison: the ratio of the medians, and of each turn."""

    value: float
    each: tuple[float, ...]

    @property
    def spread(self) -> tuple[float, float]:
        """Return the smallest and the largest ratio of a turn."""
        return min(self.each), max(self.each)


def in_turns(
    sides: Mapping[str, Side], *, runs: int, warm_up: bool, say: Callable[[str], None]
) -> dict[str, list[float]]:
    """Measure each side once a turn; every other turn goes backwards, so that no side always comes first."""
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(-1 if warm_up else 0, runs):
        for name in sides if turn % 2 == 0 else reversed(list(sides)):
            figure = sides[name]()
            say(f"  {'warm-up' if turn < 0 else f'run {turn + 1}'}: {name} {figure:.4g}")
            if turn >= 0:
                figures[name].append(figure)
    return figures


def ratio(comparison: Comparison, figures: Mapping[str, Sequence[float]]) -> Ratio:
    """Return our median by the peer's, and the same of every turn."""
    ours = figures[comparison.ours]
    peer = figures[comparison.peer] if comparison.peer else [1.0] * len(ours)
    each = tuple(mine / theirs for mine, theirs in zip(ours, peer, strict=True))
    return Ratio(value=statistics.median(ours) / statistics.median(peer), each=each)


def verdict(comparison: Comparison, value: float) -> str:
    """Return in a word or two how a ratio stands to what it shall be."""
    if comparison.bound is None:
        return "for comparison"
    if not _holds(comparison, value, comparison.bound):
        return "falls short"
    if comparison.aim is not None and _holds(comparison, value, comparison.aim):
        return "reaches the aim"
    return "holds"


def _holds(comparison: Comparison, value: float, limit: float) -> bool:
    return value >= limit if comparison.at_least else value <= limit
