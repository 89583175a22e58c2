"""HTTPS (C1, W5): a service with a certificate of its own CA, and clients that trust it, or rightly do not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pkilab.client.client import CAClient
from pkilab.client.trust import PINNED
from pkilab.errors import InvalidField, Unreachable, Untrusted
from pkilab.lab import utc_now
from pkilab.model.acts import ClientConfigured
from pkilab.model.dn import DN
from pkilab.model.settings import ClientSettings
from pkilab.model.usage import Usage
from pkilab.store.tls import ServerTls
from pkilab.web.service import Service
from tests.scene import ANA, CA_PASSWORD, Scene, verified

WEB_PASSWORD = "correct horse of the web server"
NAMES = ("DNS:localhost", "IP:127.0.0.1")


@dataclass
class Town:
    """A CA whose service speaks HTTPS with a certificate that this very CA issued, and who wants to be its client."""

    scene: Scene
    service: Service
    tls: ServerTls
    ca_file: Path

    def client(self, name: str = "Temuco") -> CAClient:
        return self.scene.lab.instance(name, node=name.lower()).client

    def configure(self, client: CAClient, **more: Any) -> ClientConfigured:
        place: dict[str, Any] = {"host": "127.0.0.1", "port": self.service.port, "contact": ANA, "https": True}
        return client.configure(**(place | more))


def certified(scene: Scene, root: str, sans: tuple[str, ...]) -> ServerTls:
    """Let the CA's own instance get a certificate as any client does, and return what a service needs."""
    with scene.lab.serve() as plain:
        client = scene.lab.instance("MyCA").client
        client.configure(host="127.0.0.1", port=plain.port, contact=ANA)
        subject = DN(common_name=f"Web service {root}")
        client.submit(root=root, subject=subject, sans=sans, password=WEB_PASSWORD, key_algorithm="ec-p256")
        *_, request = scene.ca.pending()
        issued = scene.ca.issue(request.id, usage=Usage.TLS, password=CA_PASSWORD, verified=verified(request))
        client.get(issued.number)
    return scene.lab.tls(root, password=WEB_PASSWORD)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    scene = Scene(tmp_path_factory.mktemp("https") / "lab")
    scene.clock.now = utc_now()
    scene.configure()
    tls = certified(scene, "Web", NAMES)
    ca_file = scene.path / "ca.pem"
    ca_file.write_text(scene.ca.ca_certificate().pem)
    with scene.lab.serve(tls=tls) as service:
        yield Town(scene, service, tls, ca_file)
    scene.lab.registry.close()


@pytest.fixture(scope="module")
def elsewhere(town: Town) -> ServerTls:
    return certified(town.scene, "Elsewhere", ("DNS:elsewhere.lab.test",))


def test_the_service_says_https(town: Town) -> None:
    assert town.service.url == f"https://127.0.0.1:{town.service.port}"
    assert town.tls.warnings == ()
    assert "context" not in repr(town.tls)


def test_a_client_that_trusts_the_cas_file_works_over_https(town: Town) -> None:
    client = town.client("Trusting")
    town.configure(client, trust=town.ca_file)
    reached = client.test_connection()
    assert reached.url.startswith("https://")
    assert reached.api.startswith("https://")
    assert reached.shown == town.tls.certificate
    sent = client.submit(root="Secure", subject=DN(common_name="secure.lab.test"))
    assert "successfully submitted" in sent.answer
    assert client.certificates().total >= 1
    assert client.get_ca_certificate().certificate == town.scene.ca.ca_certificate().certificate


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_a_client_trusts_a_certificate_whose_fingerprint_a_person_compared(town: Town, kind: str) -> None:
    client = town.client(f"Comparing-{kind}")
    seen = client.look_at_certificate("127.0.0.1", town.service.port)
    assert seen.certificate == town.tls.certificate
    for words in (
        "Web service Web",
        seen.fingerprint.sha1,
        seen.fingerprint.sha256,
        f"{seen.certificate.not_after:%Y}",
    ):
        assert words in str(seen)
    typed = getattr(town.tls.fingerprint, kind).lower().replace(":", " ")
    done = town.configure(client, trust_fingerprint=typed)
    assert done.settings.trust_fingerprint == town.tls.fingerprint.sha256
    assert (client.directory / PINNED).read_text() == town.tls.certificate.pem
    assert client.settings == done.settings
    assert client.test_connection().shown == town.tls.certificate
    assert "successfully submitted" in client.submit(root="Pinned", subject=DN(common_name="x")).answer


