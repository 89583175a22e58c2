"""Configure this instance as a CA server (S1-S8): the form's view."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
from traitlets import dlink

from pkilab.forms.configure_server import ConfigureServer
from pkilab.forms.configured_server_view import ConfiguredServer, encrypt_card
from pkilab.forms.fields import Words, field, html
from pkilab.forms.parts.upload import Upload
from pkilab.forms.subject import subject_card
from pkilab.forms.view import FormView, Surroundings, act_button, bar, card, fold, shown_when, two
from pkilab.model.acts import Configured, Found, Reinitialized
from pkilab.model.settings import MailSecurity
from pkilab.views import html as views
from pkilab.views.escape import escape

_FIRST, _LAST = "Where the files lie", "Configured"
_CONTAINER_OCTETS = 1024 * 1024
_ADVICE = (
    '<div class="pkilab-advice"><p><strong>For training and tests, never for production.</strong></p>'
    "<p><strong>This directory will hold the CA's private key.</strong> Keep it on encrypted removable media, which is "
    "mounted only while the CA is at work; never on a local disk or a network share of a machine that others use.</p>"
    "<p>Whoever gets hold of the key can issue certificates in this CA's name, and all who trust the CA would believe "
    "them: servers and people could be impersonated, connections read, programs signed; and everything that the CA "
    "ever issued would have to be replaced.</p></div>"
)
_MANAGER = (
    '<p class="pkilab-hint">The manager directory is this instance\'s own folder in the lab, with what it needs to run '
    "every day. The CA's key is needed at an issue only: in a directory of its own it can be taken out and locked away."
    "</p>"
)
_NUMBERS = (
    "<p>Counted numbers are short and easy to talk about, and <code>openssl</code> can take turns on the serial file."
    "</p>"
    "<p>Random numbers do not tell how many certificates there are, or which number comes next. And they are right for "
    "a CA that may be made again under the same name: with a counter that begins at 1 again, clients meet two "
    "certificates of one issuer with one number, and reject the second as a duplicate.</p>"
)


class ConfigureServerView(FormView):
    """Step one, step two as the files decide, what was made; and, once it is configured, how, and *Start over*."""

    form: ConfigureServer

    def __init__(self, form: ConfigureServer, around: Surroundings) -> None:
        super().__init__(form, around, title="Configure this instance as a CA server")
        self._configured: ConfiguredServer | None = None
        self._turning = True
        form.observe(lambda _: self._turn(), names="found")
        form.observe(self._done, names="result")
        form.start_over.observe(self._dropped, names="result")
        self.show_standing()

    @property
    def finished(self) -> bool:
        """Tell whether the outcome of an act is on show."""
        return self.form.result is not None or self.form.start_over.result is not None

    def show_standing(self) -> None:
        """Show the fields of step one while the server is not configured, else how it is; passwords are forgotten."""
        form = self.form
        self._turning = False
        form.result = form.start_over.result = form.encrypt_key.result = None
        form.back()
        self._turning = True
        if form.server.configured:
            self._settled()
        else:
            self._turn()

    def refresh(self) -> None:
        """Follow what others do: a server may be configured, or started over, elsewhere."""
        form = self.form
        if self.finished or form.working or form.start_over.working or form.encrypt_key.working:
            return
        if form.server.configured != (self._configured is not None):
            self.show_standing()
        elif self._configured is not None:
            self._configured.refresh()

    def opened(self, **words: str) -> None:
        """Open where one was; after a reload the second step is looked for anew."""
        form = self.form
        if self.finished:
            self.show_standing()
        elif self._configured is None and form.found is None and not form.working and words.get("root"):
            form.root, form.directory = words["root"], words.get("directory", "")
            if words.get("step") == "2":
                self.around.guard.start(form, form.next)

    def kept(self) -> dict[str, str]:
        """Return where the files lie, and the step."""
        if self._configured is not None or self.finished:
            return {}
        step = "1" if self.form.found is None else "2"
        return {"root": self.form.root[:64], "directory": self.form.directory[:1000], "step": step}

    # --- the steps --------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        if not self._turning:
            return
        self._configured = None
        found: Found | None = self.form.found
        if found is None:
            self._step_one()
        elif found.existing:
            self._existing(found)
        else:
            self._new(found)
        self.around.keep()

    def _step_one(self) -> None:
        form = self.form
        self.head(
            lead="Say where the CA's files lie or shall lie. What is found there decides the next step.",
            step=0,
            steps=(_FIRST, "Key and certificate", _LAST),
        )
        where = card(
            "Where the files lie", field(form, "root", mono=True), field(form, "directory", mono=True), html(_MANAGER)
        )
        self.fill(
            two(where, card("Before you choose", html(_ADVICE, "pkilab-words"))),
            act_button(form, "next", "Next", self.around.guard),
            fold("Or take over a PKCS#12 file", self._container(), open_=bool(form.container)),
        )

    def _container(self) -> widgets.VBox:
        form = self.form

        def taken(name: str, data: bytes) -> None:
            form.upload(name, data)

        chosen = Upload("Choose the file", taken, accept=".p12,.pfx", most=_CONTAINER_OCTETS)
        upload = widgets.VBox([chosen])
        upload.add_class("pkilab-field")
        return card(
            "",
            html(
                '<p class="pkilab-soft">A PKCS#12 file (.p12, .pfx) holds a key and its certificate. They are laid out '
                "as files in the directory above, and taken over in the next step.</p>"
            ),
            upload,
            field(form, "container", mono=True),
            field(form, "container_password"),
            act_button(form, "lay_out", "Lay it out, and go on", self.around.guard, main=False),
        )

    def _new(self, found: Found) -> None:
        form = self.form
        title = "New key and certificate"
        self.head(lead=found.reason, step=1, steps=(_FIRST, title, _LAST))
        key = card(
            "Private key",
            field(form, "password"),
            field(form, "confirmation"),
            field(form, "key_algorithm"),
            _heading("How long"),
            self._days("ca_days"),
            self._days("issued_days"),
        )
        who = subject_card(form, "Who the CA is", "At least one. A CA by custom leaves state and locality empty.")
        who.children = (*who.children, self._mail(), self._more(found))
        self._fill(key, who, "Make the key and the certificate")

    def _existing(self, found: Found) -> None:
        form = self.form
        self.head(lead=found.reason, step=1, steps=(_FIRST, "Existing key and certificate", _LAST))
        key = "is encrypted. Its password is asked for at the first issue, which also shows whether it fits."
        if not found.key_encrypted:
            key = "is <strong>not encrypted</strong>. You can encrypt it in place once the server is configured."
        name = escape(found.key.name if found.key else "")
        there = card(
            "What is taken over",
            html(f"<p>The private key <code>{name}</code> {key}</p>", "pkilab-words"),
            field(form, "chain", mono=True),
            _heading("How long"),
            self._days("issued_days"),
        )
        self._fill(there, card("How it goes on", *self._numbers(found), self._mail(), self._address()), "Use them")

    def _fill(self, left: widgets.Widget, right: widgets.Widget, label: str) -> None:
        go_on = act_button(self.form, "configure", label, self.around.guard)
        back = self.button("Back", self.form.back)
        dlink((self.form, "working"), (back, "disabled"), bool)
        go_on.children = (go_on.children[0], back, *go_on.children[1:])
        self.fill(two(left, right), go_on)

    def _days(self, name: str) -> widgets.VBox:
        box = field(self.form, name)
        until = Words("p", "pkilab-hint")
        dlink((self.form, "until"), (until, "words"), lambda told: told.get(name, ""))
        box.children = (box.children[0], until, *box.children[1:])
        return box

    def _mail(self) -> widgets.VBox:
        form = self.form
        to = html(
            f'<p class="pkilab-soft">Left empty, mail goes to <code>{escape(form.administrator)}</code> in '
            "the lab's own inbox.</p>",
            "pkilab-words",
        )
        return fold(
            "Mail: to the lab's own inbox",
            to,
            field(form, "admin_email"),
            field(form, "smtp_host"),
            field(form, "smtp_port"),
            field(form, "smtp_security"),
            shown_when(
                field(form, "smtp_trust", mono=True), form, "smtp_security", lambda how: how != MailSecurity.NONE
            ),
            field(form, "smtp_username"),
            field(form, "smtp_password"),
            field(form, "smtp_confirmation"),
            open_=bool(form.smtp_host or form.admin_email),
        )

    def _numbers(self, found: Found) -> tuple[widgets.Widget, ...]:
        form = self.form
        goes_on = html("")
        if found.serial is not None:
            name = escape(found.serial.name)
            goes_on = html(
                f'<p class="pkilab-hint"><code>{name}</code> is there: counting goes on after its number.</p>'
            )
        last = field(form, "last_serial", mono=True)

        def needed(_: object = None) -> None:
            last.layout.display = None if form.needs_last_serial else "none"

        last.children[0].observe(needed, names="value")
        dlink((form, "serials"), (last.layout, "display"), lambda _: None if form.needs_last_serial else "none")
        return field(form, "serials"), goes_on, last, fold("Which of the two?", html(_NUMBERS, "pkilab-words"))

    def _address(self) -> widgets.VBox:
        return fold("Public address", field(self.form, "public_url", mono=True), open_=bool(self.form.public_url))

    def _more(self, found: Found) -> widgets.VBox:
        return fold(
            "Serial numbers, public address",
            *self._numbers(found),
            field(self.form, "public_url", mono=True),
            open_=bool(self.form.public_url),
        )

    # --- what comes after -------------------------------------------------------------------------------------

    def _done(self, change: Any) -> None:
        """Show what was made or taken over, and the next step (S6)."""
        done: Configured | None = change["new"]
        if done is None:
            return
        form, go = self.form, self.around.go
        self._configured = None
        kind = "Existing key and certificate" if done.existing else "New key and certificate"
        self.head(lead="The CA can issue certificates now.", step=2, steps=(_FIRST, kind, _LAST))
        next_step = [self.button("See the pending requests", lambda: go("pending"), main=True)] if go else []
        lies_open = done.existing and not form.found.key_encrypted
        self.fill(
            html(views.draw(done, under=form.hood)),
            *([encrypt_card(form.encrypt_key, self.around.guard)] if lies_open else []),
            bar(*next_step, self.button("See its settings", self.show_standing)),
        )
        self.around.keep()

    def _settled(self) -> None:
        self._configured = ConfiguredServer(self.form, self.around)
        self.head(lead="This is how the CA server is configured.", steps=())
        self.fill(self._configured)
        self.around.keep()

    def _dropped(self, change: Any) -> None:
        """Show what was dropped, and where its copy lies (S8)."""
        done: Reinitialized | None = change["new"]
        if done is None:
            return
        self._configured = None
        self.head(lead="The CA server was started over: nothing of it is on record any more.", steps=())
        self.fill(html(views.draw(done)), bar(self.button("Configure it again", self.show_standing, main=True)))
        self.around.keep()


def _heading(title: str) -> widgets.HTML:
    return html(f"<h3>{escape(title)}</h3>", "pkilab-words", "pkilab-within")
