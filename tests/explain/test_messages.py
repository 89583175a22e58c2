"""What is said of messages, containers, ciphers and statements here, as a learner reads it."""

from __future__ import annotations

import pytest

from pkilab.explain import explain, summary
from pkilab.explain.node import Node
from pkilab.explain.reading import Part, as_kind
from pkilab.explain.tell import tell
from pkilab.x509 import der
from pkilab.x509.extensions import Extension
from tests.explain.objects import VECTORS

STAPLE = "Says that the server has to staple an OCSP response to its handshake (status_request)."


def said(node: Node | None) -> str:
    assert node is not None
    return tell(node).here


def extension(dotted: str, value: bytes) -> Node:
    return as_kind(der.sequence(Extension(dotted, critical=False, value=value).encoded), "extensions").root.children[0]


def opened(name: str, password: str = "cryptography") -> list[Part]:
    """Everything that a container of cryptography's vectors holds, opened."""
    found, waiting = [], list(explain((VECTORS / "pkcs12" / name).read_bytes(), password=password).parts)
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        waiting += part.opened
    return found


def test_signed_data_says_how_many_signed_what() -> None:
    root = explain((VECTORS / "pkcs7" / "isrg.pem").read_bytes()).tree.root
    assert said(root.first("SignedData")) == "It has no signature, and only carries 1 certificate."
    signed = explain((VECTORS / "pkcs7" / "authenticode.der").read_bytes()).tree.root
    assert "It has 1 signature over spcIndirectData, which is in it; it brings " in said(signed.first("SignedData"))
    assert said(signed.first("SignerInfo")).startswith("Checked with the certificate with number ")


def test_enveloped_data_says_for_whom_and_how() -> None:
    root = explain((VECTORS / "pkcs7" / "enveloped-rsa-oaep.pem").read_bytes()).tree.root
    assert said(root.first("EnvelopedData")) == "Encrypted with aes128-CBC for 1 recipient."
    assert "the content's key is encrypted with id-RSAES-OAEP" in said(root.first("ktri"))
    cipher = root.first("contentEncryptionAlgorithm")
    assert cipher is not None
    assert said(cipher) == "aes128-CBC."
    assert said(cipher.child("parameters")).startswith("The random block that the cipher starts from (IV): ")


def test_a_container_says_what_is_in_its_safes() -> None:
    parts = opened("name-all-pwd.p12", "password")
    root = parts[0].tree.root
    assert said(root) == "Holds 2 safes, with a check by the password."
    assert said(root.first("iterations")).endswith("That is few today: OWASP recommends 600,000 with SHA-256.")
    bags = [said(node) for part in parts for node in part.tree.walk() if node.type.name == "SafeBag"]
    assert {"Certificate, called name.", "Private key, encrypted, called name."} < set(bags)


@pytest.mark.parametrize("name", ["cert-key-aes256cbc.p12", "java-truststore.p12", "cert-none-key-none.p12"])
def test_of_a_container_only_the_key_is_hidden(name: str) -> None:
    hidden = [
        node.key for part in opened(name) for node in part.tree.walk() if not node.children and summary.secret(node)
    ]
    assert set(hidden) <= {"ECPrivateKey.privateKey"}
    assert ("java" in name) == (not hidden)


def test_what_follows_from_an_unknown_number_stays_hidden() -> None:
    bag = der.sequence(der.oid("1.2.3"), der.element(0xA0, der.element(der.OCTET_STRING, b"secret")))
    tree = as_kind(der.sequence(bag), "SafeContents")
    assert not tree.damaged
    assert [node.content for node in tree.walk() if not node.children and summary.secret(node)] == [b"secret"]


def test_a_name_or_text_keeps_its_first_letter() -> None:
    name = der.sequence(der.oid("1.3.6.1.4.1.311.20.2.3"), der.element(0xA0, der.element(der.UTF8_STRING, b"user@x")))
    names = extension("2.5.29.17", der.sequence(der.element(0xA0, name[2:])))
    assert said(names.first("value")) == "It says user@x."
    assert summary.of(names).startswith("subjectAltName: other name")


