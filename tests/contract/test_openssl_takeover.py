"""A CA that `openssl` made is taken over and issues (S3): any key format, with and without a password."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pkilab.errors import (
    CertificateUnreadable,
    Expired,
    InvalidField,
    KeyMismatch,
    KeyUnreadable,
    LastSerialNeeded,
    NotACA,
    NotYetValid,
    SerialFileBroken,
    WeakKey,
    WrongPassword,
)
from pkilab.model.usage import Usage
from tests.scene import Scene, verified

PASSWORD = "correct horse of openssl"
KINDS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ec": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    made.directory.mkdir(parents=True)
    # openssl has no clock that tests set, so these labs live in its time.
    from pkilab.lab import utc_now

    made.clock.now = utc_now()
    made.clock.forward(minutes=1)
    yield made
    made.lab.registry.close()


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> Callable[..., bytes]:
    path = tool("openssl")

    def run(*arguments: str | Path) -> bytes:
        return subprocess.run([path, *map(str, arguments)], check=True, capture_output=True).stdout

    return run


STRICT = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")


def make_ca(openssl: Callable[..., bytes], folder: Path, kind: str = "rsa", *extra: str) -> tuple[Path, Path]:
    """Return an open PKCS#8 key and its self-signed certificate, both PEM."""
    key, certificate = folder / "plain.key", folder / "plain.cer"
    openssl("genpkey", *KINDS[kind], "-out", key)
    openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=Openssl CA", "-days", "30", *extra, "-out", certificate)

    return key, certificate


def lay(openssl: Callable[..., bytes], scene: Scene, kind: str, form: str, encoding: str, password: str | None) -> None:
    """Write MyCA.key and MyCA.cer in a key format and an encoding."""
    plain, certificate = make_ca(openssl, scene.path, kind, *STRICT)
    key = scene.directory / "MyCA.key"
    cipher = ["-aes256", "-passout", f"pass:{password}"] if password else []
    if form == "pkcs8":
        protect = ["-v2", "aes-256-cbc", "-passout", f"pass:{password}"] if password else ["-nocrypt"]
        openssl("pkcs8", "-topk8", "-in", plain, *protect, "-outform", encoding, "-out", key)
    elif form == "pkcs1":
        openssl("rsa", "-in", plain, "-traditional", *cipher, "-outform", encoding, "-out", key)
    else:
        openssl("ec", "-in", plain, *cipher, "-outform", encoding, "-out", key)
    openssl("x509", "-in", certificate, "-outform", encoding, "-out", scene.directory / "MyCA.cer")


def take_over(scene: Scene, **more: Any) -> Any:
    return scene.ca.configure(root="MyCA", directory="ca", issued_days=10, **{"last_serial": 0xA0} | more)


FORMS = [
    ("rsa", "pkcs8", "PEM", None),
    ("rsa", "pkcs8", "PEM", PASSWORD),
    ("rsa", "pkcs8", "DER", None),
    ("rsa", "pkcs8", "DER", PASSWORD),
    ("rsa", "pkcs1", "PEM", None),
    ("rsa", "pkcs1", "PEM", PASSWORD),
    ("rsa", "pkcs1", "DER", None),
    ("ec", "pkcs8", "PEM", None),
    ("ec", "pkcs8", "PEM", PASSWORD),
    ("ec", "pkcs8", "DER", PASSWORD),
    ("ec", "sec1", "PEM", None),
    ("ec", "sec1", "PEM", PASSWORD),
    ("ec", "sec1", "DER", None),
]


@pytest.mark.parametrize(("kind", "form", "encoding", "password"), FORMS, ids=lambda value: str(value)[:8])
def test_a_ca_of_openssl_issues(
    scene: Scene, openssl: Callable[..., bytes], kind: str, form: str, encoding: str, password: str | None
) -> None:
    lay(openssl, scene, kind, form, encoding, password)
    before = {path: path.read_bytes() for path in scene.directory.iterdir()}
    done = take_over(scene, existing=True)
    assert done.existing
    assert bool(done.warnings) is (password is None)
    request = scene.submit()
    if password:
        with pytest.raises(WrongPassword):
            scene.ca.issue(request.id, usage=Usage.TLS, password="wrong", verified=verified(request))
    issued = scene.ca.issue(request.id, usage=Usage.TLS, password=password, verified=verified(request))
    assert issued.number == 0xA1
    assert {path: path.read_bytes() for path in before} == before, "what was there stays as it was"
    leaf, root = scene.path / "leaf.pem", scene.path / "plain.cer"
    leaf.write_text(issued.pem)
    assert b"OK" in openssl("verify", "-x509_strict", "-auth_level", "2", "-CAfile", root, leaf)


@pytest.mark.parametrize("legacy", [False, True], ids=["modern", "legacy"])
def test_a_pkcs12_is_laid_out_and_taken_over(scene: Scene, openssl: Callable[..., bytes], *, legacy: bool) -> None:
    key, certificate = make_ca(openssl, scene.path)
    container = scene.path / "their ca.p12"
    old = ["-legacy"] if legacy else []
    openssl(
        "pkcs12", "-export", *old, "-inkey", key, "-in", certificate, "-passout", f"pass:{PASSWORD}", "-out", container
    )
    with pytest.raises(WrongPassword):
        scene.ca.import_container(container, directory="ca", password="wrong", root="MyCA")
    laid = scene.ca.import_container(container, directory="ca", password=PASSWORD, root="MyCA")
    assert [path.name for path in laid.paths] == ["MyCA.key", "MyCA.cer"]
    assert take_over(scene).existing
    request = scene.submit()
    assert scene.ca.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=verified(request)).number == 0xA1


