"""Revoking, lifting, and the revocation lists that tell it (X2)."""

from datetime import timedelta

import pytest
from cryptography import x509

from pkilab.errors import (
    AlreadyRevoked,
    CannotDo,
    CannotRevoke,
    ConfirmationNeeded,
    Expired,
    InvalidField,
    KeyMissing,
    NoRevocationList,
    NotHeld,
    UnknownNumber,
    WrongPassword,
)
from pkilab.model.certificate import CertificateState
from pkilab.model.contact import Contact
from pkilab.model.crl import RevocationList
from pkilab.model.revocation import RevocationReason
from pkilab.store import crls
from pkilab.x509 import crl
from tests.scene import CA_PASSWORD, Scene


def issue(scene: Scene, root: str = "SantiagoDev", **about: object) -> int:
    return scene.issue(scene.submit(root, **about)).number  # type: ignore[arg-type]


def numbers(found: RevocationList) -> set[int]:
    """What a list names, as another reader sees it."""
    return {entry.serial_number for entry in x509.load_der_x509_crl(found.der)}


def test_a_revoked_certificate_stands_in_the_list_the_journal_and_a_mail(configured: Scene) -> None:
    number = issue(configured)
    since = configured.clock.now - timedelta(days=3)
    done = configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD, invalid_since=since)
    assert done.certificate.state is CertificateState.REVOKED
    assert done.certificate == configured.ca.certificate(number)
    current = configured.ca.crl()
    assert done.lists == (current,)
    assert numbers(current) == {number}
    assert x509.load_der_x509_crl(current.der).is_signature_valid(
        x509.load_der_x509_certificate(configured.ca.ca_certificate().certificate.der).public_key()  # type: ignore[arg-type]
    )
    entry = configured.ca.journal()[-1]
    facts = {"number": str(number), "root": "SantiagoDev", "reason": "keyCompromise", "crl": "1"}
    assert (entry.act, entry.by, dict(entry.facts)) == ("revoked", "opal", facts)
    assert configured.ca.verify_journal().problems == ()
    mail = configured.outbox()[-1]
    assert mail.recipient == "ana@lab.test"
    assert "was revoked" in mail.subject
    assert "keyCompromise" in mail.body
    assert "Ana Rojas is told by mail" in done.message


def test_whose_contact_left_no_address_is_said_to_be_told_otherwise(configured: Scene) -> None:
    number = issue(configured, contact=Contact("Ana", email="no address"))
    before = len(configured.outbox())
    done = configured.ca.revoke(number, reason=RevocationReason.SUPERSEDED, password=CA_PASSWORD)
    assert len(configured.outbox()) == before
    assert "No mail address of its contact is known" in done.message


def test_a_hold_is_lifted_and_no_list_names_it_any_more(configured: Scene) -> None:
    number = issue(configured)
    held = configured.ca.revoke(number, reason="certificateHold", password=CA_PASSWORD)
    assert held.certificate.state is CertificateState.HELD
    (entry,) = x509.load_der_x509_crl(held.lists[0].der)
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.certificate_hold
    lifted = configured.ca.lift(number, password=CA_PASSWORD)
    assert lifted.certificate.state is CertificateState.VALID
    assert numbers(configured.ca.crl()) == set()
    assert configured.ca.crl().number == 2
    assert configured.ca.journal()[-1].act == "hold lifted"
    assert [mail.subject.rpartition(", ")[2] for mail in configured.outbox()[-2:]] == ["was put on hold", "was lifted"]


def test_a_hold_can_become_final_and_is_not_lifted_then(configured: Scene) -> None:
    number = issue(configured)
    configured.ca.revoke(number, reason="certificateHold", password=CA_PASSWORD)
    began = configured.clock.now
    configured.clock.forward(hours=5)
    done = configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    assert done.certificate.revocation
    assert done.certificate.revocation.at == began
    with pytest.raises(NotHeld, match="cannot be taken back"):
        configured.ca.lift(number, password=CA_PASSWORD)


def test_what_cannot_be_revoked_is_said_before_any_password(configured: Scene) -> None:
    number = issue(configured)
    with pytest.raises(CannotRevoke, match="this CA's own"):
        configured.ca.revoke(0, reason="keyCompromise")
    with pytest.raises(UnknownNumber):
        configured.ca.revoke(99, reason="keyCompromise")
    with pytest.raises(InvalidField, match="certificateHold"):
        configured.ca.revoke(number, reason="removeFromCRL")
    with pytest.raises(InvalidField, match="has passed"):
        configured.ca.revoke(number, reason="superseded", invalid_since=configured.clock.now + timedelta(seconds=1))
    with pytest.raises(NotHeld, match="not on hold"):
        configured.ca.lift(number)
    configured.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    with pytest.raises(AlreadyRevoked, match="by opal"):
        configured.ca.revoke(number, reason="keyCompromise")


def test_a_wrong_password_or_a_missing_medium_changes_nothing(configured: Scene) -> None:
    number = issue(configured)
    with pytest.raises(WrongPassword) as refused:
        configured.ca.revoke(number, reason="keyCompromise", password="wrong horse")
    assert refused.value.__notes__ == ["Nothing was changed."]
    away = configured.directory.rename(configured.directory.with_name("away"))
    with pytest.raises(KeyMissing, match="Mount the medium"):
        configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    away.rename(configured.directory)
    assert configured.ca.certificate(number).state is CertificateState.VALID
    with pytest.raises(NoRevocationList):
        configured.ca.crl()
    assert not (configured.directory / "MyCA.crlnumber").exists()


