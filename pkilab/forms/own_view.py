"""Your certificates: the form's view. A table of file roots; opened from it, one root and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from traitlets import dlink

from pkilab.errors import InvalidField
from pkilab.forms.acting import acting
from pkilab.forms.documents import FILE, MOST
from pkilab.forms.explaining import explain_it
from pkilab.forms.export import PKCS12
from pkilab.forms.fields import Words, field, html
from pkilab.forms.model import FormModel
from pkilab.forms.own import Own
from pkilab.forms.own_files import downloads
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.parts.upload import Upload
from pkilab.forms.renew import NEW, SAME
from pkilab.forms.view import FormView, Surroundings, act_button, bar, button, card, discard, fold, shown_when
from pkilab.model.acts import Submitted
from pkilab.model.own import OwnFiles
from pkilab.views import html as views
from pkilab.views import own as owned
from pkilab.views.escape import escape

_XML = ".xml,text/xml"


class OwnView(FormView):
    """The table and what needs no key of one's own; and, opened from it, one file root."""

    form: Own

    def __init__(self, form: Own, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Your certificates",
            lead="What lies in the manager directory, this instance's own folder: keys, requests and certificates by "
            "their file root. Renew one, hand it to another program, or sign with it.",
        )
        self._table = TableView(
            caption="Your files",
            columns=[
                Column(key="root", label="File root"),
                Column(key="key", label="Private key"),
                Column(key="certificate", label="Certificate"),
                Column(key="until", label="Valid until"),
                Column(key="state", label="State"),
                Column(key="next", label="Next"),
            ],
            empty="There is nothing yet. Submit a request; its key will lie here.",
            on_act=lambda row, _: around.guard.now(lambda: self._go(row), self.tell),
        )
        self._others = _for_everybody(form, around)
        self._looked_at: tuple[Any, ...] = ()
        self._root = ""
        form.observe(lambda _: self._list(), names="all")
        form.observe(lambda _: self._draw(), names="shown")
        self._list()
        self._draw()

    def refresh(self) -> None:
        """Look again what lies there."""
        self.form.look_again()

    def opened(self, **words: str) -> None:
        """Show the list, or the file root that is named."""
        root = words.get("root", "")
        with suppress(InvalidField):
            if root:
                self.form.show(root)
                return
        self.form.close()

    def kept(self) -> dict[str, str]:
        """Return the file root that is looked at."""
        return {"root": self._root} if self._root else {}

    def _go(self, root: str) -> None:
        if self.around.go is not None:
            self.around.go("own", root=root)
        else:
            self.opened(root=root)

    def _back(self) -> None:
        if self.around.go is not None:
            self.around.go("own")
        else:
            self.opened()

    def _list(self) -> None:
        found: tuple[OwnFiles, ...] = self.form.all
        self._table.show([_row(each) for each in found])

    def _draw(self) -> None:
        own: OwnFiles | None = self.form.shown
        if self._looked_at and own is not None and own.root == self._root:
            self._draw_files(own)
            return
        for part in self._looked_at:
            discard(part)
        self._looked_at, self._root = (), own.root if own else ""
        if own is None:
            self.fill(self._table, self._others)
        else:
            self._files = widgets.VBox()
            self._files.add_class("pkilab-came")
            self._told: object = None
            self._draw_files(own)
            self._looked_at = (bar(button("Back to the list", self._back)), self._files, *_acts(self.form, self.around))
            self.fill(*self._looked_at)
        self.around.keep()

    def _draw_files(self, own: OwnFiles) -> None:
        """Draw what lies under the root, where it changed."""
        if own == self._told:
            return
        self._told = own
        for part in self._files.children:
            discard(part)
        chain = self.form.chain
        shown = [html(views.draw(own))] if own.certificate else []
        told = "" if own.certificate else "".join(f"<p>{escape(each)}</p>" for each in owned.told(own))
        above = (
            [fold("Its chain", html(views.draw(chain)))] if chain is not None and len(chain.certificates) > 1 else []
        )
        self._files.children = (
            html(f'<div class="pkilab-words"><h3>{escape(own.root)}</h3>{told}</div>'),
            *shown,
            *above,
            downloads(self.form.client, own.root, self.around.guard),
            *self._look_closer(own),
        )

    def _look_closer(self, own: OwnFiles) -> list[widgets.Widget]:
        go = self.around.go
        if go is None or (own.certificate is None and own.request is None):
            return []
        if own.certificate is None:
            return [bar(*explain_it(self, "file", name=f"{own.root}.csr"))]
        verify = button("Verify it", lambda: go("verify", file=f"{own.root}.cer"))
        return [bar(verify, *explain_it(self, "file", name=f"{own.root}.cer"))]


