"""The lab's own files lie apart from what JupyterLab serves, or the lab does not start."""

from pathlib import Path

import pytest

from pkilab.errors import WouldBeServed
from pkilab.running.folders import check_apart, check_keys


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "lab"
    (folder / "instances").mkdir(parents=True)
    return folder


def test_beside_each_other_is_well(lab: Path, tmp_path: Path) -> None:
    check_apart(lab, tmp_path / "home" / "notebooks")
    check_apart(lab, tmp_path / "home" / "lab-notebooks")


@pytest.mark.parametrize(
    "served", ["home/lab", "home", ".", "home/lab/instances", "home/lab/not/there", "home/x/../lab"]
)
def test_within_each_other_is_refused(lab: Path, tmp_path: Path, served: str) -> None:
    with pytest.raises(WouldBeServed) as caught:
        check_apart(lab, tmp_path / served)
    assert str(lab) in str(caught.value)


def test_a_lab_that_is_not_there_yet_counts_too(tmp_path: Path) -> None:
    with pytest.raises(WouldBeServed):
        check_apart(tmp_path / "notebooks" / ".lab", tmp_path / "notebooks")


def test_links_are_followed_on_the_way_to_either(lab: Path, tmp_path: Path) -> None:
    (tmp_path / "other").symlink_to(tmp_path / "home")
    for served in (tmp_path / "other", tmp_path / "other" / "lab"):
        with pytest.raises(WouldBeServed):
            check_apart(lab, served)
    with pytest.raises(WouldBeServed):
        check_apart(tmp_path / "other" / "lab", tmp_path / "home")


@pytest.mark.parametrize("target", ["home", "home/lab", "home/lab/instances", "home/lab/registry.sqlite3"])
def test_a_link_among_the_notebooks_that_leads_to_the_lab_is_refused(lab: Path, tmp_path: Path, target: str) -> None:
    link = tmp_path / "notebooks" / "deep" / "link"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / target)
    with pytest.raises(WouldBeServed) as caught:
        check_apart(lab, tmp_path / "notebooks")
    assert str(link) in str(caught.value)


def test_a_link_that_leads_elsewhere_is_none_of_our_business(lab: Path, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "data").symlink_to(tmp_path / "data")
    (tmp_path / "notebooks" / "loop").symlink_to(tmp_path / "notebooks")
    check_apart(lab, tmp_path / "notebooks")


def test_keys_of_a_ca_must_not_lie_among_the_notebooks(tmp_path: Path) -> None:
    check_keys([tmp_path / "stick"], tmp_path / "notebooks")
    check_keys([Path("/")], tmp_path / "notebooks")
    with pytest.raises(WouldBeServed):
        check_keys([tmp_path / "stick", tmp_path / "notebooks" / "ca"], tmp_path / "notebooks")
