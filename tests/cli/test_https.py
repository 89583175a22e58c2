"""HTTPS at the command line: `serve --tls`, `serve --tls-quickstart`, and a client that compares a fingerprint."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pkilab import Lab
from tests.cli.shell import ACKNOWLEDGED, PASSWORD, Serving, Shell

PLACE = ("client", "configure", "--host", "127.0.0.1", "--contact-name", "Ana", "--https")


def fingerprint(said: str) -> str:
    found = re.search(r"SHA-256: ([0-9A-F:]{95})", said)
    assert found, said
    return found[1]


def test_a_quickstart_and_a_compared_fingerprint_are_two_commands(ca: Shell) -> None:
    serving = Serving(ca.lab, "--tls-quickstart")
    try:
        assert "https://127.0.0.1:" in serving.said
        client = ("--instance", "Santiago", *PLACE, "--port", serving.port)
        assert ca(*client).code == 0
        refused = ca("--instance", "Santiago", "client", "test")
        assert refused.code == 1
        assert "not trusted" in refused.err
        assert fingerprint(serving.said) in refused.err
        wrong = ca(*client, "--trust-fingerprint", "00" * 32)
        assert (wrong.code, "not the one that was given" in wrong.err) == (1, True)
        done = ca.ok(*client, "--trust-fingerprint", fingerprint(serving.said))
        assert done["settings"]["trust_fingerprint"] == fingerprint(serving.said)
        reached = ca.ok("--instance", "Santiago", "client", "test")
        assert reached["shown"]["fingerprint"]["sha256"] == fingerprint(serving.said)
        both = ca(*client, "--trust-fingerprint", "00" * 32, "--trust", __file__)
        assert "leave one of them out" in both.err
    finally:
        code, _, err = serving.end()
    assert (code, err) == (0, "")


def test_the_quickstart_certificate_is_the_same_the_next_time(ca: Shell) -> None:
    said = []
    for _ in range(2):
        serving = Serving(ca.lab, "--tls-quickstart", "--json")
        serving.end()
        said.append(json.loads(serving.said)["tls"])
    assert said[0] == said[1]
    assert said[0]["fingerprint"]["sha256"] == said[0]["certificate"]["fingerprint"]["sha256"]


def test_a_certificate_that_the_ca_issued_is_served_with_its_password_from_a_file(
    served: Shell, tmp_path: Path
) -> None:
    """Walkthrough 08: the CA's own instance is a client too, and gets its web service's certificate."""
    port = served.ok("--instance", "Santiago", "client", "test")["url"].rpartition(":")[2].partition("/")[0]
    mine = ("--instance", "MyCA", "client")
    served.ok(*mine, "configure", "--host", "localhost", "--port", port, "--contact-name", "Ana")
    submit = (*mine, "submit", "--root", "Web", "--cn", "web", "--san", "DNS:localhost", "--san", "IP:127.0.0.1")
    read_out = served.ok(*submit, password=PASSWORD)["fingerprint"]["sha256"]
    issue = ("server", "issue", "1", "--usage", "tls", "--fingerprint", read_out, *ACKNOWLEDGED)
    number = served.ok(*issue, password=PASSWORD)["number"]
    served.ok(*mine, "get", str(number))
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)

    serving = Serving(served.lab, "--tls", "Web", "--password-file", str(password))
    try:
        trust = served.lab / "trust.pem"
        trust.write_text(Lab(served.lab).instance("MyCA").server.ca_certificate().pem)
        served.ok("--instance", "Santiago", *PLACE, "--port", serving.port, "--trust", str(trust))
        assert served.ok("--instance", "Santiago", "client", "test")["url"].startswith("https://")
    finally:
        assert serving.end()[0] == 0

    for options, words in [
        (("--tls", "Web"), "standard input is no terminal"),
        (("--tls", "None"), "None.cer"),
        (("--tls", "Web", "--instance", "Nobody"), "Web.cer"),
    ]:
        done = served("serve", "--port", "0", *options)
        assert done.code == 1
        assert words in done.err
    wrong = served("serve", "--port", "0", "--tls", "Web", password="incorrect")
    assert "does not open Web.key" in wrong.err


@pytest.mark.parametrize(
    "options",
    [("--tls", "Web", "--tls-quickstart"), ("--password-file", "x"), ("--tls-quickstart", "--password-file", "x")],
)
def test_options_that_do_not_go_together_are_wrong_usage(ca: Shell, options: tuple[str, ...]) -> None:
    assert ca("serve", *options).code == 2
