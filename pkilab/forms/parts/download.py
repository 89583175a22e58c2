"""A button that lets the browser save a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anywidget
from traitlets import Bool, Unicode

from pkilab.forms.guard import Guard
from pkilab.forms.parts import JS


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file for the browser: its name, its octets, its media type."""

    name: str
    data: bytes = field(repr=False)
    media: str = "application/octet-stream"


class Download(anywidget.AnyWidget):
    """A button; pressed, it sends what `content` returns then. Nothing of it is kept in the widget."""

    _esm = JS / "download.js"
    label = Unicode("").tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)

    def __init__(self, label: str, content: Callable[[], Handed], *, guard: Guard) -> None:
        super().__init__(label=label)
        self._content = content
        self._guard = guard
        self.on_msg(self._heard)

    def _heard(self, _: object, content: Any, __: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "want" and not self.disabled:
            self._guard.aside(
                self._hand, lambda told: self.send({"kind": "problem", "words": " ".join(told.sentences)})
            )

    def _hand(self) -> None:
        handed = self._content()
        self.send({"kind": "file", "name": handed.name, "type": handed.media}, [handed.data])
