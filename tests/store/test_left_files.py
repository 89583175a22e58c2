"""What a killed process left beside a key is removed, and nothing else is."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.store import files
from pkilab.store.files import NewFile
from tests.store.samples import tree


def leave(path: Path, *, hours: float) -> Path:
    """A file that was last written so many hours ago."""
    path.write_bytes(b"left")
    written = time.time() - hours * 3600
    os.utime(path, (written, written))
    return path


def lay(path: Path) -> None:
    files.lay_down([NewFile(path, b"new")], field="Directory")


def put(path: Path) -> None:
    files.replace(path, b"new", mode=0o600, field="Directory")


LEFT = ".pkilab-0123456789abcdef.tmp"


@pytest.mark.parametrize("write", [lay, put])
def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path: Path, write: Callable[[Path], None]) -> None:
    old, young = leave(tmp_path / LEFT, hours=1.1), leave(tmp_path / LEFT.replace("0", "f"), hours=0.9)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = leave(elsewhere / LEFT, hours=9)
    write(tmp_path / "k.key")
    assert [path.exists() for path in (old, young, other)] == [False, True, True]


@pytest.mark.parametrize("write", [lay, put])
def test_nothing_else_is_taken_for_what_was_left(tmp_path: Path, write: Callable[[Path], None]) -> None:
    target = leave(tmp_path / "target", hours=9)
    (tmp_path / LEFT).symlink_to(target)
    os.utime(tmp_path / LEFT, (0, 0), follow_symlinks=False)
    folder = tmp_path / LEFT.replace("0", "a")
    folder.mkdir()
    os.utime(folder, (0, 0))
    shorter, longer = LEFT.replace("0", ""), LEFT.replace("0", "00")
    for name in (shorter, longer, f"{LEFT}.old", f"x{LEFT}", "MyCA.key.old", LEFT.upper()):
        leave(tmp_path / name, hours=9)
    before = tree(tmp_path)
    write(tmp_path / "k.key")
    assert tree(tmp_path) == before | {"k.key": b"new"}


def test_what_somebody_else_left_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = leave(tmp_path / LEFT, hours=9)
    monkeypatch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
    lay(tmp_path / "k.key")
    assert left.exists()
