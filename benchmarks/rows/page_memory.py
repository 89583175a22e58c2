"""The main memory of a desk's kernel, beyond that of a page with one button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Comparison, Row, Side, Sizes
from benchmarks.pages import BUTTON, DESK, Application

_DESK, _BUTTON, _MORE = "the desk's kernel", "the button's kernel", "the desk's, beyond the button's"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    def kernel(cell: str) -> float:
        with Application(folder, cell, pool=0) as application:
            application.html()
            application.settle()
            return application.kernel_memory()

    yield {
        _DESK: lambda: kernel(DESK),
        _BUTTON: lambda: kernel(BUTTON),
        _MORE: lambda: kernel(DESK) - kernel(BUTTON),
    }


ROW = Row(
    name="page-memory",
    title="Memory of a desk's kernel, beyond one button's",
    unit="MiB",
    method=(
        "A page is asked for, and when its kernel rests, Linux says how much main memory that takes (`VmRSS`), what it "
        "shares with others included."
    ),
    sizes={},
    quick={},
    sides=_sides,
    comparisons=(Comparison(what="more than one button's", ours=_MORE, peer="", bound=60, at_least=False),),
    versions=lambda: {name: version(name) for name in ("ipywidgets", "ipykernel")},
)
