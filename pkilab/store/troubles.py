"""What databases complain about, in words that a person can act on."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pkilab.errors import CannotWrite, PkilabError, RegistryError
from pkilab.store.reasons import reason

FIELD = "Registry"

_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL: "no space is left there",
    sqlite3.SQLITE_READONLY: "the place is read-only",
    sqlite3.SQLITE_IOERR: "the medium reports an error, or no space is left there",
    sqlite3.SQLITE_PERM: "you have no permission there",
}
_CANNOT_USE = {
    sqlite3.SQLITE_BUSY: "another program has been writing to it for a minute; try again",
    sqlite3.SQLITE_LOCKED: "another program has been writing to it for a minute; try again",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; see that the folder is there and that you may write to it",
    sqlite3.SQLITE_CORRUPT: "its file is damaged; put a backup in its place",
    sqlite3.SQLITE_NOTADB: "the file is no database; put a backup in its place, or name another file",
    sqlite3.SQLITE_AUTH: "you have no permission there",
}
_POSTGRESQL = {
    "25006": "the database is read-only",
    "42501": "this user may not do that in the database; grant it",
    "53100": "no space is left on the database server",
    "55P03": "another program has been writing to it for a minute; try again",
}


def told(error: SQLAlchemyError | sqlite3.Error | OSError | ValueError, where: str, path: Path | None) -> PkilabError:
    """Return the error that says what `error` is about; `path` is SQLite's file."""
    if isinstance(error, (OSError, ValueError)):
        return CannotWrite(FIELD, path or Path(where), reason(error))
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _told_by_sqlite(original, where, path)
    if isinstance(error, PoolTimeout):
        return RegistryError(where, "too many users at once; try again")
    if not isinstance(error, DBAPIError):
        return RegistryError(where, _first_line(error))
    state = getattr(original, "sqlstate", None)
    lost = f"there is no connection to the database ({_first_line(original or error)})"
    return RegistryError(where, _POSTGRESQL.get(state, _first_line(original or error)) if state else lost)


def is_write_refused(error: SQLAlchemyError) -> bool:
    """Tell whether the database refused to write because the transaction is for reading."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY
    return getattr(original, "sqlstate", None) == "25006"


def _told_by_sqlite(error: sqlite3.Error, where: str, path: Path | None) -> PkilabError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells which part of SQLite it was
    if code == sqlite3.SQLITE_CANTOPEN and path is not None and path.exists() and not os.access(path.parent, os.W_OK):
        code = sqlite3.SQLITE_READONLY  # SQLite could not make the files that it keeps beside its own
    if code in _CANNOT_WRITE and path is not None:
        return CannotWrite(FIELD, path, _CANNOT_WRITE[code])
    return RegistryError(where, _CANNOT_USE.get(code) or _first_line(error))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
