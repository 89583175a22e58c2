"""Certificates put to use: what holds is told, what does not is refused in words, and nothing is displaced."""

import socket
import ssl
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pkilab.client import holding
from pkilab.client.client import CAClient
from pkilab.errors import (
    CannotDecrypt,
    CannotDo,
    CannotRead,
    FileInUse,
    InvalidField,
    NothingToTrust,
    PasswordRequired,
    PasswordsDiffer,
    PkilabError,
    SignatureRefused,
    WrongPassword,
)
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.request import Verification
from pkilab.model.usage import Usage
from pkilab.x509 import certificate as certificates
from pkilab.x509 import container
from tests.client.conftest import Town
from tests.scene import ANA, CA_PASSWORD

PASSWORD = "correct horse of Temuco"
OTHER = "correct horse of the container"
HOST = "temuco.lab.test"


@dataclass
class Bench:
    """A client that holds certificates of several kinds."""

    town: Town
    folder: Path

    @property
    def client(self) -> CAClient:
        return self.town.client

    def get(
        self,
        root: str,
        usage: Usage = Usage.TLS,
        algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256,
        password: str | None = PASSWORD,
        client: CAClient | None = None,
    ) -> None:
        """Have a certificate issued and fetch it."""
        who = client or self.client
        sent = who.submit(
            root=root, subject=DN(common_name=HOST), sans=["IP:127.0.0.1"], key_algorithm=algorithm, password=password
        )
        (request,) = self.town.scene.ca.pending()
        sound = Verification(identity=True, authority=True, purpose=True, fingerprint=sent.fingerprint.sha256)
        done = self.town.scene.ca.issue(request.id, usage=usage, verified=sound, password=CA_PASSWORD)
        who.get(done.number)

    def file(self, name: str, text: str = "echo hello\n") -> Path:
        path = self.folder / name
        path.write_text(text)
        return path


@pytest.fixture
def bench(town: Town, tmp_path: Path, tool: Callable[[str], str]) -> Bench:
    tool("openssl")
    town.client.get_ca_certificate()
    made = Bench(town, tmp_path / "files")
    made.folder.mkdir()
    return made


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_signed_file_is_checked_by_another_client_who_trusts_the_ca(bench: Bench) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    signed = bench.client.sign(script, root="Code", password=PASSWORD)
    assert signed.signature_path == script.with_name("hello.sh.p7s")
    other = bench.town.scene.lab.instance("Arica").client
    with pytest.raises(NothingToTrust):
        other.verify_signature(script)
    trust = bench.folder / "trust.pem"
    bench.client.export(trust=trust)
    checked = other.verify_signature(script, trust=trust)
    assert checked.certificate == signed.certificate
    assert HOST in str(checked)
    script.write_text("echo bye\n")
    with pytest.raises(SignatureRefused, match="changed after it was signed"):
        other.verify_signature(script, trust=trust)


def test_a_signer_for_whom_nobody_vouches_is_refused(bench: Bench, tmp_path: Path) -> None:
    from tests.x509.samples import root  # another CA's root

    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    bench.client.sign(script, root="Code", password=PASSWORD)
    stranger = bench.file("stranger.pem", root().pem)
    with pytest.raises(SignatureRefused, match=r"whose certificate is not accepted .*no trusted root leads to it"):
        bench.client.verify_signature(script, trust=stranger)


def test_a_certificate_that_is_not_for_signing_signs_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    own = bench.client.directory / "Code.cer"
    certificate = certificates.read(own.read_bytes(), path=own)
    assert holding.may_sign(certificate)
    other = replace(certificate, key_usage=("keyEncipherment",))
    assert not holding.may_sign(other)
    script = bench.file("hello.sh")
    bench.client.sign(script, root="Code", password=PASSWORD)
    monkeypatch.setattr(holding, "may_sign", lambda certificate: False)
    with pytest.raises(CannotDo, match="key usage has no digitalSignature"):
        bench.client.sign(script, root="Code", password=PASSWORD)
    with pytest.raises(SignatureRefused, match="is not for signing"):
        bench.client.verify_signature(script)