def _acts(form: Own, around: Surroundings) -> tuple[widgets.Widget, ...]:
    """Return the cards of what is done with the root that is looked at."""
    own: OwnFiles = form.shown
    if not own.key and own.certificate is not None and own.certificate.ca:
        return (_exporting(form, around),)
    cards = [_renewing(form, around)]
    if own.key and own.certificate is not None and "serverAuth" in own.certificate.extended_key_usage:
        cards.append(_trying(form, around))
    if own.certificate is not None:
        cards.append(_exporting(form, around))
    if own.certificate is not None and own.key:
        cards += [_signing(form, around), _opening(form, around)]
    return tuple(cards)


def _renewing(form: Own, around: Surroundings) -> widgets.Widget:
    renew, guard, go = form.renew, around.guard, around.go
    own: OwnFiles = form.shown

    def wait(sent: Submitted) -> list[widgets.Widget]:
        if go is None:
            return []
        known = ",".join(map(str, renew.known))
        return [
            bar(
                button(
                    "Wait for the certificate",
                    lambda: go("get_certificates", waiting=sent.root, known=known),
                    main=True,
                )
            )
        ]

    if own.certificate is None:
        return card(
            "It waits for its certificate",
            *_fetching(own.root, around),
            acting(renew, "resubmit", "Send the request again", guard, more=wait),
            why="The CA's operator calls the contact, compares the fingerprint and issues it. Sending it again does no "
            "harm: the CA takes it once only.",
        )
    again = act_button(renew, "resubmit", "Send the last request again", guard, main=False, says=False)
    shown_when(again, renew, "own", lambda files: files is not None and files.waiting)
    return card(
        "Renew",
        field(renew, "key", toggle=True),
        shown_when(field(renew, "key_algorithm"), renew, "key", lambda key: key == NEW),
        shown_when(field(renew, "password"), renew, "key", lambda key: key == NEW),
        shown_when(field(renew, "confirmation"), renew, "key", lambda key: key == NEW),
        *(
            [shown_when(field(renew, "key_password"), renew, "key", lambda key: key == SAME)]
            if own.key_encrypted
            else []
        ),
        again,
        acting(renew, "renew", "Ask for a new certificate", guard, main=True, more=wait),
        why="A request for the same names goes to the CA. Key and certificate stay in use until the new certificate is "
        "fetched.",
    )


def _fetching(root: str, around: Surroundings) -> list[widgets.Widget]:
    """Return the button that leads to where a certificate is waited for and fetched."""
    go = around.go
    if go is None:
        return []
    return [bar(button("Get certificates", lambda: go("get_certificates", waiting=root), main=True))]


