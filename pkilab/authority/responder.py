"""The OCSP responder: a key of its own, certified by the CA for just that, which answers unattended (X2, RFC 6960).

So the CA's password stays in nobody's memory. Key and certificate lie in one file of the manager directory, so that
they are always of one another.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pkilab.authority.issue import open_key
from pkilab.authority.site import Site, certificate_path, serial_path
from pkilab.errors import (
    CannotRead,
    KeyMissing,
    PasswordRequired,
    PkilabError,
    WrongPassword,
)
from pkilab.model.aftercare import ResponderRenewed
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.journal import Facts
from pkilab.model.settings import Serials
from pkilab.model.times import moment
from pkilab.store import certificates, files, journal, responders
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.store.serial import SerialFile
from pkilab.x509 import certificate as x509_certificate
from pkilab.x509 import chain, issue, keys
from pkilab.x509.ocsp import Signer

FILE = "ocsp-responder.pem"


def renew(site: Site, *, password: str | None, by: str) -> ResponderRenewed:
    """Make a new key for the responder, and a certificate of the CA for it; the earlier ones are replaced.

    Raises:
        KeyMissing, PasswordRequired, WrongPassword, KeyMismatch, Expired: the CA cannot sign.
        SerialFileMissing, SerialFileBroken, SerialExhausted: the numbers.
        CannotWrite: the responder's file; the earlier one stays.
    """
    now, who = site.clock(), site.acting(by)
    with site.registry.reading() as tx:
        authority = site.authority(tx)
    chain.check_ca(authority.certificate, now=now, path=certificate_path(authority))
    try:
        signer = issue.signer(authority.certificate, open_key(authority, password))
    except (KeyMissing, PasswordRequired, WrongPassword) as error:
        error.add_note("The responder stays as it is.")
        raise
    key = keys.generate(_algorithm(authority.certificate))
    common_name = f"{site.instance[:48]} OCSP responder"
    path = site.manager / FILE
    with SerialFile(serial_path(authority)).lock(), site.registry.writing() as tx:
        number = _number(site, tx, authority)
        days = authority.settings.responder_days
        certificate = issue.responder(signer, key, common_name, serial=number, days=days, now=now)
        counted = authority.settings.serials is Serials.COUNTER
        responders.add(tx, site.instance, certificate, counted=counted, at=now, by=who)
        facts: Facts = {"number": str(number), "sha256": certificate.fingerprint.sha256}
        entry = journal.append(tx, site.instance, at=now, by=who, act="responder renewed", facts=facts)
        content = keys.dump(key, None) + certificate.pem.encode()
        files.replace(path, content, mode=files.PRIVATE, field="OCSP responder")
    site.note_head(authority, entry)
    return ResponderRenewed(
        certificate=certificate,
        path=path,
        message=f"The OCSP responder of {site.instance} has a new key and certificate (number {number}), until "
        f"{moment(certificate.not_after)}. Its key lies open in {path}, readable by its owner alone, and "
        "can do nothing but answer what is revoked. Remove the medium with the CA's private key now, and lock it away.",
    )


def signer(site: Site, authority: Authority) -> Signer | None:
    """Return the responder's key and certificate; None where there are none for this CA.

    Raises:
        CannotRead: the file is there and cannot be read.
    """
    path = site.manager / FILE
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotRead(path, error.strerror or "it cannot be looked at") from None
    return _loaded(path, (about.st_mtime_ns, about.st_size, about.st_ino), authority.certificate.der)


def drop(site: Site) -> None:
    """Remove the responder's key and certificate, if they are there.

    Raises:
        CannotWrite: the system refused.
    """
    files.remove(site.manager / FILE, field="OCSP responder")


def _algorithm(certificate: Certificate) -> KeyAlgorithm:
    """Return the algorithm of a responder's key: who can verify the CA can verify this; for RSA the quickest."""
    return (
        KeyAlgorithm.RSA_2048 if certificate.key.family == "RSA" else certificate.key.algorithm or KeyAlgorithm.EC_P256
    )


def _number(site: Site, tx: Transaction, authority: Authority) -> int:
    if authority.settings.serials is Serials.RANDOM:
        return int.from_bytes(site.entropy(16)) >> 1 or 1
    return SerialFile(serial_path(authority)).advance(above=certificates.highest_counted(tx, site.instance))


@lru_cache(maxsize=16)  # by what the file system says of the file, so that a new one is seen at once
def _loaded(path: Path, _state: tuple[int, int, int], issuer: bytes) -> Signer | None:
    data = files.read(path)
    try:
        certificate = x509_certificate.read(data, path=path)
        key = keys.load(data, None, path=path)
    except PkilabError as error:
        raise CannotRead(path, str(error)) from None
    if not keys.same_public_key(key, certificate) or not chain.signed_by(certificate, x509_certificate.trusted(issuer)):
        return None  # of a CA that this instance was before
    return Signer(certificate, key)
