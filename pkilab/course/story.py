"""The story of the walkthrough, told up to where a lesson begins: one CA, one client, one request."""

from __future__ import annotations

import warnings
from enum import IntEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pkilab.course import lesson_key
from pkilab.course.password import lesson_password
from pkilab.errors import NotConfigured
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.request import Request, Verification
from pkilab.model.usage import Usage
from pkilab.web.addresses import soap_path

if TYPE_CHECKING:
    from pkilab.lab import Lab
    from pkilab.model.certificate import IssuedCertificate
    from pkilab.web.service import Service

CA, CLIENT, ROOT = "MyCA", "Santiago", "SantiagoDev"
ANA = Contact("Ana Rojas", phone="+56 2 5550 0142", email="ana@lab.test")
NAME = "santiago.lab.test"


class Chapter(IntEnum):
    """How far the story is told."""

    NOTHING = 0
    CONFIGURED = 1
    """Olga's CA is configured."""
    CLIENT = 2
    """Ana's instance is a client of it."""
    SUBMITTED = 3
    """Ana's request waits."""
    ISSUED = 4
    """Olga has issued the certificate."""
    FETCHED = 5
    """Ana has fetched it, and the CA's."""


class Story:
    """Olga's CA server `MyCA` and Ana's client `Santiago` in a lab. What a lesson needs and is not there, is made.

    Nothing that is there is changed: who did the earlier lessons finds what they did.

    Args:
        lab: the lab.
        until: how far the story is told before the lesson begins: `nothing`, `configured`, `client`, `submitted`,
            `issued` or `fetched`.

    Raises:
        WrongPassword: the CA was made with a password of one's own, and something has to be issued; a warning has
            said what to do.
        PkilabError: whatever configuring, submitting and issuing may raise.
    """

    def __init__(self, lab: Lab, until: str = "nothing") -> None:
        self.lab = lab
        self.ca = lab.instance(CA, node="ca.lab.test")
        self.client = lab.instance(CLIENT, node=NAME)
        self._service: Service | None = None
        lesson_password(lab)  # its file is there for whoever fills in the forms by hand
        chapter = Chapter[until.upper()]
        if chapter >= Chapter.CONFIGURED and not self.ca.server.configured:
            self._configure()
        if chapter >= Chapter.CLIENT:
            self._connect()
        if chapter >= Chapter.SUBMITTED and (chapter == Chapter.SUBMITTED or not self.certificates()):
            self._submit()
        if chapter >= Chapter.SUBMITTED and not lesson_key.opens(self.ca.server, self.password):
            warnings.warn(f"{CA} was made by hand. {lesson_key.MEND}", stacklevel=2)
        if chapter >= Chapter.ISSUED and not self.certificates():
            self._issue()
        if chapter >= Chapter.FETCHED:
            self.client.client.get_ca_certificate()
            self.client.client.get(self.certificates()[-1].number)

    def __repr__(self) -> str:
        """Return in sentences what is there."""
        return "\n".join(self._sentences())

    @property
    def password(self) -> str:
        """Return the password of the private keys that the lessons make."""
        return lesson_password(self.lab)

    @property
    def port(self) -> int:
        """Return the port of the lab's web service; where none runs, one is started in the background."""
        status = self.lab.status()
        parts = [part for running in (status.running, status.dashboards) if running for part in running.parts]
        url = next((part.url for part in parts if part.name == "web" and part.url), "")
        if url:
            return urlsplit(url).port or 80
        if self._service is None:
            self._service = self.lab.serve().start()
        return self._service.port

    @property
    def path(self) -> str:
        """Return the path of Olga's CA at the web service."""
        return soap_path(CA)

    @property
    def request(self) -> Request:
        """Return Ana's request, the newest that waits.

        Raises:
            NotConfigured: none waits.
        """
        waiting = [each for each in self.ca.server.pending() if each.name.instance == CLIENT]
        if not waiting:
            raise NotConfigured(CLIENT, "client with a request that waits")
        return waiting[-1]

    def take_over(self, password: str) -> None:
        """Give the CA's key the lessons' password, in place of the one that it was made with by hand.

        Raises:
            WrongPassword: this one does not open it; the key is as it was.
            KeyMissing, CannotWrite: the key's file cannot be used.
        """
        lesson_key.lock_anew(self.ca.server, password, self.password)

    def certificates(self) -> tuple[IssuedCertificate, ...]:
        """Return the certificates that Ana got from Olga's CA."""
        return self.ca.server.certificates(instance=CLIENT).certificates

    def _sentences(self) -> list[str]:
        server, client = self.ca.server, self.client.client
        if not server.configured:
            return [f"{CA} is not configured yet."]
        told = [f"{CA} is a CA server."]
        told.append(f"{CLIENT} is its client." if client.configured else f"{CLIENT} is not configured yet.")
        waiting = sum(each.name.instance == CLIENT for each in server.pending())
        told += [f"A request of {CLIENT} waits."] if waiting else []
        got = len(self.certificates())
        told += [f"{CLIENT} has {got} certificate{'s' * (got > 1)}."] if got else []
        return told

    def _configure(self) -> None:
        server = self.ca.server
        if server.look(root=CA, directory="ca").existing:
            server.configure(root=CA, directory="ca", issued_days=365, existing=True)
            return
        server.configure(
            root=CA,
            directory="ca",
            password=self.password,
            subject=DN(common_name="Training CA", organization="Lab Santiago", country="CL"),
            ca_days=3650,
            issued_days=365,
            key_algorithm="ec-p256",
        )

    def _connect(self) -> None:
        """Configure the client; where the web service is at another port now, again."""
        client = self.client.client
        if not client.configured or client.settings.port != self.port:
            contact = client.settings.contact if client.configured else ANA
            client.configure(host="localhost", port=self.port, path=self.path, contact=contact)

    def _submit(self) -> None:
        if any(each.name.instance == CLIENT for each in self.ca.server.pending()):
            return
        self.client.client.submit(
            root=ROOT,
            subject=DN(common_name=NAME),
            sans=[f"DNS:{NAME}"],
            password=self.password,
            key_algorithm="ec-p256",
        )

    def _issue(self) -> None:
        request = self.request
        heard = Verification(identity=True, authority=True, purpose=True, fingerprint=request.fingerprint.sha256)
        self.ca.server.issue(request.id, usage=Usage.TLS, verified=heard, password=self.password)
