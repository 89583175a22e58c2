"""What is said of a field here, as a learner reads it."""

import pytest

from pkilab.explain import explain, lines, summary
from pkilab.explain.kinds import told
from pkilab.explain.node import Node
from pkilab.explain.reading import as_kind
from pkilab.explain.search import search
from pkilab.explain.tell import Told, tell
from pkilab.model.usage import Usage
from pkilab.x509 import der
from pkilab.x509 import extensions as written
from tests.explain.objects import VECTORS, crl, ocsp_objects, own_objects
from tests.x509 import samples


def said(data: bytes, what: str) -> Told:
    node = search(explain(data), what)
    assert node is not None, what
    return tell(node)


CRITICAL = "It is critical: software that does not understand it must refuse the whole."
EMPTY = "30 00 is an empty SEQUENCE, since FALSE is the default and DER leaves defaults out."
USES = "sign data and handshakes (digitalSignature); agree on keys (keyAgreement)"
LEAF = samples.issued(samples.request(names=["DNS:santiago.lab.test", "IP:10.0.0.7"])).der


@pytest.mark.parametrize(
    ("what", "here"),
    [
        (
            "basicConstraints",
            f"Says that this key may not sign other certificates. {EMPTY} {CRITICAL}",
        ),
        ("serialNumber", "This is number 7."),
        (
            "subjectAltName",
            "Says that the certificate is good for 2 names: DNS santiago.lab.test, IP 10.0.0.7.",
        ),
        (
            "keyUsage",
            f"Says that the key may be used to: {USES}. Everything else is forbidden. {CRITICAL}",
        ),
        (
            "extKeyUsage",
            "Says that the certificate may be used for: serverAuth, clientAuth. Every other purpose is refused.",
        ),
        ("notAfter", "It is valid until 2027-11-23 12:00:00 UTC, that second included."),
        ("issuer", "Issued by C = CL, O = Lab, CN = Training CA."),
        ("subject", "It belongs to CN = santiago.lab.test."),
        ("signatureAlgorithm", "It is signed with ecdsa-with-SHA256."),
        ("signatureValue", "The signature is a pair of numbers, r and s."),
        ("subjectPublicKeyInfo", "A key on the elliptic curve secp256r1, 65 octets."),
        ("subjectPublicKey", "A point in 65 octets: the first, 04, says both coordinates."),
        ("version", "It is v3 (2)."),
    ],
)
def test_a_certificates_fields_say_what_this_certificate_says(what: str, here: str) -> None:
    assert said(LEAF, what).here == here


def test_an_explanation_has_its_parts() -> None:
    found = said(LEAF, "basicConstraints")
    assert found.title == "Basic constraints"
    assert found.clauses == ("RFC 5280 §4.2.1.9", "RFC 5280 §4.2")
    assert "act" in found.purpose
    assert "cA TRUE" in found.without
    assert found.troubles == ()


@pytest.mark.parametrize(
    ("path_length", "words"),
    [(None, "any number of CAs below it"), (0, "no further CAs"), (1, "at most 1 CA may"), (4, "at most 4 CAs may")],
)
def test_a_path_length_is_told_in_words(path_length: int | None, words: str) -> None:
    value = written.basic_constraints(path_length, ca=True).encoded
    node = as_kind(der.sequence(value), "extensions").root.children[0]
    assert words in tell(node).here


def test_a_path_length_below_zero_makes_no_sense() -> None:
    value = der.sequence(der.TRUE, der.element(der.INTEGER, b"\xff"))
    extension = written.Extension(written.BASIC_CONSTRAINTS, critical=True, value=value).encoded
    assert "makes no sense" in tell(as_kind(der.sequence(extension), "extensions").root.children[0]).here


def test_timestamps_of_logs_are_read() -> None:
    found = explain((VECTORS / "x509" / "cryptography-scts.pem").read_bytes())
    node = search(found, "signedCertificateTimestampList")
    assert node is not None
    assert tell(node).here.startswith("Holds 2 promises of logs: log ")
    assert " at 201" in tell(node).here


