"""Trust on first use (C1): a server's certificate is kept once a person compared its fingerprint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pkilab.client import trust
from pkilab.errors import InvalidField, Untrusted
from pkilab.model.acts import ServerCertificate
from pkilab.model.certificate import Certificate
from pkilab.model.fingerprint import is_complete
from pkilab.model.settings import ClientSettings
from pkilab.store import files
from pkilab.store.files import NewFile

_FIELD = "Trust fingerprint"


def look(host: str, port: int) -> ServerCertificate:
    """Return the certificate that a server shows, unchecked.

    Raises:
        Unreachable, NotACAServer: there is none to look at.
    """
    url = f"https://{f'[{host}]' if ':' in host else host}:{port}"
    return ServerCertificate(url=url, certificate=trust.look(url, host, port))


def compared(settings: ClientSettings, given: str, manager: Path) -> tuple[ClientSettings, Certificate]:
    """Return settings that trust the certificate which the server shows now, and that certificate.

    It has to have the fingerprint `given`, be valid now, and be for this host if it names any.

    Raises:
        InvalidField: there is no HTTPS, a trust file too, or no whole fingerprint.
        Untrusted: the server shows another certificate, or one that cannot be used.
        Unreachable, NotACAServer: there is nothing to compare.
    """
    if not settings.https:
        raise InvalidField(_FIELD, "it is for HTTPS alone; choose HTTPS, or leave it out.")
    if settings.trust:
        raise InvalidField(_FIELD, "either a file is trusted or a fingerprint; leave one of them out.")
    if not is_complete(given):
        raise InvalidField(_FIELD, "a whole one has 64 digits (SHA-256) or 40 (SHA-1); type it as it was read out.")
    seen = look(settings.host, settings.port)
    if seen.fingerprint.matching(given) is None:
        raise Untrusted(
            seen.url,
            "its fingerprint is not the one that was given; ask for it again, and if it still differs, "
            "somebody else answers there",
        )
    trust.check_pinned(seen.url, settings.host, settings.port, seen.certificate)
    kept = replace(settings, trust=str(manager / trust.PINNED), trust_fingerprint=seen.fingerprint.sha256)
    return kept, seen.certificate


def keep(path: Path, certificate: Certificate) -> None:
    """Write the certificate where the settings say; an earlier one is kept aside.

    Raises:
        CannotWrite: it cannot be.
    """
    data = certificate.pem.encode()
    if files.read_optional(path) != data:
        files.lay_down([NewFile(path, data, files.PUBLIC)], field="Manager directory")
