"""The view of a list in pages: its table, and why the list could not be had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pkilab.forms.fields import html
from pkilab.forms.paging import Sorted
from pkilab.forms.parts.table import TableRow, TableView
from pkilab.forms.view import FormView, Surroundings
from pkilab.views.escape import escape


class PagedView(FormView):
    """A form around a table of what its model, which is `Paged`, looks up.

    Args:
        form, around, title, lead: as `FormView` takes them.
        table: what else `TableView` takes.
    """

    task: ClassVar[str] = ""
    """What the desk calls the form."""

    def __init__(self, form: Any, around: Surroundings, *, title: str, lead: str, table: dict[str, Any]) -> None:
        super().__init__(form, around, title=title, lead=lead)
        self.table = TableView(
            search_label="Search",
            on_search=self._searched,
            on_sort=self._sorted if isinstance(form, Sorted) else None,
            on_page=self._turned,
            **table,
        )
        self.unreached = html("", "pkilab-told")

    def look(self) -> None:
        """Look the page up; what goes wrong is told above the table alone."""
        self.around.guard.aside(self.form.look, lambda _: None)

    def go(self, **words: str) -> None:
        """Open this form with these words, in its place on the desk; where there is none, as it stands."""
        if self.around.go is not None:
            self.around.go(self.task, **words)
        else:
            self.opened(**words)

    def say_unreached(self, why: str) -> None:
        """Say why the list could not be had; nothing where it was had."""
        self.unreached.value = f'<div class="pkilab-said pkilab-bad"><p>{escape(why)}</p></div>' if why else ""

    def show_rows(self, rows: Sequence[TableRow], of: str) -> None:
        """Show the rows of the model's page; `of` says how many there are on all pages."""
        form = self.form
        note = f"{len(rows)} of {of}" if rows else ""
        self.table.show(rows, note=note, before=form.earlier, after=form.page.after is not None)

    def _searched(self, text: str) -> None:
        self.form.search = text
        self.look()

    def _sorted(self, key: str) -> None:
        self.form.sort(key)
        self.look()

    def _turned(self, to: str) -> None:
        self.form.turn(to)
        self.look()
