"""The journal of administrative acts (X6): the form's model and its view."""

from __future__ import annotations

from traitlets import Any as AnyTrait

from pkilab.forms.fields import html
from pkilab.forms.model import FormModel, act
from pkilab.forms.parts.table import Column, TableRow, TableView
from pkilab.forms.ports import Server
from pkilab.forms.view import FormView, Surroundings, act_button, card
from pkilab.model.journal import JournalEntry, JournalVerdict
from pkilab.views import facts, words
from pkilab.views.escape import escape

PAGE = 25
"""Entries on a page."""


class Journal(FormModel):
    """What was done at a CA server, the newest first; and whether anybody meddled with it."""

    page = AnyTrait(())
    """The entries that are shown, the newest first."""
    count = AnyTrait(0)
    """How many there are."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._before: int | None = None
        super().__init__()

    @property
    def later(self) -> bool:
        """Tell whether there are newer entries than those shown."""
        return self._before is not None

    @property
    def earlier(self) -> bool:
        """Tell whether there are older ones."""
        return bool(self.page) and self.page[-1].sequence > 1

    def look(self) -> None:
        """Look the page up again.

        Raises:
            PkilabError: the registry cannot be asked.
        """
        newest = self.server.journal_page(limit=1)
        self.count = newest[0].sequence if newest else 0
        self.page = tuple(self.server.journal_page(before=self._before, limit=PAGE))

    def turn(self, to: str) -> None:
        """Turn to the page `before` (newer entries) or `after` (older ones)."""
        if to == "after" and self.earlier:
            self._before = self.page[-1].sequence
        elif to == "before" and self._before is not None:
            newer = self._before + PAGE
            self._before = newer if newer <= self.count else None

    @act("Checking each entry …", needs=())
    def verify(self) -> JournalVerdict:
        """Check the journal's hashes, and its end against the head beside the CA's key.

        Raises:
            PkilabError: as `server.verify_journal`.
        """
        self.result = self.server.verify_journal()
        return self.result


class JournalView(FormView):
    """The table, and the check."""

    form: Journal

    def __init__(self, form: Journal, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Journal",
            lead="Who did what, when. Each entry holds a hash of the one before it, and the last one's is kept beside "
            "the CA's key: what was changed, removed or cut off is found.",
        )
        self._table = TableView(
            caption="Journal",
            columns=[
                Column(key="entry", label="Entry"),
                Column(key="when", label="When"),
                Column(key="who", label="Who"),
                Column(key="what", label="What"),
                Column(key="about", label="About"),
            ],
            empty="Nothing has happened here yet. Configuring a CA server makes the first entry.",
            on_page=self._turned,
        )
        self._verdict = html("", "pkilab-told")
        form.observe(lambda _: self._draw(), names=["page", "count"])
        form.observe(lambda _: self._show_verdict(), names=["result", "told"])
        check = act_button(form, "verify", "Check the journal", around.guard, main=False)
        self.fill(self._table, card("Was it meddled with?", check, self._verdict))

    def refresh(self) -> None:
        """Look again what was done."""
        self.form.look()

    def _turned(self, to: str) -> None:
        self.form.turn(to)
        self.around.guard.aside(self.form.look, lambda _: None)

    def _draw(self) -> None:
        form = self.form
        shown = words.counted(form.count, "entry", "entries")
        note = f"{len(form.page)} of {shown}" if form.page else ""
        self._table.show([_row(each) for each in form.page], note=note, before=form.later, after=form.earlier)

    def _show_verdict(self) -> None:
        verdict: JournalVerdict | None = self.form.result
        if verdict is None or self.form.told is not None:
            self._verdict.value = ""
            return
        tone = "bad" if verdict.problems else "good"
        mark = "" if verdict.problems else "✓ "
        self._verdict.value = (
            f'<div class="pkilab-said pkilab-{tone}"><p><strong>{mark}{escape(verdict.message)}</strong></p></div>'
        )


def _row(each: JournalEntry) -> TableRow:
    return TableRow(
        id=str(each.sequence),
        name=f"entry {each.sequence}",
        cells=(str(each.sequence), words.moment(each.at), each.by, each.act, facts.about(each) or "–"),
    )
