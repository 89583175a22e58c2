"""What every test may rely on: a lab folder of its own, tools that are there or say so."""

import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no counter-example: time limits belong to benchmarks.
settings.register_profile("pkilab", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pkilab")

_home = pytest.StashKey[Path]()
_numbers = count(1)
_OF_THE_TESTS = ("PKILAB_REQUIRE_ALL", "PKILAB_SCREENSHOTS")


def pytest_configure(config: pytest.Config) -> None:
    """Forget the settings of whoever runs the tests, and never touch their labs."""
    for name in [name for name in os.environ if name.startswith("PKILAB_") and name not in _OF_THE_TESTS]:
        del os.environ[name]
    config.stash[_home] = Path(tempfile.mkdtemp(prefix="pkilab-test-"))
    _hear_signals()


def _hear_signals() -> None:
    """Undo what `nohup` or a shell's `&` left: programs that tests start and signal would inherit the deafness."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, heard)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the labs that tests and notebooks left."""
    if home := config.stash.get(_home, None):
        shutil.rmtree(home, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Point `PKILAB_HOME` at a fresh folder, not made yet, for each test and each notebook."""
    notebook = item.parent if item.path.suffix == ".ipynb" else None
    owner: pytest.Item | pytest.Collector = notebook or item
    if _home not in owner.stash:
        owner.stash[_home] = item.config.stash[_home] / str(next(_numbers))
    os.environ["PKILAB_HOME"] = str(owner.stash[_home])


PASSPHRASE = "correct horse"  # noqa: S105 - not one of anybody's
"""Every password in tests and notebooks holds these words, so that one that leaked is found wherever it is."""


def _leaks(folder: Path) -> list[str]:
    """Return the files below a folder that hold a password.

    Not the one file of mode 0600 for the mail's, nor a file `password…` that a test wrote to hand one over.
    """
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink() or path.name.startswith("password"):
            continue
        if path.name == "smtp-password" and stat.S_IMODE(path.stat().st_mode) == 0o600:
            continue
        if PASSPHRASE.encode() in path.read_bytes():
            found.append(str(path))
    return found


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Fail a test after which a password lies in a lab's file or in what was logged."""
    folders = [Path(os.environ["PKILAB_HOME"]), getattr(item, "funcargs", {}).get("tmp_path")]
    found = [leak for folder in folders if folder and folder.is_dir() for leak in _leaks(folder)]
    sections = item._report_sections  # noqa: SLF001 - what was captured has no other door
    logged = [name for _, name, text in sections if name == "log" and PASSPHRASE in text]
    if found or logged:
        pytest.fail(f"a password lies open in {', '.join(found) or 'the log'}")


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """`tool("openssl")` is its path; else the test is skipped, or fails under `PKILAB_REQUIRE_ALL`."""

    def find(name: str) -> str:
        if path := shutil.which(name):
            return path
        sentence = f"'{name}' is not installed; `make tools` says how to get it"
        if os.environ.get("PKILAB_REQUIRE_ALL"):
            pytest.fail(sentence)
        pytest.skip(sentence)

    return find
