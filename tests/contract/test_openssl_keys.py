"""Keys, CA certificates, requests and containers that `openssl` makes are read (S3); failures have their names."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pkilab.errors import InvalidCSR, KeyUnreadable, PasswordRequired, WeakKey, WrongPassword
from pkilab.x509 import certificate, chain, container, csr, keys, pem
from tests.contract.commands import OpenSSL

PASSWORD = "correct horse of openssl"
WRONG = "wrong horse"
GIVEN = ("-passout", f"pass:{PASSWORD}")
LEGACY = ("-provider", "legacy", "-provider", "default")
KINDS = {
    "rsa": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "rsa-e3": ("RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"),
    "p256": ("EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "p256-explicit": ("EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"),
    "p384": ("EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "p521": ("EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
    "ed25519": ("ED25519",),
}
PLAIN = {
    "PKCS#8 PEM": ("pkey",),
    "PKCS#8 DER": ("pkcs8", "-topk8", "-nocrypt", "-outform", "DER"),
    "old PEM": ("pkey", "-traditional"),
    "old DER": ("pkey", "-traditional", "-outform", "DER"),
}
LOCKED = {
    "PKCS#8 v2 PEM": ("pkcs8", "-topk8", "-v2", "aes-256-cbc"),
    "PKCS#8 v2 DER": ("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-outform", "DER"),
    "PKCS#8 v2 SHA-512": ("pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"),
    "PKCS#8 v2 3DES": ("pkcs8", "-topk8", "-v2", "des3"),
    "PKCS#8 scrypt": ("pkcs8", "-topk8", "-scrypt", "-scrypt_N", "1024"),
    "PKCS#8 v1 3DES": ("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"),
    "old PEM AES-128": ("pkey", "-traditional", "-aes128"),
    "old PEM AES-256": ("pkey", "-traditional", "-aes256"),
    "old PEM 3DES": ("pkey", "-traditional", "-des3"),
}


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


@pytest.fixture(scope="module")
def plain(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A key of each kind, not encrypted."""
    folder, command = tmp_path_factory.mktemp("keys"), OpenSSL(tool("openssl"))
    for kind, options in KINDS.items():
        command("genpkey", "-algorithm", *options, "-out", folder / f"{kind}.key")
    return {kind: folder / f"{kind}.key" for kind in KINDS}


def certified(openssl: OpenSSL, key: Path, *options: str) -> Path:
    """A CA certificate for a key, as `openssl req -x509` makes it."""
    path = key.with_suffix(".cer")
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        key,
        "-subj",
        "/C=CL/CN=Openssl CA",
        "-days",
        "30",
        *usage,
        *options,
        "-out",
        path,
    )
    return path


def fits(openssl: OpenSSL, data: bytes, password: str | None, key: Path) -> bool:
    """Tell whether the loaded key is the one in `key`, by openssl's own view of its public half."""
    loaded = keys.load(data, password, path=key)
    kind = keys.describe(loaded.public_key()).family
    public = openssl("pkey", "-in", key, "-pubout", *(("-ec_param_enc", "named_curve") if kind == "EC" else ()))
    return keys.public_info(loaded.public_key()) == next(pem.blocks(public)).der


@pytest.mark.parametrize(
    ("kind", "form"),
    [(kind, form) for kind in KINDS for form in PLAIN if not (kind == "ed25519" and "old" in form)],  # has no old form
)
def test_keys_without_a_password_load(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, form: str
) -> None:
    path = tmp_path / "MyCA.key"
    openssl(*PLAIN[form], "-in", plain[kind], "-out", path)
    data = path.read_bytes()
    assert not keys.is_encrypted(data)
    assert fits(openssl, data, None, plain[kind])
    assert fits(openssl, data, "not needed", plain[kind])