def test_a_certificate_that_nobody_vouches_for_is_refused_and_shown(town: Town) -> None:
    client = town.client("Careful")
    town.configure(client)
    with pytest.raises(Untrusted, match="nothing that this system trusts vouches for it; name the file") as caught:
        client.test_connection()
    (note,) = caught.value.__notes__
    assert town.tls.fingerprint.sha256 in note
    with pytest.raises(Untrusted) as caught:
        client.submit(root="Kept", subject=DN(common_name="x"))
    assert "Key and request stay" in caught.value.__notes__[0]
    assert (client.directory / "Kept.csr").exists()


def test_another_cas_file_is_not_enough(town: Town, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(town.scene.lab.tls_quickstart().certificate.pem)
    client = town.client("Misled")
    town.configure(client, trust=other)
    with pytest.raises(Untrusted, match="no certificate in the trust file vouches for it"):
        client.test_connection()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_name_that_is_not_in_the_certificate_is_refused(town: Town, elsewhere: ServerTls, host: str) -> None:
    client = town.client("Misnamed")
    with town.scene.lab.serve(tls=elsewhere) as service:
        town.configure(client, host=host, port=service.port, trust=town.ca_file)
        with pytest.raises(Untrusted, match="another name"):
            client.test_connection()
        with pytest.raises(Untrusted, match="another name"):
            town.configure(client, host=host, port=service.port, trust_fingerprint=elsewhere.fingerprint.sha256)
    assert client.settings.trust_fingerprint == ""


def test_another_fingerprint_is_refused_and_nothing_is_saved(town: Town) -> None:
    client = town.client("Mistyped")
    wrong = "AA" + town.tls.fingerprint.sha256[2:]
    with pytest.raises(Untrusted, match="not the one that was given") as caught:
        town.configure(client, trust_fingerprint=wrong)
    assert town.tls.fingerprint.sha256 not in str(caught.value)
    assert not client.configured
    assert not (client.directory / PINNED).exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"trust_fingerprint": "AA:BB"}, "64 digits"),
        ({"trust_fingerprint": "xyz"}, "64 digits"),
        ({"trust_fingerprint": "AA" * 32, "https": False}, "HTTPS alone"),
        ({"trust_fingerprint": "AA" * 32, "trust": __file__}, "leave one of them out"),
    ],
)
def test_what_makes_no_sense_together_is_refused_before_anything_is_asked(
    town: Town, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidField, match=words) as caught:
        town.configure(town.client("Confused"), port=1, **more)
    assert caught.value.field == "Trust fingerprint"


def test_a_server_with_another_certificate_of_the_same_ca_is_refused_by_who_compared_one(town: Town) -> None:
    client = town.client("Loyal")
    town.configure(client, trust_fingerprint=town.tls.fingerprint.sha256)
    other = certified(town.scene, "Web2", NAMES)
    with town.scene.lab.serve(tls=other) as service:
        moved = town.client("Moved")
        town.configure(moved, port=service.port, trust_fingerprint=other.fingerprint.sha256)
        path = client.directory / "client.json"
        path.write_text(path.read_text().replace(str(town.service.port), str(service.port)))
        with pytest.raises(Untrusted, match="another one than the one that was compared"):
            client.test_connection()
        town.configure(client, port=service.port, trust_fingerprint=other.fingerprint.sha256)
        assert client.test_connection().shown == other.certificate
    assert (client.directory / f"{PINNED}.old").read_text() == town.tls.certificate.pem


def test_what_a_pinned_ca_certificate_issued_is_not_accepted_in_its_stead(town: Town) -> None:
    """An intermediate's certificate that is pinned as a server's vouches for itself alone, not for what it issued."""
    client = town.client("Literal")
    town.configure(client, trust=town.ca_file)
    path = client.directory / "client.json"
    settings: ClientSettings = client.settings
    pinned = town.scene.ca.ca_certificate().fingerprint.sha256
    path.write_text(path.read_text().replace('"trust_fingerprint": ""', f'"trust_fingerprint": "{pinned}"'))
    assert client.settings != settings
    with pytest.raises(Untrusted, match="another one than the one that was compared"):
        client.test_connection()


