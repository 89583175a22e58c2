from datetime import timedelta

import pytest

from pkilab.errors import AlreadyRevoked, NotHeld, UnknownNumber
from pkilab.model.certificate import CertificateState
from pkilab.model.crl import RevocationList
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.store import authorities, certificates, crls, responders, revocations
from tests.store.samples import NOON, Records, root_certificate

LATER = NOON + timedelta(hours=1)
KEY = "5a" * 32


def because(reason: RevocationReason, by: str = "opal") -> Revocation:
    return Revocation(reason=reason, at=NOON, by=by, invalid_since=NOON - timedelta(days=2))


def listed(number: int, begins: int = 0) -> RevocationList:
    """A list that begins so many days after noon."""
    this = NOON.replace(microsecond=0) + timedelta(days=begins)
    return RevocationList(
        ca="MyCA", number=number, this_update=this, next_update=this + timedelta(days=10), revoked=3, der=b"%d" % number
    )


def test_a_revocation_is_kept_and_shown_with_its_certificate(records: Records) -> None:
    records.issued(7)
    made = revocations.revoke(records.tx, "MyCA", 7, because(RevocationReason.KEY_COMPROMISE))
    found = certificates.get(records.tx, "MyCA", 7, LATER)
    assert found
    assert found.revocation == made
    assert found.state is CertificateState.REVOKED
    assert revocations.states(records.tx, "MyCA", [7]) == {7: made}
    (entry,) = revocations.of(records.tx, "MyCA")
    assert entry == (7, NOON, RevocationReason.KEY_COMPROMISE, NOON - timedelta(days=2))


def test_nothing_is_revoked_twice(records: Records) -> None:
    records.issued(7)
    revocations.revoke(records.tx, "MyCA", 7, because(RevocationReason.SUPERSEDED))
    with pytest.raises(AlreadyRevoked, match="by opal, on 2026-11-23 at 12:00 UTC, superseded") as refused:
        revocations.revoke(records.tx, "MyCA", 7, because(RevocationReason.KEY_COMPROMISE))
    assert refused.value.number == 7


def test_a_hold_is_lifted_or_made_final_from_its_beginning_on(records: Records) -> None:
    records.issued(7)
    hold = because(RevocationReason.CERTIFICATE_HOLD)
    revocations.revoke(records.tx, "MyCA", 7, hold)
    with pytest.raises(AlreadyRevoked):
        revocations.revoke(records.tx, "MyCA", 7, hold)
    assert revocations.lift(records.tx, "MyCA", 7, at=LATER, by="beryl") == hold
    assert revocations.states(records.tx, "MyCA", [7]) == {7: None}
    assert list(revocations.of(records.tx, "MyCA")) == []
    revocations.revoke(records.tx, "MyCA", 7, hold)
    final = Revocation(reason=RevocationReason.KEY_COMPROMISE, at=LATER, by="beryl")
    made = revocations.revoke(records.tx, "MyCA", 7, final)
    assert (made.at, made.by, made.reason) == (NOON, "beryl", RevocationReason.KEY_COMPROMISE)
    with pytest.raises(NotHeld, match="cannot be taken back"):
        revocations.lift(records.tx, "MyCA", 7, at=LATER, by="beryl")


def test_what_is_not_there_or_not_held_is_said_to_be_so(records: Records) -> None:
    records.issued(7)
    with pytest.raises(NotHeld, match="not on hold"):
        revocations.lift(records.tx, "MyCA", 7, at=LATER, by="opal")
    for number in (8, 0, 1 << 160):
        with pytest.raises(UnknownNumber):
            revocations.revoke(records.tx, "MyCA", number, because(RevocationReason.SUPERSEDED))
    assert revocations.states(records.tx, "MyCA", [8, 0, -1, 1 << 200, 7]) == {7: None}
    assert revocations.states(records.tx, "Other", [7]) == {}


def test_the_list_that_counts_is_the_last_that_has_begun(records: Records) -> None:
    tx = records.tx
    assert crls.current(tx, "MyCA", NOON) is None
    crls.replace(tx, "MyCA", [listed(5), listed(6, 9), listed(7, 18)], key_sha256=KEY)
    for days, number in ((0, 5), (8, 5), (9, 6), (18, 7), (300, 7)):
        found = crls.current(tx, "MyCA", NOON + timedelta(days=days))
        assert found == listed(number, {5: 0, 6: 9, 7: 18}[number])
    assert crls.current(tx, "MyCA", NOON - timedelta(days=1)) == listed(5)  # a clock that is behind
    assert [each.number for each in crls.described(tx, "MyCA")] == [5, 6, 7]


def test_new_lists_take_the_place_of_all_and_tell_how_many_were_ahead(records: Records) -> None:
    crls.replace(records.tx, "MyCA", [listed(5), listed(6, 9), listed(7, 18)], key_sha256=KEY)
    assert crls.replace(records.tx, "MyCA", [listed(8, 9)], key_sha256=KEY) == 1
    assert crls.all(records.tx, "MyCA") == (listed(8, 9),)


def test_the_highest_number_is_remembered_when_the_ca_is_dropped(records: Records) -> None:
    tx = records.tx
    assert crls.highest(tx, KEY) == 0
    crls.replace(tx, "MyCA", [listed(5), listed(6, 9)], key_sha256=KEY)
    crls.replace(tx, "MyCA", [listed(3)], key_sha256=KEY)
    kept = authorities.dump(tx, "MyCA")
    assert kept["crls"][0]["crl"].startswith("-----BEGIN X509 CRL-----")
    authorities.drop(tx, "MyCA")
    assert crls.highest(tx, KEY) == 6
    assert crls.highest(tx, "5b" * 32) == 0


def test_a_responders_number_is_known_and_counts(records: Records) -> None:
    tx = records.tx
    certificate = root_certificate()
    responders.add(tx, "MyCA", certificate, counted=True, at=NOON, by="opal")
    assert responders.newest(tx, "MyCA") == certificate
    assert revocations.states(tx, "MyCA", [certificate.serial]) == {certificate.serial: None}
    assert certificates.highest_counted(tx, "MyCA") == certificate.serial
    assert certificates.numbers_exist(tx, "MyCA", certificate.serial)
    authorities.drop(tx, "MyCA")