@pytest.mark.parametrize("form", LOCKED)
@pytest.mark.parametrize("kind", ["rsa", "p256", "p521"])
def test_keys_with_a_password_load_and_tell_a_wrong_from_a_missing_one(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, form: str
) -> None:
    path = tmp_path / "MyCA.key"
    openssl(*LOCKED[form], *GIVEN, "-in", plain[kind], "-out", path)
    data = path.read_bytes()
    assert keys.is_encrypted(data)
    assert fits(openssl, data, PASSWORD, plain[kind])
    with pytest.raises(WrongPassword):
        keys.load(data, WRONG, path=path)
    with pytest.raises(PasswordRequired):
        keys.load(data, None, path=path)


@pytest.mark.parametrize("kind", ["rsa", "p256"])
@pytest.mark.parametrize(
    "form",
    [
        ("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "1"),
        ("pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-iter", "1", "-outform", "DER"),
        ("pkey", "-traditional", "-aes128"),
    ],
)
def test_garbage_that_looks_like_padding_is_still_a_wrong_password(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, form: tuple[str, ...]
) -> None:
    path = tmp_path / "MyCA.key"
    openssl(*form, *GIVEN, "-in", plain[kind], "-out", path)
    data = path.read_bytes()
    for attempt in range(1500):  # one in 256 gives a padding that fits
        with pytest.raises(WrongPassword):
            keys.load(data, f"{WRONG} {attempt}", path=path)


@pytest.mark.parametrize("form", [("pkcs8", "-topk8", "-v2", "camellia256"), ("pkey", "-traditional", "-camellia128")])
def test_an_unknown_encryption_is_no_matter_of_passwords(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, form: tuple[str, ...]
) -> None:
    path = tmp_path / "MyCA.key"
    openssl(*form, *GIVEN, "-in", plain["p256"], "-out", path)
    for password in (PASSWORD, WRONG):
        with pytest.raises(KeyUnreadable, match="encrypted in a way"):
            keys.load(path.read_bytes(), password, path=path)


def test_parameters_before_the_key_do_not_matter(openssl: OpenSSL, tmp_path: Path) -> None:
    path = tmp_path / "MyCA.key"
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", path)
    assert b"EC PARAMETERS" in path.read_bytes()
    assert fits(openssl, path.read_bytes(), None, path)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("RSA", "-pkeyopt", "rsa_keygen_bits:1024"), "1024 bits"),
        (("EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"), "secp256k1"),
        (("ED448",), "Ed448"),
        (("X25519",), "X25519"),
    ],
)
@pytest.mark.parametrize("locked", [True, False])
def test_keys_that_are_not_accepted_say_why(
    openssl: OpenSSL, tmp_path: Path, options: tuple[str, ...], why: str, locked: bool
) -> None:
    path = tmp_path / "MyCA.key"
    openssl(
        "genpkey", "-algorithm", *options, *(("-aes256", "-pass", f"pass:{PASSWORD}") if locked else ()), "-out", path
    )
    with pytest.raises(WeakKey, match=why):
        keys.load(path.read_bytes(), PASSWORD, path=path)


