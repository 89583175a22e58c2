"""The registry: what a lab's CA servers know, in SQLite or PostgreSQL, one transaction at a time."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from pkilab.errors import PkilabError, RegistryError
from pkilab.store.engines import BUSY_TIMEOUT, release, shared
from pkilab.store.nearby import is_lab, no_lab
from pkilab.store.transaction import Transaction
from pkilab.store.troubles import is_write_refused, told

FILE = "registry.sqlite3"

_SETTLED = 100_000_000
"""Nanoseconds after which no further write can bear the same time."""

__all__ = ["FILE", "Registry", "Transaction", "from_folder"]


class Registry:
    """The registry at a database URL, such as `sqlite:////lab/registry.sqlite3` or `postgresql+psycopg://…`.

    Nothing is opened until it is used; the first use brings the tables of an earlier version up to date. A file is made
    by the first who writes; who reads before that finds an empty registry. It may be used by any number of threads and
    processes at once. All registries of one URL in a process share their connections.

    Raises:
        RegistryError: the URL names no SQLite file and no PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        self._store = shared(url)
        # Also when nobody calls `close`: at the latest when Python ends.
        self._release = weakref.finalize(self, release, self._store)
        self._mine = threading.local()

    def __repr__(self) -> str:
        """Return the registry's place, without a password."""
        return f"Registry({self.where!r})"

    @property
    def where(self) -> str:
        """Return the file's path, or the database's address without its password."""
        return self._store.where

    @property
    def missing(self) -> bool:
        """Tell whether there is no file of SQLite's yet: whoever writes first makes it."""
        return self._store.missing

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that sees the registry as it is now, all through, and writes nothing; it never waits.

        What the block raises where there is no file yet tells so, and which labs lie near.

        Raises:
            RegistryError, CannotWrite: the database cannot be used; the sentence says why.
            RuntimeError: the block tried to write.
        """
        missing = self._store.missing
        try:
            with self._transaction(writes=False) as transaction:
                yield transaction
        except PkilabError as error:
            if missing and self._store.path is not None and not is_lab(self._store.path.parent):
                error.add_note(no_lab(self._store.path.parent))
            raise

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction that alone may write; it is durable when the block ends, and undone if that raises.

        Raises:
            RegistryError, CannotWrite: the database cannot be used, or another held it for a minute.
            RuntimeError: this thread is writing already.
        """
        if getattr(self._mine, "writing", False):
            raise RuntimeError("this thread has a writing transaction open already; hand that one on")
        if not self._store.writer.acquire(timeout=BUSY_TIMEOUT):
            raise RegistryError(self.where, "another thread has been writing to it for a minute; try again")
        self._mine.writing = True
        try:
            with self._transaction(writes=True) as transaction:
                yield transaction
        finally:
            self._mine.writing = False
            self._store.writer.release()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Transaction]:
        if not self._release.alive:
            raise RegistryError(self.where, "it was closed")
        store = self._store
        try:
            connection = store.connect(writes=writes)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise told(error, store.where, store.path) from error
        try:
            with connection, connection.begin() as running:
                yield Transaction(connection)
                if not writes:
                    running.rollback()
        except SQLAlchemyError as error:
            if not writes and is_write_refused(error):
                raise RuntimeError("a reading transaction cannot write; use Registry.writing") from error
            raise told(error, store.where, store.path) from error

    def revision(self) -> object | None:
        """Return something that differs once anybody has written since; None where that cannot be told so cheaply.

        It looks at the times and sizes of SQLite's files. Systems count these times in steps of milliseconds, so what
        was written just now is not told yet: a write in the same step would not show.
        """
        if self._store.path is None:
            return None
        newest = 0
        seen: list[tuple[int, int, int] | None] = []
        name = os.fspath(self._store.path)
        for each in (name, f"{name}-wal"):
            try:
                about = os.stat(each)  # noqa: PTH116 - asked for each of many questions, and twice as quick
            except OSError:
                seen.append(None)
                continue
            newest = max(newest, about.st_mtime_ns)
            seen.append((about.st_mtime_ns, about.st_size, about.st_ino))
        return None if time.time_ns() - newest < _SETTLED else tuple(seen)

    def close(self) -> None:
        """Close it; the last one of its URL in this process closes the connections."""
        self._release()


def from_folder(lab: Path) -> Registry:
    """Return the registry of the lab in the folder `lab`, in SQLite, readable by its owner alone."""
    return Registry(URL.create("sqlite", database=str(lab.absolute() / FILE)).render_as_string(hide_password=False))
