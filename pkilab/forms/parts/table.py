"""A table of rows with buttons; search, order and pages are made where the rows come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
from traitlets import Bool, Dict, List, Unicode

from pkilab.forms.parts import JS
from pkilab.views.escape import visible

_MOST = 200
"""Characters of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; it can be sorted by where `sort` says so."""

    key: str
    label: str
    sort: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAction:
    """A button in a row: what it is called, and the act that it asks for."""

    act: str
    label: str
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row: its cells as people read them, what it is called in passing, and its buttons."""

    id: str
    name: str
    cells: tuple[str, ...]
    actions: tuple[RowAction, ...] = ()
    pickable: bool = False


class TableView(anywidget.AnyWidget):
    """The widget of a table. It shows what `show` was given, and tells what a person asks for.

    Args:
        caption: the table's name.
        columns: its columns.
        empty: what to do when there are no rows.
        search_label: the label of the search field; empty for none.
        picking: whether rows can be chosen by a tick.
        on_act: called with a row's id and an act that this row offers.
        on_search, on_sort, on_page: called with the text, with a sortable column's key, with `before` or `after`.
        on_pick: called with a row's id and whether it is ticked.
    """

    _esm = JS / "table.js"
    caption = Unicode("").tag(sync=True)
    columns: List[Any] = List().tag(sync=True)
    rows: List[Any] = List().tag(sync=True)
    empty = Unicode("").tag(sync=True)
    note = Unicode("").tag(sync=True)
    pages: Dict[str, bool] = Dict({"before": False, "after": False}).tag(sync=True)
    order: Dict[str, Any] = Dict({"key": "", "down": False}).tag(sync=True)
    search = Unicode("").tag(sync=True)
    search_label = Unicode("").tag(sync=True)
    picking = Bool(default_value=False).tag(sync=True)
    picked: List[Any] = List().tag(sync=True)

    def __init__(
        self,
        *,
        caption: str,
        columns: Sequence[Column],
        empty: str,
        search_label: str = "",
        picking: bool = False,
        on_act: Callable[[str, str], None] | None = None,
        on_search: Callable[[str], None] | None = None,
        on_sort: Callable[[str], None] | None = None,
        on_page: Callable[[str], None] | None = None,
        on_pick: Callable[[str, bool], None] | None = None,
    ) -> None:
        super().__init__(
            caption=caption,
            columns=[{"key": each.key, "label": each.label, "sort": each.sort} for each in columns],
            empty=empty,
            search_label=search_label,
            picking=picking,
        )
        self._shown: dict[str, TableRow] = {}
        self._on_act, self._on_search, self._on_sort = on_act, on_search, on_sort
        self._on_page, self._on_pick = on_page, on_pick
        self.on_msg(self._heard)

    def show(self, rows: Sequence[TableRow], *, note: str = "", before: bool = False, after: bool = False) -> None:
        """Show these rows, and whether there are pages before and after them."""
        self._shown = {row.id: row for row in rows}
        with self.hold_sync():
            self.rows = [_plain(row) for row in rows]
            self.note = note
            self.pages = {"before": before, "after": after}

    def _heard(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        match content:
            case {"kind": "act", "row": str(row), "act": str(act)} if self._on_act and self._offers(row, act):
                self._on_act(row, act)
            case {"kind": "search", "text": str(text)} if self._on_search and len(text) <= _MOST:
                if text != self.search:
                    self.search = text
                    self._on_search(text)
            case {"kind": "sort", "key": str(key)} if self._on_sort and self._sortable(key):
                self._on_sort(key)
            case {"kind": "page", "to": ("before" | "after") as to} if self._on_page and self.pages[to]:
                self._on_page(to)
            case {"kind": "pick", "row": str(row), "on": bool(on)} if self._on_pick and self._pickable(row):
                self._on_pick(row, on)

    def _offers(self, row: str, act: str) -> bool:
        found = self._shown.get(row)
        return found is not None and any(action.act == act for action in found.actions)

    def _pickable(self, row: str) -> bool:
        found = self._shown.get(row)
        return found is not None and found.pickable

    def _sortable(self, key: str) -> bool:
        return any(column["key"] == key and column["sort"] for column in self.columns)


def _plain(row: TableRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": visible(row.name),
        "cells": [visible(cell) for cell in row.cells],
        "actions": [{"act": each.act, "label": each.label, "main": each.main} for each in row.actions],
        "pickable": row.pickable,
    }
