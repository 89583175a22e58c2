"""A private key and its certificate under a file root, with the issuers that lie beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pkilab.errors import CannotRead, KeyMismatch, KeyMissing, PkilabError
from pkilab.model.certificate import Certificate
from pkilab.model.names import check_root
from pkilab.store import files
from pkilab.store.reasons import reason
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain, keys
from pkilab.x509.keys import PrivateKey

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A key and its certificate; `above` are the issuers as far as they are known, the root last."""

    root: str
    path: Path
    certificate: Certificate
    key: PrivateKey = field(repr=False)
    above: tuple[Certificate, ...]

    @property
    def shown(self) -> tuple[Certificate, ...]:
        """Return the certificate and those above it without a root: who trusts the root has it."""
        return without_root((self.certificate, *self.above))


def pair(
    manager: Path,
    root: str,
    password: str | None,
    *,
    known: Iterable[Certificate] = (),
    check: Callable[[Path, Sequence[Certificate]], None] | None = None,
) -> Pair:
    """Return what `<root>.cer` and `<root>.key` of a manager directory give.

    The issuers are looked for among `known` and all `.cer` files there. `check` looks at the certificates before the
    key is opened, and raises what it likes.

    Raises:
        InvalidField: it is no file root.
        CannotRead, CertificateUnreadable, KeyMissing, KeyUnreadable, WeakKey, KeyMismatch: the files are not usable.
        PasswordRequired, WrongPassword: the key is encrypted.
    """
    name = check_root(root)
    path, key_path = manager / f"{name}.cer", manager / f"{name}.key"
    certificate = certificates.read(files.read(path), path=path)
    data = files.read_optional(key_path)
    if data is None:
        raise KeyMissing(key_path)
    found = chain.above(certificate, [*known, *beside(manager)]).certificates
    if check is not None:
        check(path, without_root(found))
    key = keys.load(data, password, path=key_path)
    if not keys.same_public_key(key, certificate):
        raise KeyMismatch(key_path, path, f"{path.name} is about another key. Put the certificate of this key there.")
    return Pair(root=name, path=path, certificate=certificate, key=key, above=found[1:])


def without_root(found: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """Return a chain without its root, unless that is all of it."""
    return tuple(each for at, each in enumerate(found) if at == 0 or not each.self_issued)


def beside(manager: Path) -> list[Certificate]:
    """Return all certificates in the `.cer` files of a directory; other tools' files are passed over."""
    found: list[Certificate] = []
    for path in sorted(manager.glob("*.cer")):
        with suppress(PkilabError):
            found.extend(certificates.read_all(files.read(path), path=path))
    return found


def digests(path: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return hashes of a file of any size, by their names in `hashlib`.

    Raises:
        CannotRead: it cannot be read.
    """
    made = {name: hashlib.new(name) for name in names}
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                for each in made.values():
                    each.update(piece)
    except OSError as error:
        raise CannotRead(path, reason(error)) from error
    return {name: each.digest() for name, each in made.items()}
