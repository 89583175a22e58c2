"""The password for the SMTP server: in a file of its own, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from pkilab.store import files

NAME = "smtp-password"
FIELD = "Mail password"


def save(mgr: Path, password: str) -> None:
    """Keep `password` in the manager directory `mgr`, for its owner's eyes only (0600).

    Raises:
        CannotWrite: the system refused; an earlier password is still there.
    """
    files.replace(mgr / NAME, password.encode("utf-8", "surrogateescape"), mode=files.PRIVATE, field=FIELD)


def load(mgr: Path) -> str | None:
    """Return the password kept in `mgr`, or None if there is none.

    Raises:
        CannotRead: the file is there and cannot be read.
    """
    data = files.read_optional(mgr / NAME)
    return None if data is None else data.decode("utf-8", "surrogateescape")


def drop(mgr: Path) -> None:
    """Forget the password kept in `mgr`, if there is one.

    Raises:
        CannotWrite: the system refused.
    """
    files.remove(mgr / NAME, field=FIELD)
