"""Other people's programs read what a client exports, signs and encrypts, through an intermediate CA."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pkilab import KeyAlgorithm
from pkilab.client.client import CAClient
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate as certificates
from tests.contract.commands import OpenSSL
from tests.contract.village import KEY_PASSWORD, village

ALGORITHMS = [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P521, KeyAlgorithm.ED25519]


@dataclass
class Exported:
    client: CAClient
    folder: Path

    def __call__(self, algorithm: KeyAlgorithm, *, legacy: bool) -> Path:
        path = self.folder / f"{algorithm}-{legacy}.p12"
        self.client.export(_root(algorithm), pkcs12=path, legacy=legacy, password=KEY_PASSWORD)
        return path

    def certificate(self, algorithm: KeyAlgorithm) -> Certificate:
        path = self.client.directory / f"{_root(algorithm)}.cer"
        return certificates.read(path.read_bytes(), path=path)


def _root(algorithm: KeyAlgorithm) -> str:
    return f"Key-{algorithm}"


def said(*command: object) -> str:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    folder = tmp_path_factory.mktemp("exports")
    with village(folder) as everybody:
        client = everybody.client("Edge")
        for algorithm in ALGORITHMS:
            everybody.get(client, _root(algorithm), algorithm=algorithm)
        yield Exported(client, folder)


@pytest.mark.parametrize("legacy", [False, True], ids=["modern", "legacy"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_openssl_reads_key_certificate_and_chain(
    exported: Exported, tool: Callable[[str], str], algorithm: KeyAlgorithm, legacy: bool
) -> None:
    openssl = OpenSSL(tool("openssl"))
    path = exported(algorithm, legacy=legacy)
    how = ("-legacy",) if legacy else ()
    shown = openssl("pkcs12", "-in", path, "-passin", f"pass:{KEY_PASSWORD}", "-nodes", "-info", *how)
    assert shown.count("BEGIN CERTIFICATE") == 3
    assert shown.count("BEGIN PRIVATE KEY") == 1
    assert ("AES-256-CBC, Iteration 600000" in shown) is not legacy
    assert ("pbeWithSHA1And3-KeyTripleDES-CBC" in shown) is legacy
    assert ("MAC: sha1" if legacy else "MAC: sha256") in shown
    code, refused = openssl.tried("pkcs12", "-in", path, "-passin", "pass:wrong horse", "-noout", *how)
    assert code != 0
    assert "mac verify" in refused.lower()


@pytest.mark.parametrize("legacy", [False, True], ids=["modern", "legacy"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_keytool_reads_the_entry_with_its_chain(
    exported: Exported, tool: Callable[[str], str], algorithm: KeyAlgorithm, legacy: bool
) -> None:
    path = exported(algorithm, legacy=legacy)
    listed = said(tool("keytool"), "-list", "-v", "-keystore", path, "-storetype", "PKCS12", "-storepass", KEY_PASSWORD)
    assert "PrivateKeyEntry" in listed
    assert "Certificate chain length: 3" in listed
    assert exported.certificate(algorithm).fingerprint.sha256 in listed


@pytest.mark.parametrize("legacy", [False, True], ids=["modern", "legacy"])
@pytest.mark.parametrize("algorithm", [a for a in ALGORITHMS if a is not KeyAlgorithm.ED25519])
def test_nss_takes_key_and_certificate(
    exported: Exported, tool: Callable[[str], str], tmp_path: Path, algorithm: KeyAlgorithm, legacy: bool
) -> None:
    database = f"sql:{tmp_path}"
    tool("pk12util")
    said("certutil", "-N", "-d", database, "--empty-password")
    said("pk12util", "-i", exported(algorithm, legacy=legacy), "-d", database, "-W", KEY_PASSWORD, "-K", "")
    assert _root(algorithm) in said("certutil", "-K", "-d", database)
    assert "Training CA" in said("certutil", "-L", "-d", database)


def test_nss_does_not_take_ed25519_as_the_page_says(
    exported: Exported, tool: Callable[[str], str], tmp_path: Path
) -> None:
    database = f"sql:{tmp_path}"
    program = tool("pk12util")
    said("certutil", "-N", "-d", database, "--empty-password")
    path = exported(KeyAlgorithm.ED25519, legacy=False)
    command = [program, "-i", str(path), "-d", database, "-W", KEY_PASSWORD, "-K", ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "UNABLE_TO_IMPORT_KEY" in done.stderr, "NSS has learned it: say so in docs/use.md"


def test_java_trusts_the_file_of_roots(exported: Exported, tool: Callable[[str], str], tmp_path: Path) -> None:
    """As docs/use.md says it."""
    trust, store = tmp_path / "trust.pem", tmp_path / "lab.p12"
    exported.client.export(trust=trust)
    keytool = tool("keytool")
    where = ("-keystore", store, "-storepass", "changeit")
    said(keytool, "-importcert", "-noprompt", "-alias", "pkilab-lab", "-file", trust, "-storetype", "PKCS12", *where)
    assert "trustedCertEntry" in said(keytool, "-list", *where)
    said(keytool, "-delete", "-alias", "pkilab-lab", *where)
    assert "trustedCertEntry" not in said(keytool, "-list", *where)


def test_the_chain_file_leads_to_the_roots(exported: Exported, tool: Callable[[str], str], tmp_path: Path) -> None:
    chain, trust = tmp_path / "chain.pem", tmp_path / "trust.pem"
    exported.client.export(_root(KeyAlgorithm.EC_P256), chain=chain, trust=trust)
    assert chain.read_text().count("BEGIN") == 2
    OpenSSL(tool("openssl"))("verify", "-x509_strict", "-CAfile", trust, "-untrusted", chain, chain)


def test_openssl_accepts_a_file_that_a_client_signed(
    exported: Exported, tool: Callable[[str], str], tmp_path: Path
) -> None:
    script, trust = tmp_path / "hello.sh", tmp_path / "trust.pem"
    script.write_text("echo hello\n")
    exported.client.export(trust=trust)
    for algorithm in (KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P521):
        signed = exported.client.sign(script, root=_root(algorithm), password=KEY_PASSWORD).signature_path
        how = ("cms", "-verify", "-binary", "-inform", "DER", "-in", signed, "-content", script, "-purpose", "any")
        OpenSSL(tool("openssl"))(*how, "-CAfile", trust, "-out", tmp_path / "out")
        assert (tmp_path / "out").read_text() == "echo hello\n"


def test_xmlsec1_accepts_and_opens_what_a_client_signed_and_encrypted(
    exported: Exported, tool: Callable[[str], str], tmp_path: Path
) -> None:
    order, trust = tmp_path / "order.xml", tmp_path / "trust.pem"
    order.write_text("<order><card>4000</card></order>")
    exported.client.export(trust=trust)
    xmlsec1, root = OpenSSL(tool("xmlsec1")), _root(KeyAlgorithm.RSA_2048)
    for algorithm in (KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256):
        signed = exported.client.sign_xml(order, root=_root(algorithm), password=KEY_PASSWORD).made_path
        xmlsec1("--verify", "--trusted-pem", trust, signed)
    closed = exported.client.encrypt_xml(order, recipient=root).made_path
    key = exported.client.directory / f"{root}.key"
    assert "4000" in xmlsec1("--decrypt", "--privkey-pem", key, "--pwd", KEY_PASSWORD, closed)


def test_the_commands_of_the_page_trust_a_root_and_no_longer(
    exported: Exported, tool: Callable[[str], str], tmp_path: Path
) -> None:
    """Each line of docs/use.md runs as it stands there, in a home of its own; but for Java's own program."""
    tool("certutil"), tool("keytool")
    page = (Path(__file__).resolve().parents[2] / "docs" / "use.md").read_text(encoding="utf-8")
    chromium, firefox, java = re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    database = re.search(r"`(mkdir .*? --empty-password)`", page)
    assert database
    exported.client.export(trust=tmp_path / "trust.pem")
    (tmp_path / "profile").mkdir()
    home = {**os.environ, "HOME": str(tmp_path)}

    def run(line: str) -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=home, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout

    run(database[1])
    run("certutil -N -d sql:profile --empty-password")
    for block, place in ((chromium, "$HOME/.pki/nssdb"), (firefox.replace("PROFILE", "profile"), "profile")):
        trust, no_longer = block.splitlines()
        run(trust)
        assert "C,," in run(f"certutil -d sql:{place} -L")
        run(no_longer)
        assert "pkilab lab" not in run(f"certutil -d sql:{place} -L")
    trust, program, no_longer = java.splitlines()
    assert program.startswith("java -Djavax.net.ssl.trustStore=lab.p12 ")
    run(trust)
    run(no_longer)
