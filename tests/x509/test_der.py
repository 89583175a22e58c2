from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from pkilab.x509 import der


@given(st.integers(0, 255).filter(lambda tag: tag & 0x1F != 0x1F), st.integers(0, 70_000))
def test_an_element_reads_back_whatever_its_length(tag: int, length: int) -> None:
    content = b"\x05" * length
    assert der.one(der.element(tag, content), tag) == (tag, content, der.element(tag, content))


@given(st.lists(st.binary(max_size=300)))
def test_elements_are_read_one_after_the_other(contents: list[bytes]) -> None:
    data = b"".join(der.element(der.OCTET_STRING, content) for content in contents)
    assert [found.content for found in der.elements(data)] == contents
    assert b"".join(found.raw for found in der.elements(data)) == data


@given(st.binary(max_size=400))
def test_any_bytes_are_elements_or_a_value_error(data: bytes) -> None:
    try:
        found = list(der.elements(data))
    except ValueError:
        return
    assert b"".join(der.element(each.tag, each.content) for each in found) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\x30",
        b"\x30\x80\x00\x00",  # indefinite length
        b"\x30\x81\x7f" + b"\0" * 127,  # a longer form of length than needed
        b"\x30\x82\x00\x80" + b"\0" * 128,
        b"\x30\x85\x01\x00\x00\x00\x00",
        b"\x30\x02\x05",
        b"\x3f\x81\x01\x00",  # tag number above 30
    ],
)
def test_what_is_no_der_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(der.elements(data))


def test_one_element_means_one_of_that_tag() -> None:
    for data in (b"", der.integer(1), der.sequence() * 2):
        with pytest.raises(ValueError, match="another element"):
            der.one(data, der.SEQUENCE)


@given(st.integers(0, 1 << 170))
def test_integers_read_back(value: int) -> None:
    encoded = der.integer(value)
    assert der.integer_value(der.one(encoded, der.INTEGER).content) == value
    assert len(encoded) == 2 + value.bit_length() // 8 + 1


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 1 << 40), max_size=9))
def test_object_identifiers_read_back(first: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(str(arc) for arc in (first, second, *rest))
    assert der.oid_value(der.one(der.oid(dotted), der.OID).content) == dotted


def test_object_identifiers_are_those_of_others() -> None:
    assert der.oid("1.2.840.113549.1.1.11").hex() == "06092a864886f70d01010b"
    assert der.oid("2.999.3").hex() == "0603883703"
    assert der.oid_value(bytes.fromhex("883703")) == "2.999.3"


@pytest.mark.parametrize("content", [b"", b"\x2a\x86", b"\x2a" + b"\xff" * 200 + b"\x01"])
def test_a_broken_object_identifier_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="OBJECT IDENTIFIER"):
        der.oid_value(content)


def test_times_change_their_type_in_2050() -> None:
    assert der.time(datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)) == b"\x17\x0d491231235959Z"
    assert der.time(datetime(2050, 1, 1, tzinfo=UTC)) == b"\x18\x0f20500101000000Z"
    assert der.time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) == b"\x18\x0f99991231235959Z"
    assert der.time(datetime(1949, 1, 1, tzinfo=UTC)) == b"\x18\x0f19490101000000Z"


def test_times_are_written_in_utc() -> None:
    there = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert der.time(there) == b"\x17\x0d251231230000Z"


def test_a_name_reads_as_cryptography_reads_it() -> None:
    name = x509.Name.from_rfc4514_string("CN=x,C=CL").public_bytes()
    kind, value = der.elements(der.members(der.members(name)[0].raw, der.SET)[0].content)
    assert (der.oid_value(kind.content), value.content) == ("2.5.4.6", b"CL")
