"""nginx with a certificate of a lab, through an intermediate CA: who gets in, and who does not."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pkilab import KeyAlgorithm, Usage
from pkilab.client.client import CAClient
from pkilab.x509 import pem
from tests.contract.commands import OpenSSL
from tests.contract.village import HOST, KEY_PASSWORD, Village, village
from tests.scene import CA_PASSWORD

PAGE = "<title>Lab</title><p>Hello from the lab"
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  ssl_certificate {folder}/chain.pem; ssl_certificate_key {key}; ssl_password_file {folder}/password;
  server {{ listen 127.0.0.1:{open} ssl; root {folder}/www; }}
  server {{ listen 127.0.0.1:{mutual} ssl; root {folder}/www;
            ssl_client_certificate {folder}/trust.pem; ssl_verify_client on; ssl_verify_depth 3; }}
  server {{ listen 127.0.0.1:{strict} ssl; root {folder}/www; ssl_crl {folder}/crls.pem;
            ssl_client_certificate {folder}/trust.pem; ssl_verify_client on; ssl_verify_depth 3; }}
}}
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass
class Web:
    """A running nginx: its three ports, and the people around it."""

    folder: Path
    program: str
    people: Village
    client: CAClient
    ports: dict[str, int]
    process: subprocess.Popen[bytes] | None = None

    def url(self, port: str) -> str:
        return f"https://{HOST}:{self.ports[port]}/"

    def curl(self, port: str, *more: object) -> tuple[int, str]:
        """Return curl's exit code, and the page or what it complained of."""
        address = f"{HOST}:{self.ports[port]}:127.0.0.1"
        command = ["curl", "-sS", "--fail", "--resolve", address, "--cacert", self.folder / "trust.pem", *more]
        done = subprocess.run(
            [*map(str, command), self.url(port)], capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode, done.stdout + done.stderr

    def shows(self, root: str) -> tuple[object, ...]:
        """What curl needs to show a certificate of the client."""
        chain = self.folder / f"{root}.pem"
        self.client.export(root, chain=chain)
        return ("--cert", f"{chain}:{KEY_PASSWORD}", "--key", self.client.directory / f"{root}.key")

    def publish(self) -> None:
        """Write the revocation lists of both CAs where nginx reads them."""
        root = self.people.scene.ca.publish_crl(password=CA_PASSWORD)
        branch = self.people.branch.publish_crl(password=KEY_PASSWORD)
        lists = [root.lists[0].der, branch.lists[0].der]
        (self.folder / "crls.pem").write_text("".join(pem.write("X509 CRL", each) for each in lists))

    def start(self) -> None:
        command = [self.program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", self.ports["open"]), timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail("nginx did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Web]:
    tool: Callable[[str], str] = request.getfixturevalue("tool")
    tool("curl")
    program, folder = tool("nginx"), tmp_path_factory.mktemp("nginx")
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text(PAGE)
    (folder / "password").write_text(KEY_PASSWORD)
    with village(folder) as people:
        client = people.client("Edge")
        people.get(client, "Web", algorithm=KeyAlgorithm.RSA_2048)
        client.export("Web", chain=folder / "chain.pem", trust=folder / "trust.pem")
        ports = dict(zip(("open", "mutual", "strict"), free_ports(3), strict=True))
        made = Web(folder, program, people, client, ports)
        made.publish()
        configuration = CONFIGURATION.format(folder=folder, key=client.directory / "Web.key", **ports)
        (folder / "nginx.conf").write_text(configuration)
        made.start()
        try:
            yield made
        finally:
            made.stop()
            (folder / "password").unlink()


def test_curl_trusts_it_through_the_intermediate_and_nobody_else(web: Web) -> None:
    assert web.curl("open") == (0, PAGE)
    code, said = web.curl("open", "--cacert", "/etc/ssl/certs/ca-certificates.crt")
    assert code == 60
    assert "certificate" in said
    other = ("--connect-to", f"other.lab.test:{web.ports['open']}:127.0.0.1:{web.ports['open']}")
    done = subprocess.run(
        ["curl", "-sS", "--cacert", web.folder / "trust.pem", *other, f"https://other.lab.test:{web.ports['open']}/"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 60
    assert "name" in done.stderr


def test_python_trusts_it_with_one_call(web: Web) -> None:
    address = f"https://127.0.0.1:{web.ports['open']}/"
    with urllib.request.urlopen(address, context=web.client.tls_client(), timeout=20) as answer:
        assert answer.read().decode() == PAGE
    only = web.client.tls_client(trust=web.client.directory / "BranchCA.cer")  # the intermediate, and not its root
    with urllib.request.urlopen(address, context=only, timeout=20) as answer:
        assert answer.read().decode() == PAGE
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(address, context=ssl.create_default_context(), timeout=20)


def test_chromium_trusts_it_once_the_root_is_trusted_and_no_longer_after_that(
    web: Web, tool: Callable[[str], str], tmp_path: Path
) -> None:
    """As docs/use.md says it, in a home of its own."""
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    database = tmp_path / ".pki" / "nssdb"
    database.mkdir(parents=True)
    certutil = [tool("certutil"), "-d", f"sql:{database}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)

    def seen() -> str:
        """What the browser shows: the page, or its own about a connection that is not private."""
        flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile", "--dump-dom"]
        address = [f"--host-resolver-rules=MAP {HOST} 127.0.0.1", web.url("open")]
        done = subprocess.run(
            [browser or tool("chromium"), *flags, *address],
            env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        shutil.rmtree(tmp_path / "profile", ignore_errors=True)
        return done.stdout

    assert "Hello from the lab" not in seen()
    trust = ["-A", "-t", "C,,", "-n", "pkilab lab", "-i", str(web.folder / "trust.pem")]
    subprocess.run([*certutil, *trust], check=True)
    assert "Hello from the lab" in seen()
    subprocess.run([*certutil, "-D", "-n", "pkilab lab"], check=True)
    assert "Hello from the lab" not in seen()


def test_mutual_tls_lets_in_exactly_the_right_client(web: Web, tmp_path: Path) -> None:
    web.people.get(web.client, "Visitor", name="visitor.lab.test")
    web.people.get(web.client, "Script", name="Script signer", usage=Usage.CODE_SIGNING)
    assert web.curl("mutual", *web.shows("Visitor")) == (0, PAGE)
    assert web.curl("mutual")[0] != 0
    assert web.curl("mutual", *web.shows("Script"))[0] != 0
    with village(tmp_path) as elsewhere:
        stranger = elsewhere.client("Visitor")
        elsewhere.get(stranger, "Visitor", name="visitor.lab.test")
        stranger.export("Visitor", chain=tmp_path / "chain.pem")
        key = stranger.directory / "Visitor.key"
        assert web.curl("mutual", "--cert", f"{tmp_path}/chain.pem:{KEY_PASSWORD}", "--key", key)[0] != 0
    context = web.client.tls_client("Visitor", password=KEY_PASSWORD)
    with urllib.request.urlopen(f"https://127.0.0.1:{web.ports['mutual']}/", context=context, timeout=20) as answer:
        assert answer.read().decode() == PAGE


def test_a_client_who_is_revoked_is_let_in_no_longer_and_openssl_agrees(web: Web, tool: Callable[[str], str]) -> None:
    number = web.people.get(web.client, "Leaver", name="leaver.lab.test")
    web.people.get(web.client, "Stayer", name="stayer.lab.test")
    assert web.curl("strict", *web.shows("Leaver")) == (0, PAGE)
    web.people.branch.revoke(number, reason="keyCompromise", password=KEY_PASSWORD)
    web.publish()
    web.stop()
    web.start()
    assert web.curl("strict", *web.shows("Leaver"))[0] != 0
    assert web.curl("strict", *web.shows("Stayer")) == (0, PAGE)

    openssl = OpenSSL(tool("openssl"))
    branch, own = web.client.directory / "BranchCA.cer", web.client.directory
    lists = ("-CAfile", web.folder / "trust.pem", "-untrusted", branch, "-CRLfile", web.folder / "crls.pem")
    for check in (("-crl_check",), ("-crl_check", "-crl_check_all")):
        code, told = openssl.tried("verify", "-x509_strict", *check, *lists, own / "Leaver.cer")
        assert (code, "certificate revoked" in told) == (2, True)
        assert "OK" in openssl("verify", "-x509_strict", *check, *lists, own / "Stayer.cer")
    web.people.branch.renew_responder(password=KEY_PASSWORD)
    asked = ("-cert", own / "Leaver.cer", "-cert", own / "Stayer.cer")
    chain = own / "BranchCA-chain.cer"  # who answers was certified by the intermediate
    url = f"http://127.0.0.1:{web.people.port}/Branch/ocsp"
    told = openssl("ocsp", "-issuer", branch, *asked, "-CAfile", chain, "-url", url)
    assert "Response verify OK" in told
    assert "Leaver.cer: revoked" in told
    assert "Reason: keyCompromise" in told
    assert "Stayer.cer: good" in told
