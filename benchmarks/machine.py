"""What was measured on: told with every figure, as a figure alone says little."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.backends.openssl import backend

_SYNCS = 100


def machine(folder: Path) -> dict[str, str]:
    """Return what the machine is, and how fast its disk makes a write durable in `folder`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": f"{platform.system()} {platform.release()}, {_distribution()}",
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "a write made durable": f"{_sync_milliseconds(folder):.2f} ms",
        "busy before the first run": f"{os.getloadavg()[0]:.1f} processes in a minute's mean",
    }


def versions() -> dict[str, str]:
    """Return the versions of what every row runs on."""
    return {
        "pkilab": version("pkilab"),
        "python": sys.version.split()[0],
        "cryptography": version("cryptography"),
        "openssl": backend.openssl_version_text().removeprefix("OpenSSL ").split(" ")[0],
        "sqlite": sqlite3.sqlite_version,
        "sqlalchemy": version("sqlalchemy"),
        "uvicorn": version("uvicorn"),
    }


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _sync_milliseconds(folder: Path) -> float:
    """Return the median of writing a page to a file and making it durable."""
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            began = perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            taken.append((perf_counter() - began) * 1000)
    return statistics.median(taken)
