from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotDo, ContainerUnreadable, PasswordRequired, WeakKey, WrongPassword
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.x509 import container, der, keys
from tests.x509.samples import PASSWORD, PATH, WRONG, foreign, issued, key, request, root

ENCRYPTED = serialization.BestAvailableEncryption(PASSWORD.encode())
STRANGER = root(KeyAlgorithm.ED25519)


def packed(
    of: object = None,
    certificate: Certificate | None = None,
    others: tuple[Certificate, ...] = (),
    encryption: serialization.KeySerializationEncryption = ENCRYPTED,
) -> bytes:
    own = foreign(certificate) if certificate else None
    return pkcs12.serialize_key_and_certificates(b"x", of, own, [foreign(c) for c in others], encryption)  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P384, KeyAlgorithm.ED25519])
def test_key_certificate_and_chain_come_out(algorithm: KeyAlgorithm) -> None:
    data = packed(key(algorithm), root(algorithm), (root(KeyAlgorithm.EC_P521), root()))
    found, own, others = container.read(data, PASSWORD, path=PATH)
    assert keys.same_public_key(found, root(algorithm))
    assert own == root(algorithm)
    assert {c.fingerprint for c in others} == {root().fingerprint, root(KeyAlgorithm.EC_P521).fingerprint}


def test_a_container_without_a_password_opens() -> None:
    data = packed(key(), root(), encryption=serialization.NoEncryption())
    assert container.read(data, None, path=PATH)[1] == root()
    assert container.read(data, "", path=PATH)[1] == root()


def test_wrong_and_missing_passwords_are_told_apart() -> None:
    data = packed(key(), root())
    with pytest.raises(WrongPassword):
        container.read(data, WRONG, path=PATH)
    for none in (None, ""):
        with pytest.raises(PasswordRequired):
            container.read(data, none, path=PATH)


def test_a_part_that_is_missing_is_named() -> None:
    with pytest.raises(ContainerUnreadable, match="no private key"):
        container.read(packed(None, None, (root(),)), PASSWORD, path=PATH)
    with pytest.raises(ContainerUnreadable, match="no certificate"):
        container.read(packed(key(), None), PASSWORD, path=PATH)


def test_a_key_that_is_not_accepted_says_why() -> None:
    with pytest.raises(WeakKey, match="secp256k1"):
        container.read(packed(ec.generate_private_key(ec.SECP256K1()), None, (root(),)), PASSWORD, path=PATH)


@pytest.mark.parametrize(
    "data", [b"", b"hello", root().der, der.sequence(der.integer(3)), der.sequence(der.integer(4))]
)
def test_what_is_no_container_is_unreadable_with_any_password(data: bytes) -> None:
    for password in (None, PASSWORD):
        with pytest.raises(ContainerUnreadable, match=r"MyCA\.p12"):
            container.read(data, password, path=Path("/lab/MyCA.p12"))


def test_a_container_that_is_cut_off_is_unreadable() -> None:
    with pytest.raises(ContainerUnreadable, match="damaged"):
        container.read(packed(key(), root())[:-1], PASSWORD, path=PATH)


@given(st.binary(max_size=200))
def test_any_bytes_raise_a_named_error(data: bytes) -> None:
    for each in (data, der.sequence(der.integer(3), data)):
        with pytest.raises((ContainerUnreadable, WrongPassword)):
            container.read(each, PASSWORD, path=PATH)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("algorithm", [a for a in KeyAlgorithm if not a.startswith("ml-dsa")])
def test_what_is_written_reads_equal(algorithm: KeyAlgorithm, legacy: bool) -> None:
    own = issued(request(of=key(algorithm, 1)))
    made = container.write(key(algorithm, 1), own, [root()], PASSWORD, name="SantiagoDev", legacy=legacy)
    found, certificate, above = container.read(made, PASSWORD, path=PATH)
    assert keys.same_public_key(found, own)
    assert (certificate, above) == (own, (root(),))
    with pytest.raises(WrongPassword):
        container.read(made, WRONG, path=PATH)


def test_ml_dsa_is_refused_and_told_which_would_do() -> None:
    own = issued(request(of=key(KeyAlgorithm.ML_DSA_44, 1)))
    with pytest.raises(CannotDo, match="An RSA, ECDSA or Ed25519 key would do"):
        container.write(key(KeyAlgorithm.ML_DSA_44, 1), own, [], PASSWORD, name="x")
