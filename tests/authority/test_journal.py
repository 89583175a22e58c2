"""The journal of a CA server, checked against the head beside its key (X6)."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from pkilab.errors import CannotRead
from pkilab.model.journal import Facts, JournalEntry
from pkilab.store import journal
from pkilab.store.registry import Transaction
from pkilab.store.schema import JOURNAL
from tests.scene import NOON, Scene
from tests.store.test_journal import LENGTH, Tamper, change, cut_off, insert_one, remove, rewrite, swap


def test_a_whole_journal_is_proven_whole(configured: Scene) -> None:
    configured.issue(configured.submit())
    verdict = configured.ca.verify_journal()
    assert (verdict.entries, verdict.problems, verdict.unproven) == (3, (), ())
    assert "none was changed" in str(verdict)


def test_a_changed_and_a_cut_off_row_are_found(configured: Scene) -> None:
    configured.issue(configured.submit())
    with configured.lab.registry.writing() as tx:
        tx.connection.execute(update(JOURNAL).where(JOURNAL.c.sequence == 2).values(done_by="nobody"))
    assert any("Entry 2 was changed" in problem for problem in configured.ca.verify_journal().problems)
    with configured.lab.registry.writing() as tx:
        tx.connection.execute(delete(JOURNAL).where(JOURNAL.c.sequence > 1))
    assert configured.ca.verify_journal().problems


@pytest.mark.parametrize("tamper", [change, swap, remove, insert_one, cut_off, rewrite])
def test_100_tamperings_of_each_kind_are_found_by_who_asks_whether_the_journal_is_whole(
    configured: Scene, tamper: Tamper
) -> None:
    with configured.lab.registry.writing() as tx:
        last = fill_up(tx)
        rows = [dict(row) for row in tx.connection.execute(select(JOURNAL)).mappings()]
    head = configured.directory / "MyCA.journal"
    journal.write_head(head, last)
    assert configured.ca.verify_journal().problems == ()
    for seed in range(100):
        with configured.lab.registry.writing() as tx:
            tamper(tx, random.Random(seed))
        found = configured.ca.verify_journal()
        assert found.problems, f"seed {seed}"
        assert found.problems[0] in str(found)
        with configured.lab.registry.writing() as tx:
            tx.connection.execute(delete(JOURNAL))
            tx.connection.execute(insert(JOURNAL), rows)
    assert configured.ca.verify_journal().problems == ()


def fill_up(tx: Transaction) -> JournalEntry:
    """Append entries until there are as many as the tamperings reckon with, and return the last."""
    while (last := journal.head(tx, "MyCA")) is None or last.sequence < LENGTH:
        number = last.sequence + 1 if last else 1
        facts: Facts = {"number": number, "subject": f"CN = Zoë {number}"}
        journal.append(tx, "MyCA", at=NOON + timedelta(seconds=number), by="opal", act="issued", facts=facts)
    return last


def test_without_the_medium_it_says_what_it_cannot_prove(configured: Scene) -> None:
    configured.directory.rename(configured.path / "medium")
    request = configured.submit()
    configured.ca.delete(request.id, confirmed=True)
    assert configured.ca.verify_journal().unproven
    (configured.path / "medium").rename(configured.directory)
    verdict = configured.ca.verify_journal()
    assert verdict.problems == ()
    assert any("newer than the head" in sentence for sentence in verdict.unproven)


def test_a_head_that_is_none_is_said(configured: Scene) -> None:
    (configured.directory / "MyCA.journal").write_text("nonsense")
    with pytest.raises(CannotRead, match="head of a journal"):
        configured.ca.verify_journal()


def test_a_head_that_cannot_be_kept_stops_no_act(configured: Scene) -> None:
    (configured.directory / "MyCA.journal").write_text("nonsense")
    assert configured.issue(configured.submit()).number == 1
    assert (configured.directory / "MyCA.journal").read_text() == "nonsense"


def test_the_head_of_another_lab_is_kept_aside(configured: Scene, tmp_path: Path) -> None:
    for at in range(3):
        configured.issue(configured.submit(f"Host{at}"))
    foreign = (configured.directory / "MyCA.journal").read_bytes()
    other = Scene(tmp_path / "another lab")
    taken = {"password": None, "subject": None, "ca_days": None, "key_algorithm": None}
    done = other.configure(directory=configured.directory, **taken)
    assert (configured.directory / "MyCA.journal.old").read_bytes() == foreign
    assert configured.directory / "MyCA.journal.old" in done.set_aside
    verdict = other.ca.verify_journal()
    assert (verdict.problems, verdict.unproven) == ((), ())
    other.lab.registry.close()


def test_the_head_of_the_same_journal_stays_when_the_ca_is_configured_anew(configured: Scene) -> None:
    configured.ca.reinitialize(confirmed=True)
    taken = {"password": None, "subject": None, "ca_days": None, "key_algorithm": None}
    assert configured.configure(**taken).set_aside == ()
    assert configured.ca.verify_journal().problems == ()
