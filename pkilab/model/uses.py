"""What putting a certificate to use gives back (C7): exported files, signatures, documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pkilab.model.acts import Act
from pkilab.model.certificate import Certificate
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.own import Reported
from pkilab.model.verdict import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported(Act):
    """Files were written for other programs: which ones, and which earlier ones were kept aside."""

    root: str
    """Empty where roots to trust alone were exported."""
    paths: tuple[Path, ...]
    set_aside: tuple[Path, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsTried(Act):
    """A TLS server and a TLS client with the certificate of a file root met, and each accepted the other.

    `name` is the host that the client asked for; `version` and `cipher` as OpenSSL calls them.
    """

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)

    root: str
    certificate: Certificate
    name: str
    version: str
    cipher: str
    message: str
    reported: Reported | None = None
    """What the CA server told of the certificate: TLS by itself does not ask."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the certificate."""
        return self.certificate.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSigned(Act):
    """A file was signed: where the signature lies, and by which certificate."""

    record_also: ClassVar[tuple[str, ...]] = ("fingerprint",)

    path: Path
    signature_path: Path
    certificate: Certificate
    set_aside: tuple[Path, ...]
    message: str

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the fingerprints of the signer's certificate."""
        return self.certificate.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureChecked(Act):
    """A signature holds, and somebody who is trusted vouches for each signer. `signature_path` None: it is in the file.

    `content` is what was signed, for XML: the document without its signature; None for other files.
    """

    record_without: ClassVar[tuple[str, ...]] = ("content",)

    path: Path
    signature_path: Path | None
    signers: tuple[Judged, ...]
    message: str
    content: bytes | None = None

    @property
    def certificate(self) -> Certificate:
        """Return the first signer's certificate."""
        return self.signers[0].certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMade(Act):
    """An XML document was made from another: signed, encrypted or decrypted."""

    path: Path
    made_path: Path
    set_aside: tuple[Path, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Act):
    """Octets were made for somebody to save under `name`: a signature, a document, what another program reads."""

    record_without: ClassVar[tuple[str, ...]] = ("octets",)

    name: str
    octets: bytes = field(repr=False)
    media: str
    message: str
