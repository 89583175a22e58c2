import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from pkilab.errors import InvalidField, KeyUnreadable, PasswordRequired, PkilabError, WeakKey, WrongPassword
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.x509 import der, keys, pem
from pkilab.x509.keys import PrivateKey
from tests.x509.samples import PASSWORD, PATH, WRONG, key, root

WEAK: dict[str, Callable[[], PrivateKeyTypes]] = {
    "RSA with 1024 bits": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505 - weak on purpose
    "curve secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "curve secp224r1": lambda: ec.generate_private_key(ec.SECP224R1()),
    "DSA, 2048 bits": lambda: dsa.generate_private_key(2048),
    "Ed448": ed448.Ed448PrivateKey.generate,
    "X25519": x25519.X25519PrivateKey.generate,
    "X448": x448.X448PrivateKey.generate,
}


def same(one: PrivateKey, other: PrivateKey) -> bool:
    return keys.public_info(one.public_key()) == keys.public_info(other.public_key())


def plain(of: PrivateKeyTypes, encoding: Encoding = Encoding.PEM) -> bytes:
    return of.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_key_is_of_the_algorithm_that_was_asked_for(algorithm: KeyAlgorithm) -> None:
    public_key = key(algorithm).public_key()
    described = keys.describe(public_key)
    assert described.label == algorithm.label
    assert described.sha256 == hashlib.sha256(keys.public_info(public_key)).hexdigest()
    keys.check_strength(public_key)


def test_sizes_are_in_bits() -> None:
    sizes = {algorithm: keys.describe(key(algorithm).public_key()).bits for algorithm in KeyAlgorithm}
    assert sizes[KeyAlgorithm.RSA_3072] == 3072
    assert sizes[KeyAlgorithm.EC_P521] == 521
    assert sizes[KeyAlgorithm.ED25519] == 256
    for algorithm in (KeyAlgorithm.ML_DSA_44, KeyAlgorithm.ML_DSA_65, KeyAlgorithm.ML_DSA_87):
        raw = key(algorithm).public_key().public_bytes(Encoding.Raw, serialization.PublicFormat.Raw)
        assert sizes[algorithm] == 8 * len(raw)


def test_every_generated_key_is_another() -> None:
    assert not same(keys.generate(KeyAlgorithm.ED25519), keys.generate(KeyAlgorithm.ED25519))


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_a_dumped_key_loads_again(algorithm: KeyAlgorithm, password: str | None) -> None:
    data = keys.dump(key(algorithm), password)
    assert keys.is_encrypted(data) is (password is not None)
    assert same(keys.load(data, password, path=PATH), key(algorithm))


@pytest.mark.parametrize("password", [PASSWORD, "x", "   ", "密码", "tty \udcff"])
def test_passwords_may_hold_any_text(password: str) -> None:
    assert same(keys.load(keys.dump(key(), password), password, path=PATH), key())


def test_an_overlong_password_is_refused() -> None:
    with pytest.raises(InvalidField, match="1023"):
        keys.dump(key(), "ñ" * 512)
    with pytest.raises(InvalidField, match="no text"):
        keys.dump(key(), "\ud800")


def test_an_empty_password_is_none() -> None:
    assert not keys.is_encrypted(keys.dump(key(), ""))
    with pytest.raises(PasswordRequired):
        keys.load(keys.dump(key(), PASSWORD), "", path=PATH)


def test_a_password_for_a_key_without_one_is_ignored() -> None:
    assert same(keys.load(keys.dump(key(), None), PASSWORD, path=PATH), key())


def test_wrong_and_missing_passwords_are_told_apart() -> None:
    data = keys.dump(key(), PASSWORD)
    with pytest.raises(WrongPassword) as wrong:
        keys.load(data, WRONG, path=PATH)
    assert wrong.value.path == PATH
    assert WRONG not in repr(wrong.value)
    with pytest.raises(PasswordRequired):
        keys.load(data, None, path=PATH)


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P384, KeyAlgorithm.ED25519])
def test_der_loads_as_pem_does(algorithm: KeyAlgorithm) -> None:
    data = plain(key(algorithm), Encoding.DER)
    assert not keys.is_encrypted(data)
    assert same(keys.load(data, None, path=PATH), key(algorithm))
    sealed = next(pem.blocks(keys.dump(key(algorithm), PASSWORD))).der
    assert keys.is_encrypted(sealed)
    assert same(keys.load(sealed, PASSWORD, path=PATH), key(algorithm))
    with pytest.raises(WrongPassword):
        keys.load(sealed, WRONG, path=PATH)


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_the_older_formats_load(algorithm: KeyAlgorithm, encoding: Encoding) -> None:
    data = key(algorithm).private_bytes(encoding, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert same(keys.load(data, None, path=PATH), key(algorithm))


def test_a_key_among_other_things_is_found() -> None:
    text = root().pem.encode() + b"Bag Attributes\r\n" + keys.dump(key(), PASSWORD).replace(b"\n", b"\r\n")
    assert keys.is_encrypted(text)
    assert same(keys.load(text, PASSWORD, path=PATH), key())


@pytest.mark.parametrize("name", WEAK)
@pytest.mark.parametrize("encrypted", [True, False])
def test_keys_that_are_not_accepted_say_why(name: str, encrypted: bool) -> None:
    foreign = WEAK[name]()
    cipher = serialization.BestAvailableEncryption(PASSWORD.encode()) if encrypted else NoEncryption()
    data = foreign.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, cipher)
    with pytest.raises(WeakKey, match=name):
        keys.load(data, PASSWORD, path=PATH)
    assert keys.describe(foreign.public_key()).family


