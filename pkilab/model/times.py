"""Times as sentences for people have them, all in UTC; lists, logs and mails have them in figures."""

from __future__ import annotations

from datetime import UTC, datetime

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(at: datetime) -> str:
    """Return a date, such as `23 November 2026`."""
    at = at.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime) -> str:
    """Return a time, such as `23 November 2026, 14:02 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"
