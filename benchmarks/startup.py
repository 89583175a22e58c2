"""How long `pkilab lab` takes until everything answers, against a bare `jupyter lab`.

`python benchmarks/startup.py [--runs 5]` starts them in turns and prints one JSON record: seconds of each run, medians,
their ratio, versions, machine. Ready is when JupyterLab's page answers 200 (for pkilab, when `pkilab lab` says that
all of web service, mail and JupyterLab answer, and the page does). The first pair warms caches and does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
_LIMIT = 120.0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def wait_for_page(url: str, process: subprocess.Popen[str]) -> None:
    """Return when the page answers 200."""
    end = time.perf_counter() + _LIMIT
    while time.perf_counter() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - it is http
            if answer.status == 200:
                return
        time.sleep(0.01)
    raise SystemExit(f"{url} did not answer")


def bare(folder: Path) -> float:
    """Return the seconds that a bare JupyterLab takes."""
    port, token = free_port(), secrets.token_hex(16)
    options = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command = [str(PROGRAMS / "jupyter"), "lab", "--no-browser", "--allow-root", *options]
    return timed(command, folder, f"http://127.0.0.1:{port}/lab?token={token}")


def whole(folder: Path, *, reuse: bool) -> float:
    """Return the seconds that the whole lab takes; with `reuse` one that was there before."""
    lab = folder / ("lab" if reuse else secrets.token_hex(4))
    command = [str(PROGRAMS / "pkilab"), "--lab", str(lab), "lab", str(folder / "notebooks"), "--no-browser"]
    return timed([*command, "--port", "0"], folder, "")


def timed(command: list[str], folder: Path, url: str) -> float:
    """Start a program, measure until it is ready, and end it. Without `url`, it prints its own."""
    begin = time.perf_counter()
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
        wait_for_page(url or said(process), process)
        return time.perf_counter() - begin
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.stdout:
            process.stdout.close()


def said(process: subprocess.Popen[str]) -> str:
    """Return JupyterLab's address once `pkilab lab` said that all of it answers."""
    url = ""
    for line in process.stdout or ():
        if "?token=" in line:
            url = line.split()[-1]
        if "Ctrl-C" in line:
            return url
    raise SystemExit("pkilab lab did not start")


def main() -> None:
    """Measure, and print the record."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    seconds: dict[str, list[float]] = {"jupyter lab": [], "pkilab lab": [], "pkilab lab, first time": []}
    with tempfile.TemporaryDirectory(prefix="pkilab-startup-") as name:
        folder = Path(name)
        for _ in range(runs + 1):
            seconds["jupyter lab"].append(bare(folder))
            seconds["pkilab lab"].append(whole(folder, reuse=True))
            seconds["pkilab lab, first time"].append(whole(folder, reuse=False))
    counted = {what: taken[1:] for what, taken in seconds.items()}
    medians = {what: statistics.median(taken) for what, taken in counted.items()}
    record = {
        "what": "ready, installed, against a bare jupyter lab",
        "unit": "seconds",
        "runs": {what: [round(value, 3) for value in taken] for what, taken in counted.items()},
        "medians": {what: round(value, 3) for what, value in medians.items()},
        "ratio": round(medians["pkilab lab"] / medians["jupyter lab"], 3),
        "ratio_first_time": round(medians["pkilab lab, first time"] / medians["jupyter lab"], 3),
        "at_most": 1.3,
        "aim": 1.1,
        "versions": {name: version(name) for name in ("pkilab", "jupyterlab", "voila")}
        | {"python": sys.version.split()[0]},
        "machine": {"system": platform.platform(), "cores": os.cpu_count()},
    }
    sys.stdout.write(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
