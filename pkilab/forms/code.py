"""The card that shows an access code, once."""

from __future__ import annotations

from pkilab.views import html as views
from pkilab.views.sheet import Kind, Row, Sheet, Tone


def code_card(title: str, sentence: str, code: str) -> str:
    """Return the card of an access code as markup."""
    row = Row(label="Access code", lines=(code,), kind=Kind.PLACE)
    return views.sheet(Sheet(title=title, tone=Tone.GOOD, lead=(sentence,), rows=(row,)))
