"""The card and the text of a request (S10), and the table of those that wait (S9)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import RequestState
from pkilab.views import html, text
from tests.model.samples import CONTENT, DECIDED, NOW, REQUEST
from tests.views.hostile import Reader

SUBJECT = "C = CL, O = Lab Santiago, OU = Development, CN = santiago.lab.test"
DRAWN = (text.request(REQUEST), Reader(html.request(REQUEST)).words)


@pytest.mark.parametrize("drawn", DRAWN, ids=["text", "html"])
def test_a_request_is_shown_in_full(drawn: str) -> None:
    for told in (
        "SantiagoDev",
        "request 3, pending",
        SUBJECT,
        "DNS santiago.lab.test",
        "IP 10.0.0.7",
        "RSA, 2048 bits",
        "subjectAltName",
        "basicConstraints (will be ignored)",
        "sha256WithRSAEncryption",
        "host santiago, instance SANTIAGO",
        "23 November 2026, 14:02 UTC",
        "Ana Rojas",
        "+56 2 5550 0142",
        "ana@lab.test",
        "This came with the request: a hint, and no proof of who sent it.",
    ):
        assert told in drawn
    assert "subjectAltName (will" not in drawn
    assert "Look twice" not in drawn


@pytest.mark.parametrize("noun", [REQUEST, DECIDED, CONTENT], ids=["pending", "issued", "content"])
def test_fingerprints_are_not_on_the_card_unless_asked_for(noun: object) -> None:
    for drawn in (html.draw(noun).replace("<wbr>", ""), text.draw(noun)):
        assert CONTENT.fingerprint.sha1 not in drawn
        assert CONTENT.fingerprint.sha256 not in drawn
        assert CONTENT.fingerprint.sha256.replace(":", "").lower() not in drawn.lower()


def test_fingerprints_asked_for_are_shown_in_both_hashes_and_not_for_copying() -> None:
    markup = html.request(REQUEST, fingerprints=True)
    for drawn in (text.request(REQUEST, fingerprints=True), Reader(markup).words):
        assert CONTENT.fingerprint.sha1 in drawn
        assert CONTENT.fingerprint.sha256 in drawn
        assert drawn.index(CONTENT.fingerprint.sha256) < drawn.index(CONTENT.fingerprint.sha1)
    assert markup.count("pkilab-read-only") == 2
    assert "<button" not in markup


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (timedelta(seconds=59), "14:02 UTC (just now)"),
        (timedelta(minutes=1, seconds=59), "(1 minute ago)"),
        (timedelta(minutes=4), "(4 minutes ago)"),
        (timedelta(minutes=60), "(1 hour ago)"),
        (timedelta(hours=23, minutes=59), "(23 hours ago)"),
        (timedelta(hours=49), "(2 days ago)"),
        (timedelta(minutes=-4), "(just now)"),
    ],
)
def test_it_says_how_long_ago_it_came_where_the_time_is_told(later: timedelta, told: str) -> None:
    for drawn in (text.request(REQUEST, now=NOW + later), Reader(html.request(REQUEST, now=NOW + later)).words):
        assert told in drawn
    assert "UTC (" not in text.request(REQUEST)


def test_what_the_operator_compares_comes_first() -> None:
    labels = re.findall("<dt>(.*?)</dt>", html.request(REQUEST))
    assert labels[:6] == ["Subject", "Also for", "Key", "From", "Received", "Asks for"]


def test_warnings_stand_out_in_words() -> None:
    assert "! Look twice: This key was seen before." in text.request(REQUEST, warnings=("This key was seen before.",))
    assert "Look twice. This key was seen" in Reader(html.request(REQUEST, warnings=("This key was seen",))).words


def test_the_pem_is_a_closed_section_and_in_text_only_when_asked_for() -> None:
    assert "<details><summary>The request itself</summary>" in html.request(REQUEST)
    assert "<pre>-----BEGIN CERT" in html.request(REQUEST)
    assert "BEGIN" not in text.request(REQUEST)
    assert text.request(REQUEST, pem=True).endswith(CONTENT.pem.rstrip())


def test_the_request_is_there_as_text_too_and_gives_no_fingerprint_away() -> None:
    words = Reader(html.request(REQUEST)).words
    for told in (
        "The request as text",
        "Public key: RSA, 2048 bits",
        "subjectAltName (2.5.29.17)",
        "IP:10.0.0.7",
        "basicConstraints (2.5.29.19), will be ignored",
        "Signature: sha256WithRSAEncryption",
    ):
        assert told in words
    assert "Length: 7 octets" in text.request(REQUEST, pem=True)


def test_what_was_verified_and_decided_is_told() -> None:
    drawn = text.draw(DECIDED)
    assert "request 3, issued" in drawn
    assert "23 November 2026, 14:02 UTC, by eva, comparing SHA-256" in drawn
    assert "For TLS/SSL and XML security, and nothing else." in drawn
    assert "by eva, as certificate 7" in drawn


def test_a_deleted_request_tells_by_whom_and_why() -> None:
    gone = replace(REQUEST, state=RequestState.DELETED, decided_at=NOW, decided_by="eva", reason="Nobody answered.")
    assert "Deleted" in text.draw(gone)
    assert "(Nobody answered.)" in text.draw(gone)


def test_what_is_not_there_is_said_in_words() -> None:
    bare = replace(REQUEST, contact=Contact(""), content=replace(CONTENT, subject=(), names=(), extensions=()))
    for told in ("no subject", "no alternative names", "no contact given", "nothing that will be ignored"):
        assert told in text.draw(bare)
        assert told in Reader(html.draw(bare)).words


def test_a_request_without_alternative_names_tells_what_is_issued_all_the_same() -> None:
    told = "A certificate for TLS/SSL is issued for DNS santiago.lab.test too, as the common name is one."
    bare = replace(CONTENT, names=())
    for drawn in (text.draw(replace(REQUEST, content=bare)), text.draw(bare)):
        assert "no alternative names" in drawn
        assert told in drawn
    assert told in Reader(html.draw(replace(REQUEST, content=bare))).words
    person = replace(bare, subject=((("CN", "Ana Rojas"),),))
    for content in (CONTENT, person):
        assert "is issued for" not in text.draw(replace(REQUEST, content=content))


def test_a_subject_with_unusual_attributes_is_pointed_out() -> None:
    odd = replace(CONTENT, subject=(*CONTENT.subject, (("emailAddress", "ana@lab.test"), ("1.2.3", "x"))))
    drawn = text.draw(replace(REQUEST, content=odd))
    assert "emailAddress = ana@lab.test + 1.2.3 = x" in drawn
    assert "emailAddress, 1.2.3 is unusual here; it is certified byte for byte as asked." in drawn


def test_the_queue_is_a_table_with_a_line_for_each_request() -> None:
    lines = text.requests((REQUEST, replace(REQUEST, id=4))).split("\n")
    assert len(lines) == 4
    assert [line.split()[0] for line in lines[2:]] == ["3", "4"]
    assert lines[0].index("Subject") == lines[2].index("C = CL")
    markup = html.requests((REQUEST,))
    assert '<th scope="col" role="columnheader">Subject</th>' in markup
    assert '<td role="cell" data-label="File root"><bdi>SantiagoDev</bdi></td>' in markup
    assert CONTENT.fingerprint.sha1 not in markup


def test_a_cell_may_end_its_line_at_a_names_dots_and_in_no_short_word() -> None:
    there = replace(REQUEST, name=RequestName("santiago.lab.test", "SANTIAGO", "W" * 30))
    markup = html.requests((there,))
    assert "<bdi>SANTIAGO on santiago<wbr>.lab<wbr>.test</bdi>" in markup
    assert f"<bdi>{'W' * 12}<wbr>{'W' * 12}<wbr>{'W' * 6}</bdi>" in markup
    assert "14:02 UTC</bdi>" in markup
    hostile = replace(REQUEST, name=RequestName("h", "i", "<img src=x onerror=1>.b\n"))
    assert "&lt;img src=x onerror=1&gt;<wbr>.b[U+000A]" in html.requests((hostile,))


def test_an_empty_queue_says_what_to_do() -> None:
    for drawn in (text.requests(()), Reader(html.requests(())).words):
        assert "No request is waiting. A CA client sends one by submitting" in drawn
    assert "<table" not in html.requests(())


def test_columns_stay_straight_with_wide_letters() -> None:
    wide = replace(REQUEST, content=replace(CONTENT, subject=((("O", "東京研究所"),),)))
    lines = text.requests((wide, REQUEST)).split("\n")
    assert lines[3].index("SANTIAGO on") - lines[2].index("SANTIAGO on") == 5  # five letters of two columns each
