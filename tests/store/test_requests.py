"""Requests in the registry, in every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pkilab.errors import NotConfigured, NotPending, UnknownRequest
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import RequestState, Submission
from pkilab.store import requests
from pkilab.store.registry import Registry, Transaction
from tests.store.samples import NOON, Records, signing_request, verification


def test_what_is_added_reloads_equal(records: Records) -> None:
    request = records.request()
    assert requests.get(records.tx, "MyCA", request.id) == request
    assert requests.by_ticket(records.tx, "MyCA", request.ticket) == request


def test_a_rekeyed_request_names_the_earlier_certificate(tx: Transaction) -> None:
    content = signing_request("again.lab.test")
    submission = Submission(name=RequestName("h", "i", "r"), csr=content.pem, contact=Contact("Ana"))
    Records(tx)
    request = requests.add(
        tx,
        ca="MyCA",
        ticket="t",
        submission=submission,
        content=content,
        contact=Contact("Ana"),
        received_at=NOON,
        renews=(1 << 159) - 1,
    )
    assert request.renews == (1 << 159) - 1
    assert requests.get(tx, "MyCA", request.id) == request


def test_free_text_of_any_kind_can_be_recorded(tx: Transaction) -> None:
    """A NUL, which PostgreSQL cannot hold, in what the client only claims."""
    records = Records(tx)
    content = signing_request("nul.lab.test")
    contact = Contact("Zoë 零 ' \" \\ % _ ;--")
    claimed = Submission(name=records.name, csr=content.pem, contact=contact, subject="/CN=a\0b\ud800")
    request = requests.add(
        tx, ca="MyCA", ticket="t", submission=claimed, content=content, contact=contact, received_at=NOON
    )
    assert requests.get(tx, "MyCA", request.id) == request
    assert "\0" not in request.claimed_subject


def test_a_request_belongs_to_one_ca(tx: Transaction) -> None:
    request = Records(tx).request()
    Records(tx, "Other")
    assert requests.get(tx, "Other", request.id) is None
    assert requests.by_ticket(tx, "Other", request.ticket) is None
    assert requests.same_csr(tx, "Other", request.fingerprint.sha256) is None
    assert requests.same_key(tx, "Other", request.content.key.sha256, 0) == ()
    assert requests.pending(tx, "Other") == ()
    with pytest.raises(UnknownRequest):
        requests.decide(tx, "Other", request.id, state=RequestState.DELETED, at=NOON, by="opal")


@pytest.mark.parametrize("identity", [0, -1, 999, 1 << 63, 1 << 200])
def test_a_number_that_is_no_request_finds_none(records: Records, identity: int) -> None:
    assert requests.get(records.tx, "MyCA", identity) is None
    with pytest.raises(UnknownRequest):
        requests.decide(records.tx, "MyCA", identity, state=RequestState.DELETED, at=NOON, by="opal")


@pytest.mark.parametrize("ticket", ["", "nothing", "a\0b", "\ud800", "x" * 10_000])
def test_a_ticket_that_nobody_gave_out_finds_none(records: Records, ticket: str) -> None:
    records.request()
    assert requests.by_ticket(records.tx, "MyCA", ticket) is None


def test_a_request_at_no_ca_is_refused(records: Records) -> None:
    records.ca = "Nobody"
    with pytest.raises(NotConfigured):
        records.request()


def test_pending_come_in_the_order_of_arrival_and_in_pages(records: Records) -> None:
    sent = [records.request(f"host{number}.lab.test") for number in range(5)]
    requests.decide(records.tx, "MyCA", sent[1].id, state=RequestState.DELETED, at=NOON, by="opal")
    rest = [sent[0], *sent[2:]]
    assert list(requests.pending(records.tx, "MyCA")) == rest
    assert list(requests.pending(records.tx, "MyCA", limit=2)) == rest[:2]
    assert list(requests.pending(records.tx, "MyCA", after=rest[1].id, limit=2)) == rest[2:]
    assert requests.pending(records.tx, "MyCA", after=1 << 70) == ()
    assert requests.count_pending(records.tx, "MyCA") == 4
    assert requests.count_pending(records.tx, "Nobody") == 0


def test_the_newest_request_with_a_csr_is_found_by_its_fingerprint_in_any_spelling(records: Records) -> None:
    first, second = records.request(), records.request()
    assert first.content == second.content
    for spelling in (str.upper, str.lower, lambda text: text.replace(":", "")):
        assert requests.same_csr(records.tx, "MyCA", spelling(second.fingerprint.sha256)) == second
    assert requests.same_csr(records.tx, "MyCA", "00" * 32) is None


def test_other_requests_with_a_key_are_found_whatever_became_of_them(records: Records) -> None:
    first, second, third = records.request(), records.request(), records.request("other.lab.test")
    requests.decide(records.tx, "MyCA", first.id, state=RequestState.DELETED, at=NOON, by="opal")
    (found,) = requests.same_key(records.tx, "MyCA", second.content.key.sha256, second.id)
    assert (found.id, found.state) == (first.id, RequestState.DELETED)
    assert requests.same_key(records.tx, "MyCA", third.content.key.sha256, third.id) == ()


def test_a_decision_is_kept_and_is_the_last_one(records: Records) -> None:
    request = records.request()
    requests.decide(records.tx, "MyCA", request.id, state=RequestState.ISSUED, at=NOON, by="opal", number=255)
    decided = replace(request, state=RequestState.ISSUED, decided_at=NOON, decided_by="opal", number=255)
    assert requests.get(records.tx, "MyCA", request.id) == decided
    later = NOON + timedelta(days=1)
    with pytest.raises(NotPending) as refused:
        requests.decide(records.tx, "MyCA", request.id, state=RequestState.DELETED, at=later, by="eve", reason="no")
    facts = {"request_id": request.id, "state": "issued", "by": "opal", "at": str(NOON), "number": 255}
    assert refused.value.facts() == facts
    assert requests.get(records.tx, "MyCA", request.id) == decided


def test_a_deletion_keeps_its_reason(records: Records) -> None:
    request = records.request()
    requests.decide(records.tx, "MyCA", request.id, state=RequestState.DELETED, at=NOON, by="opal", reason="wrong host")
    found = requests.get(records.tx, "MyCA", request.id)
    assert found
    assert (found.state, found.reason, found.number) == (RequestState.DELETED, "wrong host", None)


def test_the_newest_verification_counts(records: Records) -> None:
    request, other = records.request(), records.request()
    first = verification(request)
    requests.record_verification(records.tx, "MyCA", request.id, first)
    assert requests.get(records.tx, "MyCA", request.id) == replace(request, verification=first)
    second = replace(first, path_length=3, by="eve", at=NOON + timedelta(hours=1))
    requests.record_verification(records.tx, "MyCA", request.id, second)
    assert requests.pending(records.tx, "MyCA") == (replace(request, verification=second), other)
    with pytest.raises(UnknownRequest):
        requests.record_verification(records.tx, "MyCA", 999, first)


def test_several_are_found_at_once(records: Records) -> None:
    first, second = records.request(), records.request("other.lab.test")
    Records(records.tx, "Other").request()
    found = requests.get_many(records.tx, "MyCA", [second.id, 999, -1, 1 << 70, first.id, second.id + 1])
    assert found == {first.id: first, second.id: second}
    assert requests.get_many(records.tx, "MyCA", []) == {}


def test_several_are_issued_at_once(records: Records) -> None:
    first, second, third = records.request(), records.request(), records.request()
    other = Records(records.tx, "Other").request()
    requests.issued(records.tx, "MyCA", {first.id: 7, third.id: 1 << 150, other.id: 8}, at=NOON, by="opal")
    for request, number in ((first, 7), (third, 1 << 150)):
        decided = replace(request, state=RequestState.ISSUED, decided_at=NOON, decided_by="opal", number=number)
        assert requests.get(records.tx, "MyCA", request.id) == decided
    assert requests.pending(records.tx, "MyCA") == (second,)
    assert requests.pending(records.tx, "Other") == (other,)


def test_of_two_who_decide_at_once_one_is_told(registry: Registry) -> None:
    import threading

    with registry.writing() as tx:
        request = Records(tx).request()
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def decide(by: str) -> None:
        start.wait()
        try:
            with registry.writing() as tx:
                requests.decide(tx, "MyCA", request.id, state=RequestState.DELETED, at=NOON, by=by)
            outcomes.append("decided")
        except NotPending:
            outcomes.append("told")

    threads = [threading.Thread(target=decide, args=(f"operator {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "told", "told", "told"]
