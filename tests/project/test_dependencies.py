"""pyproject.toml has the ranges, requirements.lock the versions with hashes, environment.yml follows."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def lock_entries(text: str) -> list[str]:
    """The lock's logical lines: one requirement with its hashes each."""
    return [line for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]


def locked_versions(text: str) -> dict[str, set[Version]]:
    """All versions of each name (a marker may tell several apart)."""
    versions: dict[str, set[Version]] = {}
    for entry in lock_entries(text):
        requirement = Requirement(entry.split(" --hash=")[0])
        (pin,) = requirement.specifier
        assert pin.operator == "==", entry
        versions.setdefault(canonicalize_name(requirement.name), set()).add(Version(pin.version))
    return versions


def environment_pins() -> dict[str, Version]:
    """What the pip section of environment.yml installs, the checkout itself left out."""
    (pip,) = [entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
    assert pip[-1] == "-e ."
    pins: dict[str, Version] = {}
    for line in pip[:-1]:
        name, _, version = line.partition(";")[0].partition("==")
        pins[canonicalize_name(name)] = Version(version)
    return pins


RUNTIME = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
EVERYTHING = [
    *RUNTIME,
    *(Requirement(line) for extra in PYPROJECT["project"]["optional-dependencies"].values() for line in extra),
    *(Requirement(line) for line in PYPROJECT["dependency-groups"]["dev"]),
    *(Requirement(line) for line in PYPROJECT["build-system"]["requires"]),
]


@pytest.mark.parametrize("requirement", EVERYTHING, ids=str)
def test_the_lock_satisfies_every_range(requirement: Requirement) -> None:
    versions = locked_versions(LOCK).get(canonicalize_name(requirement.name), set())
    assert versions, f"{requirement.name} is not in requirements.lock: run 'make lock'"
    assert all(version in requirement.specifier for version in versions), versions


@pytest.mark.parametrize("requirement", EVERYTHING, ids=str)
def test_every_range_has_a_lower_bound_and_no_upper_one(requirement: Requirement) -> None:
    assert {pin.operator for pin in requirement.specifier} == {">="}


def test_environment_has_exactly_the_runtime_dependencies_and_the_notebook_tests() -> None:
    runtime = {canonicalize_name(requirement.name) for requirement in RUNTIME}
    assert set(environment_pins()) == runtime | {"nbval", "pytest"}


@pytest.mark.parametrize(("name", "version"), environment_pins().items())
def test_environment_pins_what_the_lock_pins(name: str, version: Version) -> None:
    assert locked_versions(LOCK)[canonicalize_name(name)] == {version}


def test_environment_has_a_python_that_the_package_accepts() -> None:
    (python,) = [e for e in ENVIRONMENT["dependencies"] if isinstance(e, str) and e.startswith("python=")]
    assert Requirement(f"python{PYPROJECT['project']['requires-python']}").specifier.contains(python[7:])


def test_every_entry_of_the_lock_has_a_hash() -> None:
    entries = lock_entries(LOCK)
    assert len(entries) > len(EVERYTHING)
    assert [e for e in entries if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", e)] == []


def test_the_lock_names_no_place() -> None:
    """No address, option or path: every word is a pin, a marker or a hash."""
    without_hashes = [re.sub(r" +--hash=sha256:[0-9a-f]{64}", "", entry) for entry in lock_entries(LOCK)]
    pin = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9a-z.]+( ; [a-z0-9_.'()<>=! -]+)?\s*", re.IGNORECASE)
    assert [entry for entry in without_hashes if not pin.fullmatch(entry)] == []
