"""Lab media: folders that are mounted and ejected (by one rename each), and what a place in the file system lies on."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from pkilab.errors import CannotWrite, MediumInTheWay, UnknownMedium
from pkilab.store import files
from pkilab.store.reasons import reason
from pkilab.store.serial import locked_beside

_EJECTED = ".ejected"
_FIELD = "Medium"


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of all media, mounted or not, sorted."""
    found = {path.name for place in (folder, folder / _EJECTED) for path in _folders(place)}
    return tuple(sorted(found - {_EJECTED}))


def mounted(folder: Path, name: str) -> bool:
    """Tell whether a medium is mounted.

    Raises:
        UnknownMedium: there is none of this name.
    """
    if (folder / _EJECTED / name).is_dir():
        return False
    if not (folder / name).is_dir():
        raise UnknownMedium(name)
    return True


def make(folder: Path, name: str) -> Path:
    """Make an empty medium, mounted, and return where it is.

    Raises:
        MediumInTheWay: there is one of this name, whatever its letter case, or something else stands there.
        CannotWrite: the folder cannot be made.
    """
    path = folder / name
    with _changing(folder):
        if name.lower() in {each.lower() for each in names(folder)} or os.path.lexists(path):
            raise MediumInTheWay(name, path)
        try:
            files.make_folders(path)
        except OSError as error:
            raise CannotWrite(_FIELD, path, reason(error)) from error
    return path


def mount(folder: Path, name: str) -> None:
    """Put a medium where it is used; nothing is done if it is there.

    Raises:
        UnknownMedium: there is none.
        MediumInTheWay: something was put there while it was ejected.
        CannotWrite: the system refused.
    """
    with _changing(folder):
        if mounted(folder, name):
            return
        target = folder / name
        with suppress(OSError):
            target.rmdir()  # an empty folder, as something that looked for the medium may have left
        if os.path.lexists(target):
            raise MediumInTheWay(name, target)
        _move(folder / _EJECTED / name, target)


def eject(folder: Path, name: str) -> None:
    """Take a medium away; nothing is done if it is. Raises as `mount` does."""
    with _changing(folder):
        if mounted(folder, name):
            try:
                files.make_folders(folder / _EJECTED)
            except OSError as error:
                raise CannotWrite(_FIELD, folder, reason(error)) from error
            _move(folder / name, folder / _EJECTED / name)


def on(folder: Path, place: Path) -> str:
    """Return the name of the lab medium that a place lies on, whether or not it is mounted; empty where on none."""
    with suppress(ValueError):
        parts = place.relative_to(folder.resolve()).parts
        return parts[0] if parts and parts[0] != _EJECTED else ""
    return ""


def removable(lab: Path, place: Path) -> bool:
    """Tell whether a place lies on a file system that is neither the lab's nor the system's own: it was mounted."""
    found = _mount_point(place)
    return found not in {_mount_point(lab), Path(found.anchor)}


def _mount_point(place: Path) -> Path:
    path = place.resolve()
    while not path.is_mount() and path != path.parent:
        path = path.parent
    return path


def _move(source: Path, target: Path) -> None:
    try:
        source.rename(target)
        for parent in {source.parent, target.parent}:
            files.fsync_folder(parent)
    except OSError as error:
        raise CannotWrite(_FIELD, target, reason(error)) from error


def _folders(place: Path) -> list[Path]:
    try:
        return [path for path in place.iterdir() if path.is_dir()]
    except OSError:
        return []


def _changing(folder: Path) -> AbstractContextManager[None]:
    """Keep others from changing media meanwhile."""
    return locked_beside(folder, field=_FIELD)
