"""A lab that serves on a free loopback port, for other people's tools to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pkilab import Lab
from pkilab.model.request import Verification
from pkilab.model.usage import Usage
from tests.contract.bench import Bench, Origin, configure
from tests.contract.commands import OpenSSL
from tests.scene import CA_PASSWORD, settings


@dataclass
class Serving:
    """A CA and the address at which it is served."""

    lab: Lab
    url: str

    @property
    def soap(self) -> str:
        return f"{self.url}/isc/pki/PKI.CAServer.cls"

    def issue_pending(self) -> list[int]:
        """Issue all that waits, as an operator would who verified each, and return the numbers."""
        server = self.lab.instance("MyCA").server
        numbers = []
        for request in server.pending():
            read_out = request.fingerprint.sha256
            verified = Verification(identity=True, authority=True, purpose=True, fingerprint=read_out)
            issued = server.issue(request.id, usage=Usage.TLS, password=CA_PASSWORD, verified=verified)
            numbers.append(issued.number)
        return numbers


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    lab = Lab(tmp_path / "lab")
    lab.instance("MyCA").server.configure(**settings())
    with lab.serve() as service:
        yield Serving(lab, service.url)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    (tmp_path / "bench").mkdir()
    return Bench(tmp_path / "bench", monkeypatch)


@pytest.fixture
def command(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Origin]:
    """The lab in which the acts are done whose hoods are tried elsewhere; it serves."""
    lab = Lab(tmp_path / "origin")
    configure(lab)
    with lab.serve() as service:
        yield Origin(lab, service.port)
