"""Sides take turns, ratios are those of medians, and the page says what the records say."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import plot, report
from benchmarks.measure import Comparison, Measured, in_turns, ratio, verdict
from benchmarks.rows import ROWS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FASTER = Comparison(what="x", ours="a", peer="b", bound=2, aim=4, at_least=True)
SMALLER = Comparison(what="x", ours="a", peer="b", bound=1.5, aim=1.1, at_least=False)


def test_sides_take_turns_and_the_warm_up_does_not_count() -> None:
    order: list[str] = []
    calls = {"a": 0, "b": 0}

    def side(name: str) -> float:
        order.append(name)
        calls[name] += 1
        return float(calls[name])

    figures = in_turns({"a": lambda: side("a"), "b": lambda: side("b")}, runs=3, warm_up=True, say=lambda line: None)
    assert figures == {"a": [2.0, 3.0, 4.0], "b": [2.0, 3.0, 4.0]}
    assert "".join(order) == "baabbaab"


def test_a_ratio_is_that_of_the_medians_with_the_turns_as_spread() -> None:
    found = ratio(FASTER, {"a": [10.0, 30.0, 20.0], "b": [5.0, 5.0, 4.0]})
    assert found.value == 4.0
    assert found.spread == (2.0, 6.0)


def test_a_figure_without_a_peer_stands_for_itself() -> None:
    alone = Comparison(what="x", ours="a", peer="", bound=500, at_least=False)
    assert ratio(alone, {"a": [42.0]}).value == 42.0
    assert verdict(alone, 42.0) == "holds"


@pytest.mark.parametrize(
    ("comparison", "value", "word"),
    [
        (FASTER, 1.9, "falls short"),
        (FASTER, 2.0, "holds"),
        (FASTER, 4.0, "reaches the aim"),
        (SMALLER, 1.6, "falls short"),
        (SMALLER, 1.5, "holds"),
        (SMALLER, 1.0, "reaches the aim"),
    ],
)
def test_a_verdict_is_the_bound_s(comparison: Comparison, value: float, word: str) -> None:
    assert verdict(comparison, value) == word


def test_what_falls_short_is_reported_as_such(tmp_path: Path) -> None:
    row = next(row for row in ROWS if row.name == "memory")
    many, none = (row.comparisons[0].ours, row.comparisons[0].peer)
    measured = Measured(sizes={"many": 7}, figures={many: [900.0, 800.0], none: [100.0, 100.0]}, seconds=1.0)
    kept = report.record(
        row, measured, {"versions": {"x": "1"}, "machine": {"cores": "2"}, "at": "2026-11-23", "note": "A note."}
    )
    report.keep(tmp_path / "performance", kept)
    report.write_page(tmp_path / "performance.md", tmp_path / "performance", ROWS)
    page = (tmp_path / "performance.md").read_text()
    assert "| **8.50 ×** | 8.00 – 9.00 | ≤ 1.5 | ≤ 1.1 | falls short |" in page
    assert "A note. Sizes: many 7." in page


def test_a_plot_is_well_formed_whatever_the_names() -> None:
    drawn = plot.runs("<&>", "s", {"a < b": [1.0, 2.0], "c & d": [0.5]})
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - we wrote it
    assert len(tree.findall(".//{*}circle")) == 3


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.01234, "0.0123"), (9.876, "9.88"), (12345.6, "12,346")])
def test_figures_are_shown_with_three_digits(value: float, text: str) -> None:
    assert plot.number(value) == text


def test_the_committed_page_says_what_the_committed_records_say(tmp_path: Path) -> None:
    records = DOCS / "performance"
    assert {path.stem for path in records.glob("*.json")} == {row.name for row in ROWS}
    for path in records.glob("*.json"):
        report.keep(tmp_path / "performance", json.loads(path.read_text()))
    report.write_page(tmp_path / "performance.md", tmp_path / "performance", ROWS)
    assert (tmp_path / "performance.md").read_text() == (DOCS / "performance.md").read_text()
    drawn = {path.name: path.read_text() for path in (tmp_path / "performance").glob("*.svg")}
    assert drawn == {path.name: path.read_text() for path in records.glob("*.svg")}
