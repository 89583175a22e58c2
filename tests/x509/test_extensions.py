import contextlib

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from pkilab.x509 import der, extensions

USAGES = st.lists(st.sampled_from(extensions.KEY_USAGES), min_size=1, unique=True)
PURPOSES = st.lists(st.sampled_from(sorted(extensions._PURPOSES)), min_size=1, unique=True)


@given(USAGES)
def test_key_usage_reads_back_in_the_order_of_the_rfc(usages: list[str]) -> None:
    made = extensions.key_usage(usages)
    assert made.critical
    assert extensions.read_key_usage(made.value) == tuple(n for n in extensions.KEY_USAGES if n in usages)


def test_key_usage_is_what_cryptography_writes() -> None:
    wanted = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=True,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=True,
    )
    made = extensions.key_usage(["decipherOnly", "digitalSignature", "keyAgreement"])
    assert made.value == wanted.public_bytes()


@given(PURPOSES)
def test_purposes_read_back(purposes: list[str]) -> None:
    made = extensions.extended_key_usage(purposes)
    assert extensions.read_extended_key_usage(made.value) == tuple(purposes)


def test_an_unknown_purpose_goes_by_its_oid() -> None:
    assert extensions.read_extended_key_usage(der.sequence(der.oid("1.2.3"))) == ("1.2.3",)


@pytest.mark.parametrize(("ca", "limit"), [(True, None), (True, 0), (True, 300), (False, None)])
def test_basic_constraints_are_what_cryptography_writes(ca: bool, limit: int | None) -> None:
    made = extensions.basic_constraints(limit, ca=ca)
    assert made.critical
    assert made.value == x509.BasicConstraints(ca, limit).public_bytes()
    assert extensions.read_basic_constraints(made.value) == (ca, limit)


@given(st.binary(min_size=1, max_size=40))
def test_key_identifiers_read_back(identifier: bytes) -> None:
    shown = identifier.hex(":").upper()
    assert extensions.read_subject_key_id(extensions.subject_key_id(identifier).value) == shown
    assert extensions.read_authority_key_id(extensions.authority_key_id(identifier).value) == shown


def test_an_authority_key_identifier_may_name_the_issuer_instead() -> None:
    assert extensions.read_authority_key_id(der.sequence(der.element(0x82, b"\x01"))) == ""


def test_extensions_read_back() -> None:
    made = (extensions.key_usage(["cRLSign"]), extensions.subject_key_id(b"\x01"))
    assert extensions.decode(der.sequence(*(extension.encoded for extension in made))) == made


def test_a_spelled_out_default_is_not_critical() -> None:
    spelled = der.sequence(der.oid("1.2.3"), b"\x01\x01\x00", der.element(der.OCTET_STRING, b"x"))
    assert extensions.decode(der.sequence(spelled)) == (extensions.Extension("1.2.3", False, b"x"),)


def test_an_extension_may_not_stand_there_twice() -> None:
    twice = extensions.subject_key_id(b"\x01").encoded * 2
    with pytest.raises(ValueError, match="twice"):
        extensions.decode(der.sequence(twice))


@given(st.binary(max_size=200))
def test_any_bytes_are_extensions_or_a_value_error(data: bytes) -> None:
    for value in (data, der.sequence(data), der.sequence(der.sequence(data))):
        with contextlib.suppress(ValueError):
            extensions.decode(value)
