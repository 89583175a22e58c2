"""Opening the browser on the lab, where there is one that does not take the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def has_desktop(environment: Mapping[str, str]) -> bool:
    """Tell whether there is a desktop, or a browser that somebody named."""
    return sys.platform == "darwin" or any(environment.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def show(page: Path, environment: Mapping[str, str]) -> None:
    """Open a page on disk, and do not wait; the browser lives on when the lab ends."""
    subprocess.Popen(  # noqa: S603 - Python's own opener
        [sys.executable, "-m", "webbrowser", "-t", page.as_uri()],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
