"""Whom a client trusts over HTTPS (C1): a file's certificates, or the one whose fingerprint a person compared."""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pkilab.errors import CertificateUnreadable, NotACAServer, Unreachable, Untrusted
from pkilab.model.certificate import Certificate
from pkilab.model.fingerprint import bare_hex
from pkilab.model.settings import ClientSettings
from pkilab.x509 import certificate as certificates

PINNED = "https-trust.pem"
"""The file in the manager directory that holds the certificate whose fingerprint was compared."""

_SECONDS = 10
# X509_V_ERR_…, as `openssl verify` has them.
_TIME = {9: "it is not valid yet; check the clocks of both machines", 10: "it expired; the server needs a new one"}
_NAME = {62, 64}
_PLAIN: dict[type[BaseException], str] = {
    TimeoutError: "it took too long",
    ConnectionRefusedError: "nothing listens there",
    ConnectionResetError: "it closed the connection; perhaps one side speaks HTTPS and the other does not",
    socket.gaierror: "the host name is not known",
    UnicodeError: "the host name is not known",
}
_COMPARE = "compare its fingerprint with the server's operator, then configure the client with it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What to trust: a PEM file (empty: what the system trusts), or with `pin` (SHA-256) one certificate alone."""

    file: str = ""
    pin: str = ""

    @classmethod
    def of(cls, settings: ClientSettings) -> Trust:
        """Return what a client's settings say."""
        return cls(file=settings.trust, pin=settings.trust_fingerprint)

    def context(self, url: str) -> ssl.SSLContext:
        """Return what checks a server's certificate.

        Raises:
            Untrusted: the file cannot be used.
        """
        try:
            if not self.pin:
                context = ssl.create_default_context(cafile=self.file or None)
                if self.file:  # an intermediate CA in it is trusted too, as newer Pythons have it by default
                    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
                return context
            data = Path(self.file).read_bytes()
            return _pinned(certificates.read(data, path=Path(self.file)))
        except (OSError, ssl.SSLError, CertificateUnreadable) as error:
            raise Untrusted(url, f"the trust file {self.file} cannot be used ({error})") from error


class _PinnedSocket(ssl.SSLSocket):
    """A connection that is only made if the server shows the one certificate."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base class
        """Do the handshake, which proves the key, and compare the certificate."""
        super().do_handshake(block)
        shown = self.getpeercert(binary_form=True) or b""
        if not isinstance(self.context, _PinnedContext) or hashlib.sha256(shown).digest() != self.context.pin:
            raise _AnotherCertificate


class _PinnedContext(ssl.SSLContext):
    sslsocket_class = _PinnedSocket
    pin = b""


class _AnotherCertificate(ssl.SSLCertVerificationError):
    """The server showed another certificate, though one that the pinned one would vouch for."""


def _pinned(certificate: Certificate) -> ssl.SSLContext:
    """Return what accepts this certificate alone, in its validity, and at one of its names if it has any."""
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=certificate.pem)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN  # its issuer need not be known
    context.check_hostname = any(name.startswith(("DNS:", "IP:")) for name in certificate.names)
    context.pin = bytes.fromhex(bare_hex(certificate.fingerprint.sha256))
    return context


def look(url: str, host: str, port: int) -> Certificate:
    """Return the certificate that a server shows, unchecked.

    Raises:
        Unreachable: nobody answered, or not with TLS.
        NotACAServer: what it shows cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # to look at, and nothing is sent
    der = _shown(url, host, port, context)
    try:
        return certificates.read(der, path=Path("server.cer"))
    except CertificateUnreadable as error:
        raise NotACAServer(url, error.why) from error


def check_pinned(url: str, host: str, port: int, certificate: Certificate) -> None:
    """Return if the server proves to have this very certificate, valid now and for this host if it names any.

    Raises:
        Untrusted: it does not.
        Unreachable: nobody answered.
    """
    _shown(url, host, port, _pinned(certificate))


def _shown(url: str, host: str, port: int, context: ssl.SSLContext) -> bytes:
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            return connection.getpeercert(binary_form=True) or b""
    except (OSError, UnicodeError) as error:
        raise refusal(url, error, pinned=isinstance(context, _PinnedContext)) from error


def refusal(url: str, error: BaseException, *, pinned: bool, named: bool = False) -> Unreachable:
    """Return in words why a connection was not made; `Untrusted` if it was the server's certificate.

    `pinned`: one certificate alone is trusted; `named`: a trust file was named.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Untrusted(url, _distrust(cause, pinned=pinned, named=named))
        if isinstance(cause, ssl.SSLError):
            return Unreachable(url, _disagreement(cause))
        for kind, why in _PLAIN.items():
            if isinstance(cause, kind):
                return Unreachable(url, why)
    return Unreachable(url, str(error.__cause__ or error).rstrip(". ") or type(error).__name__)


def _distrust(error: ssl.SSLCertVerificationError, *, pinned: bool, named: bool) -> str:
    code = getattr(error, "verify_code", 0)
    if code in _TIME:
        return _TIME[code]
    if code in _NAME:
        return "it is for another name; use the host name that stands in it, or have the server get one for this name"
    if pinned:
        return f"it is another one than the one that was compared; if the server has a new certificate, {_COMPARE}"
    who = "no certificate in the trust file" if named else "nothing that this system trusts"
    return f"{who} vouches for it; name the file of the CA that issued it, or {_COMPARE}"


def _disagreement(error: ssl.SSLError) -> str:
    if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
        return "it speaks no HTTPS; leave HTTPS out, or have the server speak it"
    return f"no secure connection could be agreed on ({error.reason or error})"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
