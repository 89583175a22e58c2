"""Other people's commands, run for the tests."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class OpenSSL:
    """The `openssl` command at `path`."""

    path: str

    def __call__(self, *arguments: object) -> str:
        """Run it, see that it ends well, and return what it said."""
        code, said = self.tried(*arguments)
        assert code == 0, said
        return said

    def tried(self, *arguments: object) -> tuple[int, str]:
        """Run it and return how it ended, and what it said on both outputs."""
        done = subprocess.run(
            [self.path, *map(str, arguments)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        return done.returncode, done.stdout + done.stderr

    def knows(self, algorithm: str) -> bool:
        """Tell whether it can verify with a key algorithm; OpenSSL 3.0 does not know ML-DSA."""
        return not algorithm.startswith("ml-dsa") or "ML-DSA" in self("list", "-signature-algorithms").upper()
