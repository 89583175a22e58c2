"""The serial file: the last number that a CA used, in the format of `openssl x509 -req -CAserial` (S7)."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from pkilab.errors import CannotRead, CannotWrite, SerialExhausted, SerialFileBroken, SerialFileMissing
from pkilab.model.certificate import MAX_SERIAL
from pkilab.store import files
from pkilab.store.reasons import reason

FIELD = "Serial file"
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that holds the lock."""

_HEX = re.compile(rb"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class SerialFile:
    """The serial file at `path`. `openssl` and pkilab can take turns on it (not at once: `openssl` takes no lock)."""

    path: Path

    def exists(self) -> bool:
        """Tell whether there is anything under this name, even a dangling link.

        Raises:
            CannotRead: the folder does not let us look.
        """
        try:
            self.path.lstat()
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            raise CannotRead(self.path, reason(error)) from error
        return True

    def last(self) -> int:
        """Return the number used last; 0 when none was.

        Raises:
            SerialFileMissing: there is no such file.
            SerialFileBroken: it holds anything but an even number of hex digits, at most 20 octets.
            CannotRead: the system refused.
        """
        data = files.read_optional(self.path)
        if data is None:
            raise SerialFileMissing(self.path)
        digits = data.strip()
        if not digits:
            raise SerialFileBroken(self.path, "it is empty")
        if not _HEX.fullmatch(digits):
            raise SerialFileBroken(self.path, "it holds something else than hex digits")
        if len(digits) % 2:
            raise SerialFileBroken(self.path, "it has an odd number of hex digits, so one may be lost")
        number = int(digits, 16)
        if number > MAX_SERIAL:
            raise SerialFileBroken(self.path, "its number is longer than 20 octets (RFC 5280 §4.1.2.2)")
        return number

    @staticmethod
    def content(last: int) -> bytes:
        """Return what the file holds when `last` is the number used last: upper-case hex, even, and a newline."""
        digits = f"{last:X}"
        return f"{'0' * (len(digits) % 2)}{digits}\n".encode("ascii")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes and threads of pkilab out; the same thread may enter again.

        Raises:
            SerialFileMissing: not even its folder is there.
            CannotWrite: the lock file beside it cannot be made, or somebody held it for a minute.
        """
        if not self.exists() and not self.path.parent.exists():
            raise SerialFileMissing(self.path)
        with locked_beside(self.path, field=FIELD):
            yield

    def advance(self, *, above: int = 0) -> int:
        """Return the next number, after it was written durably: a crash may skip a number, never repeat one.

        `above` is the highest number known to have been counted already.

        Raises:
            SerialFileMissing, SerialFileBroken, CannotRead: as `last` does; or the file is behind `above`.
            SerialExhausted: there is no next number of 20 octets.
            CannotWrite: the system refused; the file is as it was.
        """
        return self.take(1, above=above)[0]

    def take(self, count: int, *, above: int = 0) -> range:
        """Return the next `count` numbers, all written durably as used at once; raises as `advance` does."""
        with self.lock():
            last = self.last()
            if last < above:
                raise SerialFileBroken(
                    self.path, f"it says that {_both(last)} was used last, but {_both(above)} was issued already"
                )
            end = last + count
            if end > MAX_SERIAL:
                raise SerialExhausted(self.path)
            files.replace(self.path, self.content(end), mode=self._mode(), field=FIELD)
            return range(last + 1, end + 1)

    def raise_to(self, number: int) -> bool:
        """Write `number` durably as used last if the file is behind it, and tell whether it was; raises as `take`."""
        with self.lock():
            behind = self.last() < number
            if behind:
                files.replace(self.path, self.content(number), mode=self._mode(), field=FIELD)
            return behind

    def _mode(self) -> int:
        try:
            return stat.S_IMODE(self.path.stat().st_mode)
        except OSError:
            return files.PRIVATE


@contextmanager
def locked_beside(path: Path, *, field: str) -> Iterator[None]:
    """Hold the lock that goes with the file at `path`, a hidden file beside it; the same thread may enter again.

    Raises:
        CannotWrite: the lock file cannot be made, or somebody held it for a minute.
    """
    try:
        target = path.resolve()
        if not target.parent.is_dir():  # filelock would make it, and a medium could no longer be mounted there
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))
        # One object for each file and process: entering again must not wait for oneself.
        lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=LOCK_TIMEOUT, mode=0o600, is_singleton=True)
        lock.acquire()
    except Timeout:
        raise CannotWrite(field, path, "another program has held its lock for a minute") from None
    except (OSError, ValueError) as error:
        raise CannotWrite(field, path, reason(error)) from error
    try:
        yield
    finally:
        lock.release()


def _both(number: int) -> str:
    return f"{number} (hex {SerialFile.content(number).decode('ascii').strip()})"
