"""What an operator is told to look at twice (S13)."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.x509 import csr, keys
from tests.scene import CA_PASSWORD, Scene, signing_request


def told(scene: Scene, part: str, request: object) -> bool:
    return any(part in text for text in scene.ca.warnings(request))  # type: ignore[arg-type]


def test_an_ordinary_request_gives_no_warning(configured: Scene) -> None:
    assert configured.ca.warnings(configured.submit()) == ()


def test_a_key_seen_before_is_pointed_out(configured: Scene) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    first = configured.send(signing_request("One", key=key), "One")
    second = configured.send(signing_request("Two", key=key), "Two")
    assert told(configured, f"This key was already in request {first.id} (One)", second)
    assert told(configured, "which is pending", second)
    configured.issue(first)
    assert told(configured, "which was issued as number 1", second)


def test_the_own_key_and_name_of_the_ca_are_pointed_out(configured: Scene) -> None:
    path = configured.directory / "MyCA.key"
    own = keys.load(path.read_bytes(), CA_PASSWORD, path=path)
    request = configured.send(signing_request("Evil", subject=DN(common_name="training ca"), key=own), "Evil")
    assert told(configured, "this CA's own key", request)
    assert told(configured, "this CA's own name", request)


def test_a_request_without_any_name_for_tls_is_pointed_out(configured: Scene) -> None:
    assert told(
        configured, "no alternative name", configured.submit("Person", subject=DN(common_name="Ana Rojas"), sans=())
    )
    with_dns = configured.submit("Host", subject=DN(common_name="host.lab.test"), sans=())
    assert not told(configured, "no alternative name", with_dns)


@pytest.mark.parametrize(
    ("name", "part"),
    [("p\u0430ypal", "mixes scripts"), ("pay\u200bpal", "cannot be seen"), ("\u202elap", "cannot be seen")],
)
def test_characters_that_deceive_are_pointed_out(configured: Scene, name: str, part: str) -> None:
    assert told(configured, part, configured.submit("Evil", subject=DN(common_name=name)))


def test_an_international_name_of_mixed_scripts_is_pointed_out_behind_its_a_label(configured: Scene) -> None:
    request = configured.submit("Evil", sans=("DNS:p\u0430ypal.lab.test",))
    assert request.names[0].startswith("DNS:xn--")
    assert told(configured, "mixes scripts", request)


def test_another_subject_in_the_envelope_is_pointed_out(configured: Scene) -> None:
    assert told(configured, "another subject", configured.submit("One", claimed="/CN=other"))
    assert not told(configured, "another subject", configured.submit("Two", claimed=""))
    assert not told(configured, "another subject", configured.submit("Three", claimed="/CN=Three.LAB.test"))


def test_extensions_that_will_be_ignored_and_foreign_attributes_are_pointed_out(configured: Scene) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.TITLE, "Dr"), x509.NameAttribute(NameOID.COMMON_NAME, "x.lab.test")])
    built = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    from cryptography.hazmat.primitives.serialization import Encoding

    request = configured.send(csr.read(built.public_bytes(Encoding.DER)), "Odd")
    assert told(configured, "will be ignored", request)
    assert told(configured, "unusual attributes", request)
    issued = configured.issue(request)
    assert not issued.certificate.certificate.ca
    assert issued.certificate.certificate.subject_der == request.content.subject_der
