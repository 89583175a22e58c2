"""`Octets`: certificates put to use for octets that came from a browser and go back to it; no file is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pkilab.client import export, holding, signing
from pkilab.client.site import ClientSite
from pkilab.model.certificate import Certificate, Chain
from pkilab.model.names import check_root
from pkilab.model.uses import Made, SignatureChecked
from pkilab.store import files, pairs
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain as chains

_PKCS12, _PEM, _CMS, _XML = "application/x-pkcs12", "application/x-pem-file", "application/pkcs7-signature", "text/xml"


class Octets:
    """The verbs of `Uses` for octets. Each raises as its namesake does; `name` is what errors call them by.

    Trusted are the root certificates in the manager directory (NothingToTrust: there is none).
    """

    def __init__(self, site: ClientSite) -> None:
        self._site = site

    def pkcs12(
        self,
        root: str,
        *,
        password: str | None = None,
        container_password: str | None = None,
        confirmation: str | None = None,
        legacy: bool = False,
    ) -> Made:
        """Return key, certificate and chain of a file root as PKCS#12, under a password of its own."""
        made = export.container_of(self._site, root, password, container_password, confirmation, legacy=legacy)
        return Made(
            name=f"{root}.p12",
            octets=made,
            media=_PKCS12,
            message=f"Key, certificate and chain of {root} are in {root}.p12, under the password that you chose. It "
            "holds the private key: remove it when the other program has read it.",
        )

    def chain(self, root: str) -> Made:
        """Return the certificate of a file root and its issuers without the root certificate, in PEM."""
        made = export.chain_of(self._site, root)
        return Made(
            name=f"{root}-chain.pem",
            octets=made,
            media=_PEM,
            message=f"The certificate of {root} and those above it, without the root, are in {root}-chain.pem, as "
            "servers want them.",
        )

    def above(self, certificate: Certificate) -> Chain:
        """Return a certificate and those above it, as far as they lie in the manager directory."""
        return chains.above(certificate, pairs.beside(self._site.manager))

    def trust(self) -> Made:
        """Return the roots to trust, in PEM."""
        made = export.trusted(self._site)
        return Made(
            name="trust.pem",
            octets=made,
            media=_PEM,
            message="The root certificates that are trusted here are in trust.pem. Who takes them over trusts whoever "
            "holds their keys: let them compare the fingerprints first.",
        )

    def sign(self, name: str, data: bytes, *, root: str, password: str | None = None) -> Made:
        """Return the detached signature of a file (CMS, DER)."""
        file = _named(name)
        found, made = signing.signature(self._site, _digests(data), root=root, password=password)
        return Made(
            name=f"{file}{signing.ENDING}",
            octets=made,
            media=_CMS,
            message=f"{file} was signed by {holding.named(found.certificate)}; the signature is {file}{signing.ENDING}."
            " Give both files away: the signature tells whether the file was changed.",
        )

    def verify_signature(
        self, name: str, data: bytes, signature: bytes, *, signature_name: str = ""
    ) -> SignatureChecked:
        """Check a file's signature, and that somebody who is trusted vouches for who signed; names are for errors."""
        file = _named(name)
        place = _named(signature_name or file.name + signing.ENDING)
        roots = holding.roots(self._site)
        return signing.checked(self._site, file, _digests(data), signature, place=place, roots=roots)

    def sign_xml(self, name: str, data: bytes, *, root: str, password: str | None = None) -> Made:
        """Return an XML document with a signature in it."""
        from pkilab.documents import signature

        file, found = _named(name), holding.signing_pair(self._site, root, password)
        made = signature.sign(data, found.key, found.certificate, found.above, path=file)
        return _document(file, made, "signed", f"was signed by {holding.named(found.certificate)}")

    def verify_xml(self, name: str, data: bytes) -> SignatureChecked:
        """Check the signature in an XML document, and that somebody who is trusted vouches for who signed."""
        return signing.checked_xml(self._site, _named(name), data, roots=holding.roots(self._site))

    def encrypt_xml(self, name: str, data: bytes, *, recipient: str | bytes, element: str = "") -> Made:
        """Return an XML document encrypted for a certificate: that of a file root, or one in PEM or DER."""
        from pkilab.documents import encryption

        file, path = _named(name), Path("recipient.cer")
        if isinstance(recipient, str):
            path = self._site.manager / f"{check_root(recipient)}.cer"
            recipient = files.read(path)
        whom = certificates.read(recipient, path=path)
        made = encryption.encrypt(data, whom, element=element, path=file)
        return _document(file, made, "encrypted", f"was encrypted for {holding.named(whom)}")

    def decrypt_xml(self, name: str, data: bytes, *, root: str, password: str | None = None) -> Made:
        """Return an XML document that was encrypted for the key of a file root, opened."""
        from pkilab.documents import encryption

        file, found = _named(name), holding.pair(self._site, root, password)
        return _document(file, encryption.decrypt(data, found.key, path=file), "decrypted", "was decrypted")


def _named(name: str) -> Path:
    """Return the last part of a name that a browser gave, whatever system it is on."""
    return Path(name.replace("\\", "/").rsplit("/", 1)[-1].strip() or "file")


def _digests(data: bytes) -> Callable[[Sequence[str]], Mapping[str, bytes]]:
    return lambda names: {name: hashlib.new(name, data).digest() for name in names}


def _document(file: Path, made: bytes, word: str, told: str) -> Made:
    name = f"{file.stem}-{word}{file.suffix}"
    return Made(name=name, octets=made, media=_XML, message=f"{file} {told}; the document is {name}.")
