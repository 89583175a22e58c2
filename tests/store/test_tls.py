"""What a server speaks TLS with: read from any tool's files, refused in words, or made at once."""

from __future__ import annotations

import os
import ssl
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from pkilab.errors import (
    CannotDo,
    CannotRead,
    CertificateUnreadable,
    InvalidField,
    KeyMismatch,
    KeyMissing,
    KeyUnreadable,
    PasswordRequired,
    WrongPassword,
)
from pkilab.lab import utc_now
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.san import AlternativeName, server_names
from pkilab.model.usage import Usage
from pkilab.store import tls
from pkilab.store.tls import ServerTls
from pkilab.x509 import csr, issue, keys

NOW = utc_now()
PASSWORD = "correct horse of the server"
NAMES = (AlternativeName.parse("DNS:web.lab.test"),)
ML_DSA_IN_TLS = ssl.OPENSSL_VERSION_INFO[:2] >= (3, 5)
"""Whether the OpenSSL of this Python knows ML-DSA."""


class Authority:
    """A root and an intermediate CA below it."""

    def __init__(self, algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> None:
        self.root_key = keys.generate(algorithm)
        self.root = issue.root(self.root_key, DN(common_name="Root"), days=100, serial=1, now=NOW)
        self.key = keys.generate(algorithm)
        request = csr.build(self.key, DN(common_name="Intermediate"), ())
        self.certificate = self._issued(request, self.root, self.root_key, Usage.INTERMEDIATE)

    def _issued(self, request: Any, issuer: Certificate, key: Any, usage: Usage, days: int = 50) -> Certificate:
        named: dict[str, Any] = {"serial": 7, "usage": usage, "path_length": None, "days": days, "now": NOW}
        return issue.leaf(request, issuer=issuer, issuer_key=key, **named)[0]

    def server(self, key: Any, usage: Usage = Usage.TLS, names: tuple[AlternativeName, ...] = NAMES) -> Certificate:
        return self._issued(csr.build(key, DN(common_name="A server"), names), self.certificate, self.key, usage)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def laid(folder: Path, certificate: Certificate, key: bytes, root: str = "Web") -> None:
    (folder / f"{root}.cer").write_text(certificate.pem)
    (folder / f"{root}.key").write_bytes(key)


def read(folder: Path, password: str | None = None, root: str = "Web", **more: Any) -> ServerTls:
    named: dict[str, Any] = {"known": (), "now": NOW} | more
    return tls.from_files(folder, root, password, **named)


def shown(server: ServerTls, trusted: str, *, host: str = "web.lab.test", **wanted: Any) -> str:
    """Shake hands in memory, as a client that trusts this alone; return the TLS version."""
    client = ssl.create_default_context(cadata=trusted)
    for name, value in wanted.items():
        setattr(client, name, value)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host)
    far = server.context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(5):
        for end in (near, far):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert near.getpeercert(True) == server.certificate.der
    return near.version() or ""


@pytest.mark.parametrize(
    "algorithm",
    [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P384, KeyAlgorithm.EC_P521, KeyAlgorithm.ED25519],
)
def test_a_client_that_has_only_the_root_can_check_what_is_shown(
    tmp_path: Path, authority: Authority, algorithm: KeyAlgorithm
) -> None:
    key = keys.generate(algorithm)
    laid(tmp_path, authority.server(key), keys.dump(key, PASSWORD))
    (tmp_path / "Something-chain.cer").write_text(authority.certificate.pem + authority.root.pem)
    assert shown(read(tmp_path, PASSWORD), authority.root.pem) == "TLSv1.3"


def test_issuers_that_the_caller_knows_are_shown_too(tmp_path: Path, authority: Authority) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    laid(tmp_path, authority.server(key), keys.dump(key, None))
    assert shown(read(tmp_path, known=[authority.certificate]), authority.root.pem)
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(read(tmp_path), authority.root.pem)


def test_old_protocols_are_not_spoken(tmp_path: Path, authority: Authority) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    laid(tmp_path, authority.server(key), keys.dump(key, None))
    server = read(tmp_path, known=[authority.certificate])
    assert server.context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert shown(server, authority.root.pem, maximum_version=ssl.TLSVersion.TLSv1_2) == "TLSv1.2"


@pytest.mark.parametrize("form", ["pkcs8 der", "pkcs1 pem", "pkcs1 der", "pkcs8 encrypted der"])
def test_a_key_may_come_from_any_tool(tmp_path: Path, authority: Authority, form: str) -> None:
    key = keys.generate(KeyAlgorithm.RSA_2048)
    encoding = serialization.Encoding.DER if "der" in form else serialization.Encoding.PEM
    old, new = serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8
    sealed = serialization.BestAvailableEncryption(PASSWORD.encode())
    encryption = sealed if "encrypted" in form else serialization.NoEncryption()
    laid(tmp_path, authority.server(key), key.private_bytes(encoding, old if "pkcs1" in form else new, encryption))
    assert shown(read(tmp_path, PASSWORD, known=[authority.certificate]), authority.root.pem)


