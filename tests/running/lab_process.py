"""`pkilab lab` in a process of its own, and what a browser, a curl and a nosy neighbour see of it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pkilab.model.running import Part
from pkilab.running import state, watch

PROGRAM = Path(sys.executable).with_name("pkilab")


def environment(**more: str) -> dict[str, str]:
    """The environment of somebody without a desktop."""
    graphical = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return {**{name: value for name, value in os.environ.items() if name not in graphical}, **more}


class LabProcess:
    """`pkilab lab --json` over a lab and a folder of notebooks, ready when it is made."""

    def __init__(self, lab: Path, notebooks: Path, *more: str, **variables: str) -> None:
        self.lab = lab
        self.errors = lab.with_name(f"{lab.name}.err")
        command = [str(PROGRAM), "--lab", str(lab), "--json", "lab", str(notebooks)]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*command, "--port", "0", "--jupyter-port", "0", *more],
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.document = self._ready()
        kept = state.read(lab)
        assert kept is not None
        self.mark = kept.mark
        self.sockets = kept.sockets
        self.token = urlsplit(self.document["browser_url"]).query.removeprefix("token=")

    def _ready(self) -> Any:
        assert self.process.stdout
        late = threading.Timer(90, self.process.kill)
        late.start()
        text = ""
        try:
            for line in self.process.stdout:
                text += line.decode()
                if line == b"}\n":
                    return json.loads(text)
        finally:
            late.cancel()
        raise AssertionError(f"the lab did not start: {self.errors.read_text()}")

    def part(self, name: str) -> Part:
        """A part as the lab's state tells of it now."""
        kept = state.read(self.lab)
        assert kept is not None
        return next(part for part in kept.running.parts if part.name == name)

    def port(self, name: str) -> int:
        port = urlsplit(self.part(name).url).port
        assert port
        return port

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal, and return its exit code."""
        self.process.send_signal(number)
        try:
            return self.process.wait(30)
        finally:
            self.close()

    def close(self) -> None:
        """Kill what is left, whatever a test did."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        eventually(lambda: not watch.marked(self.mark))

    def ask(self, path: str, *, token: bool = True, method: str = "GET", body: str | None = None) -> Answer:
        """Ask JupyterLab, with the path as it is, unlike most clients."""
        headers = {"Authorization": f"token {self.token}"} if token else {}
        line = http.client.HTTPConnection("127.0.0.1", self.port("jupyterlab"), timeout=30)
        try:
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.read(), answer.getheader("Location", ""))
        finally:
            line.close()


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def eventually(holds: Any, seconds: float = 15) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def command_lines() -> str:
    """What every user of this machine can read of every process."""
    found = b""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += entry.read_bytes() + b"\n"
        except OSError:
            continue
    return found.decode(errors="replace")
