"""A bench to run what stands under the hood, and what has to be the same in its results."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from pkilab import DN, Contact, Lab
from pkilab.errors.visible import is_hidden
from pkilab.model.acts import Configured
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.views.hood import Hood
from tests.scene import CA_PASSWORD

KEY_PASSWORD = "correct horse of a client with a “quote”, a $sign and a blank at its end "
Loaded = x509.Certificate | x509.CertificateSigningRequest


@dataclass
class Bench:
    """A folder in which the texts are run, with a lab of its own and a password in its file."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def lab(self) -> Lab:
        return Lab(self.folder / "lab")

    def password(self, password: str) -> None:
        (self.folder / "password.txt").write_text(password + "\n")
        (self.folder / "password.txt").chmod(0o600)
        self.monkeypatch.setattr("getpass.getpass", lambda _: password)

    def python(self, text: str) -> dict[str, Any]:
        """Run Python as a cell does, and return what it made."""
        self.monkeypatch.setenv("PKILAB_HOME", str(self.folder / "lab"))
        self.monkeypatch.chdir(self.folder)
        made: dict[str, Any] = {}
        exec(compile(text, "<under the hood>", "exec"), made)  # noqa: S102 - that is what is tested
        return made

    def shell(self, text: str) -> str:
        """Run commands as a POSIX shell does, ending with the first that fails."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-euc", text],
            cwd=self.folder,
            env=os.environ | {"PATH": path, "PKILAB_HOME": str(self.folder / "lab"), "HOME": "/nowhere"},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, text + done.stdout + done.stderr
        assert not list(self.folder.rglob("pwned"))
        return done.stdout


@dataclass
class Origin:
    """A lab in which the acts are done first, whose hoods are then tried elsewhere."""

    lab: Lab
    port: int

    def client(self) -> Any:
        client = self.lab.instance("Santiago", node="santiago.lab.test").client
        ana = Contact("Ana “<Rojas>” $HOME `id` \\", phone="+56 2 5550 0142", email="ana@lab.test")
        client.configure(host="localhost", port=self.port, contact=ana)
        return client

    def submission(self, csr: str, root: str = "SantiagoDev") -> int:
        """Let a request wait at the CA, and return its number."""
        name = RequestName("santiago", "SANTIAGO", root)
        received: int = self.ca.submit(Submission(name=name, csr=csr, contact=Contact("Ana"))).request.id
        return received

    @property
    def ca(self) -> Any:
        return self.lab.instance("MyCA").server


def configure(lab: Lab, **changes: Any) -> Configured:
    wish = {"root": "MyCA", "directory": "ca", "password": CA_PASSWORD, "subject": DN(common_name="Training CA"),
            "ca_days": 3650, "issued_days": 365, "key_algorithm": "ec-p256"}  # fmt: skip
    return lab.instance("MyCA", node="ca.lab.test").server.configure(**wish | changes)  # type: ignore[arg-type]


def read(path: Path) -> Loaded:
    data = path.read_bytes()
    return x509.load_pem_x509_csr(data) if b"REQUEST" in data else x509.load_pem_x509_certificate(data)


def content(found: Loaded) -> dict[str, Any]:
    """What has to be the same: names byte for byte, extensions but for identifiers of keys, algorithms."""
    identifiers = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
    hash_ = found.signature_hash_algorithm
    key: Any = found.public_key()
    return {
        "subject": found.subject.public_bytes(),
        "extensions": {
            each.oid.dotted_string: (
                each.critical,
                None if isinstance(each.value, identifiers) else each.value.public_bytes(),
            )
            for each in found.extensions
        },
        "key": (type(key).__name__, getattr(key, "key_size", None)),
        "signature": (found.signature_algorithm_oid.dotted_string, hash_.name if hash_ else None),
    }


def same_issuer(made: x509.Certificate, issuer: x509.Certificate) -> None:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    named = made.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert named == x509.AuthorityKeyIdentifier(own, None, None)
    spki = made.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert spki == x509.SubjectKeyIdentifier.from_public_key(made.public_key())
    made.verify_directly_issued_by(issuer)


def fit_to_show(found: Hood) -> None:
    for way in found.ways:
        assert CA_PASSWORD not in way.text
        assert KEY_PASSWORD not in way.text
        assert "PRIVATE KEY-----" not in way.text
        assert way.label == "On the wire" or not any(map(is_hidden, way.text.replace("\n", "")))
