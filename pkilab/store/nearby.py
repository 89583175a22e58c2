"""What to say of a folder in which there is no lab: its name is often mistyped, and the one that is meant lies near."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

_REGISTRY, _INSTANCES = "registry.sqlite3", "instances"
_MOST = 3
_LOOKED_AT = 500
"""Entries of a folder that are looked at."""


def is_lab(folder: Path) -> bool:
    """Tell whether a folder holds a lab: something was configured there."""
    return (folder / _REGISTRY).exists() or (folder / _INSTANCES).is_dir()


def no_lab(folder: Path) -> str:
    """Return what to say where there is no lab in `folder`: that there is none, and which lie near."""
    near = _near(folder)
    meant = f" Near it there is {' and '.join(map(str, near))}." if near else ""
    return f"There is no lab in {folder} yet; configuring a CA server or client there makes one.{meant}"


def _near(folder: Path) -> list[Path]:
    """Return labs beside a folder, those with names like its first; none where that cannot be looked at."""
    try:
        beside = [each for each, _ in zip(folder.parent.iterdir(), range(_LOOKED_AT), strict=False)]
        labs = {each.name: each for each in sorted(beside) if each != folder and is_lab(each)}
    except OSError:
        return []
    return [labs[name] for name in get_close_matches(folder.name, labs, n=_MOST, cutoff=0.5) or sorted(labs)[:1]]
