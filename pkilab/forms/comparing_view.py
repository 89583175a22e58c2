"""Comparing an object with another (X4): the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from pkilab.explain.compare import Compared, Comparison
from pkilab.explain.node import Node
from pkilab.forms.choosing import Choosing
from pkilab.forms.comparing import Comparing
from pkilab.forms.fields import html
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.view import Surroundings, bar, button, card, status
from pkilab.views.escape import escape

_EMPTY = "They agree in every field that can be compared."


class ComparingView(widgets.VBox):
    """The choice of a second object, and a table of what differs; `show` is called with a node of the first."""

    def __init__(self, form: Comparing, around: Surroundings, *, show: Callable[[Node], object]) -> None:
        self.form = form
        self._around, self._show = around, show
        self._near = widgets.VBox()
        self._choosing = Choosing(form, around, label="Compare")
        self._table = TableView(
            caption="What differs",
            columns=[
                Column(key="field", label="Field"),
                Column(key="kind", label="How"),
                Column(key="left", label="The first says"),
                Column(key="right", label="The second says"),
            ],
            empty=_EMPTY,
            on_act=self._act,
        )
        self._told = html("", "pkilab-words")
        self._result = widgets.VBox()
        form.observe(lambda _: self._draw(), names=["comparison"])
        form.observe(lambda _: self._offer(), names=["relatives"])
        super().__init__(
            [
                card(
                    "Compare with another",
                    self._near,
                    self._choosing,
                    status(form),
                    why="A request and its certificate, a certificate and its renewal, two lists.",
                ),
                self._result,
            ]
        )
        self._offer()

    def refresh(self) -> None:
        """Offer what can be had now."""
        self._choosing.refresh()

    def _offer(self) -> None:
        def made(at: int, label: str) -> widgets.Button:
            def work() -> None:
                self.form.with_relative(at)

            return button(f"Compare with {label}", lambda: self._around.guard.start(self.form, work), main=True)

        buttons = [made(at, each.label) for at, each in enumerate(self.form.relatives)]
        self._near.children = (bar(*buttons),) if buttons else ()

    def _draw(self) -> None:
        found: Comparison | None = self.form.comparison
        if found is None:
            self._result.children = ()
            return
        title = self.form.piece.title if self.form.piece else "the second"
        same = f" They agree in: {', '.join(found.same)}." if found.same else ""
        lead = "Both are the same, octet for octet." if found.equal else f"Compared with {title}.{same}"
        self._told.value = f"<p>{escape(lead)}</p>"
        self._table.show([_row(at, each) for at, each in enumerate(found.differences)])
        self._result.children = (self._told, *(() if found.equal else (self._table,)))

    def _act(self, row: str, _: Any) -> None:
        found: Comparison | None = self.form.comparison
        if found is not None:
            node = found.differences[int(row)].left_node
            if node is not None:
                self._show(node)


def _row(at: int, each: Compared) -> TableRow:
    return TableRow(
        id=str(at),
        name=each.field,
        cells=(each.field, str(each.kind), each.left or "–", each.right or "–"),
        actions=(RowAction(act="show", label="Show"),) if each.left_node is not None else (),
    )
