"""The registry: many processes at once, consistent snapshots, crashes, and disks that refuse."""

import contextlib
import gc
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from pkilab.errors import CannotWrite, NotConfigured, PkilabError, RegistryError
from pkilab.store import authorities, engines, journal
from pkilab.store import registry as registries
from pkilab.store.registry import Registry, Transaction, from_folder
from pkilab.store.schema import JOURNAL
from tests.store.samples import DATABASE_PASSWORD, NOON, Records, authority, fill_up, tree

PROCESSES = 8

# Waits for the starting signal, then appends to the journal (a read, then a write), each in a transaction.
WORKER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from pkilab.store import journal
from pkilab.store.registry import Registry

url, go, times = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
registry = Registry(url)
for number in range(times):
    with registry.writing() as tx:
        journal.append(tx, "MyCA", at=datetime.now(UTC), by="worker", act="counted", facts={"n": number})
registry.close()
"""


def run_workers(url: str, go: Path, times: int) -> None:
    command = [sys.executable, "-c", WORKER, url, str(go), str(times)]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    go.touch()
    for worker in workers:
        _, errors = worker.communicate(timeout=200)
        assert (worker.returncode, errors) == (0, "")


def append(tx: Transaction, ca: str = "MyCA") -> None:
    journal.append(tx, ca, at=NOON, by="opal", act="counted", facts={})


def count(registry: Registry) -> int:
    with registry.reading() as tx:
        return tx.connection.scalar(select(func.count()).select_from(JOURNAL)) or 0


# ---------------------------------------------------------------- several at once


def test_eight_processes_may_make_the_registry_at_once(url: str, registry: Registry, tmp_path: Path) -> None:
    run_workers(url, tmp_path / "go", 1)
    assert count(registry) == PROCESSES


def test_eight_processes_write_at_once_and_none_is_turned_away(url: str, registry: Registry, tmp_path: Path) -> None:
    run_workers(url, tmp_path / "go", 50)
    with registry.reading() as tx:
        entries = journal.entries(tx, "MyCA")
    assert len(entries) == PROCESSES * 50
    assert journal.verify(entries) == ()


def test_threads_take_turns(registry: Registry) -> None:
    def work() -> None:
        for _ in range(10):
            with registry.writing() as tx:
                append(tx)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with registry.reading() as tx:
        assert journal.verify(journal.entries(tx, "MyCA")) == ()
    assert count(registry) == 80


def test_a_reader_neither_waits_for_a_writer_nor_sees_half(url: str, registry: Registry) -> None:
    with registry.writing() as tx:
        append(tx)
    with contextlib.closing(Registry(url)) as other, registry.writing() as tx:
        append(tx)
        started = time.monotonic()
        assert count(other) == 1
        assert count(registry) == 1
        assert time.monotonic() - started < 5
    assert count(registry) == 2


def test_a_reader_sees_one_moment_all_through(registry: Registry) -> None:
    query = select(func.count()).select_from(JOURNAL)
    with registry.reading() as reading:
        assert reading.connection.scalar(query) == 0

        def write() -> None:
            with registry.writing() as tx:
                append(tx)

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert reading.connection.scalar(query) == 0
        assert journal.head(reading, "MyCA") is None
    assert count(registry) == 1


def test_a_writer_sees_what_was_written_before_its_turn(registry: Registry) -> None:
    """Read, then write: what the transaction read is still so when it writes."""
    with registry.writing() as tx:
        append(tx)
    with registry.writing() as tx:
        assert len(journal.entries(tx, "MyCA")) == 1


# ---------------------------------------------------------------- whole or not at all


def test_what_raises_is_undone(registry: Registry) -> None:
    def act(tx: Transaction) -> None:
        authorities.add(tx, authority())
        append(tx)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), registry.writing() as tx:
        act(tx)
    with registry.reading() as tx:
        assert authorities.get(tx, "MyCA") is None
    assert count(registry) == 0


def test_a_typed_error_comes_through_as_it_is(registry: Registry) -> None:
    with pytest.raises(NotConfigured), registry.writing() as tx:
        authorities.set_main(tx, "Nobody")


def test_a_process_that_is_killed_leaves_nothing_half_done(url: str, registry: Registry, tmp_path: Path) -> None:
    with registry.writing() as tx:
        append(tx)
    dies = WORKER.replace("registry.close()", "").replace(
        "    with registry.writing() as tx:",
        "    with registry.writing() as tx:\n        import os, signal",
    )
    dies = dies.rstrip() + '\n        print("written", flush=True); time.sleep(100)\n'
    (tmp_path / "go").touch()
    command = [sys.executable, "-c", dies, url, str(tmp_path / "go"), "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "written\n"]
        process.send_signal(signal.SIGKILL)
    with registry.writing() as tx:
        append(tx)
    assert count(registry) == 2


def test_a_reading_transaction_cannot_write(registry: Registry) -> None:
    with pytest.raises(RuntimeError, match=r"use Registry\.writing"), registry.reading() as tx:
        append(tx)
    with registry.writing() as tx:
        append(tx)
    assert count(registry) == 1


def test_writing_inside_writing_fails_at_once(registry: Registry) -> None:
    with registry.writing() as tx:
        append(tx)
        with pytest.raises(RuntimeError, match="hand that one on"), registry.writing():
            pass
    assert count(registry) == 1


# ---------------------------------------------------------------- one for all


def test_registries_of_one_url_share_their_connections_until_the_last_is_closed(url: str) -> None:
    one, other = Registry(url), Registry(url)
    assert one._store is other._store
    with one.writing() as tx:
        append(tx)
    one.close()
    one.close()
    assert count(other) == 1
    with pytest.raises(RegistryError, match="it was closed"):
        count(one)
    other.close()
    with contextlib.closing(Registry(url)) as again:
        assert again._store is not other._store
        assert count(again) == 1


def test_a_registry_that_nobody_closed_is_closed_when_it_is_forgotten(tmp_path: Path) -> None:
    registry = from_folder(tmp_path)
    store = registry._store
    with registry.writing() as tx:
        append(tx)
    assert store._engine is not None
    del registry
    gc.collect()
    assert store._engine is None


def test_a_relative_and_an_absolute_path_are_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.closing(Registry("sqlite:///x/r.sqlite3")) as one:
        with contextlib.closing(Registry(f"sqlite:///{tmp_path}/x/r.sqlite3")) as other:
            assert one._store is other._store
        monkeypatch.chdir("/")
        with one.writing() as tx:
            append(tx)
    assert (tmp_path / "x" / "r.sqlite3").exists()


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    from_folder(tmp_path / "lab").close()
    assert tree(tmp_path) == {}


def test_reading_makes_nothing_and_finds_what_another_makes_later(tmp_path: Path) -> None:
    with contextlib.closing(from_folder(tmp_path / "lab")) as registry:
        assert count(registry) == 0
        with registry.reading() as tx:
            assert authorities.all(tx) == ()
        with pytest.raises(RuntimeError, match="cannot write"), registry.reading() as tx:
            append(tx)
        assert tree(tmp_path) == {}
        with contextlib.closing(Registry(f"sqlite:///{tmp_path}/lab/registry.sqlite3")) as other, other.writing() as tx:
            append(tx)
        assert count(registry) == 1


def test_many_read_at_once_where_nothing_is_there_yet(tmp_path: Path) -> None:
    with contextlib.closing(from_folder(tmp_path / "lab")) as registry, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: count(registry), range(32))) == {0}
    assert tree(tmp_path) == {}


# ---------------------------------------------------------------- SQLite's file


def test_the_files_are_their_owners_alone(lab: Registry, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with lab.writing() as tx:
            append(tx)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "lab").iterdir()}
    finally:
        os.umask(before)
    assert set(modes) >= {"registry.sqlite3", "registry.sqlite3-wal", "registry.sqlite3-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "lab").stat().st_mode) == 0o700


def test_what_is_committed_is_on_the_disk(lab: Registry) -> None:
    with lab.writing() as tx:
        pragmas = {
            name: tx.connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


def test_a_folder_with_any_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "Zoë's lab #1 100% ?x=y&z"
    with contextlib.closing(from_folder(folder)) as registry, registry.writing() as tx:
        append(tx)
    assert (folder / "registry.sqlite3").exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_registry_that_was_copied_without_wal_is_switched_back(tmp_path: Path) -> None:
    with contextlib.closing(from_folder(tmp_path)) as registry, registry.writing() as tx:
        append(tx)
    with contextlib.closing(sqlite3.connect(tmp_path / "registry.sqlite3")) as raw:
        assert raw.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    with contextlib.closing(from_folder(tmp_path)) as registry, registry.reading() as tx:
        assert tx.connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert journal.head(tx, "MyCA")


def test_a_full_disk_is_told_and_what_was_there_stays(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("2m")
    with contextlib.closing(from_folder(disk)) as registry:
        with registry.writing() as tx:
            Records(tx)
        ballast = fill_up(disk)

        def write_on() -> None:
            for _ in range(100):
                with registry.writing() as tx:
                    journal.append(tx, "MyCA", at=NOON, by="x", act="y", facts={"much": "x" * 50_000})

        with pytest.raises(CannotWrite, match="no space is left there") as refused:
            write_on()
        assert refused.value.path == disk / "registry.sqlite3"
        ballast.unlink()
        kept = count(registry)
        with registry.writing() as tx:
            append(tx)
            assert authorities.get(tx, "MyCA") == authority()
        assert count(registry) == kept + 1


def test_a_registry_with_no_room_to_begin_is_told_and_can_begin_later(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("1m")
    ballast = fill_up(disk)
    refused = pytest.raises(CannotWrite, match="no space is left there")
    with contextlib.closing(from_folder(disk / "lab")) as registry:
        with refused, registry.writing() as tx:
            append(tx)
        ballast.unlink()
        with registry.writing() as tx:
            append(tx)
        assert count(registry) == 1


def test_a_read_only_lab_is_told(tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    with contextlib.closing(from_folder(tmp_path / "lab")) as registry, registry.writing() as tx:
        append(tx)
    place = read_only(tmp_path / "lab")
    for folder in (place, place / "new"):
        refused = pytest.raises(CannotWrite, match="the place is read-only")
        with contextlib.closing(from_folder(folder)) as registry, refused, registry.writing() as tx:
            append(tx)
    with contextlib.closing(from_folder(tmp_path / "lab")) as registry:
        assert count(registry) == 1


def test_a_file_that_is_no_registry_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "registry.sqlite3").write_bytes(b"This is a letter to my aunt. " * 100)
    before = tree(tmp_path)
    with (
        contextlib.closing(from_folder(tmp_path)) as registry,
        pytest.raises(RegistryError, match="the file is no database"),
    ):
        count(registry)
    assert tree(tmp_path) == before


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    with contextlib.closing(from_folder(tmp_path)) as registry, registry.writing() as tx:
        for _ in range(50):
            append(tx)
    path = tmp_path / "registry.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with contextlib.closing(from_folder(tmp_path)) as registry, pytest.raises(RegistryError, match="damaged"):
        count(registry)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "registry.sqlite3").mkdir()
    with contextlib.closing(from_folder(tmp_path)) as registry, pytest.raises(PkilabError):
        count(registry)


def test_who_waits_too_long_for_the_turn_is_told(lab: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registries, "BUSY_TIMEOUT", 0.05)
    told: list[str] = []

    def write() -> None:
        try:
            with lab.writing():
                pass
        except RegistryError as error:
            told.append(str(error))

    with lab.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(told) == 1
    assert "another thread has been writing to it for a minute; try again" in told[0]


def test_another_program_that_holds_the_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT", 0)
    with contextlib.closing(from_folder(tmp_path)) as registry:
        with registry.writing():
            pass
        with contextlib.closing(sqlite3.connect(tmp_path / "registry.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RegistryError, match="another program has been writing"), registry.writing() as tx:
                append(tx)
            assert count(registry) == 0


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nonsense", "no database URL"),
        ("", "no database URL"),
        ("mysql://lab@localhost/lab", "only SQLite and PostgreSQL"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_an_address_that_cannot_be_is_told(address: str, why: str) -> None:
    with pytest.raises(RegistryError, match=why):
        Registry(address)


def test_a_short_address_of_postgresql_will_do(database: str) -> None:
    with contextlib.closing(Registry(database.replace("+psycopg", ""))) as registry:
        assert count(registry) == 0


def test_no_password_of_a_database_is_shown(database: str) -> None:
    wrong = database.replace("horse", "cow")
    refused = pytest.raises(RegistryError, match="password authentication failed")
    with contextlib.closing(Registry(wrong)) as registry, refused as told:
        count(registry)
    shown = f"{registry!r} {registry.where} {told.value} {told.value!r} {told.value.facts()}"
    assert "***" in shown
    assert "correct" not in shown
    assert DATABASE_PASSWORD.startswith("correct")


def test_a_database_that_is_not_there_is_told(postgresql: str) -> None:
    with (
        contextlib.closing(Registry(f"{postgresql}/nothing")) as registry,
        pytest.raises(RegistryError, match="does not exist"),
    ):
        count(registry)


@pytest.mark.usefixtures("driver")
def test_a_server_that_does_not_answer_is_told() -> None:
    with (
        contextlib.closing(Registry("postgresql+psycopg://lab:secret@127.0.0.1:1/lab")) as registry,
        pytest.raises(RegistryError, match="no connection to the database") as refused,
    ):
        count(registry)
    assert "secret" not in str(refused.value)


def test_a_connection_that_the_server_dropped_is_replaced(database: str) -> None:
    with contextlib.closing(Registry(database + "?application_name=first")) as registry:
        assert count(registry) == 0
        with contextlib.closing(Registry(database)) as other, other.writing() as tx:
            tx.connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'first'")
            )
        assert count(registry) == 0


def test_a_revision_differs_once_anybody_has_written(lab: Registry, tmp_path: Path) -> None:
    with lab.writing() as tx:
        authorities.add(tx, authority())
    assert lab.revision() is None  # a further write could bear the same time
    time.sleep(0.15)
    before = lab.revision()
    assert before is not None
    with lab.reading() as tx:
        assert authorities.get(tx, "MyCA")
    assert lab.revision() == before
    with contextlib.closing(from_folder(tmp_path / "lab")) as other, other.writing() as tx:
        authorities.set_main(tx, "MyCA")
    assert lab.revision() != before
    time.sleep(0.15)
    assert lab.revision() not in {None, before}


def test_a_database_elsewhere_tells_no_revision() -> None:
    with contextlib.closing(Registry("postgresql+psycopg://nobody@127.0.0.1:1/none")) as registry:
        assert registry.revision() is None
