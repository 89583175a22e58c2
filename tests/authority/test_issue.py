"""From a verified request to a certificate: who may, in which order, and what is left behind (S10-S12, S15)."""

import gc

import pytest

from pkilab.errors import (
    ConfirmationNeeded,
    Expired,
    FingerprintMismatch,
    InvalidField,
    KeyMismatch,
    KeyMissing,
    NotPending,
    NotVerified,
    PasswordRequired,
    SerialFileBroken,
    SerialFileMissing,
    UnknownRequest,
    UsageNotOffered,
    WrongPassword,
)
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import CertificateState
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import RequestState, Submission
from pkilab.model.usage import Usage
from pkilab.x509 import keys
from tests.scene import ANA, CA_PASSWORD, Scene, signing_request, verified

CA_NAME = ((("CN", "Training CA"),),)


def test_an_issued_certificate_is_recorded_and_the_contact_is_told(configured: Scene) -> None:
    request = configured.submit()
    issued = configured.issue(request)
    assert issued.number == 1
    assert "number 1 was issued for santiago:SANTIAGO:SantiagoDev" in issued.message
    assert "Remove the medium" in issued.message
    kept = configured.ca.certificate(1)
    assert kept == issued.certificate
    assert kept.state is CertificateState.VALID
    assert kept.issued_by == "opal"
    assert configured.ca.request(request.id).state is RequestState.ISSUED
    assert configured.ca.request(request.id).number == 1
    assert configured.ca.pending() == ()
    assert (configured.directory / "MyCA.srl").read_text() == "01\n"
    mail = configured.outbox()[-1]
    assert mail.recipient == ANA.email
    assert "number 1" in mail.subject
    assert issued.fingerprint.sha256 in mail.body
    assert [entry.act for entry in configured.ca.journal()] == ["configured", "verified", "issued"]


@pytest.mark.parametrize("point", ["identity", "authority", "purpose"])
def test_each_acknowledgement_is_needed_by_itself(configured: Scene, point: str) -> None:
    request = configured.submit()
    with pytest.raises(NotVerified) as caught:
        configured.ca.issue(
            request.id, usage=Usage.TLS, password=CA_PASSWORD, verified=verified(request, **{point: False})
        )
    assert len(caught.value.missing) == 1
    assert configured.ca.pending()[0].verification is None


@pytest.mark.parametrize("word", ["no", 1, "true"])
def test_only_true_acknowledges(configured: Scene, word: object) -> None:
    request = configured.submit()
    with pytest.raises(NotVerified):
        configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request, authority=word))
    with pytest.raises(ConfirmationNeeded):
        configured.ca.delete(request.id, confirmed=word)  # type: ignore[arg-type]
    with pytest.raises(ConfirmationNeeded):
        configured.ca.reinitialize(confirmed=word)  # type: ignore[arg-type]


def test_without_any_verification_nothing_is_issued(configured: Scene) -> None:
    request = configured.submit()
    with pytest.raises(NotVerified):
        configured.ca.issue(request.id, usage=Usage.TLS, password=CA_PASSWORD)
    with pytest.raises(NotVerified):
        configured.ca.issue(
            request.id, usage=Usage.TLS, password=CA_PASSWORD, verified=verified(request, fingerprint=" ")
        )


def test_an_incomplete_fingerprint_is_named_and_not_journalled(configured: Scene) -> None:
    request = configured.submit()
    with pytest.raises(InvalidField, match="not a whole fingerprint"):
        configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request, fingerprint="AB:CD"))
    assert len(configured.ca.journal()) == 1


def test_a_wrong_fingerprint_blocks_is_journalled_and_tells_no_right_one(configured: Scene) -> None:
    request, other = configured.submit("One"), configured.submit("Two")
    with pytest.raises(FingerprintMismatch) as caught:
        configured.ca.issue(
            request.id,
            usage=Usage.TLS,
            password=CA_PASSWORD,
            verified=verified(request, fingerprint=other.fingerprint.sha256),
        )
    assert request.fingerprint.sha256 not in str(caught.value)
    assert configured.ca.journal()[-1].act == "fingerprint did not match"
    assert configured.ca.request(request.id).state is RequestState.PENDING
    assert (configured.directory / "MyCA.srl").read_text() == "00\n"


