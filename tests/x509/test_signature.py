import pytest

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.x509 import der, signature
from tests.x509.samples import foreign, key, root

EXPECTED = {
    KeyAlgorithm.RSA_2048: "sha256WithRSAEncryption",
    KeyAlgorithm.RSA_3072: "sha256WithRSAEncryption",
    KeyAlgorithm.RSA_4096: "sha256WithRSAEncryption",
    KeyAlgorithm.EC_P256: "ecdsa-with-SHA256",
    KeyAlgorithm.EC_P384: "ecdsa-with-SHA384",
    KeyAlgorithm.EC_P521: "ecdsa-with-SHA512",
    KeyAlgorithm.ED25519: "Ed25519",
    KeyAlgorithm.ML_DSA_44: "ML-DSA-44",
    KeyAlgorithm.ML_DSA_65: "ML-DSA-65",
    KeyAlgorithm.ML_DSA_87: "ML-DSA-87",
}


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_the_algorithm_follows_from_the_key(algorithm: KeyAlgorithm) -> None:
    made = root(algorithm)
    assert made.signature_algorithm == EXPECTED[algorithm]
    foreign(made).verify_directly_issued_by(foreign(made))


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_only_rsa_has_parameters_and_they_are_null(algorithm: KeyAlgorithm) -> None:
    parameters = der.members(signature.algorithm_identifier(key(algorithm)))[1:]
    assert [parameter.raw for parameter in parameters] == ([der.NOTHING] if algorithm.startswith("rsa") else [])


def test_an_unknown_algorithm_goes_by_its_oid() -> None:
    (unknown,) = der.elements(der.sequence(der.oid("1.2.3.4")))
    assert signature.name(unknown) == "1.2.3.4"
