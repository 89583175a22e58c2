"""What a CA server is handed: its place on disk, the registry, the clock, chance, and who is acting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.errors import CannotRead, CannotWrite, NotConfigured
from pkilab.model.certificate import IssuedCertificate, state_at
from pkilab.model.journal import JournalEntry
from pkilab.model.names import RequestName
from pkilab.model.text import check_line
from pkilab.store import authorities, journal
from pkilab.store.authorities import Authority
from pkilab.store.registry import Registry, Transaction

_log = logging.getLogger(__name__)


def _anywhere(place: Path) -> None:
    """Accept every directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The instance that a CA server is, with its surroundings."""

    instance: str
    node: str
    manager: Path
    """The manager directory, absolute. Relative directories are relative to it."""
    registry: Registry
    clock: Callable[[], datetime]
    """Gives the time, in UTC with its zone."""
    entropy: Callable[[int], bytes]
    """Gives so many unpredictable octets."""
    actor: Callable[[], str]
    """Names who is acting, where nobody else is named."""
    establish: Callable[[], AbstractContextManager[None]]
    """Makes the instance's place on disk for a `with` block that writes there; gone again if that is new and fails."""
    check_place: Callable[[Path], None] = _anywhere
    """Raises where a directory may not be used now, as it lies on a medium that is not mounted."""

    def authority(self, tx: Transaction) -> Authority:
        """Return the configured CA.

        Raises:
            NotConfigured: there is none.
        """
        found = authorities.get(tx, self.instance)
        if found is None:
            raise NotConfigured(self.instance, "server")
        return found

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction that writes for the configured CA; where its lab is not there, nothing is made.

        Raises:
            NotConfigured: there is no such CA.
            PkilabError: as `Registry.writing`.
        """
        if self.registry.missing:  # a lab's folder is mistyped easily, and an empty registry in it misleads
            with self.registry.reading() as tx:
                self.authority(tx)
        with self.registry.writing() as tx:
            yield tx

    def note_head(self, authority: Authority, entry: JournalEntry) -> None:
        """Write the journal's head beside the CA's key, if its medium is mounted and can be written.

        That is a witness against cutting the journal, and no part of the act: a medium that is not there leaves the
        witness behind, and `journal verify` says so.
        """
        path = head_path(authority)
        if not path.parent.is_dir():
            return
        try:
            journal.write_head(path, entry)
        except (CannotRead, CannotWrite) as error:
            _log.warning("the journal's head could not be noted beside the key: %s", error)

    def acting(self, by: str) -> str:
        """Return who is acting: the name given, else the one that the lab knows.

        Raises:
            InvalidField: the name breaks the rule for one line of text.
        """
        return check_line("By", by, upper_bound=200) or self.actor()

    def token(self) -> str:
        """Return 128 unpredictable bits in hex."""
        return self.entropy(16).hex()


def key_path(authority: Authority) -> Path:
    """Return where the CA's private key lies while its medium is mounted."""
    return Path(authority.settings.directory) / f"{authority.settings.root}.key"


def serial_path(authority: Authority) -> Path:
    """Return where the CA's serial file lies, beside the key."""
    return key_path(authority).with_suffix(".srl")


def certificate_path(authority: Authority) -> Path:
    """Return where the CA's certificate lies, beside the key."""
    return key_path(authority).with_suffix(".cer")


def head_path(authority: Authority) -> Path:
    """Return where the head of the journal is kept, beside the key."""
    return key_path(authority).with_suffix(".journal")


def crl_number_path(authority: Authority) -> Path:
    """Return where the next number for a revocation list is kept, beside the key."""
    return key_path(authority).with_suffix(".crlnumber")


def own_certificate(authority: Authority, now: datetime) -> IssuedCertificate:
    """Return the CA's own certificate as number 0."""
    settings = authority.settings
    return IssuedCertificate(
        number=0,
        ca=settings.instance,
        name=RequestName(settings.node, settings.instance, settings.root),
        certificate=authority.certificate,
        usage=None,
        issued_at=settings.configured_at,
        issued_by=settings.configured_by,
        state=state_at(now, authority.certificate, None),
    )