def test_must_staple_is_told() -> None:
    found = explain((VECTORS / "x509" / "tls-feature-ocsp-staple.pem").read_bytes())
    node = search(found, "tlsFeature")
    assert node is not None
    assert "staple an OCSP response" in tell(node).here


def test_a_revoked_certificate_is_told() -> None:
    tree = told(crl(3))[1]
    entry = tree.root.first("RevokedCertificate")
    assert entry is not None
    assert tell(entry).here.startswith("Revoked: number 1 at 2026-11-23 12:00:00 UTC")
    assert said(crl(3), "reasonCode").here == (
        "Says that the reason is keyCompromise: the private key is, or may be, in wrong hands."
    )
    assert said(crl(3), "cRLNumber").here == "Says that this is list number 1."


def test_an_answer_of_ocsp_is_told() -> None:
    answer = ocsp_objects()["OCSP response"]
    assert said(answer, "responseStatus").here == "It is successful: the answer follows."
    assert said(answer, "revocationReason").here == "It is superseded: another certificate took its place."
    assert "2026-11-23 12:00:00 UTC" in said(answer, "revoked").here


@pytest.mark.parametrize("name", own_objects())
def test_every_node_of_the_labs_own_objects_has_all_parts(name: str) -> None:
    for node in told(own_objects()[name])[1].walk():
        found = tell(node)
        assert found.title, node
        assert found.here.endswith((".", "…", ")")), found.here
        assert found.purpose, node
        assert found.clauses, node
        assert "{" not in found.here + found.purpose + found.without


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (written.key_usage(["keyCertSign"]).encoded, "keyUsage, critical: keyCertSign"),
        (written.basic_constraints(None, ca=False).encoded, "basicConstraints, critical: CA = FALSE"),
        (written.extended_key_usage(["serverAuth"]).encoded, "extKeyUsage: serverAuth"),
        (written.distribution_points("http://lab.test/x").encoded, "cRLDistributionPoints: URI http://lab.test/x"),
        (written.Extension("1.2.3", critical=False, value=b"\x01\x02").encoded, "1.2.3: 01 02"),
    ],
)
def test_the_line_of_an_extension_says_its_name_and_value(value: bytes, line: str) -> None:
    node: Node = as_kind(der.sequence(value), "extensions").root.children[0]
    assert summary.line(node) == line


def test_an_intermediates_overview_reads_well() -> None:
    text = str(explain(samples.issued(usage=Usage.INTERMEDIATE, path_length=0).der))
    assert text.startswith("This is a certificate, ")
    assert "may sign end certificates, but no further CAs" in text
    assert "!" not in text


def test_what_comes_from_outside_drives_no_terminal() -> None:
    name = der.sequence(der.oid("2.5.4.3"), der.element(der.UTF8_STRING, "a\x1b[31m\u202e".encode()))
    data = der.sequence(der.element(der.SET, name))
    for line in (*lines.overview(explain(data)), *lines.octets(explain(data))):
        assert "\x1b" not in line
        assert "\u202e" not in line
    assert "[U+001B]" in str(explain(data))


@pytest.mark.parametrize(
    ("octet", "here"), [(1, "at most 1 CA may follow below it."), (3, "at most 3 CAs may follow below it, one under")]
)
def test_a_path_length_is_told_in_good_english(octet: int, here: str) -> None:
    ca = samples.issued(usage=Usage.INTERMEDIATE, path_length=octet).der
    assert here in said(ca, "basicConstraints").here
    assert said(ca, "pathLenConstraint").here.startswith(f"At most {octet} CA{'s' * (octet > 1)} may follow")


def test_of_what_is_cut_off_it_is_said_that_something_is_missing() -> None:
    missing = "Something is missing: its length says more than is there."
    assert said(LEAF[:300], "tbsCertificate").here == f"296 octets are signed. {missing}"
    assert missing not in said(LEAF, "tbsCertificate").here
