"""What a client does with a CA server over a real connection (C1-C6)."""

import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pkilab.client.client import CAClient
from pkilab.errors import (
    CannotRead,
    FileInUse,
    InvalidCSR,
    InvalidField,
    NotACAServer,
    NotConfigured,
    NothingToSend,
    PasswordsDiffer,
    Refused,
    Unreachable,
)
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.settings import DEFAULT_PATH
from pkilab.model.usage import Usage
from pkilab.soap import operations
from pkilab.soap.operations import GetCertificate, ListCertificates
from pkilab.soap.responses import WireCertificate, encode_certificate, encode_list, encode_submitted
from pkilab.x509 import keys
from tests.client.conftest import Town
from tests.scene import ANA, CA_PASSWORD, Scene, signing_request, verified

PASSWORD = "correct horse of the client"
SUBJECT = DN(country="CL", organization="Лаборатория", common_name="santiago.lab.test")


def submit(client: CAClient, root: str = "SantiagoDev", **more: Any) -> Any:
    wish: dict[str, Any] = {"subject": SUBJECT, "key_algorithm": "ec-p256"}
    return client.submit(root=root, **wish | more)


def issue(town: Town, usage: Usage = Usage.TLS) -> int:
    request = town.scene.ca.pending()[0]
    return town.scene.issue(request, usage).number


def test_a_client_sees_why_and_since_when_a_certificate_is_revoked(town: Town) -> None:
    for root in ("One", "Two", "Three"):
        town.scene.issue(town.scene.submit(root))
    town.scene.ca.revoke(1, reason="superseded", password=CA_PASSWORD)
    town.scene.ca.revoke(2, reason="certificateHold", password=CA_PASSWORD)
    rows = town.client.certificates().certificates
    now = town.scene.clock.now.replace(microsecond=0)
    assert [row.status for row in rows] == [
        f"revoked since {now:%Y-%m-%d}, superseded",
        f"on hold since {now:%Y-%m-%d}",
        "valid",
    ]
    assert [(row.revoked_for, row.revoked_at) for row in rows[1:]] == [("certificateHold", now), ("", None)]


# --- C1 -----------------------------------------------------------------------------------------------------


def test_success_says_what_to_do_next_and_reloads_equal(town: Town) -> None:
    done = town.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA)
    assert "get the CA certificate" in done.message
    assert town.client.settings == done.settings
    assert done.settings.path == DEFAULT_PATH


def test_testing_the_connection_says_what_it_reached(town: Town) -> None:
    reached = town.client.test_connection()
    assert (reached.instance, reached.host, reached.root) == ("MyCA", "ca.lab.test", "MyCA")
    assert reached.certificate.fingerprint == town.scene.ca.ca_certificate().fingerprint
    assert reached.api.endswith("/MyCA/api")


def test_testing_before_saving_saves_nothing(town: Town) -> None:
    fresh = town.scene.lab.instance("Fresh").client
    assert fresh.test_connection(host="127.0.0.1", port=town.service.port).instance == "MyCA"
    assert not fresh.configured
    assert "Fresh" not in town.scene.lab.instances()


def test_nobody_there_is_said_in_words(town: Town) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="nothing listens there"):
        town.client.test_connection(host="127.0.0.1", port=port)
    with pytest.raises(Unreachable, match="host name is not known"):
        town.client.test_connection(host="no-such-host.invalid", port=port)


def test_a_wrong_path_is_no_ca_server(town: Town) -> None:
    with pytest.raises((NotACAServer, Refused)):
        town.client.test_connection(host="127.0.0.1", port=town.service.port, path="/elsewhere")


BAD: list[tuple[str, dict[str, Any]]] = [
    *(("Host", {"host": value}) for value in ("", "x" * 300, "a\x07", "../x", "a/b", "http://a", "a b")),
    *(("Port", {"port": value}) for value in (0, -1, 10**9, "80")),
    *(("Path", {"path": value}) for value in ("", "x" * 600, "a\x07", "no-slash", "/a?b", "/ä")),
    *(("Contact name", {"contact": Contact(value)}) for value in ("", "x" * 300, "a\nb")),
    *(("Contact phone", {"contact": Contact("A", phone=value)}) for value in ("1" * 300, "1\x07")),
    *(("Contact e-mail", {"contact": Contact("A", email=value)}) for value in ("ana", "a@b@c", "a\r\nb@c.test")),
    ("Trust", {"trust": "somewhere.pem"}),
    ("Trust", {"trust": "nowhere.pem", "https": True}),
]