def test_no_use_displaces_a_file_of_the_own_ca(bench: Bench) -> None:
    both = bench.town.scene.lab.instance("MyCA").client
    both.configure(host="127.0.0.1", port=bench.town.service.port, contact=ANA)
    both.get_ca_certificate()
    bench.get("Code", Usage.CODE_SIGNING, client=both)
    script, own = bench.file("hello.sh"), bench.town.scene.directory
    before = {path: path.read_bytes() for path in own.iterdir()}
    acts: tuple[Callable[[], object], ...] = (
        lambda: both.export(trust=own / "MyCA.cer"),
        lambda: both.export("Code", chain=own / "MyCA.key"),
        lambda: both.sign(script, root="Code", password=PASSWORD, signature=own / "MyCA.srl"),
    )
    for act in acts:
        with pytest.raises(FileInUse):
            act()
    assert {path: path.read_bytes() for path in own.iterdir()} == before


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44])
def test_what_an_algorithm_cannot_do_is_refused_and_told_which_would(bench: Bench, algorithm: KeyAlgorithm) -> None:
    bench.get("Odd", algorithm=algorithm, password=None)
    script, document = bench.file("hello.sh"), bench.file("order.xml", "<order/>")
    acts: list[Callable[[], object]] = [
        lambda: bench.client.sign(script, root="Odd"),
        lambda: bench.client.sign_xml(document, root="Odd"),
        lambda: bench.client.encrypt_xml(document, recipient="Odd"),
    ]
    if algorithm is KeyAlgorithm.ML_DSA_44:
        acts.append(lambda: bench.client.export("Odd", pkcs12=bench.folder / "x.p12", container_password=PASSWORD))
    if algorithm is KeyAlgorithm.ML_DSA_44 and ssl.OPENSSL_VERSION_INFO[:2] < (3, 5):
        acts += [lambda: bench.client.tls_server("Odd"), lambda: bench.client.tls_client("Odd")]
    before = set(bench.folder.iterdir())
    for act in acts:
        with pytest.raises(CannotDo, match="would do"):
            act()
    assert set(bench.folder.iterdir()) == before


def test_signing_needs_a_certificate_that_is_valid_now(bench: Bench) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    bench.town.scene.clock.forward(days=366)
    with pytest.raises(CannotDo, match="nobody would accept its signature now"):
        bench.client.sign(script, root="Code", password=PASSWORD)


def test_a_signature_of_yesterday_is_refused_when_its_certificate_has_expired(bench: Bench) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    bench.client.sign(script, root="Code", password=PASSWORD)
    bench.town.scene.clock.forward(days=366)
    with pytest.raises(SignatureRefused, match="expired"):
        bench.client.verify_signature(script)


def test_passwords_are_asked_for_and_checked(bench: Bench) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    with pytest.raises(PasswordRequired):
        bench.client.sign(script, root="Code")
    with pytest.raises(WrongPassword):
        bench.client.sign(script, root="Code", password="wrong horse")
    with pytest.raises(CannotRead):
        bench.client.sign(script, root="Nothing", password=PASSWORD)
    assert not script.with_name("hello.sh.p7s").exists()


def test_an_earlier_signature_is_kept_aside_and_the_file_itself_never_overwritten(bench: Bench) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    script = bench.file("hello.sh")
    first = bench.client.sign(script, root="Code", password=PASSWORD)
    again = bench.client.sign(script, root="Code", password=PASSWORD)
    assert again.set_aside == (script.with_name("hello.sh.p7s.old"),)
    assert first.signature_path == again.signature_path
    with pytest.raises(InvalidField, match="another file"):
        bench.client.sign(script, root="Code", password=PASSWORD, signature=script)


# --- XML --------------------------------------------------------------------------------------------------------------


def test_an_xml_document_is_signed_tampered_with_and_refused(bench: Bench) -> None:
    bench.get("Edge")
    order = bench.file("order.xml", "<order><to>Ana</to></order>")
    signed = bench.client.sign_xml(order, root="Edge", password=PASSWORD)
    assert signed.made_path.name == "order-signed.xml"
    checked = bench.client.verify_xml(signed.made_path)
    assert checked.content == b"<order><to>Ana</to></order>"
    signed.made_path.write_text(signed.made_path.read_text().replace("Ana", "Eve"))
    with pytest.raises(SignatureRefused, match="changed after it was signed"):
        bench.client.verify_xml(signed.made_path)


def test_an_xml_document_is_encrypted_and_opened_by_its_recipient_alone(bench: Bench) -> None:
    bench.get("Vault", algorithm=KeyAlgorithm.RSA_2048)
    bench.get("Other", algorithm=KeyAlgorithm.RSA_2048)
    order = bench.file("order.xml", "<order><card>4000</card></order>")
    closed = bench.client.encrypt_xml(order, recipient="Vault", element=".//card").made_path
    assert "4000" not in closed.read_text()
    same = bench.client.encrypt_xml(order, recipient=bench.client.directory / "Vault.cer", to=bench.folder / "b.xml")
    opened = bench.client.decrypt_xml(closed, root="Vault", password=PASSWORD)
    assert "<card>4000</card>" in opened.made_path.read_text()
    assert stat.S_IMODE(opened.made_path.stat().st_mode) == 0o600
    with pytest.raises(CannotDecrypt, match="another key"):
        bench.client.decrypt_xml(same.made_path, root="Other", password=PASSWORD)


# --- export -----------------------------------------------------------------------------------------------------------


def test_export_writes_what_is_named_all_or_nothing(bench: Bench) -> None:
    bench.get("Edge")
    store, chain, trust = (bench.folder / name for name in ("edge.p12", "edge.pem", "trust.pem"))
    done = bench.client.export("Edge", pkcs12=store, chain=chain, trust=trust, password=PASSWORD)
    assert done.paths == (store, chain, trust)
    _, own, above = container.read(store.read_bytes(), PASSWORD, path=store)
    assert [each.subject for each in above] == [own.issuer]
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert certificates.read_all(chain.read_bytes(), path=chain) == (own,)
    assert certificates.read_all(trust.read_bytes(), path=trust) == above
    again = bench.client.export("Edge", pkcs12=store, password=PASSWORD, container_password=OTHER, confirmation=OTHER)
    assert again.set_aside == (bench.folder / "edge.p12.old",)
    container.read(store.read_bytes(), OTHER, path=store)


