"""Submit a certificate signing request (C2, C3): the form's view."""

from __future__ import annotations

import ipywidgets as widgets

from pkilab.forms.explaining import explain_it
from pkilab.forms.fields import field, html
from pkilab.forms.own_files import downloads
from pkilab.forms.parts.upload import Upload
from pkilab.forms.subject import subject_card
from pkilab.forms.submit import ELSEWHERE, HERE, Submit
from pkilab.forms.view import FormView, Surroundings, act_button, bar, card, fold, shown_when, two
from pkilab.model.acts import Submitted
from pkilab.views import html as views

_CSR_OCTETS = 64 * 1024


class SubmitView(FormView):
    """The form: the key at the left, the names at the right; then what was sent, the fingerprints foremost."""

    form: Submit

    def __init__(self, form: Submit, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Submit a certificate signing request",
            steps=("Configured", "Submitted", "Verified by phone", "Fetched"),
        )
        self._again = widgets.VBox()
        form.observe(lambda _: self._offer(), names="stays")
        self._root = ""
        self.edit()

    def edit(self) -> None:
        """Show the fields."""
        form = self.form
        form.untouch()
        self._root = ""
        self.head(
            step=1 if form.client.configured else 0,
            lead="A key pair and a request are made, and the request is sent to the CA. Both lie in the manager "
            "directory, this instance's own folder; the private key is not sent.",
        )
        key = card(
            "Key and request",
            field(form, "root"),
            field(form, "made", toggle=True),
            shown_when(field(form, "key_algorithm"), form, "made", lambda how: how == HERE),
            shown_when(field(form, "password"), form, "made", lambda how: how == HERE),
            shown_when(field(form, "confirmation"), form, "made", lambda how: how == HERE),
            shown_when(self._foreign(), form, "made", lambda how: how == ELSEWHERE),
        )
        names = subject_card(form, "Whom it is for", "At least one part of the name.")
        more = fold("Alternative names", field(form, "names", rows=3), open_=True)
        names.children = (*names.children, more)
        self.fill(
            two(key, shown_when(names, form, "made", lambda how: how == HERE)),
            act_button(form, "submit", "Make the key and send the request", self.around.guard, done=self.done),
            self._to_configure(),
            self._again,
        )
        self._offer()

    def done(self) -> None:
        """Show what was sent, and the next step."""
        sent: Submitted = self.form.result
        go = self.around.go
        self._root = sent.root
        known = ",".join(map(str, self.form.known))
        self.head(step=2, lead="The request is on its way to the CA. Its operator will call you.")
        wait = (
            [
                self.button(
                    "Wait for the certificate",
                    lambda: go("get_certificates", waiting=sent.root, known=known),
                    main=True,
                )
            ]
            if go
            else []
        )
        self.fill(
            html(views.draw(sent, under=self.form.hood)),
            bar(
                *wait,
                self.button("Submit another request", self.edit),
                *explain_it(self, "file", name=f"{sent.root}.csr"),
            ),
            downloads(self.form.client, sent.root, self.around.guard, ".csr", ".key"),
        )
        self.around.keep()

    def opened(self, **words: str) -> None:
        """Show the fields; after a reload, offer to send again what was sent last, which does no harm."""
        root = words.get("root", "")
        if root and not self._root and self.form.client.own_file(root, ".csr") is not None:
            self.form.again(root)

    def kept(self) -> dict[str, str]:
        """Return the file root of the request that was sent last."""
        return {"root": self._root} if self._root else {}

    def refresh(self) -> None:
        """Look again whether the instance is configured."""
        self.form.recheck()

    def _foreign(self) -> widgets.VBox:
        def taken(_: str, data: bytes) -> None:
            self.form.upload(data)

        chosen = Upload("Choose its file", taken, accept=".csr,.pem,.der,.req,.txt", most=_CSR_OCTETS)
        box = widgets.VBox([chosen])
        box.add_class("pkilab-field")
        return widgets.VBox([box, field(self.form, "csr", rows=8, mono=True)])

    def _to_configure(self) -> widgets.Widget:
        go = self.around.go
        if go is None or self.form.client.configured:
            return html("")
        return bar(self.button("Configure this client", lambda: go("configure_client"), main=True))

    def _offer(self) -> None:
        root = self.form.stays
        if not root:
            self._again.children = ()
            return
        self._again.children = (
            card(
                f"{root} lies here",
                act_button(self.form, "resubmit", "Resubmit", self.around.guard, done=self.done, main=False),
                why="Its key and request are in the manager directory. Resubmit sends the same request again; the CA "
                "takes it once only.",
            ),
        )