@pytest.mark.parametrize(("field", "changes"), BAD, ids=lambda value: repr(value)[:40])
def test_wrong_settings_name_their_field_and_are_not_saved(town: Town, field: str, changes: dict[str, Any]) -> None:
    before = town.client.settings
    wish: dict[str, Any] = {"host": "ca.lab.test", "port": 52773, "contact": ANA}
    with pytest.raises(InvalidField) as caught:
        town.client.configure(**wish | changes)
    assert caught.value.field == field
    assert town.client.settings == before


# --- C2, C3 -------------------------------------------------------------------------------------------------


def test_a_submitted_request_has_key_and_csr_and_fingerprints(town: Town) -> None:
    sent = submit(town.client, sans=["DNS:santiago.lab.test", "IP:10.0.0.7"], password=PASSWORD, confirmation=PASSWORD)
    assert "SantiagoDev was successfully submitted to Certificate Authority instance MyCA on node ca.lab.test" in (
        sent.message
    )
    assert "encrypted removable media" in sent.message
    assert sent.key_path is not None
    assert stat.S_IMODE(sent.key_path.stat().st_mode) == 0o600
    key = keys.load(sent.key_path.read_bytes(), PASSWORD, path=sent.key_path)
    assert keys.describe(key.public_key()) == sent.content.key
    (waiting,) = town.scene.ca.pending()
    assert waiting.content == sent.content
    assert waiting.fingerprint == sent.fingerprint
    assert waiting.names == ("DNS:santiago.lab.test", "IP:10.0.0.7")
    assert (waiting.name.host, waiting.name.instance, waiting.contact) == ("temuco", "Temuco", ANA)
    assert town.scene.ca.warnings(waiting) == ()


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_every_key_algorithm_gets_through(town: Town, algorithm: KeyAlgorithm) -> None:
    sent = submit(town.client, key_algorithm=algorithm)
    assert sent.content.key.label == algorithm.label
    saved = town.client.get(issue(town))
    assert saved.key_path == sent.key_path


def test_a_second_request_under_one_root_keeps_the_first_files_aside(town: Town) -> None:
    first = submit(town.client)
    before = first.key_path.read_bytes()
    second = submit(town.client)
    assert [path.name for path in second.set_aside] == ["SantiagoDev.key.old", "SantiagoDev.csr.old"]
    assert (town.client.directory / "SantiagoDev.key.old").read_bytes() == before
    assert len(town.scene.ca.pending()) == 2


def test_when_the_server_is_away_key_and_csr_stay_and_can_be_sent_again(town: Town) -> None:
    town.service.stop()
    with pytest.raises(Unreachable) as caught:
        submit(town.client)
    assert any("resubmit" in note for note in caught.value.__notes__)
    csr = (town.client.directory / "SantiagoDev.csr").read_bytes()
    with town.scene.lab.serve() as again:
        town.client.configure(host="127.0.0.1", port=again.port, contact=ANA)
        sent = town.client.resubmit(root="SantiagoDev")
        assert sent.content.pem.encode() == csr
        assert "still pending" in town.client.resubmit(root="SantiagoDev").message
    assert len(town.scene.ca.pending()) == 1


def test_a_csr_of_another_tool_is_sent_as_it_is(town: Town) -> None:
    foreign = signing_request("Foreign")
    sent = town.client.submit(root="Foreign", csr=foreign.der)
    assert sent.content == foreign
    assert sent.key_path is None
    assert town.scene.ca.pending()[0].content == foreign
    with pytest.raises(InvalidCSR):
        town.client.submit(root="Foreign", csr="garbage")
    with pytest.raises(InvalidField, match="brings its own"):
        town.client.submit(root="Foreign", csr=foreign.pem, subject=SUBJECT)


