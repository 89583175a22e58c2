"""Keeping a CA's private key: encrypting one that lies open, and laying out a PKCS#12 file (S3)."""

from __future__ import annotations

import re
from pathlib import Path

from pkilab.authority.issue import open_key
from pkilab.authority.look import look, resolve
from pkilab.authority.site import Site, key_path
from pkilab.authority.wish import check_password
from pkilab.errors import InvalidField
from pkilab.model.acts import Imported, KeyEncrypted
from pkilab.model.names import check_root
from pkilab.store import files, journal
from pkilab.store.files import NewFile
from pkilab.x509 import container, keys


def encrypt_key(site: Site, *, password: str | None, confirmation: str | None, by: str) -> KeyEncrypted:
    """Encrypt the CA's private key in place, if it lies open.

    Raises:
        InvalidField: it is encrypted already, or the password cannot be used.
        PasswordsDiffer, KeyMissing, CannotWrite: as they say; the file is as it was.
    """
    with site.registry.reading() as tx:
        authority = site.authority(tx)
    path = key_path(authority)
    data = files.read_optional(path)
    if data is not None and keys.is_encrypted(data):
        raise InvalidField("Private key", f"{path.name} is encrypted already; nothing was changed.")
    key = open_key(authority, None)
    chosen = check_password(password, confirmation)
    files.replace(path, keys.dump(key, chosen), mode=0o600, field="Private key")
    with site.writing() as tx:
        facts = {"root": authority.settings.root}
        entry = journal.append(tx, site.instance, at=site.clock(), by=site.acting(by), act="key encrypted", facts=facts)
    site.note_head(authority, entry)
    return KeyEncrypted(path=path, message=f"The private key {path.name} is encrypted now. Remember its password.")


def import_container(
    site: Site,
    path: Path,
    *,
    password: str | None,
    root: str | None,
    directory: str | Path,
    data: bytes | None = None,
) -> Imported:
    """Lay a PKCS#12 file out as `<root>.key`, `.cer` and `-chain.cer`, the key under the container's password.

    With `data`, its octets, nothing is read and `path` only names it.

    Raises:
        ContainerUnreadable, WrongPassword, PasswordRequired, CannotRead: the file cannot be opened.
        InvalidField: root or directory break their rules, or a key and a certificate are there already.
        CannotWrite: nothing was written.
    """
    name = check_root(root or re.sub(r"[^A-Za-z0-9_-]", "-", path.stem)[:64])
    place = resolve(site.manager, directory)
    key, certificate, chain = container.read(files.read(path) if data is None else data, password, path=path)
    if look(site, root=name, directory=directory).existing:
        raise InvalidField("File root", f"{name}.key and {name}.cer are in {place} already; choose another file root.")
    new = [
        NewFile(place / f"{name}.key", keys.dump(key, password or None), 0o600),
        NewFile(place / f"{name}.cer", certificate.pem.encode(), 0o644),
    ]
    if chain:
        pems = "".join(issuer.pem for issuer in chain)
        new.append(NewFile(place / f"{name}-chain.cer", pems.encode(), 0o644))
    with site.establish():
        set_aside = files.lay_down(new, field="Directory")
    return Imported(
        directory=place,
        root=name,
        paths=tuple(file.path for file in new),
        set_aside=set_aside,
        message=f"{path.name} is laid out in {place} as {', '.join(file.path.name for file in new)}. "
        f"Configure the server with file root {name} to use it.",
    )
