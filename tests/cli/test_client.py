"""The client's commands: configuring, submitting, listing, getting."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pkilab.lab import Lab
from pkilab.model.request import Verification
from pkilab.model.usage import Usage
from tests.cli.shell import ACKNOWLEDGED, PASSWORD, Shell
from tests.scene import signing_request

SUBMIT = ("client", "submit", "--root", "Dev", "--cn", "santiago.lab.test", "--key-algorithm", "ec-p256")
CONFIGURE = ("--instance", "Lima", "client", "configure", "--host", "localhost", "--contact-name", "Luz")


def issue(shell: Shell, submitted: Any, *, usage: str = "tls") -> int:
    """Issue what was submitted last; the certificate's number."""
    (waiting,) = shell.ok("server", "pending")
    fingerprint = submitted["fingerprint"]["sha256"]
    options = ("--usage", usage, "--fingerprint", fingerprint, *ACKNOWLEDGED)
    number: int = shell.ok("server", "issue", str(waiting["id"]), *options, password=PASSWORD)["number"]
    return number


def test_a_client_is_configured_with_the_defaults_of_the_original(shell: Shell) -> None:
    done = shell.ok(*CONFIGURE)
    assert done["settings"]["host"] == "localhost"
    assert (done["settings"]["port"], done["settings"]["path"]) == (52773, "/isc/pki/PKI.CAServer.cls")
    assert "get the CA certificate" in shell(*CONFIGURE).out


def test_every_option_of_configure_reaches_the_client(shell: Shell, tmp_path: Path) -> None:
    trust = tmp_path / "trust.pem"
    trust.write_text("a certificate")
    contact = ("--contact-phone", "+51 1", "--contact-email", "luz@lab.test")
    place = ("--port", "8443", "--path", "/x/pki", "--https", "--trust", str(trust))
    assert shell.ok(*CONFIGURE, *contact, *place)["settings"] == {
        "host": "localhost",
        "port": 8443,
        "path": "/x/pki",
        "contact": {"name": "Luz", "phone": "+51 1", "email": "luz@lab.test"},
        "https": True,
        "trust": str(trust),
        "trust_fingerprint": "",
    }


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--host", "a b"), "Host"),
        (("--port", "0"), "Port"),
        (("--path", "isc"), "Path"),
        (("--trust", "/nowhere"), "Trust"),
        (("--https", "--trust", "/nowhere"), "Trust"),
        (("--contact-name", " "), "Contact name"),
        (("--contact-phone", "x" * 201), "Contact phone"),
        (("--contact-email", "luz"), "Contact e-mail"),
    ],
)
def test_a_wrong_value_of_configure_is_told_by_the_name_of_its_field(
    shell: Shell, options: tuple[str, ...], field: str
) -> None:
    done = shell(*CONFIGURE, *options)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{field}: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--host", "--contact-name"])
def test_what_configure_requires_is_named_as_wrong_usage(shell: Shell, option: str) -> None:
    arguments = list(CONFIGURE)
    at = arguments.index(option)
    del arguments[at : at + 2]
    done = shell(*arguments)
    assert (done.code, done.out) == (2, "")
    assert option in done.err


def test_the_connection_is_tested_as_configured_and_elsewhere(served: Shell) -> None:
    reached = served.ok("client", "test")
    assert (reached["instance"], reached["root"]) == ("MyCA", "MyCA")
    port = Lab(served.lab).instance("Santiago").client.settings.port
    assert "Training CA" in served("client", "test", "--host", "127.0.0.1", "--port", str(port)).out
    nobody = served("client", "test", "--host", "127.0.0.1", "--port", "1")
    assert (nobody.code, "nothing listens there" in nobody.err) == (1, True)
    assert served("client", "test", "--port", "1").code == 2


