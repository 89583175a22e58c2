"""Laying out the notebooks: a folder gets them, and what a learner changed in it stays as it is.

A hidden file in the folder remembers what was laid out, by hash: a copy that nobody changed gives way to a newer one;
beside a changed one the newer is laid as `<name>.new.ipynb`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pkilab.errors import CannotDo
from pkilab.running.state import as_cannot_write

_PACKAGE = Path(__file__).parents[1]
RECORD = ".pkilab-notebooks.json"
FIRST = "00-start-here.ipynb"
_LABEL = "Notebooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """What was done: `made` new, `updated` in place, `kept` as a learner changed them, `beside` laid next to those."""

    made: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    beside: tuple[str, ...]


def source() -> Path:
    """Return where this installation has its notebooks: in a checkout beside the package, else within it.

    Raises:
        CannotDo: it has none.
    """
    package = _PACKAGE
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / FIRST).is_file():
            return folder.resolve()
    raise CannotDo("This installation of pkilab has no notebooks.", "Install the package anew, or use a checkout.")


def default_folder(source: Path) -> Path:
    """Return the folder to serve where nobody named one: a checkout's own notebooks, else one in the working folder."""
    within = _PACKAGE.resolve()
    return Path("pkilab-notebooks") if source.is_relative_to(within) else source


def lay_out(source: Path, folder: Path) -> LaidOut:
    """Copy the notebooks in `source`, and what lies with them, into `folder`, and remember what was laid out.

    A file that is not there is made, also one that was deleted. Nothing that a learner changed is overwritten.

    Raises:
        CannotWrite: the system refused.
    """
    known = _recall(folder)
    done: dict[str, list[str]] = {"made": [], "updated": [], "kept": [], "beside": []}
    with as_cannot_write(folder, _LABEL):
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(_names(source)):
            content = (source / name).read_bytes()
            how = _lay(folder, name, content, known)
            if how:
                done[how].append(name)
            if how == "kept" and known.get(name) != _hash(content):
                new = _beside(name)
                if known.get(new) == _hash(content) and not (folder / new).exists():
                    continue  # It was laid there before, and somebody deleted it.
                if _lay(folder, new, content, known) in {"made", "updated"}:
                    done["beside"].append(new)
        _remember(folder, known)
    return LaidOut(**{how: tuple(names) for how, names in done.items()})


def as_made(source: Path, folder: Path) -> Iterator[Path]:
    """Yield the files in `folder` that are as pkilab made them."""
    for name in _names(source):
        path = folder / name
        if path.is_file() and (source == folder or path.read_bytes() == (source / name).read_bytes()):
            yield path


def _lay(folder: Path, name: str, content: bytes, known: dict[str, str]) -> str:
    """Lay one file; return what was done, or nothing if it was there."""
    path = folder / name
    if not path.exists() and not path.is_symlink():
        path.parent.mkdir(parents=True, exist_ok=True)
        how = "made"
    else:
        there = _hash(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""
        if there == _hash(content):
            known[name] = there
            return ""
        if not there or there != known.get(name):
            return "kept"
        how = "updated"
    _write(path, content)
    known[name] = _hash(content)
    return how


def _beside(name: str) -> str:
    path = Path(name)
    return str(path.with_name(f"{path.stem}.new{path.suffix}"))


def _names(source: Path) -> Iterator[str]:
    """Yield the files in `source`, as paths within it, without hidden ones and those of caches."""
    for place, folders, files in os.walk(source, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in files:
            if not name.startswith("."):
                yield str(Path(place, name).relative_to(source))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _recall(folder: Path) -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {str(name): str(value) for name, value in found.items()}
    return {}


def _remember(folder: Path, known: dict[str, str]) -> None:
    _write(folder / RECORD, (json.dumps(known, indent=2, sort_keys=True) + "\n").encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(prefix=".pkilab-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
