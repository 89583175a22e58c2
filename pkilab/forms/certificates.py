"""The certificates that this CA issued: the form's model and its view."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from traitlets import Any as AnyTrait

from pkilab.errors import UnknownNumber
from pkilab.forms.adopt import Adopt, adopting
from pkilab.forms.explaining import explain_it
from pkilab.forms.fields import html
from pkilab.forms.issued_files import downloads
from pkilab.forms.model import act
from pkilab.forms.paged_view import PagedView
from pkilab.forms.paging import PAGE, Sorted
from pkilab.forms.parts.table import Column, RowAction, TableRow
from pkilab.forms.ports import Server
from pkilab.forms.revoke import Revoke, RevokeView
from pkilab.forms.view import Surroundings, bar, button, discard
from pkilab.model.certificate import Chain, IssuedCertificate, Listing
from pkilab.model.order import CertificateOrder
from pkilab.views import html as views
from pkilab.views import words

_NOBODY = "This CA has issued no certificate yet. Process a pending request, and issue one."
_NOTHING = "No certificate fits what is searched for. Search for something else, or empty the field."
_COUNTED = 1000
"""A search counts no further than one beyond this."""
_SELDOM = 10
"""A search through very many takes the registry a while: after so many looks it is made again."""


class Certificates(Sorted):
    """What this CA issued, in pages, and the certificate that is looked at. Number 0 is the CA's own."""

    shown = AnyTrait(None, allow_none=True)

    def __init__(self, server: Server) -> None:
        self.server = server
        self.revoke = Revoke(server)
        self.adopt = Adopt(server)
        self._last: tuple[object, ...] = ()
        self._looks = 0
        super().__init__()
        self.order, self.down = str(CertificateOrder.ISSUED), True

    def look(self) -> Listing:
        """Look the page up again.

        Raises:
            PkilabError: as `server.certificates`.
        """
        with self.reaching():
            asked: dict[str, Any] = {"search": self.search, "order": self.order, "down": self.down}
            found: Listing = self.server.certificates(after=self.after, limit=PAGE, **asked)
        self.page = found
        return found

    def look_again(self) -> None:
        """Look the page up again where that is quick, or where something was issued since.

        Raises:
            PkilabError: as `server.certificates`.
        """
        if self.shown is not None:
            self._show(self._found(self.shown.number))
            return
        self._looks += 1
        newest = self.server.certificates(order=str(CertificateOrder.ISSUED), down=True, limit=1)
        now = (self.search, self.order, self.down, self.after, newest.total, newest.certificates)
        if not self.search.strip() or now != self._last or self._looks >= _SELDOM:
            self.look()
            self._last, self._looks = now, 0

    @act("Looking it up …", needs=())
    def show(self, number: int) -> IssuedCertificate:
        """Look at the certificate of a number.

        Raises:
            UnknownNumber: none was issued.
        """
        found = self._found(number)
        self._show(found)
        return found

    def close(self) -> None:
        """Go back to the list."""
        self._show(None)

    @property
    def chain(self) -> Chain:
        """Return the certificate that is looked at, and those above it, with what they are worth."""
        shown: IssuedCertificate = self.shown
        return self.server.chain(shown.number)

    def _show(self, found: IssuedCertificate | None) -> None:
        if found != self.shown:
            self.revoke.take(found)
        self.shown = found

    def _found(self, number: int) -> IssuedCertificate:
        if number < 0:
            raise UnknownNumber(str(number))
        return self.server.certificate(number)


class CertificatesView(PagedView):
    """The table; and, opened from it, one certificate with its chain."""

    form: Certificates
    task = "certificates"

    def __init__(self, form: Certificates, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Issued certificates",
            lead="What this CA has issued. Look at one to read, copy or download it with its chain.",
            table={
                "caption": "Issued certificates",
                "columns": [
                    Column(key="number", label="Number", sort=True),
                    Column(key="root", label="File root", sort=True),
                    Column(key="subject", label="Subject", sort=True),
                    Column(key="for", label="For"),
                    Column(key="until", label="Valid until", sort=True),
                    Column(key="status", label="Status"),
                ],
                "empty": _NOBODY,
                "on_act": lambda row, _: around.guard.now(lambda: self.go(number=row), self.tell),
            },
        )
        self._adopt = adopting(form.adopt, around, done=form.look_again)
        self._own = bar(button("The CA's own certificate", lambda: self.go(number="0")))
        form.observe(lambda _: self._list(), names=["page", "unreached", "order", "down"])
        form.observe(lambda change: self._shown(change["old"], change["new"]), names="shown")
        self._looked_at: tuple[Any, ...] = ()
        self._show_list()
        self.look()

    def refresh(self) -> None:
        """Look again what was issued."""
        self.form.look_again()

    def opened(self, **words: str) -> None:
        """Show the table, or the certificate of the number that is named."""
        number = words.get("number", "")
        if number.isascii() and number.isdigit() and len(number) < 50:
            self.around.guard.start(self.form, lambda: self.form.show(int(number)))
        else:
            self.form.close()
            self.look()

    def kept(self) -> dict[str, str]:
        """Return the number of the certificate that is looked at."""
        shown: IssuedCertificate | None = self.form.shown
        return {"number": str(shown.number)} if shown is not None else {}

    def _show_list(self) -> None:
        self.fill(self.unreached, self.table, self._own, self._adopt)

    def _judge(self, found: IssuedCertificate) -> list[widgets.Widget]:
        go = self.around.go
        if go is None or not found.number:
            return []
        return [button("Verify it", lambda: go("verify", number=str(found.number)))]

    def _list(self) -> None:
        form, table = self.form, self.table
        self.say_unreached(form.unreached)
        table.order = {"key": form.order, "down": form.down}
        page: Listing | None = form.page
        if page is None:
            return
        table.empty = _NOTHING if form.search.strip() else _NOBODY
        fit = words.counted(page.total, "certificate", "certificates")
        many = form.search.strip() and page.total > _COUNTED
        rows = [_row(each) for each in page.certificates]
        self.show_rows(rows, f"more than {_COUNTED} certificates" if many else fit)

    def _shown(self, old: IssuedCertificate | None, new: IssuedCertificate | None) -> None:
        for part in self._looked_at:
            discard(part)
        self._looked_at = ()
        if new is None:
            self._show_list()
        else:
            chain = self.form.chain
            self._looked_at = (
                bar(
                    button("Back to the list", self.go),
                    *explain_it(self, "certificate" if new.number else "ca", number=str(new.number)),
                    *self._judge(new),
                ),
                html(views.draw(new)),
                downloads(new, lambda: chain, self.around.guard),
                html(views.draw(chain)),
                RevokeView(self.form.revoke, self.around, done=self.form.look_again),
            )
            self.fill(*self._looked_at)
        if (old and old.number) != (new and new.number):
            self.around.keep()


def _row(each: IssuedCertificate) -> TableRow:
    return TableRow(
        id=str(each.number),
        name=f"certificate {each.number}, {each.root}",
        cells=(
            str(each.number),
            each.root,
            each.subject or "no subject",
            each.name.origin,
            words.day(each.not_after),
            each.status,
        ),
        actions=(RowAction(act="look", label="Look at it"),),
    )
