"""Rules for text that people or programs give, and what is suspicious about it."""

from __future__ import annotations

import unicodedata

from pkilab.errors import InvalidField
from pkilab.errors.visible import is_hidden

# Unicode categories that no line of text needs: controls, surrogates, private use, line and paragraph separators.
_FORBIDDEN = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})


def check_line(field: str, value: str, *, upper_bound: int, required: bool = False) -> str:
    """Return `value` without white space round it, if it is one line of at most `upper_bound` characters.

    Raises:
        InvalidField: it is empty although required, too long, or holds control characters.
    """
    text = value.strip()
    if not text and required:
        raise InvalidField(field, "this is required; fill it in.")
    if not _is_plain(text) and any(unicodedata.category(character) in _FORBIDDEN for character in text):
        raise InvalidField(field, "control characters and line breaks are not allowed; type plain text.")
    if len(text) > upper_bound:
        raise InvalidField(field, f"at most {upper_bound} characters are allowed, these are {len(text)}; shorten it.")
    return text


def one_line(value: str) -> str:
    """Return `value` with every run of white space and control characters folded to one blank."""
    if not _is_plain(value):
        value = "".join(" " if unicodedata.category(c) in _FORBIDDEN else c for c in value)
    return " ".join(value.split())


def _is_plain(value: str) -> bool:
    """Tell without looking at each character whether there is none of `_FORBIDDEN`; false where that is not sure."""
    return value.isascii() and value.isprintable()


def invisible_characters(value: str) -> tuple[str, ...]:
    """Return the names of characters in `value` that a reader cannot see (joiners, direction marks, odd blanks)."""
    hidden = (c for c in value if is_hidden(c))
    return tuple(dict.fromkeys(unicodedata.name(c, f"U+{ord(c):04X}") for c in hidden))


def scripts(value: str) -> tuple[str, ...]:
    """Return the scripts that the letters of `value` come from, such as LATIN and CYRILLIC, in order of appearance."""
    letters = (unicodedata.name(c, "").partition(" ")[0] for c in value if c.isalpha() and c not in _NO_SCRIPT)
    return tuple(dict.fromkeys(_SAME_SCRIPT.get(name, name) for name in letters if name))


_NO_SCRIPT = frozenset("ªºµʹʼ")
"""Letters to Unicode that stand beside any script: ordinals, the micro sign, primes."""
_SAME_SCRIPT = {"IDEOGRAPHIC": "CJK", "HALFWIDTH": "KATAKANA"}

_WRITTEN_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),  # Japanese
    frozenset({"CJK", "HANGUL", "LATIN"}),  # Korean
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),  # Chinese
)

# Cyrillic and Greek letters that look like Latin ones (of Unicode TR 39, confusables.txt: those that look the same).
_LIKE_LATIN = frozenset("асеорхуіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԚԜοραντικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ")


def mixes_scripts(value: str) -> bool:
    """Tell whether `value` has words that mix scripts as look-alikes do.

    That is a word of more than one script, unless these are usually written together; or, beside words in Latin
    letters, a word made only of Cyrillic or Greek letters that look like Latin ones.
    """
    words = [frozenset(scripts(word)) for word in _words(value)]
    if any(len(found) > 1 and not any(found <= usual for usual in _WRITTEN_TOGETHER) for found in words):
        return True
    latin = any("LATIN" in found for found in words)
    return latin and any(len(word) > 1 and _LIKE_LATIN.issuperset(word) for word in _words(value))


def _words(value: str) -> list[str]:
    """Split at blanks, punctuation and symbols; marks and invisible characters do not end a word."""
    return "".join(" " if unicodedata.category(c)[0] in "PSZ" else c for c in value).split()
