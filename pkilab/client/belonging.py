"""Which private key of the manager directory a certificate or a request belongs to."""

from __future__ import annotations

from pathlib import Path

from pkilab.errors import PkilabError
from pkilab.model.certificate import Certificate
from pkilab.store import files
from pkilab.x509 import csr, keys


def key_of(manager: Path, root: str, certificate: Certificate) -> tuple[Path | None, list[str]]:
    """Return the key that a certificate belongs to, and a warning where the key of its file root is another's."""
    under_root = None
    for path in sorted(manager.glob("*.key")):
        public = public_key(path)
        if public == certificate.key.sha256:
            return path, []
        if public is not None and path.stem == root:
            under_root = path
    if under_root is not None and not certificate.self_issued:
        return None, [f"The certificate does not belong to the key in {under_root.name}: it was made for another."]
    return None, []


def public_key(path: Path) -> str | None:
    """Return the identity of a key file's public key: from the key if it lies open, else from the CSR beside it.

    None where there is no key, or where neither tells.
    """
    try:
        data = files.read_optional(path)
        if data is None:
            return None
        if not keys.is_encrypted(data):
            return keys.describe(keys.load(data, None, path=path).public_key()).sha256
        request = files.read_optional(path.with_suffix(".csr"))
        return None if request is None else csr.read(request).key.sha256
    except PkilabError:
        return None  # A file of another tool; it says nothing.
