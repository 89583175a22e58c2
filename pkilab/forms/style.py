"""The style sheet of forms and desks, on top of that of the views.

Plain ipywidgets: each field's own `description` stays its label and is set above the field. Sizes follow the room
that the form has, not the window, so that a notebook's cell and a page look alike.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pkilab.views import style

_CSS = Path(__file__).parent / "css"


@cache
def tag() -> str:
    """Return both style sheets as one element; once a page is enough, more do no harm."""
    tables = style.CSS.replace(".pkilab table.pkilab-table", ":is(.pkilab, .pkilab-tables) table.pkilab-table")
    forms = "\n".join(path.read_text(encoding="utf-8") for path in sorted(_CSS.glob("*.css")))
    return f"<style>{tables}\n{forms}</style>"
