"""Renewing a certificate: the same subject and names again, for a new key or for the same one (X3).

What is in use stays in use: new key and request lie beside it as `<root>.renew.key` and `.renew.csr`, and take its
place, the earlier files set aside, when the new certificate is fetched.
"""

from __future__ import annotations

from pathlib import Path

from pkilab.client import belonging
from pkilab.client.site import ClientSite
from pkilab.errors import KeyMismatch, KeyMissing, NothingToRenew, RootNotRenewed
from pkilab.model.algorithm import DEFAULT_CLIENT, KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.names import check_root
from pkilab.model.password import agreed
from pkilab.model.request import SigningRequest
from pkilab.store import files
from pkilab.store.files import NewFile
from pkilab.x509 import certificate as certificates
from pkilab.x509 import csr, keys, renewal

KEY, REQUEST = ".renew.key", ".renew.csr"
_FIELD = "Manager directory"


def rekey(
    site: ClientSite, root: str, *, algorithm: KeyAlgorithm | None, password: str | None, confirmation: str | None
) -> tuple[SigningRequest, tuple[Path, ...]]:
    """Write a new key pair and a request for what the certificate of a file root holds; return it and what was kept.

    `algorithm` None: that of the certificate. A renewal that was begun before is kept aside.

    Raises:
        NothingToRenew, CertificateUnreadable: there is no certificate under that root.
        InvalidField, PasswordsDiffer, FileInUse, CannotWrite: nothing was written.
    """
    agreed(password or "", confirmation)
    earlier = certificate(site, root)
    key = keys.generate(algorithm or earlier.key.algorithm or DEFAULT_CLIENT)
    request = renewal.renewal(key, earlier)
    new = [
        NewFile(site.file(root, KEY), keys.dump(key, password or None), 0o600),
        NewFile(site.file(root, REQUEST), request.pem.encode(), 0o644),
    ]
    with site.establish():
        return request, files.lay_down(new, field=_FIELD)


def same_key(site: ClientSite, root: str, *, password: str | None) -> tuple[SigningRequest, tuple[Path, ...]]:
    """Write a request of the key that is in use; return it and what was kept aside.

    Raises:
        NothingToRenew, CertificateUnreadable: there is no certificate under that root.
        KeyMissing, PasswordRequired, WrongPassword, KeyUnreadable, KeyMismatch: its key cannot be used.
        FileInUse, CannotWrite: nothing was written.
    """
    earlier = certificate(site, root)
    key_path = site.file(root, ".key")
    data = files.read_optional(key_path)
    if data is None:
        raise KeyMissing(key_path)
    key = keys.load(data, password or None, path=key_path)
    if not keys.same_public_key(key, earlier):
        raise KeyMismatch(
            key_path, site.file(root, ".cer"), "the certificate was made for another key; take a new one."
        )
    request = renewal.renewal(key, earlier)
    new = NewFile(site.file(root, REQUEST), request.pem.encode(), 0o644)
    with site.establish():
        return request, put_off(site, root) + files.lay_down([new], field=_FIELD)


def begun(site: ClientSite, root: str) -> SigningRequest | None:
    """Return the request of a renewal that was begun and whose certificate was not fetched yet; None if none was.

    Raises:
        InvalidCSR: the file holds none.
    """
    data = files.read_optional(site.manager / f"{root}{REQUEST}")
    return None if data is None else csr.read(data)


def to_take_over(site: ClientSite, root: str, certificate: Certificate) -> tuple[NewFile, ...]:
    """Return the files that take the place of those in use when `certificate` is saved: none if it is no renewal's.

    Raises:
        FileInUse: they are of the instance's own CA.
    """
    request = files.read_optional(site.manager / f"{root}{REQUEST}")
    if request is None or csr.read(request).key.sha256 != certificate.key.sha256:
        return ()
    found = [NewFile(site.file(root, ".csr"), request, 0o644)]
    key_path = site.manager / f"{root}{KEY}"
    key = files.read_optional(key_path)
    if key is not None and belonging.public_key(key_path) == certificate.key.sha256:
        found.append(NewFile(site.file(root, ".key"), key, 0o600))
    return tuple(found)


def end(site: ClientSite, root: str) -> None:
    """Remove what lay beside the files that a renewal's took the place of.

    Raises:
        CannotWrite: the system refused.
    """
    for ending in (KEY, REQUEST):
        files.remove(site.manager / f"{root}{ending}", field=_FIELD)


def put_off(site: ClientSite, root: str) -> tuple[Path, ...]:
    """Set a renewal that was begun aside, as something newer is sent under its root; return where it lies now.

    Raises:
        CannotWrite: the system refused.
    """
    paths = (site.manager / f"{root}{ending}" for ending in (KEY, REQUEST))
    return tuple(files.set_aside(path, field=_FIELD) for path in paths if path.exists())


def certificate(site: ClientSite, root: str) -> Certificate:
    """Return the certificate that lies under a file root.

    Raises:
        NothingToRenew, RootNotRenewed, CertificateUnreadable, FileInUse: there is none that could be renewed.
    """
    path = site.file(check_root(root), ".cer")
    data = files.read_optional(path)
    if data is None:
        raise NothingToRenew(path)
    found = certificates.read(data, path=path)
    if found.self_issued and found.ca:
        raise RootNotRenewed(path)
    return found
