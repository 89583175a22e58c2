"""Step one of configuring a CA server: what is there under a directory and a file root (S1)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pkilab.authority.site import Site
from pkilab.errors import CannotRead, InvalidField
from pkilab.model.acts import Found
from pkilab.model.names import check_root
from pkilab.model.text import check_line
from pkilab.store import files
from pkilab.x509 import keys

_FIELD = "Directory"


def look(site: Site, *, root: str, directory: str | Path) -> Found:
    """Return what is there; nothing is made.

    Raises:
        InvalidField: root or directory break their rules.
        MediumEjected: the directory lies on a lab medium that is not mounted.
        CannotRead: a file is there but may not be read.
    """
    place = resolve(site.manager, directory)
    site.check_place(place)
    name = check_root(root)
    there = {}
    digest = hashlib.sha256()
    for ending in (".key", ".cer", ".srl"):
        path = place / f"{name}{ending}"
        content = _content(path)
        digest.update(repr((ending, content)).encode())
        there[ending] = (path, content) if content is not None else None
    key = there[".key"]
    return Found(
        directory=place,
        root=name,
        key=key[0] if key else None,
        certificate=there[".cer"][0] if there[".cer"] else None,
        serial=there[".srl"][0] if there[".srl"] else None,
        key_encrypted=bool(key and keys.is_encrypted(key[1])),
        state=digest.hexdigest(),
    )


def resolve(manager: Path, directory: str | Path | None) -> Path:
    """Return the directory as an absolute path; a relative one lies in the manager directory.

    Raises:
        InvalidField: empty, too long, control characters, a relative path that leads out, or no folder.
    """
    text = check_line(_FIELD, "" if directory is None else str(directory), upper_bound=1000, required=True)
    given = Path(text)
    if given.parts[:1] and given.parts[0].startswith("~"):
        raise InvalidField(_FIELD, "~ is not understood here; give the whole path, beginning with /.")
    if not given.is_absolute() and ".." in given.parts:
        raise InvalidField(
            _FIELD,
            "a relative directory lies in the manager directory and may not lead out of it with ..; "
            "give an absolute path instead.",
        )
    # Without .. and links, so that one folder has one name wherever it is compared.
    place = (given if given.is_absolute() else manager / given).resolve()
    try:
        if place.exists() and not place.is_dir():
            raise InvalidField(_FIELD, f"{place} is a file; choose a folder.")
    except OSError as error:
        raise InvalidField(_FIELD, f"{text} cannot be used ({error.strerror}); choose another folder.") from None
    return place


def _content(path: Path) -> bytes | None:
    if path.is_dir():
        raise CannotRead(path, "it is a folder")
    return files.read_optional(path)
