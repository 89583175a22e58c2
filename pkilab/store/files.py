"""Writing files so that they are there whole or not at all, and nothing that was there is ever lost."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pkilab.errors import CannotRead, CannotWrite
from pkilab.store.moves import move_new
from pkilab.store.reasons import reason

PRIVATE = 0o600
PUBLIC = 0o644
READ_LIMIT = 16 * 1024 * 1024
"""Octets that `read` takes at most: keys, certificates and settings are far smaller."""

_TEMPORARY = re.compile(r"\.pkilab-[0-9a-f]{16}\.tmp")
_LEFT_BEHIND = 3600
"""Seconds after which a temporary file is one that a killed process left: writing one takes moments."""

_O_BINARY = getattr(os, "O_BINARY", 0)
_O_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_O_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be made: where, its octets, and its mode (such as 0o600)."""

    path: Path
    data: bytes = field(repr=False)
    mode: int = PRIVATE


def lay_down(files: Sequence[NewFile], *, field: str) -> tuple[Path, ...]:
    """Make all of `files` durably, or none; return where files that had these names were set aside.

    Missing folders are made (0700). Nothing is overwritten, not even a file that appears at the last moment.
    `field` is what the person filled in that led here; the error names it.

    Raises:
        CannotWrite: the system refused; everything is as it was before, folders included.
    """
    return _lay(files, field).set_aside


@contextmanager
def laid_down(files: Sequence[NewFile], *, field: str) -> Iterator[tuple[Path, ...]]:
    """Make all of `files` as `lay_down` does, and take them back if the block raises; gives what was set aside.

    Raises:
        CannotWrite: as `lay_down`.
    """
    with ExitStack() as on_failure:
        laying = _lay(files, field)
        on_failure.callback(laying.undo)
        yield laying.set_aside
        on_failure.pop_all()


def _lay(files: Sequence[NewFile], field: str) -> _Laying:
    laying = _Laying()
    with ExitStack() as on_failure:
        on_failure.callback(laying.undo)
        for new in files:
            with _as_cannot_write(field, new.path):
                laying.prepare(new)
        for new in files:
            with _as_cannot_write(field, new.path):
                laying.clear(new.path)
        for new in files:
            with _as_cannot_write(field, new.path):
                laying.place(new.path)
        for folder in dict.fromkeys(new.path.parent for new in files):
            with _as_cannot_write(field, folder):
                fsync_folder(folder)
        on_failure.pop_all()
    return laying


def set_aside(path: Path, *, field: str = "File") -> Path:
    """Rename `path` to its name with `.old` appended, or `.old.1`, `.old.2` … where that is taken; return the new name.

    Raises:
        CannotWrite: the system refused; the file still has its name.
    """
    with _as_cannot_write(field, path):
        aside = _move_aside(path)
        fsync_folder(path.parent)
    return aside


def replace(path: Path, data: bytes, *, mode: int, field: str) -> None:
    """Write `data` to `path` durably in one step: whoever looks, and whenever the machine stops, sees old or new.

    Missing folders are made (0700). A symbolic link stays one; an existing file keeps its owner.

    Raises:
        CannotWrite: the system refused; the file is as it was.
    """
    with ExitStack() as on_failure, _as_cannot_write(field, path):
        target = path.resolve()
        on_failure.callback(_remove_folders, make_folders(target.parent))
        temporary = _write_temporary(target.parent, data, mode, like=_stat_or_none(target))
        on_failure.callback(_unlink_quietly, temporary)
        temporary.replace(target)
        fsync_folder(target.parent)
        on_failure.pop_all()


def read(path: Path, *, limit: int = READ_LIMIT) -> bytes:
    """Return the octets of the file at `path`.

    Raises:
        CannotRead: there is none, it is no plain file, longer than `limit` octets, or not for us to read.
    """
    try:
        return _read(path, limit)
    except (OSError, ValueError) as error:
        raise CannotRead(path, reason(error)) from error


def read_optional(path: Path, *, limit: int = READ_LIMIT) -> bytes | None:
    """Return the octets of the file at `path`, or None if there is none.

    Raises:
        CannotRead: it is there and cannot be read.
    """
    try:
        return _read(path, limit)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise CannotRead(path, reason(error)) from error


def make_folders(folder: Path) -> list[Path]:
    """Make `folder` and what is missing above it, mode 0700, durably; return those made, the outermost first.

    Raises:
        OSError: the system refused; what had been made is gone again.
    """
    missing = [folder]
    while not os.path.lexists(missing[-1]) and missing[-1] != missing[-1].parent:
        missing.append(missing[-1].parent)
    made: list[Path] = []
    with ExitStack() as on_failure:
        on_failure.callback(_remove_folders, made)
        for each in reversed(missing):
            try:
                each.mkdir(0o700)
            except FileExistsError:
                if not each.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(each)) from None
            else:
                made.append(each)
                fsync_folder(each.parent)
        on_failure.pop_all()
    return made


