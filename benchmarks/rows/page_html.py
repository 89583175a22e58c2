"""How long it takes until a page's HTML is complete: a desk against one button, and made ready beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks import pages
from benchmarks.measure import Comparison, Row, Side, Sizes

_DESK, _READY, _BUTTON = "the desk, cold", "the desk, made ready", "one button, cold"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    kinds = {_BUTTON: (pages.BUTTON, 0), _DESK: (pages.DESK, 0), _READY: (pages.DESK, 1)}
    with pages.sides(folder, kinds, pages.Application.html) as found:
        yield found


ROW = Row(
    name="page-html",
    title="A page's HTML: the desk, against one button",
    unit="seconds",
    method=(
        "Both pages are served by the program behind the dashboards. Measured is the time from asking for the page, "
        "let in already, until its HTML is there to the last octet, widgets and all. Cold: the kernel starts when the "
        "page is asked for. Made ready: one kernel has run the notebook beforehand, as in `pkilab dashboards`. The run "
        "that warms up compiles what both load, as installing or a first start does."
    ),
    sizes={},
    quick={},
    sides=_sides,
    comparisons=(
        Comparison(what="cold, against one button", ours=_DESK, peer=_BUTTON, bound=1.5, at_least=False),
        Comparison(what="made ready, against cold", ours=_READY, peer=_DESK, bound=0.1, at_least=False),
    ),
    versions=lambda: {name: version(name) for name in ("voila", "ipywidgets", "ipykernel")},
    tried=(
        "What a desk takes longer than a button is loading: 0.28 s of processor time, beside 0.2 s for the kernel and "
        "the widgets that both have. Half of it is SQLAlchemy and cryptography, the rest 190 modules of pkilab; all "
        "widgets of the desk are then made in 16 ms. HTTP and SOAP were loaded too, and are now where a server is "
        "asked. Tried: Python's collector of memory at rest meanwhile saves 0.025 s. Not tried: reading the registry "
        "after the page is there, which would show a desk without its content first."
    ),
)
