"""Inbox (M3): the mail to an instance's own addresses, for an operator also all of the lab, and what is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as widgets
from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.ports import Mail
from pkilab.forms.traits import tick
from pkilab.forms.view import FormView, Surroundings, bar
from pkilab.model.message import OutgoingMessage, ReceivedMessage
from pkilab.views import cards, words
from pkilab.views import html as views
from pkilab.views.escape import escape

PAGE = 25
"""Mails on a page."""
_WAITING = 20
"""Mails in the outbox that are told one by one."""


class Inbox(FormModel):
    """The mail that one may see, the newest first.

    Args:
        mail: the lab's mail.
        instance: whose desk it is.
        operator: whether all mail of the lab may be seen, and what waits in the outbox.
    """

    everything = tick("Show all mail of the lab", hint="Also what other instances and their contacts got.")
    search = Unicode("")
    """Looked for in addresses, subjects and texts."""

    messages = AnyTrait(())
    """What was received and fits the search, the newest first: a tuple of `ReceivedMessage`."""
    waiting = AnyTrait(())
    """What waits in the outbox: a tuple of `OutgoingMessage`."""
    opened = AnyTrait(None, allow_none=True)
    """The mail that is open, a `ReceivedMessage`."""

    def __init__(self, mail: Mail, instance: str, *, operator: bool) -> None:
        self.mail = mail
        self.instance = instance
        self.operator = operator
        super().__init__()
        self.observe(lambda _: self.look(), names=["everything", "search"])
        self.look()

    @property
    def owner(self) -> str | None:
        """Return whose mail is shown; None: all of the lab, which only an operator may see."""
        return None if self.operator and self.everything else self.instance

    def look(self) -> Sequence[ReceivedMessage]:
        """Read the inbox, and for an operator the outbox.

        Raises:
            RegistryError, CannotRead: the lab cannot be read.
        """
        term = self.search.strip().casefold()
        newest = tuple(reversed(self.mail.inbox(self.owner)))
        found = tuple(mail for mail in newest if not term or term in _words(mail).casefold())
        if found != self.messages:
            self.messages = found
        waiting = tuple(self.mail.outbox()) if self.operator else ()
        if waiting != self.waiting:
            self.waiting = waiting
        return found

    def read(self, mail_id: str) -> ReceivedMessage | None:
        """Open a mail that one may see, and return it; None: there is none of this id."""
        found = next((mail for mail in self.mail.inbox(self.owner) if mail.id == mail_id), None)
        self.opened = found
        return found

    def shut(self) -> None:
        """Go back to the list."""
        self.opened = None


class InboxView(FormView):
    """The table of mail, or the mail that is open; below, what waits in the outbox and why."""

    form: Inbox

    def __init__(self, form: Inbox, around: Surroundings) -> None:
        lead = "What the lab's own mail server received for this instance. New mail appears by itself."
        super().__init__(form, around, title="Inbox", lead=lead)
        self._page = 0
        self._table = TableView(
            caption="Received mail",
            columns=(
                Column(key="received", label="Received"),
                Column(key="to", label="To"),
                Column(key="subject", label="Subject"),
            ),
            empty="No mail has come here. Configuring a CA server, or sending it a request, makes one.",
            search_label="Search in mail",
            on_act=lambda mail_id, _: self._guarded(lambda: self._open(mail_id)),
            on_search=lambda text: self._guarded(lambda: self._search(text)),
            on_page=self._turn_page,
        )
        self._mail = html("")
        self._waiting = html("")
        self._list = widgets.VBox([*([field(form, "everything")] if form.operator else []), self._table])
        self._card = widgets.VBox([bar(self.button("Back to the inbox", self._back)), self._mail])
        form.observe(lambda _: self._show_list(), names="messages")
        form.observe(lambda _: self._show_waiting(), names="waiting")
        form.observe(self._show_mail, names="opened")
        self.fill(self._list, self._card, self._waiting)
        self._card.layout.display = "none"
        self._show_list()
        self._show_waiting()

    def refresh(self) -> None:
        """Look for new mail."""
        self.form.look()

    def opened(self, **words: str) -> None:
        """Open the mail that was open before a reload, if it is there; without one, the list."""
        if words.get("mail"):
            self._guarded(lambda: self.form.read(words["mail"]))
        else:
            self.form.shut()

    def kept(self) -> dict[str, str]:
        """Return which mail is open."""
        mail: ReceivedMessage | None = self.form.opened
        return {"mail": mail.id} if mail else {}

    def _guarded(self, work: Any) -> None:
        self.around.guard.start(self.form, work)

    def _open(self, mail_id: str) -> None:
        self.form.read(mail_id)
        self.around.keep()

    def _back(self) -> None:
        self.form.shut()
        self.around.keep()

    def _search(self, text: str) -> None:
        self._page = 0
        self.form.search = text

    def _turn_page(self, to: str) -> None:
        self._page = max(self._page + (1 if to == "after" else -1), 0)
        self._show_list()

    def _show_list(self) -> None:
        found: Sequence[ReceivedMessage] = self.form.messages
        self._page = min(self._page, max(len(found) - 1, 0) // PAGE)
        first = self._page * PAGE
        shown = found[first : first + PAGE]
        count = words.counted(len(found), "mail", "mails")
        note = f"{first + 1} to {first + len(shown)} of {count}." if len(found) > PAGE else f"{count}." if found else ""
        self._table.show([_row(mail) for mail in shown], note=note, before=first > 0, after=first + PAGE < len(found))

    def _show_mail(self, change: Any) -> None:
        mail: ReceivedMessage | None = change["new"]
        if mail is not None:
            head = views.sheet(replace(cards.received(mail), badge="", closed=()))
            text = f'<pre class="pkilab-letter" tabindex="0" role="region" aria-label="Text">{_lines(mail.body)}</pre>'
            self._mail.value = head + text
        self._list.layout.display = "none" if mail else None
        self._card.layout.display = None if mail else "none"

    def _show_waiting(self) -> None:
        waiting: Sequence[OutgoingMessage] = self.form.waiting
        if not waiting:
            self._waiting.value = ""
            return
        lines = "".join(f"<li><bdi>{escape(str(each))}</bdi></li>" for each in waiting[:_WAITING])
        more = f"<p>And {len(waiting) - _WAITING} more.</p>" if len(waiting) > _WAITING else ""
        count = words.counted(len(waiting), "mail waits", "mails wait")
        self._waiting.value = (
            f'<section class="pkilab-words pkilab-outbox"><h3>{count} to be sent</h3><ul>{lines}</ul>{more}'
            "<p>Mail is sent while <code>pkilab lab</code> or <code>pkilab serve</code> runs.</p></section>"
        )


def _row(mail: ReceivedMessage) -> TableRow:
    subject = mail.subject or "no subject"
    return TableRow(
        id=mail.id,
        name=f"the mail of {words.moment(mail.received_at)}, {subject}",
        cells=(words.moment(mail.received_at), ", ".join(mail.recipients) or "–", subject),
        actions=(RowAction(act="open", label="Open"),),
    )


def _words(mail: ReceivedMessage) -> str:
    return "\n".join((mail.sender, *mail.recipients, mail.subject, mail.body))


def _lines(text: str) -> str:
    return "\n".join(escape(line) for line in text.splitlines())
