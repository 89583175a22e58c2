"""Configure this instance as a CA client (C1): the form's model and its view."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField, NotConfigured
from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel, act
from pkilab.forms.ports import Client
from pkilab.forms.traits import choice, line
from pkilab.forms.view import FormView, Surroundings, act_button, bar, card, fold, shown_when, two
from pkilab.model.acts import ClientConfigured, Reached, ServerCertificate
from pkilab.model.contact import MAX_CONTACT, Contact, check_address
from pkilab.model.names import check_host, check_port
from pkilab.model.settings import DEFAULT_PATH, DEFAULT_PORT, check_path
from pkilab.model.text import check_line
from pkilab.views import html as views

PLAIN, BY_FILE, BY_FINGERPRINT = "http", "https-file", "https-fingerprint"
_WAY_THERE = ("host", "port", "path", "security", "trust")
"""The fields that say where the server is, and how it is trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Where a CA server is that answers now: what the fields hold before anything was saved."""

    host: str
    port: int
    path: str = DEFAULT_PATH


def parse_port(text: str) -> int:
    """Return the port that a person typed.

    Raises:
        InvalidField: it is none.
    """
    try:
        return check_port(int(text.strip()))
    except ValueError:
        raise InvalidField("Port", f"a whole number from 1 to 65535 is needed, such as {DEFAULT_PORT}.") from None


def check_name(text: str) -> str:
    """Return a contact's name, checked as it stands there so far."""
    return check_line("Contact name", text, upper_bound=MAX_CONTACT)


def check_phone(text: str) -> str:
    """Return a contact's phone, checked as it stands there so far."""
    return check_line("Contact phone", text, upper_bound=MAX_CONTACT)


class ConfigureClient(FormModel):
    """Where the CA server is, how its connection is trusted, and who answers for this client."""

    host = line("Server", hint="The host name of the CA server, such as ca.lab.test.", required=True, check=check_host)
    port = line("Port", default=str(DEFAULT_PORT), required=True, check=parse_port)
    path = line("Path", default=DEFAULT_PATH, required=True, check=check_path)
    security = choice(
        "Connection",
        (
            ("HTTP: readable on the way", PLAIN),
            ("HTTPS, trusting a file", BY_FILE),
            ("HTTPS, fingerprint compared", BY_FINGERPRINT),
        ),
        default=PLAIN,
    )
    trust = line("Trusted certificates", hint="A PEM file on this machine. Empty: what the system trusts.")
    trust_fingerprint = line(
        "Fingerprint of the server's certificate",
        hint="As its operator reads it out, SHA-256 or SHA-1. Ask over another way than this connection.",
        required=True,
    )
    contact_name = line("Contact name", required=True, check=check_name)
    contact_phone = line(
        "Contact phone", hint="Where the CA's operator reaches you to verify a request.", check=check_phone
    )
    contact_email = line(
        "Contact e-mail", hint="Where the CA writes that a certificate was issued.", check=check_address
    )

    reached = AnyTrait(None, allow_none=True)
    """What *Test connection* met."""
    server_certificate = AnyTrait(None, allow_none=True)
    """What the server shows over HTTPS, unchecked."""

    def __init__(self, client: Client, suggested: Suggested | None = None) -> None:
        self.client = client
        super().__init__()
        if suggested is not None:
            self._take(suggested)
        self.load()
        self.observe(lambda _: self._moved(), names=list(_WAY_THERE))

    @property
    def open_to_suggestions(self) -> bool:
        """Tell whether nothing was saved, and nobody has typed where the server is."""
        pristine = self.host == "" and self.port == str(DEFAULT_PORT) and self.path == DEFAULT_PATH
        return pristine and not self.client.configured

    def suggest(self, suggested: Suggested) -> None:
        """Fill in where a CA server answers now, if nobody has typed there yet."""
        if self.open_to_suggestions:
            self._take(suggested)

    def _moved(self) -> None:
        """Put away what was met at another address, or over another connection."""
        self.reached = self.server_certificate = None

    def _take(self, suggested: Suggested) -> None:
        self.host, self.port, self.path = suggested.host, str(suggested.port), suggested.path

    def load(self) -> None:
        """Take over what is saved."""
        with suppress(NotConfigured):
            saved = self.client.settings
            self.host, self.port, self.path = saved.host, str(saved.port), saved.path
            self.contact_name, self.contact_phone = saved.contact.name, saved.contact.phone
            self.contact_email = saved.contact.email
            if saved.https:
                self.security = BY_FINGERPRINT if saved.trust_fingerprint else BY_FILE
                self.trust = "" if saved.trust_fingerprint else saved.trust
                self.trust_fingerprint = saved.trust_fingerprint
        self.untouch()

    def absent(self, name: str) -> bool:
        """Trust is for HTTPS alone, in one of its two ways."""
        return (name == "trust" and self.security != BY_FILE) or (
            name == "trust_fingerprint" and self.security != BY_FINGERPRINT
        )

    @act("Asking the server …", needs=("host", "port", "path", "security", "trust"))
    def test(self) -> Reached:
        """Say what is reached with what is filled in; nothing is saved.

        Raises:
            PkilabError: as `client.test_connection`.
        """
        self.reached = None
        https = self.security != PLAIN
        self.reached = self.client.test_connection(
            host=self.host,
            port=parse_port(self.port),
            path=self.path,
            https=https,
            trust=(self.trust or None) if self.security == BY_FILE else None,
        )
        return self.reached

    @act("Asking the server …", needs=("host", "port"))
    def look(self) -> ServerCertificate:
        """Show the certificate that the server shows over HTTPS, for its fingerprint to be compared."""
        self.server_certificate = None
        self.server_certificate = self.client.look_at_certificate(self.host, parse_port(self.port))
        return self.server_certificate

    @act("Saving …")
    def save(self) -> ClientConfigured:
        """Configure the client.

        Raises:
            PkilabError: as `client.configure`; nothing was saved then.
        """
        self.result = self.client.configure(
            host=self.host,
            port=parse_port(self.port),
            path=self.path,
            contact=Contact(self.contact_name, phone=self.contact_phone, email=self.contact_email),
            https=self.security != PLAIN,
            trust=(self.trust or None) if self.security == BY_FILE else None,
            trust_fingerprint=self.trust_fingerprint if self.security == BY_FINGERPRINT else "",
        )
        done: ClientConfigured = self.result
        return done


