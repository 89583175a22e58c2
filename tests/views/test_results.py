"""What the cards of finished acts tell: what happened, which files, what to do next."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from pkilab.model.acts import Batch, Refusal
from pkilab.views import html, text, words
from tests.model.samples import (
    ACTS,
    CLIENT_CONFIGURED,
    CONFIGURED,
    DONE,
    FOUND,
    LEAF,
    MEDIUM,
    REACHED,
    REINITIALIZED,
    SAVED,
    SERVER_CERTIFICATE,
    SUBMITTED,
)
from tests.views.hostile import Reader

TOLD = (
    (FOUND, ("New key and certificate", FOUND.reason, "MyCA.key", "not encrypted", "not there")),
    (
        CONFIGURED,
        (
            "CA server MyCA is configured",
            "It has a new key and certificate.",
            "Put the medium away.",
            CONFIGURED.fingerprint.sha256,
            CONFIGURED.fingerprint.sha1,
            "Files made",
            "/media/stick/ca/MyCA.srl",
            "Kept aside",
            "MyCA.key.old",
            "ca-admin@lab.test",
            "The private key lies open.",
        ),
    ),
    (replace(CONFIGURED, existing=True), ("Files used",)),
    (
        DONE,
        (
            "Certificate number 7 was issued for santiago:SANTIAGO:SantiagoDev",
            "Lock it away.",
            DONE.fingerprint.sha1,
            "TLS/SSL and XML security",
        ),
    ),
    (
        REINITIALIZED,
        (
            "CA server MyCA starts over",
            "It can be configured anew.",
            "2 records of requests",
            "7 records of certificates",
            "archive.json",
        ),
    ),
    (
        CLIENT_CONFIGURED,
        (
            "SANTIAGO is a client of the CA server",
            "Fetch the CA certificate next.",
            "http://ca.lab.test:52773/isc/pki/PKI.CAServer.cls",
            "Ana Rojas",
        ),
    ),
    (
        SERVER_CERTIFICATE,
        (
            "Nobody has checked it yet",
            "https://ca.lab.test:52773",
            SERVER_CERTIFICATE.fingerprint.sha256,
            SERVER_CERTIFICATE.fingerprint.sha1,
            "Issued by",
        ),
    ),
    (replace(REACHED, shown=LEAF), ("Over HTTPS", LEAF.fingerprint.sha256)),
    (
        REACHED,
        ("Reached MyCA on ca.lab.test", "23 November 2027", REACHED.certificate.fingerprint.sha256, "ca.lab.test"),
    ),
    (
        SUBMITTED,
        (
            "SantiagoDev was successfully submitted to MyCA on ca.lab.test",
            "Keep the fingerprints.",
            SUBMITTED.fingerprint.sha256,
            SUBMITTED.fingerprint.sha1,
            "SantiagoDev.key",
            "SantiagoDev.csr",
        ),
    ),
    (
        SAVED,
        (
            "Certificate number 7 was saved",
            "It belongs to the key",
            SAVED.fingerprint.sha1,
            "SantiagoDev.cer",
            "SantiagoDev-chain.cer",
            "Belongs to",
            "It ends in a week.",
            "was signed by Lab Intermediate",
        ),
    ),
    (replace(SAVED, unchanged=True, chain=None), ("Certificate number 7 was there already, unchanged",)),
    (replace(SAVED, number=0), ("The CA's certificate was saved",)),
)


@pytest.mark.parametrize(("act", "told"), TOLD)
def test_an_act_tells_what_happened_and_where_things_are(act: object, told: tuple[str, ...]) -> None:
    for drawn in (text.draw(act), Reader(html.draw(act)).words):
        assert not [sentence for sentence in told if sentence not in drawn]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
def test_success_is_told_by_more_than_a_colour(act: object) -> None:
    assert ("pkilab-good" in html.draw(act)) == ("✓ " in html.draw(act)) == (act not in (FOUND, SERVER_CERTIFICATE))


def test_the_fingerprints_come_first_after_submitting() -> None:
    drawn = text.draw(SUBMITTED)
    assert drawn.index("SHA-256") < drawn.index("SHA-1") < drawn.index("Subject")


def test_existing_files_are_the_other_case() -> None:
    both = replace(FOUND, certificate=MEDIUM / "MyCA.cer", key_encrypted=True)
    assert text.draw(both).startswith("Existing key and certificate\n")
    assert "(encrypted)" in text.draw(both)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
def test_a_card_says_its_title_once(act: object) -> None:
    title, _, rest = text.draw(act).partition("\n")
    assert title not in rest


def test_an_answer_that_is_no_title_is_told_below_one() -> None:
    for answer in ("", "One.\nTwo.", "long " * 100):
        told = replace(SUBMITTED, answer=answer, message=f"{answer} Keep the fingerprints.")
        assert text.draw(told).startswith("Request SantiagoDev was sent\n")
        assert "Keep the fingerprints." in text.draw(told)


def test_a_batch_tells_what_became_of_each() -> None:
    refusal = Refusal(request_id=4, code="NotVerified", sentence="Request 4 is not verified yet.")
    both = Batch(issued=(DONE,), refused=(refusal,))
    assert text.draw(both).startswith("1 certificate was issued\n")
    assert "number 7 for santiago:SANTIAGO:SantiagoDev, until 23 November 2027" in text.draw(both)
    assert text.draw(both).count("lock it away") == 1
    assert "lock it away" not in text.draw(Batch(issued=(), refused=(refusal,)))
    assert "Not issued  Request 4 is not verified yet." in text.draw(both)
    assert text.draw(Batch(issued=(), refused=(refusal,))).startswith("No certificates were issued\n")


def test_a_message_of_several_lines_becomes_paragraphs() -> None:
    markup = html.draw(replace(DONE, message="One.\n\nTwo."))
    assert "<p>One.</p><p>Two.</p>" in markup


def test_what_is_no_noun_is_not_drawn() -> None:
    for draw in (html.draw, text.draw):
        with pytest.raises(TypeError, match="nothing is drawn of a dict"):
            draw({})


def test_times_are_told_in_utc_and_english_whatever_the_zone() -> None:
    abroad = datetime(2026, 3, 1, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert words.moment(abroad) == "28 February 2026, 23:05 UTC"
    assert words.day(abroad) == "28 February 2026"


@pytest.mark.parametrize(("number", "told"), [(0, "no lists"), (1, "1 list"), (2, "2 lists")])
def test_numbers_agree_with_their_nouns(number: int, told: str) -> None:
    assert words.counted(number, "list", "lists") == told
