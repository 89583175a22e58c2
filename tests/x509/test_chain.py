from datetime import timedelta
from itertools import permutations

import pytest

from pkilab.errors import Expired, NotACA, NotYetValid, WeakKey
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import certificate, chain, der, issue, keys, signature
from tests.x509.samples import CA_NAME, NOW, PATH, issued, key, request, root

MIDDLE_KEY = key(KeyAlgorithm.EC_P384)
MIDDLE = issued(request(DN(common_name="Middle CA"), (), of=MIDDLE_KEY), Usage.INTERMEDIATE)
LEAF = issued(issuer=MIDDLE, issuer_key=MIDDLE_KEY)
STRANGER = issue.root(key(KeyAlgorithm.ED25519), CA_NAME, days=9, serial=1, now=NOW)  # the root's name, another key


def test_the_chain_is_put_in_order_whatever_the_order_of_the_candidates() -> None:
    for candidates in permutations((root(), MIDDLE, STRANGER, LEAF)):
        assert chain.above(LEAF, candidates).certificates == (LEAF, MIDDLE, root())


def test_a_chain_goes_as_far_as_the_candidates_lead() -> None:
    assert chain.above(LEAF, ()).certificates == (LEAF,)
    assert chain.above(LEAF, (root(),)).certificates == (LEAF,)
    assert chain.above(LEAF, (MIDDLE,)).certificates == (LEAF, MIDDLE)
    assert chain.above(root(), (root(), MIDDLE)).certificates == (root(),)


def test_of_two_issuers_the_one_that_is_valid_longer_is_taken() -> None:
    renewed = issue.root(key(), CA_NAME, days=7000, serial=2, now=NOW)
    assert chain.above(MIDDLE, (root(), renewed)).certificates == (MIDDLE, renewed)


def test_certificates_that_signed_each_other_end_the_chain() -> None:
    one, other = DN(common_name="One"), DN(common_name="Other")
    first, second = key(), MIDDLE_KEY
    start = issue.root(second, other, days=100, serial=3, now=NOW)
    a = issued(request(one, (), of=first), Usage.INTERMEDIATE, path_length=5, issuer=start, issuer_key=second)
    b = issued(request(other, (), of=second), Usage.INTERMEDIATE, path_length=4, issuer=a, issuer_key=first)
    assert chain.above(a, (a, b)).certificates == (a, b)


def test_a_signature_counts_only_with_the_name_and_the_key() -> None:
    assert chain.signed_by(LEAF, MIDDLE)
    assert chain.signed_by(root(), root())
    assert not chain.signed_by(LEAF, root())
    assert not chain.signed_by(MIDDLE, STRANGER)
    renamed = issue.root(key(), DN(common_name="Another name"), days=9, serial=4, now=NOW)
    assert not chain.signed_by(MIDDLE, renamed)


def test_a_ca_in_its_time_may_issue() -> None:
    chain.check_ca(root(), now=NOW, path=PATH)
    chain.check_ca(MIDDLE, now=NOW, path=PATH)
    chain.check_ca(root(), now=root().not_after, path=PATH)
    chain.check_ca(root(), now=root().not_before, path=PATH)


def test_a_ca_out_of_its_time_may_not() -> None:
    with pytest.raises(Expired, match="Training CA"):
        chain.check_ca(root(), now=root().not_after + timedelta(seconds=1), path=PATH)
    with pytest.raises(NotYetValid, match="Training CA"):
        chain.check_ca(root(), now=root().not_before - timedelta(seconds=1), path=PATH)


def changed(*, find: bytes, put: bytes) -> Certificate:
    """The root with other octets in what is signed, signed again."""
    to_be_signed = der.members(root().der)[0].raw
    assert len(find) == len(put)
    assert find in to_be_signed
    return certificate.trusted(signature.sealed(to_be_signed.replace(find, put), key()))


def test_a_certificate_that_is_no_ca_may_not_issue() -> None:
    with pytest.raises(NotACA, match="CA:TRUE"):
        chain.check_ca(LEAF, now=NOW, path=PATH)


def test_a_ca_without_the_right_to_sign_certificates_may_not_issue() -> None:
    with pytest.raises(NotACA, match="keyCertSign"):
        chain.check_ca(changed(find=b"\x03\x02\x01\x86", put=b"\x03\x02\x01\x82"), now=NOW, path=PATH)


def test_a_ca_without_a_key_usage_is_not_restricted() -> None:
    without = changed(find=b"\x55\x1d\x0f", put=b"\x55\x1d\x7f")  # as `openssl req -x509` leaves it out
    assert without.key_usage == ()
    chain.check_ca(without, now=NOW, path=PATH)


def test_a_first_version_certificate_may_not_issue() -> None:
    fields = der.members(der.members(root().der)[0].raw)
    first = certificate.trusted(signature.sealed(der.sequence(*(f.raw for f in fields[1:-1])), key()))
    assert first.subject == root().subject
    with pytest.raises(NotACA, match="CA:TRUE"):
        chain.check_ca(first, now=NOW, path=PATH)


def test_a_ca_without_a_name_may_not_issue() -> None:
    fields = [field.raw for field in der.members(der.members(root().der)[0].raw)]
    fields[5] = der.sequence()
    with pytest.raises(NotACA, match="subject is empty"):
        chain.check_ca(certificate.trusted(signature.sealed(der.sequence(*fields), key())), now=NOW, path=PATH)


def with_key(spki: bytes) -> Certificate:
    fields = [field.raw for field in der.members(der.members(root().der)[0].raw)]
    fields[6] = spki
    return certificate.trusted(signature.sealed(der.sequence(*fields), key()))


def test_a_ca_with_a_key_that_is_not_accepted_may_not_issue() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    weak = keys.public_info(ec.generate_private_key(ec.SECP256K1()).public_key())
    with pytest.raises(WeakKey, match="secp256k1"):
        chain.check_ca(with_key(weak), now=NOW, path=PATH)
    bits = der.members(keys.public_info(key(KeyAlgorithm.RSA_2048).public_key()))[1].raw
    restricted = with_key(der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.10")), bits))
    assert restricted.key.label == "RSA-PSS, 2048 bits"
    with pytest.raises(NotACA, match="PSS"):
        chain.check_ca(restricted, now=NOW, path=PATH)
