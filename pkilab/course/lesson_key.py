"""A CA's key that a learner gave a password of their own: noticed before a lesson fails, and put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkilab.errors import KeyMissing, WrongPassword

if TYPE_CHECKING:
    from pathlib import Path

    from pkilab.authority.server import CAServer

MEND = (
    "Its key has a password of your own. Type it into a form's field wherever one asks for it. For the lessons' cells, "
    "run once: `from getpass import getpass`, then `story.take_over(getpass())`, and type it there; from then on the "
    "key opens with the lessons' password."
)


def opens(server: CAServer, password: str) -> bool:
    """Tell whether a password opens the key of a CA; one that is not there now, or lies open, counts as opened."""
    from pkilab.store import files
    from pkilab.x509 import keys

    path = _path(server)
    data = files.read_optional(path)
    if data is None or not keys.is_encrypted(data):
        return True
    try:
        keys.load(data, password, path=path)
    except WrongPassword:
        return False
    return True


def lock_anew(server: CAServer, old: str, new: str) -> None:
    """Encrypt the key of a CA with another password.

    Raises:
        KeyMissing: it is not there.
        WrongPassword: `old` does not open it.
        CannotWrite: the file is as it was.
    """
    from pkilab.store import files
    from pkilab.x509 import keys

    path = _path(server)
    data = files.read_optional(path)
    if data is None:
        raise KeyMissing(path)
    key = keys.load(data, old or None, path=path)
    files.replace(path, keys.dump(key, new), mode=files.PRIVATE, field="Private key")


def _path(server: CAServer) -> Path:
    settings = server.settings
    found = server.look(root=settings.root, directory=settings.directory)
    return found.key or found.directory / f"{found.root}.key"
