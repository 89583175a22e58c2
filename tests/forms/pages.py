"""What tests of pages share: what a page could send, and what its widgets would leave in a saved notebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.widget import _instances


def living() -> Iterator[widgets.Widget]:
    """Every widget that there is, shown or not."""
    yield from list(_instances.values())


def saved() -> str:
    """What a notebook that is saved with its widgets' state would hold of all of them."""
    states = [widget.get_state() for widget in living()]
    return json.dumps([states, widgets.Widget.get_manager_state()], default=repr)


def within(widget: Any) -> Iterator[Any]:
    """A widget and all that stands in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def texts(widget: Any) -> str:
    """The markup of all HTML in a widget that is not hidden, in the order of the page."""
    if getattr(widget.layout, "display", None) == "none" if hasattr(widget, "layout") else False:
        return ""
    own = widget.value if isinstance(widget, widgets.HTML) else ""
    return own + "".join(texts(child) for child in getattr(widget, "children", ()))


def pressed(widget: Any, label: str) -> widgets.Button:
    """Find the button of this label, and click it as a page does, whether it is disabled or not."""
    found = [each for each in within(widget) if isinstance(each, widgets.Button) and each.description == label]
    assert len(found) == 1, f"{len(found)} buttons are called {label}"
    message(found[0], {"event": "click"})
    return found[0]


def message(widget: Any, content: Any, buffers: Any = ()) -> None:
    """Send a widget what a page may send: any message at all."""
    widget._handle_custom_msg(content, list(buffers))


def forge(widget: Any, **state: Any) -> None:
    """Set synchronised traits of a widget as a page may: to anything."""
    widget.set_state(state)
