import contextlib

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from hypothesis import given
from hypothesis import strategies as st

from pkilab.model.dn import DN
from pkilab.x509 import der, dn
from tests.x509.samples import SUBJECTS


def relative(tag: int, content: bytes, kind: str = "2.5.4.3") -> bytes:
    return der.element(der.SET, der.sequence(der.oid(kind), der.element(tag, content)))


@given(SUBJECTS)
def test_names_read_back(subject: DN) -> None:
    assert dn.decode(dn.encode(subject), strict=True) == tuple((attribute,) for attribute in subject.attributes)


def test_cryptography_reads_what_is_written() -> None:
    subject = DN(
        country="CL", state="RM", locality="Ñuñoa", organization="Lab", organizational_unit="Dev", common_name="x"
    )
    read = x509.Name.from_bytes(dn.encode(subject))
    assert [(a.oid.dotted_string, a.value) for a in read] == [
        ("2.5.4.6", "CL"),
        ("2.5.4.8", "RM"),
        ("2.5.4.7", "Ñuñoa"),
        ("2.5.4.10", "Lab"),
        ("2.5.4.11", "Dev"),
        ("2.5.4.3", "x"),
    ]
    assert [a._type for a in read] == [_ASN1Type.PrintableString, *[_ASN1Type.UTF8String] * 5]
    assert read.public_bytes() == dn.encode(subject)


def test_a_relative_name_may_hold_several_attributes() -> None:
    both = der.element(
        der.SET,
        *(
            der.sequence(der.oid(kind), der.element(0x13, value))
            for kind, value in (("2.5.4.3", b"a"), ("2.5.4.5", b"1"))
        ),
    )
    assert dn.decode(der.sequence(both)) == ((("CN", "a"), ("serialNumber", "1")),)


@pytest.mark.parametrize(
    ("tag", "content", "value"),
    [
        (0x0C, "Ñ".encode(), "Ñ"),
        (0x13, b"a*b@c", "a*b@c"),
        (0x14, b"\xd1", "Ñ"),
        (0x16, b"a@b", "a@b"),
        (0x1C, "Ñ".encode("utf-32-be"), "Ñ"),
        (0x1E, "Ñ".encode("utf-16-be"), "Ñ"),
        (0x03, b"\x00\x01", "#03020001"),
    ],
)
def test_every_kind_of_string_is_read(tag: int, content: bytes, value: str) -> None:
    assert dn.decode(der.sequence(relative(tag, content)), strict=True) == ((("CN", value),),)


def test_an_unknown_attribute_goes_by_its_oid() -> None:
    assert dn.decode(der.sequence(relative(0x0C, b"x", "1.2.3.4"))) == ((("1.2.3.4", "x"),),)


@pytest.mark.parametrize(
    ("tag", "content"), [(0x0C, b"\xff"), (0x13, b"\xd1"), (0x0C, b""), (0x0C, b"a\0b"), (0x16, b"\n")]
)
def test_a_strict_reading_refuses_what_could_deceive(tag: int, content: bytes) -> None:
    name = der.sequence(relative(tag, content))
    with pytest.raises(der.Refused, match="CN in its subject"):
        dn.decode(name, strict=True)
    assert len(dn.decode(name)) == 1


def test_what_cannot_be_decoded_is_shown_in_hex() -> None:
    assert dn.decode(der.sequence(relative(0x0C, b"\xff"))) == ((("CN", "#0c01ff"),),)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_name_or_a_value_error(data: bytes) -> None:
    for name in (data, der.sequence(data), der.sequence(der.element(der.SET, data))):
        with contextlib.suppress(ValueError):
            dn.decode(name)


def test_a_name_beside_another_keeps_its_octets_and_has_a_common_name_of_its_own() -> None:
    kept = relative(der.PRINTABLE_STRING, b"CL", "2.5.4.6") + relative(0x14, b"Caf\xe9", "2.5.4.10")
    made = dn.beside(der.sequence(kept, relative(der.UTF8_STRING, b"Training CA")), "MyCA OCSP responder")
    assert made == der.sequence(kept, relative(der.UTF8_STRING, b"MyCA OCSP responder"))
