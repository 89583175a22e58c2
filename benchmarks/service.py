"""`pkilab serve` over a lab as a process of its own, that can be killed and started again on the same port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

_SECONDS = 60


class Server(AbstractContextManager["Server"]):
    """A program that serves HTTP on a port of this machine, ready once it answers at all.

    It is asked with a GET, or with a POST of `probe` where a program takes nothing else.
    """

    def __init__(
        self,
        command: list[str],
        port: int,
        *,
        environment: dict[str, str] | None = None,
        probe: bytes | None = None,
        quiet: bool = False,
    ) -> None:
        self.port = port
        self._probe = probe
        self._quiet = quiet
        self._command = command
        self._environment = os.environ | (environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if self._quiet else None,
        )
        end = time.monotonic() + _SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self._command[0]} does not serve")
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it by a signal, and return when it is gone."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(_SECONDS)
            self._process = None

    @property
    def memory(self) -> int:
        """Return the octets of main memory that it takes (Linux)."""
        return self._status("VmRSS") * 1024

    @property
    def peak_memory(self) -> int:
        """Return the most octets of main memory that it took so far (Linux)."""
        return self._status("VmHWM") * 1024

    def _status(self, name: str) -> int:
        if self._process is None:
            raise RuntimeError("it does not run")
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", self._probe, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def pkilab(lab: Path) -> Server:
    """Return `pkilab serve` over a lab, on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "pkilab.cli", "serve", "--port", str(port)]
    return Server(command, port, environment={"PKILAB_HOME": str(lab)})


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