def remove(path: Path, *, field: str) -> None:
    """Remove the file at `path` durably, if it is there.

    Raises:
        CannotWrite: the system refused.
    """
    with _as_cannot_write(field, path):
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            fsync_folder(path.parent)


def abandon(path: Path, folder: Path) -> None:
    """Take back a file that was just made beside `folder`, and both folders as far as nothing lies in them."""
    for gone in (path, folder.with_name(f".{folder.name}.lock")):
        _unlink_quietly(gone)
    _remove_folders([path.parent, folder])


def fsync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can (Windows and some shares cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


class _Laying:
    """What `lay_down` has done so far, so that it can be undone."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.temporaries: dict[Path, Path] = {}
        self.aside: list[tuple[Path, Path]] = []
        self.placed: list[tuple[Path, os.stat_result]] = []

    @property
    def set_aside(self) -> tuple[Path, ...]:
        """Return where what had the final names lies now."""
        return tuple(aside for aside, _ in self.aside)

    def prepare(self, new: NewFile) -> None:
        """Write the file's content under a name that nobody uses."""
        if new.path in self.temporaries:
            raise FileExistsError(errno.EEXIST, "named twice", str(new.path))
        self.folders += make_folders(new.path.parent)
        self.temporaries[new.path] = _write_temporary(new.path.parent, new.data, new.mode)

    def clear(self, path: Path) -> None:
        """Set aside what has the final name."""
        if not os.path.lexists(path):
            return
        if path.is_dir() and not path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        self.aside.append((_move_aside(path), path))

    def place(self, path: Path) -> None:
        """Give the file its final name."""
        temporary = self.temporaries[path]
        # Noted before it is done: an interrupt may come between the two, and `undo` looks at what is there.
        self.placed.append((path, temporary.stat()))
        move_new(temporary, path)

    def undo(self) -> None:
        """Bring everything back; what cannot be is left where it is, under a name that tells."""
        for path, identity in self.placed:
            with suppress(OSError, ValueError):
                if os.path.samestat(path.lstat(), identity):
                    path.unlink()
        for temporary in self.temporaries.values():
            _unlink_quietly(temporary)
        for aside, path in reversed(self.aside):
            with suppress(OSError):
                move_new(aside, path)
        _remove_folders(self.folders)


@contextmanager
def _as_cannot_write(field: str, path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise CannotWrite(field, path, reason(error)) from error


def _write_temporary(folder: Path, data: bytes, mode: int, *, like: os.stat_result | None = None) -> Path:
    """Write `data` durably under a new hidden name in `folder`, owned as `like` is; leave nothing on failure."""
    _sweep(folder)
    temporary = folder / f".pkilab-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _O_BINARY | _O_NOFOLLOW
    with ExitStack() as on_failure:
        descriptor = os.open(temporary, flags, PRIVATE)
        on_failure.callback(_unlink_quietly, temporary)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if like is not None and hasattr(os, "fchown"):
                with suppress(OSError):
                    os.fchown(descriptor, like.st_uid, like.st_gid)
            if hasattr(os, "fchmod"):
                with suppress(PermissionError):  # FAT keeps no modes; whoever mounted the medium said who may read
                    os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        on_failure.pop_all()
    return temporary


def _sweep(folder: Path) -> None:
    """Remove the temporaries in `folder` that a killed process of ours left behind; a key may be in them."""
    ours = getattr(os, "geteuid", lambda: None)()
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            if not _TEMPORARY.fullmatch(entry.name):
                continue
            with suppress(OSError):
                there = entry.stat(follow_symlinks=False)
                if ours is not None and there.st_uid != ours:
                    continue
                if stat.S_ISREG(there.st_mode) and time.time() - there.st_mtime > _LEFT_BEHIND:
                    Path(entry.path).unlink()


def _move_aside(path: Path) -> Path:
    for number in count():
        aside = path.with_name(f"{path.name}.old.{number}" if number else f"{path.name}.old")
        try:
            move_new(path, aside)
        except FileExistsError:
            continue
        return aside
    raise AssertionError("count() ends")


def _read(path: Path, limit: int) -> bytes:
    # Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | _O_BINARY | _O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(kind):
            raise CannotRead(path, "it is a device or a pipe and no file")
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise CannotRead(path, f"it is longer than {limit} octets")
    return data


def _stat_or_none(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _unlink_quietly(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _remove_folders(made: Iterable[Path]) -> None:
    for folder in reversed(list(made)):
        with suppress(OSError):
            folder.rmdir()
