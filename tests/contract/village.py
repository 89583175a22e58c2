"""A root CA, an intermediate CA below it, and clients who hold certificates of that one: all got over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pkilab import DN, KeyAlgorithm, Usage, Verification
from pkilab.authority.server import CAServer
from pkilab.client.client import CAClient
from pkilab.lab import utc_now
from pkilab.model.settings import DEFAULT_PATH
from tests.scene import ANA, CA_PASSWORD, Clock, Scene

KEY_PASSWORD = "correct horse of the village"
HOST = "www.lab.test"


@dataclass
class Village:
    """Everybody, and how they get a certificate."""

    scene: Scene
    port: int
    branch: CAServer

    def client(self, name: str) -> CAClient:
        """A client of the intermediate CA that has fetched its chain."""
        found = self.scene.lab.instance(name).client
        found.configure(host="127.0.0.1", port=self.port, contact=ANA, path=f"/Branch{DEFAULT_PATH}")
        found.get_ca_certificate()
        return found

    def get(
        self,
        client: CAClient,
        root: str,
        *,
        name: str = HOST,
        usage: Usage = Usage.TLS,
        algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256,
        password: str | None = KEY_PASSWORD,
    ) -> int:
        """Have a certificate issued by the intermediate CA and fetch it; return its number."""
        self._ask(client, root, name, usage, algorithm=algorithm, password=password)
        number = self._issue(self.branch, usage, KEY_PASSWORD)
        client.get(number)
        return number

    @staticmethod
    def _ask(
        client: CAClient, root: str, name: str, usage: Usage, *, algorithm: KeyAlgorithm, password: str | None
    ) -> None:
        sans = ["DNS:" + name, "IP:127.0.0.1"] if usage is Usage.TLS else []
        client.submit(root=root, subject=DN(common_name=name), sans=sans, key_algorithm=algorithm, password=password)

    @staticmethod
    def _issue(ca: CAServer, usage: Usage, password: str) -> int:
        (request,) = ca.pending()
        read_out = request.fingerprint.sha256  # as the contact, who is the same test, would
        sound = Verification(identity=True, authority=True, purpose=True, fingerprint=read_out)
        return ca.issue(request.id, usage=usage, verified=sound, password=password).number


@contextmanager
def village(folder: Path, algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> Iterator[Village]:
    """Build it, and serve both CAs."""
    scene = Scene(folder / "lab", clock=Clock(utc_now()))
    scene.configure(key_algorithm=algorithm)
    with scene.lab.serve() as service:
        instance = scene.lab.instance("Branch", node="branch.lab.test")
        instance.client.configure(host="127.0.0.1", port=service.port, contact=ANA)
        instance.client.get_ca_certificate()
        made = Village(scene, service.port, instance.server)
        made._ask(
            instance.client, "BranchCA", "Branch CA", Usage.INTERMEDIATE, algorithm=algorithm, password=KEY_PASSWORD
        )
        number = made._issue(scene.ca, Usage.INTERMEDIATE, CA_PASSWORD)
        instance.client.get(number)
        instance.server.configure(root="BranchCA", directory=".", issued_days=30, last_serial=0, existing=True)
        yield made
    scene.lab.registry.close()