def test_an_expired_certificate_can_still_be_revoked_but_not_by_an_expired_ca(scene: Scene) -> None:
    scene.configure(ca_days=100, issued_days=5)
    number = issue(scene)
    scene.clock.forward(days=50)
    assert scene.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD).certificate.state == "revoked"
    scene.clock.forward(days=60)
    with pytest.raises(Expired):
        scene.ca.publish_crl(password=CA_PASSWORD)


def test_publishing_ahead_signs_a_series_that_takes_over_by_the_clock(configured: Scene) -> None:
    number = issue(configured)
    configured.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    done = configured.ca.publish_crl(password=CA_PASSWORD, ahead=3)
    start = configured.clock.now
    assert [each.number for each in done.lists] == [2, 3, 4, 5]
    assert [each.this_update - start for each in done.lists] == [timedelta(days=27 * at) for at in range(4)]
    assert {each.next_update - each.this_update for each in done.lists} == {timedelta(days=30)}
    assert all(numbers(each) == {number} for each in done.lists)
    for days, expected in ((26.9, 2), (27, 3), (54, 4), (81, 5), (400, 5)):
        configured.clock.now = start + timedelta(days=days)
        assert configured.ca.crl().number == expected
    configured.clock.now = start
    assert configured.ca.crls() == done.lists


def test_a_revocation_withdraws_the_series_and_signs_it_anew_with_higher_numbers(configured: Scene) -> None:
    first, second = issue(configured), issue(configured, "Other")
    configured.ca.publish_crl(password=CA_PASSWORD, ahead=3)
    configured.clock.forward(days=40)
    done = configured.ca.revoke(first, reason="superseded", password=CA_PASSWORD)
    assert [each.number for each in done.lists] == [5, 6, 7]  # one took over already, two were ahead
    assert all(numbers(each) == {first} for each in configured.ca.crls())
    assert "2 signed ahead before were withdrawn" in done.message
    configured.ca.revoke(second, reason="superseded", password=CA_PASSWORD)
    assert configured.ca.publish_crl(password=CA_PASSWORD, ahead=0).lists[0].number == 11
    assert len(configured.ca.crls()) == 1


def test_a_series_ends_with_the_cas_certificate(scene: Scene) -> None:
    scene.configure(ca_days=40)
    done = scene.ca.publish_crl(password=CA_PASSWORD, ahead=10)
    end = scene.ca.ca_certificate().not_after
    assert [each.next_update for each in done.lists] == [scene.clock.now + timedelta(days=30), end]


@pytest.mark.parametrize("ahead", [-1, 121, "3", True])
def test_how_many_ahead_is_a_sensible_number(configured: Scene, ahead: object) -> None:
    with pytest.raises(InvalidField, match="Ahead"):
        configured.ca.publish_crl(password=CA_PASSWORD, ahead=ahead)  # type: ignore[arg-type]


def test_numbers_never_go_back_over_starting_over_and_a_lost_file(configured: Scene) -> None:
    configured.ca.publish_crl(password=CA_PASSWORD, ahead=4)
    assert (configured.directory / "MyCA.crlnumber").read_bytes() == b"06\n"
    configured.ca.reinitialize(confirmed=True)
    configured.configure(password=None, subject=None, ca_days=None, key_algorithm=None, existing=True)
    with pytest.raises(NoRevocationList):
        configured.ca.crl()
    assert configured.ca.publish_crl(password=CA_PASSWORD).lists[0].number == 6
    (configured.directory / "MyCA.crlnumber").unlink()
    assert configured.ca.publish_crl(password=CA_PASSWORD).lists[0].number == 7
    (configured.directory / "MyCA.crlnumber").write_bytes(b"02\n")
    assert configured.ca.publish_crl(password=CA_PASSWORD).lists[0].number == 8


def test_starting_over_says_what_is_forgotten_and_the_copy_holds_it(configured: Scene) -> None:
    number = issue(configured)
    configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    with pytest.raises(ConfirmationNeeded, match="1 of them was revoked"):
        configured.ca.reinitialize()
    archive = configured.ca.reinitialize(confirmed=True).archive.read_text()
    assert '"reason": "keyCompromise"' in archive
    assert "BEGIN X509 CRL" in archive


def test_a_ca_that_may_not_sign_lists_says_so(configured: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(certificate: object) -> None:
        raise CannotDo("no", "no")

    number = issue(configured)
    monkeypatch.setattr(crl, "check_signer", refuse)
    with pytest.raises(CannotDo):
        configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)


def test_a_crash_after_the_number_skips_it_and_revokes_nothing(
    configured: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issue(configured)
    with monkeypatch.context() as patch:
        patch.setattr(crls, "replace", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    assert configured.ca.certificate(number).state is CertificateState.VALID
    done = configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    assert done.lists[0].number == 2


def test_what_is_revoked_is_counted_in_the_labs_status(configured: Scene) -> None:
    number = issue(configured)
    configured.ca.revoke(number, reason="certificateHold", password=CA_PASSWORD)
    (queue,) = configured.lab.status().queues
    assert (queue.certificates, queue.revoked, queue.alerts) == (1, 1, ())
