"""The operator's commands: configuring, looking, verifying, issuing, deleting, starting over."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pkilab.lab import Lab
from pkilab.model.acts import Batch, Refusal
from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from tests.cli.shell import ACKNOWLEDGED, CONFIGURE, PASSWORD, Shell
from tests.scene import ANA, signing_request


def send(shell: Shell, root: str = "SantiagoDev", **about: Any) -> str:
    """Let a request come in; its SHA-256 fingerprint."""
    content = signing_request(root, **about)
    named = RequestName("santiago", "SANTIAGO", root)
    Lab(shell.lab).instance("MyCA").server.submit(Submission(name=named, csr=content.pem, contact=ANA))
    return content.fingerprint.sha256


def changed(name: str, value: str | None) -> list[str]:
    """The arguments that configure a new CA, with an option's value changed; None leaves it out."""
    arguments = list(CONFIGURE)
    if name in arguments:
        at = arguments.index(name)
        del arguments[at : at + 2]
    return arguments if value is None else [*arguments, name, value]


def test_a_new_ca_is_configured_and_the_answer_names_files_and_fingerprints(shell: Shell) -> None:
    done = shell(*CONFIGURE, "--admin-email", "ca@lab.test", password=PASSWORD)
    assert done.code == 0
    for words in ("MyCA.key", "MyCA.cer", "MyCA.srl", "ca@lab.test", "SHA-256", "SHA-1", "removable media"):
        assert words in done.out
    settings = Lab(shell.lab).instance("MyCA").server.settings
    assert (settings.root, settings.issued_days, settings.mail.administrator) == ("MyCA", 365, "ca@lab.test")


def test_every_option_of_configure_reaches_the_server(shell: Shell, tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("smtp secret\n")
    secret.chmod(0o600)
    trust = tmp_path / "trust.pem"
    trust.write_text("a certificate")
    record = shell.ok(
        *("--instance", "MyCA", "server", "configure", "--root", "R", "--dir", str(tmp_path / "medium"), "--new"),
        *("--c", "CL", "--st", "Metropolitana", "--l", "Santiago", "--o", "Lab", "--ou", "PKI", "--cn", "Root"),
        *("--ca-days", "100", "--issued-days", "10", "--key-algorithm", "ed25519", "--serials", "random"),
        *("--public-url", "http://ca.lab.test:52773", "--admin-email", "ca@lab.test", "--smtp-host", "mail.lab.test"),
        *("--smtp-port", "587", "--smtp-user", "opal", "--smtp-tls", "starttls", "--smtp-password-file", str(secret)),
        *("--smtp-trust", str(trust)),
        password=PASSWORD,
    )
    assert record["settings"]["mail"] == {
        "administrator": "ca@lab.test",
        "host": "mail.lab.test",
        "port": 587,
        "username": "opal",
        "security": "starttls",
        "trust": str(trust),
    }
    subject = "C = CL, ST = Metropolitana, L = Santiago, O = Lab, OU = PKI, CN = Root"
    assert record["certificate"]["subject"] == subject
    assert record["certificate"]["key"]["family"] == "Ed25519"
    assert (record["settings"]["serials"], record["settings"]["issued_days"]) == ("random", 10)
    assert record["settings"]["public_url"] == "http://ca.lab.test:52773"
    assert record["key_path"] == str(tmp_path / "medium" / "R.key")
    assert (shell.lab / "instances" / "MyCA" / "mgr" / "smtp-password").read_text().strip() == "smtp secret"


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("--root", "cache", "File root"),
        ("--root", "a/b", "File root"),
        ("--dir", "", "Directory"),
        ("--dir", "../out", "Directory"),
        ("--c", "ZZ", "Country"),
        ("--cn", "x" * 65, "Common name"),
        ("--cn", None, "Subject"),
        ("--ca-days", "0", "Validity of the CA certificate"),
        ("--ca-days", None, "Validity of the CA certificate"),
        ("--issued-days", "0", "Validity of issued certificates"),
        ("--key-algorithm", "rsa-512", "Key algorithm"),
        ("--serials", "dice", "Serial numbers"),
        ("--last-serial", "xyz", "Last serial number"),
        ("--public-url", "ftp://x", "Public address"),
        ("--admin-email", "nobody", "CA administrator's address"),
        ("--smtp-host", "a b", "SMTP server"),
        ("--smtp-tls", "maybe", "SMTP security"),
        ("--smtp-tls", "tls", "SMTP server"),
        ("--smtp-trust", "/nowhere", "SMTP trust"),
        ("--instance", "a b", "Instance"),
    ],
)
def test_a_wrong_value_is_told_by_the_name_of_its_field(
    shell: Shell, option: str, value: str | None, field: str
) -> None:
    done = shell(*changed(option, value), password=PASSWORD)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{field}: ")
    assert done.err.count("\n") == 1
    assert not shell.lab.exists() or not list(shell.lab.glob("instances/*"))


