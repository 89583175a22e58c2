from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotCertify, InvalidField, UsageNotOffered
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import MAX_SERIAL, Certificate
from pkilab.model.dn import DN
from pkilab.model.request import SigningRequest
from pkilab.model.usage import Usage
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain, csr, der, issue, keys, signature
from tests.x509.samples import CA_NAME, NAME, NOW, START, foreign, issued, key, request, root

LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
EXTENDED = st.sampled_from([KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44])


def assembled(subject: bytes, *names: bytes) -> SigningRequest:
    """A request with any subject and alternative names, put together by hand."""
    attributes = b""
    if names:
        wanted = der.sequence(der.oid("2.5.29.17"), der.element(der.OCTET_STRING, der.sequence(*names)))
        asked = der.element(der.SET, der.sequence(wanted))
        attributes = der.sequence(der.oid("1.2.840.113549.1.9.14"), asked)
    spki = keys.public_info(key().public_key())
    return csr.read(signature.sealed(der.sequence(der.integer(0), subject, spki, der.element(0xA0, attributes)), key()))


def common(*names: str) -> bytes:
    """A subject of common names."""
    found = (der.sequence(der.oid("2.5.4.3"), der.element(0x0C, name.encode())) for name in names)
    return der.sequence(*(der.element(der.SET, each) for each in found))


def critical(certificate: Certificate) -> dict[str, bool]:
    return {extension.oid._name: extension.critical for extension in foreign(certificate).extensions}


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_root_has_the_profile_of_a_root(algorithm: KeyAlgorithm) -> None:
    made = root(algorithm)
    assert made.subject == tuple((attribute,) for attribute in CA_NAME.attributes)
    assert made.self_issued
    assert chain.signed_by(made, made)
    assert (made.ca, made.path_length) == (True, None)
    assert made.key_usage == ("digitalSignature", "keyCertSign", "cRLSign")
    assert made.extended_key_usage == made.names == ()
    assert made.authority_key_id == made.subject_key_id != ""
    assert critical(made) == {
        "basicConstraints": True,
        "keyUsage": True,
        "subjectKeyIdentifier": False,
        "authorityKeyIdentifier": False,
    }
    assert foreign(made).version is x509.Version.v3


def test_a_root_is_valid_from_a_little_before_now() -> None:
    made = issue.root(key(), CA_NAME, days=10, serial=5, now=NOW)
    assert made.not_before == START - timedelta(minutes=5)
    assert made.not_after == START + timedelta(days=10)
    assert made.serial == 5


