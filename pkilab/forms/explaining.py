"""The way from a card to its explanation."""

from __future__ import annotations

import ipywidgets as widgets

from pkilab.forms.view import FormView


def explain_it(view: FormView, what: str, *, number: str = "", name: str = "") -> list[widgets.Widget]:
    """Return the button that explains a piece of the lab, as `Opening.choose` names it; none where no desk is."""
    go = view.around.go
    return [view.button("Explain it", lambda: go("explain", what=what, number=number, name=name))] if go else []
