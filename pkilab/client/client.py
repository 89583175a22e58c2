"""`CAClient`: the verbs of a CA client, for cells, forms and commands alike."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.client import fetch, own, pin, renew, report, submit
from pkilab.client.site import ClientSite
from pkilab.client.uses import Uses
from pkilab.errors import InvalidField, PkilabError, Untrusted
from pkilab.model.acts import ClientConfigured, Reached, Saved, ServerCertificate, Submitted
from pkilab.model.algorithm import DEFAULT_CLIENT, KeyAlgorithm
from pkilab.model.certificate import Certificate, ListedPage
from pkilab.model.contact import Contact
from pkilab.model.dn import DN, comma_form
from pkilab.model.names import check_host, check_port, check_root
from pkilab.model.own import OwnFiles
from pkilab.model.san import AlternativeName
from pkilab.model.settings import DEFAULT_PATH, DEFAULT_PORT, ClientSettings, check_path
from pkilab.model.text import check_line
from pkilab.store import files
from pkilab.store import settings as stored
from pkilab.x509 import certificate as certificates

if TYPE_CHECKING:
    from pkilab.client.service import Service

MAX_PAGE = 500
"""Certificates on a page; the API gives no more."""

OWN_ENDINGS = (".key", ".csr", ".cer", "-chain.cer")
"""What lies in a manager directory under a client's file roots."""