def test_a_request_is_submitted_issued_and_fetched(served: Shell, tool: Callable[[str], str]) -> None:
    sans = ("--san", "DNS:santiago.lab.test", "--san", "IP:10.0.0.7", "--san", "email:ana@lab.test")
    submitted = served.ok(*SUBMIT, *sans, "--no-password")
    assert submitted["name"]["root"] == "Dev"
    names = ["DNS:santiago.lab.test", "IP:10.0.0.7", "email:ana@lab.test"]
    assert submitted["content"]["names"] == names
    number = issue(served, submitted)
    (row,) = served.ok("client", "list", "--mine")
    assert (row["number"], row["root"], row["subject"]) == (number, "Dev", "CN = santiago.lab.test")
    assert served.ok("client", "list", "--search", "nothing of that kind") == []
    saved = served.ok("client", "get", str(number))
    assert saved["key_path"] == submitted["key_path"]
    other = served.ok("client", "get", str(number), "--root", "Other")
    assert Path(other["path"]).name == "Other.cer"
    root = served.ok("client", "get-ca")
    assert [Path(root[name]).name for name in ("path", "chain_path")] == ["MyCA.cer", "MyCA-chain.cer"]
    judge = [tool("openssl"), "verify", "-x509_strict", "-CAfile", root["path"], saved["path"]]
    assert subprocess.run(judge, capture_output=True, text=True, check=True).stdout.strip().endswith("OK")


def test_the_fingerprints_to_read_out_are_printed(served: Shell) -> None:
    done = served(*SUBMIT, "--no-password")
    (waiting,) = served.ok("server", "pending")
    assert waiting["fingerprint"]["sha256"] in done.out
    assert waiting["fingerprint"]["sha1"] in done.out


def test_a_password_encrypts_the_key_and_none_leaves_it_open(served: Shell) -> None:
    opened = served.ok(*SUBMIT, "--no-password", password=PASSWORD)
    assert "BEGIN PRIVATE KEY" in Path(opened["key_path"]).read_text()
    closed = served.ok(*SUBMIT, password=PASSWORD)
    assert "BEGIN ENCRYPTED PRIVATE KEY" in Path(closed["key_path"]).read_text()
    assert len(closed["set_aside"]) == 2


def test_whether_the_key_stays_open_is_said_where_nobody_can_be_asked(served: Shell) -> None:
    done = served(*SUBMIT)
    assert (done.code, done.out) == (1, "")
    for way in ("--no-password", "--password-file", "PKILAB_PASSWORD"):
        assert way in done.err
    assert served(*SUBMIT, "--no-password", "--password-file", "x").code == 2


def test_a_request_of_another_tool_is_sent(served: Shell, tmp_path: Path) -> None:
    content = signing_request("Foreign")
    file = tmp_path / "foreign.csr"
    file.write_text(content.pem)
    submitted = served.ok("client", "submit", "--root", "Foreign", "--csr", str(file), password=PASSWORD)
    assert submitted["fingerprint"]["sha256"] == content.fingerprint.sha256
    assert submitted["key_path"] is None
    both = served("client", "submit", "--root", "Foreign", "--csr", str(file), "--cn", "x")
    assert (both.code, both.err.startswith("CSR: ")) == (1, True)
    for option in (("--key-algorithm", "ed25519"), ("--no-password",)):
        assert served("client", "submit", "--root", "Foreign", "--csr", str(file), *option).code == 2
    absent = served("client", "submit", "--root", "Foreign", "--csr", str(tmp_path / "absent"))
    assert (absent.code, "cannot be read" in absent.err) == (1, True)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--root", "cache"), "File root"),
        (("--c", "ZZ"), "Country"),
        (("--ou", "x" * 65), "Organizational unit"),
        (("--san", "santiago.lab.test"), "Subject alternative name"),
        (("--san", "IP:300.1.1.1"), "Subject alternative name"),
        (("--key-algorithm", "rsa-1024"), "Key algorithm"),
    ],
)
def test_a_wrong_value_is_told_by_its_field_before_a_password_is_asked(
    served: Shell, options: tuple[str, ...], field: str
) -> None:
    done = served(*SUBMIT, *options)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{field}: ")


def test_a_request_without_a_name_is_refused(served: Shell) -> None:
    done = served("client", "submit", "--root", "Dev", "--no-password")
    assert (done.code, done.err.startswith("Subject: ")) == (1, True)


