"""How commands end: exit codes, sentences, JSON, and what a terminal is spared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pkilab.cli import command, printing, program
from pkilab.cli.call import Common
from pkilab.errors import InvalidField
from pkilab.model.dn import DN
from tests.cli.shell import CONFIGURE, PASSWORD, PROGRAM, Shell
from tests.cli.test_server import send


def test_without_a_command_the_help_comes_as_wrong_usage(shell: Shell) -> None:
    done = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "server" in done.stdout + done.stderr
    assert shell("server", "confgure").code == 2
    assert "Did you mean 'configure'?" in shell("server", "confgure").err


def test_the_version_is_told() -> None:
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("pkilab 0.")


def test_the_instance_may_be_left_out_only_where_one_alone_fits(shell: Shell) -> None:
    nobody = shell("server", "pending")
    assert (nobody.code, nobody.out) == (2, "")
    assert "No CA server is configured here yet" in nobody.err
    assert "No CA client is configured here yet" in shell("client", "list").err
    shell.configure()
    assert shell("server", "pending").code == 0
    shell.ok(*(word.replace("MyCA", "Other") for word in CONFIGURE), password=PASSWORD)
    both = shell("server", "pending")
    assert both.code == 2
    assert "CA servers here: MyCA, Other." in both.err
    assert shell("server", "pending", "--instance", "Other").code == 0


def test_a_mistyped_lab_is_not_made_by_looking_into_it(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "typo")
    done = shell("--instance", "MyCA", "server", "pending")
    assert (done.code, str(shell.lab) in done.err) == (1, True)
    assert shell("server", "pending").code == 2
    assert not shell.lab.exists()


def test_lab_instance_and_json_are_taken_before_and_after_the_command(ca: Shell) -> None:
    common = ("--lab", str(ca.lab), "--instance", "MyCA", "--json")
    program.app(["server", "pending", *common], standalone_mode=False)
    other = Shell(Path("/nowhere"))
    assert other("server", "pending", *common).json == []
    assert other("--instance", "Nobody", "server", "pending", *common).json == []


def test_an_error_is_one_sentence_on_stderr_and_for_programs_a_document_too(ca: Shell) -> None:
    plain = ca("server", "show", "7")
    assert (plain.code, plain.out) == (1, "")
    assert plain.err == "There is no request 7 here; list the pending requests to see what there is.\n"
    for arguments in (("--json", "server", "show", "7"), ("server", "show", "7", "--json")):
        done = ca(*arguments)
        assert (done.code, done.err) == (1, plain.err)
        error = {"code": "UnknownRequest", "message": plain.err.strip(), "facts": {"request_id": 7}, "notes": []}
        assert done.json == {"error": error}


def test_a_fault_of_pkilab_is_a_sentence_and_a_traceback_only_when_asked_for(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("holds a secret")

    monkeypatch.setattr("pkilab.lab.Lab.instances", broken)
    done = shell("--json", "server", "pending")
    assert (done.code, done.json["error"]["code"]) == (1, "Unexpected")
    assert "ZeroDivisionError" in done.err
    assert "Traceback" not in done.err
    assert "secret" not in done.out + done.err
    assert "Traceback" in shell("--debug", "server", "pending").err


def test_an_interrupted_command_ends_with_130(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pkilab.lab.Lab.instances", interrupted)
    done = shell("server", "pending")
    assert (done.code, done.out) == (130, "")
    assert "Interrupted" in done.err


def test_a_reader_that_goes_away_is_no_news(ca: Shell) -> None:
    for at in range(3):
        send(ca, f"R{at}")
    command_line = f"'{PROGRAM}' --lab '{ca.lab}' server pending --json | head -1"
    done = subprocess.run(["bash", "-c", command_line], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[\n", "")


def test_what_a_request_holds_cannot_drive_the_terminal(ca: Shell) -> None:
    send(ca, "Evil", subject=DN(common_name="evil\u202e.lab.test"), sans=())
    for arguments in (("server", "pending"), ("server", "show", "1"), ("--json", "server", "pending")):
        done = ca(*arguments)
        assert "\u202e" not in done.out
        assert "202e" in done.out.lower()


def test_a_long_list_is_printed_as_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"number": 2**160, "names": ["a", "b"]}, {"number": 1, "names": []}]
    printing.document(iter(rows))
    assert json.loads(capsys.readouterr().out) == rows
    printing.document(iter(()))
    assert json.loads(capsys.readouterr().out) == []


def test_notes_of_an_error_follow_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        error = InvalidField("Root", "no.")
        error.add_note("Try another.")
        raise error

    with pytest.raises(typer.Exit) as ended:
        command.with_errors(Common(), act)
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "Root: no. Try another.\n"


def test_a_terminal_that_lacks_characters_shows_their_escapes(ca: Shell) -> None:
    send(ca, "Yen", subject=DN(common_name="円.lab.test"), sans=())
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    arguments = [str(PROGRAM), "--lab", str(ca.lab), "server", "pending"]
    done = subprocess.run(arguments, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert rb"\u5186" in done.stdout


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "pkilab.cli", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"pkilab")
