"""What is said of values that are odd, though they can be read: the sentence says what is odd about them."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from pkilab.explain import change, explain, lines
from pkilab.explain.kinds import told
from pkilab.explain.node import Node
from pkilab.explain.reading import as_kind
from pkilab.explain.search import search
from pkilab.explain.tell import tell
from pkilab.x509 import der
from pkilab.x509 import extensions as written
from tests.explain.objects import crl, ocsp_objects
from tests.x509 import samples

LEAF = samples.issued(samples.request(names=["DNS:santiago.lab.test"])).der


def here(data: bytes, what: str) -> str:
    node = search(explain(data), what)
    assert node is not None, what
    return tell(node).here


def changed(field: str, octets: bytes) -> bytes:
    """The leaf with other octets in the place of a field."""
    node = told(LEAF)[1].root.first(field)
    assert node is not None
    return change.replaced(node, octets)


def extension(dotted: str, value: bytes, *beside: bytes, critical: bool = False) -> Node:
    """An extension, with others beside it."""
    own = written.Extension(dotted, critical=critical, value=value).encoded
    return as_kind(der.sequence(own, *beside), "extensions").root.children[0]


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (der.element(der.UTC_TIME, b"491231235959Z"), "2049-12-31 23:59:59 UTC, that second included"),
        (der.element(der.UTC_TIME, b"500101000000Z"), "1950-01-01 00:00:00 UTC"),
        (der.element(der.GENERALIZED_TIME, b"20500101000000Z"), "2050-01-01 00:00:00 UTC"),
        (der.element(der.GENERALIZED_TIME, b"99991231235959Z"), "It has no known end"),
        (der.element(der.UTC_TIME, b"301301000000Z"), "It cannot be read as a time"),
    ],
)
def test_the_end_of_a_validity_is_told(end: bytes, says: str) -> None:
    assert says in here(changed("notAfter", end), "notAfter")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (der.element(der.UTC_TIME, b"261124115500Z"), ", 1 day."),
        (der.element(der.UTC_TIME, b"261124115459Z"), ", 1 day."),
        (der.element(der.UTC_TIME, b"261123125500Z"), ", less than a day."),
        (der.element(der.UTC_TIME, b"200101000000Z"), "so never: it ends before it begins"),
        (der.element(der.GENERALIZED_TIME, b"99991231235959Z"), "no known end"),
        (der.element(der.UTC_TIME, b"301301000000Z"), "until a time that cannot be read"),
    ],
)
def test_how_long_it_is_valid_is_told_the_last_second_included(end: bytes, says: str) -> None:
    assert says in here(changed("notAfter", end), "validity")


def test_a_signing_key_that_is_no_ca_says_so() -> None:
    usage = written.key_usage(["keyCertSign"])
    alone = extension("2.5.29.15", usage.value)
    assert "nothing beside it says that the subject is a CA" in tell(alone).here
    with_a_ca = extension("2.5.29.15", usage.value, written.basic_constraints(None, ca=True).encoded)
    assert "CA" not in tell(with_a_ca).here


def test_a_ca_whose_key_usage_does_not_let_it_sign_says_so() -> None:
    constraints = written.basic_constraints(None, ca=True)
    usage = written.key_usage(["cRLSign"]).encoded
    assert "does not let this key sign" in tell(extension("2.5.29.19", constraints.value, usage, critical=True)).here


@pytest.mark.parametrize(
    ("dotted", "value", "says"),
    [
        ("2.5.29.19", b"\x30\x03\x02\x01\x00", "Its path length means nothing"),
        ("2.5.29.15", b"\x03\x02\x00\x01", "Without keyAgreement encipherOnly and decipherOnly mean nothing."),
        ("2.5.29.37", b"\x30\x00", "Names no purpose at all"),
        ("2.5.29.17", b"\x30\x02\x82\x00", "good for 1 name: DNS (empty)."),
        ("2.5.29.14", b"\x04\x00", "without a single octet"),
        ("2.5.29.35", b"\x30\x00", "Says nothing of the issuer's key."),
        ("2.5.29.31", b"\x30\x06\x30\x04\x81\x02\x01\x02", "lies nowhere, which RFC 5280 forbids"),
        ("2.5.29.31", b"\x30\x06\x30\x04\xa0\x02\xa0\x00", "lies in a directory, at"),
        ("2.5.29.30", b"\x30\x06\xa1\x04\x30\x02\x82\x00", "Forbids names within DNS of any kind."),
        ("2.5.29.16", b"\x30\x11\x81\x0f20260101000000Z", "when the key makes signatures: not after 2026-01-01"),
        ("2.5.29.32", b"\x30\x00", "Names no policy at all"),
        ("2.5.29.54", b"\x02\x01\xff", "makes no sense (-1)"),
        ("2.5.29.54", b"\x02\x01\x00", "From the next certificate on, anyPolicy"),
        ("2.5.29.54", b"\x02\x01\x01", "After 1 further certificate, anyPolicy"),
        ("2.5.29.28", b"\x30\x00", "Limits nothing"),
        ("2.5.29.21", b"\x0a\x01\x07", "the reason is number 7, which has no meaning"),
        ("2.5.29.20", b"\x02\x15" + b"\x01" * 21, "It has 21 octets; 20 is the most."),
    ],
)
def test_what_is_empty_or_makes_no_sense_is_called_so(dotted: str, value: bytes, says: str) -> None:
    assert says in tell(extension(dotted, value)).here


def test_an_extension_that_is_not_known_says_its_number() -> None:
    said = tell(extension("1.2.3", b"\x0c\x01a", critical=True)).here
    assert said.startswith("What 1.2.3 is about is not known here. It holds: a. It is critical")


def test_any_purpose_refuses_none() -> None:
    value = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"), der.oid("2.5.29.37.0"))
    said = tell(extension("2.5.29.37", value)).here
    assert said == "Says that the certificate may be used for every purpose: serverAuth, anyExtendedKeyUsage."


def test_policies_of_a_ca_limit_what_is_below() -> None:
    ca = written.basic_constraints(None, ca=True).encoded
    one, every = (der.sequence(der.sequence(der.oid(dotted))) for dotted in ("1.2.3", "2.5.29.32.0"))
    assert tell(extension("2.5.29.32", one)).here == "Says that the certificate was issued under 1 policy: 1.2.3."
    assert "below count as issued under no other than 1 policy: 1.2.3." in tell(extension("2.5.29.32", one, ca)).here
    assert "below are not limited: anyPolicy." in tell(extension("2.5.29.32", every, ca)).here


def test_a_mapping_of_any_policy_is_called_forbidden() -> None:
    value = der.sequence(der.sequence(der.oid("1.2.3"), der.oid("2.5.29.32.0")))
    assert tell(extension("2.5.29.33", value)).here.endswith("RFC 5280 forbids to map anyPolicy.")


def test_a_mapping_says_that_the_subjects_policy_counts_as_the_issuers() -> None:
    value = der.sequence(der.sequence(der.oid("1.2.3"), der.oid("1.2.4")))
    assert "1.2.4 counts as 1.2.3" in tell(extension("2.5.29.33", value, critical=True)).here


def test_a_demand_for_a_policy_is_of_the_whole_chain() -> None:
    said = tell(extension("2.5.29.36", b"\x30\x03\x80\x01\x02", critical=True)).here
    assert said.startswith("After 2 further certificates, every certificate of the chain has to bear")


@pytest.mark.parametrize(
    ("dotted", "value", "critical", "says"),
    [
        ("2.5.29.14", b"\x04\x01\x01", True, "RFC 5280 wants it not to be critical."),
        ("2.5.29.14", b"\x04\x01\x01", False, ""),
        ("2.5.29.54", b"\x02\x01\x00", False, "It is not critical, though RFC 5280 wants it to be."),
        ("2.5.29.54", b"\x02\x01\x00", True, "must refuse the whole."),
        ("2.5.29.19", b"\x30\x03\x01\x01\xff", False, "though RFC 5280 wants it to be in a CA's certificate."),
        ("2.5.29.19", b"\x30\x00", False, ""),
    ],
)
def test_a_mark_that_rfc_5280_wants_otherwise_is_told(dotted: str, value: bytes, critical: bool, says: str) -> None:
    said = tell(extension(dotted, value, critical=critical)).here
    assert said.endswith(says)
    assert ("RFC 5280 wants" in said) == ("RFC 5280 wants" in says)


def test_alternative_names_have_to_be_critical_where_there_is_no_subject() -> None:
    empty = changed("subject", b"\x30\x00")
    assert here(empty, "subjectAltName").endswith("wants it to be where the subject is empty.")
    assert "RFC 5280" not in here(LEAF, "subjectAltName")


def test_places_of_lists_are_told_with_their_reasons_and_signer() -> None:
    place = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://lab.test/a"), x509.UniformResourceIdentifier("http://lab.test/b")],
        None,
        frozenset({x509.ReasonFlags.key_compromise}),
        [x509.DirectoryName(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lists")]))],
    )
    value = x509.CRLDistributionPoints([place]).public_bytes()
    said = "at http://lab.test/a or http://lab.test/b, for certificates revoked for keyCompromise only, signed by"
    assert said in tell(extension("2.5.29.31", value)).here
    assert "list of what has changed lies" in tell(extension("2.5.29.46", value)).here


def test_extensions_of_lists_are_explained_by_the_clauses_about_lists() -> None:
    root, key = samples.foreign(samples.root()), samples.key()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(samples.START)
        .next_update(samples.START + timedelta(days=7))
        .add_extension(x509.DeltaCRLIndicator(4), critical=True)
        .add_extension(x509.IssuingDistributionPoint(None, None, True, False, None, False, False), critical=True)
    )
    data = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert "changed since list number 4" in here(data, "deltaCRLIndicator")
    assert "only about certificates that are no CA's" in here(data, "issuingDistributionPoint")
    node = search(explain(data), "deltaCRLIndicator")
    assert node is not None
    assert tell(node).clauses == ("RFC 5280 §5.2.4", "RFC 5280 §5.2")
    reason = search(explain(crl(3)), "reasonCode")
    assert reason is not None
    assert tell(reason).clauses == ("RFC 5280 §5.3.1", "RFC 5280 §5.3")


def test_an_overview_of_a_request_tells_what_it_wishes_for() -> None:
    text = str(explain(samples.request(names=["DNS:santiago.lab.test"]).der))
    assert "good for 1 name: DNS santiago.lab.test." in text


def test_an_overview_tells_every_extension_and_who_answers() -> None:
    one = [written.Extension(f"1.2.3.{n}", critical=False, value=b"\x05\x00").encoded for n in range(20)]
    tree = as_kind(der.sequence(*one), "extensions")
    assert sum(node.type.name == "Extension" for node, _ in lines.chosen(tree)) == 20
    assert "Who answers" in str(explain(ocsp_objects()["OCSP response"]))


def test_a_question_and_its_answer_are_told_by_the_number_of_certificates() -> None:
    found = ocsp_objects()
    assert "It is a question about 1 certificate." in str(explain(found["OCSP request"]))
    assert "It is successful, about 1 certificate." in str(explain(found["OCSP response"]))


def test_an_answer_without_an_answer_says_why() -> None:
    assert "may not ask here, or the responder cannot answer" in str(explain(b"\x30\x03\x0a\x01\x06"))


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        ("0A000000 FF000000", "10.0.0.0/8"),
        ("0A000000 000000FF", "10.0.0.0 mask 0.0.0.255"),
        ("00000000 00000000", "0.0.0.0/0"),
        ("20010DB8" + "00" * 12 + "FFFFFFFF" + "00" * 12, "2001:db8::/32"),
    ],
)
def test_a_range_of_addresses_is_told_as_people_write_it(octets: str, says: str) -> None:
    base = der.element(0x87, bytes.fromhex(octets))
    value = der.sequence(der.element(0xA0, der.sequence(base)))
    assert f"IP {says}." in tell(extension("2.5.29.30", value, critical=True)).here
