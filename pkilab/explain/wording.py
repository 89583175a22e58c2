"""How numbers, times and octets are written in sentences."""

from __future__ import annotations

from datetime import datetime

LONG = 64
"""Octets that are shown in hex; of longer ones the first are, and the number."""
TEXT = 200
"""Letters of a text that are shown."""
NO_END = 9999
"""The year that stands for an end that is not known (RFC 5280 §4.1.2.5)."""


def moment(value: datetime) -> str:
    """Return a time as people read it."""
    return f"{value.year:04}-{value:%m-%d %H:%M:%S} UTC"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def hexed(octets: bytes) -> str:
    """Return octets in hex pairs; of many the first, and how many there are."""
    shown = octets[:LONG].hex(" ").upper()
    return shown if len(octets) <= LONG else f"{octets[:16].hex(' ').upper()} … ({len(octets):,} octets)"
