"""What an application is told when it starts: in a file of mode 0600, as it holds the token."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pkilab.running.state import private

FILE = "application.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An application. `token` lets people in, `secret` (hex) signs their cookies; both stay in the file.

    `pool` pages are made ready beforehand; a page's kernel ends when nothing was heard of the page for `idle` seconds;
    at most `most` kernels run at once.
    """

    name: str
    title: str
    notebook: Path
    bind: str
    port: int
    sockets: Path
    transport: str
    pool: int
    idle: float
    most: int = 60
    token: str = field(repr=False)
    secret: str = field(repr=False)


def save(settings: Settings, folder: Path) -> None:
    """Write the settings into a folder.

    Raises:
        CannotWrite: the system refused.
    """
    text = json.dumps(asdict(settings), indent=2, default=str)
    private(folder / FILE, text)


def load(folder: Path) -> Settings:
    """Return the settings in a folder, as they were saved."""
    found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Settings(**{**found, "notebook": Path(found["notebook"]), "sockets": Path(found["sockets"])})