def test_a_certificate_without_names_is_trusted_by_its_fingerprint_alone(town: Town) -> None:
    nameless = certified(town.scene, "Nameless", ("email:web@lab.test",))
    assert "names no host" in nameless.warnings[0]
    with town.scene.lab.serve(tls=nameless) as service:
        client = town.client("Nameless-client")
        town.configure(client, port=service.port, trust=town.ca_file)
        with pytest.raises(Untrusted, match="another name"):
            client.test_connection()
        town.configure(client, port=service.port, trust_fingerprint=nameless.fingerprint.sha256)
        assert client.test_connection().shown == nameless.certificate


def test_a_certificate_that_expired_is_refused_in_words(town: Town) -> None:
    now = town.scene.clock.now
    town.scene.clock.now = now.replace(year=now.year - 3)
    try:
        old = town.scene.lab.tls_quickstart(host="127.0.0.9")
    finally:
        town.scene.clock.now = now
    with town.scene.lab.serve(tls=old) as service, pytest.raises(Untrusted, match="it expired"):
        town.configure(town.client("Late"), port=service.port, trust_fingerprint=old.fingerprint.sha256)


def test_a_quickstart_certificate_can_be_trusted_by_file_too(town: Town) -> None:
    quick = town.scene.lab.tls_quickstart()
    client = town.client("Quick")
    with town.scene.lab.serve(tls=quick) as service:
        town.configure(client, port=service.port, host="localhost", trust=quick.path)
        assert client.test_connection().shown == quick.certificate


def test_a_server_without_https_is_told_apart(town: Town) -> None:
    client = town.client("Plain")
    with town.scene.lab.serve() as plain:
        town.configure(client, port=plain.port)
        with pytest.raises(Unreachable, match="speaks no HTTPS"):
            client.test_connection()
        with pytest.raises(Unreachable, match="speaks no HTTPS"):
            client.look_at_certificate()
    town.configure(client, https=False)
    with pytest.raises(
        Unreachable, match=r"without answering in HTTP; perhaps it speaks HTTPS: [^.]+\. Check"
    ) as caught:
        client.test_connection()
    assert ".." not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"220 smtp.lab.test ESMTP\r\n\r\n", "it speaks no HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent", "without answering"),
    ],
)
def test_what_answers_but_not_as_http_is_told_in_one_sentence(town: Town, answer: bytes, why: str) -> None:
    client = town.client("Strange")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            connection.recv(65536)
            connection.sendall(answer)
            connection.close()

        thread = threading.Thread(target=talk)
        thread.start()
        town.configure(client, https=False, port=listening.getsockname()[1])
        with pytest.raises(Unreachable, match=why) as caught:
            client.test_connection()
        thread.join(10)
    assert ".." not in str(caught.value)


def test_a_server_that_is_not_there_or_says_nothing_is_unreachable(town: Town) -> None:
    client = town.client("Lonely")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="nothing listens"):
            client.look_at_certificate("127.0.0.1", nobody.getsockname()[1])
    with pytest.raises(Unreachable, match="not known"):
        client.look_at_certificate("no-such-host.invalid", 443)


def test_nothing_is_sent_before_the_certificate_is_trusted(town: Town) -> None:
    """A server with a certificate of its own making hears the handshake, and no octet of a request."""
    quick = town.scene.lab.tls_quickstart()
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            connection, _ = listening.accept()
            try:
                with quick.context.wrap_socket(connection, server_side=True) as tls:
                    heard.append(tls.recv(1000))
            except (ssl.SSLError, OSError):
                heard.append(b"")

        thread = threading.Thread(target=listen)
        thread.start()
        client = town.client("Silent")
        town.configure(client, trust=town.ca_file, port=listening.getsockname()[1])
        with pytest.raises(Untrusted):
            client.submit(root="Silent", subject=DN(common_name="x"))
        thread.join(10)
    assert heard == [b""]


def test_a_trust_file_that_holds_no_certificate_is_said_so(town: Town, tmp_path: Path) -> None:
    client = town.client("Garbled")
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("nothing")
    town.configure(client, trust=garbage)
    with pytest.raises(Untrusted, match=r"garbage\.pem cannot be used"):
        client.test_connection()
