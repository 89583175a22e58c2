"""The journal of administrative acts: each entry's hash covers the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pkilab.errors.visible import visible

GENESIS = "0" * 64
"""The hash before the first entry."""

_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

Facts = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Who did what, when, at which CA server. `sequence` counts from 1 for each; hashes in lower-case hex."""

    ca: str
    sequence: int
    at: datetime
    by: str
    act: str
    facts: Facts
    previous: str
    hash: str

    def __str__(self) -> str:
        """Return one line: when, who, what."""
        facts = ", ".join(f"{name} {value}" for name, value in self.facts.items() if value is not None)
        return visible(f"{self.at:%Y-%m-%d %H:%M:%S} {self.by}: {self.act}{f' ({facts})' if facts else ''}")


def entry(ca: str, previous: JournalEntry | None, *, at: datetime, by: str, act: str, facts: Facts) -> JournalEntry:
    """Return the entry that follows `previous`, its hash made over all that it says and the hash before it."""
    sequence = previous.sequence + 1 if previous else 1
    before = previous.hash if previous else GENESIS
    digest = entry_hash(ca=ca, sequence=sequence, at=at, by=by, act=act, facts=facts, previous=before)
    return JournalEntry(
        ca=ca, sequence=sequence, at=at, by=by, act=act, facts=dict(facts), previous=before, hash=digest
    )


def entry_hash(*, ca: str, sequence: int, at: datetime, by: str, act: str, facts: Facts, previous: str) -> str:
    """Return SHA-256 over the entry as JSON with sorted keys, in lower-case hex."""
    content = [ca, sequence, at.isoformat(), by, act, dict(facts), previous]
    return hashlib.sha256(_as_json(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalVerdict:
    """What checking a journal showed: what is wrong, and what could not be proven, in sentences."""

    ca: str
    entries: int
    problems: tuple[str, ...]
    unproven: tuple[str, ...]

    @property
    def message(self) -> str:
        """Return the verdict in sentences."""
        verdict = " ".join(self.problems) or "Each entry follows the one before it, and none was changed."
        counted = "1 entry" if self.entries == 1 else f"{self.entries} entries"
        return " ".join([f"The journal of {self.ca} has {counted}.", verdict, *self.unproven])

    def __str__(self) -> str:
        """Return the verdict in one line."""
        return visible(self.message)
