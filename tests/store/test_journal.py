"""The journal in every store, and what tampering with it leaves to see."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from pkilab.errors import CannotRead
from pkilab.model.journal import Facts, JournalEntry, entry
from pkilab.store import journal
from pkilab.store.registry import Registry, Transaction
from pkilab.store.schema import JOURNAL
from tests.store.samples import NOON

LENGTH = 30


def fill(tx: Transaction, ca: str = "MyCA", length: int = LENGTH) -> tuple[JournalEntry, ...]:
    for number in range(1, length + 1):
        facts: Facts = {"number": number, "subject": f"CN = Zoë {number}", "reason": None}
        journal.append(tx, ca, at=NOON + timedelta(seconds=number), by="opal", act="issued", facts=facts)
    return journal.entries(tx, ca)


def test_what_is_appended_reloads_equal(tx: Transaction) -> None:
    first = journal.append(tx, "MyCA", at=NOON, by="opal", act="configured", facts={"root": "MyCA", "none": None})
    whole = NOON.replace(microsecond=0)
    second = journal.append(tx, "MyCA", at=whole, by="eve", act="issued", facts={"number": (1 << 159) - 1})
    assert journal.entries(tx, "MyCA") == (first, second)
    assert journal.head(tx, "MyCA") == second
    assert (first.sequence, second.sequence, second.previous) == (1, 2, first.hash)


def test_the_time_is_kept_in_utc_so_that_its_hash_holds(tx: Transaction) -> None:
    east = datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    appended = journal.append(tx, "MyCA", at=east, by="opal", act="issued", facts={})
    assert appended.at.tzinfo is UTC
    assert journal.verify(journal.entries(tx, "MyCA")) == ()


def test_an_act_done_several_times_is_several_entries(tx: Transaction) -> None:
    fill(tx, length=2)
    done = journal.append_many(tx, "MyCA", at=NOON, by="opal", act="issued", facts=[{"n": 1}, {"n": 2}, {"n": 3}])
    assert list(journal.entries(tx, "MyCA", after=2)) == done
    assert journal.append_many(tx, "MyCA", at=NOON, by="opal", act="issued", facts=[]) == []
    assert journal.verify(journal.entries(tx, "MyCA")) == ()


def test_each_ca_has_its_own_chain(tx: Transaction) -> None:
    fill(tx, "One", 3)
    fill(tx, "Two", 2)
    assert [each.sequence for each in journal.entries(tx, "Two")] == [1, 2]
    assert journal.head(tx, "Nobody") is None
    for ca in ("One", "Two", "Nobody"):
        assert journal.verify(journal.entries(tx, ca)) == ()


def test_entries_come_in_pages(tx: Transaction) -> None:
    whole = fill(tx)
    assert journal.entries(tx, "MyCA", after=10, limit=5) == whole[10:15]


def test_an_untouched_journal_has_no_problems(tx: Transaction) -> None:
    whole = fill(tx)
    assert journal.verify(whole, (LENGTH, whole[-1].hash)) == ()
    assert journal.verify(whole, (5, whole[4].hash)) == ()
    assert journal.unproven(whole, (LENGTH, whole[-1].hash)) == ()


# ---------------------------------------------------------------- tampering

Tamper = Callable[[Transaction, random.Random], None]


def values(tx: Transaction, sequence: int) -> dict[str, Any]:
    row = tx.connection.execute(select(JOURNAL).where(JOURNAL.c.sequence == sequence)).one()
    return {name: value for name, value in row._mapping.items() if name != "id"}


def change(tx: Transaction, chance: random.Random) -> None:
    sequence = chance.randint(1, LENGTH)
    new: dict[str, Any] = {
        "at": NOON - timedelta(seconds=chance.randint(1, 10**6)),
        "done_by": f"eve{chance.random()}",
        "act": "deleted",
        "facts": chance.choice(['{"number": 1000}', "{}", "garbage", "[]", '{"number": "1"}']),
        "previous": f"{chance.getrandbits(256):064x}",
        "hash": f"{chance.getrandbits(256):064x}",
        "ca": "Other",
    }
    name = chance.choice(sorted(new))
    tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == sequence).values({name: new[name]}))


def swap(tx: Transaction, chance: random.Random) -> None:
    """Swap what two entries say; half of the time with hash and all."""
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    kept = {"id", "sequence", "ca"} if chance.random() < 0.5 else {"id", "sequence", "ca", "previous", "hash"}
    first, second = values(tx, one), values(tx, other)
    for sequence, content in ((one, second), (other, first)):
        new = {name: value for name, value in content.items() if name not in kept}
        tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == sequence).values(new))


def remove(tx: Transaction, chance: random.Random) -> None:
    """Remove some entries before the last; half of the time the rest is counted anew."""
    first = chance.randint(1, LENGTH - 1)
    last = chance.randint(first, LENGTH - 1)
    tx.connection.execute(delete(JOURNAL).where(JOURNAL.c.sequence.between(first, last)))
    if chance.random() < 0.5:
        for sequence in range(last + 1, LENGTH + 1):
            new = {"sequence": sequence - (last - first + 1)}
            tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == sequence).values(new))


def insert_one(tx: Transaction, chance: random.Random) -> None:
    """Put an entry in between, whose own hash is right, or one at the end."""
    place = chance.randint(1, LENGTH + 1)
    found = {each.sequence: each for each in journal.entries(tx, "MyCA")}
    for sequence in range(LENGTH, place - 1, -1):
        new = {"sequence": sequence + 1}
        tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == sequence).values(new))
    previous = found.get(place - 1) if chance.random() < 0.5 else found[chance.randint(1, LENGTH)]
    forged = entry("MyCA", previous, at=NOON, by="eve", act="verified", facts={"n": chance.randint(1, 99)})
    digest = forged.hash if place <= LENGTH else f"{chance.getrandbits(256):064x}"
    tx.connection.execute(
        insert(JOURNAL).values(
            ca="MyCA",
            sequence=place,
            at=NOON,
            done_by="eve",
            act="verified",
            facts=json.dumps(dict(forged.facts)),
            previous=forged.previous,
            hash=digest,
        )
    )


def cut_off(tx: Transaction, chance: random.Random) -> None:
    tx.connection.execute(delete(JOURNAL).where(JOURNAL.c.sequence > chance.randint(0, LENGTH - 1)))


def rewrite(tx: Transaction, chance: random.Random) -> None:
    """Write everything from one entry on anew, with all hashes right."""
    first = chance.randint(1, LENGTH)
    whole = journal.entries(tx, "MyCA")
    tx.connection.execute(delete(JOURNAL).where(JOURNAL.c.sequence >= first))
    for each in whole[first - 1 :]:
        journal.append(tx, "MyCA", at=each.at, by="eve", act=each.act, facts=each.facts)


@pytest.mark.parametrize(
    ("tamper", "needs_head"),
    [(change, False), (swap, False), (remove, False), (insert_one, False), (cut_off, True), (rewrite, True)],
)
def test_100_tamperings_of_each_kind_are_all_found(lab: Registry, tamper: Tamper, needs_head: bool) -> None:
    with lab.writing() as tx:
        head = (LENGTH, fill(tx)[-1].hash)
    for seed in range(100):
        with lab.writing() as tx:
            undone = tx.connection.begin_nested()
            tamper(tx, random.Random(seed))
            found = journal.entries(tx, "MyCA")
            undone.rollback()
        problems = journal.verify(found, head)
        assert problems, f"seed {seed}"
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in problems)
        if needs_head:
            assert journal.verify(found) == ()
            assert journal.unproven(found, None)
        elif found[-1].sequence == LENGTH:  # moving the last entry to another CA is a cut, too
            assert journal.verify(found), f"seed {seed}"


@pytest.mark.parametrize("column", ["at", "facts", "sequence", "act", "hash"])
def test_a_row_that_is_no_entry_at_all_is_found_and_fails_nothing(lab: Registry, column: str) -> None:
    """SQLite keeps anything in any column."""
    with lab.writing() as tx:
        fill(tx, length=3)
        nonsense = {JOURNAL.c[column]: text("x'ff00'")}
        tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == 2).values(nonsense))
        assert journal.verify(journal.entries(tx, "MyCA"))


def test_entries_beyond_the_head_are_told_as_unproven(tx: Transaction) -> None:
    whole = fill(tx)
    (sentence,) = journal.unproven(whole, (LENGTH - 2, whole[-3].hash))
    assert sentence.startswith(f"Entries {LENGTH - 1} to {LENGTH} are newer")
    (sentence,) = journal.unproven(whole, (LENGTH - 1, whole[-2].hash))
    assert sentence.startswith(f"Entry {LENGTH} is newer")


# ---------------------------------------------------------------- the head beside the key


def test_the_head_is_kept_and_never_goes_back(tx: Transaction, tmp_path: Path) -> None:
    path = tmp_path / "MyCA.journal"
    assert journal.read_head(path) is None
    whole = fill(tx, length=5)
    journal.write_head(path, whole[2])
    assert journal.read_head(path) == (3, whole[2].hash)
    journal.write_head(path, whole[1])
    assert journal.read_head(path) == (3, whole[2].hash)
    journal.write_head(path, whole[4])
    assert journal.read_head(path) == (5, whole[4].hash)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"[]", b"{}", b"null", b'{"count": 0, "hash": "0"}', b'{"count": true, "hash": "0"}', b"\xff" * 9],
)
def test_a_head_that_is_none_is_told_and_not_written_over(tx: Transaction, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "MyCA.journal"
    path.write_bytes(content)
    with pytest.raises(CannotRead):
        journal.read_head(path)
    with pytest.raises(CannotRead):
        journal.write_head(path, fill(tx, length=1)[0])
    assert path.read_bytes() == content
