"""One program of a running lab: how it is called, its log, and its life from start to end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pkilab.errors import DoesNotStart
from pkilab.model.running import Part, PartState
from pkilab.running import watch
from pkilab.running.state import as_cannot_write

LOG_LIMIT = 4 * 1024 * 1024
"""Octets of a log; what is older is kept once, as `<name>.log.1`."""
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait before starting again what ended, the longer the more often it did."""
QUICKLY = (sys.executable, "-P", "-m", "pkilab.running.quick")
"""How a module of Python is run as a program, up sooner than by `python -m`."""
_STEADY = 60.0
"""Seconds after which a program counts as steady again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """How a part of the lab is run. `answers` gives its address as soon as it answers, and None before.

    Every user of the machine can read `arguments`: no secret is in them.
    """

    name: str
    label: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    answers: Callable[[], str | None]


class Child:
    """A program as it runs now, and comes back when it dies."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self.state = PartState.STARTING
        self.url = ""
        self.restarts = 0
        self.began = 0.0
        """When it was started, on the monotonic clock."""
        self.due: float | None = None
        """When it is to be started again, on the monotonic clock."""
        self.died_early = 0
        """How often it died before it ever answered."""
        self._deaths = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def part(self) -> Part:
        """Return it as others see it."""
        pid = None if self._process is None else self._process.pid
        return Part(
            name=self.program.name,
            label=self.program.label,
            state=self.state,
            url=self.url,
            pid=pid,
            restarts=self.restarts,
            log=self.log,
        )

    @property
    def group(self) -> int | None:
        """Return the group of its processes, which is its own."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it in a session of its own, with nothing to read from and its log to write to.

        Raises:
            CannotWrite: its log cannot be written.
            DoesNotStart: the system does not run it.
        """
        with as_cannot_write(self.log):
            descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                self.program.arguments,
                env=dict(self.program.environment),
                cwd=self.program.folder,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise DoesNotStart(self.program.label, self.log, error.strerror or type(error).__name__) from error
        finally:
            os.close(descriptor)
        self.state, self.began, self.due = PartState.STARTING, time.monotonic(), None

    def ended(self) -> str | None:
        """Return how it ended, in words, and when to start it again; None while it runs."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        watch.signal_group(self._process.pid, signal.SIGKILL)  # what it left of its own
        self._process = None
        if self.url:
            self.restarts += 1
        else:
            self.died_early += 1
        lived = time.monotonic() - self.began
        self._deaths = 1 if lived > _STEADY else self._deaths + 1
        self.state = PartState.ENDED
        self.due = time.monotonic() + BACK_OFF[min(self._deaths, len(BACK_OFF)) - 1]
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def look(self) -> bool:
        """Ask whether it answers, and tell whether it does now and did not before."""
        if self.state is not PartState.STARTING or (url := self.program.answers()) is None:
            return False
        self.state, self.url = PartState.RUNNING, url
        return True

    def signal(self, number: int) -> bool:
        """Signal its processes, and tell whether there are any."""
        if self._process is None:
            return False
        self._process.poll()
        return watch.signal_group(self._process.pid, number)

    def last_words(self) -> str:
        """Return the last line of its log."""
        with contextlib.suppress(OSError):
            lines = self.log.read_bytes()[-4096:].decode("utf-8", "replace").strip().splitlines()
            return lines[-1].strip()[:300] if lines else "it said nothing"
        return "it said nothing"

    def new_log(self) -> None:
        """Begin a new log; the one before it is kept."""
        with as_cannot_write(self.log), contextlib.suppress(FileNotFoundError):
            self.log.replace(self._older)

    def bound_log(self) -> None:
        """Keep the log within its limit; its writers append, so that it may be cut under them."""
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_LIMIT:
                shutil.copyfile(self.log, self._older)
                os.truncate(self.log, 0)

    @property
    def _older(self) -> Path:
        return self.log.with_name(f"{self.log.name}.1")
