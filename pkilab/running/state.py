"""What a running lab leaves for others to read: `<lab>/run/lab.json`, for its owner's eyes only, and a lock."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pkilab.errors import CannotWrite
from pkilab.model.record import record
from pkilab.model.running import Part, PartState, Running

FOLDER = "run"
_FILE = "lab.json"
_LOCK = ".lab.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A running lab, and what only its owner may know.

    `browser_url` opens JupyterLab, token and all; `mark` is what its processes bear; `sockets` is the folder of
    JupyterLab's sockets and connection files, to be removed.
    """

    running: Running
    browser_url: str = field(repr=False)
    mark: str = field(repr=False)
    sockets: Path


def folder(lab: Path) -> Path:
    """Return where state, logs and locks of a running lab lie."""
    return lab / FOLDER


def prepare(lab: Path) -> Path:
    """Make that folder, and the lab's, for their owner alone.

    Raises:
        CannotWrite: the system refused.
    """
    lab.parent.mkdir(parents=True, exist_ok=True)
    private_folders(lab, folder(lab))
    return folder(lab)


def private_folders(*paths: Path) -> None:
    """Make folders for their owner alone, each of them in one that exists or was named before it.

    Raises:
        CannotWrite: the system refused.
    """
    for path in paths:
        with as_cannot_write(path):
            path.mkdir(mode=0o700, exist_ok=True)


@contextlib.contextmanager
def held(lab: Path, *, wait: float = 0) -> Iterator[bool]:
    """Hold the lab for a block; gives False where another process does, for `wait` seconds or more.

    The system takes it back from the dead.

    Raises:
        CannotWrite: the lock file cannot be made.
    """
    lock = FileLock(folder(lab) / _LOCK, mode=0o600, thread_local=False)
    with as_cannot_write(folder(lab)):
        try:
            lock.acquire(timeout=wait, poll_interval=0.02)
            mine = True
        except Timeout:  # an OSError too
            mine = False
    try:
        yield mine
    finally:
        if mine:
            lock.release()


def write(kept: Kept) -> None:
    """Write the state in place of what was there.

    Raises:
        CannotWrite: the system refused.
    """
    text = json.dumps(
        {
            "running": record(kept.running),
            "browser_url": kept.browser_url,
            "mark": kept.mark,
            "sockets": str(kept.sockets),
        },
        indent=2,
    )
    private(folder(kept.running.lab) / _FILE, text)


def read(lab: Path) -> Kept | None:
    """Return the state as it was written last; None where there is none, or none that can be understood."""
    try:
        found = json.loads((folder(lab) / _FILE).read_text(encoding="utf-8"))
        return Kept(
            running=_running(found["running"]),
            browser_url=str(found["browser_url"]),
            mark=str(found["mark"]),
            sockets=Path(found["sockets"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def drop(lab: Path) -> None:
    """Remove the state."""
    with contextlib.suppress(OSError):
        (folder(lab) / _FILE).unlink(missing_ok=True)


def running(lab: Path) -> Kept | None:
    """Return the state of a lab that runs; None where it does not, also when it ended without a word."""
    kept = read(lab)
    if kept is None:
        return None
    with held(lab) as mine:
        return None if mine else kept


def private(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all.

    Raises:
        CannotWrite: the system refused.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with as_cannot_write(path):
        try:
            temporary.unlink(missing_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def as_cannot_write(path: Path, label: str = "Lab") -> Iterator[None]:
    """Turn what the system refuses into `CannotWrite`; `label` says what for."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise CannotWrite(label, path, why) from error


def _running(found: dict[str, Any]) -> Running:
    return Running(
        lab=Path(found["lab"]),
        pid=int(found["pid"]),
        started_at=datetime.fromisoformat(found["started_at"]),
        notebooks=Path(found["notebooks"]),
        parts=tuple(
            Part(**{**part, "state": PartState(part["state"]), "log": Path(part["log"])}) for part in found["parts"]
        ),
    )
