"""`pkilab client export`, `sign`, `verify-signature` and those for XML: certificates put to use (C7)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli import asking, passwords
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import PASSWORDS, PasswordFile, Root, option

if TYPE_CHECKING:
    from pkilab.model.uses import Exported

CONTAINER = passwords.Kind(label="PKCS#12 password", option="--pkcs12-password-file", variable="PKILAB_EXPORT_PASSWORD")

MaybeRoot = Annotated[str, option("--root", "ROOT", "File root of the key and certificate; --trust needs none.")]
Pkcs12 = Annotated[Path | None, option("--pkcs12", "FILE", "Write key, certificate and chain as PKCS#12.")]
ChainFile = Annotated[
    Path | None, option("--chain", "FILE", "Write the certificate and its issuers, without the root.")
]
TrustFile = Annotated[Path | None, option("--trust", "FILE", "Write the root certificates, for others to trust.")]
Legacy = Annotated[bool, option("--legacy", None, "PKCS#12 with 3DES and SHA-1, for old programs.")]
ContainerPassword = Annotated[
    Path | None,
    option(
        "--pkcs12-password-file",
        "FILE",
        "The PKCS#12 file's password is the first line of FILE; else PKILAB_EXPORT_PASSWORD, else the key's own.",
        PASSWORDS,
    ),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]
Document = Annotated[Path, typer.Argument(metavar="FILE", help="The XML document.")]
Signature = Annotated[
    Path | None, typer.Argument(metavar="SIGNATURE", help="Its signature; FILE.p7s unless told.", show_default=False)
]
SignatureFile = Annotated[Path | None, option("--signature", "FILE", "Write the signature here; FILE.p7s unless told.")]
To = Annotated[Path | None, option("--to", "FILE", "Write here, not beside the document.")]
Trusted = Annotated[
    Path | None, option("--trust", "FILE", "Certificates to trust; the roots in the manager directory unless told.")
]
Recipient = Annotated[str, option("--for", "CERT", "The recipient's certificate: a file, or a file root.")]
Element = Annotated[str, option("--element", "PATH", "Encrypt these elements alone, such as .//card.")]


def add(app: typer.Typer) -> None:
    """Add these commands to the group of the CA client's."""
    command(app, "try-tls")(try_tls)
    command(app, "export")(export)
    command(app, "sign")(sign)
    command(app, "verify-signature")(verify_signature)
    command(app, "sign-xml")(sign_xml)
    command(app, "verify-xml")(verify_xml)
    command(app, "encrypt-xml")(encrypt_xml)
    command(app, "decrypt-xml")(decrypt_xml)


def try_tls(call: Call, *, root: Root, trust: Trusted = None, password_file: PasswordFile = None) -> Answer:
    """Let a TLS server and a TLS client with a certificate meet, without a network: is it fit for TLS?"""
    client = call.client
    done = passwords.opening(lambda password: client.try_tls(root, password=password, trust=trust), password_file)
    return Answer.card(done)


def export(
    call: Call,
    *,
    root: MaybeRoot = "",
    pkcs12: Pkcs12 = None,
    chain: ChainFile = None,
    trust: TrustFile = None,
    legacy: Legacy = False,
    password_file: PasswordFile = None,
    pkcs12_password_file: ContainerPassword = None,
) -> Answer:
    """Write a key and certificate, their chain, or the roots to trust, for other programs to read.

    A PKCS#12 file gets the key's own password unless another is given.
    """
    if not (pkcs12 or chain or trust):
        call.wrong_usage("Name at least one file: --pkcs12, --chain or --trust.")
    if not root and (pkcs12 or chain):
        call.wrong_usage("Say with --root whose key and certificate to export.")
    from pkilab.errors import InvalidField

    client, own = call.client, passwords.given(CONTAINER, pkcs12_password_file)

    def act(password: str | None, container: passwords.Typed | None = None) -> Exported:
        return client.export(
            root,
            pkcs12=pkcs12,
            chain=chain,
            trust=trust,
            legacy=legacy,
            password=password,
            container_password=container.password if container else own,
            confirmation=container.confirmation if container else None,
        )

    try:
        done = passwords.opening(act, password_file)
    except InvalidField as error:
        if error.field != CONTAINER.label or own is not None:
            raise
        if not asking.somebody_there():
            raise passwords.nobody(CONTAINER) from None
        done = act(None, passwords.typed(CONTAINER, f"New password for {pkcs12}", new=True))
    return Answer.card(done)


def sign(
    call: Call, *, file: File, root: Root, signature: SignatureFile = None, password_file: PasswordFile = None
) -> Answer:
    """Sign a file: its signature lies beside it (CMS, detached), as `openssl cms` checks it.

    With an RSA or ECDSA key; a certificate for code signing is made for it.
    """
    client = call.client
    done = passwords.opening(lambda p: client.sign(file, root=root, password=p, signature=signature), password_file)
    return Answer.card(done)


def verify_signature(call: Call, *, file: File, signature: Signature = None, trust: Trusted = None) -> Answer:
    """Check that a file is as it was signed, and that somebody who is trusted vouches for who signed."""
    done = call.client.verify_signature(file, signature, trust=trust)
    return Answer.card(done)


def sign_xml(call: Call, *, file: Document, root: Root, to: To = None, password_file: PasswordFile = None) -> Answer:
    """Sign an XML document; the signature is in the document, as `xmlsec1` checks it."""
    client = call.client
    done = passwords.opening(lambda p: client.sign_xml(file, root=root, password=p, to=to), password_file)
    return Answer.card(done)


def verify_xml(call: Call, *, file: Document, trust: Trusted = None) -> Answer:
    """Check the signature in an XML document, and that somebody who is trusted vouches for who signed."""
    done = call.client.verify_xml(file, trust=trust)
    return Answer.card(done)


def encrypt_xml(call: Call, *, file: Document, recipient: Recipient, element: Element = "", to: To = None) -> Answer:
    """Encrypt an XML document for the RSA key of a certificate: all of it, or some elements."""
    done = call.client.encrypt_xml(file, recipient=_recipient(recipient), element=element, to=to)
    return Answer.card(done)


def decrypt_xml(call: Call, *, file: Document, root: Root, to: To = None, password_file: PasswordFile = None) -> Answer:
    """Open an XML document that was encrypted for a key of this client."""
    client = call.client
    done = passwords.opening(lambda p: client.decrypt_xml(file, root=root, password=p, to=to), password_file)
    return Answer.card(done)


def _recipient(given: str) -> str | Path:
    """Return a path where it looks like one, else what may be a file root."""
    return Path(given) if any(character in given for character in "./\\") else given
