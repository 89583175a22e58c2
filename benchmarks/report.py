"""The page of figures: docs/performance.md with its plots, written from the records that are kept beside them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import plot
from benchmarks.measure import Comparison, Measured, Ratio, Row, ratio, verdict
from benchmarks.plot import Standing, number

_HEAD = """# How fast it is, and against what

`make bench` writes this page: it installs what pkilab is compared with, measures in turns, and keeps each row's record
as JSON in `docs/performance/`. Everything that pkilab counts as done is durable on the disk (`synchronous=FULL`).
Figures say little about another machine; ratios say more. Each ratio is that of the medians of five runs; the spread
is that of the ratios of single turns. One run before them warms up and does not count.

`make bench ARGS="--only bulk-rsa"` measures one row, `--size certificates=500` changes its size, `--runs 3` the number
of runs, `--list` tells all rows. It takes about ten minutes on two cores; let nothing else run meanwhile.
"""


def record(row: Row, measured: Measured, surroundings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a row, as plain values."""
    figures = {name: _rounded(values) for name, values in measured.figures.items()}
    compared = [_compared(each, ratio(each, measured.figures)) for each in row.comparisons]
    return {
        "name": row.name,
        "title": row.title,
        "unit": row.unit,
        "sizes": measured.sizes,
        "figures": figures,
        "medians": {name: statistics.median(values) for name, values in figures.items()},
        "comparisons": compared,
        "seconds": round(measured.seconds, 1),
        **surroundings,
    }


def _compared(comparison: Comparison, found: Ratio) -> dict[str, Any]:
    return {
        "what": comparison.what,
        "ours": comparison.ours,
        "peer": comparison.peer,
        "ratio": round(found.value, 4),
        "spread": _rounded(found.spread),
        "at_least" if comparison.at_least else "at_most": comparison.bound,
        "aim": comparison.aim,
        "verdict": verdict(comparison, found.value),
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


def keep(folder: Path, found: Mapping[str, Any]) -> None:
    """Write a row's record and its plot."""
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / found["name"]
    base.with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    drawn = plot.runs(found["title"].replace("`", ""), found["unit"], found["figures"])
    base.with_suffix(".svg").write_text(drawn, encoding="utf-8")


def write_page(page: Path, folder: Path, rows: Sequence[Row]) -> None:
    """Write the page of all rows that have a record in `folder`."""
    kept = [
        (row, json.loads(path.read_text(encoding="utf-8"))) for row in rows if (path := _path(folder, row)).exists()
    ]
    if not kept:
        return
    judged = [(found, each) for _, found in kept for each in found["comparisons"] if _bound(each) is not None]
    drawn = plot.standings("All ratios, against what is demanded", [_standing(*each) for each in judged])
    (folder / "ratios.svg").write_text(drawn, encoding="utf-8")
    parts = [_HEAD, _image("All ratios, against what is demanded", folder, page, "ratios"), _table(kept)]
    parts += [_section(row, found, folder, page) for row, found in kept]
    page.write_text("\n".join(parts), encoding="utf-8")


def _path(folder: Path, row: Row) -> Path:
    return folder / f"{row.name}.json"


def _bound(compared: Mapping[str, Any]) -> float | None:
    found: float | None = compared.get("at_least", compared.get("at_most"))
    return found


def _standing(found: Mapping[str, Any], compared: Mapping[str, Any]) -> Standing:
    bound, aim = _bound(compared) or 1.0, compared["aim"]
    more = "at_least" in compared
    return Standing(
        what=f"{found['name']}: {compared['what']}".replace("`", ""),
        value=compared["ratio"] / bound if more else bound / compared["ratio"],
        told=_told(found, compared),
        aim=None if aim is None else aim / bound if more else bound / aim,
    )


def _told(found: Mapping[str, Any], compared: Mapping[str, Any]) -> str:
    return f"{number(compared['ratio'])} {'×' if compared['peer'] else _short(found['unit'])}"


def _short(unit: str) -> str:
    return {"milliseconds": "ms", "seconds": "s"}.get(unit, unit)


def _table(kept: Sequence[tuple[Row, Mapping[str, Any]]]) -> str:
    lines = ["| what | ratio | spread | demanded | aim | |", "| --- | --- | --- | --- | --- | --- |"]
    for row, found in kept:
        for each in found["comparisons"]:
            unit = "" if each["peer"] else f" {_short(found['unit'])}"
            words = "≥" if "at_least" in each else "≤"
            bound, aim = (
                None if value is None else f"{words} {value:g}{unit}" for value in (_bound(each), each["aim"])
            )
            low, high = (number(value) for value in each["spread"])
            spread = f"{low} – {high}" if len(found["figures"][each["ours"]]) > 1 else "one run"
            cells = [
                f"[{row.title}](#{row.name}): {each['what']}",
                f"{'**' if bound else ''}{_told(found, each)}{'**' if bound else ''}",
                spread,
                bound or "–",
                aim or "–",
                each["verdict"],
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _section(row: Row, found: Mapping[str, Any], folder: Path, page: Path) -> str:
    lines = [f"## {row.name}", "", f"{row.title}. {row.method}", "", _image(row.title, folder, page, row.name)]
    lines += [f"| {found['unit']} | median | from | to |", "| --- | --- | --- | --- |"]
    for name, values in found["figures"].items():
        middle, low, high = (number(value) for value in (statistics.median(values), min(values), max(values)))
        lines.append(f"| {name} | {middle} | {low} | {high} |")
    if row.tried:
        lines += ["", row.tried]
    sizes = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in found["sizes"].items())
    versions = ", ".join(f"{name} {value}" for name, value in found["versions"].items())
    on = "; ".join(f"{name}: {value}" for name, value in found["machine"].items())
    note = f" {found['note']}" if found.get("note") else ""
    lines += ["", f"Measured on {found['at']} in {found['seconds']:.0f} s.{note}{f' Sizes: {sizes}.' if sizes else ''}"]
    lines += [f"Versions: {versions}.", f"Machine: {on}.", ""]
    return "\n".join(lines)


def _image(words: str, folder: Path, page: Path, name: str) -> str:
    return f"![{words.replace('`', '')}]({folder.relative_to(page.parent).as_posix()}/{name}.svg)\n"