@pytest.mark.parametrize(
    ("e", "n"),
    [(2, (1 << 2047) + 1), (65536, (1 << 2047) + 1), (65537, 1 << 2047), (1, (1 << 2047) + 1)],
)
def test_rsa_with_impossible_numbers_is_refused(e: int, n: int) -> None:
    class Numbers(rsa.RSAPublicKey):
        key_size = 2048

        def public_numbers(self) -> rsa.RSAPublicNumbers:
            return rsa.RSAPublicNumbers(e, n)

    Numbers.__abstractmethods__ = frozenset()
    with pytest.raises(WeakKey, match="odd"):
        keys.check_strength(Numbers())  # type: ignore[abstract]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"hello", "neither PEM nor DER"),
        (root().pem.encode(), "it holds CERTIFICATE"),
        (pem.write("OPENSSH PRIVATE KEY", b"openssh-key-v1").encode(), "ssh-keygen"),
        (pem.write("PRIVATE KEY", b"\x30\x03\x02\x01\x00").encode(), "damaged"),
        (keys.dump(key(), None)[:-40], "does not end"),
    ],
)
def test_what_is_no_key_is_unreadable_and_says_what_it_is(data: bytes, why: str) -> None:
    assert not keys.is_encrypted(data)
    for password in (None, PASSWORD):
        with pytest.raises(KeyUnreadable, match=why) as unreadable:
            keys.load(data, password, path=Path("/lab/MyCA.key"))
        assert "MyCA.key" in str(unreadable.value)


def test_a_cut_off_envelope_is_no_matter_of_passwords() -> None:
    sealed = next(pem.blocks(keys.dump(key(), PASSWORD))).der
    for data in (sealed[:-1], pem.write("ENCRYPTED PRIVATE KEY", sealed[:-1]).encode()):
        with pytest.raises(KeyUnreadable):
            keys.load(data, WRONG, path=PATH)


def test_an_old_encrypted_key_without_its_parameters_is_unreadable() -> None:
    text = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAAB\n-----END RSA PRIVATE KEY-----\n"
    assert keys.is_encrypted(text)
    with pytest.raises(KeyUnreadable, match="encrypted in a way"):
        keys.load(text, PASSWORD, path=PATH)


@given(st.binary(max_size=400))
def test_any_bytes_raise_a_named_error(data: bytes) -> None:
    for each in (data, pem.write("PRIVATE KEY", data).encode(), pem.write("EC PRIVATE KEY", data).encode()):
        with pytest.raises(PkilabError):
            keys.load(each, PASSWORD, path=PATH)


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_key_raises_a_named_error_or_loads(data: st.DataObject) -> None:
    octets = bytearray(plain(key(), Encoding.DER))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(KeyUnreadable, WeakKey, PasswordRequired):
        keys.load(bytes(octets), None, path=PATH)


def test_a_key_knows_its_certificate() -> None:
    assert keys.same_public_key(key(), root())
    assert not keys.same_public_key(key(KeyAlgorithm.EC_P256, 1), root())


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_key_is_described_alike_with_and_without_loading_it(algorithm: KeyAlgorithm) -> None:
    public_key = key(algorithm).public_key()
    read = keys.describe_info(keys.public_info(public_key))
    assert read == keys.describe(public_key) or (read is None and algorithm.value.startswith("ml-dsa"))


def test_another_encoding_of_a_key_is_not_described_without_loading_it() -> None:
    spki = keys.public_info(key(KeyAlgorithm.RSA_2048).public_key())
    modulus, exponent = der.members(der.members(spki)[1].content[1:])
    padded = der.sequence(modulus.raw, der.element(der.INTEGER, b"\0" + exponent.content))
    algorithm = der.members(spki)[0].raw
    assert keys.describe_info(der.sequence(algorithm, der.bit_string(padded))) is None
    assert keys.describe_info(der.sequence(algorithm, der.bit_string(padded[:-2]))) is None
    assert keys.describe_info(spki[:-1]) is None
    public_key = key().public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    point = public_key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    identifier = der.members(keys.public_info(public_key))[0].raw
    assert keys.describe_info(der.sequence(identifier, der.bit_string(point))) is None
