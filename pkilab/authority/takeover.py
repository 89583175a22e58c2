"""Taking over a key and a certificate that any tool made (S3)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TypedDict

from pkilab.authority.wish import ConfigureSettings, check_last_serial
from pkilab.errors import ChainBroken, InvalidField, KeyMismatch, LastSerialNeeded
from pkilab.model.acts import Found
from pkilab.model.certificate import Certificate
from pkilab.model.dn import comma_form
from pkilab.model.settings import Serials
from pkilab.store import files
from pkilab.store.files import NewFile
from pkilab.store.serial import SerialFile
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain as chains
from pkilab.x509 import keys


class Taken(TypedDict):
    """What was found usable, what has to be written, and what to point out."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    new_files: tuple[NewFile, ...]
    warnings: tuple[str, ...]


def take_over(wish: ConfigureSettings, found: Found, now: datetime) -> Taken:
    """Return the existing CA's certificate and chain, and its serial file if that has to be begun.

    Raises:
        CertificateUnreadable, NotACA, Expired, NotYetValid: the certificate cannot issue.
        KeyUnreadable, WeakKey, KeyMismatch: the key, as far as it can be seen without its password.
        LastSerialNeeded, SerialFileMissing, SerialFileBroken: the numbers.
        ChainBroken, InvalidField: the chain of an intermediate CA.
    """
    base = found.directory / found.root
    key_path, certificate_path = base.with_suffix(".key"), base.with_suffix(".cer")
    certificate = certificates.read(files.read(certificate_path), path=certificate_path)
    chains.check_ca(certificate, now=now, path=certificate_path)
    warnings = _check_key(certificate, key_path, certificate_path)
    return Taken(
        certificate=certificate,
        chain=_chain(wish, certificate, base),
        new_files=_serial_file(wish, base.with_suffix(".srl")),
        warnings=(*warnings, *_strictness(certificate)),
    )


def _check_key(certificate: Certificate, key_path: Path, certificate_path: Path) -> tuple[str, ...]:
    """Check a key that lies open against the certificate; an encrypted one shows itself at the first issue."""
    data = files.read(key_path)
    if keys.is_encrypted(data):
        return ()
    key = keys.load(data, None, path=key_path)
    if not keys.same_public_key(key, certificate):
        raise KeyMismatch(key_path, certificate_path, mismatch(certificate))
    open_key = (
        f"The private key {key_path.name} is not encrypted: whoever reads the file can issue in this CA's name. "
        "Encrypt it in place with a password."
    )
    return (open_key,)


def _strictness(certificate: Certificate) -> tuple[str, ...]:
    """Return what a strict verifier will find fault with (RFC 5280 §4.2.1.2, §4.2.1.3)."""
    lacking = [] if certificate.key_usage else ["no key usage"]
    lacking += [] if certificate.subject_key_id else ["no subject key identifier"]
    if not lacking:
        return ()
    return (f"The CA certificate has {' and '.join(lacking)}: strict verifiers refuse what it issues.",)


def mismatch(certificate: Certificate) -> str:
    """Return which of the two is wrong, as far as can be told, and the mend."""
    subject = comma_form(certificate.subject)
    if certificate.self_issued and chains.signed_by(certificate, certificate):
        return (
            f"the certificate of {subject} is whole in itself (its own key signed it), "
            "so the key file is the wrong one; put this certificate's key there."
        )
    return f"the key is not the one that the certificate of {subject} names; put that key, or its certificate, there."


def _serial_file(wish: ConfigureSettings, path: Path) -> tuple[NewFile, ...]:
    serial = SerialFile(path)
    if serial.exists():
        if wish.last_serial is not None:
            raise InvalidField(
                "Last serial number",
                f"{path.name} is there and says what was used last; leave this out, or repair the file.",
            )
        if wish.numbering is Serials.COUNTER:
            serial.last()
        return ()
    if wish.last_serial is not None:
        return (NewFile(path, SerialFile.content(check_last_serial(wish.last_serial)), 0o644),)
    if wish.numbering is Serials.COUNTER:
        raise LastSerialNeeded(path)
    return ()


def _chain(wish: ConfigureSettings, certificate: Certificate, base: Path) -> tuple[Certificate, ...]:
    """Return the issuers above the certificate, from the file that was named or from `<root>-chain.cer`."""
    beside = base.with_name(f"{base.name}-chain.cer")
    named = _named(wish.chain, base.parent)
    path = named or (beside if beside.exists() else None)
    if path is None:
        if certificate.self_issued:
            return ()
        raise InvalidField(
            "Chain",
            f"this CA is an intermediate, certified by {comma_form(certificate.issuer)}; "
            "name the file with its issuers' certificates.",
        )
    candidates = certificates.read_all(files.read(path), path=path)
    above = chains.above(certificate, candidates).certificates[1:]
    if not above and not certificate.self_issued:
        raise ChainBroken(path, f"it does not hold the certificate of {comma_form(certificate.issuer)}")
    return above


def _named(chain: str | Path | None, directory: Path) -> Path | None:
    if chain is None or not str(chain).strip():
        return None
    path = Path(chain)
    return path if path.is_absolute() or path.exists() else directory / path
