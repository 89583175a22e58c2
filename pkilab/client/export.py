"""What a client holds, written for other programs: PKCS#12, a PEM chain, a file of roots to trust (C7)."""

from __future__ import annotations

from pathlib import Path

from pkilab.client import holding
from pkilab.client.site import ClientSite
from pkilab.errors import FileInUse, InvalidField
from pkilab.model import password as password_rule
from pkilab.model.names import check_root
from pkilab.model.uses import Exported
from pkilab.store import files, pairs
from pkilab.store.files import PRIVATE, PUBLIC, NewFile
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain as chains
from pkilab.x509 import container

_LABEL = "PKCS#12 password"


def export(
    site: ClientSite,
    root: str,
    *,
    pkcs12: str | Path | None,
    chain: str | Path | None,
    trust: str | Path | None,
    password: str | None,
    container_password: str | None,
    confirmation: str | None,
    legacy: bool,
) -> Exported:
    """Write the files that are named; all of them or none.

    Raises:
        InvalidField: nothing is named, or what is named is not enough.
        FileInUse, CannotWrite: nothing was written. Else as `CAClient.export`.
    """
    wanted: list[NewFile] = []
    if legacy and pkcs12 is None:
        raise InvalidField("Legacy", "the old encryption is for PKCS#12 files alone; name one, or leave it out.")
    if not root and (pkcs12 is not None or chain is not None):
        raise InvalidField("File root", "say whose key and certificate to export.")
    if pkcs12 is not None:
        data = container_of(site, root, password, container_password or password, confirmation, legacy=legacy)
        wanted.append(NewFile(_place(site, pkcs12), data, PRIVATE))
    if chain is not None:
        wanted.append(NewFile(_place(site, chain), chain_of(site, root), PUBLIC))
    if trust is not None:
        wanted.append(NewFile(_place(site, trust), trusted(site), PUBLIC))
    if not wanted:
        raise InvalidField("Export", "name at least one file: PKCS#12, chain or trust.")
    set_aside = files.lay_down(wanted, field="Export")
    return Exported(
        root=root,
        paths=tuple(file.path for file in wanted),
        set_aside=set_aside,
        message=_told(wanted, set_aside, pkcs12=pkcs12 is not None),
    )


def container_of(
    site: ClientSite, root: str, password: str | None, chosen: str | None, confirmation: str | None, *, legacy: bool
) -> bytes:
    """Return key, certificate and chain of a file root as PKCS#12 under the password that was chosen; see `export`."""
    found = holding.pair(site, root, password)
    sealed = _password(chosen, confirmation)
    return container.write(found.key, found.certificate, found.above, sealed, name=found.root, legacy=legacy)


def trusted(site: ClientSite) -> bytes:
    """Return the roots in the manager directory in PEM.

    Raises:
        NothingToTrust: there is none.
    """
    return "".join(each.pem for each in holding.roots(site)).encode()


def chain_of(site: ClientSite, root: str) -> bytes:
    """Return the certificate and those above it without the root, as servers want it.

    Raises:
        InvalidField, CannotRead, CertificateUnreadable: there is no certificate under that root.
    """
    path = site.manager / f"{check_root(root)}.cer"
    found = chains.above(certificates.read(files.read(path), path=path), pairs.beside(site.manager))
    return "".join(each.pem for each in pairs.without_root(found.certificates)).encode()


def _password(chosen: str | None, confirmation: str | None) -> str:
    if not chosen:
        raise InvalidField(_LABEL, "it will hold the private key, so choose a password for it.")
    return password_rule.agreed(chosen, confirmation, label=_LABEL)


def _place(site: ClientSite, given: str | Path) -> Path:
    path = Path(given).expanduser().absolute()
    if path.resolve() in site.own_files():
        raise FileInUse(path)
    return path


def _told(wanted: list[NewFile], aside: tuple[Path, ...], *, pkcs12: bool) -> str:
    names = holding.together([str(file.path) for file in wanted])
    kept = f" Kept aside: {', '.join(path.name for path in aside)}." if aside else ""
    care = " The PKCS#12 file holds the private key: remove it when the other program has read it." if pkcs12 else ""
    return f"Written: {names}.{kept}{care}"
