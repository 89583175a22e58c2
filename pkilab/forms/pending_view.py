"""Pending requests (S9), and issuing several that were each verified: the form's view."""

from __future__ import annotations

import ipywidgets as widgets

from pkilab.forms.fields import field, html
from pkilab.forms.paged_view import PagedView
from pkilab.forms.parts.table import Column, RowAction, TableRow
from pkilab.forms.pending import PendingRequests
from pkilab.forms.process import Process
from pkilab.forms.process_view import ProcessView
from pkilab.forms.view import Surroundings, act_button, bar, button, card
from pkilab.model.request import Request, RequestPage
from pkilab.views import html as views
from pkilab.views import words

_NOBODY = "No request is waiting. A CA client sends one by submitting a certificate signing request."
_NOTHING = "No request that waits fits what is searched for. Search for something else, or empty the field."


class PendingView(PagedView):
    """The table of what waits; and, opened from it, one request to be processed."""

    form: PendingRequests
    task = "pending"

    def __init__(self, form: PendingRequests, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Pending requests",
            lead="Each of these wants a certificate. Process one to read it, to verify it with its contact, and to "
            "issue it. Those that were verified can be issued together.",
            table={
                "caption": "Pending requests",
                "columns": [
                    Column(key="received", label="Received", sort=True),
                    Column(key="root", label="File root", sort=True),
                    Column(key="subject", label="Subject", sort=True),
                    Column(key="host", label="From", sort=True),
                    Column(key="contact", label="Contact"),
                    Column(key="verified", label="Verified"),
                ],
                "empty": _NOBODY,
                "picking": True,
                "on_act": lambda row, act: around.guard.now(lambda: self._pressed(row, act), self.tell),
                "on_pick": self._picked,
            },
        )
        self._parts = self.children
        self._process: ProcessView | None = None
        self._configure = widgets.VBox()
        self._together = widgets.VBox()
        self._together.add_class("pkilab-after")
        self._result = widgets.VBox()
        form.observe(lambda _: self._show(), names=["page", "unreached", "order", "down"])
        form.observe(lambda _: self._choose(), names=["picked", "medium"])
        form.observe(lambda _: self._issued(), names="result")
        self.fill(self.unreached, self._configure, self._result, self.table, self._together)
        self.look()

    def refresh(self) -> None:
        """Look again what waits; or, where a request is open, what became of it."""
        process = self._process
        if process is not None:
            process.refresh()
        else:
            self.form.look()

    def opened(self, **words: str) -> None:
        """Show the table; or the request that is named, to be processed or deleted."""
        number = words.get("request", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            self._close_process()
            self.look()
            return
        shown: Request | None = self._process.form.request if self._process is not None else None
        if self._process is None or shown is None or shown.id != int(number):
            self._close_process()
            self._process = ProcessView(Process(self.form.server), self.around, back=self.go)
            self.children = (self._process,)
        self._process.opened(**words)

    def kept(self) -> dict[str, str]:
        """Return which request is open."""
        return self._process.kept() if self._process is not None else {}

    # --- what is asked for ------------------------------------------------------------------------------------

    def _pressed(self, row: str, act: str) -> None:
        self.go(request=row, **({"delete": "yes"} if act == "delete" else {}))

    def _picked(self, row: str, on: bool) -> None:  # noqa: FBT001 - the table calls it so
        self.form.pick(int(row), on=on)

    def _close_process(self) -> None:
        if self._process is not None:
            self.children = self._parts
            self._process.close_all()
            self._process = None

    # --- what is shown ----------------------------------------------------------------------------------------

    def _show(self) -> None:
        form, table = self.form, self.table
        self.say_unreached(form.unreached)
        go = self.around.go
        unconfigured = bool(form.unreached) and go is not None and not form.server.configured
        if not unconfigured:
            self._configure.children = ()
        elif not self._configure.children and go is not None:
            first = button("Configure this server", lambda: go("configure_server"), main=True)
            self._configure.children = (bar(first),)
        table.order = {"key": form.order, "down": form.down}
        page: RequestPage | None = form.page
        if page is None:
            return
        table.empty = _NOTHING if form.search.strip() else _NOBODY
        fit = words.counted(page.total, "request", "requests")
        self.show_rows([_row(request) for request in page.requests], fit)
        self._choose()

    def _choose(self) -> None:
        """Offer to issue together what was verified."""
        form = self.form
        self.table.picked = [str(id_) for id_ in form.picked]
        page: RequestPage | None = form.page
        ready = page is not None and any(request.verification for request in page.requests)
        self._together.layout.display = None if ready or form.picked else "none"
        if (ready or form.picked) and not self._together.children:
            self._together.children = (self._card(),)
        if self._together.children:
            self._chosen.value = f'<p class="pkilab-hint">{len(form.picked)} chosen.</p>'
            self._password.layout.display = "none" if form.absent("password") else None

    def _card(self) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        self._chosen = html("")
        self._password = field(form, "password", on_enter=lambda: guard.start(form, form.issue_chosen))
        return card(
            "Issue several at once",
            bar(button("Choose all verified on this page", form.pick_page), button("Choose none", form.pick_none)),
            self._chosen,
            self._password,
            act_button(form, "issue_chosen", "Issue the chosen ones", guard, done=self.look),
            why="Only requests whose verification is recorded can be chosen. The password is asked for once.",
        )

    def _issued(self) -> None:
        if self.form.result is None:
            self._result.children = ()
            return
        close = button("Close", lambda: setattr(self.form, "result", None))
        self._result.children = (html(views.draw(self.form.result, under=self.form.hood)), bar(close))


def _row(request: Request) -> TableRow:
    verified = request.verification
    return TableRow(
        id=str(request.id),
        name=f"request {request.id}, {request.root}",
        cells=(
            words.moment(request.received_at),
            request.root,
            request.subject or "no subject",
            f"{request.name.instance} on {request.name.host}",
            request.contact.name or "none given",
            f"for {verified.usage.label}, by {verified.by}" if verified is not None else "not yet",
        ),
        actions=(RowAction(act="process", label="Process", main=True), RowAction(act="delete", label="Delete…")),
        pickable=verified is not None,
    )
