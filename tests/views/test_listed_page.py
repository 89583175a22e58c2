"""A page of the list as a client gets it."""

from datetime import UTC, datetime

from pkilab.model.certificate import ListedCertificate, ListedPage
from pkilab.views import text

KNOWN = ListedCertificate(
    number=7,
    host="santiago.lab.test",
    instance="Santiago",
    root="Dev",
    subject="CN = x",
    not_after=datetime(2030, 1, 31, tzinfo=UTC),
    state="valid",
)


def test_a_page_is_a_table_that_says_whether_more_follow() -> None:
    drawn = text.draw(ListedPage(certificates=(KNOWN,), total=3, after=1))
    assert "7       santiago.lab.test  Santiago  Dev        CN = x   31 January 2030  valid" in drawn
    assert drawn.endswith("These are 1 of 3; more follow.")


def test_the_last_page_says_nothing_of_more() -> None:
    assert "follow" not in text.draw(ListedPage(certificates=(KNOWN,), total=1))


def test_what_a_server_of_the_original_does_not_tell_is_a_dash() -> None:
    bare = ListedCertificate(number=7, host="h", instance="i", root="Dev")
    assert text.draw(ListedPage(certificates=(bare,), total=1)).splitlines()[-1].split()[4:] == ["–", "–", "–"]
