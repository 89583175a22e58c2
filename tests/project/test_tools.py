"""The set-up scripts say in one sentence what is missing, and demand it where everything is demanded."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JUDGES = ("xmlsec1", "keytool", "pk12util", "certtool", "nginx")


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for PATH with the shell's own helpers, but no openssl, no curl and no apt-get."""
    for name in ("sh", "dirname", "sed", "grep", "git", "id", "touch"):
        program = shutil.which(name)
        assert program
        (tmp_path / name).symlink_to(program)
    return tmp_path


def run(script: str, path: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = ["sh", str(ROOT / "tools" / script), *arguments]
    environment = {"PATH": str(path), **settings}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_missing_tool_is_named_in_one_sentence(bare_path: Path) -> None:
    done = run("tools.sh", bare_path)
    assert done.returncode == 0
    names = r"openssl curl( postgres)? chromium xmlsec1 keytool pk12util certtool nginx"
    sentence = rf"tools: please install {names}; until then the tests that need them are skipped\.\n"
    assert re.fullmatch(sentence, done.stderr)  # Debian keeps PostgreSQL's programs off the path, so it may be there


def test_a_missing_tool_is_a_failure_when_everything_is_demanded(bare_path: Path) -> None:
    assert run("tools.sh", bare_path, PKILAB_REQUIRE_ALL="1").returncode == 1


def test_nothing_is_said_when_every_tool_is_there(bare_path: Path) -> None:
    for name in ("openssl", "curl", "chromium", *JUDGES):
        (bare_path / name).symlink_to(bare_path / "sh")
    done = run("tools.sh", bare_path, PKILAB_REQUIRE_ALL="1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_chromium_may_have_another_name(bare_path: Path) -> None:
    for name in ("openssl", "curl", "google-chrome", *JUDGES):
        (bare_path / name).symlink_to(bare_path / "sh")
    assert run("tools.sh", bare_path, PKILAB_REQUIRE_ALL="1").returncode == 0


def test_a_missing_python_is_named(bare_path: Path, tmp_path: Path) -> None:
    done = run("setup.sh", bare_path, str(tmp_path / "venv"), PYTHON="python9")
    assert done.returncode == 1
    assert done.stderr.startswith("setup: no 'python9' found; install Python 3.11 or later")


def test_an_old_python_is_refused(bare_path: Path, tmp_path: Path) -> None:
    old = bare_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = run("setup.sh", bare_path, str(tmp_path / "venv"), PYTHON="python2")
    assert done.returncode == 1
    assert "'python2' is older than Python 3.11" in done.stderr


def test_a_quiet_command_speaks_when_it_fails_and_hands_on_its_exit_code(tmp_path: Path) -> None:
    path = Path(os.environ["PATH"])
    loud = run("quietly.sh", path, "sh", "-c", "echo why; exit 3")
    assert (loud.returncode, loud.stdout, loud.stderr) == (3, "", "why\n")
    silent = run("quietly.sh", path, "sh", "-c", "echo fine")
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")
