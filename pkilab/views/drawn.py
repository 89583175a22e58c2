"""What the pictures share: their letters, and how a text is cut to the room that it has."""

from __future__ import annotations

from unicodedata import east_asian_width

from pkilab.views.escape import visible

LETTERS = 'fill="currentColor" stroke="none" style="font-family:var(--jp-ui-font-family, system-ui, sans-serif)"'


def cut(text: str, room: int) -> str:
    """Cut a text to so many columns; wide characters take two. What was cut off stands in the words."""
    shown = ""
    for character in visible(text):
        room -= 2 if east_asian_width(character) in {"W", "F"} else 1
        if room < 1:
            return shown + "…"
        shown += character
    return shown