def test_what_could_not_be_sent_is_sent_again(served: Shell) -> None:
    port = str(Lab(served.lab).instance("Santiago").client.settings.port)
    configure = ("--instance", "Santiago", "client", "configure", "--host", "localhost", "--contact-name", "Ana")
    served.ok(*configure, "--port", "1")
    failed = served("--json", *SUBMIT, "--no-password")
    assert failed.code == 1
    assert failed.json["error"]["code"] == "Unreachable"
    assert "resubmit" in failed.json["error"]["notes"][0]
    assert "resubmit" in failed.err
    served.ok(*configure, "--port", port)
    assert served.ok("client", "resubmit", "--root", "Dev")["name"]["root"] == "Dev"
    assert "no second request" in served("client", "resubmit", "--root", "Dev").out
    assert served("client", "resubmit", "--root", "Nothing").code == 1


def test_lists_come_in_pages_for_people_and_whole_for_programs(served: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for root in ("One", "Two", "Three"):
        options = ("--cn", f"{root.lower()}.lab.test", "--key-algorithm", "ec-p256", "--no-password")
        issue(served, served.ok("client", "submit", "--root", root, *options))
    page = served("client", "list", "--limit", "2")
    assert "Three" not in page.out
    after = page.out.rsplit("--after ", 1)[1].strip()
    assert "Three" in served("client", "list", "--after", after).out
    assert len(served.ok("client", "list", "--limit", "2")) == 2
    monkeypatch.setattr("pkilab.cli.client.ALL", 2)
    assert [row["number"] for row in served.ok("client", "list")] == [1, 2, 3]
    assert served("client", "list", "--limit", "0").err.startswith("Limit: ")


def test_an_unknown_number_is_refused_in_a_sentence(served: Shell) -> None:
    done = served("client", "get", "99")
    assert (done.code, done.out) == (1, "")
    assert "no certificate with number 99" in done.err
    assert served("client", "get", "ninety").code == 2


def test_an_instance_goes_by_the_host_name_that_was_given(shell: Shell) -> None:
    shell.ok(
        "--instance", "Lima", "client", "configure", "--host", "ca.lab.test", "--contact-name", "A", "--node", "lima"
    )
    shell.ok("--instance", "Lima", "client", "configure", "--host", "ca.lab.test", "--contact-name", "B")
    assert '"lima"' in (shell.lab / "instances" / "Lima" / "instance.json").read_text()
    refused = shell("--instance", "Lima", "client", "configure", "--host", "h", "--contact-name", "A", "--node", "a/b")
    assert refused.code == 1
    assert refused.err.startswith("Node: ")


def test_a_number_that_is_too_long_is_told_without_asking_the_server(served: Shell) -> None:
    done = served("client", "get", "7" * 56)
    assert done.code == 1
    assert done.err == "Number: it is too long; a certificate's number has at most 49 digits.\n"


def test_a_certificate_is_renewed_and_the_new_files_take_over(served: Shell) -> None:
    lab = Lab(served.lab)

    def issued() -> int:
        server = lab.instance("MyCA").server
        (request,) = server.pending()
        points = Verification(identity=True, authority=True, purpose=True, fingerprint=request.fingerprint.sha256)
        return server.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=points).number

    missing = served("--instance", "Santiago", "client", "renew", "--root", "Web", "--no-password")
    assert (missing.code, "no Web.cer to renew" in missing.err) == (1, True)
    client = ("--instance", "Santiago", "client")
    served.ok(*client, "submit", "--root", "Web", "--cn", "web.lab.test", "--key-algorithm", "ec-p256", "--no-password")
    served.ok(*client, "get", str(issued()))
    record = served.ok(*client, "renew", "--root", "Web", "--key-algorithm", "ed25519", "--no-password")
    assert record["key_path"].endswith("Web.renew.key")
    done = served(*client, "get", str(issued()))
    assert "Web.key.old" in done.out
    again = served(*client, "renew", "--root", "Web", "--same-key")
    assert again.code == 0
    assert "stay in use" in again.out
    (waiting,) = served.ok("--instance", "MyCA", "server", "pending")
    assert waiting["renews"] == 2
    shown = served("--instance", "MyCA", "server", "show", str(waiting["id"])).out
    assert "It renews certificate 2 (Web), which is valid" in shown
    assert "with the same key" in shown
    wrong = served(*client, "renew", "--root", "Web", "--same-key", "--no-password")
    assert wrong.code == 2
