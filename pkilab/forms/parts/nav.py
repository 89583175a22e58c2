"""The list of a desk's tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import List, Unicode

from pkilab.forms.parts import JS


class Nav(anywidget.AnyWidget):
    """Whose desk it is, and its tasks in groups.

    `groups` are `{"label": …, "items": [{"id": …, "label": …, "count": 0, "counted": "requests"}]}`; `chosen` is the
    task that is open. `on_choose` is called with a task that is listed, and with no other.
    """

    _esm = JS / "nav.js"
    title = Unicode("").tag(sync=True)
    about = Unicode("").tag(sync=True)
    groups: List[Any] = List().tag(sync=True)
    chosen = Unicode("").tag(sync=True)

    def __init__(self, *, on_choose: Callable[[str], None]) -> None:
        super().__init__()
        self._on_choose = on_choose
        self.on_msg(self._heard)

    def _heard(self, _: object, content: Any, __: object) -> None:
        task = content.get("task") if isinstance(content, dict) and content.get("kind") == "choose" else None
        if isinstance(task, str) and task in {item["id"] for group in self.groups for item in group["items"]}:
            self._on_choose(task)
