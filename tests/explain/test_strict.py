"""What is no DER is named for what it is, at the octet where it begins."""

import pytest

from pkilab.explain import change, kinds
from pkilab.explain.reading import as_kind
from pkilab.explain.tree import Tree
from pkilab.explain.trouble import Trouble
from pkilab.x509 import der
from tests.x509 import samples


def troubles(octets: str) -> list[tuple[str, int]]:
    """The codes and offsets of what is wrong."""
    return [(trouble.code, trouble.offset) for trouble in Tree(bytes.fromhex(octets)).troubles()]


@pytest.mark.parametrize(
    ("octets", "code", "offset"),
    [
        ("", "empty", 0),
        ("30", "no-length", 0),
        ("3003 020105 0203 0101", "trailing-octets", 5),
        ("3003 020105 00", "trailing-octets", 5),
        ("308103 020105", "padded-length", 1),
        ("30820003 020105", "padded-length", 1),
        ("3004 02810105", "padded-length", 3),
        ("3080 020105 0000", "indefinite-length", 1),
        ("3003 020580", "cut-off", 3),
        ("0480", "indefinite-primitive", 1),
        ("30ff", "reserved-length", 0),
        ("3084 000000", "no-length", 0),
        ("3002 0000", "no-tag", 2),
        ("3f1e00", "padded-tag", 1),
        ("1f801f00", "padded-tag", 1),
        ("1fffffffffff7f00", "endless-tag", 0),
        ("010101", "bad-boolean", 2),
        ("01020000", "bad-boolean", 2),
        ("02020001", "padded-integer", 2),
        ("0202ff80", "padded-integer", 2),
        ("0200", "empty-integer", 0),
        ("0a020001", "padded-integer", 2),
        ("0300", "bad-bit-string", 0),
        ("030208ff", "bad-bit-string", 2),
        ("030101", "bad-bit-string", 2),
        ("030201ff", "unused-bits", 3),
        ("050100", "bad-null", 2),
        ("0600", "bad-oid", 0),
        ("06022a86", "bad-oid", 0),
        ("06032a8001", "padded-oid", 3),
        ("0681c8" + "2a" * 200, "long-oid", 3),
        ("1302402a", "bad-character", 2),
        ("120141", "bad-character", 2),
        ("1601c3", "bad-character", 2),
        ("0c0241c3", "bad-character", 3),
        ("1e0141", "bad-character", 2),
        ("170d3236313332333132303030305a", "bad-time", 2),
        ("170b323631313233313230305a", "short-time", 2),
        ("180f32303236313132333132303030305a", "", 0),
        ("1811323032363131323331323030303 02e305a".replace(" ", ""), "short-time", 2),
        ("3106020102020101", "set-order", 5),
        ("2403 040141", "segments", 0),
        ("2103 0101ff", "not-primitive", 0),
        ("1003020105", "not-constructed", 0),
    ],
)
def test_each_offence_has_its_name_and_its_octet(octets: str, code: str, offset: int) -> None:
    assert troubles(octets) == ([(code, offset)] if code else [])


@pytest.mark.parametrize(
    "octets", ["3003020105", "0101ff", "010100", "02020080", "0201ff", "030200a0", "030100", "0500"]
)
def test_what_is_der_has_no_offence(octets: str) -> None:
    assert troubles(octets) == []


@pytest.mark.parametrize(
    ("octets", "codes"),
    [
        ("3003 0202 01", ["cut-off"]),
        ("3080 020105", ["indefinite-length", "not-closed"]),
        ("3005 0401", ["cut-off", "cut-off"]),
    ],
)
def test_of_several_offences_each_is_named(octets: str, codes: list[str]) -> None:
    assert [code for code, _ in troubles(octets)] == codes


def test_an_offence_says_its_clause() -> None:
    assert all(t.clause and t.says.endswith(".") for t in Tree(bytes.fromhex("3080 010101 0000")).troubles())


def found(octets: bytes, kind: str = "certificate") -> list[Trouble]:
    return list(as_kind(octets, kind).troubles())


def replaced(old: bytes, new: bytes) -> list[str]:
    """The codes of what is wrong with a certificate in which octets of the same length were replaced."""
    data = samples.root().der
    assert len(old) == len(new)
    assert data.count(old) == 1
    return [trouble.code for trouble in found(data.replace(old, new))]


def test_a_default_that_is_written_is_named() -> None:
    value = der.sequence(der.element(der.BOOLEAN, b"\0"))
    tree = kinds.told(der.sequence(der.sequence(der.oid("2.5.29.19"), der.TRUE, der.element(der.OCTET_STRING, value))))[
        1
    ]
    (trouble,) = tree.troubles()
    assert (trouble.code, tree.at(trouble.offset).name) == ("default-written", "cA")


def test_named_bits_have_no_zeros_behind() -> None:
    extension = der.sequence(der.oid("2.5.29.15"), der.element(der.OCTET_STRING, bytes.fromhex("03020080")))
    (trouble,) = kinds.told(der.sequence(extension))[1].troubles()
    assert trouble.code == "trailing-zero-bits"


def test_a_field_of_another_type_is_named() -> None:
    end = der.time(samples.root().not_after)
    assert replaced(end, der.element(der.UTF8_STRING, end[2:])) == ["missing-field", "unexpected"]


def test_a_field_that_is_missing_is_named_and_those_behind_it_keep_their_names() -> None:
    data = samples.root().der
    tree = as_kind(data, "certificate")
    serial = tree.root.first("serialNumber")
    assert serial is not None
    without = as_kind(change.replaced(serial, b""), "certificate")
    codes = [trouble.code for trouble in without.troubles()]
    assert codes == ["missing-field", "unexpected"]
    subject = without.root.child("tbsCertificate", "subject")
    assert subject is not None
    assert subject.raw == samples.root().subject_der


@pytest.mark.parametrize("year", [2026, 2060])
def test_a_time_has_the_type_of_its_year(year: int) -> None:
    data = samples.root().der
    tree = as_kind(data, "certificate")
    end = tree.root.first("notAfter")
    assert end is not None
    digits = f"{year}1123120000Z"
    wrong = der.element(24, digits.encode()) if year < 2050 else der.element(23, digits[2:].encode())
    codes = [trouble.code for trouble in found(change.replaced(end, wrong))]
    # Two digits cannot say 2060: they say 1960, which is a good UTCTime.
    assert codes == (["wrong-time-type"] if year < 2050 else [])


def test_octets_that_an_extension_should_hold_are_named_where_they_begin() -> None:
    extension = der.sequence(der.oid("2.5.29.19"), der.element(der.OCTET_STRING, b"\x30\x05\x01"))
    data = der.sequence(extension)
    codes = {(t.code, t.offset) for t in as_kind(data, "extensions").troubles()}
    begins = data.index(b"\x30\x05\x01")
    assert ("cut-off", begins + 1) in codes


def test_octets_behind_what_an_extension_holds_are_named() -> None:
    extension = der.sequence(der.oid("2.5.29.19"), der.element(der.OCTET_STRING, b"\x30\x00\x05\x00"))
    (trouble,) = as_kind(der.sequence(extension), "extensions").troubles()
    assert trouble.code == "trailing-octets"
