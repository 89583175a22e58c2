"""A signature covers all of a document, and only what it covers counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pkilab.documents import signature
from pkilab.documents.tree import DS
from pkilab.errors import CannotDo, DocumentUnreadable, PkilabError, SignatureRefused
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.x509.keys import PrivateKey
from tests.x509.samples import PATH, issued, key, request, root

DOCUMENT = b"<order><to>Ana</to><amount>7</amount></order>"
SIGNERS = [a for a in KeyAlgorithm if a.startswith(("rsa", "ec"))]


def signed(algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> bytes:
    signer: PrivateKey = key(algorithm, 1)
    return signature.sign(DOCUMENT, signer, issued(request(of=signer)), (root(),), path=PATH)


SAMPLE = signed()


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_what_is_signed_holds_and_tells_by_whom_and_over_what(algorithm: KeyAlgorithm) -> None:
    found = signature.verify(signed(algorithm), path=PATH)
    assert found.certificate == issued(request(of=key(algorithm, 1)))
    assert found.others == (root(),)
    assert found.content == DOCUMENT


@pytest.mark.parametrize("algorithm", [a for a in KeyAlgorithm if a not in SIGNERS])
def test_a_key_that_cannot_sign_xml_is_refused_and_told_which_would_do(algorithm: KeyAlgorithm) -> None:
    with pytest.raises(CannotDo, match="RSA or ECDSA key would do"):
        signature.sign(DOCUMENT, key(algorithm), root(algorithm), (), path=PATH)


def test_a_changed_document_is_refused() -> None:
    with pytest.raises(SignatureRefused, match="the document was changed after it was signed"):
        signature.verify(SAMPLE.replace(b">7<", b">9<"), path=PATH)


def test_a_changed_signature_is_refused() -> None:
    tree = etree.fromstring(SAMPLE)
    value = tree.find(f".//{{{DS}}}SignatureValue")
    assert value is not None
    assert value.text
    value.text = "A" + value.text[1:] if value.text[0] != "A" else "B" + value.text[1:]
    with pytest.raises(SignatureRefused, match="it does not hold"):
        signature.verify(etree.tostring(tree), path=PATH)


def test_another_certificate_in_it_makes_it_no_ones() -> None:
    tree = etree.fromstring(SAMPLE)
    first, second = tree.findall(f".//{{{DS}}}X509Certificate")
    first.text = second.text
    with pytest.raises(SignatureRefused, match="by another key"):
        signature.verify(etree.tostring(tree), path=PATH)


def test_content_that_is_signed_elsewhere_in_a_document_does_not_count() -> None:
    """Signature wrapping: the signed document, hidden within another one."""
    wrapped = b"<order><to>Eve</to><amount>9</amount><x>" + SAMPLE.partition(b"?>")[2] + b"</x></order>"
    with pytest.raises(SignatureRefused, match="does not stand alone at the top"):
        signature.verify(wrapped, path=PATH)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'URI=""', b'URI="#x"', "not over the whole document"),
        (b"xmldsig#enveloped-signature", b"xmldsig#base64", "over a changed form"),
        (b"ds:X509Certificate", b"ds:X509CRL", "brings no certificate"),
        (b"more#ecdsa-sha256", b"more#hmac-sha256", "algorithm that is not accepted"),
        (b"more#ecdsa-sha256", b"more#nonsense", "in a way that is not known"),
        (b"more#ecdsa-sha256", b"more#ecdsa-sha1", "algorithm that is not accepted"),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1", "does not hold"),
    ],
)
def test_a_signature_in_another_manner_is_refused_in_words(old: bytes, new: bytes, why: str) -> None:
    assert old in SAMPLE
    with pytest.raises(SignatureRefused, match=why):
        signature.verify(SAMPLE.replace(old, new), path=PATH)


def test_two_signatures_are_refused_and_none_is_told() -> None:
    with pytest.raises(DocumentUnreadable, match="signed already"):
        signature.sign(SAMPLE, key(KeyAlgorithm.EC_P256, 1), root(), (), path=PATH)
    with pytest.raises(DocumentUnreadable, match="is not signed"):
        signature.verify(DOCUMENT, path=PATH)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "DOCTYPE"),
    ],
)
def test_what_is_no_document_or_brings_a_document_type_is_refused(document: bytes, why: str) -> None:
    for act in (
        lambda: signature.verify(document, path=PATH),
        lambda: signature.sign(document, key(KeyAlgorithm.EC_P256, 1), root(), (), path=PATH),
    ):
        with pytest.raises(DocumentUnreadable, match=why):
            act()


@given(at=st.integers(0, len(SAMPLE) - 1), octet=st.integers(0, 255))
def test_no_octet_can_be_changed_so_that_something_else_counts(at: int, octet: int) -> None:
    changed = SAMPLE[:at] + bytes((octet,)) + SAMPLE[at + 1 :]
    try:
        found = signature.verify(changed, path=PATH)
    except PkilabError:
        return
    assert found.content == DOCUMENT
    assert found.certificate.key == issued().key
