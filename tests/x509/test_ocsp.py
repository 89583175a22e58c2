import contextlib
import hashlib
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidMessage
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.x509 import certificate as certificates
from pkilab.x509 import der, issue, ocsp
from pkilab.x509.ocsp import Failure, State
from tests.x509.samples import NOW, START, foreign, key, root

UNTIL = START + timedelta(minutes=10)
SHA1, SHA256 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"
BY_OID = {SHA1: "sha1", SHA256: "sha256"}


def identifier(number: int, issuer: Certificate, algorithm: str = SHA256) -> bytes:
    """A CertID, put together by hand."""
    bits = der.members(certificates.public_key_info(issuer))[1].content[1:]
    hashed = [hashlib.new(BY_OID[algorithm], data).digest() for data in (issuer.subject_der, bits)]
    parts = (der.element(der.OCTET_STRING, each) for each in hashed)
    return der.sequence(der.sequence(der.oid(algorithm), der.NOTHING), *parts, der.integer(number))


def asking(*identifiers: bytes, extensions: bytes = b"", version: bytes = b"") -> bytes:
    listed = der.sequence(*(der.sequence(each) for each in identifiers))
    return der.sequence(der.sequence(version, listed, der.element(0xA2, extensions) if extensions else b""))


def nonce(octets: bytes) -> bytes:
    value = der.element(der.OCTET_STRING, der.element(der.OCTET_STRING, octets))
    return der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1.2"), value))


def responder(algorithm: KeyAlgorithm) -> ocsp.Signer:
    signer = issue.signer(root(algorithm), key(algorithm))
    certificate = issue.responder(signer, key(algorithm, 1), "OCSP responder", serial=99, days=30, now=NOW)
    return ocsp.Signer(certificate, key(algorithm, 1))


def verified(answer: library.OCSPResponse, certificate: Certificate) -> bool:
    public = foreign(certificate).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(public, ec.EllipticCurvePublicKey):
        digest = answer.signature_hash_algorithm
        assert digest
        public.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
    else:
        public.verify(answer.signature, answer.tbs_response_bytes)  # type: ignore[union-attr, call-arg]
    return True


@pytest.mark.parametrize("algorithm", [SHA1, SHA256])
def test_what_the_library_asks_is_read(algorithm: str) -> None:
    digest: hashes.HashAlgorithm = hashes.SHA1() if algorithm == SHA1 else hashes.SHA256()  # noqa: S303 - RFC 5019's
    ca = root()
    built = library.OCSPRequestBuilder().add_certificate(foreign(ca), foreign(ca), digest)
    built = built.add_extension(x509.OCSPNonce(b"n" * 16), critical=False)
    read = ocsp.read(built.build().public_bytes(Encoding.DER))
    (asked,) = read.asked
    assert (asked.number, asked.algorithm) == (ca.serial, algorithm)
    assert ocsp.issued_by(asked, ca)
    assert not ocsp.issued_by(asked, root(KeyAlgorithm.EC_P384))
    assert read.nonce.endswith(b"n" * 16)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_the_library_reads_answers_of_every_algorithm(algorithm: KeyAlgorithm) -> None:
    ca, signer = root(algorithm), responder(algorithm)
    read = ocsp.read(asking(identifier(1, ca), identifier(2, ca, SHA1), identifier(3, ca), extensions=nonce(b"x" * 32)))
    held = Revocation(reason=RevocationReason.CERTIFICATE_HOLD, at=START, by="opal")
    states = [State(read.asked[0], known=True), State(read.asked[1], known=True, revocation=held)]
    states.append(State(read.asked[2], known=False))
    answer = library.load_der_ocsp_response(
        ocsp.answer(states, signer, produced_at=START, next_update=UNTIL, nonce=read.nonce)
    )
    assert answer.response_status is library.OCSPResponseStatus.SUCCESSFUL
    assert verified(answer, signer.certificate)
    assert answer.certificates == [foreign(signer.certificate)]
    assert answer.produced_at_utc == START
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"x" * 32
    good, revoked, unknown = answer.responses
    assert good.certificate_status is library.OCSPCertStatus.GOOD
    assert (good.this_update_utc, good.next_update_utc) == (START, UNTIL)
    assert revoked.certificate_status is library.OCSPCertStatus.REVOKED
    assert revoked.revocation_reason is x509.ReasonFlags.certificate_hold
    assert revoked.revocation_time_utc == START
    assert unknown.certificate_status is library.OCSPCertStatus.UNKNOWN
    assert [each.serial_number for each in answer.responses] == [1, 2, 3]
    assert revoked.hash_algorithm.name == "sha1"


