"""Two objects side by side: what differs is named."""

from datetime import timedelta

import pytest

from pkilab.explain import change
from pkilab.explain.compare import Comparison, Difference, compare
from pkilab.explain.kinds import told
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import keys, pem
from tests.explain.objects import crl, own_objects
from tests.x509 import samples


def compared(left: bytes, right: bytes) -> Comparison:
    return compare(told(left)[1], told(right)[1])


def by_field(found: Comparison) -> dict[str, str]:
    return {each.field: each.says for each in found.differences}


@pytest.mark.parametrize("name", own_objects())
def test_an_object_is_equal_to_itself(name: str) -> None:
    data = own_objects()[name]
    assert compared(data, data) == Comparison(equal=True, same=(), differences=())


def test_a_renewal_differs_in_what_a_renewal_changes() -> None:
    old = samples.issued()
    new = samples.issued(serial=8, now=samples.NOW + timedelta(days=300))
    found = compared(old.der, new.der)
    said = by_field(found)
    assert set(said) == {"serialNumber", "notBefore", "notAfter", "r", "s"}
    assert said["serialNumber"] == "Serial number is 7 in the first, 8 in the second."
    assert said["notAfter"].startswith("Valid until is 2027-11-23 12:00:00 UTC in the first, 2028-09-18")
    assert {"subject", "issuer", "subjectPublicKeyInfo", "keyUsage"} <= {*found.same} | {"keyUsage"}
    assert not found.equal


def test_a_certificate_and_its_request_are_compared_by_what_they_share() -> None:
    request = samples.request()
    found = compared(request.der, samples.issued(request).der)
    said = by_field(found)
    assert found.same == ("subject", "subjectPKInfo", "subjectAltName")
    assert said["basicConstraints"].startswith("Basic constraints (critical) is only in the second")
    assert {each.kind for each in found.differences} == {Difference.ONLY_RIGHT}
    assert "serialNumber" not in said


def test_another_subject_than_asked_for_is_named() -> None:
    wished = samples.request(DN(common_name="wished.lab.test"), names=["DNS:wished.lab.test"])
    said = by_field(compared(wished.der, samples.issued().der))
    assert said["subject"] == "Subject is CN = wished.lab.test in the first, CN = santiago.lab.test in the second."
    assert "DNS wished.lab.test in the first" in said["subjectAltName"]


def test_an_extension_that_only_one_has_is_named() -> None:
    said = by_field(
        compared(samples.issued(usage=Usage.CODE_SIGNING).der, samples.issued(usage=Usage.INTERMEDIATE).der)
    )
    assert said["extKeyUsage"].startswith("Extended key usage is only in the first")


def test_a_purpose_that_only_one_has_is_named() -> None:
    found = compared(samples.issued(usage=Usage.CODE_SIGNING).der, samples.issued(usage=Usage.TLS).der)
    purposes = [each.says for each in found.differences if each.field == "extKeyUsage.KeyPurposeId"]
    assert purposes[0] == "Purpose of the extended key usage is only in the first: codeSigning (1.3.6.1.5.5.7.3.3)."


def test_a_mark_that_only_one_has_is_named_with_its_extension() -> None:
    usage = Usage.CODE_SIGNING
    left = samples.issued(usage=usage).der
    tree = told(left)[1]
    node = next(each for each in tree.walk() if each.key == "Extension.critical")
    found = compared(left, change.replaced(node, b""))
    assert [(each.field, each.says) for each in found.differences] == [
        ("basicConstraints.critical", "Basic constraints is critical only in the first.")
    ]


def test_another_key_of_the_same_kind_is_another_key() -> None:
    left = samples.issued().der
    key = told(left)[1].root.child("tbsCertificate", "subjectPublicKeyInfo")
    assert key is not None
    right = change.replaced(key, keys.public_info(samples.key(which=5).public_key()))
    said = by_field(compared(left, right))
    assert said["subjectPublicKeyInfo"].startswith("Public key is another one; both are a key on the elliptic curve")


def test_a_key_identifier_that_differs_is_called_by_its_extension() -> None:
    left = samples.issued().der
    node = told(left)[1].find("Certificate/tbsCertificate/extensions/Extensions/Extension:3")
    assert node is not None
    value = next(each for each in node.walk() if each.name == "KeyIdentifier")
    right = change.replaced(value, b"\x04\x14" + bytes(20))
    found = compared(left, right)
    assert [each.field for each in found.differences] == ["subjectKeyIdentifier"]
    assert not [name for name in found.same if "extnID" in name]


def test_of_what_reads_the_same_the_octets_that_differ_are_shown() -> None:
    left = samples.root(KeyAlgorithm.RSA_2048).der
    right = left[:-1] + bytes([left[-1] ^ 1])
    one = compared(left, right).differences[0]
    assert one.left.endswith(f"; from octet {len(left) - 1} on: {left[-1]:02X}")
    assert one.right.endswith(f"; from octet {len(left) - 1} on: {right[-1]:02X}")


def test_lists_are_compared_by_number() -> None:
    found = compared(crl(3), crl(5))
    new = [each for each in found.differences if each.field == "RevokedCertificate"]
    assert [each.kind for each in new] == [Difference.ONLY_RIGHT] * 2
    assert "number 4" in new[0].says


def test_secrets_of_two_keys_are_not_told() -> None:
    one, other = (next(pem.blocks(keys.dump(samples.key(which=n), None))).der for n in (0, 1))
    found = compared(one, other)
    secret = next(each for each in found.differences if each.field == "privateKey")
    assert secret.says.endswith("differs; the values are secret.")
    assert "not shown" in secret.left


def test_two_kinds_that_share_nothing_differ_as_wholes() -> None:
    found = compared(samples.root().der, keys.public_info(samples.key().public_key()))
    assert len(found.differences) == 1


def test_another_algorithm_is_named() -> None:
    left, right = samples.root(), samples.root(KeyAlgorithm.ED25519)
    said = by_field(compared(left.der, right.der))
    assert said["signatureAlgorithm"] == "Signature algorithm is ecdsa-with-SHA256 in the first, Ed25519 in the second."