def test_a_curve_of_its_own_is_unreadable(openssl: OpenSSL, tmp_path: Path) -> None:
    path = tmp_path / "MyCA.key"
    curve = ("-pkeyopt", "ec_paramgen_curve:brainpoolP256r1", "-pkeyopt", "ec_param_enc:explicit")
    openssl("genpkey", "-algorithm", "EC", *curve, "-out", path)
    with pytest.raises(KeyUnreadable, match="curve"):
        keys.load(path.read_bytes(), None, path=path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_ca_certificates_load_and_match_their_keys(
    openssl: OpenSSL, plain: dict[str, Path], kind: str, form: str
) -> None:
    path = certified(openssl, plain[kind], "-outform", form)
    read = certificate.read(path.read_bytes(), path=path)
    chain.check_ca(read, now=datetime.now(UTC), path=path)
    assert keys.same_public_key(keys.load(plain[kind].read_bytes(), None, path=path), read)
    assert chain.signed_by(read, read)
    shown = openssl("x509", "-in", path, "-inform", form, "-noout", "-fingerprint", "-sha256", "-serial")
    assert f"Fingerprint={read.fingerprint.sha256}" in shown
    assert f"serial={read.serial:040X}" in shown or f"serial={read.serial:X}" in shown


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_requests_are_read(openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, form: str) -> None:
    path = tmp_path / "made.csr"
    names = (
        "-addext",
        "subjectAltName=DNS:a.lab.test,IP:10.0.0.7,email:ana@lab.test,dirName:d",
        "-addext",
        "keyUsage=keyCertSign",
    )
    config = tmp_path / "config"
    config.write_text("[req]\ndistinguished_name=n\n[n]\n[d]\nCN=Ana\n")
    subject = ("-utf8", "-multivalue-rdn", "-subj", "/C=CL/O=Ñandú/OU=A+OU=B/CN=a.lab.test/emailAddress=ana@lab.test")
    openssl("req", "-new", "-config", config, "-key", plain[kind], *subject, *names, "-outform", form, "-out", path)
    read = csr.read(path.read_bytes())
    assert read.subject == (
        (("C", "CL"),),
        (("O", "Ñandú"),),
        (("OU", "A"), ("OU", "B")),
        (("CN", "a.lab.test"),),
        (("emailAddress", "ana@lab.test"),),
    )
    assert read.names == ("DNS:a.lab.test", "IP:10.0.0.7", "email:ana@lab.test", "DirName:CN = Ana")
    assert [extension.name for extension in read.extensions] == ["subjectAltName", "keyUsage"]


@pytest.mark.parametrize("kind", ["rsa", "p256"])
@pytest.mark.parametrize("digest", ["sha1", "sha384", "sha512"])
def test_requests_may_be_signed_with_other_hashes(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, digest: str
) -> None:
    path = tmp_path / "made.csr"
    openssl("req", "-new", "-key", plain[kind], f"-{digest}", "-subj", "/CN=x.lab.test", "-newhdr", "-out", path)
    assert b"NEW CERTIFICATE REQUEST" in path.read_bytes()
    read = csr.read(path.read_bytes())
    assert digest.upper() in read.signature_algorithm.upper()
    with pytest.raises(InvalidCSR, match="not made with the key"):
        csr.read(read.der.replace(b"x.lab.test", b"y.lab.test"))


def test_requests_signed_with_md5_are_refused(openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "made.csr"
    openssl("req", "-new", "-key", plain["rsa"], "-md5", "-subj", "/CN=x", "-out", path)
    with pytest.raises(InvalidCSR, match="algorithm that is not accepted"):
        csr.read(path.read_bytes())


@pytest.mark.parametrize("kind", ["rsa", "p384", "ed25519"])
@pytest.mark.parametrize("legacy", [True, False])
def test_containers_open(openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, kind: str, legacy: bool) -> None:
    own, other = certified(openssl, plain[kind]), certified(openssl, plain["p521"])
    path = tmp_path / "MyCA.p12"
    more = ("-legacy",) if legacy else ()
    openssl("pkcs12", "-export", *more, "-inkey", plain[kind], "-in", own, "-certfile", other, *GIVEN, "-out", path)
    key, found, others = container.read(path.read_bytes(), PASSWORD, path=path)
    assert keys.same_public_key(key, found)
    assert found == certificate.read(own.read_bytes(), path=own)
    assert others == (certificate.read(other.read_bytes(), path=other),)
    with pytest.raises(WrongPassword):
        container.read(path.read_bytes(), WRONG, path=path)
    with pytest.raises(PasswordRequired):
        container.read(path.read_bytes(), None, path=path)


@pytest.mark.parametrize("empty", [True, False])
def test_containers_without_a_password_open(
    openssl: OpenSSL, plain: dict[str, Path], tmp_path: Path, empty: bool
) -> None:
    path = tmp_path / "MyCA.p12"
    how = ("-passout", "pass:") if empty else ("-passout", "pass:", "-keypbe", "NONE", "-certpbe", "NONE", "-nomac")
    openssl("pkcs12", "-export", "-inkey", plain["p256"], "-in", certified(openssl, plain["p256"]), *how, "-out", path)
    for password in (None, ""):
        assert keys.same_public_key(*container.read(path.read_bytes(), password, path=path)[:2])
