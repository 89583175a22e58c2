"""Full and read-only disks: a sentence that names the field, no partial files, nothing overwritten, nothing lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.errors import CannotWrite, PkilabError
from pkilab.lab import Lab
from tests.scene import ANA, CA_PASSWORD, Scene, settings, verified

OLD = b"of another tool"


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder that is not a lock or the registry's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock") and "registry.sqlite3" not in path.name
    }


def fill(folder: Path, *, leave: int = 0) -> Path:
    """Take all the room on a disk but for `leave` octets, and return the file that takes it."""
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    filler.write_bytes(b"\0" * max(0, free - leave))
    return filler


def test_a_read_only_medium_takes_no_new_ca(scene: Scene, read_only: Callable[[Path], Path], tmp_path: Path) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    (medium / "MyCA.cer").write_bytes(OLD)
    with pytest.raises(CannotWrite, match=r"^Directory: .*read-only") as caught:
        scene.configure(directory=read_only(medium))
    assert caught.value.field == "Directory"
    assert tree(medium) == {"MyCA.cer": OLD}
    assert not scene.ca.configured


def test_a_full_medium_takes_no_new_ca(scene: Scene, small_disk: Callable[[str], Path]) -> None:
    medium = small_disk("64k")
    (medium / "MyCA.cer").write_bytes(OLD)
    filler = fill(medium)
    with pytest.raises(CannotWrite, match=r"^Directory: .*no space is left"):
        scene.configure(directory=medium)
    assert set(tree(medium)) == {"MyCA.cer", "filler"}
    assert (medium / "MyCA.cer").read_bytes() == OLD
    filler.unlink()
    scene.configure(directory=medium)
    assert (medium / "MyCA.cer.old").read_bytes() == OLD


def test_a_medium_that_fills_up_stops_issuing_and_loses_nothing(
    scene: Scene, small_disk: Callable[[str], Path]
) -> None:
    medium = small_disk("128k")
    scene.configure(directory=medium)
    first = scene.issue(scene.submit("One")).number
    request = scene.submit("Two")
    before = tree(medium)
    filler = fill(medium)
    with pytest.raises(CannotWrite, match="Serial file"):
        scene.issue(request)
    filler.unlink()
    assert tree(medium)["MyCA.srl"] == before["MyCA.srl"]
    assert scene.issue(scene.ca.pending()[0]).number == first + 1


def test_a_medium_that_turns_read_only_stops_issuing_and_loses_nothing(
    configured: Scene, read_only: Callable[[Path], Path], tmp_path: Path
) -> None:
    request = configured.submit()
    medium = tmp_path / "medium"
    configured.directory.rename(medium)
    shown = read_only(medium)
    configured.directory.symlink_to(shown)
    with pytest.raises(CannotWrite, match="read-only"):
        configured.issue(request)
    configured.directory.unlink()
    medium.rename(configured.directory)
    assert configured.ca.issue(request.id, password=CA_PASSWORD).number == 1


def test_a_lab_on_a_read_only_disk_says_so(read_only: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    folder.mkdir()
    lab = Lab(read_only(folder))
    with pytest.raises(PkilabError, match="read-only"):
        lab.instance("MyCA").server.configure(**settings())
    with pytest.raises(PkilabError, match="read-only"):
        lab.instance("Santiago").client.configure(host="localhost", contact=ANA)
    assert tree(folder) == {}


def test_a_lab_on_a_full_disk_says_so_and_goes_on_when_there_is_room(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("2m")
    scene = Scene(disk / "lab")
    scene.configure()
    waiting = scene.submit("One")
    before = tree(disk)
    filler = fill(disk)
    refused = []
    for at in range(40):  # The registry's log has some room left in its last pages.
        try:
            scene.submit(f"More{at}")
        except PkilabError as error:
            refused.append(str(error))
    assert refused
    assert all("no space" in sentence or "full" in sentence for sentence in refused)
    pending = {request.id for request in scene.ca.pending()}
    assert waiting.id in pending
    filler.unlink()
    assert tree(disk) == before
    assert {request.id for request in scene.ca.pending()} == pending
    issued = scene.ca.issue(waiting.id, usage="tls", password=CA_PASSWORD, verified=verified(waiting))
    assert issued.number == 1
    scene.lab.registry.close()
