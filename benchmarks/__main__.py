"""`python -m benchmarks`: measures pkilab against other programs, and writes docs/performance.md."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import machine, report
from benchmarks.measure import Measured, PeerMissing, Row, in_turns
from benchmarks.rows import ROWS

_DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> int:
    """Measure what the arguments say, and return how to exit: that a row falls short is a figure, and no failure."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as Ctrl-C does, this ends the programs that run
    options = _options()
    if options.list:
        for row in ROWS:
            print(f"{row.name:12} {row.title}; sizes: {_named(row.sizes) or 'none'}")
        return 0
    if options.quick:
        print("Tiny sizes: this shows whether the rows work, and the figures say nothing.")
    docs: Path | None = options.docs or (None if options.quick else _DOCS)
    kept = []
    with tempfile.TemporaryDirectory(prefix="pkilab-bench-", dir=options.folder) as name:
        folder = Path(name)
        on = machine.machine(folder)
        (folder / "shared").mkdir()
        for row in [row for row in ROWS if not options.only or row.name in options.only]:
            found = _measured(row, options, folder)
            if found is None:
                continue
            surroundings = {
                "versions": machine.versions() | row.versions(),
                "machine": on,
                "at": datetime.now(UTC).strftime("%Y-%m-%d"),
                "note": options.note,
            }
            kept.append(report.record(row, found, surroundings))
            if docs is not None:
                report.keep(docs / "performance", kept[-1])
    if docs is not None:
        report.write_page(docs / "performance.md", docs / "performance", ROWS)
    _tell(kept)
    return 0


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    names = [row.name for row in ROWS]
    options.add_argument("--only", action="append", choices=names, metavar="ROW", help="measure this row; may repeat")
    options.add_argument("--runs", type=int, help="runs that count, instead of five")
    options.add_argument("--size", action="append", default=[], metavar="NAME=N", help="change a size of the rows")
    options.add_argument("--quick", action="store_true", help="tiny sizes and one run: whether it works, not how fast")
    options.add_argument("--docs", type=Path, help="write page and records there instead of docs/")
    options.add_argument("--folder", type=Path, help="where labs are made; else the system's temporary folder")
    options.add_argument("--note", default="", help="a sentence that is kept with the figures")
    options.add_argument("--list", action="store_true", help="tell the rows and their sizes")
    given = options.parse_args()
    known = {name for row in ROWS for name in row.sizes}
    try:
        given.size = {name: int(value) for name, _, value in (each.partition("=") for each in given.size)}
    except ValueError:
        options.error("--size takes a name and a number, such as certificates=500")
    if unknown := sorted(set(given.size) - known):
        options.error(f"no row has a size {unknown[0]}; there are {', '.join(sorted(known))}")
    return given


def _measured(row: Row, options: argparse.Namespace, folder: Path) -> Measured | None:
    """Measure a row; None, and a sentence, where its peer is not there."""
    print(f"{row.name}: {row.title}", flush=True)
    chosen = row.quick if options.quick else row.sizes
    sizes = {name: options.size.get(name, value) for name, value in chosen.items()}
    runs = min(row.runs, 1) if options.quick else min(row.runs, options.runs or row.runs)
    own = folder / row.name
    own.mkdir()
    began = perf_counter()
    try:
        with row.sides(sizes, own) as sides:
            warm_up = row.warm_up and not options.quick
            figures = in_turns(sides, runs=runs, warm_up=warm_up, say=lambda line: print(line, flush=True))
    except PeerMissing as missing:
        print(f"  not measured: {missing}", flush=True)
        return None
    return Measured(sizes=sizes, figures=figures, seconds=perf_counter() - began)


def _named(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sizes.items())


def _tell(kept: list[dict[str, Any]]) -> None:
    for found in kept:
        for each in found["comparisons"]:
            print(f"{found['name']}, {each['what']}: {each['ratio']:.3g} ({each['verdict']})")


if __name__ == "__main__":
    sys.exit(main())