@pytest.mark.parametrize("read", ["sha1", "sha256"])
def test_the_fingerprint_may_be_read_in_any_form(configured: Scene, read: str) -> None:
    request = configured.submit()
    spoken = getattr(request.fingerprint, read).lower().replace(":", " ")
    done = configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request, fingerprint=spoken))
    assert done.verification is not None
    assert done.verification.compared.lower().replace("-", "") == read


def test_issuing_can_follow_a_recorded_verification_later(configured: Scene) -> None:
    request = configured.submit()
    configured.ca.verify(request.id, usage=Usage.CODE_SIGNING, verified=verified(request, by="Olga"))
    assert configured.ca.request(request.id).verification is not None
    issued = configured.ca.issue(request.id, password=CA_PASSWORD)
    assert issued.certificate.usage is Usage.CODE_SIGNING
    assert configured.ca.journal()[1].by == "Olga"


def test_a_verification_holds_for_its_usage_alone(configured: Scene) -> None:
    request = configured.submit()
    configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    with pytest.raises(NotVerified, match="another use"):
        configured.ca.issue(request.id, usage=Usage.INTERMEDIATE, password=CA_PASSWORD)


def test_a_wrong_password_leaves_the_request_and_the_verification(configured: Scene) -> None:
    request = configured.submit()
    with pytest.raises(WrongPassword) as caught:
        configured.ca.issue(request.id, usage=Usage.TLS, password="wrong", verified=verified(request))
    assert any("verification is recorded" in note for note in caught.value.__notes__)
    with pytest.raises(PasswordRequired):
        configured.ca.issue(request.id)
    assert (configured.directory / "MyCA.srl").read_text() == "00\n"
    assert configured.ca.issue(request.id, password=CA_PASSWORD).number == 1


def test_a_key_that_is_not_mounted_is_said(configured: Scene) -> None:
    request = configured.submit()
    away = configured.path / "medium"
    configured.directory.rename(away)
    with pytest.raises(KeyMissing, match="Mount the medium"):
        configured.issue(request)
    away.rename(configured.directory)
    assert configured.ca.issue(request.id, password=CA_PASSWORD).number == 1


def test_a_key_of_another_ca_is_said(configured: Scene) -> None:
    request = configured.submit()
    other = keys.dump(keys.generate(KeyAlgorithm.EC_P256), CA_PASSWORD)
    (configured.directory / "MyCA.key").write_bytes(other)
    with pytest.raises(KeyMismatch, match="the key file is the wrong one"):
        configured.issue(request)


def test_an_expired_ca_issues_nothing(configured: Scene) -> None:
    request = configured.submit()
    configured.clock.forward(days=3651)
    with pytest.raises(Expired):
        configured.issue(request)
    assert len(configured.ca.pending()) == 1


@pytest.mark.parametrize("content", ["", "\n", "xyz\n", "1\n", None])
def test_a_serial_file_that_cannot_be_read_is_no_restart(configured: Scene, content: str | None) -> None:
    request = configured.submit()
    path = configured.directory / "MyCA.srl"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises((SerialFileBroken, SerialFileMissing)):
        configured.issue(request)
    assert len(configured.ca.pending()) == 1


def test_a_serial_file_from_an_old_copy_is_refused(configured: Scene) -> None:
    configured.issue(configured.submit("One"))
    configured.issue(configured.submit("Two"))
    (configured.directory / "MyCA.srl").write_text("00\n")
    with pytest.raises(SerialFileBroken, match=r"2 \(hex 02\) was issued already"):
        configured.issue(configured.submit("Three"))


def test_a_certificate_never_outlives_its_issuer_and_the_message_says_so(scene: Scene) -> None:
    scene.configure(ca_days=30, issued_days=365)
    issued = scene.issue(scene.submit())
    assert issued.certificate.shortened
    assert issued.certificate.not_after == scene.ca.ca_certificate().not_after
    assert "no certificate outlives its issuer" in issued.message


