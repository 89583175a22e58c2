"""What lies in the manager directory, by file root: keys, requests, certificates, renewals that were begun."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from pkilab.client import belonging, renew
from pkilab.client.site import ClientSite
from pkilab.errors import InvalidField, PkilabError
from pkilab.model.certificate import Certificate
from pkilab.model.names import check_root
from pkilab.model.own import OwnFiles
from pkilab.store import files
from pkilab.x509 import certificate as certificates
from pkilab.x509 import csr, keys

T = TypeVar("T")
Stamp = tuple[int, int, int]
_CHAIN = "-chain"
_ENDINGS = (renew.KEY, renew.REQUEST, ".key", ".csr", ".cer")


def own(site: ClientSite) -> tuple[OwnFiles, ...]:
    """Return what lies under each file root, by name; files of the instance's own CA are left out.

    A file that cannot be read is told in `troubles`, and hides no other.
    """
    taken = site.own_files()
    found: dict[str, dict[str, Stamp]] = {}
    for path in site.manager.glob("*"):
        root, ending = _split(path)
        if root and path.resolve() not in taken and (stamp := _stamp(path)):
            found.setdefault(root, {})[ending] = stamp
    return tuple(
        _under(site.manager, root, tuple(sorted(found[root].items())))
        for root in sorted(found, key=lambda root: (root.lower(), root))
    )


def _stamp(path: Path) -> Stamp | None:
    """Return what changes when a file does; None where it is no file."""
    try:
        about = path.stat()
    except OSError:
        return None
    return (about.st_mtime_ns, about.st_size, about.st_ino) if S_ISREG(about.st_mode) else None


def _split(path: Path) -> tuple[str, str]:
    """Return the file root that a file lies under, and its ending; both empty where its name is none of ours."""
    ending = next((each for each in _ENDINGS if path.name.endswith(each)), None)
    if ending is None:
        return "", ""
    name = path.name.removesuffix(ending)
    if ending == ".cer" and name.endswith(_CHAIN) and path.with_name(f"{name.removesuffix(_CHAIN)}.cer").exists():
        name, ending = name.removesuffix(_CHAIN), f"{_CHAIN}.cer"
    try:
        return check_root(name), ending
    except InvalidField:
        return "", ""


@lru_cache(maxsize=1024)
def _under(manager: Path, root: str, stamps: tuple[tuple[str, Stamp], ...]) -> OwnFiles:
    """Return what lies under a file root; read again when one of its files changed: pages look once a second."""
    there, troubles = {ending for ending, _ in stamps}, []

    def read(ending: str, as_what: Callable[[bytes, Path], T]) -> T | None:
        path = manager / f"{root}{ending}"
        try:
            data = files.read_optional(path) if ending in there else None
            return None if data is None else as_what(data, path)
        except PkilabError as error:
            troubles.append(str(error))
            return None

    encrypted = read(".key", lambda data, _: keys.is_encrypted(data))
    request = read(".csr", lambda data, _: csr.read(data))
    certificate = read(".cer", lambda data, path: certificates.read(data, path=path))
    return OwnFiles(
        root=root,
        key=encrypted is not None,
        key_encrypted=bool(encrypted),
        request=request,
        certificate=certificate,
        chain=f"{_CHAIN}.cer" in there,
        belongs=_belongs(manager / f"{root}.key", certificate) if encrypted is not None else None,
        renewal=read(renew.REQUEST, lambda data, _: csr.read(data)),
        troubles=tuple(troubles),
    )


def _belongs(key: Path, certificate: Certificate | None) -> bool | None:
    public = belonging.public_key(key) if certificate is not None else None
    return None if certificate is None or public is None else public == certificate.key.sha256
