"""The programs to compare with: where they are, and how to get them. `tools/peers.sh` installs them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks.measure import PeerMissing

ROOT = Path(__file__).resolve().parents[2]
DJANGO_CA = ROOT / ".peers" / "django-ca" / "bin" / "python"
"""The interpreter of django-ca's own environment."""


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        PeerMissing: it is not there.
    """
    found = shutil.which(name)
    if found is None:
        raise PeerMissing(f"{name} is not installed; `make bench` says how to get it")
    return found


def django_ca() -> str:
    """Return the interpreter that has django-ca.

    Raises:
        PeerMissing: there is none.
    """
    if not DJANGO_CA.exists():
        raise PeerMissing("django-ca has no environment yet; `make bench` makes one")
    return str(DJANGO_CA)


def cfssl_version() -> str:
    """Return the version of cfssl, with that of its Go."""
    said = subprocess.run([program("cfssl"), "version"], capture_output=True, text=True, check=True).stdout
    known = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    return f"{known['Version'].strip()} ({known.get('Runtime', '').strip()})"


def wrk_version() -> str:
    """Return the version of wrk, which tells it while it refuses the option that asks for it."""
    said = subprocess.run([program("wrk"), "-v"], capture_output=True, text=True, check=False).stdout
    return said.split(" [")[0].removeprefix("wrk ").strip()


def django_ca_versions() -> dict[str, str]:
    """Return the versions of django-ca and of what it stands on."""
    ask = (
        "from importlib.metadata import version\n"
        "for name in ('django-ca', 'django', 'cryptography'): print(name, version(name))"
    )
    said = subprocess.run([django_ca(), "-c", ask], capture_output=True, text=True, check=True).stdout
    found = dict(line.split() for line in said.splitlines())
    return {name if name.startswith("django") else f"{name}, for django-ca": number for name, number in found.items()}
