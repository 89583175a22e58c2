"""What every test may rely on: a lab folder of its own, tools that are there or say so."""

import os
import shutil
import tempfile
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


def pytest_configure(config: pytest.Config) -> None:
    """Forget the settings of whoever runs the tests, and never touch their labs."""
    for name in [name for name in os.environ if name.startswith("PKILAB_") and name != "PKILAB_REQUIRE_ALL"]:
        del os.environ[name]
    config.stash[_home] = Path(tempfile.mkdtemp(prefix="pkilab-test-"))


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
