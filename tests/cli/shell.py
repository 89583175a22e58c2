"""Commands as tests call them: in this process, in one of their own, or at a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from pkilab.cli import app

PROGRAM = Path(sys.executable).with_name("pkilab")
PASSWORD = "correct horse battery staple"
CONFIGURE = (
    *("--instance", "MyCA", "server", "configure", "--root", "MyCA", "--dir", "ca", "--cn", "Training CA"),
    *("--ca-days", "3650", "--issued-days", "365", "--key-algorithm", "ec-p256"),
)
ACKNOWLEDGED = ("--identity-verified", "--authority-verified", "--purpose-verified")


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs commands in this process, over one lab; standard input is no terminal."""

    lab: Path

    def __call__(self, *arguments: str, password: str | None = None, **variables: str | None) -> Done:
        environment = {"PKILAB_PASSWORD": password, **variables}
        result = CliRunner().invoke(app, ["--lab", str(self.lab), *arguments], env=environment)
        return Done(result.exit_code, result.stdout, result.stderr)

    def ok(self, *arguments: str, password: str | None = None) -> Any:
        """The JSON that a command answers; it has to succeed."""
        done = self(*arguments, "--json", password=password)
        assert done.code == 0, done.err
        return done.json

    def configure(self) -> Any:
        return self.ok(*CONFIGURE, password=PASSWORD)


class Terminal:
    """A command at a terminal of its own, as a person sees it."""

    def __init__(self, *arguments: str, home: Path, **variables: str) -> None:
        self.said = ""
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            environment = {
                **os.environ,
                "PKILAB_HOME": str(home),
                "TERM": "dumb",
                "COLUMNS": "500",
                "LINES": "50",
            } | variables
            os.execve(PROGRAM, [str(PROGRAM), *arguments], environment)  # noqa: S606 - no shell is wanted

    def answer(self, question: str, words: str) -> None:
        """Wait for a question and type the answer."""
        self.wait(question)
        os.write(self._master, words.encode() + b"\n")

    def wait(self, text: str, seconds: float = 60) -> None:
        """Wait for a text that was not waited for yet."""
        start = getattr(self, "_seen", 0)
        end = time.monotonic() + seconds
        while text not in self.said[start:]:
            assert self._read(end), f"{text!r} did not come; there was:\n{self.said}"
        self._seen = self.said.index(text, start) + len(text)

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def finish(self) -> int:
        """The exit code, when the command is over."""
        end = time.monotonic() + 60
        while self._read(end):
            pass
        _, status = os.waitpid(self._pid, 0)
        os.close(self._master)
        return os.waitstatus_to_exitcode(status)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
        try:
            new = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux's way to say that the other end has gone
            new = b""
        self.said += re.sub(r"\x1b\[[0-9;]*m", "", new.decode(errors="replace")).replace("\r\n", "\n")
        return bool(new)


class Serving:
    """`pkilab serve` in a process of its own."""

    def __init__(self, home: Path, *more: str) -> None:
        environment = {**os.environ, "PKILAB_HOME": str(home)}
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", *more],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.said = ""
        while not re.search(r"Ctrl-C ends it\.\n|^}\n", self.said, re.MULTILINE):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            self.said += line
        port = re.search(r"127\.0\.0\.1:(\d+)", self.said)
        assert port
        self.port = port[1]

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no process behind when a test fails."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code and what was said after the start."""
        self.process.send_signal(with_signal)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err
