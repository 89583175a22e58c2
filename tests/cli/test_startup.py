"""`pkilab --help` answers at once: nothing that is heavy is loaded for it."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.shell import PROGRAM

PAIRS = 15
BARE = '''import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    """Say hello."""
    print(name)


app()
'''


def seconds(*command: str) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


@pytest.mark.slow
def test_help_takes_less_than_twice_as_long_as_that_of_a_bare_typer_program(tmp_path: Path) -> None:
    bare = tmp_path / "bare.py"
    bare.write_text(BARE)
    ours, theirs = [], []
    for _ in range(PAIRS):  # in turns, so that a busy moment meets both
        ours.append(seconds(str(PROGRAM), "--help"))
        theirs.append(seconds(sys.executable, str(bare), "--help"))
    assert statistics.median(ours) < 2 * statistics.median(theirs)


def test_no_heavy_room_is_loaded_before_a_command_needs_it() -> None:
    heavy = {"alembic", "cryptography", "fastapi", "httpx", "idna", "lxml", "pydantic", "sqlalchemy", "uvicorn"}
    script = "import sys, pkilab.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert heavy & set(loaded) == set()
    assert [name for name in loaded if name.startswith("pkilab.") and not name.startswith("pkilab.cli")] == []
