"""`Uses`: what a CA client does with its certificates: TLS, export, signatures, encryption (C7)."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.client import contexts
from pkilab.model.certificate import CertificateState

if TYPE_CHECKING:
    from pkilab.client.octets import Octets
    from pkilab.client.site import ClientSite
    from pkilab.model.uses import DocumentMade, Exported, FileSigned, SignatureChecked, TlsTried


class Uses:
    """The verbs of `CAClient` that put certificates to use.

    A `root` is a file root of the manager directory, and `password` opens its key; all of them raise KeyMissing,
    CannotRead, KeyMismatch, PasswordRequired or WrongPassword where that fails, and CannotDo where the key's algorithm
    cannot do it, saying which one would. `trust` is a file with the certificates to trust; without it, the root
    certificates in the manager directory are trusted (NothingToTrust: there is none).
    """

    _site: ClientSite

    @property
    def octets(self) -> Octets:
        """Return the same verbs for octets that came from a browser and go back to it: no file is written."""
        from pkilab.client.octets import Octets

        return Octets(self._site)

    def tls_server(
        self, root: str, *, password: str | None = None, mutual: bool = False, trust: str | Path | None = None
    ) -> ssl.SSLContext:
        """Return a context for a TLS server that shows the certificate of a file root, and the issuers below the root.

        With `mutual`, or a `trust` file, clients have to show a certificate that those to trust vouch for.
        """
        return contexts.server(self._site, root, password=password, mutual=mutual, trust=trust)

    def tls_client(
        self, root: str = "", *, password: str | None = None, trust: str | Path | None = None
    ) -> ssl.SSLContext:
        """Return a context for a TLS client that checks name and chain, trusting nobody else than is said.

        With a `root` it shows that certificate to a server that asks for one.
        """
        return contexts.client(self._site, root, password=password, trust=trust)

    def try_tls(self, root: str, *, password: str | None = None, trust: str | Path | None = None) -> TlsTried:
        """Let a TLS server and a TLS client meet, both with the certificate of a file root, without a network.

        TLS by itself does not ask whether a certificate was revoked, so the CA server is asked beside it; the result
        says so where it was.

        Raises:
            CannotDo: one of them refuses the other, or the certificate names no host; the sentence says why.
        """
        from pkilab.client import handshake, report

        done = handshake.tried(self._site, root, password=password, trust=trust)
        found = report.of(self._site, [done.certificate])[done.fingerprint.sha256]
        if not found.revoked:
            return replace(done, reported=found)
        what = "on hold" if found.state is CertificateState.HELD else "revoked"
        said = f"Yet the certificate is {what}, which TLS by itself does not look up: a peer who checks the CA's "
        return replace(done, reported=found, message=f"{done.message} {said}revocation list refuses it.")

    def export(
        self,
        root: str = "",
        *,
        pkcs12: str | Path | None = None,
        chain: str | Path | None = None,
        trust: str | Path | None = None,
        password: str | None = None,
        container_password: str | None = None,
        confirmation: str | None = None,
        legacy: bool = False,
    ) -> Exported:
        """Write what other programs read; at least one file is named. Existing ones are kept aside.

        `pkcs12`: key, certificate and chain under `container_password`, else under the key's own; `legacy` with the
        old encryption. `chain`: the certificate and its issuers without the root, in PEM. `trust`: the roots, in PEM;
        it needs no `root`.

        Raises:
            InvalidField, PasswordsDiffer: nothing is named, or a PKCS#12 file has no password.
            CannotDo: a PKCS#12 file cannot hold such a key.
            FileInUse, CannotWrite: nothing was written.
        """
        from pkilab.client import export

        return export.export(
            self._site,
            root,
            pkcs12=pkcs12,
            chain=chain,
            trust=trust,
            password=password,
            container_password=container_password,
            confirmation=confirmation,
            legacy=legacy,
        )

    def sign(
        self, path: str | Path, *, root: str, password: str | None = None, signature: str | Path | None = None
    ) -> FileSigned:
        """Sign a file of any size (CMS, detached, DER) with an RSA or ECDSA key; `signature`: where, else `<file>.p7s`.

        Raises:
            CannotDo: the key or the certificate is not for that, and which one would do.
            FileInUse, CannotWrite: the signature could not be written.
        """
        from pkilab.client import signing

        return signing.sign(self._site, _path(path), root=root, password=password, to=_maybe(signature))

    def verify_signature(
        self, path: str | Path, signature: str | Path | None = None, *, trust: str | Path | None = None
    ) -> SignatureChecked:
        """Check that a file is as it was signed, and that those to trust vouch for who signed, now.

        Raises:
            SignatureRefused: one of these is not so.
            SignatureUnreadable, CannotRead: there is no signature, or no file.
        """
        from pkilab.client import signing

        return signing.check(self._site, _path(path), signature=_maybe(signature), trust=trust)

    def sign_xml(
        self, path: str | Path, *, root: str, password: str | None = None, to: str | Path | None = None
    ) -> DocumentMade:
        """Sign an XML document with an RSA or ECDSA key, in the document; `to`: where, else `<name>-signed.xml`.

        Raises:
            DocumentUnreadable: it is no document, or is signed already. Else as `sign`.
        """
        from pkilab.client import signing

        return signing.sign_xml(self._site, _path(path), root=root, password=password, to=_maybe(to))

    def verify_xml(self, path: str | Path, *, trust: str | Path | None = None) -> SignatureChecked:
        """Check the signature in an XML document and who signed; `content` of the result is what was signed.

        Raises:
            SignatureRefused, DocumentUnreadable: it does not hold, is by somebody else, or is not there.
        """
        from pkilab.client import signing

        return signing.check_xml(self._site, _path(path), trust=trust)

    def encrypt_xml(
        self, path: str | Path, *, recipient: str | Path, element: str = "", to: str | Path | None = None
    ) -> DocumentMade:
        """Encrypt an XML document for the RSA key of a certificate: a file, or a file root of the manager directory.

        All of it, or each element that an ElementPath finds (`.//card`). `to`: where, else `<name>-encrypted.xml`.

        Raises:
            DocumentUnreadable, InvalidField: it is no document, or has no such element.
            CannotDo: nothing can be encrypted for this certificate, and for which one it can.
        """
        from pkilab.client import signing

        return signing.encrypt_xml(self._site, _path(path), whom=recipient, element=element, to=_maybe(to))

    def decrypt_xml(
        self, path: str | Path, *, root: str, password: str | None = None, to: str | Path | None = None
    ) -> DocumentMade:
        """Open an XML document that was encrypted for a key; `to`: where, else `<name>-decrypted.xml` (mode 0600).

        Raises:
            CannotDecrypt: it was encrypted for another key, or was changed.
            DocumentUnreadable: it is no document, or nothing in it is encrypted.
        """
        from pkilab.client import signing

        return signing.decrypt_xml(self._site, _path(path), root=root, password=password, to=_maybe(to))


def _path(given: str | Path) -> Path:
    return Path(given).expanduser().absolute()


def _maybe(given: str | Path | None) -> Path | None:
    return None if given is None else _path(given)
