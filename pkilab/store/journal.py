"""The journal in the registry, its head beside the CA's key, and what the two prove together (X6)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, String, insert, select, type_coerce

from pkilab.errors import CannotRead
from pkilab.model.journal import GENESIS, Facts, JournalEntry, entry, entry_hash
from pkilab.store import files, many
from pkilab.store.schema import JOURNAL, moment
from pkilab.store.serial import locked_beside
from pkilab.store.transaction import Transaction

FIELD = "Journal"

Head = tuple[int, str]
"""How many entries there are, and the hash of the last one."""
_INSERT = insert(JOURNAL)
_as_json = json.JSONEncoder(sort_keys=True).encode
_NEVER = datetime.min.replace(tzinfo=UTC)
# The time as the text that is stored: a verification must be able to read what somebody wrote over it.
_ROWS: Select[*tuple[Any, ...]] = select(
    *(column for column in JOURNAL.c if column.name != "at"), type_coerce(JOURNAL.c.at, String).label("at")
)


def append(tx: Transaction, ca: str, *, at: datetime, by: str, act: str, facts: Facts) -> JournalEntry:
    """Append what was done to the journal of `ca`, in the transaction of the act itself, and return the entry."""
    return append_many(tx, ca, at=at, by=by, act=act, facts=[facts])[0]


def append_many(
    tx: Transaction, ca: str, *, at: datetime, by: str, act: str, facts: Iterable[Facts]
) -> list[JournalEntry]:
    """Append an act that was done several times, an entry for each of `facts`, and return the entries."""
    last = head(tx, ca)
    new: list[JournalEntry] = []
    for each in facts:
        last = entry(ca, last, at=at.astimezone(UTC), by=by, act=act, facts=each)
        new.append(last)
    many.execute(tx, _INSERT, [_values(each) for each in new])
    return new


def _values(new: JournalEntry) -> dict[str, Any]:
    return {
        "ca": new.ca,
        "sequence": new.sequence,
        "at": moment(new.at),
        "done_by": new.by,
        "act": new.act,
        "facts": _as_json(dict(new.facts)),
        "previous": new.previous,
        "hash": new.hash,
    }


def entries(tx: Transaction, ca: str, *, after: int = 0, limit: int | None = None) -> tuple[JournalEntry, ...]:
    """Return the entries of `ca` in their order; `after` is the sequence number of the last one seen."""
    mine = (JOURNAL.c.ca == ca, JOURNAL.c.sequence > after)
    query = _ROWS.where(*mine).order_by(JOURNAL.c.sequence).limit(limit)
    return tuple(_entry(row) for row in tx.connection.execute(query))


def newest(tx: Transaction, ca: str, *, before: int | None = None, limit: int) -> tuple[JournalEntry, ...]:
    """Return so many entries of `ca`, the newest first; `before` is the sequence number of the last one seen."""
    query = _ROWS.where(JOURNAL.c.ca == ca).order_by(JOURNAL.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(JOURNAL.c.sequence < before)
    return tuple(_entry(row) for row in tx.connection.execute(query))


def head(tx: Transaction, ca: str) -> JournalEntry | None:
    """Return the last entry of `ca`, or None."""
    query = _ROWS.where(JOURNAL.c.ca == ca).order_by(JOURNAL.c.sequence.desc()).limit(1)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _entry(row)


def write_head(path: Path, last: JournalEntry) -> None:
    """Keep count and hash of the journal whose last entry is `last`, unless the file has a higher count already.

    Raises:
        CannotRead: the file is there and holds something else.
        CannotWrite: the system refused; the file is as it was.
    """
    with locked_beside(path, field=FIELD):
        known = read_head(path)
        if known is not None and known[0] >= last.sequence:
            return
        content = {"ca": last.ca, "count": last.sequence, "hash": last.hash}
        data = (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()
        files.replace(path, data, mode=files.PRIVATE, field=FIELD)


def set_aside_foreign_head(tx: Transaction, ca: str, path: Path) -> Path | None:
    """Set aside a head at `path` that is of another journal than that of `ca`, and return where it lies now.

    Such a one lies on a medium that another lab used. None where there is no head, or it is ours.

    Raises:
        CannotWrite: the system refused.
    """
    try:
        known = read_head(path)
    except CannotRead:
        return files.set_aside(path, field=FIELD)
    if known is None:
        return None
    count, digest = known
    at = select(JOURNAL.c.hash).where(JOURNAL.c.ca == ca, JOURNAL.c.sequence == count)
    return None if tx.connection.scalar(at) == digest else files.set_aside(path, field=FIELD)


def read_head(path: Path) -> Head | None:
    """Return what `write_head` kept, or None if there is no file.

    Raises:
        CannotRead: the file is there and cannot be read, or holds something else.
    """
    data = files.read_optional(path)
    if data is None:
        return None
    try:
        content = json.loads(data)
        count, digest = content["count"], content["hash"]
    except (ValueError, KeyError, TypeError, RecursionError):
        count = digest = None
    if type(count) is not int or count < 1 or not isinstance(digest, str) or len(digest) != len(GENESIS):
        raise CannotRead(path, "it does not hold the head of a journal")
    return count, digest


def verify(found: Sequence[JournalEntry], head: Head | None = None) -> tuple[str, ...]:
    """Return what is wrong with the entries of one CA, in sentences; empty when all is well.

    Each entry's hash is made anew, and each must follow the one before it. With the `head` that was kept beside the
    CA's key, entries that were cut off or rewritten as a whole show too. See `unproven` for what does not.
    """
    problems: list[str] = []
    expected, previous = 1, GENESIS
    for each in found:
        problems += _against(each, expected, previous)
        expected, previous = each.sequence + 1, each.hash
    if head is not None:
        problems += _against_head(found, *head)
    return tuple(problems)


def unproven(found: Sequence[JournalEntry], head: Head | None) -> tuple[str, ...]:
    """Return in sentences what `verify` cannot prove with what it was given."""
    if head is None:
        sentence = (
            "Without the head kept beside the CA's key nobody can tell whether entries were cut off at the end, "
            "or the whole journal was written anew."
        )
        return (sentence,)
    beyond = [each.sequence for each in found if each.sequence > head[0]]
    if not beyond:
        return ()
    sentence = (
        f"{_which(beyond[0], beyond[-1])} newer than the head kept beside the CA's key, which counts {head[0]}: "
        "somebody could have added, cut off or written them anew."
    )
    return (sentence,)


def _against(each: JournalEntry, expected: int, previous: str) -> list[str]:
    problems = []
    if each.sequence > expected:
        problems.append(f"{_which(expected, each.sequence - 1)} missing.")
    elif each.sequence < expected:
        problems.append(f"Entry {each.sequence} stands where entry {expected} should: it was added or moved.")
    elif each.previous != previous:
        problems.append(f"Entry {each.sequence} does not follow the one before it: one of them was changed or added.")
    digest = entry_hash(
        ca=each.ca,
        sequence=each.sequence,
        at=each.at,
        by=each.by,
        act=each.act,
        facts=each.facts,
        previous=each.previous,
    )
    if digest != each.hash:
        problems.append(f"Entry {each.sequence} was changed: its hash does not fit what it says.")
    return problems


def _against_head(found: Sequence[JournalEntry], count: int, digest: str) -> list[str]:
    last = found[-1].sequence if found else 0
    if last < count:
        return [f"{_which(last + 1, count)} missing at the end: the head kept beside the CA's key counts {count}."]
    if all(each.hash != digest for each in found if each.sequence == count):
        return [f"Entry {count} is not the one that the head kept beside the CA's key tells of: it was written anew."]
    return []


def _which(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"


def _entry(row: Row[Any]) -> JournalEntry:
    """Return what the row says; what no row of ours says is kept in a form whose hash cannot fit."""
    try:
        at = datetime.fromisoformat(row.at)
        at = at if at.tzinfo else _NEVER
    except (ValueError, TypeError):
        at = _NEVER
    try:
        facts = json.loads(row.facts)
    except (ValueError, TypeError, RecursionError):
        facts = None
    return JournalEntry(
        ca=str(row.ca),
        sequence=row.sequence if isinstance(row.sequence, int) else 0,
        at=at.astimezone(UTC),
        by=str(row.done_by),
        act=str(row.act),
        facts=facts if isinstance(facts, dict) else {"unreadable": str(row.facts)},
        previous=str(row.previous),
        hash=str(row.hash),
    )