class CAClient(Uses):
    """An instance as a CA client. It keeps no state of its own: all of it lies in the lab's folder."""

    def __init__(self, site: ClientSite) -> None:
        self._site = site

    def __repr__(self) -> str:
        """Return the name, and nothing that could be a secret."""
        return f"<CA client {self.instance}>"

    @property
    def instance(self) -> str:
        """Return the instance's name."""
        return self._site.instance

    @property
    def directory(self) -> Path:
        """Return the manager directory, where keys, requests and certificates lie."""
        return self._site.manager

    @property
    def configured(self) -> bool:
        """Tell whether it is configured."""
        return self._site.settings_path.exists()

    @property
    def settings(self) -> ClientSettings:
        """Return its settings.

        Raises:
            NotConfigured: there are none.
        """
        return self._site.load()

    def configure(
        self,
        *,
        host: str,
        contact: Contact,
        port: int = DEFAULT_PORT,
        path: str = DEFAULT_PATH,
        https: bool = False,
        trust: str | Path | None = None,
        trust_fingerprint: str = "",
    ) -> ClientConfigured:
        """Say where the CA server is, and who answers for this client (C1); may be done again at any time.

        Over HTTPS it trusts the certificates in the file `trust`, or the one certificate that the server shows now,
        if that has the fingerprint that a person compared; else what the system trusts.

        Raises:
            InvalidField: a value breaks its rule.
            Untrusted, Unreachable: the server shows another certificate than the fingerprint's, or none.
            CannotWrite: the settings could not be saved.
        """
        settings = _checked(host=host, contact=contact, port=port, path=path, https=https, trust=trust)
        pinned = None
        if trust_fingerprint.strip():
            settings, pinned = pin.compared(settings, trust_fingerprint, self._site.manager)
        with self._site.establish():
            if pinned is not None:
                pin.keep(Path(settings.trust), pinned)
            stored.save(settings, self._site.settings_path, field="Manager directory")
        return ClientConfigured(
            settings=settings,
            message=f"{self.instance} is a client of the CA server at {settings.url}. "
            "Next, get the CA certificate, and compare its fingerprint with the CA's operator.",
        )

    def look_at_certificate(self, host: str = "", port: int = DEFAULT_PORT) -> ServerCertificate:
        """Return the certificate that a server shows over HTTPS, unchecked, for its fingerprint to be compared (C1).

        Without a host, the configured server is looked at.

        Raises:
            Unreachable: nobody answered, or not over HTTPS.
            InvalidField, NotConfigured: there is nothing to look at.
        """
        if not host:
            return pin.look(self.settings.host, self.settings.port)
        return pin.look(check_host(host), check_port(port))

    def test_connection(
        self,
        *,
        host: str = "",
        port: int = DEFAULT_PORT,
        path: str = DEFAULT_PATH,
        https: bool = False,
        trust: str | Path | None = None,
    ) -> Reached:
        """Ask the CA server for its certificate and say what was reached; nothing is saved.

        Without a host, the saved settings are tested. Where the server's certificate is not trusted, the error's note
        tells what it shows.

        Raises:
            Unreachable, NotACAServer, Refused: what was met instead.
            InvalidField, NotConfigured: there is nothing to test.
        """
        if host:
            contact = Contact("test")
            settings = _checked(host=host, contact=contact, port=port, path=path, https=https, trust=trust)
        else:
            settings = self.settings
        from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

        service = Service(settings)
        try:
            wire, certificate = service.certificate(0)
        except Untrusted as error:
            with suppress(PkilabError):
                error.add_note(str(pin.look(settings.host, settings.port)))
            raise
        shown = certificates.read(service.shown, path=Path("server.cer")) if service.shown else None
        where = f"{wire.instance or 'a CA server'} on {wire.host or settings.host}"
        return Reached(
            url=settings.url,
            certificate=certificate,
            root=wire.root,
            instance=wire.instance,
            host=wire.host,
            api=service.api,
            message=f"Reached {where}: {comma_form(certificate.subject)}, until {certificate.not_after:%Y-%m-%d}.",
            shown=shown,
        )

    def submit(
        self,
        *,
        root: str,
        subject: DN | None = None,
        sans: Iterable[AlternativeName | str] = (),
        password: str | None = None,
        confirmation: str | None = None,
        key_algorithm: KeyAlgorithm | str = DEFAULT_CLIENT,
        csr: bytes | str | None = None,
    ) -> Submitted:
        """Make a key pair and a CSR, and send it (C2); or send a `csr` (PEM or DER) that was made elsewhere.

        Without a password the private key lies open, readable by its owner alone.

        Raises:
            NotConfigured, InvalidField, PasswordsDiffer, FileInUse, CannotWrite: nothing was sent.
            Unreachable, NotACAServer, Refused: key and CSR stay; see `resubmit`.
        """
        settings = self.settings
        if csr is not None:
            if subject is not None or tuple(sans) or password:
                raise InvalidField("CSR", "one that was made elsewhere brings its own names and key; give it alone.")
            request, aside = submit.keep(self._site, root=root, foreign=csr)
        else:
            if subject is None:
                raise InvalidField("Subject", "at least one part of the name is needed; a common name is usual.")
            request, aside = submit.make(
                self._site,
                root=root,
                subject=subject,
                sans=sans,
                algorithm=KeyAlgorithm.parse(key_algorithm),
                password=password,
                confirmation=confirmation,
            )
        return submit.send(self._site, settings, root, request, aside)

    def resubmit(self, *, root: str) -> Submitted:
        """Send the CSR that lies under a file root again (C3).

        Raises:
            NothingToSend: there is none.
            Unreachable, NotACAServer, Refused: it stays; try again.
        """
        settings = self.settings
        return submit.send(self._site, settings, root, submit.stored(self._site, root), ())

    def renewable(self, root: str) -> Certificate:
        """Return the certificate under a file root, which `renew` would ask for again.

        Raises:
            NothingToRenew, RootNotRenewed, CertificateUnreadable, FileInUse: there is none that could be renewed.
        """
        return renew.certificate(self._site, root)

    def renew(
        self,
        *,
        root: str,
        rekey: bool = True,
        password: str | None = None,
        confirmation: str | None = None,
        key_algorithm: KeyAlgorithm | str | None = None,
    ) -> Submitted:
        """Ask for a new certificate of the same subject and names as the one under a file root (X3).

        With `rekey` a new key is made, under `password` if one is given; else the key in use is opened with it. The
        files in use stay so until the new certificate is fetched with `get`. The CA recognises what is renewed.

        Raises:
            NothingToRenew, RootNotRenewed, KeyMissing, WrongPassword, PasswordRequired, KeyMismatch: there is nothing
                to renew, or to renew it with.
            InvalidField, PasswordsDiffer, FileInUse, CannotWrite: nothing was sent.
            Unreachable, NotACAServer, Refused: key and CSR stay; see `resubmit`.
        """
        settings, name = self.settings, check_root(root)
        if rekey:
            algorithm = KeyAlgorithm.parse(key_algorithm) if key_algorithm else None
            request, aside = renew.rekey(
                self._site, name, algorithm=algorithm, password=password, confirmation=confirmation
            )
        elif key_algorithm:
            raise InvalidField("Key algorithm", "the key in use stays; leave this out, or make a new key.")
        else:
            request, aside = renew.same_key(self._site, name, password=password)
        return submit.send(self._site, settings, name, request, aside)

    def certificates(self, *, search: str = "", mine: bool = False, after: int = 0, limit: int = 50) -> ListedPage:
        """Return a page of the certificates that the server issued, in the order of issue (C5).

        `mine` narrows it to this instance. Against a server of the original only number, host, instance and file
        root are known, and the search looks at these.

        Raises:
            Unreachable, NotACAServer, Refused: the server did not give it.
        """
        if type(limit) is not int or not 1 <= limit <= MAX_PAGE:
            raise InvalidField("Limit", f"a whole number from 1 to {MAX_PAGE} is needed.")
        text = check_line("Search", search, upper_bound=200)
        host, instance = (self._site.node, self.instance) if mine else ("", "")
        from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

        service = Service(self.settings)
        service.certificate(0)
        if service.api:
            return service.page(search=text, host=host, instance=instance, after=after, limit=limit)
        return _page(service, text, host, instance, after=after, limit=limit)

    def get(self, number: int, *, root: str | None = None) -> Saved:
        """Fetch a certificate and save it as `<file root>.cer` in the manager directory (C5).

        Raises:
            Refused: there is none of this number.
            InvalidField: the server's file root cannot be a file name; give `root`.
            FileInUse, CannotWrite: it was not saved.
        """
        return fetch.fetch(self._site, self.settings, number, root)

    def get_ca_certificate(self, *, root: str | None = None) -> Saved:
        """Fetch the CA's certificate and its chain, and save both in the manager directory (C4); raises as `get`."""
        return fetch.fetch_ca(self._site, self.settings, root)

    def own(self, *, ask: bool = True) -> tuple[OwnFiles, ...]:
        """Return what lies in the manager directory, by file root: key, request, certificate, a renewal begun.

        The CA server is asked whether it revoked one of the certificates, for a few seconds at most; what cannot be
        known is `reported` as such. Without `ask`, only the files are looked at.
        """
        found = own.own(self._site)
        return report.of_files(self._site, found) if ask else found

    def own_file(self, root: str, ending: str) -> bytes | None:
        """Return what lies under a file root in the manager directory; None where nothing does.

        `ending` is `.key`, `.csr`, `.cer` or `-chain.cer`. A private key comes as it lies there: encrypted, if it is.

        Raises:
            InvalidField: the root breaks its rule, or the ending is another.
            CannotRead, FileInUse: it may not be read; it is a file of the instance's own CA.
        """
        if ending not in OWN_ENDINGS:
            raise InvalidField("File", f"one that ends with {', '.join(OWN_ENDINGS)} can be had.")
        return files.read_optional(self._site.file(check_root(root), ending))


