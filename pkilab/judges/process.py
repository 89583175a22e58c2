"""Other people's commands as processes that are bounded: in time, in memory, in what they may write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

SECONDS = 15
"""How long a command may take, by the clock."""
MEMORY = 1 << 30
"""Octets of address space that a command may have."""
OUTPUT = 1 << 20
"""Octets that a command may write into a file, its output too."""

# A process of its own sets the bounds and becomes the command: what is done between fork and exec in a process with
# threads may hang.
_BOUNDED = """
import os, resource, sys
for kind, bound in ((resource.RLIMIT_AS, {memory}), (resource.RLIMIT_CPU, {seconds}), (resource.RLIMIT_FSIZE, {output}),
                    (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(kind, (bound, bound))
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended, and what it said on both outputs together. `code` None: it was stopped."""

    code: int | None
    text: str


def found(name: str) -> str | None:
    """Return the path of a command, or None where it is not installed."""
    path = shutil.which(name)
    return os.path.realpath(path) if path else None


def run(path: str, arguments: Sequence[str | Path], *, folder: Path) -> Said:
    """Run a command in a folder, with nothing on its input, no shell and an environment of our own."""
    command = [path, *map(str, arguments)]
    if os.name == "posix":
        bounds = _BOUNDED.format(memory=MEMORY, seconds=SECONDS, output=OUTPUT)
        command = [sys.executable, "-I", "-S", "-c", bounds, *command]
    environment = {"LC_ALL": "C", "PATH": os.defpath, "HOME": str(folder), "OPENSSL_CONF": os.devnull}
    with TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours, its arguments are files that we wrote
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
            code = done.returncode if done.returncode >= 0 else None
        except subprocess.TimeoutExpired:
            code = None
        except OSError as error:
            return Said(code=None, text=f"it does not start ({error.strerror})")
        out.seek(0)
        return Said(code=code, text=out.read(OUTPUT).decode("utf-8", "replace"))