def test_a_foreign_csr_keeps_the_key_of_an_earlier_request_aside(town: Town) -> None:
    earlier = submit(town.client, "R", password=PASSWORD).key_path.read_bytes()
    sent = town.client.submit(root="R", csr=signing_request("Foreign").pem)
    assert sent.key_path is None
    assert [path.name for path in sent.set_aside] == ["R.key.old", "R.csr.old"]
    assert (town.client.directory / "R.key.old").read_bytes() == earlier
    foreign = next(request for request in town.scene.ca.pending() if request.content == sent.content)
    saved = town.client.get(town.scene.issue(foreign).number)
    assert saved.key_path is None
    assert "belongs to" not in saved.message


def test_there_has_to_be_something_to_send_again(town: Town) -> None:
    with pytest.raises(NothingToSend, match=r"Never\.csr"):
        town.client.resubmit(root="Never")


SUBMIT_BAD: list[tuple[str, dict[str, Any]]] = [
    *(("File root", {"root": value}) for value in ("", "x" * 65, "a\x07", "../x", "a/b", "CACHE", "cache")),
    ("Subject", {"subject": None}),
    ("Key algorithm", {"key_algorithm": "dsa"}),
    *(
        ("Subject alternative name", {"sans": [value]})
        for value in ("", "x", "DNS:", "DNS:a b", "IP:1.2.3", "email:x", "URI:x", f"DNS:{'x' * 3000}", "DNS:a\x07")
    ),
]


@pytest.mark.parametrize(("field", "changes"), SUBMIT_BAD, ids=lambda value: repr(value)[:40])
def test_a_wrong_request_names_its_field_and_makes_no_file(town: Town, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidField) as caught:
        submit(town.client, **{"root": "R"} | changes)
    assert caught.value.field == field
    assert [path.name for path in town.client.directory.iterdir()] == ["client.json"]


def test_two_different_passwords_are_refused(town: Town) -> None:
    with pytest.raises(PasswordsDiffer):
        submit(town.client, password=PASSWORD, confirmation="another")
    with pytest.raises(InvalidField, match="Password"):
        submit(town.client, password="a\nb")
    assert town.scene.ca.pending() == ()


def test_an_instance_that_is_no_client_says_so(town: Town) -> None:
    with pytest.raises(NotConfigured, match="not configured as a CA client"):
        submit(town.scene.lab.instance("Fresh").client)


# --- C4, C5, C6 ---------------------------------------------------------------------------------------------


def test_the_ca_certificate_is_saved_with_its_chain(town: Town) -> None:
    saved = town.client.get_ca_certificate()
    assert saved.path.read_text() == town.scene.ca.ca_certificate().pem
    assert saved.chain_path == town.client.directory / "MyCA-chain.cer"
    assert saved.chain_path.read_text() == town.scene.ca.chain().pem
    assert not saved.unchanged
    assert town.client.get_ca_certificate().unchanged


def test_a_certificate_is_fetched_beside_its_key(town: Town) -> None:
    sent = submit(town.client, password=PASSWORD)
    number = issue(town)
    saved = town.client.get(number)
    assert saved.path == town.client.directory / "SantiagoDev.cer"
    assert saved.key_path == sent.key_path
    assert "belongs to the key SantiagoDev.key" in saved.message
    assert saved.fingerprint == town.scene.ca.certificate(number).fingerprint
    again = town.client.get(number)
    assert (again.unchanged, again.set_aside) == (True, ())


def test_an_earlier_different_certificate_is_kept_aside(town: Town) -> None:
    submit(town.client)
    first = issue(town)
    before = town.client.get(first).path.read_bytes()
    submit(town.client)
    saved = town.client.get(issue(town))
    assert [path.name for path in saved.set_aside] == ["SantiagoDev.cer.old"]
    assert (town.client.directory / "SantiagoDev.cer.old").read_bytes() == before


def test_a_certificate_of_another_key_is_warned_about(town: Town) -> None:
    submit(town.client)
    first = issue(town)
    submit(town.client)
    saved = town.client.get(first)
    assert saved.key_path == town.client.directory / "SantiagoDev.key.old" or saved.warnings
    assert any("does not belong to the key in SantiagoDev.key" in text for text in saved.warnings)