def test_a_request_is_issued_once_and_the_second_is_told_by_whom(configured: Scene) -> None:
    request = configured.submit()
    configured.issue(request)
    with pytest.raises(NotPending) as caught:
        configured.issue(request)
    assert (caught.value.by, caught.value.number) == ("opal", 1)
    assert "opal issued it as number 1" in str(caught.value)


def test_an_unknown_request_is_said(configured: Scene) -> None:
    with pytest.raises(UnknownRequest, match="99"):
        configured.ca.issue(99, password=CA_PASSWORD)


def test_several_requests_each_verified_are_issued_with_one_password(configured: Scene) -> None:
    sent = [configured.submit(f"Host{at}") for at in range(3)]
    for request in sent[:2]:
        configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    with pytest.raises(NotVerified):
        configured.ca.issue_many([request.id for request in sent], password=CA_PASSWORD)
    assert configured.ca.certificates().total == 0, "nothing is issued when one of them is not verified"
    done = configured.ca.issue_many([request.id for request in sent[:2]], password=CA_PASSWORD)
    assert [issued.number for issued in done.issued] == [1, 2]
    assert done.refused == ()


def test_an_intermediate_under_a_ca_of_path_length_zero_is_not_offered(configured: Scene) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    request = configured.send(signing_request("Sub", subject=DN(common_name="Sub CA"), key=key), "Sub")
    issued = configured.issue(request, usage=Usage.INTERMEDIATE)
    assert issued.certificate.certificate.path_length == 0
    folder = configured.path / "medium"
    folder.mkdir()
    (folder / "Sub.cer").write_text(issued.pem)
    (folder / "Sub.key").write_bytes(keys.dump(key, None))
    (folder / "Sub-chain.cer").write_text(configured.ca.chain().pem)
    below = configured.lab.instance("SubCA").server
    done = below.configure(root="Sub", directory=folder, issued_days=10, serials="random")
    assert "not encrypted" in done.warnings[0]
    content = signing_request("SubSub", subject=DN(common_name="Sub Sub CA"))
    name = RequestName("santiago", "SANTIAGO", "SubSub")
    waiting = below.submit(Submission(name=name, csr=content.pem, contact=ANA)).request
    with pytest.raises(UsageNotOffered, match="path length 0"):
        below.verify(waiting.id, usage=Usage.INTERMEDIATE, verified=verified(waiting))
    leaf = below.issue(waiting.id, usage=Usage.TLS, verified=verified(waiting))
    assert [c.subject for c in below.chain().certificates] == [issued.certificate.certificate.subject, CA_NAME]
    assert leaf.certificate.certificate.issuer == issued.certificate.certificate.subject


def test_a_contact_without_an_address_gets_no_mail(configured: Scene) -> None:
    request = configured.submit(contact=Contact("Ana", email="call me\r\nBcc: x@y"))
    before = len(configured.outbox())
    configured.issue(request)
    assert len(configured.outbox()) == before


def test_a_batch_leaves_pythons_collector_as_it_was(configured: Scene) -> None:
    request = configured.submit()
    configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    assert gc.isenabled()
    with pytest.raises(WrongPassword):
        configured.ca.issue_many([request.id], password="correct horse, but another")
    assert gc.isenabled()
    gc.disable()
    try:
        assert configured.ca.issue_many([request.id], password=CA_PASSWORD).issued
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_issuing_many_tells_how_far_it_is(configured: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pkilab.authority.issue._AT_ONCE", 2)
    waiting = [configured.submit(root) for root in ("One", "Two", "Three", "Four", "Five")]
    for request in waiting:
        configured.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    told: list[tuple[int, int]] = []
    ids = [request.id for request in waiting]
    configured.ca.issue_many(ids, password=CA_PASSWORD, told=lambda done, of: told.append((done, of)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_another_s_fingerprint_is_journalled_whatever_else_is_missing(configured: Scene) -> None:
    request = configured.submit()
    wrong = verified(request, identity=False, purpose=False, fingerprint="AB" * 32)
    with pytest.raises(FingerprintMismatch):
        configured.ca.verify(request.id, usage=Usage.TLS, verified=wrong)
    assert configured.ca.journal()[-1].act == "fingerprint did not match"
