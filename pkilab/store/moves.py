"""Giving a file another name without ever taking that name from a file that has it."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_UNSUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM, errno.EMLINK, errno.EXDEV}


def move_new(source: Path, target: Path) -> None:
    """Rename `source` to `target`, which must not exist, also when somebody makes it at this very moment.

    Three ways are tried, as file systems differ (FAT, usual on removable media, has no hard links).

    Raises:
        FileExistsError: something stands at `target`; it is as it was, and so is `source`.
        OSError: the system refused; both are as they were.
        ValueError: no file can have such a name.
    """
    if os.name == "nt":
        source.rename(target)  # on Windows a rename never replaces
        return
    for way in (_by_exclusive_rename, _by_link, _by_claim):
        try:
            way(source, target)
        except OSError as error:
            if way is _by_claim or error.errno not in _UNSUPPORTED:
                raise
        else:
            return


def _by_exclusive_rename(source: Path, target: Path) -> None:
    """renameat2(2) with RENAME_NOREPLACE: one step, nothing is left behind whenever the process dies."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    names = os.fsencode(source), os.fsencode(target)
    if any(b"\0" in name for name in names):  # C would read the name only up to there
        raise ValueError("embedded null byte")
    if rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_NOREPLACE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(source), None, str(target))


def _by_link(source: Path, target: Path) -> None:
    """A second name, then the first one dropped: a death in between leaves both names, and nothing half done."""
    os.link(source, target, follow_symlinks=False)
    try:
        source.unlink()
    except OSError:
        target.unlink()
        raise


def _by_claim(source: Path, target: Path) -> None:
    """An empty file claims the name, the rename takes its place: for file systems that can neither of the above."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        source.replace(target)
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise
