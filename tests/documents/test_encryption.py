"""What is encrypted opens with the right key alone, and is told apart from what was changed."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pkilab.documents import encryption
from pkilab.documents.tree import XENC
from pkilab.errors import CannotDecrypt, CannotDo, DocumentUnreadable, InvalidField
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.usage import Usage
from tests.x509.samples import PATH, foreign, issued, key, request

DOCUMENT = b'<p:order xmlns:p="urn:o"><p:to>Ana</p:to> for <p:card>4000</p:card> or <p:card>5000</p:card>.</p:order>'
RECIPIENT = issued(request(of=key(KeyAlgorithm.RSA_2048, 1)))
OURS, OTHERS = key(KeyAlgorithm.RSA_2048, 1), key(KeyAlgorithm.RSA_2048, 5)
CLOSED = encryption.encrypt(DOCUMENT, RECIPIENT, path=PATH)


def canonical(document: bytes) -> bytes:
    return etree.tostring(etree.fromstring(document), method="c14n", exclusive=True)


@pytest.mark.parametrize("element", ["", ".//p:card", "./p:to"])
def test_what_is_encrypted_opens_again(element: str) -> None:
    closed = encryption.encrypt(DOCUMENT, RECIPIENT, element=element, path=PATH)
    assert (b"4000" in closed) is (element == "./p:to")
    assert (b"Ana" in closed) is (element == ".//p:card")
    assert canonical(encryption.decrypt(closed, OURS, path=PATH)) == canonical(DOCUMENT)


@pytest.mark.parametrize("around", ["{}", "<r>{}</r>", "<o:r xmlns:o='urn:o'>{}</o:r>"])
def test_the_namespace_of_the_encryption_is_not_taken_over(around: str) -> None:
    """Other programs declare it as the default one, where pkilab has a prefix."""
    plain = around.format("<a><b/></a>")
    closed = encryption.encrypt(plain.encode(), RECIPIENT, element="" if around == "{}" else "a", path=PATH)
    foreigner = closed.replace(b"xenc:", b"").replace(b"xmlns:xenc=", b"xmlns=")
    assert b"<EncryptedData xmlns=" in foreigner
    assert canonical(encryption.decrypt(foreigner, OURS, path=PATH)) == canonical(plain.encode())


def test_what_lies_within_another_element_is_encrypted_with_it() -> None:
    nested = b"<a><b>1<b>2</b></b><b>3</b></a>"
    closed = encryption.encrypt(nested, RECIPIENT, element=".//b", path=PATH)
    assert closed.count(b"<xenc:EncryptedData") == 2
    assert canonical(encryption.decrypt(closed, OURS, path=PATH)) == nested


def test_the_same_document_never_looks_the_same_twice() -> None:
    assert encryption.encrypt(DOCUMENT, RECIPIENT, path=PATH) != CLOSED


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotDecrypt, match="for another key"):
        encryption.decrypt(CLOSED, OTHERS, path=PATH)
    with pytest.raises(CannotDecrypt, match="only an RSA key opens"):
        encryption.decrypt(CLOSED, key(), path=PATH)


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44])
def test_a_key_that_only_signs_is_refused_and_told_which_would_do(algorithm: KeyAlgorithm) -> None:
    with pytest.raises(CannotDo, match="A certificate with an RSA key would do"):
        encryption.encrypt(DOCUMENT, issued(request(of=key(algorithm, 1))), path=PATH)


def test_a_certificate_that_is_not_for_it_is_refused() -> None:
    signer = issued(request(of=key(KeyAlgorithm.RSA_2048, 1)), Usage.CODE_SIGNING)
    with pytest.raises(CannotDo, match="no keyEncipherment"):
        encryption.encrypt(DOCUMENT, signer, path=PATH)


def test_what_is_not_there_cannot_be_encrypted() -> None:
    with pytest.raises(DocumentUnreadable, match="no element at that path"):
        encryption.encrypt(DOCUMENT, RECIPIENT, element=".//nothing", path=PATH)
    for path in ("//[", "q:card", "/order"):
        with pytest.raises(InvalidField, match="Element"):
            encryption.encrypt(DOCUMENT, RECIPIENT, element=path, path=PATH)


def test_what_is_open_cannot_be_opened() -> None:
    with pytest.raises(DocumentUnreadable, match="nothing in it is encrypted"):
        encryption.decrypt(DOCUMENT, OURS, path=PATH)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"xmlenc11#aes256-gcm", b"xmlenc#tripledes-cbc", "algorithm that is not known"),
        (b"xmlenc11#aes256-gcm", b"xmlenc11#aes128-gcm", "changed or cut off"),
        (b"xmlenc#rsa-oaep-mgf1p", b"xmlenc#rsa-1_5", "RSA-OAEP is"),
        (b"2000/09/xmldsig#sha1", b"2001/04/xmlenc#sha256", "for another key"),
        (b"EncryptedKey", b"NoKey", "names no key"),
    ],
)
def test_another_manner_of_encrypting_is_refused_in_words(old: bytes, new: bytes, why: str) -> None:
    assert old in CLOSED
    with pytest.raises(CannotDecrypt, match=why):
        encryption.decrypt(CLOSED.replace(old, new), OURS, path=PATH)


@given(at=st.integers(0, 60), bit=st.integers(0, 7))
def test_no_bit_of_what_is_encrypted_can_be_changed_unseen(at: int, bit: int) -> None:
    tree = etree.fromstring(CLOSED)
    value = tree.find(f"{{{XENC}}}CipherData/{{{XENC}}}CipherValue")
    assert value is not None
    octets = bytearray(base64.b64decode(value.text or ""))
    octets[at] ^= 1 << bit
    value.text = base64.b64encode(octets).decode()
    with pytest.raises(CannotDecrypt, match="changed or cut off"):
        encryption.decrypt(etree.tostring(tree), OURS, path=PATH)


@pytest.mark.parametrize(("digest", "mask"), [("sha256", "sha256"), ("sha512", "sha1")])
def test_the_second_form_of_oaep_is_read(digest: str, mask: str) -> None:
    """As newer programs write it: another hash, and another one for the mask."""
    tree = etree.fromstring(CLOSED)
    holder = tree.find(f".//{{{XENC}}}EncryptedKey")
    public = foreign(RECIPIENT).public_key()
    assert holder is not None
    assert isinstance(public, RSAPublicKey)
    method, value = holder.find(f"{{{XENC}}}EncryptionMethod"), holder.find(f".//{{{XENC}}}CipherValue")
    assert method is not None
    assert value is not None
    first = padding.OAEP(padding.MGF1(_hash("sha1")), _hash("sha1"), None)
    second = padding.OAEP(padding.MGF1(_hash(mask)), _hash(digest), b"label")
    secret = OURS.decrypt(base64.b64decode(value.text or ""), first)  # type: ignore[union-attr]
    value.text = base64.b64encode(public.encrypt(secret, second)).decode()
    method.set("Algorithm", "http://www.w3.org/2009/xmlenc11#rsa-oaep")
    method[0].set("Algorithm", f"{XENC}{digest}")
    etree.SubElement(
        method, "{http://www.w3.org/2009/xmlenc11#}MGF", Algorithm=f"http://www.w3.org/2009/xmlenc11#mgf1{mask}"
    )
    etree.SubElement(method, f"{{{XENC}}}OAEPparams").text = base64.b64encode(b"label").decode()
    assert canonical(encryption.decrypt(etree.tostring(tree), OURS, path=PATH)) == canonical(DOCUMENT)


def _hash(name: str) -> hashes.HashAlgorithm:
    made = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}  # noqa: S303 - what is read
    return made[name]


@given(st.binary(max_size=100))
def test_no_octets_make_it_fail_otherwise(junk: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        encryption.decrypt(b"\x00" + junk, OURS, path=PATH)
    with pytest.raises(DocumentUnreadable):
        encryption.encrypt(b"<a>" + junk, RECIPIENT, path=PATH)
