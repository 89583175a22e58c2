"""Database engines: one for each registry and process, set up so that writers take turns and readers never wait."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from pkilab.errors import RegistryError
from pkilab.store import files, migrations
from pkilab.store.schema import HEAD, METADATA
from pkilab.store.serial import locked_beside
from pkilab.store.troubles import FIELD

BUSY_TIMEOUT = 60
"""Seconds that a writer waits for its turn."""
_POSTGRESQL_LOCK = int.from_bytes(b"pkilab", "big")
_WRITES = "pkilab_writes"


class Store:
    """An engine whose database is there and of the newest schema, and the lock by which threads take turns writing."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.path = Path(self.url.database).absolute() if self.url.database and self.is_sqlite else None
        self.where = str(self.path or self.url.render_as_string(hide_password=True))
        self.users = 0
        self.writer = threading.Lock()
        self._ready = threading.RLock()
        self._engine: Engine | None = None

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the registry is a file of ours."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def missing(self) -> bool:
        """Tell whether there is no file of SQLite's yet, which reading does not make."""
        return self.path is not None and self._engine is None and not self.path.exists()

    def connect(self, *, writes: bool) -> Connection:
        """Return a connection on which a transaction of the wanted kind begins with the first statement.

        Whoever reads where there is no file yet reads an empty registry, and nothing is made.
        """
        if not writes and self.missing:
            return _empty().execution_options(**{_WRITES: False})
        connection = self._opened().connect()
        if self.is_sqlite:
            return connection.execution_options(**{_WRITES: writes})
        level = "READ COMMITTED" if writes else "REPEATABLE READ"
        return connection.execution_options(**{_WRITES: writes}, isolation_level=level, postgresql_readonly=not writes)

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        with self._ready:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _opened(self) -> Engine:
        with self._ready:
            if self._engine is None:
                engine = self._make()
                with ExitStack() as on_failure:
                    on_failure.callback(engine.dispose)
                    self._bring_up_to_date(engine)
                    on_failure.pop_all()
                self._engine = engine
            return self._engine

    def _make(self) -> Engine:
        if self.path is None:
            engine = create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=64)
            event.listen(engine, "begin", _begin_postgresql)
            return engine
        _make_file(self.path)
        arguments = {"timeout": BUSY_TIMEOUT, "check_same_thread": False, "isolation_level": None}
        engine = create_engine(
            self.url.set(database=str(self.path)), connect_args=arguments, pool_size=8, max_overflow=64
        )
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _bring_up_to_date(self, engine: Engine) -> None:
        with engine.connect().execution_options(**{_WRITES: False}) as connection:
            if self._version(connection) == HEAD and (self.path is None or _is_wal(connection)):
                return
        if self.path is None:
            self._migrate(engine)
            return
        with locked_beside(self.path, field=FIELD):
            _switch_to_wal(engine)
            self._migrate(engine)

    def _migrate(self, engine: Engine) -> None:
        """Bring the schema up to date in one transaction: seen by others whole or not at all."""
        with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            if self._version(connection) != HEAD:
                migrations.upgrade(connection)

    def _version(self, connection: Connection) -> str:
        """Return the schema's version, "" if there is none yet.

        Raises:
            RegistryError: it is newer than what we know.
        """
        if not inspect(connection).has_table("alembic_version"):
            return ""
        version = connection.scalar(select(text("version_num")).select_from(text("alembic_version")))
        if version is not None and str(version) > HEAD:
            raise RegistryError(
                self.where, f"it is of a newer pkilab (schema {version}, this one knows {HEAD}); update pkilab"
            )
        return str(version or "")


_stores: dict[str, Store] = {}
# Reentrant: garbage collection may release a store while this thread holds the lock.
_stores_lock = threading.RLock()


def shared(url: str) -> Store:
    """Return the one store of this process for `url`; `release` it when done.

    Raises:
        RegistryError: the address names no SQLite file and no PostgreSQL database.
    """
    fresh = Store(url)
    name = str(fresh.path or fresh.url.render_as_string(hide_password=False))
    with _stores_lock:
        store = _stores.setdefault(name, fresh)
        store.users += 1
        return store


def release(store: Store) -> None:
    """Say that `store` is no longer used here; the last one closes it."""
    with _stores_lock:
        store.users -= 1
        if store.users > 0:
            return
        for name in [name for name, known in _stores.items() if known is store]:
            del _stores[name]
    store.close()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise RegistryError(
            "", "its address is no database URL; give sqlite:////path or postgresql+psycopg://…"
        ) from None
    where = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise RegistryError(where, "only SQLite and PostgreSQL can hold it")
    if parsed.get_backend_name() == "sqlite" and (not parsed.database or parsed.database == ":memory:"):
        raise RegistryError(where, "a registry in memory cannot be shared; name a file")
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def _empty() -> Connection:
    """Return a connection to a registry in memory that holds nothing, and is gone when it is closed."""
    engine = create_engine("sqlite://", poolclass=NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", _begin_sqlite)
    connection = engine.connect().execution_options(**{_WRITES: True})
    with connection.begin():
        METADATA.create_all(connection)
    return connection


def _make_file(path: Path) -> None:
    """Make an empty file for its owner alone; what SQLite lays beside it takes over the mode."""
    if path.exists():
        return
    made = files.make_folders(path.parent)
    try:
        path.touch(mode=files.PRIVATE)
        files.fsync_folder(path.parent)
    except OSError:
        for folder in reversed(made):
            folder.rmdir()
        raise


def _connect_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("foreign_keys = ON", "synchronous = FULL", f"busy_timeout = {BUSY_TIMEOUT * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """Writers take turns as they do on SQLite, so that what was read is still so when it is written."""
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")


def _is_wal(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def _switch_to_wal(engine: Engine) -> None:
    """Switch to WAL; this cannot be done within a transaction, and the file remembers it."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
