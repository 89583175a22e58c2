"""What a running lab leaves for others to read: `<lab>/run/lab.json`, for its owner's eyes only, and a lock.

`pkilab dashboards` does the same as `dashboards.json`: each function takes which of the two is meant.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pkilab.errors import CannotWrite
from pkilab.model.record import record
from pkilab.model.running import Part, PartState, Running

FOLDER = "run"
LAB = "lab"
"""What `pkilab lab` runs. Whoever holds it runs the lab's web service and mail."""
DASHBOARDS = "dashboards"
"""What `pkilab dashboards` runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A running lab, and what only its owner may know.

    `urls` are the addresses that open parts, by their names, token and all; `mark` is what its processes bear;
    `sockets` is the folder of Jupyter's sockets and connection files, to be removed.
    """

    running: Running
    urls: Mapping[str, str] = field(repr=False)
    mark: str = field(repr=False)
    sockets: Path

    @property
    def browser_url(self) -> str:
        """Return the address that opens JupyterLab."""
        return self.urls.get("jupyterlab", "")


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
def held(lab: Path, what: str = LAB, *, wait: float = 0) -> Iterator[bool]:
    """Hold the lab for a block; gives False where another process does, for `wait` seconds or more.

    The system takes it back from the dead.

    Raises:
        CannotWrite: the lock file cannot be made.
    """
    lock = FileLock(folder(lab) / f".{what}.lock", mode=0o600, thread_local=False)
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


def write(kept: Kept, what: str = LAB) -> None:
    """Write the state in place of what was there.

    Raises:
        CannotWrite: the system refused.
    """
    text = json.dumps(
        {
            "running": record(kept.running),
            "urls": dict(kept.urls),
            "mark": kept.mark,
            "sockets": str(kept.sockets),
        },
        indent=2,
    )
    private(_file(kept.running.lab, what), text)


def read(lab: Path, what: str = LAB) -> Kept | None:
    """Return the state as it was written last; None where there is none, or none that can be understood."""
    try:
        found = json.loads(_file(lab, what).read_text(encoding="utf-8"))
        return Kept(
            running=_running(found["running"]),
            urls={str(name): str(url) for name, url in found["urls"].items()},
            mark=str(found["mark"]),
            sockets=Path(found["sockets"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def drop(lab: Path, what: str = LAB) -> None:
    """Remove the state."""
    with contextlib.suppress(OSError):
        _file(lab, what).unlink(missing_ok=True)


def running(lab: Path, what: str = LAB) -> Kept | None:
    """Return the state of a lab that runs; None where it does not, also when it ended without a word."""
    kept = read(lab, what)
    if kept is None:
        return None
    with held(lab, what) as mine:
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


def _file(lab: Path, what: str) -> Path:
    return folder(lab) / f"{what}.json"


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
