"""Rules for text that people or programs give, and what is suspicious about it."""

from __future__ import annotations

import unicodedata

from pkilab.errors import InvalidField

# Unicode categories that no line of text needs: controls, surrogates, private use, line and paragraph separators.
_FORBIDDEN = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_INVISIBLE = frozenset({"Cf", "Cn"})


def check_line(field: str, value: str, *, upper_bound: int, required: bool = False) -> str:
    """Return `value` without white space round it, if it is one line of at most `upper_bound` characters.

    Raises:
        InvalidField: it is empty although required, too long, or holds control characters.
    """
    text = value.strip()
    if not text and required:
        raise InvalidField(field, "this is required; fill it in.")
    if any(unicodedata.category(character) in _FORBIDDEN for character in text):
        raise InvalidField(field, "control characters and line breaks are not allowed; type plain text.")
    if len(text) > upper_bound:
        raise InvalidField(field, f"at most {upper_bound} characters are allowed, these are {len(text)}; shorten it.")
    return text


def one_line(value: str) -> str:
    """Return `value` with every run of white space and control characters folded to one blank."""
    folded = "".join(" " if unicodedata.category(c) in _FORBIDDEN else c for c in value)
    return " ".join(folded.split())


def invisible_characters(value: str) -> tuple[str, ...]:
    """Return the names of characters in `value` that a reader cannot see (joiners, direction marks, unassigned)."""
    hidden = (c for c in value if unicodedata.category(c) in _INVISIBLE | _FORBIDDEN)
    return tuple(dict.fromkeys(unicodedata.name(c, f"U+{ord(c):04X}") for c in hidden))


def scripts(value: str) -> tuple[str, ...]:
    """Return the scripts that the letters of `value` come from, such as LATIN and CYRILLIC, in order of appearance."""
    letters = (unicodedata.name(c, "").partition(" ")[0] for c in value if c.isalpha())
    return tuple(dict.fromkeys(name for name in letters if name))


_WRITTEN_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),  # Japanese
    frozenset({"CJK", "HANGUL", "LATIN"}),  # Korean
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),  # Chinese
)


def mixes_scripts(value: str) -> bool:
    """Tell whether one word of `value` mixes scripts that are not usually written together, as look-alikes do."""
    for word in value.replace(".", " ").replace("-", " ").split():
        found = frozenset(scripts(word))
        if len(found) > 1 and not any(found <= together for together in _WRITTEN_TOGETHER):
            return True
    return False
