"""What a server shows and does to speak TLS: certificate, chain and key, from files into an `ssl` context (W5)."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pkilab.errors import CannotDo, PkilabError
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.san import AlternativeName
from pkilab.store import files, pairs
from pkilab.store.files import NewFile
from pkilab.x509 import keys
from pkilab.x509.keys import PrivateKey
from pkilab.x509.self_signed import self_signed

QUICKSTART_DAYS = 825
"""Validity of a self-signed certificate; its fingerprint has to be compared anew after that."""

_ML_DSA_FROM = (3, 5)  # the first OpenSSL with ML-DSA
_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTls:
    """A server's certificate with what `ssl` needs to prove it; `warnings` say what clients will not like."""

    certificate: Certificate
    path: Path
    context: ssl.SSLContext = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate, for clients to compare."""
        return self.certificate.fingerprint


def from_files(
    manager: Path, root: str, password: str | None, *, known: Iterable[Certificate], now: datetime
) -> ServerTls:
    """Return what `<root>.cer` and `<root>.key` of a manager directory give.

    The issuers that are shown too are looked for among `known` and all `.cer` files beside it.

    Raises:
        InvalidField: it is no file root.
        CannotRead, CertificateUnreadable, KeyMissing, KeyUnreadable, WeakKey, KeyMismatch: the files are not usable.
        PasswordRequired, WrongPassword: the key is encrypted.
        CannotDo: the `ssl` of this Python cannot do the algorithm.
    """
    found = pairs.pair(manager, root, password, known=known, check=check_algorithms)
    context = _context(found.path, found.key, found.shown)
    warnings = _warnings(found.certificate, now)
    return ServerTls(certificate=found.certificate, path=found.path, context=context, warnings=warnings)


def quickstart(
    folder: Path, host: str, names: Sequence[AlternativeName], *, now: datetime, entropy: Callable[[int], bytes]
) -> ServerTls:
    """Return what the self-signed certificate in `folder` gives; a new one is made unless it serves these names.

    Raises:
        CannotWrite: it cannot be kept.
    """
    path, key_path = folder / "quickstart.cer", folder / "quickstart.key"
    with suppress(PkilabError):  # what is not usable is kept aside, and made anew
        kept = from_files(folder, "quickstart", None, known=(), now=now)
        if set(map(str, names)) <= set(kept.certificate.names) and now + _SOON < kept.certificate.not_after:
            return kept
    key = keys.generate(KeyAlgorithm.EC_P256)
    serial = int.from_bytes(entropy(16)) | 1 << 120
    subject = DN(common_name=host[:64])
    certificate = self_signed(key, subject, names, days=QUICKSTART_DAYS, serial=serial, now=now)
    new = [
        NewFile(key_path, keys.dump(key, None), files.PRIVATE),
        NewFile(path, certificate.pem.encode(), files.PUBLIC),
    ]
    files.lay_down(new, field="Lab")
    return ServerTls(certificate=certificate, path=path, context=_context(path, key, (certificate,)))


def check_algorithms(path: Path, shown: Sequence[Certificate]) -> None:
    """Refuse ML-DSA, for key or signature, where the `ssl` module has no such algorithm."""
    if ssl.OPENSSL_VERSION_INFO[:2] >= _ML_DSA_FROM:
        return
    for certificate in shown:
        if certificate.key.family == "ML-DSA" or certificate.signature_algorithm.startswith("ML-DSA"):
            raise _cannot(path, "ML-DSA is not in it")


def _cannot(path: Path, why: str) -> CannotDo:
    library = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    return CannotDo(
        f"{path.name} cannot be used for TLS: this Python's TLS is that of {library}, and {why}.",
        "A certificate for an RSA, ECDSA or Ed25519 key, issued by a CA with such a key, would do.",
    )


def _context(path: Path, key: PrivateKey, shown: Sequence[Certificate]) -> ssl.SSLContext:
    """Return a server's context for TLS 1.2 and newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    show(context, path, key, shown)
    return context


def show(context: ssl.SSLContext, path: Path, key: PrivateKey, shown: Sequence[Certificate]) -> None:
    """Let a context show these certificates and prove the key. `path` is the certificate's, for errors.

    `ssl` takes keys from files alone: for a moment the key lies, encrypted under a password that nobody knows, in a
    folder of its own.

    Raises:
        CannotDo: the `ssl` of this Python cannot do the algorithm.
    """
    password = secrets.token_hex(32)
    with TemporaryDirectory(prefix="pkilab-tls-") as name:
        chain_file, key_file = Path(name) / "chain.pem", Path(name) / "key.pem"
        chain_file.write_text("".join(each.pem for each in shown), encoding="ascii")
        key_file.write_bytes(keys.dump(key, password))
        try:
            context.load_cert_chain(chain_file, key_file, password)
        except (ssl.SSLError, OSError) as error:
            raise _cannot(path, f"it says: {getattr(error, 'reason', None) or 'no'}") from None


def _warnings(certificate: Certificate, now: datetime) -> tuple[str, ...]:
    found = []
    if now > certificate.not_after:
        found.append(f"The certificate expired on {certificate.not_after:%Y-%m-%d}; clients will refuse it.")
    if now < certificate.not_before:
        found.append(f"The certificate is valid only from {certificate.not_before:%Y-%m-%d} on.")
    if not any(name.startswith(("DNS:", "IP:")) for name in certificate.names):
        found.append("The certificate names no host (DNS: or IP:); clients will refuse it, whatever they trust.")
    if certificate.extended_key_usage and "serverAuth" not in certificate.extended_key_usage:
        found.append("The certificate is not for servers (serverAuth); clients will refuse it.")
    return tuple(found)
