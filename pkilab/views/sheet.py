"""What a card or table says, before it is HTML or text: raw values, which only the two renderers escape."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pkilab.model.certificate import Chain


class Tone(StrEnum):
    """How a card stands: the words say it too, never the colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


class Kind(StrEnum):
    """How a row's lines are set."""

    TEXT = "text"
    NAME = "name"
    """The parts of a distinguished name, one a line; they are shown behind one another."""
    CODE = "code"
    """Identifiers."""
    PLACE = "place"
    """Paths and addresses: to be copied."""
    FINGERPRINT = "fingerprint"
    """To be read and copied."""
    ANSWER = "answer"
    """A fingerprint that somebody else is to be asked for: to be read, not to be copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label and its lines, with a remark on them."""

    label: str
    lines: tuple[str, ...]
    kind: Kind = Kind.TEXT
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A section that stays closed until somebody asks; `text` may have several lines, and may be there to `copy`."""

    summary: str
    text: str
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A card: title and what stands beside it, sentences, rows, warnings, a chain, closed sections."""

    title: str
    badge: str = ""
    badge_tone: Tone = Tone.PLAIN
    tone: Tone = Tone.PLAIN
    lead: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    warnings: tuple[str, ...] = ()
    chain: Chain | None = None
    closed: tuple[Closed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; `empty` is what to do when there are no rows, `more` a sentence below them."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    more: str = ""
