"""`CAServer`: the verbs of a CA server, for cells, forms, commands and the web service alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pkilab.authority import above, configure, issue, keeping, main, queue, queues, reinitialize, trial, verify
from pkilab.authority import look as looking
from pkilab.authority import warnings as warning
from pkilab.authority.aftercare import Aftercare
from pkilab.authority.queue import Acceptable
from pkilab.authority.site import Site, head_path, own_certificate
from pkilab.authority.wish import ConfigureSettings
from pkilab.errors import InvalidField, PkilabError, UnknownNumber, UnknownRequest
from pkilab.model.acts import Batch, Configured, Found, Imported, Issued, KeyEncrypted, Reinitialized
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Chain, IssuedCertificate, ListedCertificate, Listing
from pkilab.model.dn import DN
from pkilab.model.journal import JournalEntry, JournalVerdict
from pkilab.model.order import CertificateOrder, RequestOrder
from pkilab.model.request import Receipt, Request, RequestPage, Submission, Verification
from pkilab.model.running import Queue
from pkilab.model.settings import CASettings, MailSecurity, Serials
from pkilab.model.usage import Usage
from pkilab.store import authorities, certificates, journal, requests, waiting

MAX_PAGE = 10_000
"""Certificates on a page."""


class CAServer(Aftercare):
    """An instance as a CA server. It keeps no state of its own: all of it lies in the lab's folder."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __repr__(self) -> str:
        """Return the name, and nothing that could be a secret."""
        return f"<CA server {self.instance}>"

    @property
    def instance(self) -> str:
        """Return the instance's name."""
        return self._site.instance

    @property
    def configured(self) -> bool:
        """Tell whether it is configured."""
        with self._site.registry.reading() as tx:
            return authorities.get(tx, self.instance) is not None

    @property
    def settings(self) -> CASettings:
        """Return its settings.

        Raises:
            NotConfigured: there are none.
        """
        with self._site.registry.reading() as tx:
            return self._site.authority(tx).settings

    def queue(self) -> Queue | None:
        """Return how much waits, how much was issued, and what runs out; None while it is not configured."""
        return queues.own(self._site)

    # --- configuring ------------------------------------------------------------------------------------------

    def look(self, *, root: str, directory: str | Path) -> Found:
        """Return what is there under a directory and a file root, which decides the second step (S1).

        Raises:
            InvalidField: one of them breaks its rule.
        """
        return looking.look(self._site, root=root, directory=directory)

    def configure(
        self,
        *,
        root: str,
        directory: str | Path,
        issued_days: int,
        existing: bool | None = None,
        found: Found | None = None,
        password: str | None = None,
        confirmation: str | None = None,
        subject: DN | None = None,
        ca_days: int | None = None,
        key_algorithm: KeyAlgorithm | str | None = None,
        last_serial: int | None = None,
        chain: str | Path | None = None,
        serials: Serials | str = Serials.COUNTER,
        admin_email: str = "",
        smtp_host: str = "",
        smtp_port: int = 25,
        smtp_username: str = "",
        smtp_password: str | None = None,
        smtp_confirmation: str | None = None,
        smtp_security: MailSecurity | str = MailSecurity.NONE,
        smtp_trust: str | Path | None = None,
        public_url: str = "",
        by: str = "",
    ) -> Configured:
        """Configure a CA server, with a new key (S2) or an existing one (S3), as the files decide.

        Days are of 24 hours. `password`, `subject`, `ca_days` and `key_algorithm` are for a new key alone,
        `last_serial` and `chain` for an existing one; `existing` states the intent, `found` what step one showed.

        Raises:
            PkilabError: see `authority.configure`; nothing was written then.
        """
        given = {name: value for name, value in locals().items() if name != "self"}
        return configure.configure(self._site, ConfigureSettings(**given))

    def reinitialize(self, *, confirmed: bool = False, by: str = "") -> Reinitialized:
        """Drop configuration and records, after writing a copy (S8).

        Raises:
            ConfirmationNeeded: `confirmed` is not true; the sentence states the effects.
        """
        return reinitialize.reinitialize(self._site, confirmed=confirmed, by=by)

    def make_main(self, *, by: str = "") -> None:
        """Make it the lab's main CA, which clients reach at the default path."""
        main.make_main(self._site, by=by)

    def encrypt_key(
        self, *, password: str | None = None, confirmation: str | None = None, by: str = ""
    ) -> KeyEncrypted:
        """Encrypt a private key that lies open, in place (S3); that a password lacks is told last."""
        return keeping.encrypt_key(self._site, password=password, confirmation=confirmation, by=by)

    def import_container(
        self,
        path: str | Path,
        *,
        directory: str | Path,
        password: str | None = None,
        root: str | None = None,
        data: bytes | None = None,
    ) -> Imported:
        """Lay a PKCS#12 file out as the files that `configure` takes over (S3); `data` is one that was uploaded."""
        return keeping.import_container(
            self._site, Path(path), password=password, root=root, directory=directory, data=data
        )

    # --- requests ---------------------------------------------------------------------------------------------

    def submit(self, submission: Submission) -> Receipt:
        """Take a request into the queue, as the web service does for a client (C2, C3)."""
        return queue.submit(self._site, submission)

    def submit_many(self, submissions: Sequence[Submission]) -> list[Receipt | PkilabError]:
        """Take several requests in one durable transaction; each gets the receipt or the refusal of `submit`.

        Raises:
            NotConfigured: it is no CA server.
            RegistryError, CannotWrite: nothing was taken.
        """
        return queue.submit_many(self._site, submissions)

    def take(self, checked: Sequence[Acceptable | PkilabError]) -> list[Receipt | PkilabError]:
        """Do what `submit_many` does for submissions that went through `queue.check` before, in any thread."""
        return queue.take(self._site, checked)

    def pending(self) -> tuple[Request, ...]:
        """Return the requests neither issued nor deleted, the oldest first (S9)."""
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            return requests.pending(tx, self.instance)

    def pending_page(
        self,
        *,
        search: str = "",
        order: RequestOrder | str = RequestOrder.RECEIVED,
        down: bool = False,
        after: int = 0,
        limit: int = 50,
    ) -> RequestPage:
        """Return a page of the requests that wait, searched and sorted; `after` is the last page's `after` (S9).

        Raises:
            InvalidField: there is no such order, or `limit` is less than 1, or more than `MAX_PAGE`.
        """
        by = RequestOrder.parse(order)
        _check_limit(limit)
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            return waiting.page(tx, self.instance, search=search, order=by, down=down, after=after, limit=limit)

    def request(self, request_id: int) -> Request:
        """Return a request in whatever state.

        Raises:
            UnknownRequest: there is none of this id.
        """
        return queue.find(self._site, request_id)

    def request_by_ticket(self, ticket: str) -> Request:
        """Return the request that its sender knows by a ticket, in whatever state.

        Raises:
            UnknownRequest: there is none.
        """
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            found = requests.by_ticket(tx, self.instance, ticket)
        if found is None:
            raise UnknownRequest(ticket)
        return found

    def warnings(self, request: Request) -> tuple[str, ...]:
        """Return what an operator should look at twice (S13)."""
        with self._site.registry.reading() as tx:
            authority = self._site.authority(tx)
            key = request.content.key.sha256
            others = requests.same_key(tx, self.instance, key, but=request.id)
            now = self._site.clock()
            certified = certificates.same_key(tx, self.instance, key, now=now)
            number = request.renews
            earlier = None if number is None else certificates.get(tx, self.instance, number, now)
        return warning.warnings(request, authority.certificate, others, certified, earlier, above=authority.chain)

    def verify(
        self, request_id: int, *, usage: Usage | str, verified: Verification, path_length: int | None = None
    ) -> Request:
        """Record a verification, so that issuing can follow (S10).

        Raises:
            NotVerified, FingerprintMismatch, NotPending, UsageNotOffered: see `authority.verify`.
        """
        chosen = Usage.parse(usage)
        return verify.verify(self._site, request_id, usage=chosen, path_length=path_length, verified=verified)

    def issue(
        self,
        request_id: int,
        *,
        usage: Usage | str | None = None,
        password: str | None = None,
        verified: Verification | None = None,
        path_length: int | None = None,
        by: str = "",
    ) -> Issued:
        """Issue a certificate (S11). Without `verified`, the verification recorded earlier counts.

        Raises:
            PkilabError: see `authority.verify` and `authority.issue`; the request stays pending then.
        """
        chosen = Usage.parse(usage) if usage is not None else None
        if verified is not None:
            if chosen is None:
                raise InvalidField("Usage", "say what the certificate may be used for.")
            self.verify(request_id, usage=chosen, verified=verified, path_length=path_length)
        by = by or (verified.by if verified else "")
        return issue.issue_one(self._site, request_id, usage=chosen, path_length=path_length, password=password, by=by)

    def issue_many(
        self,
        request_ids: Sequence[int],
        *,
        password: str | None = None,
        by: str = "",
        told: Callable[[int, int], None] | None = None,
    ) -> Batch:
        """Issue requests that were each verified by themselves, with one entry of the password.

        `told` is called now and then with how many of how many are done.
        """
        return issue.issue_many(self._site, list(request_ids), password=password, by=by, told=told)

    def sign_for_a_lesson(
        self, changed: bytes, *, password: str | None = None, keep_algorithm: bool = False, by: str = ""
    ) -> bytes:
        """Return a changed certificate with this CA's signature (X4); it is not issued; see `authority.trial`."""
        return trial.sign(self._site, changed, password=password, keep_algorithm=keep_algorithm, by=by)

    def delete(self, request_id: int, *, confirmed: bool = False, reason: str = "", by: str = "") -> Request:
        """Delete a pending request (S14).

        Raises:
            ConfirmationNeeded: `confirmed` is not true.
        """
        return queue.delete(self._site, request_id, confirmed=confirmed, reason=reason, by=by)

    # --- certificates -----------------------------------------------------------------------------------------

    def ca_certificate(self) -> IssuedCertificate:
        """Return the CA's own certificate, number 0."""
        with self._site.registry.reading() as tx:
            return own_certificate(self._site.authority(tx), self._site.clock())

    def chain(self, number: int = 0) -> Chain:
        """Return the certificate of a number, 0 the CA's own, and those above it, with what each is worth now.

        Raises:
            UnknownNumber: none was issued.
        """
        with self._site.registry.reading() as tx:
            return above.chain(tx, self._site.authority(tx), number, self._site.clock())

    def certificate(self, number: int) -> IssuedCertificate:
        """Return the certificate of a number; 0 is the CA's own.

        Raises:
            UnknownNumber: none was issued.
        """
        if number == 0:
            return self.ca_certificate()
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            found = certificates.get(tx, self.instance, number, self._site.clock())
        if found is None:
            raise UnknownNumber(str(number))
        return found

    def certificates(
        self,
        *,
        search: str = "",
        host: str = "",
        instance: str = "",
        order: CertificateOrder | str = CertificateOrder.ISSUED,
        down: bool = False,
        after: int = 0,
        limit: int = 50,
    ) -> Listing:
        """Return a page of issued certificates, in the order of issue or another; `after` is the last page's `after`.

        Raises:
            InvalidField: there is no such order, or `limit` is less than 1, or more than `MAX_PAGE`.
        """
        by = CertificateOrder.parse(order)
        _check_limit(limit)
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            return certificates.listing(
                tx,
                self.instance,
                self._site.clock(),
                search=search,
                host=host,
                instance=instance,
                order=by,
                down=down,
                after=after,
                limit=limit,
            )

    def listed(self, *, host: str = "", instance: str = "") -> list[ListedCertificate]:
        """Return what the SOAP service lists: numbers and names, in the order of issue, letter case ignored."""
        with self._site.registry.reading() as tx:
            self._site.authority(tx)
            return certificates.listed(tx, self.instance, host=host, instance=instance)

    def journal(self) -> tuple[JournalEntry, ...]:
        """Return the journal of administrative acts, the oldest first (X6)."""
        with self._site.registry.reading() as tx:
            return journal.entries(tx, self.instance)

    def journal_page(self, *, before: int | None = None, limit: int = 50) -> tuple[JournalEntry, ...]:
        """Return a page of the journal, the newest entry first; `before` is the last page's last sequence number."""
        with self._site.registry.reading() as tx:
            return journal.newest(tx, self.instance, before=before, limit=limit)

    def verify_journal(self) -> JournalVerdict:
        """Check the journal's hashes, and its end against the head that is kept beside the CA's key (X6).

        Raises:
            CannotRead: the head's file is there and holds something else.
        """
        with self._site.registry.reading() as tx:
            found = journal.entries(tx, self.instance)
            authority = authorities.get(tx, self.instance)
        head = journal.read_head(head_path(authority)) if authority else None
        return JournalVerdict(
            ca=self.instance,
            entries=len(found),
            problems=journal.verify(found, head),
            unproven=journal.unproven(found, head),
        )


def _check_limit(limit: int) -> None:
    if type(limit) is not int or not 1 <= limit <= MAX_PAGE:
        raise InvalidField("Limit", f"a whole number from 1 to {MAX_PAGE} is needed.")
