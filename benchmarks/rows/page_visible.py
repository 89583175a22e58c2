"""How long it takes until a page is seen in a browser: a desk against one button, cold and made ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from benchmarks import pages
from benchmarks.measure import Comparison, Row, Side, Sizes

_COLD, _READY = "the desk, cold", "the desk, made ready"
_BUTTON_COLD, _BUTTON_READY = "one button, cold", "one button, made ready"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    pages.chromium()
    kinds = {
        _BUTTON_COLD: (pages.BUTTON, 0),
        _COLD: (pages.DESK, 0),
        _BUTTON_READY: (pages.BUTTON, 1),
        _READY: (pages.DESK, 1),
    }
    with pages.sides(folder, kinds, lambda application: pages.visible(application.url)) as found:
        yield found


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
