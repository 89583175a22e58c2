"""A lab's folder whose name is mistyped: looking into it makes nothing, and what is missing says where it may be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.authority.server import CAServer
from pkilab.desk import Desk
from pkilab.errors import NotConfigured, UnknownRequest
from pkilab.lab import Lab
from tests.scene import Scene, settings

READING: dict[str, Callable[[Lab], object]] = {
    "pending": lambda lab: lab.instance("MyCA").server.pending(),
    "certificates": lambda lab: lab.instance("MyCA").server.certificates(),
    "settings": lambda lab: lab.instance("MyCA").server.settings,
    "a client's settings": lambda lab: lab.instance("Santiago").client.settings,
}


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """A folder with a lab called training."""
    Scene(tmp_path / "training").configure()
    (tmp_path / "something-else").mkdir()
    return tmp_path


@pytest.mark.parametrize("reads", READING.values(), ids=READING)
def test_what_is_not_there_is_told_with_the_folder_and_those_near(labs: Path, reads: Callable[[Lab], object]) -> None:
    with pytest.raises(NotConfigured) as told:
        reads(Lab(labs / "trainig"))
    (note,) = told.value.__notes__
    assert f"There is no lab in {labs / 'trainig'} yet" in note
    assert note.endswith(f"Near it there is {labs / 'training'}.")
    assert not (labs / "trainig").exists()


WRITING: dict[str, Callable[[CAServer], object]] = {
    "delete": lambda ca: ca.delete(1, confirmed=True),
    "make main": lambda ca: ca.make_main(),
    "change": lambda ca: ca.change(crl_days=3),
    "reinitialize": lambda ca: ca.reinitialize(confirmed=True),
    "revoke": lambda ca: ca.revoke(1, reason="superseded", password="correct horse"),
    "publish": lambda ca: ca.publish_crl(password="correct horse"),
    "renew the responder": lambda ca: ca.renew_responder(password="correct horse"),
    "adopt": lambda ca: ca.adopt(__file__),
    "submit": lambda ca: ca.submit_many([]),
    "encrypt the key": lambda ca: ca.encrypt_key(password="correct horse", confirmation="correct horse"),
    "issue": lambda ca: ca.issue_many([1], password="correct horse"),
}


@pytest.mark.parametrize("writes", WRITING.values(), ids=WRITING)
def test_whoever_writes_where_no_lab_is_makes_none(labs: Path, writes: Callable[[CAServer], object]) -> None:
    with pytest.raises(NotConfigured) as told:
        writes(Lab(labs / "trainig").instance("MyCA").server)
    (note,) = told.value.__notes__
    assert note.endswith(f"Near it there is {labs / 'training'}.")
    assert not (labs / "trainig").exists()


def test_looking_makes_nothing(labs: Path) -> None:
    lab = Lab(labs / "new")
    assert (lab.instances(), lab.main_ca, lab.outbox(), lab.inbox()) == ((), None, (), ())
    assert not lab.instance("MyCA").server.configured
    assert lab.status().queues == ()
    Desk(lab.instance("MyCA")).page.refresh()
    with lab.serve() as service:
        assert service.running
    assert not (labs / "new" / "registry.sqlite3").exists()


def test_a_new_lab_is_made_by_configuring_something(labs: Path) -> None:
    lab = Lab(labs / "new")
    ca = lab.instance("MyCA").server
    assert not ca.configured  # it was looked at before it was made
    ca.configure(**settings())
    assert [each.number for each in ca.certificates().certificates] == []
    assert Lab(labs / "new").main_ca == "MyCA"
    with pytest.raises(UnknownRequest) as told:
        ca.request(7)
    assert not getattr(told.value, "__notes__", ())


def test_a_lab_of_clients_alone_is_a_lab(labs: Path) -> None:
    (labs / "clients" / "instances" / "Santiago").mkdir(parents=True)
    with pytest.raises(NotConfigured) as told:
        Lab(labs / "clients").instance("MyCA").server.pending()
    assert not getattr(told.value, "__notes__", ())
