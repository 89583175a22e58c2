"""Cards, tables and chains as plain text for a terminal. No control character from outside comes through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from unicodedata import combining, east_asian_width

from pkilab.model.certificate import Certificate, IssuedCertificate, ListedCertificate, Listing
from pkilab.model.journal import JournalEntry
from pkilab.model.message import ReceivedMessage
from pkilab.model.request import Request
from pkilab.views import cards, chain, tables
from pkilab.views import timeline as timelines
from pkilab.views.drawing import drawing
from pkilab.views.escape import visible
from pkilab.views.hood.way import Hood
from pkilab.views.sheet import Kind, Row, Sheet, Table


def draw(value: object) -> str:
    """Return a noun of the model as text, without a newline at its end.

    Raises:
        TypeError: it is none that can be drawn.
    """
    drawn = drawing(value)
    return table(drawn) if isinstance(drawn, Table) else sheet(drawn)


def request(
    value: Request,
    *,
    warnings: tuple[str, ...] = (),
    fingerprints: bool = False,
    pem: bool = False,
    now: datetime | None = None,
) -> str:
    """Return a request in full (S10): fingerprints only when asked for, the contact marked as a hint."""
    return sheet(cards.request(value, warnings=warnings, fingerprints=fingerprints, now=now), closed=pem)


def requests(rows: Sequence[Request]) -> str:
    """Return the table of pending requests."""
    return table(tables.requests(rows))


def received(value: ReceivedMessage) -> str:
    """Return a mail of the inbox in full."""
    return sheet(cards.received(value), closed=True)


def certificates(listing: Listing) -> str:
    """Return the table of a page of issued certificates."""
    return table(tables.certificates(listing))


def listed(rows: Sequence[ListedCertificate]) -> str:
    """Return the table of certificates as a client sees them."""
    return table(tables.listed(rows))


def journal(entries: Sequence[JournalEntry]) -> str:
    """Return the table of entries of the journal."""
    return table(tables.journal(entries))


def sheet(value: Sheet, *, closed: bool = False) -> str:
    """Return a card; with `closed` also what stands in its closed sections, such as the PEM."""
    badge = f" ({value.badge})" if value.badge else ""
    lines = [visible(value.title + badge)]
    lines += [visible(sentence) for sentence in value.lead]
    width = max((_width(visible(row.label)) for row in value.rows), default=0)
    for row in value.rows:
        lines += _row(row, width)
    lines += [f"! Look twice: {visible(warning)}" for warning in value.warnings]
    if value.chain is not None:
        lines += [visible(sentence) for sentence in chain.sentences(value.chain)]
    if closed:
        lines += [visible(line) for section in value.closed for line in section.text.splitlines()]
    return "\n".join(lines)


def timeline(
    certificates: Sequence[IssuedCertificate | ListedCertificate], *, now: datetime, ca: Certificate | None = None
) -> str:
    """Return when certificates expire, a sentence for each, those that expire next first."""
    found = timelines.timeline(certificates, now=now, ca=ca)
    told = [found.summary if found.spans else timelines.EMPTY, *timelines.sentences(found)]
    return "\n".join(visible(sentence) for sentence in told)


def hood(value: Hood) -> str:
    """Return *Under the hood* as text: each way under its label, its lines set in."""
    lines = ["Under the hood"]
    for way in value.ways:
        lines += ["", visible(way.label), *(f"    {visible(line)}".rstrip() for line in way.text.splitlines())]
    return "\n".join(lines)


def table(value: Table) -> str:
    """Return a table with aligned columns, or what to do when it is empty."""
    if not value.rows:
        return visible(value.empty)
    rows = [[visible(cell) for cell in row] for row in (value.columns, *value.rows)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(value.columns))]
    rows.insert(1, ["-" * width for width in widths])
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join(lines + ([visible(value.more)] if value.more else []))


def _row(row: Row, width: int) -> list[str]:
    lines = [", ".join(row.lines)] if row.kind is Kind.NAME else list(row.lines)
    if row.note:
        lines.append(f"({row.note})")
    labels = [row.label, *[""] * (len(lines) - 1)]
    return [f"  {_padded(visible(label), width)}  {visible(line)}" for label, line in zip(labels, lines, strict=True)]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count the columns that a terminal takes for `text`."""
    return sum(2 if east_asian_width(c) in {"W", "F"} else 0 if combining(c) else 1 for c in text)
