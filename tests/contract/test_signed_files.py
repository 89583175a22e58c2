"""`openssl cms` accepts the files that are signed here, and what it signs is accepted here; a changed file never is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pkilab.errors import SignatureRefused, SignatureUnreadable
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import cms, keys
from tests.contract.commands import OpenSSL
from tests.x509.samples import NOW, issued, key, request, root

SIGNERS = [a for a in KeyAlgorithm if a.startswith(("rsa", "ec"))]
CONTENT = b"#!/bin/sh\necho hello\r\n" * 1000
AT = ("-attime", int(NOW.timestamp()))


@dataclass
class Desk:
    """A file, a signer under an intermediate CA, and `openssl`."""

    openssl: OpenSSL
    folder: Path
    own: Certificate
    middle: Certificate
    algorithm: KeyAlgorithm

    @property
    def file(self) -> Path:
        return self.folder / "hello.sh"

    def digests(self) -> dict[str, bytes]:
        return {name: hashlib.new(name, self.file.read_bytes()).digest() for name in cms.DIGESTS}

    def judged(self, signature: Path, *more: object) -> tuple[int, str]:
        how = ["cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", self.file, *AT]
        trust = ["-purpose", "any", "-no-CAfile", "-no-CApath", "-CAfile", self.folder / "root.pem"]
        return self.openssl.tried(*how, *trust, "-out", self.folder / "out", *more)

    def sign(self, name: str, *more: object) -> Path:
        """Have `openssl` sign."""
        files = ["-signer", self.folder / "own.pem", "-inkey", self.folder / "own.key"]
        with_chain = ["-certfile", self.folder / "middle.pem"]
        out = self.folder / name
        self.openssl("cms", "-sign", "-binary", *files, *with_chain, "-in", self.file, "-out", out, *more)
        return out


@pytest.fixture(params=SIGNERS)
def desk(request: pytest.FixtureRequest, tool: Callable[[str], str], tmp_path: Path) -> Desk:
    return make(request.param, OpenSSL(tool("openssl")), tmp_path)


def make(algorithm: KeyAlgorithm, openssl: OpenSSL, folder: Path) -> Desk:
    between = key(KeyAlgorithm.EC_P384, 2)
    middle = issued(request(DN(common_name="Middle CA"), (), of=between), Usage.INTERMEDIATE)
    signer = key(algorithm, 1)
    own = issued(request(of=signer), Usage.CODE_SIGNING, issuer=middle, issuer_key=between)
    desk = Desk(openssl, folder, own, middle, algorithm)
    desk.file.write_bytes(CONTENT)
    (folder / "root.pem").write_text(root().pem)
    (folder / "middle.pem").write_text(middle.pem)
    (folder / "own.pem").write_text(own.pem)
    (folder / "own.key").write_bytes(keys.dump(signer, None))
    return desk


def test_openssl_accepts_what_is_signed_here_and_sees_a_changed_file(desk: Desk) -> None:
    signer = key(desk.algorithm, 1)
    signature = desk.folder / "hello.sh.p7s"
    signature.write_bytes(cms.sign(desk.digests()[cms.digest_for(signer)], signer, desk.own, [desk.middle], now=NOW))
    code, said = desk.judged(signature)
    assert code == 0, said
    assert (desk.folder / "out").read_bytes() == CONTENT
    desk.file.write_bytes(CONTENT + b"rm -r x\n")
    code, said = desk.judged(signature)
    assert code != 0
    assert "digest" in said or "verification failure" in said.lower()


@pytest.mark.parametrize(
    "how", [(), ("-md", "sha512"), ("-keyid",), ("-noattr",), ("-outform", "PEM")], ids=lambda how: "".join(how) or "-"
)
def test_what_openssl_signs_is_accepted_here_and_a_changed_file_is_not(desk: Desk, how: tuple[str, ...]) -> None:
    form = () if "-outform" in how else ("-outform", "DER")
    path = desk.sign("theirs", *form, *how)
    found = cms.read(path.read_bytes(), path=path)
    assert found.signers[0].certificate == desk.own
    cms.check(found, desk.digests(), path=desk.file)
    desk.file.write_bytes(CONTENT[:-1])
    with pytest.raises(SignatureRefused):
        cms.check(found, desk.digests(), path=desk.file)


def test_a_signature_that_holds_the_file_itself_is_told(tool: Callable[[str], str], tmp_path: Path) -> None:
    desk = make(KeyAlgorithm.EC_P256, OpenSSL(tool("openssl")), tmp_path)
    path = desk.sign("theirs", "-outform", "DER", "-nodetach")
    with pytest.raises(SignatureUnreadable, match="a detached signature is needed"):
        cms.read(path.read_bytes(), path=path)


def test_pss_and_a_signer_who_is_known_elsewhere(tool: Callable[[str], str], tmp_path: Path) -> None:
    desk = make(KeyAlgorithm.RSA_2048, OpenSSL(tool("openssl")), tmp_path)
    path = desk.sign("theirs", "-outform", "DER", "-nocerts", "-keyopt", "rsa_padding_mode:pss")
    found = cms.read(path.read_bytes(), path=path, known=(root(), desk.own))
    cms.check(found, desk.digests(), path=desk.file)
    desk.file.write_bytes(CONTENT[:-1])
    with pytest.raises(SignatureRefused):
        cms.check(found, desk.digests(), path=desk.file)
