"""Requests coming in, waiting, and being deleted (C2, C3, S9, S14, W4)."""

from dataclasses import replace
from pathlib import Path

import pytest

from pkilab.errors import (
    ConfirmationNeeded,
    InvalidCSR,
    InvalidField,
    NotConfigured,
    NotPending,
    PkilabError,
    TooManyPending,
    UnknownRequest,
)
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import Receipt, RequestState, Submission
from pkilab.store import authorities
from tests.scene import ANA, CA_PASSWORD, Scene, signing_request, verified


def test_a_request_waits_and_the_administrator_is_told_without_its_fingerprint(configured: Scene) -> None:
    content = signing_request()
    name = RequestName("santiago", "SANTIAGO", "SantiagoDev")
    receipt = configured.ca.submit(Submission(name=name, csr=content.pem, contact=ANA))
    assert receipt.new
    assert receipt.message == (
        "Certificate Signing Request SantiagoDev was successfully submitted "
        "to Certificate Authority instance MyCA on node ca.lab.test."
    )
    (waiting,) = configured.ca.pending()
    assert waiting == receipt.request
    assert (waiting.contact, waiting.name, waiting.content) == (ANA, name, content)
    mail = configured.outbox()[-1]
    assert mail.recipient == "ca-admin@myca.lab.test"
    for fingerprint in (content.fingerprint.sha1, content.fingerprint.sha256):
        assert fingerprint not in mail.body
        assert fingerprint.replace(":", "").lower() not in mail.body.lower()


def test_the_same_request_again_makes_no_second_one(configured: Scene) -> None:
    content = signing_request()
    first = configured.send(content, "SantiagoDev")
    mails = len(configured.outbox())
    again = configured.ca.submit(Submission(name=first.name, csr=content.pem, contact=ANA))
    assert not again.new
    assert again.request.id == first.id
    assert "successfully submitted before" in again.message
    assert "still pending" in again.message
    assert len(configured.ca.pending()) == 1
    assert len(configured.outbox()) == mails


def test_an_issued_request_again_is_answered_with_its_number(configured: Scene) -> None:
    content = signing_request()
    configured.issue(configured.send(content, "SantiagoDev"))
    name = RequestName("santiago", "SANTIAGO", "SantiagoDev")
    again = configured.ca.submit(Submission(name=name, csr=content.pem, contact=ANA))
    assert (again.new, again.request.number) == (False, 1)
    assert "issued as number 1" in again.message


def test_a_deleted_request_may_be_sent_again_and_the_operator_sees_it(configured: Scene) -> None:
    content = signing_request()
    first = configured.send(content, "SantiagoDev")
    configured.ca.delete(first.id, confirmed=True, reason="not reached by phone")
    second = configured.send(content, "SantiagoDev")
    assert second.id != first.id
    warnings = configured.ca.warnings(second)
    assert any(f"This very request was already in request {first.id}" in text for text in warnings)
    assert any("which was deleted" in text for text in warnings)


def test_deleting_asks_first_tells_the_contact_and_is_journalled(configured: Scene) -> None:
    request = configured.submit()
    with pytest.raises(ConfirmationNeeded, match="delete request"):
        configured.ca.delete(request.id)
    gone = configured.ca.delete(request.id, confirmed=True, reason="not reached\u2026", by="Olga")
    assert (gone.state, gone.decided_by, gone.reason) == (RequestState.DELETED, "Olga", "not reached…")
    assert configured.ca.pending() == ()
    mail = configured.outbox()[-1]
    assert mail.recipient == ANA.email
    assert "not reached…" in mail.body
    assert configured.ca.journal()[-1].act == "deleted"
    with pytest.raises(NotPending, match="Olga deleted it"):
        configured.ca.delete(request.id, confirmed=True)
    with pytest.raises(NotPending, match="Olga deleted it"):
        configured.ca.issue(request.id, usage="tls", password=CA_PASSWORD, verified=verified(request))
    with pytest.raises(UnknownRequest):
        configured.ca.delete(77, confirmed=True)


def test_the_queue_has_a_bound(configured: Scene) -> None:
    with configured.lab.registry.writing() as tx:
        authorities.replace_settings(tx, replace(configured.ca.settings, max_pending=2))
    sent = [signing_request(f"Host{at}") for at in range(3)]
    configured.send(sent[0], "Host0")
    configured.send(sent[1], "Host1")
    with pytest.raises(TooManyPending, match="2 requests are waiting"):
        configured.send(sent[2], "Host2")
    configured.send(sent[0], "Host0")


