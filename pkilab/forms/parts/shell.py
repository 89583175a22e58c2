"""The heartbeat of a page of forms, and what the page keeps over a reload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
from traitlets import Unicode

from pkilab.forms.parts import JS

_MOST = 2_000
"""Characters of what a page may keep."""


class Shell(anywidget.AnyWidget):
    """The part that drives a page: it is seen nowhere, unless its kernel is gone.

    While the page is visible it beats once a second; `on_beat` is called then, and `on_hello` with what the page kept
    when it opens or is reloaded. A page that nobody sees costs nothing, and its kernel may be culled.

    Args:
        key: under which this page keeps; two desks on one page differ by it.
    """

    _esm = JS / "shell.js"
    key = Unicode("").tag(sync=True)

    def __init__(
        self,
        *,
        key: str = "",
        on_beat: Callable[[], None] | None = None,
        on_hello: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        super().__init__(key=key)
        self._on_beat = on_beat
        self._on_hello = on_hello
        self.on_msg(self._heard)

    def keep(self, **what: str) -> None:
        """Let the page keep these words, in place of earlier ones. No secret may be among them."""
        self.send({"kind": "keep", "value": what})

    def focus(self, selector: str) -> None:
        """Lead keyboard and screen reader to the first element that a CSS selector names."""
        self.send({"kind": "focus", "where": selector})

    def _heard(self, _: object, content: Any, __: object) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind not in ("beat", "hello"):
            return
        self.send({"kind": "beat"})
        if kind == "hello" and self._on_hello:
            self._on_hello(_words(content.get("kept")))
        if self._on_beat:
            self._on_beat()


def _words(kept: object) -> dict[str, str]:
    """Return what a page says that it kept, as far as it is words; a page may say anything."""
    if not isinstance(kept, dict) or len(str(kept)) > _MOST:
        return {}
    return {name: value for name, value in kept.items() if isinstance(name, str) and isinstance(value, str)}
