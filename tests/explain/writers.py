"""Objects of each kind that others and pkilab itself write: lists, OCSP, signed files, containers and keys.

Each with the kind that it is, and a password where something in it is sealed.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.revocation import Entry, Revocation, RevocationReason
from pkilab.x509 import certificate as certificates
from pkilab.x509 import cms, container, crl, der, issue, keys, ocsp, pem
from pkilab.x509.ocsp import Failure, State
from tests.x509 import samples
from tests.x509.samples import START

PASSWORD = "correct horse battery staple"
HASH = "2.16.840.1.101.3.4.2.1"
NONCE = bytes(range(16))
_LEAVES = {
    "signed file, in pieces": frozenset({"indefinite-length", "segments"}),
    "bag of certificates": frozenset({"set-order"}),  # CMS may be BER, and openssl leaves them as they come
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object in DER: its kind, the password that opens all of it, and which rules of DER its writer leaves."""

    data: bytes
    kind: str
    password: str | None = None
    opens: int = 0
    """How many objects the password opens in it."""
    leaves: frozenset[str] = frozenset()


# ------------------------------------------------------------------ pkilab's own writer


@lru_cache
def own() -> dict[str, Made]:
    """Objects that pkilab writes."""
    return {**_lists(), **_questions(), **_answers(), **_signed(), **_keys()}


def _lists() -> dict[str, Made]:
    signer = issue.signer(samples.root(), samples.key())
    every = [Entry(at + 1, START, reason, START if at % 2 else None) for at, reason in enumerate(RevocationReason)]
    found = {}
    for name, entries in (("empty", []), ("one", every[:1]), ("each reason", every)):
        data = crl.sign(
            signer, crl.encode(entries), number=2**70, this_update=START, next_update=START + timedelta(days=7)
        )
        found[f"CRL, {name}"] = Made(data=data, kind="CRL")
    return found


def _identifier(number: int) -> bytes:
    ca = samples.root()
    bits = der.members(certificates.public_key_info(ca))[1].content[1:]
    hashes = (der.element(der.OCTET_STRING, sha256(data).digest()) for data in (ca.subject_der, bits))
    return der.sequence(der.sequence(der.oid(HASH), der.NOTHING), *hashes, der.integer(number))


def _nonce(octets: bytes) -> bytes:
    value = der.element(der.OCTET_STRING, der.element(der.OCTET_STRING, octets))
    return der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1.2"), value))


def _asking(*numbers: int, nonce: bytes = b"") -> bytes:
    asked = der.sequence(*(der.sequence(_identifier(number)) for number in numbers))
    return der.sequence(der.sequence(asked, der.element(0xA2, _nonce(nonce)) if nonce else b""))


def _questions() -> dict[str, Made]:
    asked = {"one": _asking(7), "several": _asking(7, 8, 2**150), "a nonce": _asking(7, nonce=NONCE)}
    return {f"OCSP request, {name}": Made(data=data, kind="OCSP request") for name, data in asked.items()}


def _answers() -> dict[str, Made]:
    key = samples.key(KeyAlgorithm.EC_P256, 1)
    signer = issue.signer(samples.root(), samples.key())
    certificate = issue.responder(signer, key, "OCSP responder", serial=99, days=30, now=samples.NOW)
    held, lost = (
        Revocation(at=START, reason=reason, by="Ana")
        for reason in (RevocationReason.CERTIFICATE_HOLD, RevocationReason.KEY_COMPROMISE)
    )
    states = {"good": (True, None), "revoked": (True, lost), "held": (True, held), "unknown": (False, None)}
    found = {}
    for name, chosen in (*((name, [state]) for name, state in states.items()), ("several", list(states.values()))):
        request = ocsp.read(_asking(*range(7, 7 + len(chosen)), nonce=NONCE))
        told = [
            State(asked, known, revocation) for asked, (known, revocation) in zip(request.asked, chosen, strict=True)
        ]
        found[f"OCSP response, {name}"] = ocsp.answer(
            told,
            ocsp.Signer(certificate, key),
            produced_at=START,
            next_update=START + timedelta(minutes=10),
            nonce=request.nonce,
        )
    found |= {f"OCSP response, {why.name}": ocsp.failure(why) for why in Failure}
    return {name: Made(data=data, kind="OCSP response") for name, data in found.items()}


def _signed() -> dict[str, Made]:
    found = {}
    for algorithm in (KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P384, KeyAlgorithm.EC_P521):
        key = samples.key(algorithm)
        digest = bytes(32) if algorithm is not KeyAlgorithm.EC_P384 else bytes(48)
        data = cms.sign(digest, key, samples.root(algorithm), [samples.root()], now=samples.NOW)
        found[f"signed file, {algorithm}"] = Made(data=data, kind="CMS message")
    return found