def test_the_list_can_be_searched_narrowed_and_paged(town: Town) -> None:
    for at in range(5):
        town.scene.issue(town.scene.submit(f"Other{at}"))
    submit(town.client)
    issue(town)
    everything = town.client.certificates()
    assert [row.number for row in everything.certificates] == [1, 2, 3, 4, 5, 6]
    assert everything.certificates[5].subject == str(SUBJECT)
    assert everything.certificates[5].state == "valid"
    assert [row.root for row in town.client.certificates(mine=True).certificates] == ["SantiagoDev"]
    assert [row.root for row in town.client.certificates(search="oTHER3").certificates] == ["Other3"]
    page = town.client.certificates(limit=4)
    assert (len(page.certificates), page.total) == (4, 6)
    assert page.after is not None
    rest = town.client.certificates(limit=4, after=page.after)
    assert ([row.number for row in rest.certificates], rest.after) == ([5, 6], None)


def test_a_number_that_was_never_issued_is_refused_in_words(town: Town) -> None:
    with pytest.raises(Refused, match="no certificate with number 99") as caught:
        town.client.get(99)
    assert caught.value.fault == "UnknownNumber"
    with pytest.raises(InvalidField, match="Number"):
        town.client.get(-1)


def test_a_fetched_file_never_displaces_one_of_the_own_ca(town: Town) -> None:
    scene = town.scene
    both = scene.lab.instance("Both", node="both")
    both.server.configure(
        root="BothCA", directory=".", password=CA_PASSWORD, subject=SUBJECT, ca_days=10, issued_days=5
    )
    both.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA)
    before = (both.manager / "BothCA.cer").read_bytes()
    request = scene.submit("BothCA")
    number = scene.issue(request).number
    with pytest.raises(FileInUse, match=r"BothCA\.cer"):
        both.client.get(number)
    with pytest.raises(FileInUse, match=r"BothCA\.key"):
        submit(both.client, "BothCA")
    assert (both.manager / "BothCA.cer").read_bytes() == before
    assert both.client.get(number, root="Other").path.name == "Other.cer"
    with pytest.raises(InvalidField, match="only the letters"):
        both.client.get(number, root="../x")


def test_an_instance_that_is_its_own_ca_has_its_certificate_already(town: Town) -> None:
    both = town.scene.lab.instance("Both", node="both")
    new = {"password": CA_PASSWORD, "subject": SUBJECT, "ca_days": 10, "issued_days": 5, "key_algorithm": "ec-p256"}
    both.server.configure(root="BothCA", directory=".", **new)  # type: ignore[arg-type]
    both.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA, path=f"/Both{DEFAULT_PATH}")
    saved = both.client.get_ca_certificate()
    assert (saved.unchanged, saved.chain_path, saved.warnings) == (True, None, ())


@pytest.mark.parametrize("way", ["dots", "link"])
def test_no_way_of_writing_a_folder_opens_the_own_ca_to_the_client(town: Town, way: str, tmp_path: Path) -> None:
    both = town.scene.lab.instance("Both", node="both")
    both.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA)
    link = tmp_path / "link"
    link.symlink_to(both.manager)
    directory = f"{both.manager.parent}/mgr/../mgr" if way == "dots" else str(link)
    new = {"password": CA_PASSWORD, "subject": SUBJECT, "ca_days": 10, "issued_days": 5, "key_algorithm": "ec-p256"}
    both.server.configure(root="BothCA", directory=directory, **new)  # type: ignore[arg-type]
    with pytest.raises(FileInUse, match=r"BothCA\.key"):
        submit(both.client, "BothCA")


