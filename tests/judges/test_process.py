"""A command is bounded in time, memory and output, and gets nothing of ours."""

import os
import sys
import time
from pathlib import Path

import pytest

from pkilab.judges import process

pytestmark = pytest.mark.skipif(os.name != "posix", reason="bounds are those of POSIX")


def python(code: str, folder: Path) -> process.Said:
    return process.run(sys.executable, ["-S", "-c", code], folder=folder)


def test_what_it_says_on_both_outputs_comes_back_with_its_code(tmp_path: Path) -> None:
    said = python("import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (said.code, said.text) == (3, "out\nerr\n")


def test_it_is_stopped_when_it_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 1)
    start = time.monotonic()
    assert python("import time; time.sleep(60)", tmp_path).code is None
    assert time.monotonic() - start < 30


def test_it_gets_no_more_memory_than_its_bound(tmp_path: Path) -> None:
    said = python("x = bytearray(4 << 30); print(len(x))", tmp_path)
    assert said.code != 0
    assert "MemoryError" in said.text


def test_it_writes_no_more_than_its_bound(tmp_path: Path) -> None:
    said = python("import sys\nwhile True: sys.stdout.write('x' * 65536)", tmp_path)
    assert said.code != 0
    assert len(said.text) <= process.OUTPUT


def test_it_reads_nothing_and_knows_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "open")
    said = python("import os, sys; print(sys.stdin.read() == '', 'SECRET' in os.environ, os.getcwd())", tmp_path)
    assert said.text.split() == ["True", "False", os.path.realpath(tmp_path)]


def test_what_is_no_program_has_not_judged(tmp_path: Path) -> None:
    assert process.run(str(tmp_path / "none"), [], folder=tmp_path).code != 0