@given(st.datetimes(datetime(1990, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds UTC
def test_the_latest_day_is_the_last_that_a_certificate_can_hold(now: datetime) -> None:
    latest = issue.latest_days(now)
    seconds = now.replace(microsecond=0)
    assert seconds + timedelta(days=latest) <= LAST
    assert LAST - (seconds + timedelta(days=latest)) < timedelta(days=1)


def test_a_root_can_be_valid_until_the_latest_day_and_no_longer() -> None:
    latest = issue.latest_days(NOW)
    made = issue.root(key(), CA_NAME, days=latest, serial=1, now=NOW)
    assert made.not_after == START + timedelta(days=latest)
    assert made.not_after.year == 9999
    for days in (latest + 1, 0, -1, 10**12):
        with pytest.raises(InvalidField, match="Validity"):
            issue.root(key(), CA_NAME, days=days, serial=1, now=NOW)


@pytest.mark.parametrize("serial", [1, 127, 128, 1 << 64, MAX_SERIAL])
def test_numbers_up_to_twenty_octets_are_kept(serial: int) -> None:
    assert issued(serial=serial).serial == serial


@pytest.mark.parametrize("serial", [0, -1, MAX_SERIAL + 1])
def test_other_numbers_are_a_mistake_of_the_caller(serial: int) -> None:
    with pytest.raises(ValueError, match="20 octets"):
        issued(serial=serial)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
@pytest.mark.parametrize(
    "ca", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P521, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_65]
)
def test_every_algorithm_certifies_every_other(ca: KeyAlgorithm, algorithm: KeyAlgorithm) -> None:
    made = issued(request(of=key(algorithm, 1)), issuer=root(ca), issuer_key=key(ca))
    assert chain.signed_by(made, root(ca))
    assert keys.same_public_key(key(algorithm, 1), made)
    assert made.authority_key_id == root(ca).subject_key_id
    assert made.subject_key_id not in {"", made.authority_key_id}


@pytest.mark.parametrize(
    ("algorithm", "usage"),
    [
        (KeyAlgorithm.RSA_2048, ("digitalSignature", "keyEncipherment")),
        (KeyAlgorithm.EC_P256, ("digitalSignature", "keyAgreement")),
        (KeyAlgorithm.ED25519, ("digitalSignature",)),
        (KeyAlgorithm.ML_DSA_44, ("digitalSignature",)),
    ],
)
def test_a_tls_certificate_has_its_profile(algorithm: KeyAlgorithm, usage: tuple[str, ...]) -> None:
    made = issued(request(of=key(algorithm, 1)))
    assert (made.ca, made.path_length, made.key_usage) == (False, None, usage)
    assert made.extended_key_usage == ("serverAuth", "clientAuth")
    assert made.names == (f"DNS:{NAME}",)
    assert critical(made) == {
        "basicConstraints": True,
        "keyUsage": True,
        "extendedKeyUsage": False,
        "subjectKeyIdentifier": False,
        "authorityKeyIdentifier": False,
        "subjectAltName": False,
    }


def test_a_code_signing_certificate_has_its_profile() -> None:
    made = issued(usage=Usage.CODE_SIGNING)
    assert (made.ca, made.key_usage) == (False, ("digitalSignature",))
    assert made.extended_key_usage == ("codeSigning",)
    assert made.names == (f"DNS:{NAME}",)
    assert issued(request(names=()), Usage.CODE_SIGNING).names == ()


def test_an_intermediate_has_its_profile_and_no_alternative_names() -> None:
    made = issued(usage=Usage.INTERMEDIATE)
    assert (made.ca, made.path_length) == (True, 0)
    assert made.key_usage == ("digitalSignature", "keyCertSign", "cRLSign")
    assert made.extended_key_usage == made.names == ()
    assert issued(usage=Usage.INTERMEDIATE, path_length=3).path_length == 3


def limited(path_length: int) -> Certificate:
    return issued(request(DN(common_name="Middle"), (), of=key()), Usage.INTERMEDIATE, path_length=path_length)


def test_path_lengths_shrink_towards_the_leaves() -> None:
    assert issue.check_usage(root(), Usage.INTERMEDIATE, None) == 0
    assert issue.check_usage(root(), Usage.INTERMEDIATE, 9) == 9
    assert issue.check_usage(limited(2), Usage.INTERMEDIATE, 1) == 1
    assert issue.check_usage(limited(1), Usage.INTERMEDIATE, None) == 0
    for issuer, wished in ((limited(0), None), (limited(0), 0), (limited(2), 2), (limited(1), 5)):
        with pytest.raises(UsageNotOffered, match="path length") as refused:
            issue.check_usage(issuer, Usage.INTERMEDIATE, wished)
        assert refused.value.usage == "Intermediate Certificate Authority"
        with pytest.raises(UsageNotOffered):
            issued(usage=Usage.INTERMEDIATE, path_length=wished, issuer=issuer)


def test_a_path_length_is_only_for_intermediates_and_never_negative() -> None:
    assert issue.check_usage(limited(0), Usage.TLS, None) is None
    with pytest.raises(CannotCertify, match="only for"):
        issue.check_usage(root(), Usage.TLS, 0)
    with pytest.raises(CannotCertify, match="negative"):
        issue.check_usage(root(), Usage.INTERMEDIATE, -1)


def test_subject_and_names_are_issued_byte_for_byte() -> None:
    odd = der.sequence(
        der.element(
            der.SET,
            der.sequence(der.oid("2.5.4.3"), der.element(0x14, b"\xe9ins")),
            der.sequence(der.oid("2.5.4.3"), der.element(0x1E, "zwei".encode("utf-16-be"))),
        ),
        der.element(der.SET, der.sequence(der.oid("2.5.4.6"), der.element(0x0C, b"Chile"))),
        der.element(der.SET, der.sequence(der.oid("1.2.3.4"), der.element(0x13, b"x" * 300))),
    )
    names = (der.element(0x82, b"UPPER.test"), der.element(0x88, b"\x2a\x03"), der.element(0x82, b"UPPER.test"))
    made = issued(assembled(odd, *names))
    assert made.subject_der == odd
    assert odd in made.der
    assert der.sequence(*names) in made.der


def test_the_issuer_is_called_by_its_subject_byte_for_byte() -> None:
    fields = [field.raw for field in der.members(der.members(root().der)[0].raw)]
    fields[3] = fields[5] = common("é" * 64)
    from pkilab.x509 import certificate

    odd = certificate.trusted(signature.sealed(der.sequence(*fields), key()))
    made = issued(issuer=odd)
    assert made.issuer_der == odd.subject_der == fields[5]
    assert chain.signed_by(made, odd)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Santiago.Lab.Test", ("DNS:santiago.lab.test",)),
        ("*.lab.test", ("DNS:*.lab.test",)),
        ("santiago.lab.test.", ("DNS:santiago.lab.test",)),
        ("münchen.lab.test", ("DNS:xn--mnchen-3ya.lab.test",)),
        ("10.0.0.7", ("IP:10.0.0.7",)),
        ("fd00::7", ("IP:fd00::7",)),
        ("Ana Pérez", ()),
        ("localhost", ()),
        ("ana@lab.test", ()),
    ],
)
def test_a_common_name_that_is_a_host_becomes_the_alternative_name(name: str, expected: tuple[str, ...]) -> None:
    assert issued(assembled(common(name))).names == expected


