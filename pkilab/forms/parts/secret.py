"""A password's field whose value is never part of a widget's state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import Bool, Unicode

from pkilab.forms.model import FormModel
from pkilab.forms.parts import JS

_MOST = 1_024
"""Characters that are taken; the rules of passwords are the model's."""


class SecretField(anywidget.AnyWidget):
    """The field for a secret of a form model.

    What is typed comes as a message and goes into the model alone: ipywidgets' own `Password` keeps it in its state,
    which a notebook saves. When the model empties the secret, the field on the page is emptied. `on_enter` is called
    when Enter is pressed in it; what it leads to checks for itself whether it may be done.
    """

    _esm = JS / "secret.js"
    label = Unicode("").tag(sync=True)
    required = Bool(default_value=False).tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)

    def __init__(self, form: FormModel, name: str) -> None:
        about = form.about(name)
        super().__init__(label=about["label"], required=about["required"])
        self._form = form
        self._name = name
        self._typed = ""
        self.on_enter: Callable[[], object] | None = None
        self.on_msg(self._heard)
        form.observe(self._changed, names=[name])

    def _heard(self, _: object, content: Any, __: object) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "typed" and isinstance(content.get("value"), str) and len(content["value"]) <= _MOST:
            self._typed = content["value"]
            setattr(self._form, self._name, self._typed)
        if kind == "enter" and self.on_enter is not None:
            self.on_enter()
        if kind == "shown" and self._typed and getattr(self._form, self._name) == self._typed:
            self._typed = ""  # The page was reloaded: its field is empty, so the model's is too.
            setattr(self._form, self._name, "")

    def _changed(self, change: Any) -> None:
        if change["new"] != self._typed:  # It is emptied, or a cell has set it: dots on the page would mislead.
            self._typed = ""
            self.send({"kind": "clear"})