def _keys() -> dict[str, Made]:
    found = {}
    for algorithm in KeyAlgorithm:
        key = samples.key(algorithm)
        found[f"open key, {algorithm}"] = Made(data=_der(keys.dump(key, None)), kind="private key")
        sealed = _der(keys.dump(key, PASSWORD))
        found[f"sealed key, {algorithm}"] = Made(data=sealed, kind="encrypted private key", password=PASSWORD, opens=1)
    for algorithm in (KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256):
        key, above = samples.key(algorithm), samples.root(KeyAlgorithm.EC_P384)
        for name, legacy in (("modern", False), ("legacy", True)):
            data = container.write(key, samples.root(algorithm), [above], PASSWORD, name="lab", legacy=legacy)
            found[f"container, {name}, {algorithm}"] = Made(
                data=data, kind="PKCS#12 container", password=PASSWORD, opens=2
            )
    return found


def _der(text: bytes) -> bytes:
    return next(pem.blocks(text)).der


# ------------------------------------------------------------------ openssl


class OpenSSL:
    """A folder in which `openssl` works over the samples' CA and one certificate of it."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        key = samples.key(KeyAlgorithm.EC_P256, 1)
        (folder / "ca.pem").write_text(samples.root().pem, encoding="ascii")
        (folder / "ca.key").write_bytes(keys.dump(samples.key(), None))
        (folder / "leaf.pem").write_text(samples.issued().pem, encoding="ascii")
        (folder / "leaf.key").write_bytes(keys.dump(key, None))
        (folder / "rsa.key").write_bytes(keys.dump(samples.key(KeyAlgorithm.RSA_2048), None))
        (folder / "rsa.pem").write_text(samples.root(KeyAlgorithm.RSA_2048).pem, encoding="ascii")
        (folder / "letter.txt").write_text("What is signed.\n", encoding="ascii")

    def run(self, *arguments: str) -> bytes:
        """Return what a command wrote to `out`, or printed where it wrote nothing."""
        out = self._folder / "out"
        out.unlink(missing_ok=True)
        done = subprocess.run([self._program, *arguments], cwd=self._folder, capture_output=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
        return out.read_bytes() if out.exists() else done.stdout

    def objects(self) -> dict[str, Made]:
        """Return objects of each kind that `openssl` writes."""
        return {
            **self._lists(),
            **self._questions(),
            **self._answers(),
            **self._messages(),
            **self._containers(),
            **self._keys(),
        }

    def _index(self, *lines: Sequence[str]) -> None:
        rows = [
            "\t".join((state, "301231235959Z", revoked, number, "unknown", "/CN=x")) for state, revoked, number in lines
        ]
        (self._folder / "index.txt").write_text("".join(f"{row}\n" for row in rows), encoding="ascii")
        (self._folder / "index.txt.attr").write_text("unique_subject = no\n", encoding="ascii")

    def _lists(self) -> dict[str, Made]:
        (self._folder / "ca.cnf").write_text(_CONFIGURATION, encoding="ascii")
        reasons = ("", ",keyCompromise", ",superseded", ",certificateHold", ",removeFromCRL")
        rows = [("R", f"261123120000Z{reason}", f"{at + 2:04X}") for at, reason in enumerate(reasons)]
        found = {}
        for name, lines, extensions in (("empty", [], "plain"), ("reasons", rows, "plain"), ("number", rows, "full")):
            self._index(*lines)
            (self._folder / "number").write_text("1000\n", encoding="ascii")
            command = ("ca", "-gencrl", "-config", "ca.cnf", "-crldays", "7", "-out", "out", "-crlexts", extensions)
            found[f"CRL, {name}"] = Made(data=_der(self.run(*command)), kind="CRL")
        return found

    def _questions(self) -> dict[str, Made]:
        begin = ("ocsp", "-issuer", "ca.pem", "-reqout", "out")
        several = ("-serial", "8", "-sha256", "-serial", "9", "-serial", "0x123456789012345678901234567890")
        made = {
            "one": self.run(*begin, "-no_nonce", "-cert", "leaf.pem"),
            "several": self.run(*begin, "-no_nonce", *several),
            "a nonce": self.run(*begin, "-cert", "leaf.pem"),
            "signed": self.run(*begin, "-cert", "leaf.pem", "-signer", "leaf.pem", "-signkey", "leaf.key"),
        }
        return {f"OCSP request, {name}": Made(data=data, kind="OCSP request") for name, data in made.items()}

    def _answers(self) -> dict[str, Made]:
        self.run("ocsp", "-issuer", "ca.pem", "-reqout", "asked", "-cert", "leaf.pem")
        answer: tuple[str, ...] = (
            "ocsp",
            "-index",
            "index.txt",
            "-rsigner",
            "ca.pem",
            "-rkey",
            "ca.key",
            "-CA",
            "ca.pem",
        )
        answer = (*answer, "-reqin", "asked", "-respout", "out", "-noverify", "-ndays", "7")
        found = {}
        for name, lines in (
            ("good", [("V", "", "07")]),
            ("revoked", [("R", "261123120000Z,keyCompromise", "07")]),
            ("held", [("R", "261123120000Z,certificateHold", "07")]),
            ("unknown", [("V", "", "08")]),
        ):
            self._index(*lines)
            found[name] = self.run(*answer)
        self._index(("V", "", "07"))
        found["by its key, without certificates"] = self.run(*answer, "-resp_key_id", "-resp_no_certs")
        (self._folder / "failure.cnf").write_text(_FAILURE, encoding="ascii")
        found["failure"] = self.run("asn1parse", "-genconf", "failure.cnf", "-noout", "-out", "out")
        return {f"OCSP response, {name}": Made(data=data, kind="OCSP response") for name, data in found.items()}

    def _messages(self) -> dict[str, Made]:
        sign = ("cms", "-sign", "-in", "letter.txt", "-outform", "DER", "-out", "out", "-binary")
        ec, rsa = ("-signer", "leaf.pem", "-inkey", "leaf.key"), ("-signer", "rsa.pem", "-inkey", "rsa.key")
        made = {
            "signed file, detached": self.run(*sign, *ec, "-certfile", "ca.pem"),
            "signed file, attached": self.run(*sign, *rsa, "-nodetach"),
            "signed file, by two": self.run(*sign, *rsa, "-signer", "leaf.pem", "-inkey", "leaf.key"),
            "signed file, by its key": self.run(*sign, *ec, "-keyid", "-nocerts"),
            "signed file, without attributes": self.run(*sign, *rsa, "-noattr"),
            "signed file, in pieces": self.run(*sign, *rsa, "-nodetach", "-stream"),
            "bag of certificates": self.run(
                "crl2pkcs7", "-nocrl", "-certfile", "leaf.pem", "-certfile", "ca.pem", "-outform", "DER", "-out", "out"
            ),
            "letter": self.run(
                "cms", "-encrypt", "-in", "letter.txt", "-aes256", "-outform", "DER", "-out", "out", "rsa.pem"
            ),
        }
        return {
            name: Made(data=data, kind="CMS message", leaves=_LEAVES.get(name, frozenset()))
            for name, data in made.items()
        }

    def _containers(self) -> dict[str, Made]:
        begin: tuple[str, ...] = (
            "pkcs12",
            "-export",
            "-inkey",
            "leaf.key",
            "-in",
            "leaf.pem",
            "-certfile",
            "ca.pem",
            "-name",
            "lab",
        )
        begin = (*begin, "-passout", f"pass:{PASSWORD}", "-out", "out")
        old = ("-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1")
        made = {"modern": self.run(*begin), "legacy": self.run(*begin, *old)}
        return {
            f"container, {name}": Made(data=data, kind="PKCS#12 container", password=PASSWORD, opens=2)
            for name, data in made.items()
        }

    def _keys(self) -> dict[str, Made]:
        found: dict[str, Made] = {}
        for which in ("rsa", "leaf"):
            begin = ("pkcs8", "-topk8", "-in", f"{which}.key", "-outform", "DER", "-out", "out")
            found[f"open key, {which}"] = Made(data=self.run(*begin, "-nocrypt"), kind="private key")
            for how in (("-v2", "aes-256-cbc"), ("-v2", "des3"), ("-scrypt",), ("-v1", "PBE-SHA1-3DES")):
                data = self.run(*begin, "-passout", f"pass:{PASSWORD}", *how)
                found[f"sealed key, {which}, {' '.join(how)}"] = Made(
                    data=data, kind="encrypted private key", password=PASSWORD, opens=1
                )
        old = ("-traditional", "-outform", "DER", "-out", "out")
        found["old key, rsa"] = Made(data=self.run("pkey", "-in", "rsa.key", *old), kind="RSA private key")
        found["old key, leaf"] = Made(data=self.run("pkey", "-in", "leaf.key", *old), kind="EC private key")
        public = ("pkey", "-in", "leaf.key", "-pubout", "-outform", "DER", "-out", "out")
        found["public key"] = Made(data=self.run(*public), kind="public key")
        return found

    def close(self) -> None:
        """Remove the folder: it holds keys."""
        shutil.rmtree(self._folder)


_CONFIGURATION = """[ca]
default_ca = lab
[lab]
database = index.txt
crlnumber = number
certificate = ca.pem
private_key = ca.key
default_md = sha256
[plain]
authorityKeyIdentifier = keyid
[full]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @point
[point]
fullname = URI:http://ca.lab.test/ca.crl
onlyuser = TRUE
"""
_FAILURE = "asn1 = SEQUENCE:answer\n[answer]\nstatus = ENUMERATED:3\n"
