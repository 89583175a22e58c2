"""When certificates expire: the picture, and the words that say the same."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from pkilab.model.certificate import CertificateState, IssuedCertificate, ListedCertificate
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.views import html, style, text, timeline
from tests.model.samples import ISSUED, LISTED, NOW, REVOKED, ROOT
from tests.views.hostile import ATTACK, ATTRIBUTES, ELEMENTS, Reader, hostile

SVG = "{http://www.w3.org/2000/svg}"
DAY = timedelta(days=1)


def issued(number: int, *, begin: int = 0, end: int = 365, **changes: Any) -> IssuedCertificate:
    """Certificate `number`, from `begin` until `end` in days from now."""
    dates = replace(ISSUED.certificate, not_before=NOW + begin * DAY, not_after=NOW + end * DAY)
    return replace(ISSUED, number=number, certificate=dates, **changes)


HOLD = Revocation(reason=RevocationReason.CERTIFICATE_HOLD, at=NOW, by="eva")
GONE = issued(1, begin=-40, end=-10)
SOON = issued(2, begin=-300, end=12)
LATE = issued(3)
COMING = issued(4, begin=5, end=100)
HELD = issued(5, state=CertificateState.HELD, revocation=HOLD, end=50)
ALL = (GONE, LATE, SOON, COMING, HELD, REVOKED)
FOUND = timeline.timeline(ALL, now=NOW, ca=ROOT)


def picture(found: timeline.Timeline) -> etree._Element:
    return etree.fromstring(timeline.svg(found))


def bars(found: timeline.Timeline) -> list[etree._Element]:
    return [group[0] for group in picture(found).iter(f"{SVG}g")]


def test_those_that_expire_next_come_first_and_those_that_are_over_last() -> None:
    names = [span.name for span in FOUND.spans]
    assert names == [f"SantiagoDev ({number})" for number in (2, 5, 4, 3, 8, 1)]
    assert FOUND.summary == "6 certificates; the next to expire is SantiagoDev (2), on 5 December 2026."


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (SOON, "SantiagoDev (2) is valid until 5 December 2026, in 12 days."),
        (GONE, "SantiagoDev (1) expired on 13 November 2026, 10 days ago."),
        (COMING, "SantiagoDev (4) is not yet valid: from 28 November 2026 until 3 March 2027."),
        (HELD, "SantiagoDev (5) is on hold since 23 November 2026 (certificateHold); it ends on 12 January 2027."),
        (
            REVOKED,
            "SantiagoDev (8) is revoked since 23 November 2026 (keyCompromise); it would end on 23 November 2027.",
        ),
        (LISTED[1], "QuitoDev (8) is valid until 23 November 2027, in 365 days."),
        (
            replace(LISTED[1], state="revoked", revoked_at=NOW, revoked_for="superseded"),
            "QuitoDev (8) is revoked since 23 November 2026 (superseded); it would end on 23 November 2027.",
        ),
        (replace(LISTED[1], state="revoked"), "QuitoDev (8) is revoked; it would end on 23 November 2027."),
    ],
)
def test_each_life_is_told_in_words(value: IssuedCertificate | ListedCertificate, told: str) -> None:
    found = timeline.timeline((value,), now=NOW)
    assert timeline.sentences(found) == (told,)
    assert told in text.timeline((value,), now=NOW)
    assert told in Reader(html.timeline((value,), now=NOW)).words


def test_the_moment_that_is_handed_in_decides_and_not_when_the_certificates_were_read() -> None:
    after = timeline.timeline((SOON,), now=NOW + 13 * DAY)
    assert after.spans[0].state is CertificateState.EXPIRED
    assert after.summary == "1 certificate, none of them valid any more."


def test_the_life_of_the_ca_stands_above_and_says_where_it_goes_on() -> None:
    assert timeline.sentences(FOUND)[0] == "CA Training CA is valid until 23 November 2027, in 365 days."
    long = replace(ROOT, not_after=NOW + 3650 * DAY)
    words = [one.text or "" for one in picture(timeline.timeline(ALL, now=NOW, ca=long)).iter(f"{SVG}text")]
    assert "valid until 20 November 2036: CA Training CA" in words


def test_each_state_has_words_and_a_pattern_of_its_own() -> None:
    shapes = {}
    for span, bar in zip(FOUND.spans, bars(replace(FOUND, ca=None)), strict=True):
        shapes[span.state] = (bar.tag, bar.get("stroke-dasharray"))
    assert set(shapes) == set(CertificateState)
    assert len(set(shapes.values())) == len(shapes)
    labels = [one.text or "" for one in picture(FOUND).iter(f"{SVG}text")]
    for state in CertificateState:
        assert any(label.startswith(state.value) for label in labels)


def test_a_bar_lies_where_its_dates_are() -> None:
    first, second = issued(1, begin=0, end=50), issued(2, begin=50, end=100)
    found = timeline.timeline((first, second), now=NOW)
    assert [(bar.get("x1"), bar.get("x2")) for bar in bars(found)[:1]] == [("0.00%", "50.00%")]
    assert [(bar.get("x"), bar.get("width")) for bar in bars(found)[1:]] == [("50.00%", "50.00%")]


def test_a_short_life_is_seen() -> None:
    blink = issued(1, begin=-1, end=0)
    (bar, _) = bars(timeline.timeline((issued(2, begin=-5000, end=5000), blink), now=NOW))
    assert float((bar.get("x2") or "").rstrip("%")) - float((bar.get("x1") or "").rstrip("%")) >= 0.79


def test_the_picture_is_svg_with_a_title_a_description_and_no_colour_of_its_own() -> None:
    drawn = picture(FOUND)
    title, description = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert FOUND.summary in (description.text or "")
    assert "#" not in timeline.svg(FOUND).replace("&#x27;", "")
    assert "url(" not in timeline.svg(FOUND)


def test_no_more_than_forty_are_drawn_and_the_rest_is_counted() -> None:
    many = [issued(number, end=number) for number in range(1, 60)] + [issued(99, begin=-2, end=-1)] * 3
    found = timeline.timeline(many, now=NOW)
    assert len(found.spans) == len(bars(found)) == timeline.MOST
    assert found.summary.startswith("62 certificates; ")
    assert found.rest == "22 more are not shown: 19 valid, 3 expired."
    assert timeline.sentences(found)[-1] == found.rest


def test_what_a_server_of_the_original_does_not_date_is_counted() -> None:
    found = timeline.timeline(LISTED, now=NOW)
    assert len(found.spans) == 1
    assert found.rest == "The server tells no dates of 1 certificate."


def test_where_there_is_none_it_says_what_to_do() -> None:
    for drawn in (text.timeline((), now=NOW, ca=ROOT), Reader(html.timeline((), now=NOW, ca=ROOT)).words):
        assert "Issue one from a pending request" in drawn
        assert "CA Training CA is valid until" in drawn
    assert "<svg" not in html.timeline((), now=NOW)
    etree.fromstring(timeline.svg(timeline.timeline((), now=NOW)))


def test_hostile_and_very_long_names_stay_text_and_within_their_row() -> None:
    long = replace(ISSUED, name=replace(ISSUED.name, root="東" * 500), number=(1 << 158))
    for certificates in ((hostile(ISSUED),), (hostile(LISTED[1]),), (long,)):
        markup = html.timeline(certificates, now=NOW, ca=hostile(ROOT))
        reader = Reader(markup)
        assert set(reader.elements) <= ELEMENTS
        assert reader.attributes <= ATTRIBUTES
        assert reader.balanced
        assert all(line.isprintable() for line in text.timeline(certificates, now=NOW).split("\n"))
        drawn = picture(timeline.timeline(certificates, now=NOW))
        assert max(len(one.text or "") for one in drawn.iter(f"{SVG}text")) <= 55
    assert "onerror" in ATTACK
    assert "onerror=alert(1)" in Reader(html.timeline((hostile(ISSUED),), now=NOW)).words


def test_every_life_has_its_colour_beside_its_pattern() -> None:
    for state in CertificateState:
        assert f".pkilab-life-{state.name.lower().replace('_', '-')} {{" in style.CSS


def test_it_spans_the_dates_of_what_is_shown() -> None:
    labels = [one.text for one in picture(timeline.timeline((LATE,), now=NOW)).iter(f"{SVG}text")]
    assert labels[:3] == ["now, 23 November 2026", "23 November 2026", "23 November 2027"]
