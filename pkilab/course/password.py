"""The password of the lessons: made up once for each lab, so that no notebook has to hold one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from pkilab.errors import CannotRead

if TYPE_CHECKING:
    from pkilab.lab import Lab

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def lesson_password(lab: Lab) -> str:
    """Return the password that the lessons in this lab use for private keys.

    It is made up when it is first asked for, and kept in the lab's folder in `course/password`, mode 0600. A real
    CA's password is kept nowhere: this one guards nothing but lessons.

    Raises:
        CannotWrite, CannotRead: the lab's folder cannot be used.
    """
    from pkilab.store import files

    path = lab.path / "course" / "password"
    with lab.changing_instances():
        kept = files.read_optional(path)
        if kept is None:
            made = "correct horse " + "".join(secrets.choice(_ALPHABET) for _ in range(12))
            files.replace(path, made.encode() + b"\n", mode=files.PRIVATE, field="Lesson password")
            return made
    try:
        return kept.decode("ascii").strip()
    except UnicodeDecodeError:
        raise CannotRead(path, "it holds no password of a lesson; delete it to have another made up") from None
