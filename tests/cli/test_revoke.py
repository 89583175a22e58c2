"""The operator's commands on certificates that were issued: revoking, publishing, the responder, taking over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from pkilab.lab import Lab
from pkilab.model.request import Verification
from pkilab.model.revocation import RevocationReason
from pkilab.model.times import moment
from pkilab.model.usage import Usage
from tests.cli.shell import PASSWORD, Shell
from tests.cli.test_server import send
from tests.scene import settings


def issue(shell: Shell, root: str = "SantiagoDev") -> int:
    """Let a certificate be issued; its number."""
    read_out = send(shell, root)
    verified = Verification(identity=True, authority=True, purpose=True, fingerprint=read_out)
    server = Lab(shell.lab).instance("MyCA").server
    (request,) = server.pending()
    return server.issue(request.id, usage=Usage.TLS, password=PASSWORD, verified=verified).number


def test_revoke_hold_and_lift(ca: Shell) -> None:
    number = issue(ca)
    record = ca.ok("server", "revoke", str(number), "--reason", "certificateHold", password=PASSWORD)
    assert (record["number"], record["certificate"]["state"]) == (number, "on hold")
    assert record["lists"][0]["revoked"] == 1
    assert "der" not in record["lists"][0]
    done = ca("server", "lift", str(number), password=PASSWORD)
    assert done.code == 0
    assert f"Certificate {number} is valid" in done.out
    done = ca(
        *("server", "revoke", str(number), "--reason", "KEYCOMPROMISE", "--invalid-since", "2026-11-20T08:00"),
        password=PASSWORD,
    )
    assert "keyCompromise" in done.out
    found = Lab(ca.lab).instance("MyCA").server.certificate(number).revocation
    assert found
    assert (found.reason, found.invalid_since) == (
        RevocationReason.KEY_COMPROMISE,
        datetime(2026, 11, 20, 8, tzinfo=UTC),
    )
    again = ca("server", "revoke", str(number), "--reason", "superseded", password=PASSWORD)
    assert (again.code, "was revoked already" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("revoke", "1", "--reason", "boredom"), "keyCompromise"),
        (("revoke", "7", "--reason", "superseded"), "no certificate with number 7"),
        (("revoke", "1", "--reason", "superseded", "--invalid-since", "yesterday"), "such as 2026-11-20"),
        (("lift", "1"), "not on hold"),
        (("publish-crl", "--ahead", "999"), "from 0 to 120"),
        (("settings", "--remind-days", "soon"), "30,7,1"),
        (("settings", "--public-url", "pki"), "http://host:port"),
        (("adopt", "missing.cer"), "missing.cer"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(ca: Shell, arguments: tuple[str, ...], told: str) -> None:
    issue(ca)
    done = ca("server", *arguments, password=PASSWORD)
    assert done.code == 1
    assert told in done.err
    assert Lab(ca.lab).instance("MyCA").server.crls() == ()


def test_publishing_ahead_listing_and_pem(ca: Shell) -> None:
    assert "No revocation list" in ca("server", "crl").out
    assert "publish-crl" in ca("server", "crl", "--pem").err
    record = ca.ok("server", "publish-crl", "--ahead", "2", password=PASSWORD)
    assert [each["number"] for each in record["lists"]] == [1, 2, 3]
    assert [each["number"] for each in ca.ok("server", "crl")] == [1, 2, 3]
    listed = [line.split()[-1] for line in ca("server", "crl").out.splitlines() if line[:1].isdigit()]
    assert listed == ["counts", "ahead", "ahead"]
    shown = ca("server", "crl", "--pem").out
    found = x509.load_pem_x509_crl(shown.encode())
    assert found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 1
    assert "number 5 to 6" in ca("server", "publish-crl", password=PASSWORD).out  # as many ahead as before


def test_the_responder_is_renewed_and_the_status_warns_until_then(ca: Shell) -> None:
    ca.ok("server", "settings", "--public-url", "http://pki.lab.test:52773")
    warned = ca("status").out
    assert "renew-responder" in warned
    assert "publish-crl" in warned
    record = ca.ok("server", "renew-responder", password=PASSWORD)
    assert Path(record["path"]).stat().st_mode & 0o777 == 0o600
    ca.ok("server", "publish-crl", password=PASSWORD)
    assert "!" not in ca("status").out
    assert ca.ok("status")["queues"][0]["alerts"] == []


def test_the_status_warns_before_the_list_and_the_responders_certificate_run_out(shell: Shell) -> None:
    ca = shell
    earlier = Lab(ca.lab, clock=lambda: datetime.now(UTC) - timedelta(days=24))
    server = earlier.instance("MyCA").server
    server.configure(**settings(password=PASSWORD))
    until = server.publish_crl(password=PASSWORD).lists[0].next_update
    server.renew_responder(password=PASSWORD)
    told = ca("status").out
    assert f"! The last revocation list of MyCA, number 1, runs out on {moment(until)}." in told
    assert "! The certificate of the OCSP responder of MyCA expires on" in told
    assert [each["about"] for each in ca.ok("status")["queues"][0]["alerts"]] == ["crl", "responder"]
    ca.ok("server", "publish-crl", "--ahead", "1", password=PASSWORD)
    ca.ok("server", "renew-responder", password=PASSWORD)
    assert "!" not in ca("status").out


def test_settings_are_shown_and_changed(ca: Shell) -> None:
    shown = ca("server", "settings").out
    assert "not set" in shown
    assert "30, 7, 1 days" in shown
    record = ca.ok(
        *("server", "settings", "--public-url", "http://pki.lab.test", "--crl-days", "7", "--responder-days", "2"),
        *("--remind-days", "60, 5"),
    )
    assert (record["settings"]["crl_days"], record["settings"]["remind_days"]) == (7, [60, 5])
    assert ca.ok("server", "settings")["public_url"] == "http://pki.lab.test"
    assert "never" in ca("server", "settings", "--remind-days", "").out


def test_what_was_issued_elsewhere_is_adopted(ca: Shell, tmp_path: Path) -> None:
    """The registry is lost, the files that were fetched are not."""
    number = issue(ca)
    kept = tmp_path / "SantiagoDev.cer"
    kept.write_text(Lab(ca.lab).instance("MyCA").server.certificate(number).pem)
    ca.ok("server", "reinitialize", "--yes")
    ca.ok("--instance", "MyCA", "server", "configure", "--root", "MyCA", "--dir", "ca", "--issued-days", "9")
    done = ca("server", "adopt", str(kept), "--host", "old.lab.test", "--origin", "OLD")
    assert done.code == 0, done.err
    assert "1 certificate is on record now" in done.out
    assert ca.ok("server", "certificates")[0]["name"] == {
        "host": "old.lab.test",
        "instance": "OLD",
        "root": "SantiagoDev",
    }
