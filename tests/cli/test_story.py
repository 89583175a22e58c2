"""The whole story with the real program: an operator's shell, a contact's shell, and the service between them."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import ACKNOWLEDGED, PROGRAM, Serving

CA_PASSWORD = "correct horse of the CA"
CLIENT_PASSWORD = "battery staple of the client"


@dataclass
class Person:
    """Somebody at a shell with an instance of their own; all that is said to them is kept."""

    home: Path
    instance: str
    password: str
    heard: list[str] = field(default_factory=list)

    def __call__(self, *words: str, code: int = 0) -> str:
        """What a command says on standard output."""
        environment = {**os.environ, "PKILAB_HOME": str(self.home), "PKILAB_PASSWORD": self.password}
        command = [str(PROGRAM), "--instance", self.instance, *words]
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.heard.append(Path(f"/proc/{process.pid}/cmdline").read_text() if Path("/proc/self").exists() else "")
        out, err = process.communicate(timeout=120)
        self.heard += [out, err]
        assert process.returncode == code, f"{words}: {err}"
        assert bool(err) == (code != 0), err
        return out

    def json(self, *words: str) -> Any:
        """The document that a command says."""
        return json.loads(self(*words, "--json"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the lab will be."""
    return tmp_path / "lab"


@pytest.fixture
def operator(home: Path) -> Person:
    """Who runs the CA."""
    return Person(home, "MyCA", CA_PASSWORD)


@pytest.fixture
def contact(home: Path) -> Person:
    """Who wants a certificate."""
    return Person(home, "Santiago", CLIENT_PASSWORD)


@pytest.fixture
def port(home: Path, operator: Person) -> Iterator[str]:
    """The port at which the operator's CA is served."""
    subject = ("--c", "CL", "--o", "Lab", "--cn", "Training CA")
    days = ("--ca-days", "3650", "--issued-days", "365")
    made = operator("server", "configure", "--root", "MyCA", "--dir", "ca", *subject, *days)
    assert "C = CL, O = Lab, CN = Training CA" in made
    with Serving(home) as serving:
        operator.heard.append(serving.said)
        yield serving.port
        code, out, err = serving.end()
    operator.heard += [out, err]
    assert code == 0
    said = "".join(operator.heard)
    assert CA_PASSWORD not in said
    assert CLIENT_PASSWORD not in said


@pytest.mark.slow
def test_the_story_told_to_people(
    operator: Person, contact: Person, port: str, home: Path, tool: Callable[[str], str]
) -> None:
    where = ("--host", "localhost", "--port", port)
    assert "Ana" in contact("client", "configure", *where, "--contact-name", "Ana", "--contact-email", "ana@lab.test")
    assert "Reached MyCA" in contact("client", "test")
    san = ("--san", "DNS:santiago.lab.test")
    sent = contact("client", "submit", "--root", "SantiagoDev", "--cn", "santiago.lab.test", *san)
    assert "SantiagoDev was successfully submitted to Certificate Authority instance MyCA" in sent
    read_out = next(line.split()[-1] for line in sent.splitlines() if "SHA-256" in line)

    assert "SantiagoDev" in operator("server", "pending")
    assert read_out not in operator("server", "show", "1")
    issued = operator("server", "issue", "1", "--usage", "tls", "--fingerprint", read_out, *ACKNOWLEDGED)
    assert "Certificate number 1 was issued" in issued
    assert "No request is waiting" in operator("server", "pending")
    assert "santiago.lab.test" in operator("server", "certificates")
    assert "issued" in operator("journal")

    assert "SantiagoDev" in contact("client", "list", "--mine")
    assert "It belongs to the key SantiagoDev.key" in contact("client", "get", "1")
    assert "here already" in contact("client", "get", "1")
    assert "MyCA.cer" in contact("client", "get-ca")
    assert "is no longer pending" not in contact.heard[-1]
    operator("server", "issue", "1", "--usage", "tls", "--fingerprint", read_out, *ACKNOWLEDGED, code=1)
    assert operator.heard[-1].startswith("Request 1 is no longer pending: ")

    mgr = home / "instances" / "Santiago" / "mgr"
    judge = [tool("openssl"), "verify", "-x509_strict", "-CAfile", str(mgr / "MyCA.cer"), str(mgr / "SantiagoDev.cer")]
    assert subprocess.run(judge, capture_output=True, text=True, check=True).stdout.strip().endswith("OK")
    key = (mgr / "SantiagoDev.key").read_text()
    assert "ENCRYPTED" in key
    said = "".join(contact.heard)
    assert CA_PASSWORD not in said
    assert CLIENT_PASSWORD not in said


@pytest.mark.slow
def test_the_story_told_to_programs(operator: Person, contact: Person, port: str) -> None:
    client = contact.json("client", "configure", "--host", "localhost", "--port", port, "--contact-name", "Ana")
    assert client["settings"]["port"] == int(port)
    assert contact.json("client", "test")["instance"] == "MyCA"
    sent = contact.json("client", "submit", "--root", "SantiagoDev", "--cn", "santiago.lab.test", "--no-password")

    (waiting,) = operator.json("server", "pending")
    assert waiting["fingerprint"] == sent["fingerprint"]
    assert operator.json("server", "show", str(waiting["id"]))["subject"] == "CN = santiago.lab.test"
    read_out = sent["fingerprint"]["sha1"]
    options = ("--usage", "tls", "--fingerprint", read_out, *ACKNOWLEDGED)
    issued = operator.json("server", "issue", str(waiting["id"]), *options)
    assert operator.json("server", "certificates")[0]["number"] == issued["number"] == 1
    assert [entry["act"] for entry in operator.json("journal")] == ["configured", "verified", "issued"]

    (row,) = contact.json("client", "list", "--mine")
    assert (row["number"], row["root"], row["state"]) == (1, "SantiagoDev", "valid")
    saved = contact.json("client", "get", str(row["number"]))
    assert saved["fingerprint"] == issued["fingerprint"]
    root = contact.json("client", "get-ca")
    assert [Path(root[name]).is_file() for name in ("path", "chain_path")] == [True, True]

    failed = json.loads(operator("server", "show", "99", "--json", code=1))
    assert failed["error"]["code"] == "UnknownRequest"
