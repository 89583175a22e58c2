"""Files and XML documents (C7): signing, checking, encrypting and opening what a browser hands over; the models."""

from __future__ import annotations

from collections.abc import Sequence

from traitlets import Unicode

from pkilab.errors import InvalidField
from pkilab.forms.model import act
from pkilab.forms.ports import Client
from pkilab.forms.traits import choice, line, secret
from pkilab.forms.using import Using, UsingRoot
from pkilab.model.certificate import Certificate
from pkilab.model.names import check_root
from pkilab.model.own import OwnFiles
from pkilab.model.uses import Made, SignatureChecked
from pkilab.views import hood

MOST = 4 * 1024 * 1024
"""Octets of a file that a page may hand over; larger ones are for the commands."""

FILE, XML = "file", "xml"
_KINDS = (("A file, with its signature beside it", FILE), ("An XML document, with its signature in it", XML))


class Handing(Using):
    """A form that works on a file which a browser handed over. Its octets are in no widget, and forgotten with it."""

    name_ = Unicode("")
    """The name of the file that is worked on; empty while there is none."""

    def __init__(self, client: Client) -> None:
        self.data = b""
        super().__init__(client)
        self.observe(lambda _: self.recheck(), names="name_")

    def take(self, name: str, data: bytes) -> None:
        """Take a file; what came of another is forgotten.

        Raises:
            InvalidField: it is too large.
        """
        if len(data) > MOST:
            raise InvalidField("File", f"at most {MOST >> 20} MiB are taken here; the commands take more.")
        self.forget_result()
        self.data = data
        self.name_ = name.strip() or "file"
        self.recheck()

    def clear(self) -> None:
        """Forget the file, too."""
        self.data, self.name_ = b"", ""
        super().clear()

    def hindrances(self, act: str) -> Sequence[str]:
        """There has to be a file."""
        del act
        return () if self.name_ else ("Choose a file first.",)


class WithKey(UsingRoot, Handing):
    """A form that uses the private key of the file root that is looked at."""

    password = secret("Password", hint="That of the private key. It is kept nowhere.", required=True)

    def hindrances(self, act: str) -> Sequence[str]:
        """Key and certificate have to be there."""
        own: OwnFiles | None = self.own
        if own is None:
            return ("Choose a file root first.",)
        if not own.key or own.certificate is None:
            return ("Both the private key and its certificate are needed.",)
        return super().hindrances(act)


class Sign(WithKey):
    """Signing a file, or an XML document."""

    kind = choice("What is signed", _KINDS, default=FILE)

    @act("Signing …")
    def sign(self) -> Made:
        """Sign it.

        Raises:
            PkilabError: as `client.octets.sign` and `sign_xml`.
        """
        verb = self.client.octets.sign if self.kind == FILE else self.client.octets.sign_xml
        own: OwnFiles = self.own
        certificate = _certificate(own)
        made: Made = verb(self.name_, self.data, root=own.root, password=self.password or None)
        self.hood = hood.sign(
            self.name_,
            own.root,
            instance=self.client.instance,
            manager=self.client.directory,
            certificate=certificate,
            above=self.client.octets.above(certificate).certificates[1:],
            encrypted=own.key_encrypted,
            xml=self.kind == XML,
        )
        self.result = made
        return made


def _certificate(own: OwnFiles) -> Certificate:
    if own.certificate is None:
        raise InvalidField("File root", "there is no certificate under it.")
    return own.certificate


class Decrypt(WithKey):
    """Opening an XML document that was encrypted for this key."""

    @act("Decrypting …")
    def decrypt(self) -> Made:
        """Open it.

        Raises:
            PkilabError: as `client.octets.decrypt_xml`.
        """
        own: OwnFiles = self.own
        made: Made = self.client.octets.decrypt_xml(
            self.name_, self.data, root=own.root, password=self.password or None
        )
        self.hood = hood.decrypt(self.name_, own.root, instance=self.client.instance, encrypted=own.key_encrypted)
        self.result = made
        return made


class Check(Handing):
    """Checking a signature, and who signed."""

    kind = choice("What is checked", _KINDS, default=FILE)
    signature_name = Unicode("")
    """The name of the signature that was handed over; empty while there is none."""

    def __init__(self, client: Client) -> None:
        self.signature = b""
        super().__init__(client)
        self.observe(lambda _: self.recheck(), names="signature_name")

    def take_signature(self, name: str, data: bytes) -> None:
        """Take the signature of the file.

        Raises:
            InvalidField: it is too large.
        """
        if len(data) > MOST:
            raise InvalidField("Signature", f"at most {MOST >> 20} MiB are taken here; the commands take more.")
        self.result = self.told = None
        self.signature = data
        self.signature_name = name.strip() or "signature"

    def hindrances(self, act: str) -> Sequence[str]:
        """A file's signature lies beside it; an XML document's is in it."""
        found = list(super().hindrances(act))
        if self.kind == FILE and not self.signature_name:
            found.append("Choose its signature too.")
        return found

    @act("Checking …")
    def check(self) -> SignatureChecked:
        """Check it.

        Raises:
            PkilabError: as `client.octets.verify_signature` and `verify_xml`: it does not hold.
        """
        self.result = None
        octets = self.client.octets
        checked: SignatureChecked = (
            octets.verify_signature(self.name_, self.data, self.signature, signature_name=self.signature_name)
            if self.kind == FILE
            else octets.verify_xml(self.name_, self.data)
        )
        roots = octets.trust().octets.decode("ascii")
        xml = self.kind == XML
        self.hood = hood.check(self.name_, instance=self.client.instance, roots=roots, xml=xml)
        self.result = checked
        return checked


class Encrypt(Handing):
    """Encrypting an XML document for somebody's RSA key."""

    recipient = line("File root of the recipient", hint="Or choose the file of their certificate.", check=check_root)
    element = line("Elements", hint="Such as .//card, to encrypt these alone. Empty: all of it.")
    recipient_name = Unicode("")
    """The name of the certificate's file that was handed over; empty while there is none."""

    def __init__(self, client: Client) -> None:
        self.certificate = b""
        super().__init__(client)
        self.observe(lambda _: self.recheck(), names="recipient_name")

    def take_recipient(self, name: str, data: bytes) -> None:
        """Take the certificate of somebody else.

        Raises:
            InvalidField: it is too large.
        """
        if len(data) > MOST:
            raise InvalidField("Certificate", f"at most {MOST >> 20} MiB are taken.")
        self.certificate = data
        self.recipient_name = name.strip() or "certificate"
        self.recipient = ""

    def hindrances(self, act: str) -> Sequence[str]:
        """Somebody has to be named."""
        found = list(super().hindrances(act))
        if not (self.recipient.strip() or self.recipient_name):
            found.append("Say for whom it is.")
        return found

    @act("Encrypting …")
    def encrypt(self) -> Made:
        """Encrypt it.

        Raises:
            PkilabError: as `client.octets.encrypt_xml`.
        """
        root = self.recipient.strip()
        made: Made = self.client.octets.encrypt_xml(
            self.name_, self.data, recipient=root or self.certificate, element=self.element.strip()
        )
        self.hood = hood.encrypt(
            self.name_,
            root or self.recipient_name,
            instance=self.client.instance,
            element=self.element.strip(),
        )
        self.result = made
        return made