def test_a_common_name_is_no_alternative_name_where_there_is_one_or_it_is_not_for_tls() -> None:
    assert issued(assembled(common("a.lab.test"), der.element(0x82, b"b.lab.test"))).names == ("DNS:b.lab.test",)
    assert issued(assembled(common("a.lab.test")), Usage.CODE_SIGNING).names == ()
    assert issued(assembled(common("a.lab.test", "10.0.0.7"))).names == ("DNS:a.lab.test", "IP:10.0.0.7")


@pytest.mark.parametrize("usage", [Usage.TLS, Usage.CODE_SIGNING])
def test_without_a_subject_the_alternative_names_are_critical(usage: Usage) -> None:
    made = issued(assembled(der.sequence(), der.element(0x82, b"a.lab.test")), usage)
    assert made.subject == ()
    assert critical(made)["subjectAltName"]
    assert made.names == ("DNS:a.lab.test",)


@pytest.mark.parametrize("usage", Usage)
def test_without_any_name_nothing_is_issued(usage: Usage) -> None:
    with pytest.raises(CannotCertify, match=r"§4\.1\.2\.6"):
        issued(assembled(der.sequence()), usage)


def test_a_ca_needs_a_subject() -> None:
    with pytest.raises(CannotCertify, match="no subject"):
        issued(assembled(der.sequence(), der.element(0x82, b"a.lab.test")), Usage.INTERMEDIATE)


def leaf(*, days: int, now: datetime = NOW, issuer: Certificate | None = None) -> tuple[Certificate, bool]:
    return issue.leaf(
        request(),
        issuer=issuer or root(days=30),
        issuer_key=key(),
        serial=1,
        usage=Usage.TLS,
        path_length=None,
        days=days,
        now=now,
    )


