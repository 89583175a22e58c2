"""The SMTP password lies in a file of its own, for its owner alone."""

import os
import stat
from pathlib import Path

import pytest

from pkilab.errors import CannotRead, CannotWrite
from pkilab.store import secrets
from tests.store.samples import tree

PASSWORD = "correct horse of the mail \u2603\n "


@pytest.mark.parametrize("password", [PASSWORD, "", "x" * 5000, os.fsdecode(b"\xff")])
def test_a_password_reloads_equal_and_is_private(tmp_path: Path, password: str) -> None:
    before = os.umask(0)
    try:
        secrets.save(tmp_path / "mgr", password)
    finally:
        os.umask(before)
    assert secrets.load(tmp_path / "mgr") == password
    assert stat.S_IMODE((tmp_path / "mgr" / "smtp-password").stat().st_mode) == 0o600


def test_a_file_that_others_could_read_is_closed_by_saving(tmp_path: Path) -> None:
    (tmp_path / "smtp-password").touch(mode=0o644)
    secrets.save(tmp_path, PASSWORD)
    assert stat.S_IMODE((tmp_path / "smtp-password").stat().st_mode) == 0o600


def test_no_password_is_none(tmp_path: Path) -> None:
    assert secrets.load(tmp_path) is None
    assert secrets.load(tmp_path / "not made yet") is None


def test_a_dropped_password_is_gone(tmp_path: Path) -> None:
    secrets.save(tmp_path, PASSWORD)
    secrets.drop(tmp_path)
    secrets.drop(tmp_path)
    secrets.drop(tmp_path / "not made yet")
    assert tree(tmp_path) == {}


def test_errors_do_not_tell_the_password(tmp_path: Path) -> None:
    (tmp_path / "smtp-password").mkdir()
    with pytest.raises(CannotWrite) as refused:
        secrets.save(tmp_path, PASSWORD)
    assert "horse" not in f"{refused.value} {refused.value!r}"
    with pytest.raises(CannotRead):
        secrets.load(tmp_path)
    with pytest.raises(CannotWrite):
        secrets.drop(tmp_path)
