"""What lies in the manager directory, by file root: keys, requests, certificates, renewals that were begun."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
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
_CHAIN = "-chain"
_ENDINGS = (renew.KEY, renew.REQUEST, ".key", ".csr", ".cer")


def own(site: ClientSite) -> tuple[OwnFiles, ...]:
    """Return what lies under each file root, by name; files of the instance's own CA are left out.

    A file that cannot be read is told in `troubles`, and hides no other.
    """
    taken = site.own_files()
    roots = {
        root
        for path in site.manager.glob("*")
        if (root := _root(path)) and path.is_file() and path.resolve() not in taken
    }
    return tuple(_under(site, root, taken) for root in sorted(roots, key=lambda root: (root.lower(), root)))


def _root(path: Path) -> str:
    """Return the file root that a file lies under; empty where its name is none of ours."""
    ending = next((each for each in _ENDINGS if path.name.endswith(each)), None)
    if ending is None:
        return ""
    name = path.name.removesuffix(ending)
    if ending == ".cer" and name.endswith(_CHAIN) and path.with_name(f"{name.removesuffix(_CHAIN)}.cer").exists():
        return ""
    try:
        return check_root(name)
    except InvalidField:
        return ""


def _under(site: ClientSite, root: str, taken: frozenset[Path]) -> OwnFiles:
    troubles: list[str] = []

    def read(ending: str, as_what: Callable[[bytes, Path], T]) -> T | None:
        path = site.manager / f"{root}{ending}"
        if path.resolve() in taken:
            return None
        try:
            data = files.read_optional(path)
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
        chain=bool(read("-chain.cer", lambda data, _: data)),
        belongs=_belongs(site.manager / f"{root}.key", certificate) if encrypted is not None else None,
        renewal=read(renew.REQUEST, lambda data, _: csr.read(data)),
        troubles=tuple(troubles),
    )


def _belongs(key: Path, certificate: Certificate | None) -> bool | None:
    public = belonging.public_key(key) if certificate is not None else None
    return None if certificate is None or public is None else public == certificate.key.sha256
