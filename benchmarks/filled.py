"""Labs with many certificates. They are written to the registry by SQL, as nobody wants to wait for a million of them.

Every row is as pkilab writes it, but the certificates in them repeat some that were issued really.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import labs
from pkilab.store.registry import FILE

PER_HOST = 20
"""Certificates of each host, however many there are in all; they lie scattered over the order of issue."""
_REAL = 20
_HOST = "'host' || (n % :hosts)"
_COLUMNS = {
    "authority_id": "t.authority_id",
    "number": "printf('%040X', n)",
    "counted": "t.counted",
    "request_id": "NULL",
    "host": _HOST,
    "instance": "'H' || (n % :hosts)",
    "root": "'Root' || n",
    "host_key": _HOST,
    "instance_key": "'h' || (n % :hosts)",
    "subject": "t.subject",
    "search": f"n || char(10) || printf('%x', n) || char(10) || {_HOST} || char(10) || t.search",
    "usage": "t.usage",
    "sha1": "lower(hex(randomblob(20)))",
    "sha256": "lower(hex(randomblob(32)))",
    "key_sha256": "lower(hex(randomblob(32)))",
    "not_before": "t.not_before",
    "not_after": "t.not_after",
    "issued_at": "t.issued_at",
    "issued_by": "t.issued_by",
    "shortened": "t.shortened",
    "renews": "NULL",
    "der": "t.der",
}


def lab_with(shared: Path, count: int) -> Path:
    """Return a lab with so many certificates, a multiple of `PER_HOST`; it is made once in the folder `shared`."""
    folder = shared / f"certificates-{count}"
    if folder.exists():
        return folder
    bench = labs.lab_with_ca(folder)
    if count:
        ids = labs.verified(bench, labs.submissions(labs.signing_requests(_REAL)))
        bench.ca.issue_many(ids, password=labs.PASSWORD)
    bench.close()
    if count:
        _fill(folder / FILE, count)
    return folder


def _fill(registry: Path, count: int) -> None:
    with closing(sqlite3.connect(registry, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'certificates' AND sql NOTNULL"
        ).fetchall()
        connection.execute("CREATE TEMP TABLE real AS SELECT * FROM certificates")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM certificates")  # so that every host has as many
        for name, _ in indexes:  # written anew at the end, which is much faster
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute(
            f"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
            INSERT INTO certificates ({", ".join(_COLUMNS)})
            SELECT {", ".join(_COLUMNS.values())}
            FROM numbers JOIN real AS t ON t.id = 1 + n % :real
            """,  # noqa: S608 - all of it stands above
            {"real": _REAL, "count": count, "hosts": count // PER_HOST},
        )
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("UPDATE authorities SET issued = ?", (count,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