def test_no_certificate_outlives_its_issuer() -> None:
    made, cut = leaf(days=29)
    assert (made.not_after, cut) == (START + timedelta(days=29), False)
    made, cut = leaf(days=30)
    assert (made.not_after, cut) == (root(days=30).not_after, False)
    for days in (31, 10**9):
        made, cut = leaf(days=days)
        assert (made.not_after, cut) == (root(days=30).not_after, True)


def test_no_certificate_begins_before_its_issuer() -> None:
    made, _ = leaf(days=1)
    assert made.not_before == root(days=30).not_before == START - timedelta(minutes=5)
    made, _ = leaf(days=1, now=NOW - timedelta(minutes=3))
    assert made.not_before == root(days=30).not_before
    made, _ = leaf(days=1, now=NOW + timedelta(days=2, microseconds=5))
    assert made.not_before == START + timedelta(days=2) - timedelta(minutes=5)


@pytest.mark.parametrize("now", [NOW - timedelta(days=400), NOW + timedelta(days=400)])
def test_out_of_its_issuers_time_nothing_is_issued(now: datetime) -> None:
    with pytest.raises(CannotCertify, match="not valid in that time"):
        leaf(days=1, now=now)


@pytest.mark.parametrize("days", [0, -5])
def test_a_validity_of_no_days_is_refused(days: int) -> None:
    with pytest.raises(InvalidField, match="Validity"):
        leaf(days=days)


def test_another_key_than_the_issuers_signs_nothing() -> None:
    with pytest.raises(CannotCertify, match="does not belong"):
        issued(issuer_key=key(KeyAlgorithm.EC_P256, 5))


def test_an_issuer_without_key_identifier_gets_the_derived_one() -> None:
    from pkilab.x509 import certificate

    fields = der.members(der.members(root().der)[0].raw)
    kept = [e.raw for e in der.members(fields[-1].content) if b"\x55\x1d\x0e" not in e.raw]
    bare = der.sequence(*(f.raw for f in fields[:-1]), der.element(0xA3, der.sequence(*kept)))
    issuer = certificate.trusted(signature.sealed(bare, key()))
    assert issuer.subject_key_id == ""
    assert issued(issuer=issuer).authority_key_id == root().subject_key_id


def test_an_unusual_key_identifier_of_the_issuer_is_copied() -> None:
    from pkilab.x509 import certificate

    ours = bytes.fromhex(root().subject_key_id.replace(":", ""))
    to_be_signed = der.members(root().der)[0].raw.replace(ours, b"\x01" * 20)
    issuer = certificate.trusted(signature.sealed(to_be_signed, key()))
    assert issued(issuer=issuer).authority_key_id == ":".join(["01"] * 20)


def test_key_identifiers_are_those_of_cryptography() -> None:
    theirs = x509.SubjectKeyIdentifier.from_public_key(key().public_key()).digest
    assert root().subject_key_id == theirs.hex(":").upper()


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
@pytest.mark.parametrize("usage", Usage)
def test_what_issuing_says_of_a_certificate_is_what_reading_it_says(algorithm: KeyAlgorithm, usage: Usage) -> None:
    content = request(names=("DNS:a.lab.test", "IP:10.0.0.7"), of=key(algorithm, 1))
    made = issued(content, usage, issuer=root(algorithm), issuer_key=key(algorithm), path_length=None)
    assert made == certificates.trusted(made.der)
    plain = issued(request(names=()), usage, issuer=root(algorithm), issuer_key=key(algorithm))
    assert plain == certificates.trusted(plain.der)


def test_a_signer_shows_no_key_and_is_made_of_what_belongs_together() -> None:
    assert "PrivateKey" not in repr(issue.signer(root(), key()))
    with pytest.raises(CannotCertify, match="does not belong"):
        issue.signer(root(), key(KeyAlgorithm.EC_P256, 1))
