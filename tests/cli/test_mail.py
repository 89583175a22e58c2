"""`pkilab mail`, `pkilab inbox`, and the mail that other commands send."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.lab import Lab
from tests.cli.shell import CONFIGURE, PASSWORD, PROGRAM, Shell
from tests.mail.servers import Mailserver
from tests.scene import settings

CONFIRMATION = "CA server MyCA is configured"


class Mailing:
    """`pkilab mail` (or another service) in a process of its own."""

    def __init__(self, home: Path, *arguments: str) -> None:
        environment = {**os.environ, "PKILAB_HOME": str(home)}
        command = [str(PROGRAM), *(arguments or ("mail",))]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(how)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@pytest.fixture
def mailing(shell: Shell) -> Iterator[Mailing]:
    """`pkilab mail` over the lab."""
    running = Mailing(shell.lab)
    assert "never for production" in running.line()
    yield running
    if running.process.poll() is None:
        running.end()


def received(shell: Shell, count: int) -> list[dict[str, object]]:
    end = time.monotonic() + 20
    while True:
        found: list[dict[str, object]] = shell.ok("inbox")
        if len(found) == count or time.monotonic() > end:
            return found
        time.sleep(0.05)


def test_the_inbox_shows_what_the_service_sent(shell: Shell, mailing: Mailing) -> None:
    where = re.search(r"own inbox listens at 127\.0\.0\.1:(\d+); `pkilab inbox` shows", mailing.line())
    assert where
    shell.configure()
    (mail,) = received(shell, 1)
    assert set(mail) == {"id", "received_at", "sender", "recipients", "subject", "body", "message_id"}
    assert mail["subject"] == CONFIRMATION
    table = shell("inbox").out
    assert str(mail["id"]) in table
    assert CONFIRMATION in table
    shown = shell("inbox", str(mail["id"])[:5]).out
    assert "The CA server MyCA on" in shown
    assert shell.ok("inbox", str(mail["id"])) == mail
    assert len(shell.ok("inbox", "--instance", "MyCA")) == 1
    assert shell.ok("inbox", "--instance", "Santiago") == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_promptly_with_0_and_says_nothing_on_standard_error(mailing: Mailing, how: signal.Signals) -> None:
    mailing.line()
    started = time.monotonic()
    assert mailing.end(how) == (0, "")
    assert time.monotonic() - started < 5


def test_a_second_one_says_where_the_inbox_is(shell: Shell, mailing: Mailing) -> None:
    port = mailing.line().split("127.0.0.1:")[1].split(";")[0]
    second = Mailing(shell.lab, "mail", "--json")
    assert second.process.stdout is not None
    lines = [second.line()]
    while lines[-1] != "}\n":
        lines.append(second.line())
    assert json.loads("".join(lines))["inbox"] == {"host": "127.0.0.1", "port": int(port), "own": False}
    assert second.end() == (0, "")


def test_a_port_that_is_taken_is_named(shell: Shell) -> None:
    with Mailserver() as server:
        done = shell("mail", "--port", str(server.port))
    assert done.code == 1
    assert str(server.port) in done.err


def test_serving_sends_mail_too(shell: Shell) -> None:
    with Mailserver() as server:
        serving = Mailing(shell.lab, "serve", "--port", "0")
        serving.line()
        # Not by a command, which would send by itself if the service did not.
        Lab(shell.lab).instance("MyCA").server.configure(
            **settings(smtp_host="127.0.0.1", smtp_port=server.port, password=PASSWORD)
        )
        end = time.monotonic() + 20
        while not server.taken and time.monotonic() < end:
            time.sleep(0.05)
        code, _ = serving.end()
    assert code == 0
    assert len(server.taken) == 1


def test_without_a_service_the_command_itself_sends(shell: Shell) -> None:
    with Mailserver() as server:
        done = shell(*CONFIGURE, "--smtp-host", "127.0.0.1", "--smtp-port", str(server.port), password=PASSWORD)
    assert (done.code, done.err) == (0, "")
    assert "waiting" not in done.out
    assert len(server.taken) == 1


def test_a_command_whose_mail_waits_says_so_and_succeeds(shell: Shell) -> None:
    done = shell(*CONFIGURE, password=PASSWORD)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(
        "1 mail is waiting. The lab's own inbox did not take the mail: it does not run; start it with `pkilab mail`.\n"
    )


def test_an_inbox_without_mail_says_how_one_comes(shell: Shell) -> None:
    assert "No mail has come here." in shell("inbox").out
    assert not shell.lab.exists()


@pytest.mark.parametrize("wanted", ["zzzz", ""])
def test_a_mail_that_there_is_not_is_said(shell: Shell, wanted: str) -> None:
    done = shell("inbox", wanted)
    assert done.code == 1
    assert "no mail begins with this" in done.err
