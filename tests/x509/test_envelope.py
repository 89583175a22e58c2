from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given
from hypothesis import strategies as st

from pkilab.x509 import der, envelope, keys
from tests.x509.samples import PATH, key


def sealed() -> bytes:
    (text,) = (keys.dump(key(), None),)
    info = keys._find(text).der
    return envelope.sealed(info, b"secret")


def test_cryptography_opens_what_is_sealed() -> None:
    opened = load_der_private_key(sealed(), b"secret")
    assert keys.describe(opened.public_key()) == keys.describe(key().public_key())


def test_the_derivation_is_slow_and_the_cipher_strong() -> None:
    algorithm, _ = der.members(sealed())
    scheme, parameters = der.elements(algorithm.content)
    derivation, cipher = der.elements(parameters.content)
    kdf, how = der.elements(derivation.content)
    salt, rounds, prf = der.elements(how.content)
    assert der.oid_value(scheme.content) == "1.2.840.113549.1.5.13"  # PBES2
    assert der.oid_value(kdf.content) == "1.2.840.113549.1.5.12"  # PBKDF2
    assert len(salt.content) == 16
    assert der.integer_value(rounds.content) == 600_000
    assert der.oid_value(next(der.elements(prf.content)).content) == "1.2.840.113549.2.9"  # HMAC-SHA-256
    assert der.oid_value(next(der.elements(cipher.content)).content) == "2.16.840.1.101.3.4.1.42"  # AES-256-CBC


def test_salt_and_vector_are_fresh_each_time() -> None:
    assert sealed() != sealed()


def test_only_a_complete_envelope_counts() -> None:
    data = sealed()
    assert envelope.is_sealed(data)
    assert not envelope.is_sealed(data[:-1])
    assert not envelope.is_sealed(data + b"\0")
    assert not envelope.is_sealed(keys._find(keys.dump(key(), None)).der)


@given(st.binary(max_size=200))
def test_whether_any_bytes_are_sealed_is_a_plain_answer(data: bytes) -> None:
    for each in (data, der.sequence(data), der.sequence(der.sequence(data), data)):
        assert envelope.is_sealed(each) in {True, False}
    assert PATH.name
