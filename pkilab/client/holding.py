"""What a client holds to put to use: key pairs under file roots, and the roots that it trusts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pkilab.client.site import ClientSite
from pkilab.errors import CannotDo, InvalidField, NothingToTrust
from pkilab.model.certificate import Certificate
from pkilab.model.dn import comma_form
from pkilab.model.names import check_root
from pkilab.store import files, pairs
from pkilab.store.pairs import Pair
from pkilab.x509 import certificate as certificates


def pair(site: ClientSite, root: str, password: str | None) -> Pair:
    """Return the key pair under a file root of the manager directory; raises as `store.pairs.pair` does."""
    return pairs.pair(site.manager, root, password)


def signing_pair(site: ClientSite, root: str, password: str | None) -> Pair:
    """Return a key pair that may sign now.

    Raises:
        CannotDo: its certificate is not for signing, or its time is over or has not come. Else as `pair`.
    """
    found = pair(site, root, password)
    now = site.clock()
    if not may_sign(found.certificate):
        raise CannotDo(
            f"{found.path.name} is not for signing: its key usage has no digitalSignature.",
            "A certificate for code signing, or for TLS/SSL and XML security, would do.",
        )
    if not found.certificate.not_before <= now <= found.certificate.not_after:
        raise CannotDo(
            f"{found.path.name} is valid from {_day(found.certificate.not_before)} until "
            f"{_day(found.certificate.not_after)}, and nobody would accept its signature now.",
            "A certificate that is valid would do.",
        )
    return found


def may_sign(certificate: Certificate) -> bool:
    """Tell whether a certificate's key may sign files and documents (RFC 5280 §4.2.1.3)."""
    return not certificate.key_usage or "digitalSignature" in certificate.key_usage


def roots(site: ClientSite, trust: str | Path | None = None) -> tuple[Certificate, ...]:
    """Return whom to trust: the certificates in a file, else the root certificates of the manager directory.

    Raises:
        NothingToTrust: there is no root in the manager directory.
        CannotRead, CertificateUnreadable: the file cannot be used.
    """
    if trust is not None:
        path = Path(trust).absolute()
        return certificates.read_all(files.read(path), path=path)
    found = {each.fingerprint.sha256: each for each in pairs.beside(site.manager) if each.ca and each.self_issued}
    if not found:
        raise NothingToTrust(site.manager)
    return tuple(found.values())


def recipient(site: ClientSite, whom: str | Path) -> Certificate:
    """Return the certificate in a file, or the one of a file root of the manager directory.

    Raises:
        CannotRead, CertificateUnreadable: there is none.
    """
    path = Path(whom).absolute()
    with suppress(InvalidField):
        beside = site.manager / f"{check_root(str(whom))}.cer"
        path = beside if beside.exists() else path
    return certificates.read(files.read(path), path=path)


def named(certificate: Certificate) -> str:
    """Return whom a certificate is about, for sentences."""
    return comma_form(certificate.subject) or ", ".join(certificate.names) or "somebody without a name"


def together(parts: Sequence[str]) -> str:
    """Return a list in a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
