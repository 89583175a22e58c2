"""The wheel is the whole product: code, data files, notebooks, licence and command."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRASH = shutil.ignore_patterns("__pycache__", ".*")


def source_files(folder: Path) -> set[str]:
    return {str(f.relative_to(folder.parent)) for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(scope="module", params=[True, False], ids=["with notebooks", "without notebooks"])
def checkout(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the wheel is built from, so that building leaves nothing in this checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "pkilab", copy / "pkilab", ignore=TRASH)
    (copy / "pkilab" / "data.txt").write_text("data files count too")
    if request.param:
        (copy / "notebooks" / "course").mkdir(parents=True)
        (copy / "notebooks" / "course" / "lesson.ipynb").write_text("{}")
    return copy


def test_a_wheel_holds_the_package_its_data_and_the_notebooks(checkout: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
        commands = archive.read(entry_points).decode()
    expected = source_files(checkout / "pkilab")
    if (checkout / "notebooks").is_dir():
        expected |= {f"pkilab/{name}" for name in source_files(checkout / "notebooks")}
    assert {name for name in names if name.startswith("pkilab/")} == expected
    assert "pkilab = pkilab.cli:main" in commands
    assert any(name.endswith("licenses/LICENSE") for name in names)
