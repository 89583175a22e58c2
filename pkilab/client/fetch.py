"""Fetching certificates and saving them beside their keys (C4, C5)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pkilab.client import belonging, renew
from pkilab.client.site import ClientSite
from pkilab.errors import InvalidField, PkilabError
from pkilab.model.acts import Saved
from pkilab.model.certificate import Certificate, Chain
from pkilab.model.names import check_number, check_root
from pkilab.model.settings import ClientSettings
from pkilab.store import files
from pkilab.store.files import NewFile
from pkilab.x509 import certificate as certificates


def fetch_ca(site: ClientSite, settings: ClientSettings, root: str | None) -> Saved:
    """Fetch the CA's own certificate and its chain (C4).

    Raises:
        Unreachable, NotACAServer, Refused: the server did not give it.
        InvalidField, FileInUse, CannotWrite: it cannot be saved under that name.
    """
    from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

    service = Service(settings)
    wire, certificate = service.certificate(0)
    exchange = service.exchange
    chain = service.chain(certificate) or (Chain(certificates=(certificate,)) if certificate.self_issued else None)
    name = _root(root, wire.root)
    warnings = [] if chain else ["The server tells no chain; ask its operator for the certificates above this one."]
    if (site.manager / f"{name}.cer").resolve() in site.own_files():
        chain = None  # This instance is that very CA, and has its chain already.
    saved = _save(site, 0, name, certificate, chain=chain, warnings=warnings)
    return replace(saved, exchange=exchange)


def fetch(site: ClientSite, settings: ClientSettings, number: int, root: str | None) -> Saved:
    """Fetch the certificate of a number; a CA's own comes with its issuers as `<root>-chain.cer` (C5, C6).

    Raises:
        Unreachable, NotACAServer, Refused: the server did not give it.
        InvalidField, FileInUse, CannotWrite: it cannot be saved under that name.
    """
    check_number(number)
    if number == 0:
        return fetch_ca(site, settings, root)
    from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

    service = Service(settings)
    wire, certificate = service.certificate(number)
    exchange = service.exchange
    name = _root(root, wire.root)
    chain = service.chain(service.certificate(0)[1]) if certificate.ca else None
    return replace(_save(site, number, name, certificate, chain=chain, warnings=[]), exchange=exchange)


def _root(given: str | None, servers: str) -> str:
    """Return the file root to save under: the one given, else the server's, which obeys the same rules."""
    if given:
        return check_root(given)
    try:
        return check_root(servers)
    except InvalidField as error:
        why = error.problem.rstrip(".")
        raise InvalidField(
            "File root", f"the server's name for this certificate cannot be a file ({why}); give another."
        ) from None


def _save(
    site: ClientSite, number: int, root: str, certificate: Certificate, *, chain: Chain | None, warnings: list[str]
) -> Saved:
    path, chain_path = site.manager / f"{root}.cer", site.manager / f"{root}-chain.cer"
    wanted = [NewFile(path, certificate.pem.encode(), 0o644)]
    if chain is not None:
        wanted.append(NewFile(chain_path, chain.pem.encode(), 0o644))
    renewed = renew.to_take_over(site, root, certificate) if number else ()
    new = [*(file for file in wanted if not _same(file)), *renewed]
    for file in new:
        site.file(root, file.path.name.removeprefix(root))
    set_aside: tuple[Path, ...] = ()
    if new:
        with site.establish():
            set_aside = files.lay_down(new, field="Manager directory")
            if renewed:
                renew.end(site, root)
    key_path, warning = belonging.key_of(site.manager, root, certificate)
    return Saved(
        number=number,
        root=root,
        path=path,
        certificate=certificate,
        chain=chain,
        chain_path=chain_path if chain is not None else None,
        set_aside=set_aside,
        unchanged=not new,
        key_path=key_path,
        warnings=(*warnings, *warning),
        message=_told(number, path, key_path, set_aside, unchanged=not new),
    )


def _same(file: NewFile) -> bool:
    """Tell whether a file holds the same certificates already, in whatever form."""
    there = files.read_optional(file.path)
    if there is None:
        return False
    try:
        found = certificates.read_all(there, path=file.path)
    except PkilabError:
        return False  # Something else lies there; it will be kept aside.
    return found == certificates.read_all(file.data, path=file.path)


def _told(number: int, path: Path, key: Path | None, set_aside: tuple[Path, ...], *, unchanged: bool) -> str:
    what = "The CA's certificate" if number == 0 else f"Certificate number {number}"
    done = "was there already, unchanged" if unchanged else "was saved"
    aside = f" The earlier one is kept as {', '.join(p.name for p in set_aside)}." if set_aside else ""
    belongs = f" It belongs to the key {key.name}." if key else ""
    check = " Compare its fingerprint with the operator before you trust it." if number == 0 else ""
    return f"{what} {done}. Its file is {path}.{aside}{belongs}{check}"