def test_the_files_stay_as_they_are_and_no_key_is_left_anywhere(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, manager = tmp_path / "temporary", tmp_path / "mgr"
    temporary.mkdir()
    manager.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    key = keys.generate(KeyAlgorithm.EC_P256)
    laid(manager, authority.server(key), keys.dump(key, PASSWORD))
    before = {path: path.read_bytes() for path in manager.iterdir()}
    read(manager, PASSWORD)
    assert {path: path.read_bytes() for path in manager.iterdir()} == before
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_used_is_refused_in_words(tmp_path: Path, authority: Authority) -> None:
    key, other = keys.generate(KeyAlgorithm.EC_P256), keys.generate(KeyAlgorithm.EC_P256)
    with pytest.raises(InvalidField):
        read(tmp_path, root="../Web")
    with pytest.raises(CannotRead):
        read(tmp_path)
    laid(tmp_path, authority.server(key), keys.dump(key, PASSWORD))
    with pytest.raises(PasswordRequired):
        read(tmp_path)
    with pytest.raises(WrongPassword):
        read(tmp_path, "incorrect")
    laid(tmp_path, authority.server(key), keys.dump(other, None))
    with pytest.raises(KeyMismatch, match=r"Web\.key and Web\.cer do not belong together"):
        read(tmp_path)
    laid(tmp_path, authority.server(key), b"no key")
    with pytest.raises(KeyUnreadable):
        read(tmp_path)
    (tmp_path / "Web.key").unlink()
    with pytest.raises(KeyMissing):
        read(tmp_path)
    (tmp_path / "Web.cer").write_text("no certificate")
    with pytest.raises(CertificateUnreadable):
        read(tmp_path)


@pytest.mark.parametrize("whose", ["server", "issuer"])
def test_ml_dsa_is_shown_where_openssl_knows_it_and_else_refused_in_a_sentence_that_says_what_would_do(
    tmp_path: Path, whose: str
) -> None:
    issuer = Authority(KeyAlgorithm.ML_DSA_44 if whose == "issuer" else KeyAlgorithm.EC_P256)
    key = keys.generate(KeyAlgorithm.ML_DSA_44 if whose == "server" else KeyAlgorithm.EC_P256)
    laid(tmp_path, issuer.server(key), keys.dump(key, None))
    if ML_DSA_IN_TLS:
        assert shown(read(tmp_path, known=[issuer.certificate]), issuer.root.pem) == "TLSv1.3"
        return
    with pytest.raises(CannotDo, match=r"OpenSSL 3\.\d.* ML-DSA.* RSA, ECDSA or Ed25519 key.* would do") as caught:
        read(tmp_path)
    assert "Web.cer" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"now": NOW + timedelta(days=60)}, "expired"),
        ({"now": NOW - timedelta(days=60)}, "valid only from"),
        ({"names": ()}, "names no host"),
        ({"usage": Usage.CODE_SIGNING}, "not for servers"),
    ],
)
def test_what_clients_will_not_like_is_told(
    tmp_path: Path, authority: Authority, change: dict[str, Any], words: str
) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    certificate = authority.server(key, change.get("usage", Usage.TLS), change.get("names", NAMES))
    laid(tmp_path, certificate, keys.dump(key, None))
    (warning,) = read(tmp_path, now=change.get("now", NOW)).warnings
    assert words in warning


def quick(folder: Path, host: str = "127.0.0.1", **more: Any) -> ServerTls:
    named: dict[str, Any] = {"now": NOW, "entropy": os.urandom}
    return tls.quickstart(folder, "box", server_names("box", host), **(named | more))


def test_a_self_signed_certificate_is_made_once_and_kept(tmp_path: Path) -> None:
    first = quick(tmp_path / "tls")
    assert first.certificate.names == ("DNS:localhost", "IP:127.0.0.1", "IP:::1", "DNS:box")
    assert not first.certificate.ca
    assert first.warnings == ()
    assert quick(tmp_path / "tls").certificate == first.certificate
    assert shown(first, first.certificate.pem, host="localhost")
    assert shown(first, first.certificate.pem, host="127.0.0.1")
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "tls" / "quickstart.key").stat().st_mode) == 0o600


def test_a_self_signed_certificate_is_made_anew_for_another_name_or_near_its_end(tmp_path: Path) -> None:
    first = quick(tmp_path)
    second = quick(tmp_path, "192.0.2.7")
    assert "IP:192.0.2.7" in second.certificate.names
    assert (tmp_path / "quickstart.cer.old").read_text() == first.certificate.pem
    assert quick(tmp_path, "192.0.2.7").certificate == second.certificate
    later = quick(tmp_path, "192.0.2.7", now=NOW + timedelta(days=tls.QUICKSTART_DAYS - 1))
    assert later.certificate != second.certificate


def test_a_damaged_self_signed_certificate_is_kept_aside(tmp_path: Path) -> None:
    quick(tmp_path)
    (tmp_path / "quickstart.key").write_bytes(b"")
    again = quick(tmp_path)
    assert quick(tmp_path).certificate == again.certificate
    assert (tmp_path / "quickstart.key.old").read_bytes() == b""


def test_no_name_is_an_address_that_stands_for_all() -> None:
    for host in ("0.0.0.0", "::", "", "no name"):  # noqa: S104 - not bound
        assert {str(name) for name in server_names(host)} == {"DNS:localhost", "IP:127.0.0.1", "IP:::1"}
