"""`xmlsec1` accepts what is signed here and opens what is encrypted here, and the other way round."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from pkilab.documents import encryption, signature
from pkilab.documents.tree import DS
from pkilab.errors import CannotDecrypt, SignatureRefused
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import keys
from tests.contract.commands import OpenSSL as Command
from tests.x509.samples import NOW, PATH, issued, key, request, root

SIGNERS = [a for a in KeyAlgorithm if a.startswith(("rsa", "ec"))]
ORDER = (
    '<?xml version="1.0"?>\n<o:order xmlns:o="urn:lab:order" id="7">\n  <o:to>Ñandú &amp; Cía</o:to>\n'
    '  <o:card kind="x">4000 1234</o:card> and <o:card>4000 5678</o:card>\n  <!-- soon -->\n</o:order>\n'
).encode()
C14N = ("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
METHODS = {
    "RSA": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "EC": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
}


@dataclass
class Desk:
    xmlsec1: Command
    folder: Path
    own: Certificate
    middle: Certificate
    algorithm: KeyAlgorithm

    def write(self, name: str, data: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def judged(self, document: bytes) -> tuple[int, str]:
        at = f"{NOW:%Y-%m-%d %H:%M:%S}"
        trust = ("--trusted-pem", self.folder / "root.pem", "--verification-time", at)
        return self.xmlsec1.tried("--verify", *trust, self.write("judged.xml", document))


def make(algorithm: KeyAlgorithm, xmlsec1: str, folder: Path) -> Desk:
    between = key(KeyAlgorithm.RSA_3072, 2)
    middle = issued(request(DN(common_name="Middle CA"), (), of=between), Usage.INTERMEDIATE)
    own = issued(request(of=key(algorithm, 1)), issuer=middle, issuer_key=between)
    desk = Desk(Command(xmlsec1), folder, own, middle, algorithm)
    for name, text in {"root.pem": root().pem, "middle.pem": middle.pem, "own.pem": own.pem}.items():
        desk.write(name, text)
    desk.write("own.key", keys.dump(key(algorithm, 1), None))
    return desk


@pytest.fixture(params=SIGNERS)
def desk(request: pytest.FixtureRequest, tool: Callable[[str], str], tmp_path: Path) -> Desk:
    return make(request.param, tool("xmlsec1"), tmp_path)


@pytest.fixture
def rsa(tool: Callable[[str], str], tmp_path: Path) -> Desk:
    return make(KeyAlgorithm.RSA_2048, tool("xmlsec1"), tmp_path)


def test_xmlsec1_accepts_what_is_signed_here_and_sees_every_change(desk: Desk) -> None:
    made = signature.sign(ORDER, key(desk.algorithm, 1), desk.own, (desk.middle,), path=PATH)
    code, said = desk.judged(made)
    assert code == 0, said
    assert desk.judged(made.replace(b"4000 1234", b"4000 9999"))[0] != 0
    assert desk.judged(made.replace(b'id="7"', b'id="8"'))[0] != 0
    desk.write("root.pem", root(KeyAlgorithm.ED25519).pem)
    assert desk.judged(made)[0] != 0


@pytest.mark.parametrize("c14n", C14N)
def test_what_xmlsec1_signs_is_accepted_here_and_a_change_is_not(desk: Desk, c14n: str) -> None:
    template = f"""<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>
      <ds:CanonicalizationMethod Algorithm="{c14n}"/><ds:SignatureMethod Algorithm="{METHODS[desk.own.key.family]}"/>
      <ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature"/></ds:Transforms>
      <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue/></ds:Reference>
      </ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"""
    path = desk.write("template.xml", ORDER.replace(b"</o:order>", template.encode() + b"</o:order>"))
    chain = f"{desk.folder / 'own.key'},{desk.folder / 'own.pem'},{desk.folder / 'middle.pem'}"
    out = desk.folder / "signed.xml"
    desk.xmlsec1("--sign", "--privkey-pem", chain, "--output", out, path)
    found = signature.verify(out.read_bytes(), path=out)
    assert found.certificate == desk.own
    assert desk.middle in found.others
    assert "Ñandú".encode() in found.content
    with pytest.raises(SignatureRefused, match="was changed after it was signed"):
        signature.verify(out.read_bytes().replace(b"4000 1234", b"4000 9999"), path=out)


@pytest.mark.parametrize("element", ["", ".//o:card", "./o:to"])
def test_xmlsec1_opens_what_is_encrypted_here(rsa: Desk, element: str) -> None:
    closed = encryption.encrypt(ORDER, rsa.own, element=element, path=PATH)
    assert not [word for word in (b"4000 1234", b"4000 5678") if word in closed and element != "./o:to"]
    path, out = rsa.write("closed.xml", closed), rsa.folder / "open.xml"
    while b"EncryptedData" in path.read_bytes():  # it opens the first that it meets
        rsa.xmlsec1("--decrypt", "--privkey-pem", rsa.folder / "own.key", "--output", out, path)
        path.write_bytes(out.read_bytes())
    assert canonical(out.read_bytes()) == canonical(ORDER)


def test_xmlsec1_does_not_open_it_with_another_key(rsa: Desk) -> None:
    path = rsa.write("closed.xml", encryption.encrypt(ORDER, rsa.own, path=PATH))
    other = rsa.write("other.key", keys.dump(key(KeyAlgorithm.RSA_2048, 5), None))
    assert rsa.xmlsec1.tried("--decrypt", "--privkey-pem", other, path)[0] != 0


@pytest.mark.parametrize(
    "cipher", ["2009/xmlenc11#aes128-gcm", "2009/xmlenc11#aes256-gcm", "2001/04/xmlenc#aes256-cbc"]
)
@pytest.mark.parametrize("kind", ["Element", "Content"])
@pytest.mark.parametrize("where", ["/order", "card"])
def test_what_xmlsec1_encrypts_is_opened_here(rsa: Desk, cipher: str, kind: str, where: str) -> None:
    template = f"""<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="{DS}"
      Type="http://www.w3.org/2001/04/xmlenc#{kind}"><x:EncryptionMethod Algorithm="http://www.w3.org/{cipher}"/>
      <ds:KeyInfo><x:EncryptedKey><x:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>
      <ds:KeyInfo><ds:KeyName/></ds:KeyInfo><x:CipherData><x:CipherValue/></x:CipherData></x:EncryptedKey></ds:KeyInfo>
      <x:CipherData><x:CipherValue/></x:CipherData></x:EncryptedData>"""
    path, out = rsa.write("template.xml", template), rsa.folder / "closed.xml"
    plain = rsa.write("plain.xml", ORDER)
    session = f"aes-{cipher[-7:-4]}"
    which = ("--node-xpath", "//*[local-name()='card'][1]" if where == "card" else "/*")
    given = ("--pubkey-cert-pem", rsa.folder / "own.pem", "--session-key", session, "--xml-data", plain, *which)
    rsa.xmlsec1("--encrypt", *given, "--output", out, path)
    closed = out.read_bytes()
    assert b"4000 1234" not in closed
    assert canonical(encryption.decrypt(closed, key(KeyAlgorithm.RSA_2048, 1), path=out)) == canonical(ORDER)
    with pytest.raises(CannotDecrypt, match="another key"):
        encryption.decrypt(closed, key(KeyAlgorithm.RSA_2048, 5), path=out)


def canonical(document: bytes) -> bytes:
    return etree.tostring(etree.fromstring(document), method="c14n", exclusive=True, with_comments=True)
