"""Certificates put to use from a shell: each command answers in JSON and in words, and asks for what it needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import ACKNOWLEDGED, PASSWORD, Shell, Terminal

OTHER = "correct horse of the container"


@pytest.fixture
def holder(served: Shell, tool: Callable[[str], str]) -> Shell:
    """Santiago with a certificate Edge (RSA, under a password) and Open (whose key lies open)."""
    tool("openssl")
    served.ok("client", "get-ca")
    for root, more in (("Edge", ()), ("Open", ("--no-password",))):
        password = PASSWORD if root == "Edge" else None
        asked = ("client", "submit", "--root", root, "--cn", "santiago.lab.test", *more)
        sent = served.ok(*asked, password=password)
        (request,) = served.ok("server", "pending")
        checked = ("--fingerprint", sent["fingerprint"]["sha256"], *ACKNOWLEDGED)
        done = served.ok("server", "issue", str(request["id"]), "--usage", "tls", *checked, password=PASSWORD)
        served.ok("client", "get", str(done["number"]))
    return served


def test_a_file_is_signed_and_checked(holder: Shell, tmp_path: Path) -> None:
    script = tmp_path / "hello.sh"
    script.write_text("echo hello\n")
    signed = holder.ok("client", "sign", str(script), "--root", "Edge", password=PASSWORD)
    assert signed["signature_path"] == f"{script}.p7s"
    checked = holder.ok("client", "verify-signature", str(script))
    assert checked["signers"][0]["accepted"] is True
    told = holder("client", "verify-signature", str(script))
    assert "The signature of hello.sh holds" in told.out
    script.write_text("echo bye\n")
    refused = holder("client", "verify-signature", str(script), "--json")
    assert refused.code == 1
    assert refused.json["error"]["code"] == "SignatureRefused"
    assert "changed after it was signed" in refused.err


def test_a_shell_is_told_which_of_its_certificates_were_revoked(holder: Shell) -> None:
    numbers = {each["root"]: each["number"] for each in holder.ok("client", "list")}
    holder.ok("server", "revoke", str(numbers["Open"]), "--reason", "superseded", password=PASSWORD)
    states = {each["root"]: each["reported"]["state"] for each in holder.ok("client", "own")}
    assert (states["Open"], states["Edge"]) == ("revoked", "valid")
    told = holder("client", "own").out
    assert "Open: The CA revoked this certificate on" in told
    assert "(superseded): whoever asks the CA refuses it. Renew it with a new key." in told
    assert "Edge:" not in told


def test_an_xml_document_is_signed_encrypted_and_read_again(holder: Shell, tmp_path: Path) -> None:
    order = tmp_path / "order.xml"
    order.write_text("<order><card>4000</card></order>")
    signed = holder.ok("client", "sign-xml", str(order), "--root", "Edge", password=PASSWORD)["made_path"]
    assert holder.ok("client", "verify-xml", signed)["signers"][0]["accepted"] is True
    closed = holder.ok("client", "encrypt-xml", signed, "--for", "Edge", "--element", ".//card")["made_path"]
    assert "4000" not in Path(closed).read_text()
    opened = tmp_path / "opened.xml"
    holder.ok("client", "decrypt-xml", closed, "--root", "Edge", "--to", str(opened), password=PASSWORD)
    assert holder.ok("client", "verify-xml", str(opened))["signature_path"] is None


def test_files_for_other_programs_are_written(holder: Shell, tmp_path: Path) -> None:
    store, chain, trust = (str(tmp_path / name) for name in ("edge.p12", "edge.pem", "trust.pem"))
    all_three = ("--pkcs12", store, "--chain", chain, "--trust", trust)
    done = holder.ok("client", "export", "--root", "Edge", *all_three, password=PASSWORD)
    assert done["paths"] == [store, chain, trust]
    assert holder.ok("client", "export", "--trust", trust)["set_aside"] == [f"{trust}.old"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "Name at least one file"),
        (("--chain", "x.pem"), "Say with --root"),
        (("--pkcs12", "x.p12"), "Say with --root"),
    ],
)
def test_an_export_of_nothing_or_nobodys_is_wrong_usage(holder: Shell, words: tuple[str, ...], why: str) -> None:
    done = holder("client", "export", *words)
    assert done.code == 2
    assert why in done.err


def test_the_container_of_an_open_key_needs_a_password_of_its_own(holder: Shell, tmp_path: Path) -> None:
    store = tmp_path / "open.p12"
    wanted = ("client", "export", "--root", "Open", "--pkcs12", str(store))
    refused = holder(*wanted)
    assert refused.code == 1
    assert "--pkcs12-password-file FILE or set PKILAB_EXPORT_PASSWORD" in refused.err
    assert not store.exists()
    assert holder(*wanted, PKILAB_EXPORT_PASSWORD=OTHER).code == 0
    store.unlink()
    file = tmp_path / "password.txt"
    file.write_text(OTHER)
    file.chmod(0o600)
    assert holder(*wanted, "--pkcs12-password-file", str(file)).code == 0
    store.unlink()
    terminal = Terminal(*wanted, home=holder.lab)
    terminal.answer("New password for", OTHER)
    terminal.answer("once more", OTHER)
    assert terminal.finish() == 0
    assert store.exists()


def test_a_chain_is_verified_as_of_a_time(holder: Shell, tmp_path: Path) -> None:
    own = str(holder.lab / "instances" / "Santiago" / "mgr" / "Edge.cer")
    asked = ("verify", own, "--purpose", "tls-server", "--name", "santiago.lab.test")
    judged = holder.ok(*asked)
    assert judged["accepted"] is True
    assert [verdict["judge"] for verdict in judged["verdicts"]] == ["pyca/cryptography", "openssl", "certtool"]
    late = holder(*asked, "--at", "2099-01-31")
    assert late.code == 1
    assert "Not accepted for a TLS server" in late.out
    assert "✗ refused" in late.out
    stranger = holder.lab / "instances" / "Santiago" / "mgr" / "Open.cer"
    assert holder(*asked, "--trust", str(stranger), "--json").json["accepted"] is False
    assert "At: give a time" in holder(*asked, "--at", "soon").err
    assert "Purpose: choose one of" in holder("verify", own, "--purpose", "mail").err


def test_without_anybody_to_trust_it_says_so(shell: Shell, tmp_path: Path) -> None:
    from tests.x509.samples import root

    path = tmp_path / "root.pem"
    path.write_text(root().pem)
    done = shell("verify", str(path))
    assert done.code == 1
    assert "this lab has no root of its own" in done.err
    assert not shell.lab.exists()


def test_a_certificate_is_tried_for_tls(holder: Shell) -> None:
    done = holder.ok("client", "try-tls", "--root", "Edge", password=PASSWORD)
    assert (done["root"], done["name"], done["version"]) == ("Edge", "santiago.lab.test", "TLSv1.3")
    assert "Open serves TLS" in holder("client", "try-tls", "--root", "Open").out
