"""Nouns whose every text is an attack, and a reader of HTML that sees whether one got through."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ATTACK = "x</bdi><img src=x onerror=alert(1)><script>alert(2)</script>\"'&\x1b[2J\x1b]0;t\x07\x9b31m\u202e\u200b\r\n--"

_PAGE = (
    "article bdi br button caption code dd details div dl dt h3 li ol p pre section span strong summary table tbody td"
)
_PICTURE = "desc g line path rect svg text title"
ELEMENTS = {*_PAGE.split(), *_PICTURE.split(), "th", "thead", "tr", "ul", "wbr"}
_LINES = "d dx fill rx stroke stroke-dasharray stroke-width x x1 x2 y y1 y2"
_SHAPE = f"{_LINES} font-size font-weight height text-anchor viewbox width xmlns"
_REACHED = (
    "aria-controls aria-label aria-labelledby aria-selected data-copy data-label data-tab role scope tabindex type"
)
ATTRIBUTES = {*_SHAPE.split(), *_REACHED.split(), "class", "id", "style"}
VOID = {"br", "wbr"}


def hostile(value: Any) -> Any:
    """`value` with every text and path in it, however deep, made an attack; numbers, times and choices stay."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return ATTACK
    if isinstance(value, Path):
        return Path(ATTACK)
    if isinstance(value, tuple):
        return tuple(hostile(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: hostile(getattr(value, field.name)) for field in fields(value)})
    return value


class Reader(HTMLParser):
    """Collects elements, attributes and text, and whether everything that is opened is closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.open: list[str] = []
        self.balanced = True
        self.feed(markup)
        self.close()
        self.balanced &= not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.balanced &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.elements.append("comment")
