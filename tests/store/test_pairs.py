"""A key and its certificate are read together, and refused together."""

import hashlib
from pathlib import Path

import pytest

from pkilab.errors import CannotRead, InvalidField, KeyMismatch, KeyMissing, PasswordRequired, WrongPassword
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.store import pairs
from pkilab.x509 import keys
from tests.x509.samples import PASSWORD, WRONG, issued, key, request, root


@pytest.fixture
def manager(tmp_path: Path) -> Path:
    own = key(KeyAlgorithm.EC_P256, 1)
    (tmp_path / "Edge.cer").write_text(issued(request(of=own)).pem)
    (tmp_path / "Edge.key").write_bytes(keys.dump(own, PASSWORD))
    (tmp_path / "MyCA.cer").write_text(root().pem)
    (tmp_path / "Broken.cer").write_text("no certificate")
    return tmp_path


def test_a_pair_comes_with_its_issuers_and_shows_no_root(manager: Path) -> None:
    found = pairs.pair(manager, "Edge", PASSWORD)
    assert found.above == (root(),)
    assert found.shown == (found.certificate,)
    assert keys.same_public_key(found.key, found.certificate)
    assert "PrivateKey" not in repr(found)


def test_what_does_not_fit_is_refused(manager: Path) -> None:
    with pytest.raises(PasswordRequired):
        pairs.pair(manager, "Edge", None)
    with pytest.raises(WrongPassword):
        pairs.pair(manager, "Edge", WRONG)
    with pytest.raises(KeyMissing):
        pairs.pair(manager, "MyCA", None)
    with pytest.raises(CannotRead):
        pairs.pair(manager, "Nothing", None)
    with pytest.raises(InvalidField):
        pairs.pair(manager, "../Edge", None)
    (manager / "Edge.cer").write_text(root().pem)
    with pytest.raises(KeyMismatch):
        pairs.pair(manager, "Edge", PASSWORD)


def test_the_certificates_are_looked_at_before_the_key_is_opened(manager: Path) -> None:
    def refuse(path: Path, shown: object) -> None:
        raise InvalidField(path.name, "no.")

    with pytest.raises(InvalidField, match=r"Edge\.cer"):
        pairs.pair(manager, "Edge", None, check=refuse)


def test_a_root_alone_is_shown() -> None:
    assert pairs.without_root((root(),)) == (root(),)
    assert pairs.without_root(()) == ()


def test_files_of_any_size_are_hashed_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * (3 * (1 << 20) + 7))
    found = pairs.digests(path, ["sha256", "sha512"])
    assert found == {name: hashlib.new(name, path.read_bytes()).digest() for name in ("sha256", "sha512")}
    for wrong in (tmp_path / "none", tmp_path):
        with pytest.raises(CannotRead):
            pairs.digests(wrong, ["sha256"])