def test_an_export_that_says_too_little_writes_nothing(bench: Bench) -> None:
    bench.get("Open", password=None)
    store = bench.folder / "open.p12"
    wrong: list[tuple[type[PkilabError], dict[str, object]]] = [
        (InvalidField, {"root": "Open"}),
        (InvalidField, {"root": "", "pkcs12": store}),
        (InvalidField, {"root": "Open", "pkcs12": store}),
        (InvalidField, {"root": "Open", "chain": store, "legacy": True}),
        (PasswordsDiffer, {"root": "Open", "pkcs12": store, "container_password": OTHER, "confirmation": PASSWORD}),
        (CannotRead, {"root": "Nothing", "chain": store}),
        (InvalidField, {"root": "../x", "chain": store}),
    ]
    for error, given in wrong:
        with pytest.raises(error):
            bench.client.export(**given)  # type: ignore[arg-type]
    assert not list(bench.folder.iterdir())


# --- TLS --------------------------------------------------------------------------------------------------------------


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str = HOST) -> str:
    """Say hello over TLS; returns what the client read, or raises what it met."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            try:
                plain, _ = listener.accept()
                with server.wrap_socket(plain, server_side=True) as connection:
                    connection.sendall(b"hello")
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), timeout=20) as plain,
                client.wrap_socket(plain, server_hostname=name) as connection,
            ):
                return connection.recv(10).decode()
        finally:
            thread.join(20)


def test_tls_contexts_talk_to_each_other_and_the_client_checks_the_name(bench: Bench) -> None:
    bench.get("Edge")
    server, client = bench.client.tls_server("Edge", password=PASSWORD), bench.client.tls_client()
    assert handshake(server, client) == "hello"
    assert handshake(server, client, "127.0.0.1") == "hello"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(server, client, "other.lab.test")


def test_mutual_tls_lets_in_a_client_of_the_ca_and_nobody_else(bench: Bench) -> None:
    bench.get("Edge")
    bench.get("Visitor")
    bench.get("Code", Usage.CODE_SIGNING)
    server = bench.client.tls_server("Edge", password=PASSWORD, mutual=True)
    assert handshake(server, bench.client.tls_client("Visitor", password=PASSWORD)) == "hello"
    for outside in (bench.client.tls_client(), bench.client.tls_client("Code", password=PASSWORD)):
        with pytest.raises(OSError, match=r"(?i)alert|reset|closed"):
            assert handshake(server, outside) == "hello"


def test_a_client_trusts_nobody_else_than_is_said(bench: Bench) -> None:
    from tests.x509.samples import root

    bench.get("Edge")
    stranger = bench.file("stranger.pem", root().pem)
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        handshake(bench.client.tls_server("Edge", password=PASSWORD), bench.client.tls_client(trust=stranger))
    with pytest.raises(NothingToTrust):
        bench.town.scene.lab.instance("Arica").client.tls_client()


# --- try TLS ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519])
def test_server_and_client_meet_in_memory_each_checking_the_other(bench: Bench, algorithm: KeyAlgorithm) -> None:
    bench.get("Web", algorithm=algorithm)
    done = bench.client.try_tls("Web", password=PASSWORD)
    assert (done.name, done.version) == ("127.0.0.1", "TLSv1.3")
    assert done.certificate.names == ("IP:127.0.0.1",)
    assert "each accepted the other" in str(done)
    with pytest.raises(WrongPassword):
        bench.client.try_tls("Web", password="correct horse of nobody")


def test_what_serves_no_tls_says_why(bench: Bench, tmp_path: Path) -> None:
    bench.get("Code", Usage.CODE_SIGNING)
    with pytest.raises(CannotDo, match=r"The client refuses the server: unsuitable certificate purpose \(Code\.cer\)"):
        bench.client.try_tls("Code", password=PASSWORD)
    sent = bench.client.submit(root="Nobody", subject=DN(common_name="Ana Rojas"), key_algorithm="ec-p256")
    (request,) = bench.town.scene.ca.pending()
    sound = Verification(identity=True, authority=True, purpose=True, fingerprint=sent.fingerprint.sha256)
    bench.client.get(
        bench.town.scene.ca.issue(request.id, usage=Usage.TLS, verified=sound, password=CA_PASSWORD).number
    )
    with pytest.raises(CannotDo, match=r"Nobody\.cer names no host"):
        bench.client.try_tls("Nobody")
    from tests.x509.samples import root  # another CA's root

    bench.get("Web")
    with pytest.raises(CannotDo, match="The client refuses the server: unable to get local issuer certificate"):
        bench.client.try_tls("Web", password=PASSWORD, trust=bench.file("stranger.pem", root().pem))