def test_several_are_answered_as_if_they_came_one_by_one(configured: Scene, tmp_path: Path) -> None:
    contents = [signing_request(f"Host{at}") for at in range(4)]
    pems = [contents[0].pem, contents[1].pem, contents[0].pem, "garbage", contents[2].pem, contents[1].pem]
    names = [RequestName("santiago", "SANTIAGO", f"R{at}") for at in range(len(pems))]
    names[4] = RequestName("", "I", "R")
    group = [Submission(name=name, csr=pem, contact=ANA) for name, pem in zip(names, pems, strict=True)]
    alone = Scene(tmp_path / "alone")
    alone.configure()
    deleted = [scene.send(contents[1], "Before") for scene in (configured, alone)]
    for scene, request in zip((configured, alone), deleted, strict=True):
        scene.ca.delete(request.id, confirmed=True)

    def outcome(done: Receipt | PkilabError) -> tuple[object, ...]:
        if isinstance(done, PkilabError):
            return type(done), str(done)
        return done.new, done.message, done.request.id, done.request.name, done.request.content

    def one_by_one(submission: Submission) -> Receipt | PkilabError:
        try:
            return alone.ca.submit(submission)
        except PkilabError as error:
            return error

    together = configured.ca.submit_many(group)
    assert [outcome(each) for each in together] == [outcome(one_by_one(each)) for each in group]
    assert [each.new for each in together if isinstance(each, Receipt)] == [True, True, False, False]
    assert [waiting.fingerprint for waiting in configured.ca.pending()] == [c.fingerprint for c in contents[:2]]
    assert [mail.subject for mail in configured.outbox()] == [mail.subject for mail in alone.outbox()]
    assert configured.ca.submit_many([]) == []


def test_the_bound_of_the_queue_is_exact_within_a_group(configured: Scene) -> None:
    with configured.lab.registry.writing() as tx:
        authorities.replace_settings(tx, replace(configured.ca.settings, max_pending=3))
    known = signing_request("Known")
    configured.send(known, "Known")
    name = RequestName("santiago", "SANTIAGO", "R")
    sent = [signing_request(f"Host{at}").pem for at in range(3)]
    pems = [sent[0], sent[1], sent[2], sent[0], known.pem]
    done = configured.ca.submit_many([Submission(name=name, csr=pem, contact=ANA) for pem in pems])
    assert [each.new if isinstance(each, Receipt) else type(each) for each in done] == [
        True,
        True,
        TooManyPending,
        False,
        False,
    ]
    assert len(configured.ca.pending()) == 3


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Hostname", RequestName("h" * 101, "I", "R")),
        ("Hostname", RequestName("", "I", "R")),
        ("Instance", RequestName("h", "i" * 65, "R")),
        ("Instance", RequestName("h", " ", "R")),
        ("Filename", RequestName("h", "I", "r" * 65)),
        ("Filename", RequestName("h", "I", "")),
        ("Name", RequestName("h", "I", "../R")),
        ("Hostname", RequestName("h\x07", "I", "R")),
    ],
)
def test_names_out_of_bounds_are_refused(configured: Scene, field: str, name: RequestName) -> None:
    with pytest.raises(InvalidField) as caught:
        configured.ca.submit(Submission(name=name, csr=signing_request().pem, contact=ANA))
    assert caught.value.field == field


def test_a_long_contact_is_refused_and_line_breaks_are_folded(configured: Scene) -> None:
    with pytest.raises(InvalidField, match="ContactName"):
        configured.submit(contact=Contact("x" * 201))
    request = configured.submit(contact=Contact("Ana\r\nBcc: all@lab.test", phone="1\n2", email="no address"))
    assert request.contact == Contact("Ana Bcc: all@lab.test", phone="1 2", email="no address")
    assert "\n" not in configured.outbox()[-1].subject


def test_garbage_is_no_request(configured: Scene) -> None:
    name = RequestName("h", "I", "R")
    for text in ("", "garbage", signing_request().pem[:200], signing_request().pem.replace("M", "N")):
        with pytest.raises(InvalidCSR):
            configured.ca.submit(Submission(name=name, csr=text, contact=ANA))
    assert configured.ca.pending() == ()


def test_an_instance_that_is_no_ca_takes_no_request(scene: Scene) -> None:
    with pytest.raises(NotConfigured):
        scene.submit()
