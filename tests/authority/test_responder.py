"""The OCSP responder: delegated, unattended, and honest about what it does not know (X2, RFC 6960)."""

import stat
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponse, OCSPResponseStatus

from pkilab.errors import CannotWrite, KeyMissing, NotConfigured, RegistryError, WrongPassword
from pkilab.store import files, revocations
from tests.scene import CA_PASSWORD, Scene, settings


def question(scene: Scene, number: int, *, nonce: bytes = b"", issuer: x509.Certificate | None = None) -> bytes:
    ca = issuer or x509.load_der_x509_certificate(scene.ca.ca_certificate().certificate.der)
    built = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        _hash(ca.subject.public_bytes()), _hash(_bits(ca)), number, hashes.SHA256()
    )
    if nonce:
        built = built.add_extension(x509.OCSPNonce(nonce), critical=False)
    return built.build().public_bytes(Encoding.DER)


def _hash(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def _bits(ca: x509.Certificate) -> bytes:
    return ca.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def asked(scene: Scene, number: int, **how: object) -> OCSPResponse:
    return ocsp.load_der_ocsp_response(scene.ca.ocsp(question(scene, number, **how)).der)  # type: ignore[arg-type]


@pytest.fixture
def responding(configured: Scene) -> Scene:
    configured.ca.renew_responder(password=CA_PASSWORD)
    return configured


def test_good_revoked_held_lifted_and_unknown(responding: Scene) -> None:
    number = responding.issue(responding.submit()).number
    assert asked(responding, number).certificate_status is OCSPCertStatus.GOOD
    responding.ca.revoke(number, reason="certificateHold", password=CA_PASSWORD)
    held = asked(responding, number)
    assert held.certificate_status is OCSPCertStatus.REVOKED
    assert held.revocation_reason is x509.ReasonFlags.certificate_hold
    assert held.revocation_time_utc == responding.clock.now
    responding.ca.lift(number, password=CA_PASSWORD)
    assert asked(responding, number).certificate_status is OCSPCertStatus.GOOD
    responding.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    assert asked(responding, number).revocation_reason is x509.ReasonFlags.key_compromise
    assert asked(responding, number + 5).certificate_status is OCSPCertStatus.UNKNOWN


def test_the_same_number_of_another_ca_is_unknown(responding: Scene) -> None:
    number = responding.issue(responding.submit()).number
    other = responding.lab.instance("Other").server
    other.configure(**settings(root="Other"))
    foreign = x509.load_der_x509_certificate(other.ca_certificate().certificate.der)
    assert asked(responding, number, issuer=foreign).certificate_status is OCSPCertStatus.UNKNOWN


def test_the_responders_own_number_is_known(responding: Scene) -> None:
    certificate = responding.ca.responder
    assert certificate
    assert asked(responding, certificate.serial).certificate_status is OCSPCertStatus.GOOD
    assert responding.issue(responding.submit()).number == certificate.serial + 1


def test_a_nonce_is_returned_and_nobody_may_keep_the_answer(responding: Scene) -> None:
    plain = responding.ca.ocsp(question(responding, 1))
    assert plain.until == responding.clock.now + timedelta(minutes=10)
    fresh = responding.ca.ocsp(question(responding, 1, nonce=b"n" * 32))
    assert fresh.until is None
    answer = ocsp.load_der_ocsp_response(fresh.der)
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32


def test_without_a_responder_of_this_ca_it_is_not_authorized(configured: Scene) -> None:
    wanted = question(configured, 1)
    assert asked(configured, 1).response_status is OCSPResponseStatus.UNAUTHORIZED
    configured.ca.renew_responder(password=CA_PASSWORD)
    kept = (configured.manager / "ocsp-responder.pem").read_bytes()
    configured.ca.reinitialize(confirmed=True)
    assert not (configured.manager / "ocsp-responder.pem").exists()
    with pytest.raises(NotConfigured):
        configured.ca.ocsp(wanted)
    configured.configure(root="New")
    assert asked(configured, 1).response_status is OCSPResponseStatus.UNAUTHORIZED
    (configured.manager / "ocsp-responder.pem").write_bytes(kept)  # as from a backup
    assert asked(configured, 1).response_status is OCSPResponseStatus.UNAUTHORIZED


def test_an_expired_responder_says_try_later_and_a_new_one_answers(responding: Scene) -> None:
    responding.clock.forward(days=29, hours=23, minutes=55)
    last = responding.ca.ocsp(question(responding, 1))
    assert last.until == responding.clock.now + timedelta(minutes=5)
    responding.clock.forward(minutes=5)
    assert asked(responding, 1).response_status is OCSPResponseStatus.TRY_LATER
    done = responding.ca.renew_responder(password=CA_PASSWORD)
    assert asked(responding, 1).response_status is OCSPResponseStatus.SUCCESSFUL
    assert responding.ca.responder == done.certificate


def test_a_registry_in_trouble_says_try_later(responding: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = question(responding, 1)

    def fail(*_: object) -> None:
        raise RegistryError("there", "it is busy")

    monkeypatch.setattr(revocations, "states", fail)
    answer = responding.ca.ocsp(wanted)
    assert answer.outcome == "tryLater"
    assert ocsp.load_der_ocsp_response(answer.der).response_status is OCSPResponseStatus.TRY_LATER


def test_a_damaged_file_says_try_later(responding: Scene) -> None:
    (responding.manager / "ocsp-responder.pem").write_text("nothing")
    assert asked(responding, 1).response_status is OCSPResponseStatus.TRY_LATER


@pytest.mark.parametrize("data", [b"", b"0", b"\x30\x00", b"<html>", bytes(1000)])
def test_what_is_no_request_is_malformed(responding: Scene, data: bytes) -> None:
    answer = ocsp.load_der_ocsp_response(responding.ca.ocsp(data).der)
    assert answer.response_status is OCSPResponseStatus.MALFORMED_REQUEST


def test_the_responders_key_is_its_owners_and_another_each_time(responding: Scene) -> None:
    path = responding.manager / "ocsp-responder.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    first = responding.ca.responder
    done = responding.ca.renew_responder(password=CA_PASSWORD)
    assert done.path == path
    assert path.read_bytes() != before
    assert first
    assert done.certificate.key.sha256 != first.key.sha256
    assert done.certificate.not_after - responding.clock.now == timedelta(days=30)
    entry = responding.ca.journal()[-1]
    assert (entry.act, entry.facts["number"]) == ("responder renewed", str(done.certificate.serial))


def test_what_goes_wrong_leaves_the_responder_as_it_is(responding: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (responding.manager / "ocsp-responder.pem").read_bytes()
    with pytest.raises(WrongPassword):
        responding.ca.renew_responder(password="wrong horse")
    away = responding.directory.rename(responding.directory.with_name("away"))
    with pytest.raises(KeyMissing):
        responding.ca.renew_responder(password=CA_PASSWORD)
    away.rename(responding.directory)
    replace = files.replace

    def full(path: object, *given: object, **how: object) -> None:
        if str(path).endswith(".pem"):
            raise CannotWrite("OCSP responder", responding.manager, "the disk is full")
        replace(path, *given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "replace", full)
    with pytest.raises(CannotWrite):
        responding.ca.renew_responder(password=CA_PASSWORD)
    assert (responding.manager / "ocsp-responder.pem").read_bytes() == before
    assert asked(responding, 1).response_status is OCSPResponseStatus.SUCCESSFUL


def test_random_numbers_are_given_to_the_responder_too(scene: Scene) -> None:
    scene.configure(serials="random")
    assert scene.ca.renew_responder(password=CA_PASSWORD).certificate.serial > 1 << 64
