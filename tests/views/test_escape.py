"""The one escaping helper."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.views.escape import escape, visible
from tests.views.hostile import Reader


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>", "&lt;b&gt;"),
        ("a & b", "a &amp; b"),
        ("\"'", "&quot;&#x27;"),
        ("&lt;", "&amp;lt;"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\x00\x1b\n", "a[U+0000][U+001B][U+000A]"),
        ("Žluťoučký 東京", "Žluťoučký 東京"),
        ("", ""),
    ],
)
def test_markup_and_what_cannot_be_seen_become_text(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_escaped_text_is_read_back_as_the_visible_text_and_as_nothing_else(text: str) -> None:
    assert html.unescape(escape(text)) == visible(text)
    for markup in (f"<p>{escape(text)}</p>", f'<p class="{escape(text)}"></p>'):
        reader = Reader(markup)
        assert reader.elements == ["p"]
        assert reader.attributes <= {"class"}
