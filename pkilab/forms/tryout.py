"""What if a certificate said something else (X4): what is changed, who signs it, and the verdicts before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from traitlets import Any as AnyTrait

from pkilab.errors import CertificateUnreadable, InvalidField, PkilabError
from pkilab.errors.visible import visible
from pkilab.explain import whatif
from pkilab.explain.compare import Comparison, compare
from pkilab.explain.reading import as_kind
from pkilab.explain.whatif import CHANGES, Change
from pkilab.forms.model import FormModel, act
from pkilab.forms.pieces import Library
from pkilab.forms.traits import choice, line, secret
from pkilab.judges import bench
from pkilab.model.acts import Found
from pkilab.model.certificate import Certificate
from pkilab.model.verdict import Judged, Purpose
from pkilab.x509 import certificate as certificates

BROKEN, SIGNED = "broken", "signed"
VALUE, OCTET = "value", "octet"
_NAMED = {each.name: each for each in CHANGES}
_OPTIONS = [
    *((each.title, each.name) for each in CHANGES),
    ("Another value of one field", VALUE),
    ("Another octet", OCTET),
]
_FOR = {
    "serverAuth": Purpose.TLS_SERVER,
    "clientAuth": Purpose.TLS_CLIENT,
    "codeSigning": Purpose.CODE_SIGNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was tried: the change, whether it was signed again, and the verdicts. `after` may be why there is none."""

    title: str
    teaches: str
    signed_again: bool
    before: Judged
    after: Judged | str
    differs: Comparison
    of: str
    """Which certificate the verdicts are of, where it is not the changed one itself."""
    remark: str
    """Why verdicts may stay as they were, where one would not expect it."""
    der: bytes = field(repr=False)

    def __str__(self) -> str:
        """Return a line for each verifier: what it said before, and what it says after."""
        after = {each.judge: each.word for each in self.after.verdicts} if isinstance(self.after, Judged) else {}
        return "\n".join(
            visible(f"{each.judge}: {each.word} before, {after.get(each.judge, 'cannot say')} after")
            for each in self.before.verdicts
        )


def parse_place(text: str) -> int:
    """Return a whole number, decimal or as 0x1F.

    Raises:
        InvalidField: it is none.
    """
    try:
        return int(text.strip(), 0)
    except ValueError:
        raise InvalidField("Octet at", "a whole number is needed, such as 622 or 0x26E.") from None


def parse_octet(text: str) -> int:
    """Return an octet in hex.

    Raises:
        InvalidField: it is none.
    """
    try:
        (value,) = bytes.fromhex(text.strip())
    except ValueError:
        raise InvalidField("Its new value", "two hex digits are needed, such as FF.") from None
    return value


