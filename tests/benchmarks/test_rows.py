"""Every row of `make bench` works, as far as what it compares with is there; where that is missing, it says so."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import pages, peers
from benchmarks.measure import PeerMissing, Row
from benchmarks.rows import ROWS

ROOT = Path(__file__).resolve().parents[2]
NEEDS = {
    "bulk-p256": ("django-ca",),
    "submissions": ("cfssl", "wrk"),
    "ocsp": ("cfssl", "wrk", "openssl"),
    **dict.fromkeys(("page-visible", "page-live", "page-explain"), ("chromium",)),
}


def missing(name: str) -> bool:
    """Whether something is missing that the row compares with."""
    try:
        for needed in NEEDS.get(name, ()):
            find = {"django-ca": peers.django_ca, "chromium": pages.chromium}.get(needed)
            find() if find else peers.program(needed)
    except PeerMissing:
        return True
    return False


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_measured_or_says_what_is_missing(row: Row, tmp_path: Path) -> None:
    done = bench("--quick", "--only", row.name, "--docs", str(tmp_path), "--folder", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    kept = tmp_path / "performance" / f"{row.name}.json"
    if missing(row.name):
        assert f"not measured: {NEEDS[row.name][0]}" in done.stdout
        assert not kept.exists()
        return
    found = json.loads(kept.read_text())
    assert {len(values) for values in found["figures"].values()} == {1}
    assert all(value > 0 for values in found["figures"].values() for value in values)
    assert [each["what"] for each in found["comparisons"]] == [each.what for each in row.comparisons]
    assert found["sizes"] == dict(row.quick)
    page = (tmp_path / "performance.md").read_text()
    assert all(each.what in page for each in row.comparisons)
    ElementTree.parse(kept.with_suffix(".svg"))  # noqa: S314 - we wrote it
    ElementTree.parse(kept.with_name("ratios.svg"))  # noqa: S314 - we wrote it
    assert [left.name for left in tmp_path.iterdir() if left.name.startswith("pkilab-bench-")] == []


def test_a_missing_peer_is_told_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = bench("--quick", "--only", "submissions", "--docs", str(tmp_path / "docs"))
    assert done.returncode == 0
    assert "not measured: wrk is not installed; `make bench` says how to get it" in done.stdout
    assert not (tmp_path / "docs").exists()


def test_the_list_tells_every_row_with_its_sizes() -> None:
    told = bench("--list").stdout.splitlines()
    assert [line.split()[0] for line in told] == [row.name for row in ROWS]
    assert "sizes: certificates=1500" in told[1]


def test_an_unknown_size_is_refused() -> None:
    done = bench("--size", "elephants=3", "--list")
    assert done.returncode == 2
    assert "no row has a size elephants" in done.stderr
