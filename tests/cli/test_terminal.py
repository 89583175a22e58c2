"""What a person at a terminal meets: hidden prompts, questions asked one by one, ways out."""

import json
import re
from pathlib import Path

import pytest

from pkilab.lab import Lab
from tests.cli.shell import CONFIGURE, PASSWORD, Shell, Terminal
from tests.cli.test_server import send

NEW_PASSWORD = "New password for MyCA.key:"
AGAIN = "The same once more:"


def test_a_new_password_is_typed_twice_and_never_shown(shell: Shell) -> None:
    terminal = Terminal(*CONFIGURE, home=shell.lab)
    terminal.answer(NEW_PASSWORD, PASSWORD)
    terminal.answer(AGAIN, PASSWORD)
    assert terminal.finish() == 0
    assert "so a new key and certificate will be made" in terminal.said
    assert PASSWORD not in terminal.said


def test_two_entries_that_differ_make_nothing(shell: Shell) -> None:
    terminal = Terminal(*CONFIGURE, home=shell.lab)
    terminal.answer(NEW_PASSWORD, PASSWORD)
    terminal.answer(AGAIN, PASSWORD + "!")
    assert terminal.finish() == 1
    assert "the two entries differ" in terminal.said
    assert not Lab(shell.lab).instances()


def test_no_password_is_asked_for_when_something_else_is_wrong(shell: Shell) -> None:
    terminal = Terminal(*CONFIGURE, "--ca-days", "0", home=shell.lab)
    assert terminal.finish() == 1
    assert "Validity of the CA certificate: " in terminal.said
    assert "New password" not in terminal.said


def test_the_smtp_password_is_asked_for_where_somebody_logs_in(shell: Shell) -> None:
    options = ("--smtp-host", "mail.lab.test", "--smtp-user", "opal")
    terminal = Terminal(*CONFIGURE, *options, home=shell.lab, PKILAB_PASSWORD=PASSWORD)
    terminal.answer("SMTP password of opal (empty for none):", "smtp secret")
    terminal.answer(AGAIN, "smtp secret")
    assert terminal.finish() == 0
    assert "smtp secret" not in terminal.said


def test_an_operator_is_asked_for_each_point_by_itself(ca: Shell) -> None:
    fingerprint = send(ca)
    terminal = Terminal("server", "issue", "1", home=ca.lab)
    terminal.answer("What may the certificate be used for (tls, intermediate, code-signing)?", "tls")
    terminal.answer("Is the person who they say? [y/N]", "y")
    terminal.answer("exactly these names (subject and alternative names)? [y/N]", "yes")
    terminal.answer("Is it for this purpose: TLS/SSL and XML security? [y/N]", "Y")
    assert fingerprint[:8] not in terminal.said
    terminal.answer("as the contact reads it out:", fingerprint.lower())
    terminal.answer("Password of MyCA.key:", PASSWORD)
    assert terminal.finish() == 0
    assert "a hint, and no proof" in terminal.said
    assert "Certificate number 1 was issued" in terminal.said
    assert PASSWORD not in terminal.said


@pytest.mark.parametrize("answer", ["n", "", "maybe"])
def test_the_first_point_that_is_not_acknowledged_ends_the_questions(ca: Shell, answer: str) -> None:
    send(ca)
    terminal = Terminal("server", "verify", "1", "--usage", "tls", home=ca.lab)
    terminal.answer("Is the person who they say? [y/N]", answer)
    assert terminal.finish() == 1
    assert "exactly these names (subject" not in terminal.said
    assert "Still to do: make sure that the person is who they say;" in terminal.said


def test_what_the_options_say_is_not_asked_again(ca: Shell) -> None:
    fingerprint = send(ca)
    options = ("--usage", "tls", "--identity-verified", "--authority-verified", "--fingerprint", fingerprint)
    terminal = Terminal("server", "verify", "1", *options, home=ca.lab)
    terminal.answer("Is it for this purpose: TLS/SSL and XML security? [y/N]", "y")
    assert terminal.finish() == 0
    assert terminal.said.count("[y/N]") == 1
    assert "pkilab server issue 1" in terminal.said


def test_a_request_that_is_no_longer_pending_raises_no_questions(ca: Shell) -> None:
    send(ca)
    ca.ok("server", "delete", "1", "--yes")
    terminal = Terminal("server", "issue", "1", home=ca.lab)
    assert terminal.finish() == 1
    assert "is no longer pending" in terminal.said


def test_an_empty_prompt_leaves_a_client_key_open(served: Shell) -> None:
    submit = ("client", "submit", "--root", "Dev", "--cn", "santiago.lab.test", "--key-algorithm", "ec-p256")
    terminal = Terminal(*submit, home=served.lab)
    terminal.answer("New password for Dev.key (empty leaves the key open):", "")
    assert terminal.finish() == 0
    key = served.lab / "instances/Santiago/mgr/Dev.key"
    assert "BEGIN PRIVATE KEY" in key.read_text()
    terminal = Terminal(*submit, home=served.lab)
    terminal.answer("(empty leaves the key open):", PASSWORD)
    terminal.answer(AGAIN, PASSWORD)
    assert terminal.finish() == 0
    assert "BEGIN ENCRYPTED PRIVATE KEY" in key.read_text()


@pytest.mark.parametrize(("answer", "code", "state"), [("no", 1, "pending"), ("yes", 0, "deleted")])
def test_what_destroys_is_asked_before_it_is_done(ca: Shell, answer: str, code: int, state: str) -> None:
    send(ca)
    terminal = Terminal("server", "delete", "1", home=ca.lab)
    terminal.answer("Type yes to do it:", answer)
    assert terminal.finish() == code
    assert ca.ok("server", "show", "1")["state"] == state


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_a_prompt_is_left_with_130_and_without_a_trace(shell: Shell, key: bytes) -> None:
    terminal = Terminal(*CONFIGURE, home=shell.lab)
    terminal.wait(NEW_PASSWORD)
    terminal.press(key)
    assert terminal.finish() == 130
    assert re.search(r"\nInterrupted; nothing more was done\.\s*$", terminal.said)
    assert "Traceback" not in terminal.said
    assert not Lab(shell.lab).instances()


def test_tables_are_drawn_and_sentences_wrap_between_words(ca: Shell) -> None:
    send(ca)
    table = Terminal("server", "pending", home=ca.lab)
    assert table.finish() == 0
    assert "───" in table.said
    assert "CN = santiagodev.lab.test" in table.said
    narrow = Terminal("server", "reinitialize", home=ca.lab, COLUMNS="40")
    narrow.answer("Type yes to do it:", "no")
    assert narrow.finish() == 1
    assert max(map(len, narrow.said.splitlines())) <= 40


def test_json_is_alone_on_standard_output_also_at_a_terminal(ca: Shell, tmp_path: Path) -> None:
    terminal = Terminal("server", "pending", "--json", home=ca.lab)
    assert terminal.finish() == 0
    assert json.loads(terminal.said) == []
