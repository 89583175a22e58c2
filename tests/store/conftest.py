"""Registries in every kind of store."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.store.registry import Registry, Transaction, from_folder
from tests.disks import read_only, small_disk, unavailable
from tests.store.samples import DATABASE_PASSWORD, Records

__all__ = ["read_only", "small_disk"]

# ---------------------------------------------------------------- PostgreSQL


def _postgresql_programs() -> Path:
    """The folder of Debian's newest PostgreSQL, or that of what is on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    if program := shutil.which("initdb"):
        return Path(program).parent
    unavailable("PostgreSQL is not installed; `make tools` says how to get it")
    raise AssertionError


@pytest.fixture(scope="session")
def driver() -> None:
    """What speaks with PostgreSQL is installed."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        unavailable("psycopg is not installed; `make setup` installs it")


@pytest.fixture(scope="session")
def postgresql(driver: None) -> Iterator[str]:
    """The address of a PostgreSQL server of our own on loopback, without a database's name."""
    programs = _postgresql_programs()
    place = Path(tempfile.mkdtemp(prefix="pkilab-postgresql-"))
    # PostgreSQL refuses to run as root; Debian's package brings this user.
    user = "postgres" if os.geteuid() == 0 else None
    try:
        (place / "password").write_text(DATABASE_PASSWORD)
        if user:
            for path in (place, place / "password"):
                shutil.chown(path, user)
        initdb = [str(programs / "initdb"), "-D", str(place / "data"), "-U", "lab", "-A", "scram-sha-256", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--pwfile", str(place / "password"), "--no-sync", "--locale", "C.UTF-8"],
            user=user, cwd=place, check=True, capture_output=True,
        )  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        quick = ("fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}")
        command = [
            str(programs / "postgres"),
            "-D",
            str(place / "data"),
            *(word for each in quick for word in ("-c", each)),
        ]
        with (place / "log").open("wb") as log:
            server = subprocess.Popen(command, user=user, cwd=place, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            address = f"postgresql+psycopg://lab:{DATABASE_PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}"
            _wait_for(address, server, place / "log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(place)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    import psycopg

    for _ in range(300):
        if server.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(address.replace("+psycopg", "") + "/postgres").close()
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")


@pytest.fixture
def database(postgresql: str) -> Iterator[str]:
    """The address of an empty database."""
    import psycopg

    name = f"lab_{secrets.token_hex(4)}"
    with psycopg.connect(postgresql.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{postgresql}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# ---------------------------------------------------------------- registries


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a registry that is not there yet: one contract, every store."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('tmp_path') / 'lab' / 'registry.sqlite3'}"
    return str(request.getfixturevalue("database"))


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """An empty registry, in every store."""
    with contextlib.closing(Registry(url)) as made:
        yield made


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Registry]:
    """An empty registry in a folder of its own, in SQLite."""
    with contextlib.closing(from_folder(tmp_path / "lab")) as made:
        yield made


@pytest.fixture
def tx(registry: Registry) -> Iterator[Transaction]:
    """A writing transaction on an empty registry, in every store."""
    with registry.writing() as transaction:
        yield transaction


@pytest.fixture
def records(tx: Transaction) -> Records:
    """A CA server called MyCA in an empty registry, in every store."""
    return Records(tx)
