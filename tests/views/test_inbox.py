"""Mail of the lab's own inbox, in tables and cards."""

from dataclasses import replace

from pkilab.views import html, tables, text
from tests.model.samples import RECEIVED
from tests.views.hostile import ATTRIBUTES, ELEMENTS, Reader, hostile


def test_a_table_says_when_to_whom_and_about_what() -> None:
    drawn = text.table(tables.received((RECEIVED,)))
    assert "3a5fb9113252" in drawn
    assert "23 November 2026, 14:02 UTC" in drawn
    assert "ana@lab.test" in drawn
    assert RECEIVED.subject in drawn


def test_an_empty_inbox_says_how_mail_comes() -> None:
    assert text.table(tables.received(())).startswith("No mail has come here. Configuring")


def test_a_mail_in_full_shows_its_body_line_by_line() -> None:
    drawn = text.received(RECEIVED).split("\n")
    assert drawn[0] == f"{RECEIVED.subject} (mail 3a5fb9113252)"
    assert drawn[-3:] == ["The CA MyCA issued your certificate.", "", "Number:   7"]


def test_a_mail_that_says_nothing_is_drawn_all_the_same() -> None:
    empty = replace(RECEIVED, sender="", recipients=(), subject="", body="", message_id="")
    assert text.received(empty).startswith("no subject (mail 3a5fb9113252)")
    assert "no subject" in text.table(tables.received((empty,)))


def test_a_hostile_mail_drives_no_page_and_no_terminal() -> None:
    bad = hostile(RECEIVED)
    for drawn in (text.received(bad), text.table(tables.received((bad,)))):
        assert all(line.isprintable() for line in drawn.split("\n"))
    for page in (html.draw(bad), html.table(tables.received((bad,)))):
        read = Reader(page)
        assert read.balanced
        assert set(read.elements) <= ELEMENTS
        assert read.attributes <= ATTRIBUTES
