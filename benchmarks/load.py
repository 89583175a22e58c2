"""Sending many HTTP requests over many connections with `wrk`, each once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks import peers
from benchmarks.wire import request_head

CONNECTIONS = 64
SPARE = 2 * CONNECTIONS
"""Requests beyond those that are counted: no connection is to send one twice, or to be idle, before the end."""
_SCRIPT = Path(__file__).with_name("load.lua")
_SECONDS = 120


def write(file: Path, path: str, media: str, bodies: Iterable[bytes], *, close: bool = False) -> None:
    """Write requests as `load.lua` reads them; with `close`, each wants a connection of its own."""
    with file.open("wb") as out:
        for body in bodies:
            whole = request_head(path, len(body), media, close=close) + body
            out.write(b"%d\n%b" % (len(whole), whole))


def rate(port: int, file: Path, count: int, *, status: int) -> float:
    """Send a file's requests over 64 connections; return how many a second were answered until `count` of them were.

    The file holds `SPARE` more, which are under way meanwhile.

    Raises:
        PeerMissing: there is no wrk.
        RuntimeError: an answer had another status, or too few came.
    """
    command = [peers.program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{_SECONDS}s", "--timeout", "30s"]
    settings = {"LOAD_FILE": str(file), "LOAD_COUNT": str(count), "LOAD_STATUS": str(status)}
    told: dict[str, float] = {}
    with subprocess.Popen(
        [*command, "-s", str(_SCRIPT), f"http://127.0.0.1:{port}"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                told = json.loads(line)
                process.terminate()  # it would wait for the end of its time
                break
    if not told:
        raise RuntimeError("too few requests were answered")
    if told["wrong"]:
        raise RuntimeError(f"{told['wrong']} of {count} answers were no {status}")
    return count / told["seconds"]