@pytest.mark.parametrize("option", ["--root", "--dir", "--issued-days", "--instance"])
def test_what_is_required_is_named_as_wrong_usage(shell: Shell, option: str) -> None:
    done = shell(*changed(option, None), password=PASSWORD)
    assert (done.code, done.out) == (2, "")
    assert option in done.err


def test_the_two_cases_of_configuring_are_not_confused(ca: Shell) -> None:
    ca.ok("server", "reinitialize", "--yes")
    again = ca(*CONFIGURE)
    assert again.code == 1
    assert again.err.startswith("A key and a certificate are there already: subject, validity of the CA certificate")
    existing = ("--instance", "MyCA", "server", "configure", "--root", "MyCA", "--dir", "ca", "--issued-days", "30")
    new = ca(*existing, "--new")
    assert "a new CA was asked for" in new.err
    password_file = ca.lab / "password"
    password_file.write_text(PASSWORD)
    password_file.chmod(0o600)
    assert "password can only be given for a new one" in ca(*existing, "--password-file", str(password_file)).err
    # A password that merely stands in the environment is no argument of this command.
    assert ca(*existing, "--existing", password=PASSWORD).code == 0


def test_an_existing_ca_without_a_serial_file_takes_its_last_number_in_hex(ca: Shell) -> None:
    ca.ok("server", "reinitialize", "--yes")
    (ca.lab / "instances/MyCA/mgr/ca/MyCA.srl").unlink()
    existing = ("--instance", "MyCA", "server", "configure", "--root", "MyCA", "--dir", "ca", "--issued-days", "30")
    assert ca(*existing).err.startswith("Serial numbers: ")
    ca.ok(*existing, "--last-serial", "0x01:FE")
    assert (ca.lab / "instances/MyCA/mgr/ca/MyCA.srl").read_text() == "01FE\n"


def test_requests_are_listed_and_shown_without_their_fingerprints(ca: Shell) -> None:
    assert "No request is waiting" in ca("server", "pending").out
    assert ca.ok("server", "pending") == []
    fingerprint = send(ca)
    listed, shown = ca("server", "pending"), ca("server", "show", "1")
    for done in (listed, shown):
        assert done.code == 0
        assert "CN = santiagodev.lab.test" in done.out
        assert fingerprint[:20] not in done.out
    assert "a hint, and no proof" in shown.out
    assert fingerprint in ca("server", "show", "1", "--fingerprints").out
    assert "BEGIN CERTIFICATE REQUEST" in ca("server", "show", "1", "--pem").out
    (record,) = ca.ok("server", "pending")
    assert (record["id"], record["state"], record["fingerprint"]["sha256"]) == (1, "pending", fingerprint)
    told = ca.ok("server", "show", "1")
    assert told.pop("key_place")["there"] is True
    assert told == {**record, "warnings": []}


def test_what_to_look_at_twice_is_shown(ca: Shell) -> None:
    send(ca, "Evil", subject=DN(common_name="Training CA"), sans=())
    warnings = ca.ok("server", "show", "1")["warnings"]
    assert warnings[0].startswith("The request asks for this CA's own name")
    shown = ca("server", "show", "1").out
    assert all(warning in shown for warning in warnings)


