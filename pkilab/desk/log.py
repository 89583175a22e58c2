"""Where the desks of a lab log what nobody foresaw: `run/desk.log` in the lab's folder, for its owner's eyes only."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

WHERE = "run/desk.log in the lab's folder"
_LIMIT = 2 * 1024 * 1024


class _Private(RotatingFileHandler):
    """A handler that makes its file when there is something to log, for its owner alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_LIMIT, backupCount=1, encoding="utf-8", delay=True)

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as in logging, which types it apart
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()


def logger(lab: Path) -> logging.Logger:
    """Return the logger of a lab's desks; nothing of it is written elsewhere."""
    path = lab / "run" / "desk.log"
    found = logging.getLogger(f"pkilab.desk.{path}".replace(".", "_"))
    if not found.handlers:
        handler = _Private(path)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        found.addHandler(handler)
        found.propagate = False
    return found
