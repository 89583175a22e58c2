import contextlib
import ipaddress

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from pkilab.model.dn import DN
from pkilab.model.san import AlternativeName, NameKind
from pkilab.x509 import der, dn, san
from tests.x509.samples import ALTERNATIVE_NAMES


@given(st.lists(ALTERNATIVE_NAMES, max_size=5))
def test_alternative_names_read_back(names: list[AlternativeName]) -> None:
    assert san.decode(san.encode(names), strict=True) == tuple(str(name) for name in names)


@given(st.lists(ALTERNATIVE_NAMES, min_size=1, max_size=5))
def test_cryptography_writes_the_same(names: list[AlternativeName]) -> None:
    assert x509.SubjectAlternativeName([theirs(name) for name in names]).public_bytes() == san.encode(names)


def theirs(name: AlternativeName) -> x509.GeneralName:
    match name.kind:
        case NameKind.IP:
            return x509.IPAddress(ipaddress.ip_address(name.value))
        case NameKind.DNS:
            return x509.DNSName(name.value)
        case NameKind.EMAIL:
            return x509.RFC822Name(name.value)
        case NameKind.URI:
            return x509.UniformResourceIdentifier(name.value)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (x509.RegisteredID(x509.ObjectIdentifier("1.2.3")), "RID:1.2.3"),
        (
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x03a@b"),
            "othername:1.3.6.1.4.1.311.20.2.3:a@b",
        ),
        (x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x02\x01\x05"), "othername:1.2.3:#020105"),
        (x509.DirectoryName(x509.Name.from_rfc4514_string("CN=x,C=CL")), "DirName:C = CL, CN = x"),
    ],
)
def test_the_rarer_kinds_are_shown(name: x509.GeneralName, shown: str) -> None:
    assert san.decode(x509.SubjectAlternativeName([name]).public_bytes(), strict=True) == (shown,)


@pytest.mark.parametrize(
    "name",
    [
        der.element(0x82, b"good.test\0.evil.test"),
        der.element(0x82, b"good.test, DNS:evil.test"),
        der.element(0x82, b""),
        der.element(0x81, b"a b@c.test"),
        der.element(0x86, b"https://x\n"),
        der.element(0x82, b"\xd1.test"),
        der.element(0x87, b"\x0a\x00\x00"),
        der.element(0xA4, der.sequence(der.element(der.SET, der.sequence(der.oid("2.5.4.3"), der.element(0x0C, b""))))),
        der.element(0xA0, der.oid("1.2.3"), der.element(0xA0, der.element(0x0C, b"a\0"))),
        der.integer(1),
    ],
)
def test_a_strict_reading_refuses_what_could_deceive(name: bytes) -> None:
    with pytest.raises(der.Refused):
        san.decode(der.sequence(name), strict=True)
    assert len(san.decode(der.sequence(name))) == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_names_or_a_value_error(data: bytes) -> None:
    for value in (
        data,
        der.sequence(data),
        der.sequence(der.element(0xA0, data)),
        der.sequence(der.element(0xA4, data)),
    ):
        with contextlib.suppress(ValueError):
            san.decode(value)


def test_a_directory_name_is_a_name() -> None:
    value = der.sequence(der.element(0xA4, dn.encode(DN(common_name="a, b"))))
    assert san.decode(value) == ('DirName:CN = "a, b"',)
