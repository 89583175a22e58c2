from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks import read_only, small_disk
from tests.scene import Scene

__all__ = ["read_only", "small_disk"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A lab whose CA is not configured yet."""
    made = Scene(tmp_path / "lab")
    yield made
    made.lab.registry.close()


@pytest.fixture
def configured(scene: Scene) -> Scene:
    """A lab with a configured CA."""
    scene.configure()
    return scene