class ConfigureClientView(FormView):
    """The form: the server at the left, the contact at the right."""

    form: ConfigureClient

    def __init__(
        self,
        form: ConfigureClient,
        around: Surroundings,
        *,
        suggestion: Callable[[], Suggested | None] = lambda: None,
    ) -> None:
        self._suggestion = suggestion
        super().__init__(
            form,
            around,
            title="Configure this instance as a CA client",
            lead="Say where the CA server is, and who answers for the requests that this instance sends.",
        )
        self._reached = html("")
        self._shown = html("")
        form.observe(lambda change: self._draw(self._reached, change["new"]), names="reached")
        form.observe(lambda change: self._draw(self._shown, change["new"]), names="server_certificate")
        self.edit()

    def refresh(self) -> None:
        """Fill in where the lab's own CA is, once there is one: it may be configured while this form is open."""
        if self.form.open_to_suggestions and (found := self._suggestion()) is not None:
            self.form.suggest(found)

    def edit(self) -> None:
        """Show the fields."""
        form = self.form
        by_fingerprint = [
            act_button(form, "look", "Show what the server shows", self.around.guard, main=False, says=False),
            self.near("look"),
            self._shown,
            field(form, "trust_fingerprint", mono=True),
        ]
        server = card(
            "CA server",
            field(form, "host"),
            field(form, "port"),
            fold(
                "Path and connection",
                field(form, "path", mono=True),
                field(form, "security"),
                shown_when(field(form, "trust", mono=True), form, "security", lambda how: how == BY_FILE),
                *(shown_when(part, form, "security", lambda how: how == BY_FINGERPRINT) for part in by_fingerprint),
                open_=form.security != PLAIN or form.path != DEFAULT_PATH,
            ),
            act_button(form, "test", "Test connection", self.around.guard, main=False),
            self.near("test"),
            self._reached,
            why="Its operator tells you these.",
        )
        contact = card(
            "Technical contact",
            field(form, "contact_name"),
            field(form, "contact_phone"),
            field(form, "contact_email"),
            why="The person whom the CA's operator calls, and who gets its mail.",
        )
        self.fill(two(server, contact), act_button(form, "save", "Save", self.around.guard, done=self.done))

    def done(self) -> None:
        """Show what was saved, and the next step."""
        go = self.around.go
        parts = (
            [self.button("Get the CA certificate", lambda: go("get_certificates", fetch="ca"), main=True)] if go else []
        )
        self.fill(html(views.draw(self.form.result)), bar(*parts, self.button("Change it again", self.edit)))

    def _draw(self, place: object, value: object) -> None:
        place.value = views.draw(value) if value is not None else ""  # type: ignore[attr-defined]  # an HTML widget
