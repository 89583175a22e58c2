"""Usages, their profiles (spec: Certificate profiles), and key algorithms (X1)."""

import pytest

from pkilab.errors import InvalidField
from pkilab.model.algorithm import DEFAULT_CA, DEFAULT_CLIENT, KeyAlgorithm
from pkilab.model.usage import ROOT, Usage, profile


def test_usages_have_the_names_that_operators_know() -> None:
    assert [usage.label for usage in Usage] == [
        "TLS/SSL and XML security",
        "Intermediate Certificate Authority",
        "Code signing",
    ]


@pytest.mark.parametrize("usage", Usage)
def test_a_usage_is_read_in_any_case(usage: Usage) -> None:
    assert Usage.parse(f" {usage.value.upper()} ") is usage


@pytest.mark.parametrize("name", ["", "TLS/SSL", "codesigning", "ca"])
def test_an_unknown_usage_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(InvalidField, match=r"^Usage: choose one of tls, intermediate, code-signing\.$"):
        Usage.parse(name)


@pytest.mark.parametrize(
    ("usage", "family", "ca", "key_usage", "extended", "names"),
    [
        (Usage.TLS, "RSA", False, {"digitalSignature", "keyEncipherment"}, ("serverAuth", "clientAuth"), True),
        (Usage.TLS, "EC", False, {"digitalSignature", "keyAgreement"}, ("serverAuth", "clientAuth"), True),
        (Usage.TLS, "Ed25519", False, {"digitalSignature"}, ("serverAuth", "clientAuth"), True),
        (Usage.TLS, "ML-DSA", False, {"digitalSignature"}, ("serverAuth", "clientAuth"), True),
        (Usage.INTERMEDIATE, "RSA", True, {"keyCertSign", "cRLSign", "digitalSignature"}, (), False),
        (Usage.INTERMEDIATE, "ML-DSA", True, {"keyCertSign", "cRLSign", "digitalSignature"}, (), False),
        (Usage.CODE_SIGNING, "RSA", False, {"digitalSignature"}, ("codeSigning",), True),
        (Usage.CODE_SIGNING, "EC", False, {"digitalSignature"}, ("codeSigning",), True),
    ],
)
def test_profiles_are_those_of_the_table(
    *, usage: Usage, family: str, ca: bool, key_usage: set[str], extended: tuple[str, ...], names: bool
) -> None:
    found = profile(usage, family)
    assert (found.ca, set(found.key_usage), found.extended_key_usage, found.names) == (ca, key_usage, extended, names)


def test_a_root_signs_certificates_and_lists() -> None:
    assert ROOT.ca
    assert set(ROOT.key_usage) == {"keyCertSign", "cRLSign", "digitalSignature"}


def test_key_algorithms_are_called_as_on_the_command_line() -> None:
    called = "rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521 ed25519 ml-dsa-44 ml-dsa-65 ml-dsa-87"
    assert list(KeyAlgorithm) == called.split()
    assert (DEFAULT_CA, DEFAULT_CLIENT) == (KeyAlgorithm.RSA_3072, KeyAlgorithm.RSA_2048)
    assert len({algorithm.label for algorithm in KeyAlgorithm}) == 10


def test_a_key_algorithm_is_read_in_any_case_or_refused_with_the_list() -> None:
    assert KeyAlgorithm.parse(" EC-P256 ") is KeyAlgorithm.EC_P256
    with pytest.raises(InvalidField, match=r"^Key algorithm: choose one of rsa-2048, .*, ml-dsa-87\.$"):
        KeyAlgorithm.parse("rsa-1024")
