"""Text from outside, made safe to show: what cannot be seen is written out."""

from __future__ import annotations

import re

# What `str.isprintable` lets through although a reader sees nothing: the letters and marks among Unicode's
# Default_Ignorable_Code_Point, the braille blank and the null note head.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)


def is_hidden(character: str) -> bool:
    """Tell whether a reader cannot see `character`, or not tell it from a plain blank."""
    return not character.isprintable() or _BLANK.match(character) is not None


def visible(text: str) -> str:
    """Return `text` with each control, direction mark, joiner and odd blank as its code point, such as `[U+202E]`.

    The result is one line, holds no terminal escape sequence and reads in the order in which it is written.
    """
    if text.isprintable() and not _BLANK.search(text):
        return text
    return "".join(f"[U+{ord(c):04X}]" if is_hidden(c) else c for c in text)
