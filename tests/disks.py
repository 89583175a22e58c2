"""Disks that are full or read-only: fixtures that a room's conftest.py imports."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def unavailable(sentence: str) -> None:
    """Skip, or fail where everything is demanded."""
    if os.environ.get("PKILAB_REQUIRE_ALL"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """`small_disk("64k")` is an empty folder with room for that much."""
    with contextlib.ExitStack() as mounts:

        def make(size: str) -> Path:
            how = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs"]
            return mounts.enter_context(mounted(tmp_path / f"disk-{size}", how))

        yield make


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """`read_only(folder)` shows the folder's content at a place where nothing can be written."""
    with contextlib.ExitStack() as mounts:

        def show(folder: Path) -> Path:
            how = ["--bind", "-o", "ro", str(folder)]
            return mounts.enter_context(mounted(tmp_path / f"read-only-{folder.name}", how))

        yield show


@contextlib.contextmanager
def mounted(place: Path, how: list[str]) -> Iterator[Path]:
    """Mount something at a place that is made, for a `with` block."""
    place.mkdir()
    mount = shutil.which("mount")
    done = subprocess.run([mount, *how, str(place)], capture_output=True, check=False) if mount else None
    if done is None or done.returncode:
        unavailable("mounting is not permitted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