def test_an_intermediate_configures_itself_as_a_ca_with_what_it_fetched(
    town: Town, tool: Callable[[str], str], tmp_path: Path
) -> None:
    import subprocess

    branch = town.scene.lab.instance("Branch", node="branch")
    branch.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA)
    submit(branch.client, "BranchCA", subject=DN(common_name="Branch CA"), password=PASSWORD)
    branch.client.get(issue(town, Usage.INTERMEDIATE))
    branch.client.get_ca_certificate()
    done = branch.server.configure(root="BranchCA", directory=".", issued_days=30, last_serial=0, existing=True)
    assert done.warnings == ()
    town.client.configure(host="127.0.0.1", port=town.service.port, contact=ANA, path=f"/Branch{DEFAULT_PATH}")
    submit(town.client)
    (request,) = branch.server.pending()
    issued = branch.server.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=verified(request))
    leaf = town.client.get(issued.number)
    chain = town.client.get_ca_certificate()
    assert chain.chain is not None
    assert len(chain.chain.certificates) == 2
    root = tmp_path / "root.pem"
    root.write_text(town.scene.ca.ca_certificate().pem)
    assert chain.chain_path is not None
    verdict = subprocess.run(
        [
            tool("openssl"), "verify", "-x509_strict", "-auth_level", "2",
            "-CAfile", root, "-untrusted", chain.chain_path, leaf.path,
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verdict.returncode == 0, verdict.stderr


def test_a_folder_in_the_way_is_said(town: Town) -> None:
    number = town.scene.issue(town.scene.submit()).number
    (town.client.directory / "SantiagoDev.cer").mkdir()
    with pytest.raises(CannotRead, match="a folder of that name stands there"):
        town.client.get(number)


# --- a server of the original kind: SOAP alone ---------------------------------------------------------------


@contextmanager
def original(scene: Scene, root: str = "MyCA", *, link: str = "", chain: str = "") -> Iterator[int]:
    """A server that speaks nothing but the three operations, as the original does; gives its port.

    With `link` it announces an API there, whose chain is `chain`.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = operations.decode(self.rfile.read(int(self.headers["Content-Length"])))
            if isinstance(asked, GetCertificate):
                found = scene.ca.certificate(int(asked.number))
                names = ("ca.lab.test", "MyCA", root)
                body = encode_certificate(WireCertificate(found.number, *names, found.pem))
            elif isinstance(asked, ListCertificates):
                body = encode_list(scene.ca.listed(host=asked.host, instance=asked.instance))
            else:
                body = encode_submitted(scene.ca.submit(asked).message)
            self.send_response(200)
            self._answer(body)

        def do_GET(self) -> None:
            self.send_response(200)
            self._answer(chain.encode())

        def _answer(self, body: bytes) -> None:
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            if link:
                self.send_header("Link", f'<{link}>; rel="service"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_against_a_server_of_the_original_soap_alone_is_enough(town: Town) -> None:
    with original(town.scene) as port:
        town.client.configure(host="127.0.0.1", port=port, contact=ANA)
        assert town.client.test_connection().api == ""
        submit(town.client)
        town.scene.issue(town.scene.submit("Other"))
        number = issue(town)
        saved = town.client.get_ca_certificate()
        assert saved.chain_path is not None, "a root is its own chain"
        page = town.client.certificates(limit=1)
        assert (page.total, page.after, page.certificates[0].root) == (2, 1, "Other")
        assert [row.root for row in town.client.certificates(mine=True).certificates] == ["SantiagoDev"]
        assert [row.number for row in town.client.certificates(search="other").certificates] == [1]
        assert town.client.get(number).key_path is not None


def test_a_chain_that_is_not_the_certificates_own_is_refused(town: Town, tmp_path: Path) -> None:
    evil = Scene(tmp_path / "evil")
    evil.clock.now = town.scene.clock.now
    evil.configure()
    with evil.lab.serve() as elsewhere, original(town.scene, link=f"{elsewhere.url}/MyCA/api") as port:
        town.client.configure(host="127.0.0.1", port=port, contact=ANA)
        assert town.client.test_connection().api == "", "another server's API is not this CA's"
        saved = town.client.get_ca_certificate()
        assert saved.chain is not None
        assert saved.chain.certificates == (saved.certificate,)
    evil.lab.registry.close()
    other = signing_request("Wrong")
    wrong = town.scene.issue(town.scene.send(other, "Wrong")).pem
    with original(town.scene, link="/api", chain=wrong) as port:
        town.client.configure(host="127.0.0.1", port=port, contact=ANA)
        with pytest.raises(NotACAServer, match="not that of its certificate"):
            town.client.get_ca_certificate()
    assert not (town.client.directory / "MyCA-chain.cer").read_text().startswith(wrong)


def test_a_file_root_of_the_server_that_is_no_file_name_is_asked_for_anew(town: Town) -> None:
    with original(town.scene, root="../evil") as port:
        town.client.configure(host="127.0.0.1", port=port, contact=ANA)
        with pytest.raises(InvalidField, match="give another"):
            town.client.get_ca_certificate()
        assert town.client.get_ca_certificate(root="Good").path == town.client.directory / "Good.cer"