@pytest.mark.parametrize(
    ("dotted", "info", "here"),
    [
        ("0.4.0.1862.1.1", b"", "Qualified certificate (0.4.0.1862.1.1)."),
        ("0.4.0.1862.1.3", der.integer(15), "Retention: 15 years after the certificate's end."),
        (
            "0.4.0.1862.1.2",
            der.sequence(der.element(der.PRINTABLE_STRING, b"EUR"), der.integer(5), der.integer(3)),
            "Limit of value: 5,000 EUR.",
        ),
        ("0.4.0.1862.1.6", der.sequence(der.oid("0.4.0.1862.1.6.2")), "Type of qualified certificate: Seals."),
    ],
)
def test_a_qualified_statement_is_told_with_its_value(dotted: str, info: bytes, here: str) -> None:
    found = extension("1.3.6.1.5.5.7.1.3", der.sequence(der.sequence(der.oid(dotted), info)))
    assert said(found.first("QCStatement")) == here
    assert said(found).startswith("Holds 1 statement: qc")


@pytest.mark.parametrize(
    ("dotted", "value", "here"),
    [
        (
            "1.3.6.1.4.1.311.21.1",
            der.integer(0x20003),
            "Says that this is certificate 3 and key 2 of the CA, both counted from 0.",
        ),
        (
            "1.3.6.1.4.1.311.21.7",
            der.sequence(der.oid("1.2.3"), der.integer(100), der.integer(4)),
            "Says that it was issued by the template 1.2.3, version 100.4.",
        ),
        (
            "1.3.6.1.5.5.7.1.24",
            der.sequence(der.integer(5), der.integer(17)),
            f"{STAPLE} It also has to answer: status_request_v2 (17).",
        ),
    ],
)
def test_an_extension_of_others_is_told_with_its_value(dotted: str, value: bytes, here: str) -> None:
    assert said(extension(dotted, value)) == here


NUMBER_7 = der.sequence(der.sequence(), der.integer(7))
AES = der.sequence(der.oid("2.16.840.1.101.3.4.1.2"), der.element(der.OCTET_STRING, bytes(16)))
KEY = der.element(der.OCTET_STRING, bytes(24))
AGREED = der.element(
    0xA1,
    der.integer(3),
    der.element(0xA0, der.element(0xA1, der.sequence(der.oid("1.2.840.10045.2.1")), der.bit_string(bytes(65)))),
    der.sequence(der.oid("1.3.132.1.11.1"), der.sequence(der.oid("2.16.840.1.101.3.4.1.5"))),
    der.sequence(der.sequence(NUMBER_7, KEY)),
)
BY_PASSWORD = der.element(
    0xA3, der.integer(0), der.element(0xA0, der.oid("1.2.840.113549.1.5.12")), der.sequence(der.oid("1.2.3")), KEY
)
SCHEME = "dhSinglePass-stdDH-sha256kdf-scheme"
CONTENT = der.sequence(der.oid("1.2.840.113549.1.7.1"), AES, der.element(0x80, bytes(16)))


@pytest.mark.parametrize(
    ("recipient", "name", "here"),
    [
        (
            AGREED,
            "kari",
            f"For the certificate with number 7 of the issuer an empty name; the key is agreed on by {SCHEME}.",
        ),
        (BY_PASSWORD, "pwri", "For whoever has the password, of which PBKDF2 makes a key."),
    ],
)
def test_a_recipient_of_any_kind_is_told(recipient: bytes, name: str, here: str) -> None:
    recipients = der.element(der.SET, recipient)
    for kind, version, more in (("1.2.840.113549.1.7.3", 2, b""), ("1.2.840.113549.1.9.16.1.23", 0, KEY)):
        content = der.sequence(der.integer(version), recipients, CONTENT, more)
        tree = as_kind(der.sequence(der.oid(kind), der.element(0xA0, content)), "CMS message")
        assert list(tree.troubles()) == []
        assert said(tree.root.first(name)) == here
        assert not explain(tree.data).sealed


def test_a_cipher_that_is_not_offered_is_named() -> None:
    part = explain((VECTORS / "pkcs12" / "cert-rc2-key-3des.p12").read_bytes(), password="cryptography").parts[0]
    assert part.closed_as == (
        "it is sealed with pbeWithSHAAnd40BitRC2-CBC (1.2.840.113549.1.12.1.6), which is not offered here"
    )
