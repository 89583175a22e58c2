"""Rules for a line of text, and what is suspicious about one."""
# ruff: noqa: RUF001, RUF003 - look-alikes are what is tested here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.text import check_line, invisible_characters, mixes_scripts, one_line, scripts


def test_a_line_loses_the_blanks_round_it_and_keeps_those_in_it() -> None:
    assert check_line("Locality", "  Santiago de Chile \n", upper_bound=20) == "Santiago de Chile"


@pytest.mark.parametrize("empty", ["", "   ", "\n\t"])
def test_an_empty_line_is_refused_only_where_one_is_required(empty: str) -> None:
    assert check_line("Phone", empty, upper_bound=5) == ""
    with pytest.raises(InvalidField, match=r"^Phone: this is required"):
        check_line("Phone", empty, upper_bound=5, required=True)


def test_the_bound_is_counted_in_characters_after_stripping() -> None:
    assert check_line("X", " žluťo ", upper_bound=5) == "žluťo"
    with pytest.raises(InvalidField, match="at most 5 characters are allowed, these are 6"):
        check_line("X", "žluťou", upper_bound=5)


@pytest.mark.parametrize(
    "inside", ["\x00", "\n", "\r\n", "\t", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ud800", "\ue000"]
)
def test_control_characters_are_refused_and_never_repeated(inside: str) -> None:
    with pytest.raises(InvalidField) as caught:
        check_line("Name", f"a{inside}b", upper_bound=50)
    assert inside not in str(caught.value)


@given(st.text())
def test_one_line_folds_anything_to_a_line_that_the_rules_accept(text: str) -> None:
    line = one_line(text)
    assert check_line("X", line, upper_bound=len(text) + 1) == line
    assert "  " not in line
    assert one_line(line) == line


def test_one_line_keeps_words_apart() -> None:
    assert one_line(" Ana\r\n\tRojas\x00Soto ") == "Ana Rojas Soto"


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("santiago.lab.test", ()),
        ("Škoda 東京", ()),
        ("a\u202eb", ("RIGHT-TO-LEFT OVERRIDE",)),
        ("a\u200bb\u200bc", ("ZERO WIDTH SPACE",)),
        ("a\xa0b", ("NO-BREAK SPACE",)),
        ("a\u3164b", ("HANGUL FILLER",)),
        ("a\ufe0fb", ("VARIATION SELECTOR-16",)),
        ("a\x1bb\ue000", ("U+001B", "U+E000")),
    ],
)
def test_invisible_characters_are_named_once_each(value: str, names: tuple[str, ...]) -> None:
    assert invisible_characters(value) == names


def test_scripts_come_in_order_of_appearance() -> None:
    assert scripts("Lab Лаба 7") == ("LATIN", "CYRILLIC")
    assert scripts("1234 - _") == ()
    assert scripts("佐々木") == ("CJK",)


@pytest.mark.parametrize(
    "value",
    [
        "pаypal.lab.test",  # Cyrillic а
        "Τraining CA",  # Greek Τ
        "ｌab.test.lab",  # full-width l
        "а\u0301dmin",  # a mark does not end the word
        "s\u200bаntiago",  # nor does what cannot be seen
        "santiago.lab.соре",  # a whole word of look-alikes beside Latin ones
        "admin@раура.lab.test",
    ],
)
def test_look_alikes_are_found(value: str) -> None:
    assert mixes_scripts(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "santiago.lab.test",
        "Žluťoučký kůň",
        "Лаборатория 7",
        "почта.lab.test",  # words of different scripts, none of look-alikes only
        "Москва Test Lab",
        "東京タワー Tシャツ",  # Japanese writes four scripts together
        "佐々木 ｶﾌﾞ",
        "서울 漢字A",
        "Calle nº 5, 3ª",
        "10 µm",
        "שלום עולם",
        "हिन्दी",
    ],
)
def test_what_people_usually_write_raises_no_alarm(value: str) -> None:
    assert not mixes_scripts(value)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_ascii_never_mixes_scripts(value: str) -> None:
    assert not mixes_scripts(value)


@given(st.text())
def test_any_text_can_be_looked_at(value: str) -> None:
    mixes_scripts(value)
    invisible_characters(value)
