"""CHANGELOG.md keeps to Keep a Changelog, and its unreleased part says something."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_unreleased_section_comes_first_and_has_entries() -> None:
    assert SECTIONS[0].startswith("[Unreleased]\n")
    assert re.search(r"^- \S", SECTIONS[0], re.MULTILINE)


def test_every_other_section_is_a_version_with_its_date() -> None:
    assert all(re.match(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}\n", section) for section in SECTIONS[1:])


def test_entries_are_sorted_by_kind() -> None:
    assert set(re.findall(r"^### (.*)$", "".join(SECTIONS), re.MULTILINE)) <= KINDS


def test_a_development_version_is_not_in_the_changelog_yet() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version: str = tomllib.loads(pyproject)["project"]["version"]
    released = {section.partition("]")[0].lstrip("[") for section in SECTIONS[1:]}
    assert (version in released) == (".dev" not in version)
