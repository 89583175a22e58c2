"""How long it takes until a page is seen in a browser: a desk against one button, cold and made ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks import pages
from benchmarks.measure import Comparison, Row, Side, Sizes

_COLD, _READY = "the desk, cold", "the desk, made ready"
_BUTTON_COLD, _BUTTON_READY = "one button, cold", "one button, made ready"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    pages.chromium()
    with ExitStack() as running:
        kinds = {
            _BUTTON_COLD: (pages.BUTTON, 0),
            _COLD: (pages.DESK, 0),
            _BUTTON_READY: (pages.BUTTON, 1),
            _READY: (pages.DESK, 1),
        }
        applications = {
            name: running.enter_context(pages.Application(folder, cell, pool=pool))
            for name, (cell, pool) in kinds.items()
        }

        def seen(name: str) -> float:
            took = pages.visible(applications[name].url)
            applications[name].settle()  # another page is made ready
            return took

        yield {name: partial(seen, name) for name in kinds}


ROW = Row(
    name="page-visible",
    title="A page in a browser: the desk, against one button",
    unit="seconds",
    method=(
        "As in the row above, in a Chromium that was just started and has nothing in its cache: from its order to open "
        "the address until a button of the page can be seen. The desk has one by the same name as the other page."
    ),
    sizes={},
    quick={},
    sides=_sides,
    comparisons=(
        Comparison(what="cold", ours=_COLD, peer=_BUTTON_COLD, bound=1.5, at_least=False),
        Comparison(what="made ready", ours=_READY, peer=_BUTTON_READY, bound=1.5, at_least=False),
    ),
    versions=lambda: {name: version(name) for name in ("voila", "ipywidgets", "anywidget")},
)
