"""A CA's directory on a medium: nothing is issued without it, and that it was left in is pointed out."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.errors import InvalidField, KeyMissing, MediumEjected, MediumInTheWay, UnknownMedium
from pkilab.lab import Lab
from pkilab.model.request import RequestState
from pkilab.store import media as store
from pkilab.store.serial import SerialFile
from tests.disks import mounted
from tests.scene import Scene, settings


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A lab whose CA lies on the medium `stick`."""
    made = Scene(tmp_path / "lab")
    made.configure(directory=made.lab.media.new("stick").path / "ca")
    yield made
    made.lab.registry.close()


def test_a_ca_on_a_medium_issues_while_it_is_mounted(scene: Scene) -> None:
    (stick,) = scene.lab.media.all()
    assert (stick.mounted, stick.authorities) == (True, ("MyCA",))
    assert (stick.path / "ca" / "MyCA.key").is_file()
    assert scene.issue(scene.submit()).number == 1


def test_issuing_without_the_medium_is_refused_and_the_request_stays(scene: Scene) -> None:
    request = scene.submit()
    ejected = scene.lab.media.eject("stick")
    assert not ejected.mounted
    assert not ejected.path.exists()
    with pytest.raises(KeyMissing, match="Mount the medium"):
        scene.issue(request)
    assert scene.ca.request(request.id).state is RequestState.PENDING
    assert not ejected.path.exists(), "nothing was made where the medium is to be mounted"
    scene.lab.media.mount("stick")
    assert scene.issue(request).number == 1


def test_processing_says_to_mount_it_and_afterwards_that_it_is_still_in(scene: Scene) -> None:
    place = scene.lab.media.of("MyCA")
    assert (place.there, place.removable, place.medium) == (True, True, "stick")
    assert place.advice.startswith("The medium stick is mounted. Eject it")
    scene.lab.media.eject("stick")
    place = scene.lab.media.of("MyCA")
    assert (place.there, place.medium) == (False, "stick")
    assert place.advice.startswith("Mount the medium stick: nothing can be issued")


def test_a_ca_on_no_medium_has_nothing_to_mount_or_eject(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "lab")
    scene.configure()
    place = scene.lab.media.of("MyCA")
    assert (place.there, place.removable, place.medium, place.advice) == (True, False, "", "")
    (scene.directory / "MyCA.key").rename(tmp_path / "away")
    assert f"Mount the medium that holds {scene.directory / 'MyCA.key'}" in scene.lab.media.of("MyCA").advice
    scene.lab.registry.close()


def test_a_real_directory_on_a_real_medium_is_told_of_in_the_same_way(tmp_path: Path) -> None:
    with mounted(tmp_path / "stick", ["-t", "tmpfs", "-o", "size=8m", "tmpfs"]) as stick:
        scene = Scene(tmp_path / "lab")
        scene.configure(directory=stick / "ca")
        place = scene.lab.media.of("MyCA")
        assert (place.there, place.removable, place.medium) == (True, True, "")
        assert "is mounted. Eject it as soon as the work is done" in place.advice
        request = scene.submit()
    with pytest.raises(KeyMissing, match="Mount the medium"):
        scene.issue(request)
    assert not scene.lab.media.of("MyCA").there
    scene.lab.registry.close()


def test_nothing_is_configured_where_an_ejected_medium_belongs(scene: Scene) -> None:
    scene.lab.media.new("other")
    scene.lab.media.eject("other")
    place = scene.lab.path / "media" / "other" / "ca"
    second = scene.lab.instance("Second").server
    with pytest.raises(MediumEjected, match="The medium other is ejected"):
        second.look(root="Second", directory=place)
    with pytest.raises(MediumEjected):
        second.configure(**settings(root="Second", directory=place))
    assert not place.parent.exists()


def test_another_process_sees_the_same(scene: Scene) -> None:
    scene.lab.media.eject("stick")
    other = Lab(scene.path)
    assert [medium.mounted for medium in other.media.all()] == [False]
    other.media.mount("stick")
    assert scene.lab.media.of("MyCA").there
    other.registry.close()


def test_mounting_and_ejecting_twice_changes_nothing(scene: Scene) -> None:
    assert scene.lab.media.mount("stick").mounted
    assert not scene.lab.media.eject("stick").mounted
    assert not scene.lab.media.eject("stick").mounted
    assert scene.lab.media.mount("stick").mounted
    assert (scene.lab.media.all()[0].path / "ca" / "MyCA.srl").is_file()


def test_an_empty_folder_in_the_way_is_no_hindrance_and_a_full_one_is_told(scene: Scene) -> None:
    where = scene.lab.media.eject("stick").path
    where.mkdir()
    scene.lab.media.mount("stick")
    scene.lab.media.eject("stick")
    where.mkdir()
    (where / "note").write_text("mine")
    with pytest.raises(MediumInTheWay, match="something else stands at"):
        scene.lab.media.mount("stick")
    assert (where / "note").read_text() == "mine"


def test_names_are_checked_and_unique_whatever_their_letter_case(scene: Scene) -> None:
    for name in ("", "../x", ".ejected", "a/b", "x" * 65):
        with pytest.raises(InvalidField, match="Medium"):
            scene.lab.media.new(name)
        with pytest.raises(InvalidField, match="Medium"):
            scene.lab.media.eject(name)
    with pytest.raises(MediumInTheWay):
        scene.lab.media.new("STICK")
    for act in (scene.lab.media.mount, scene.lab.media.eject):
        with pytest.raises(UnknownMedium, match="no medium called nothing"):
            act("nothing")


def test_ejecting_waits_for_whoever_is_issuing(scene: Scene) -> None:
    (stick,) = scene.lab.media.all()
    begun, done = threading.Event(), threading.Event()

    def issuing() -> None:
        with SerialFile(stick.path / "ca" / "MyCA.srl").lock():
            begun.set()
            assert not done.wait(0.5)
            assert stick.path.is_dir()

    thread = threading.Thread(target=issuing)
    thread.start()
    begun.wait(10)
    scene.lab.media.eject("stick")
    done.set()
    thread.join(10)
    assert not stick.path.exists()


def test_a_lab_without_media_has_none_and_makes_no_folder(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    assert lab.media.all() == ()
    assert not lab.path.exists()
    assert store.on(lab.path / "media", tmp_path) == ""