@pytest.mark.parametrize("reason", RevocationReason)
def test_every_reason_is_told_and_unspecified_is_left_out(reason: RevocationReason) -> None:
    (asked,) = ocsp.read(asking(identifier(1, root()))).asked
    state = State(asked, known=True, revocation=Revocation(reason=reason, at=START, by="opal"))
    encoded = ocsp.answer([state], responder(KeyAlgorithm.EC_P256), produced_at=START, next_update=UNTIL)
    told = library.load_der_ocsp_response(encoded).revocation_reason
    assert (told.value if told else "unspecified") == reason.value


def test_the_responders_certificate_is_for_just_that() -> None:
    certificate = responder(KeyAlgorithm.RSA_2048).certificate
    assert certificate.extended_key_usage == ("OCSPSigning",)
    assert certificate.key_usage == ("digitalSignature",)
    assert not certificate.ca
    assert not foreign(certificate).extensions.get_extension_for_class(x509.OCSPNoCheck).critical
    foreign(certificate).verify_directly_issued_by(foreign(root(KeyAlgorithm.RSA_2048)))


@pytest.mark.parametrize("why", Failure)
def test_a_failure_tells_why(why: Failure) -> None:
    assert library.load_der_ocsp_response(ocsp.failure(why)).response_status.value == why


@pytest.mark.parametrize("octets", [0, 129])
def test_a_nonce_of_a_length_that_the_rfc_refuses_is_refused(octets: int) -> None:
    with pytest.raises(InvalidMessage, match="nonce"):
        ocsp.read(asking(identifier(1, root()), extensions=nonce(b"x" * octets)))


def test_what_is_critical_and_not_known_is_refused() -> None:
    foreign_one = der.sequence(
        der.sequence(der.oid("1.2.3.4"), der.TRUE, der.element(der.OCTET_STRING, der.NOTHING)),
    )
    with pytest.raises(InvalidMessage, match=r"1\.2\.3\.4"):
        ocsp.read(asking(identifier(1, root()), extensions=foreign_one))


def test_another_version_nothing_and_too_much_are_refused() -> None:
    one = identifier(1, root())
    assert ocsp.read(asking(one, version=der.element(0xA0, der.integer(0)))).asked
    for refused in (asking(one, version=der.element(0xA0, der.integer(1))), asking(), asking(*[one] * 101)):
        with pytest.raises(InvalidMessage):
            ocsp.read(refused)


def test_a_hash_that_is_not_known_is_of_no_issuer() -> None:
    parts = (der.element(der.OCTET_STRING, b"x" * 20),) * 2
    asked = asking(der.sequence(der.sequence(der.oid("1.2.840.113549.2.5")), *parts, der.integer(1)))
    assert not ocsp.issued_by(ocsp.read(asked).asked[0], root())


@given(st.binary(max_size=200))
def test_no_octets_break_the_reader(data: bytes) -> None:
    with pytest.raises(InvalidMessage):
        ocsp.read(data)


@given(st.integers(0, 120), st.integers(0, 255))
def test_no_changed_octet_breaks_the_reader(at: int, value: int) -> None:
    sound = asking(identifier(1, root()), extensions=nonce(b"x" * 16))
    changed = bytearray(sound)
    changed[at % len(sound)] = value
    with contextlib.suppress(InvalidMessage):
        ocsp.read(bytes(changed))
