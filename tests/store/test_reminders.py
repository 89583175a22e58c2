from datetime import timedelta

from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.store import reminders, revocations
from pkilab.store.reminders import Due
from tests.store.samples import NOON, Records, leaf

DAYS = (30, 7, 1)
END = leaf("santiago.lab.test", 1).not_after


def due(records: Records, left: timedelta, limit: int = 100) -> list[tuple[int, int]]:
    """What is due when so much is left of the certificates: number and days ahead."""
    found = reminders.expiring(records.tx, "MyCA", END - left, DAYS, limit=limit)
    return [(int(each.about, 16), each.days) for each in found]


def test_each_of_the_days_ahead_has_its_turn_and_comes_once(records: Records) -> None:
    records.issued(1)
    assert due(records, timedelta(days=31)) == []
    for left, days in ((30, 30), (7, 7), (1, 1)):
        assert due(records, timedelta(days=left)) == [(1, days)]
        reminders.note(
            records.tx,
            "MyCA",
            reminders.expiring(records.tx, "MyCA", END - timedelta(days=left), DAYS, limit=9),
            at=NOON,
        )
        assert due(records, timedelta(days=left)) == []
        assert due(records, timedelta(days=left - 0.5)) == []
    assert due(records, timedelta(seconds=-1)) == []


def test_days_that_passed_unseen_are_not_made_up_for(records: Records) -> None:
    records.issued(1)
    (only,) = reminders.expiring(records.tx, "MyCA", END - timedelta(days=3), DAYS, limit=9)
    assert only.days == 7
    reminders.note(records.tx, "MyCA", [only], at=NOON)
    assert due(records, timedelta(days=20)) == []  # as with a clock that was set back


def test_what_is_revoked_held_or_renewed_is_left_out(records: Records) -> None:
    for number in range(1, 5):
        records.issued(number)
    for number, reason in ((1, RevocationReason.SUPERSEDED), (2, RevocationReason.CERTIFICATE_HOLD)):
        revocations.revoke(records.tx, "MyCA", number, Revocation(reason=reason, at=NOON, by="opal"))
    records.issued(9, renews=3)
    assert due(records, timedelta(days=5)) == [(4, 7), (9, 7)]
    assert due(records, timedelta(days=5), limit=1) == [(4, 7)]
    revocations.lift(records.tx, "MyCA", 2, at=NOON, by="opal")
    assert (2, 7) in due(records, timedelta(days=5))


def test_what_was_told_of_something_else_is_known(records: Records) -> None:
    crl = [Due("crl", END, 7), Due("responder", END, 7)]
    reminders.note(records.tx, "MyCA", crl[:1], at=NOON)
    assert list(reminders.untold(records.tx, "MyCA", crl)) == crl[1:]
    assert list(reminders.untold(records.tx, "MyCA", [Due("crl", END, 1)])) == [Due("crl", END, 1)]
    assert list(reminders.untold(records.tx, "MyCA", [Due("crl", END, 30)])) == []
