"""Turns: who of several programs of a lab may do something now. The system takes a turn back from whoever dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pkilab.errors import CannotWrite


class Turn:
    """A turn that is kept by a lock on the file at `path`, between processes and threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Each object is its own holder, whichever thread takes and gives.
        self._lock = FileLock(path, mode=0o600, thread_local=False)

    @property
    def taken(self) -> bool:
        """Tell whether this object has the turn."""
        return self._lock.is_locked

    def take(self, *, wait: float = 0) -> bool:
        """Take the turn, waiting for it at most `wait` seconds, and tell whether it is ours.

        Raises:
            CannotWrite: the lock file cannot be made.
        """
        if self.taken:
            return True
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire(timeout=wait, poll_interval=0.02)
        except Timeout:
            return False
        except (OSError, ValueError, NotImplementedError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise CannotWrite("Lab", self._path, why) from error
        return True

    def give(self) -> None:
        """Give the turn back, if it is ours."""
        if self.taken:
            self._lock.release()

    @contextmanager
    def taken_for(self, *, wait: float = 0) -> Iterator[bool]:
        """Take the turn for a block; gives whether it is ours.

        Raises:
            CannotWrite: the lock file cannot be made.
        """
        mine = self.take(wait=wait)
        try:
            yield mine
        finally:
            if mine:
                self.give()


def round_turn(run: Path) -> Turn:
    """Return the turn of whoever sends at this moment, of the lab whose state of running lies in `run`."""
    return Turn(run / ".mail-round.lock")


def service_turn(run: Path) -> Turn:
    """Return the turn of the service that sends as long as it runs."""
    return Turn(run / ".mail-service.lock")


def inbox_turn(run: Path) -> Turn:
    """Return the turn of the service that has the lab's own inbox."""
    return Turn(run / ".inbox.lock")