class TryOut(FormModel):
    """A change of one certificate. Nothing of it is stored as issued; with the CA's signature it is journalled."""

    change = choice("What is changed", _OPTIONS, default=CHANGES[0].name)
    path = line("Field", hint="Choose it above, and its way is filled in here.", required=True)
    value = line("Says instead", hint="A text, a number, TRUE, a time, an address, names of bits, or octets in hex.")
    at = line("Octet at", hint="Choose it above, or count from 0.", required=True, check=parse_place)
    octet = line("Its new value", hint="In hex, such as FF.", required=True, check=parse_octet)
    resign = choice(
        "Its signature",
        (("Stays as it is, and so is broken", BROKEN), ("Is made anew by the CA", SIGNED)),
        default=BROKEN,
    )
    password = secret("Password", hint="That of the CA's private key. It is kept nowhere.", required=True)
    purpose = choice(
        "Judged for", [(f"{each.label[:1].upper()}{each.label[1:]}", str(each)) for each in Purpose], default="any"
    )
    name = line("Reached at", hint="The name by which a client reaches the server. Empty: not asked.")

    certificate = AnyTrait(None, allow_none=True)
    """The certificate that is changed; None while something else is explained."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._others: tuple[Certificate, ...] = ()
        self.below: Certificate | None = None
        """What the changed CA issued, by which it is judged; None: it is judged by itself."""
        super().__init__()
        self.observe(lambda _: self.recheck(), names=["certificate"])
        self.observe(lambda _: self._turn(), names=["change"])

    @property
    def teaches(self) -> str:
        """Return what the chosen change teaches."""
        named = _NAMED.get(self.change)
        return named.teaches if named is not None else ""

    @property
    def judged_by(self) -> str:
        """Return a sentence on which certificate the verifiers are asked about; empty where that is plain."""
        own = self.certificate
        if own is None or not own.ca:
            return ""
        if self.below is not None:
            return f"A CA is judged by what was issued below it: here by {_called(self.below)}."
        return (
            "A CA is judged by what was issued below it, but nothing of that is here and in force. So it is judged by "
            "itself, and what it may issue changes no verdict."
        )

    @property
    def signable(self) -> bool:
        """Tell whether the CA of this desk issued the certificate, so that it can sign it again."""
        own, signer = self.certificate, self.library.signer
        return (
            own is not None and signer is not None and own.issuer_der == signer.ca_certificate().certificate.subject_der
        )

    def take(self, certificate: Certificate | None, others: Sequence[Certificate] = ()) -> None:
        """Take a certificate, and those that came with it; what is asked of it is guessed from what it is for."""
        self._others = tuple(others)
        self.result = None
        self.resign, self.path, self.value, self.at, self.octet = BROKEN, "", "", "", ""
        self.below = None
        if certificate is not None and certificate.ca:
            with suppress(PkilabError):
                self.below = self.library.issued_under(certificate)
        self.certificate = certificate
        asked = self.below or certificate
        if asked is not None:
            self.purpose = next((str(_FOR[use]) for use in asked.extended_key_usage if use in _FOR), "any")
            hosts = [name.partition(":")[2] for name in asked.names if name.startswith("DNS:")]
            fits = self.purpose == Purpose.TLS_SERVER and hosts and "*" not in hosts[0]
            self.name = hosts[0] if fits else ""
        self.untouch()

    def absent(self, name: str) -> bool:
        """Each change has its own fields; a key that lies open asks for no password."""
        fields = {"path": VALUE, "value": VALUE, "at": OCTET, "octet": OCTET}
        if name == "password":
            return self.resign != SIGNED or not self.signable or not self._key_encrypted
        return name in fields and self.change != fields[name]

    def hindrances(self, act: str) -> Sequence[str]:
        """Only certificates are changed here, and each CA signs its own."""
        del act
        if self.certificate is None:
            return ("Choose a certificate: only certificates are changed here.",)
        if self.resign == SIGNED and not self.signable:
            return ("This CA did not issue it, so it cannot sign it again: leave the signature broken.",)
        return ()

    @act("Asking the verifiers …")
    def try_it(self) -> Tried:
        """Make the change, sign it again if that is wished, and ask the verifiers before and after.

        Raises:
            PkilabError: the change cannot be made, or the CA cannot sign.
        """
        own: Certificate = self.certificate
        wanted = self._wanted()
        before = as_kind(own.der, "certificate")
        changed = wanted.make(before)
        signer, again = self.library.signer, self.resign == SIGNED and wanted.signed
        if again and signer is not None:
            changed = signer.sign_for_a_lesson(
                changed, password=self.password or None, keep_algorithm=wanted.keeps_algorithm
            )
        self.result = Tried(
            title=wanted.title,
            teaches=wanted.teaches,
            signed_again=again,
            before=self._judge(own),
            after=self._judged(changed),
            differs=compare(before, as_kind(changed, "certificate")),
            of=_called(self.below) if self.below is not None else "",
            remark=" ".join(self._remarks(again=again)),
            der=changed,
        )
        return self.result

    def _turn(self) -> None:
        """Forget what was said of the change before."""
        self.told = None
        self.untouch()

    @property
    def _key_encrypted(self) -> bool:
        signer = self.library.signer
        if signer is None:
            return False
        with suppress(PkilabError):
            settings = signer.settings
            found: Found = signer.look(root=settings.root, directory=settings.directory)
            return found.key is None or found.key_encrypted
        return True

    def _remarks(self, *, again: bool) -> Iterator[str]:
        own, below = self.certificate, self.below
        if below is None:
            return
        if self.change == "path-length" and not below.ca and below.issuer_der == own.subject_der:
            yield (
                f"The path length alone changes no verdict: this CA issued {_called(below)} itself, and path length 0 "
                "forbids only further CAs between."
            )
        if own.self_issued and not again:
            yield "Who trusts a root does so without its signature, so some verifiers do not look at that."

    def _wanted(self) -> Change:
        if self.change == VALUE:
            return whatif.value_change(self.path.strip(), self.value)
        if self.change == OCTET:
            at, tree = parse_place(self.at), self.certificate.der
            if not 0 <= at < len(tree):
                raise InvalidField("Octet at", f"a number from 0 to {len(tree) - 1} is needed.")
            return whatif.octet_change(at, parse_octet(self.octet))
        return _NAMED[self.change]

    def _judged(self, changed: bytes) -> Judged | str:
        try:
            return self._judge(certificates.read(changed, path=Path("changed.cer")))
        except CertificateUnreadable as error:
            return f"Nobody can read it as a certificate any more: {error.why}."

    def _judge(self, certificate: Certificate) -> Judged:
        own: Certificate = self.certificate
        known = [*self.library.known(), *self._others]
        if self.below is not None:
            # The CA as it is now stands where it stood, also where it is trusted.
            known = [certificate, *(each for each in known if each.fingerprint != own.fingerprint)]
        roots = [each for each in known if each.self_issued] or known[-1:]
        between = [each for each in known if not each.self_issued]
        return bench.verify(
            self.below or certificate,
            between,
            roots,
            purpose=self.purpose,
            name=self.name,
            at=self.library.now(),
            crls=self.library.crls(),
        )


def _called(certificate: Certificate) -> str:
    """Return what people call a certificate: its number and its name."""
    name = next((value for part in certificate.subject for kind, value in part if kind == "CN"), "")
    return visible(f"certificate {certificate.serial}, {name}" if name else f"certificate {certificate.serial}")
