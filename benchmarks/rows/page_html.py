"""How long it takes until a page's HTML is complete: a desk against one button, and made ready beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Comparison, Row, Side, Sizes
from benchmarks.pages import BUTTON, DESK, Application

_DESK, _READY, _BUTTON = "the desk, cold", "the desk, made ready", "one button, cold"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    with ExitStack() as running:
        pages = {
            _BUTTON: running.enter_context(Application(folder, BUTTON, pool=0)),
            _DESK: running.enter_context(Application(folder, DESK, pool=0)),
            _READY: running.enter_context(Application(folder, DESK, pool=1)),
        }

        def html(name: str) -> float:
            took = pages[name].html()
            pages[name].settle()  # another page is made ready
            return took

        yield {name: partial(html, name) for name in pages}


ROW = Row(
    name="page-html",
    title="A page's HTML: the desk, against one button",
    unit="seconds",
    method=(
        "Both pages are served by the program behind the dashboards. Measured is the time from asking for the page, "
        "let in already, until its HTML is there to the last octet, widgets and all. Cold: the kernel starts when the "
        "page is asked for. Made ready: one kernel has run the notebook beforehand, as in `pkilab dashboards`."
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
        "What a desk takes longer than a button is loading: SQLAlchemy, cryptography, the forms and their parts. Once "
        "loaded, all its widgets are made in 16 ms. HTTP and SOAP are loaded where a server is asked, and what only "
        "lessons need where they need it; before, a desk took a quarter longer to load."
    ),
)
