"""The lab's own SMTP server, talked to as any mail program would."""

import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.errors import CannotWrite, InvalidField, PortBusy
from pkilab.mail import inbox as inbox_module
from pkilab.mail.compose import compose
from pkilab.mail.inbox import MAX_CONNECTIONS, MAX_MESSAGE, MAX_RECIPIENTS, Inbox
from pkilab.mail.mailbox import Mailbox
from pkilab.model.message import InboxAddress
from tests.mail.servers import NOON, message

TOKEN = "0123456789abcdef.inbox.lab.test"


@pytest.fixture
def box(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def inbox(box: Mailbox) -> Iterator[Inbox]:
    with Inbox(box, clock=lambda: NOON, token=TOKEN) as running:
        yield running


@pytest.fixture
def client(inbox: Inbox) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="client.lab.test", timeout=10) as talking:
        yield talking


def raw(inbox: Inbox) -> tuple[socket.socket, str]:
    """A bare connection, and how it was greeted."""
    connection = socket.create_connection(("127.0.0.1", inbox.port), 10)
    return connection, connection.recv(1000).decode()


def say(connection: socket.socket, line: bytes) -> str:
    connection.sendall(line + b"\r\n")
    answer = b""
    while not re.search(rb"^\d{3} .*\r\n\Z", answer, re.MULTILINE):
        more = connection.recv(4000)
        assert more, answer
        answer += more
    return answer.decode()


def test_mail_is_taken_for_any_address_and_shown(client: smtplib.SMTP, box: Mailbox) -> None:
    content = compose(message(recipient="ana@lab.test"), NOON)
    assert client.sendmail("ca-admin@lab.test", ["ana@lab.test", "any.body+x@sub.example.test"], content) == {}
    found = box.messages()
    assert sorted(each.recipients for each in found) == [("ana@lab.test",), ("any.body+x@sub.example.test",)]
    assert {each.sender for each in found} == {"ca-admin@lab.test"}


def test_its_greeting_tells_who_it_is(client: smtplib.SMTP) -> None:
    client.ehlo()
    assert (client.ehlo_resp or b"").startswith(TOKEN.encode())


def test_a_repeat_is_answered_for_and_shown_once_also_after_a_restart(box: Mailbox) -> None:
    content = compose(message(), NOON)
    for _ in range(2):
        with (
            Inbox(box, clock=lambda: NOON, token=TOKEN) as inbox,
            smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="x") as client,
        ):
            for _ in range(2):
                assert client.sendmail("a@lab.test", ["ana@lab.test"], content) == {}
    assert len(box.messages()) == 1


@pytest.mark.parametrize("address", ["ana", "ana@", "@lab.test", "a b@lab.test", "ana@-lab.test", '"x y"@lab.test'])
def test_what_is_no_address_is_refused_in_a_sentence(client: smtplib.SMTP, box: Mailbox, address: str) -> None:
    client.ehlo()
    client.mail("ca@lab.test")
    code, answer = client.docmd(f"RCPT TO:<{address}>")
    assert code == 553
    assert b"address" in answer
    client.rset()
    code, answer = client.docmd(f"MAIL FROM:<{address}>")
    assert code == 553
    assert box.messages() == ()


def test_a_notice_without_sender_is_taken(client: smtplib.SMTP, box: Mailbox) -> None:
    client.sendmail("", ["ana@lab.test"], b"Subject: undeliverable\r\n\r\nx\r\n")
    assert [each.subject for each in box.messages()] == ["undeliverable"]


def test_a_message_too_long_is_refused_announced_or_not(client: smtplib.SMTP, inbox: Inbox, box: Mailbox) -> None:
    content = b"Subject: x\r\n\r\n" + b"y" * 900 + b"\r\n"
    content += (b"z" * 998 + b"\r\n") * (MAX_MESSAGE // 1000 + 1)
    with pytest.raises(smtplib.SMTPSenderRefused, match="size"):
        client.sendmail("ca@lab.test", ["ana@lab.test"], content)
    client.helo()
    client.does_esmtp = False
    with pytest.raises(smtplib.SMTPDataError) as caught:
        client.sendmail("ca@lab.test", ["ana@lab.test"], content)
    assert caught.value.smtp_code == 552
    assert box.messages() == ()


def test_too_many_recipients_are_told_to_come_again(client: smtplib.SMTP) -> None:
    client.ehlo()
    client.mail("ca@lab.test")
    for number in range(MAX_RECIPIENTS):
        assert client.rcpt(f"c{number}@lab.test")[0] == 250
    assert client.rcpt("one-more@lab.test")[0] == 452


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"MAIL",
        b"MAIL FROM",
        b"MAIL FROM:",
        b"MAIL FROM:<",
        b"MAIL FROM:<>>",
        b"MAIL FROM:<a@lab.test> SIZE=x",
        b"RCPT TO:<a@lab.test>",
        b"DATA",
        b"VRFY <",
        b"VRFY \xff@x",
        b"HELP \x1b[2J",
        b"AUTH PLAIN AGEAYg==",
        b"STARTTLS",
        b"EXPN all",
        b"x" * 5000,
        b"MAIL FROM:<" + b"(" * 400 + b"@lab.test>",
        b"MAIL FROM:[@lab.test",
        b"MAIL FROM:<@a,@b:c@lab.test>",
    ],
)
def test_no_line_breaks_a_connection_and_none_tells_of_the_inside(inbox: Inbox, line: bytes) -> None:
    connection, greeting = raw(inbox)
    with connection:
        assert greeting.startswith("220 ")
        assert say(connection, b"EHLO client.lab.test").startswith("250")
        answer = say(connection, line)
        assert answer[:1] in "245", answer
        for word in ("Error)", "Traceback", "python", "object"):
            assert word not in answer
        assert say(connection, b"NOOP").startswith(("250", "5"))
        assert say(connection, b"RSET").startswith("250")