def _checked(
    *, host: str, contact: Contact, port: int, path: str, https: bool, trust: str | Path | None
) -> ClientSettings:
    trusted = ""
    if trust is not None and str(trust).strip():
        if not https:
            raise InvalidField(
                "Trust", "a file of trusted certificates is for HTTPS alone; choose HTTPS, or leave it out."
            )
        found = Path(check_line("Trust", str(trust), upper_bound=1000)).absolute()
        if files.read_optional(found) is None:
            raise InvalidField("Trust", f"{found} is not there; name a PEM file with the certificate to trust.")
        trusted = str(found)
    return ClientSettings(
        host=check_host(host),
        port=check_port(port),
        path=check_path(path),
        contact=Contact.entered(contact),
        https=https,
        trust=trusted,
    )


def _page(service: Service, text: str, host: str, instance: str, *, after: int, limit: int) -> ListedPage:
    """Return a page of what SOAP lists; `after` counts certificates from the beginning."""
    wanted = text.casefold()
    rows = [
        row
        for row in service.listed(host=host, instance=instance)
        if wanted in f"{row.number}\n{row.host}\n{row.instance}\n{row.root}".casefold()
    ]
    end = after + limit
    return ListedPage(certificates=tuple(rows[after:end]), total=len(rows), after=end if end < len(rows) else None)
