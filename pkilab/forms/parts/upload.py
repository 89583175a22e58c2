"""A field that takes one file from the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import Bool, Int, Unicode

from pkilab.forms.parts import JS


class Upload(anywidget.AnyWidget):
    """A field for a file; `on_file` is called with its name and octets, of which there are at most `most`."""

    _esm = JS / "upload.js"
    label = Unicode("").tag(sync=True)
    accept = Unicode("").tag(sync=True)
    most = Int(64 * 1024).tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)

    def __init__(
        self, label: str, on_file: Callable[[str, bytes], None], *, accept: str = "", most: int = 64 * 1024
    ) -> None:
        super().__init__(label=label, accept=accept, most=most)
        self._limit = most  # a page may set what is synchronised
        self._on_file = on_file
        self.on_msg(self._heard)

    def clear(self) -> None:
        """Empty the field."""
        self.send({"kind": "clear"})

    def _heard(self, _: object, content: Any, buffers: Any) -> None:
        if not isinstance(content, dict) or content.get("kind") != "file" or not buffers:
            return
        data = bytes(buffers[0])
        if len(data) <= self._limit and isinstance(content.get("name"), str):
            self._on_file(content["name"][:200], data)