def _exporting(form: Own, around: Surroundings) -> widgets.Widget:
    export = form.export
    names = ["legacy", "container_password", "confirmation"]
    if form.shown.key_encrypted:
        names.insert(1, "password")
    if not form.shown.key:
        return card(
            "Export",
            field(export, "kind", options=[each for each in export.about("kind")["options"] if each[1] != PKCS12]),
            *([field(export, "path", mono=True)] if export.paths else []),
            acting(export, "export", "Export", around.guard),
        )
    return card(
        "Export",
        field(export, "kind"),
        *(shown_when(field(export, name), export, "kind", lambda kind: kind == PKCS12) for name in names),
        *([fold("Write it on this machine instead", field(export, "path", mono=True))] if export.paths else []),
        acting(export, "export", "Export", around.guard),
        why="For a browser, a Java program or a server, which read PKCS#12 or PEM.",
    )


def _trying(form: Own, around: Surroundings) -> widgets.Widget:
    password = [field(form.tls, "password")] if form.shown.key_encrypted else []
    return card(
        "TLS",
        *password,
        acting(form.tls, "try_tls", "Try it", around.guard),
        why="A server and a client meet, both with this certificate, and each checks the other's.",
    )


def _signing(form: Own, around: Surroundings) -> widgets.Widget:
    sign = form.sign
    password = [field(sign, "password")] if form.shown.key_encrypted else []
    return card(
        "Sign",
        field(sign, "kind", toggle=True),
        upload("The file", sign, sign.take, "name_", around),
        *password,
        acting(sign, "sign", "Sign it", around.guard),
        why="Who has your certificate and its CA's can tell that it came from you, and that nobody changed it.",
    )


def _opening(form: Own, around: Surroundings) -> widgets.Widget:
    decrypt = form.decrypt
    password = [field(decrypt, "password")] if form.shown.key_encrypted else []
    return card(
        "",
        fold(
            "Open an encrypted XML document",
            upload("The encrypted document", decrypt, decrypt.take, "name_", around, accept=_XML),
            *password,
            acting(decrypt, "decrypt", "Decrypt it", around.guard),
        ),
    )


def _for_everybody(form: Own, around: Surroundings) -> widgets.Widget:
    """Return what needs no key of one's own."""
    check, encrypt, guard = form.check, form.encrypt, around.guard
    return widgets.VBox(
        [
            card(
                "Check a signature",
                field(check, "kind", toggle=True),
                upload("The file or document", check, check.take, "name_", around),
                shown_when(
                    upload(
                        "Its signature (.p7s)", check, check.take_signature, "signature_name", around, accept=".p7s"
                    ),
                    check,
                    "kind",
                    lambda kind: kind == FILE,
                ),
                acting(check, "check", "Check it", guard),
                why="Those whose root certificate lies here are trusted.",
            ),
            card(
                "",
                fold(
                    "Encrypt an XML document for somebody",
                    upload("The document", encrypt, encrypt.take, "name_", around, accept=_XML),
                    field(encrypt, "recipient"),
                    upload("Their certificate", encrypt, encrypt.take_recipient, "recipient_name", around),
                    field(encrypt, "element", mono=True),
                    acting(encrypt, "encrypt", "Encrypt it", guard),
                ),
            ),
        ]
    )


def upload(
    label: str,
    form: FormModel,
    take: Callable[[str, bytes], None],
    trait: str,
    around: Surroundings,
    *,
    accept: str = "",
) -> widgets.VBox:
    """Return a field for a file, with what was taken below it; it is emptied when the form forgets the file."""

    def taken(name: str, data: bytes) -> None:
        def tell(told: Any) -> None:
            form.drop()
            form.told = told

        around.guard.now(lambda: take(name, data), tell)

    chosen = Upload(label, taken, accept=accept, most=MOST)
    note = Words("p", "pkilab-hint")
    dlink((form, trait), (note, "words"), lambda name: f"{name} was taken." if name else "")
    form.observe(lambda change: chosen.clear() if not change["new"] else None, names=trait)
    box = widgets.VBox([chosen, note])
    box.add_class("pkilab-field")
    return box


def _row(own: OwnFiles) -> TableRow:
    return TableRow(
        id=own.root, name=own.root, cells=owned.cells(own), actions=(RowAction(act="look", label="Open it"),)
    )
