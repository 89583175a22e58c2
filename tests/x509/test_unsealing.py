"""Octets that a password seals are opened as every program seals them."""

import subprocess
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from pkilab.x509 import der, keys, pem, unsealing
from tests.x509 import samples

PASSWORD = samples.PASSWORD
PLAIN = next(pem.blocks(keys.dump(samples.key(), None))).der


def parts(sealed: bytes) -> tuple[bytes, bytes]:
    """Algorithm and octets of an EncryptedPrivateKeyInfo."""
    algorithm, octets = der.members(sealed)
    return algorithm.raw, octets.content


def opened(sealed: bytes, password: str = PASSWORD) -> bytes:
    return unsealing.unsealed(*parts(sealed), password)


def test_our_own_envelope_is_opened() -> None:
    assert opened(next(pem.blocks(keys.dump(samples.key(), PASSWORD))).der) == PLAIN


@pytest.mark.parametrize(
    "how",
    [
        ("-v2", "aes-128-cbc"),
        ("-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"),
        ("-v2", "des3", "-v2prf", "hmacWithSHA1"),
        ("-v2", "aes-256-cbc", "-scrypt"),
        ("-v1", "PBE-SHA1-3DES"),
        ("-v1", "PBE-SHA1-2DES"),
    ],
    ids=" ".join,
)
def test_what_openssl_seals_is_opened(how: tuple[str, ...], tool: Callable[[str], str]) -> None:
    command = [tool("openssl"), "pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", *how, "-passout", "env:SECRET"]
    done = subprocess.run(
        command, input=PLAIN, capture_output=True, check=True, env={"SECRET": "correct horse battery staple"}
    )
    assert opened(done.stdout, "correct horse battery staple") == PLAIN


def test_what_cryptography_seals_in_pkcs12_is_opened() -> None:
    how = serialization.PrivateFormat.PKCS12.encryption_builder().key_cert_algorithm(
        pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC
    )
    key = samples.key()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    container = pkcs12.serialize_key_and_certificates(
        b"x",
        key,
        None,
        None,
        how.build(PASSWORD.encode()),
    )
    from pkilab.explain import explain

    (part,) = explain(container, password=PASSWORD).parts
    assert PLAIN in [each.tree.data for each in part.opened]


def test_the_old_way_of_pem_is_opened(tool: Callable[[str], str]) -> None:
    for cipher in ("-aes256", "-aes128", "-des3"):
        command = [tool("openssl"), "ec", "-inform", "DER", cipher, "-passout", "env:SECRET"]
        done = subprocess.run(
            command, input=PLAIN, capture_output=True, check=True, env={"SECRET": "correct horse battery staple"}
        )
        (block,) = pem.blocks(done.stdout)
        assert block.encrypted
        octets = unsealing.unsealed_pem(block.headers, block.der, "correct horse battery staple")
        assert (
            serialization.load_der_private_key(octets, None).private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            == PLAIN
        )
        with pytest.raises(unsealing.NotOpened):
            unsealing.unsealed_pem(block.headers, block.der, "wrong horse")


def test_a_wrong_password_opens_nothing() -> None:
    sealed = next(pem.blocks(keys.dump(samples.key(), PASSWORD))).der
    with pytest.raises(unsealing.NotOpened):
        opened(sealed, samples.WRONG)


def pbkdf2(rounds: bytes) -> bytes:
    salt = der.element(der.OCTET_STRING, bytes(8))
    derivation = der.sequence(der.oid("1.2.840.113549.1.5.12"), der.sequence(salt, der.element(der.INTEGER, rounds)))
    cipher = der.sequence(der.oid("2.16.840.1.101.3.4.1.42"), der.element(der.OCTET_STRING, bytes(16)))
    return der.sequence(der.oid("1.2.840.113549.1.5.13"), der.sequence(derivation, cipher))


def scrypt(cost: int, block: int) -> bytes:
    salt = der.element(der.OCTET_STRING, bytes(8))
    numbers = (der.integer(cost), der.integer(block), der.integer(1))
    derivation = der.sequence(der.oid("1.3.6.1.4.1.11591.4.11"), der.sequence(salt, *numbers))
    cipher = der.sequence(der.oid("2.16.840.1.101.3.4.1.42"), der.element(der.OCTET_STRING, bytes(16)))
    return der.sequence(der.oid("1.2.840.113549.1.5.13"), der.sequence(derivation, cipher))


@pytest.mark.parametrize(
    ("algorithm", "why"),
    [
        (pbkdf2(b"\x7f\xff\xff\xff"), "2,147,483,647 rounds"),
        (pbkdf2(b"\x00"), "0 rounds"),
        (pbkdf2(b"\xff"), "-1 rounds"),
        (scrypt(1 << 30, 8), "more memory"),
        (scrypt(0, 8), "more memory"),
        (der.sequence(der.oid("1.2.3"), der.NOTHING), "1.2.3, which is not offered here"),
        (der.sequence(der.oid("1.2.840.113549.1.5.13")), "damaged"),
        (der.sequence(), "damaged"),
        (b"", "damaged"),
        (scrypt(3, 8), "damaged"),
    ],
)
def test_what_asks_for_too_much_or_is_damaged_is_refused_at_once(algorithm: bytes, why: str) -> None:
    with pytest.raises(unsealing.NotKnown, match=why):
        unsealing.unsealed(algorithm, bytes(32), PASSWORD)


def test_pem_headers_that_say_nothing_are_refused() -> None:
    for headers in ((), ("DEK-Info: ROT13,00112233",), ("DEK-Info: AES-256-CBC,0011223344556677",)):
        with pytest.raises(ValueError, match=r"not offered|password|IV|damaged"):
            unsealing.unsealed_pem(headers, bytes(32), PASSWORD)


@pytest.mark.parametrize("digits", ["0" * 31, "0" * 16, "0" * 30, "0" * 17])
def test_a_pem_header_that_is_damaged_is_named(digits: str) -> None:
    with pytest.raises(unsealing.NotKnown, match="DEK-Info is damaged"):
        unsealing.unsealed_pem((f"DEK-Info: AES-256-CBC,{digits}",), bytes(32), PASSWORD)
