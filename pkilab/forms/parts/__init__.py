"""The small widgets that ipywidgets lacks, as plain ES modules in `forms/js`: no build, nothing from elsewhere.

What comes from a person or a certificate is set as text, never as markup. Every message from a page is checked: whoever
holds the page can send any.
"""

from pathlib import Path

JS = Path(__file__).parents[1] / "js"
"""Where the modules lie."""
