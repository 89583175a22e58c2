"""A quick look tells the same as the registry does."""

from pathlib import Path

from pkilab.store import peek
from tests.scene import Scene


def test_the_folders_of_keys_are_told_without_a_registry_being_made(tmp_path: Path) -> None:
    assert peek.key_folders(tmp_path / "lab") == ()
    assert not (tmp_path / "lab").exists()


def test_the_folders_of_keys_are_those_that_were_configured(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "lab ?#%")
    scene.configure(directory=str(tmp_path / "stick"))
    assert peek.key_folders(scene.path) == (tmp_path / "stick",)
    assert [queue.directory for queue in scene.lab.status().queues] == [tmp_path / "stick"]


def test_what_is_no_registry_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "registry.sqlite3").write_bytes(b"")
    assert peek.key_folders(tmp_path) is None
    (tmp_path / "registry.sqlite3").write_bytes(b"no database at all, whatever its name may be")
    assert peek.key_folders(tmp_path) is None
