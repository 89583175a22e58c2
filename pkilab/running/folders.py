"""What JupyterLab serves, and what it must not: the lab's own files lie apart from the notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pkilab.errors import WouldBeServed

_ENTRIES = 20_000
"""So many entries are looked at for links; a folder of notebooks has far fewer."""


def check_apart(lab: Path, served: Path) -> None:
    """Return if the lab's folder and the one that is served lie apart, also when links in the latter are followed.

    Raises:
        WouldBeServed: one lies in the other, or they are the same.
    """
    if _within(served.resolve(), lab.resolve()):
        raise WouldBeServed(lab, served)
    check_keys((lab,), served)


def check_keys(private: Iterable[Path], served: Path) -> None:
    """Return if no private folder is reached through the one that is served, nor through a link in it.

    Raises:
        WouldBeServed: one is.
    """
    folders = [(folder, folder.resolve()) for folder in private]
    for way in (served, *_links(served)):
        target = way.resolve()
        for folder, place in folders:
            into = way is not served and _within(target, place)
            if _within(place, target) or into:
                raise WouldBeServed(folder, way)


def _within(below: Path, above: Path) -> bool:
    """Tell whether `below` lies in `above` or is the same; by what they are, as names may differ by letter case."""
    return any(_same(above, each) for each in (below, *below.parents))


def _same(one: Path, other: Path) -> bool:
    if one == other:
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def _links(folder: Path) -> Iterator[Path]:
    """Yield the links within a folder."""
    seen = 0
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            seen += 1
            if seen > _ENTRIES:
                return
            path = Path(place, name)
            if path.is_symlink():
                yield path
