import pytest
from cryptography import x509

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.x509 import csr, renewal
from tests.x509.samples import foreign, issued, key, request


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_renewal_asks_for_the_same_names_byte_for_byte(algorithm: KeyAlgorithm) -> None:
    earlier = issued(request(DN(country="CL", common_name="Ñandú")))
    made = renewal.renewal(key(algorithm), earlier)
    assert csr.read(made.der) == made
    assert made.subject_der == earlier.subject_der
    assert made.names == earlier.names
    read = x509.load_der_x509_csr(made.der)
    assert read.is_signature_valid
    asked = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert asked == foreign(earlier).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    told = read.attributes.get_attribute_for_oid(x509.ObjectIdentifier("1.2.840.113549.1.9.2")).value
    assert told == f"renews {earlier.fingerprint.sha256}".encode()


def test_where_there_are_no_names_none_are_asked_for() -> None:
    earlier = issued(request(DN(common_name="Ana Rojas"), ()))
    assert renewal.renewal(key(), earlier).names == ()


def test_it_is_another_request_than_any_for_another_certificate() -> None:
    ed25519 = key(KeyAlgorithm.ED25519)
    content = request(of=ed25519)
    first, second = issued(content, serial=1), issued(content, serial=2)
    made = {renewal.renewal(ed25519, each).der for each in (first, second)}
    assert len(made | {content.der}) == 3
    assert renewal.renewal(ed25519, first).der in made
