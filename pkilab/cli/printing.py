"""What commands print: lines, cards, tables and JSON on standard output; sentences on standard error.

Whatever comes from outside is made visible before it reaches a terminal (`errors.visible`, `views.text`).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ParamSpec, TextIO

if TYPE_CHECKING:
    from pkilab.views.sheet import Table

P = ParamSpec("P")

_INDENT = 2
_NARROW = 20


def be_tolerant() -> None:
    """Let a terminal that lacks a character show its escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text file has it


def visible(text: str) -> str:
    """Return text as `errors.visible` does; that room is loaded when something is printed, not for `--help`."""
    from pkilab.errors.visible import visible as made_visible

    return made_visible(text)


def line(text: str) -> None:
    """Print one line on standard output, in full at once, so that a reader at the other end of a pipe has it."""
    _write(sys.stdout, _wrapped(visible(text), sys.stdout))


def lines(text: str, stream: TextIO | None = None) -> None:
    """Print text that was drawn by `views.text` and is safe as it is."""
    out = stream or sys.stdout
    _write(out, "\n".join(_wrapped(one, out) for one in text.split("\n")))


def complain(sentence: str) -> None:
    """Print a sentence on standard error."""
    _write(sys.stderr, _wrapped(visible(sentence), sys.stderr))


def document(value: object) -> None:
    """Print one JSON document, made of the model's names; in ASCII, so that no terminal is driven by it.

    An iterator becomes an array that is printed entry by entry, so that a long list takes no memory.
    """
    from pkilab.model.record import record

    if not isinstance(value, Iterator):
        _write(sys.stdout, json.dumps(record(value), indent=_INDENT))
        return
    before = "["
    for entry in value:
        indented = json.dumps(record(entry), indent=_INDENT).replace("\n", "\n" + " " * _INDENT)
        sys.stdout.write(f"{before}\n{' ' * _INDENT}{indented}")
        before = ","
    _write(sys.stdout, "[]" if before == "[" else "\n]")


def card(value: object) -> None:
    """Print what a noun of the model says; on a terminal with a bold heading."""
    from pkilab.views import text

    heading, newline, rest = text.draw(value).partition("\n")
    lines((f"\x1b[1m{heading}\x1b[0m" if sys.stdout.isatty() else heading) + newline + rest)


def table(value: Table) -> None:
    """Print a table: drawn by rich on a terminal, in plain columns elsewhere."""
    from pkilab.views import text

    if not value.rows or not sys.stdout.isatty():
        lines(text.table(value))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(box=SIMPLE_HEAD, pad_edge=False)
    for column in value.columns:
        drawn.add_column(Text(visible(column)), overflow="fold")
    for row in value.rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    Console().print(drawn)
    if value.more:
        line(value.more)


def more(after: int | None) -> None:
    """Say how to see the next page, if there is one."""
    if after is not None:
        line(f"The next page: --after {after}")


def _wrapped(text: str, stream: TextIO) -> str:
    """Return a sentence broken between words where a terminal would break it within one; aligned rows stay whole."""
    if text.startswith(" ") or not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False) if width > _NARROW else text


def _write(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()


def tolerant(tell: Callable[P, None]) -> Callable[P, None]:
    """Return `tell` as it says nothing where nobody listens: a terminal that has gone takes no lab with it."""

    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        with contextlib.suppress(OSError, ValueError):
            tell(*args, **kwargs)

    return told
