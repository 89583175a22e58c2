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


class Process:
    """A command of pkilab that runs until it is ended, with `--json`, ready when it is made."""

    what = ""
    """Its name, and its state's."""
    ports: tuple[str, ...] = ()

    def __init__(self, lab: Path, notebooks: Path | None, *more: str, **variables: str) -> None:
        self.lab = lab
        self.errors = lab.with_name(f"{lab.name}.err")
        command = [str(PROGRAM), "--lab", str(lab), "--json", self.what, *([str(notebooks)] if notebooks else [])]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*command, *self.ports, *more],
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.document = self._ready()
        kept = state.read(lab, self.what)
        assert kept is not None
        self.mark = kept.mark
        self.sockets = kept.sockets

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
        raise AssertionError(f"it did not start: {self.errors.read_text()}")

    def part(self, name: str) -> Part:
        """A part as the state tells of it now."""
        kept = state.read(self.lab, self.what)
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


class LabProcess(Process):
    """`pkilab lab` over a lab and a folder of notebooks."""

    what = "lab"
    ports = ("--port", "0", "--jupyter-port", "0")

    @property
    def token(self) -> str:
        return str(urlsplit(self.document["browser_url"]).query.removeprefix("token="))

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


class DashboardsProcess(Process):
    """`pkilab dashboards` over a lab, with pkilab's own notebooks or those of a folder."""

    what = "dashboards"
    ports = ("--port", "0", "--operator-port", "0", "--clients-port", "0", "--no-browser")

    def url(self, name: str) -> str:
        """The address of `operator` or `clients`, without its token."""
        return self.part(name).url

    def token(self, name: str) -> str:
        return str(urlsplit(self.document[f"{name}_url"]).query.removeprefix("token="))


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