def test_hostile_content_is_kept_as_it_is_and_makes_no_second_mail(client: smtplib.SMTP, box: Mailbox) -> None:
    content = (
        b"Subject: =?utf-8?q?a=0D=0ABcc:_x?=\r\nDelivered-To: eve@evil.test\r\nX-Pkilab-Received: 1999-01-01\r\n"
        b"\r\n..\r\n.\r\nMAIL FROM:<eve@evil.test>\r\n\x00\x1b[2J\xff\r\n"
    )
    client.sendmail("ca@lab.test", ["ana@lab.test"], content)
    (found,) = box.messages()
    assert found.recipients == ("ana@lab.test",)
    assert found.received_at == NOON
    assert found.subject == "a Bcc: x"
    assert found.body.startswith("..\n.\nMAIL FROM:")
    assert str(found).isprintable()


def test_more_connections_than_it_serves_are_told_to_come_again(inbox: Inbox) -> None:
    held = [raw(inbox)[0] for _ in range(MAX_CONNECTIONS)]
    try:
        over, greeting = raw(inbox)
        over.close()
        assert greeting.startswith("421 4.3.2 ")
        held.pop().close()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            again, greeting = raw(inbox)
            again.close()
            if greeting.startswith("220"):
                break
        assert greeting.startswith("220")
    finally:
        for connection in held:
            connection.close()


def test_a_client_that_stays_silent_is_left(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "SILENCE", 0.2)
    with Inbox(box, clock=lambda: NOON, token=TOKEN) as inbox:
        connection, _ = raw(inbox)
        with connection:
            assert connection.recv(100) == b""


def test_many_at_once_lose_nothing(inbox: Inbox, box: Mailbox) -> None:
    def send(thread: int) -> None:
        with smtplib.SMTP("127.0.0.1", inbox.port, local_hostname="x", timeout=30) as client:
            for number in range(10):
                content = compose(message(message_id=f"<{thread}.{number}@lab.test>"), NOON)
                client.sendmail("ca@lab.test", ["ana@lab.test"], content)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({each.message_id for each in box.messages()}) == 80


def test_what_cannot_be_written_is_not_answered_for(
    client: smtplib.SMTP, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_about: object, **_more: object) -> bool:
        raise CannotWrite("Inbox", box.folder, "no space left on device")

    monkeypatch.setattr(box, "keep", full)
    with pytest.raises(smtplib.SMTPDataError) as caught:
        client.sendmail("ca@lab.test", ["ana@lab.test"], b"Subject: x\r\n\r\n")
    assert caught.value.smtp_code == 452


def test_a_mail_that_was_answered_for_outlives_kill_9(box: Mailbox) -> None:
    program = (
        "import sys, time; from datetime import UTC, datetime; from pathlib import Path\n"
        "from pkilab.mail.inbox import Inbox; from pkilab.mail.mailbox import Mailbox\n"
        "inbox = Inbox(Mailbox(Path(sys.argv[1])), clock=lambda: datetime.now(UTC), token='t.test').start()\n"
        "print(inbox.port, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(box.folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with smtplib.SMTP("127.0.0.1", port, local_hostname="x", timeout=10) as client:
            client.sendmail("ca@lab.test", ["ana@lab.test"], compose(message(), NOON))
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
    assert len(box.messages()) == 1


def test_a_port_that_is_taken_is_named(inbox: Inbox, box: Mailbox) -> None:
    with pytest.raises(PortBusy, match=str(inbox.port)):
        Inbox(box, clock=lambda: NOON, token=TOKEN, port=inbox.port).start()
    with pytest.raises(InvalidField):
        Inbox(box, clock=lambda: NOON, token=TOKEN, port=70000).start()


def test_it_listens_on_loopback_alone_and_announces_where(box: Mailbox) -> None:
    told: list[InboxAddress | None] = []
    with Inbox(box, clock=lambda: NOON, token=TOKEN, announce=told.append) as inbox:
        assert told == [InboxAddress(host="127.0.0.1", port=inbox.port, token=TOKEN)]
        assert inbox.start() is inbox
    assert told[1:] == [None]
    inbox.stop()
    assert not inbox.running
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", inbox.port), 5)


def test_stopping_is_prompt_with_clients_that_hold_on(inbox: Inbox) -> None:
    connection, _ = raw(inbox)
    with connection:
        say(connection, b"EHLO x")
        started = time.monotonic()
        inbox.stop()
        assert time.monotonic() - started < 2
