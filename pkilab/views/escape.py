"""The one helper through which everything passes that a view shows."""

from __future__ import annotations

from html import escape as _escape

from pkilab.errors.visible import visible

__all__ = ["escape", "visible"]


def escape(text: str) -> str:
    """Return `text` fit for HTML and SVG, as content or within a quoted attribute, in one line.

    Markup becomes text; controls, direction marks and what else cannot be seen become their code points. For a
    terminal `visible` alone does.
    """
    return _escape(visible(text), quote=True)