def test_a_request_is_issued_with_its_fingerprint_typed_in(ca: Shell) -> None:
    fingerprint = send(ca).lower().replace(":", "")
    issued = ca.ok(
        *("server", "issue", "1", "--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED), password=PASSWORD
    )
    assert (issued["number"], issued["subject"]) == (1, "CN = santiagodev.lab.test")
    assert issued["fingerprint"]["sha1"].count(":") == 19
    (row,) = ca.ok("server", "certificates")
    assert (row["number"], row["usage"], row["state"]) == (1, "tls", "valid")
    assert "SantiagoDev" in ca("server", "certificates").out


def test_a_fingerprint_that_does_not_match_issues_nothing_and_is_not_answered(ca: Shell) -> None:
    right = send(ca)
    wrong = right.replace(right[0], "B" if right[0] == "A" else "A")
    done = ca(
        *("--json", "server", "issue", "1", "--usage", "tls", "--fingerprint", wrong, *ACKNOWLEDGED), password=PASSWORD
    )
    assert done.code == 1
    assert done.json["error"]["code"] == "FingerprintMismatch"
    assert done.json["error"]["facts"] == {"request_id": 1, "given": wrong}
    assert right not in done.out + done.err
    assert done.err.startswith("The fingerprint does not match request 1.")
    assert ca.ok("server", "pending")[0]["state"] == "pending"
    assert "fingerprint did not match" in [entry["act"] for entry in ca.ok("journal")]


@pytest.mark.parametrize("left_out", [*ACKNOWLEDGED, "--fingerprint"])
def test_each_point_of_the_verification_is_needed(ca: Shell, left_out: str) -> None:
    fingerprint = send(ca)
    points = [point for point in ACKNOWLEDGED if point != left_out]
    if left_out != "--fingerprint":
        points += ["--fingerprint", fingerprint]
    done = ca("server", "issue", "1", "--usage", "tls", *points, password=PASSWORD)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Request 1 is not verified yet. Still to do: ")
    assert done.err.count(";") == 0, "only the missing point is named" if left_out != "--fingerprint" else ""


def test_without_a_terminal_all_that_is_missing_is_named(ca: Shell) -> None:
    send(ca)
    assert ca("server", "issue", "1", password=PASSWORD).err.startswith("Usage: ")
    done = ca("server", "issue", "1", "--usage", "tls", password=PASSWORD)
    assert done.code == 1
    assert done.err.count(";") == 3


def test_a_recorded_verification_is_enough_to_issue_later(ca: Shell) -> None:
    fingerprint = send(ca)
    verify = ("server", "verify", "1", "--usage", "code-signing", "--fingerprint", fingerprint, *ACKNOWLEDGED)
    assert ca.ok(*verify)["verification"]["usage"] == "code-signing"
    other = ca("server", "issue", "1", "--usage", "tls", password=PASSWORD)
    assert "verified for another use" in other.err
    assert ca.ok("server", "issue", "1", password=PASSWORD)["certificate"]["usage"] == "code-signing"


def test_several_are_issued_together_only_when_each_was_verified_by_itself(ca: Shell) -> None:
    fingerprints = [send(ca, root) for root in ("One", "Two", "Three")]
    together = ("server", "issue", "1", "2", "3")
    for options in (("--fingerprint", fingerprints[0]), ("--fingerprint", ""), *((point,) for point in ACKNOWLEDGED)):
        done = ca(*together, *options, password=PASSWORD)
        assert (done.code, done.out) == (2, "")
        assert "covers two requests" in done.err
    assert ca(*together, "--path-length", "0", password=PASSWORD).code == 2
    for at in (1, 2):
        ca.ok("server", "verify", str(at), "--usage", "tls", "--fingerprint", fingerprints[at - 1], *ACKNOWLEDGED)
    assert ca(*together, password=PASSWORD).err.startswith("Request 3 is not verified yet.")
    assert len(ca.ok("server", "pending")) == 3
    ca.ok("server", "verify", "3", "--usage", "code-signing", "--fingerprint", fingerprints[2], *ACKNOWLEDGED)
    assert "it was verified for “Code signing”" in ca(*together, "--usage", "tls", password=PASSWORD).err
    batch = ca.ok(*together, "3", password=PASSWORD)
    assert [issued["number"] for issued in batch["issued"]] == [1, 2, 3]
    assert batch["refused"] == []
    assert ca.ok("server", "pending") == []


def test_one_id_written_twice_is_one_request(ca: Shell) -> None:
    fingerprint = send(ca)
    done = ca(
        *("server", "issue", "1", "1", "--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED), password=PASSWORD
    )
    assert done.code == 0


def test_an_empty_fingerprint_is_not_covered_by_an_earlier_verification(ca: Shell) -> None:
    fingerprint = send(ca)
    ca.ok("server", "verify", "1", "--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED)
    done = ca("server", "issue", "1", "--usage", "tls", "--fingerprint", "", *ACKNOWLEDGED, password=PASSWORD)
    assert (done.code, done.err.startswith("Request 1 is not verified yet.")) == (1, True)


def test_a_request_that_somebody_else_decided_on_does_not_stop_the_others(
    ca: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch(issued=(), refused=(Refusal(request_id=2, code="NotPending", sentence="Request 2 has gone."),))
    monkeypatch.setattr("pkilab.authority.server.CAServer.issue_many", lambda *_, **__: batch)
    done = ca("server", "issue", "1", "2", "--json")
    assert (done.code, done.err) == (1, "Request 2 has gone.\n")
    assert done.json["refused"] == [{"request_id": 2, "code": "NotPending", "sentence": "Request 2 has gone."}]


def test_a_path_length_goes_with_a_usage(ca: Shell) -> None:
    send(ca)
    for command in ("verify", "issue"):
        done = ca("server", command, "1", "--path-length", "1", *ACKNOWLEDGED, password=PASSWORD)
        assert (done.code, "--usage intermediate" in done.err) == (2, True)


def test_an_intermediate_gets_the_path_length_that_was_chosen(ca: Shell) -> None:
    fingerprint = send(ca)
    options = ("--usage", "intermediate", "--path-length", "2", "--fingerprint", fingerprint, *ACKNOWLEDGED)
    issued = ca.ok("server", "issue", "1", *options, password=PASSWORD)
    assert issued["certificate"]["certificate"]["path_length"] == 2


def test_a_wrong_password_leaves_the_request_verified_and_pending(ca: Shell) -> None:
    fingerprint = send(ca)
    issue = ("server", "issue", "1", "--usage", "tls")
    wrong = ca(*issue, "--fingerprint", fingerprint, *ACKNOWLEDGED, password="wrong")
    assert wrong.code == 1
    assert wrong.err.startswith("The password does not open MyCA.key. Try again.")
    assert "The verification is recorded" in wrong.err
    assert ca(*issue, password=PASSWORD).code == 0


def test_a_request_is_deleted_only_with_yes(ca: Shell) -> None:
    send(ca)
    asked = ca("server", "delete", "1")
    assert (asked.code, asked.out) == (1, "")
    assert "--yes" in asked.err
    deleted = ca.ok("server", "delete", "1", "--yes", "--reason", "nobody knows them")
    assert (deleted["state"], deleted["reason"]) == ("deleted", "nobody knows them")
    again = ca("server", "delete", "1", "--yes")
    assert again.err.startswith("Request 1 is no longer pending")


def test_starting_over_needs_yes_and_tells_the_effects(ca: Shell) -> None:
    asked = ca("server", "reinitialize")
    assert asked.code == 1
    assert "all configuration of MyCA" in asked.err
    done = ca.ok("server", "reinitialize", "--yes")
    assert Path(done["archive"]).is_file()
    assert (ca.lab / "instances/MyCA/mgr/ca/MyCA.key").is_file()
    assert [entry["act"] for entry in ca.ok("--instance", "MyCA", "journal")] == ["configured", "reinitialized"]


def test_certificates_come_in_pages_for_people_and_whole_for_programs(ca: Shell) -> None:
    for at, root in enumerate(("One", "Two", "Three"), start=1):
        fingerprint = send(ca, root)
        options = ("--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED)
        ca.ok("server", "issue", str(at), *options, password=PASSWORD)
    page = ca("server", "certificates", "--limit", "2")
    assert "Two" in page.out
    assert "Three" not in page.out
    after = page.out.rsplit("--after ", 1)[1].strip()
    assert "Three" in ca("server", "certificates", "--after", after).out
    assert [row["number"] for row in ca.ok("server", "certificates")] == [1, 2, 3]
    assert [row["number"] for row in ca.ok("server", "certificates", "--limit", "1")] == [1]
    assert [row["name"]["root"] for row in ca.ok("server", "certificates", "--search", "tWo")] == ["Two"]
    assert ca("server", "certificates", "--limit", "0").err.startswith("Limit: ")


def test_a_list_longer_than_a_page_is_whole_for_programs(ca: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, root in enumerate(("One", "Two", "Three"), start=1):
        fingerprint = send(ca, root)
        options = ("--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED)
        ca.ok("server", "issue", str(at), *options, password=PASSWORD)
    monkeypatch.setattr("pkilab.cli.server.ALL", 2)
    assert [row["number"] for row in ca.ok("server", "certificates")] == [1, 2, 3]


def test_a_pkcs12_file_becomes_a_ca_and_an_open_key_is_encrypted(
    ca: Shell, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    mgr = ca.lab / "instances/MyCA/mgr/ca"
    openssl, p12 = tool("openssl"), tmp_path / "Old-CA.p12"
    key_and_certificate = ["-inkey", str(mgr / "MyCA.key"), "-in", str(mgr / "MyCA.cer")]
    export = [openssl, "pkcs12", "-export", *key_and_certificate, "-out", str(p12)]
    subprocess.run([*export, "-passin", f"pass:{PASSWORD}", "-passout", f"pass:{PASSWORD}"], check=True)
    importing = ("--instance", "Old", "server", "import", str(p12), "--dir", "ca")
    assert ca(*importing).err.startswith("Password: standard input is no terminal")
    assert ca(*importing, password="wrong").err.startswith("The password does not open Old-CA.p12")
    laid_out = ca.ok(*importing, password=PASSWORD)
    assert [Path(path).name for path in laid_out["paths"]] == ["Old-CA.key", "Old-CA.cer"]
    key = Path(laid_out["paths"][0])
    opened = subprocess.run(
        [openssl, "pkey", "-in", str(key), "-passin", f"pass:{PASSWORD}"], check=True, capture_output=True
    )
    key.write_bytes(opened.stdout)
    configure = ("--instance", "Old", "server", "configure", "--root", "Old-CA", "--dir", "ca", "--issued-days", "5")
    done = ca(*configure, "--last-serial", "0A")
    assert "The private key Old-CA.key is not encrypted" in done.out
    encrypt = ("--instance", "Old", "server", "encrypt-key")
    assert ca(*encrypt).err.startswith("Password: standard input is no terminal")
    assert ca(*encrypt, password=PASSWORD).code == 0
    assert b"ENCRYPTED" in key.read_bytes()
    assert "encrypted already" in ca(*encrypt).err


def test_an_absent_medium_is_told_before_any_password_is_asked(ca: Shell) -> None:
    fingerprint = send(ca)
    shutil.move(ca.lab / "instances/MyCA/mgr/ca", ca.lab / "locker")
    done = ca("server", "issue", "1", "--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED)
    assert (done.code, "Mount the medium" in done.err) == (1, True)


def test_numbers_of_twenty_octets_stay_numbers_in_json(shell: Shell) -> None:
    shell.ok(*CONFIGURE, "--serials", "random", password=PASSWORD)
    fingerprint = send(shell)
    done = shell(
        *("--json", "server", "issue", "1", "--usage", "tls", "--fingerprint", fingerprint, *ACKNOWLEDGED),
        password=PASSWORD,
    )
    number = json.loads(done.out)["number"]
    assert type(number) is int
    assert number > 2**53