def test_without_a_serial_file_the_last_number_is_asked_for(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", PASSWORD)
    with pytest.raises(LastSerialNeeded, match="which number this CA used last"):
        take_over(scene, last_serial=None)
    assert not (scene.directory / "MyCA.srl").exists()
    take_over(scene, last_serial=None, serials="random")


def test_a_serial_file_that_is_there_is_believed(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", None)
    (scene.directory / "MyCA.srl").write_text("0FFF\n")
    with pytest.raises(InvalidField, match="Last serial number"):
        take_over(scene, last_serial=5)
    take_over(scene, last_serial=None)
    request = scene.submit()
    assert scene.ca.issue(request.id, usage=Usage.TLS, verified=verified(request)).number == 0x1000


def test_a_broken_serial_file_is_named(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", None)
    (scene.directory / "MyCA.srl").write_text("many\n")
    with pytest.raises(SerialFileBroken):
        take_over(scene, last_serial=None)


def test_a_ca_without_key_usage_is_taken_over_with_a_warning(scene: Scene, openssl: Callable[..., bytes]) -> None:
    key, certificate = make_ca(openssl, scene.path, "ec")
    (scene.directory / "MyCA.key").write_bytes(key.read_bytes())
    (scene.directory / "MyCA.cer").write_bytes(certificate.read_bytes())
    assert any("no key usage" in text for text in take_over(scene).warnings)
    request = scene.submit()
    leaf = scene.path / "leaf.pem"
    leaf.write_text(scene.ca.issue(request.id, usage=Usage.TLS, verified=verified(request)).pem)
    assert b"OK" in openssl("verify", "-CAfile", certificate, leaf)


def test_a_leaf_certificate_is_no_ca(scene: Scene, openssl: Callable[..., bytes]) -> None:
    key, leaf = make_ca(openssl, scene.path, "ec", "-addext", "basicConstraints=critical,CA:FALSE")
    (scene.directory / "MyCA.key").write_bytes(key.read_bytes())
    (scene.directory / "MyCA.cer").write_bytes(leaf.read_bytes())
    with pytest.raises(NotACA):
        take_over(scene)


def test_a_ca_that_may_not_sign_certificates_is_no_ca(scene: Scene, openssl: Callable[..., bytes]) -> None:
    key, other = make_ca(openssl, scene.path, "ec", "-addext", "keyUsage=critical,digitalSignature")
    (scene.directory / "MyCA.key").write_bytes(key.read_bytes())
    (scene.directory / "MyCA.cer").write_bytes(other.read_bytes())
    with pytest.raises(NotACA, match="keyCertSign"):
        take_over(scene)


def test_an_expired_and_a_coming_ca_are_told_apart(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", PASSWORD)
    now = scene.clock.now
    scene.clock.forward(days=31)
    with pytest.raises(Expired):
        take_over(scene)
    scene.clock.now = now
    scene.clock.forward(days=-2)
    with pytest.raises(NotYetValid):
        take_over(scene)


def test_a_key_of_another_certificate_is_refused(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", None)
    openssl("genpkey", *KINDS["ec"], "-out", scene.directory / "MyCA.key")
    with pytest.raises(KeyMismatch):
        take_over(scene)


def test_an_encrypted_key_of_another_certificate_shows_at_the_first_issue(
    scene: Scene, openssl: Callable[..., bytes]
) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", None)
    other = scene.path / "other.key"
    openssl("genpkey", *KINDS["ec"], "-out", other)
    protect = ["-v2", "aes-256-cbc", "-passout", f"pass:{PASSWORD}"]
    openssl("pkcs8", "-topk8", "-in", other, *protect, "-out", scene.directory / "MyCA.key")
    take_over(scene)
    request = scene.submit()
    with pytest.raises(KeyMismatch, match="the key file is the wrong one"):
        scene.ca.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=verified(request))
    assert len(scene.ca.pending()) == 1


def test_garbage_and_weak_keys_are_named(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "ec", "pkcs8", "PEM", None)
    good = (scene.directory / "MyCA.cer").read_bytes()
    (scene.directory / "MyCA.cer").write_bytes(b"nonsense")
    with pytest.raises(CertificateUnreadable):
        take_over(scene)
    (scene.directory / "MyCA.cer").write_bytes(good)
    (scene.directory / "MyCA.key").write_bytes(b"nonsense")
    with pytest.raises(KeyUnreadable):
        take_over(scene)
    openssl("genrsa", "-out", scene.directory / "MyCA.key", "1024")
    with pytest.raises(WeakKey, match="1024"):
        take_over(scene)


def test_an_open_key_is_encrypted_in_place(scene: Scene, openssl: Callable[..., bytes]) -> None:
    lay(openssl, scene, "rsa", "pkcs1", "PEM", None)
    take_over(scene)
    done = scene.ca.encrypt_key(password=PASSWORD, confirmation=PASSWORD)
    assert done.path.stat().st_mode & 0o777 == 0o600
    text = openssl("pkey", "-in", done.path, "-passin", f"pass:{PASSWORD}", "-noout", "-text_pub")
    assert b"2048 bit" in text
    with pytest.raises(InvalidField, match="encrypted already"):
        scene.ca.encrypt_key(password=PASSWORD)
    request = scene.submit()
    assert scene.ca.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=verified(request)).number
