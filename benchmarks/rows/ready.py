"""How long `pkilab lab` takes until everything answers, against a bare `jupyter lab`."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Comparison, Row, Side, Sizes
from benchmarks.service import free_port

_OURS, _FIRST, _PEER = "pkilab lab", "pkilab lab, the first time", "jupyter lab"
_PROGRAMS = Path(sys.executable).parent
_LIMIT = 120.0


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    yield {
        _PEER: lambda: _bare(folder),
        _OURS: lambda: _whole(folder, reuse=True),
        _FIRST: lambda: _whole(folder, reuse=False),
    }


def _bare(folder: Path) -> float:
    """Return the seconds that a bare JupyterLab takes."""
    port, token = free_port(), secrets.token_hex(16)
    options = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command = [str(_PROGRAMS / "jupyter"), "lab", "--no-browser", "--allow-root", *options]
    return _timed(command, folder, f"http://127.0.0.1:{port}/lab?token={token}")


def _whole(folder: Path, *, reuse: bool) -> float:
    """Return the seconds that the whole lab takes; with `reuse` one that was there before."""
    lab = folder / ("lab" if reuse else secrets.token_hex(4))
    command = [str(_PROGRAMS / "pkilab"), "--lab", str(lab), "lab", str(folder / "notebooks"), "--no-browser"]
    return _timed([*command, "--port", "0"], folder, "")


def _timed(command: list[str], folder: Path, url: str) -> float:
    """Start a program, measure until it is ready, and end it. Without `url`, it prints its own."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if url else subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        _wait_for_page(url or _said(process), process)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.stdout:
            process.stdout.close()


def _wait_for_page(url: str, process: subprocess.Popen[str]) -> None:
    """Return when the page answers 200."""
    end = time.perf_counter() + _LIMIT
    while time.perf_counter() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - it is http
            if answer.status == 200:
                return
        time.sleep(0.01)
    raise RuntimeError("JupyterLab's page did not answer")


def _said(process: subprocess.Popen[str]) -> str:
    """Return JupyterLab's address once `pkilab lab` said that all of it answers."""
    url = ""
    for line in process.stdout or ():
        if "?token=" in line:
            url = line.split()[-1]
        if "Ctrl-C" in line:
            return url
    raise RuntimeError("pkilab lab did not start")


ROW = Row(
    name="ready",
    title="`pkilab lab` ready, against a bare `jupyter lab`",
    unit="seconds",
    method=(
        "Both are started as programs of the same environment. `jupyter lab` is ready when its page answers, "
        "`pkilab lab` when it says that web service, mail and JupyterLab all answer, and the page does. For comparison "
        "the start of a lab that is not there yet."
    ),
    sizes={},
    quick={},
    sides=_sides,
    comparisons=(
        Comparison(what="a lab that was there", ours=_OURS, peer=_PEER, bound=1.3, aim=1.1, at_least=False),
        Comparison(what="a new lab", ours=_FIRST, peer=_PEER, bound=None, at_least=False),
    ),
    versions=lambda: {name: version(name) for name in ("jupyterlab", "voila")},
)
