"""Delivery over real SMTP conversations on loopback."""

import contextlib
import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pkilab.mail import delivery
from pkilab.mail.delivery import REFUSED, STEPS, backoff
from pkilab.mail.server import Server
from pkilab.model.settings import MailSecurity
from tests.mail.servers import NOON, PASSWORD, Hours, Identity, Mailserver, Memory, identity, message, postman

STARTTLS, TLS = MailSecurity.STARTTLS, MailSecurity.TLS


@pytest.fixture(scope="module")
def localhost(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """A certificate for this machine, and its root."""
    return identity(tmp_path_factory.mktemp("tls"), "127.0.0.1", "localhost")


@pytest.fixture
def nobody() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_what_waits_is_sent_over_one_connection_and_waits_no_more() -> None:
    with Mailserver() as server:
        source = Memory(server.address)
        source.put(*(message(number, recipient=f"c{number}@lab.test") for number in (1, 2, 3)))
        sent = postman(source).round()
    assert [each.id for each in sent] == source.done == [1, 2, 3]
    assert [taken.recipients for taken in server.taken] == [("c1@lab.test",), ("c2@lab.test",), ("c3@lab.test",)]
    assert {taken.sender for taken in server.taken} == {"ca-admin@lab.test"}
    assert server.connections == 1
    read = email.message_from_bytes(server.taken[0].content, policy=email.policy.default)
    assert read["Message-ID"] == "<1@myca.pkilab.lab.test>"
    assert read["Subject"] == "Certificate 1 was issued"
    assert read.get_content().replace("\r\n", "\n") == "Fetch it.\n"


@pytest.mark.parametrize("tls", [STARTTLS, TLS])
def test_a_server_whose_certificate_is_trusted_gets_the_mail_over_tls(tls: MailSecurity, localhost: Identity) -> None:
    with Mailserver(tls=tls, context=localhost.context, user="ca") as server:
        source = Memory(
            replace(server.address, security=tls, trust=str(localhost.root), username="ca", password=PASSWORD)
        )
        source.put(message())
        postman(source).round()
    assert source.errors == []
    assert (len(server.taken), server.logins) == (1, ["ca"])


@pytest.mark.parametrize("tls", [STARTTLS, TLS])
def test_an_untrusted_certificate_is_refused_and_said(tls: MailSecurity, localhost: Identity) -> None:
    with Mailserver(tls=tls, context=localhost.context, user="ca") as server:
        source = Memory(replace(server.address, security=tls, username="ca", password=PASSWORD))
        source.put(message())
        postman(source).round()
    assert (server.taken, server.logins) == ([], [])
    (error,) = source.errors
    assert error.startswith(f"127.0.0.1:{server.port} did not take the mail: its certificate is not trusted (")
    assert "name a file of what to trust in the mail settings" in error


def test_a_certificate_of_another_name_is_refused_and_said(tmp_path: Path) -> None:
    other = identity(tmp_path, "mail.lab.test")
    with Mailserver(tls=STARTTLS, context=other.context) as server:
        source = Memory(replace(server.address, security=STARTTLS, trust=str(other.root)))
        source.put(message())
        postman(source).round()
    assert server.taken == []
    assert "certificate is not trusted" in source.errors[0]
    assert "127.0.0.1" in source.errors[0]


def test_nothing_is_sent_in_the_clear_where_starttls_was_asked_for() -> None:
    with Mailserver() as server:
        source = Memory(replace(server.address, security=STARTTLS, username="ca", password=PASSWORD))
        source.put(message())
        postman(source).round()
    assert server.taken == []
    assert "it does not offer STARTTLS, so nothing was sent" in source.errors[0]


def test_tls_with_a_server_that_speaks_none_is_said(localhost: Identity) -> None:
    with Mailserver() as server:
        source = Memory(replace(server.address, security=TLS, trust=str(localhost.root)))
        source.put(message())
        postman(source).round()
    assert "TLS could not be agreed on" in source.errors[0]


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_trust_file_that_cannot_be_used_is_said(tmp_path: Path, content: str) -> None:
    trust = tmp_path / "trust.pem"
    trust.write_text(content)
    source = Memory(Server(host="127.0.0.1", port=9, security=TLS, trust=str(trust)))
    source.put(message())
    postman(source).round()
    assert f"the file of what to trust, {trust}, cannot be used" in source.errors[0]


def test_a_password_that_is_refused_is_said_and_never_told() -> None:
    with Mailserver(user="ca") as server:
        source = Memory(replace(server.address, username="ca", password="correct horse, wrong stable"))
        source.put(message(1), message(2))
        postman(source).round()
    assert server.taken == []
    assert len(set(source.errors)) == 1
    assert "it refused the log-in of ca (code 535); check user name and password" in source.errors[0]
    assert "horse" not in source.errors[0]
    assert "horse" not in repr(source.to)


def test_a_log_in_that_is_not_offered_is_said() -> None:
    with Mailserver() as server:
        source = Memory(replace(server.address, username="ca", password=PASSWORD))
        source.put(message())
        postman(source).round()
    assert "log in" in source.errors[0]


@pytest.mark.parametrize(
    "echo",
    [PASSWORD, "Y29ycmVjdCBob3JzZSBvZiB0aGUgbWFpbCBzZXJ2ZXI=", "AGNhAGNvcnJlY3QgaG9yc2Ugb2YgdGhlIG1haWwgc2VydmVy"],
)
def test_a_server_that_repeats_the_password_is_not_quoted(echo: str) -> None:
    with Mailserver(user="ca", answer=lambda _recipient: f"550 you said {echo}") as server:
        source = Memory(replace(server.address, username="ca", password=PASSWORD))
        source.put(message())
        postman(source).round()
    assert source.errors == [f"127.0.0.1:{server.port} did not take the mail: it refused the recipient (code 550)."]


def test_one_recipient_who_is_refused_does_not_hold_up_the_others() -> None:
    refuse = {"b@lab.test": "550 5.1.1 No such user\x1b[2J here"}
    with Mailserver(answer=refuse.get) as server:
        source = Memory(server.address)
        source.put(*(message(at, recipient=f"{name}@lab.test") for at, name in enumerate("abc", 1)))
        postman(source).round()
    assert source.done == [1, 3]
    (waits,) = source.waiting.values()
    assert "it refused the recipient (code 550: 5.1.1 No such user" in waits.error
    assert waits.error.isprintable()
    assert waits.next_at == NOON + REFUSED
    assert server.connections == 1


def test_a_message_that_is_refused_for_now_is_tried_again_soon() -> None:
    with Mailserver(data=lambda number: None if number else "451 4.3.0 Later") as server:
        source = Memory(server.address)
        source.put(message(1))
        postman(source).round()
    assert source.waiting[1].next_at == NOON + STEPS[0]
    assert "it refused the message (code 451: 4.3.0 Later)" in source.errors[0]


def test_a_message_too_large_for_the_server_waits_and_others_go() -> None:
    with Mailserver(size=2000) as server:
        source = Memory(server.address)
        source.put(message(1, body="x\n" * 5000), message(2))
        postman(source).round()
    assert source.done == [2]
    assert "code 552" in source.errors[0]


def test_a_lost_connection_costs_one_message_a_try_and_the_others_nothing() -> None:
    drops = iter(["drop"])
    with Mailserver(data=lambda _number: next(drops, None)) as server:
        source = Memory(server.address)
        source.put(message(1), message(2), message(3))
        postman(source).round()
    assert source.done == [2, 3]
    assert server.connections == 2
    assert "it ended the connection" in source.errors[0]


def test_a_server_that_always_ends_the_connection_is_left_alone() -> None:
    with Mailserver(data=lambda _number: "drop") as server:
        source = Memory(server.address)
        source.put(*map(message, range(1, 11)))
        postman(source).round()
    assert source.done == []
    assert server.connections == 3
    assert all(each.attempts == 1 for each in source.waiting.values())


def test_mail_for_a_server_that_is_down_waits_and_arrives_when_it_is_back(
    nobody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REST", 0.0)
    clock = Hours()
    source = Memory(Server(host="127.0.0.1", port=nobody))
    source.put(message(1), message(2))
    man = postman(source, clock)
    assert man.round() == ()
    assert (
        source.errors
        == [f"127.0.0.1:{nobody} did not take the mail: nobody listens there; check host and port, and that it runs."]
        * 2
    )
    with Mailserver(port=nobody) as server:
        assert man.round() == ()  # not due yet
        clock.forward(seconds=15)
        assert len(man.round()) == 2
    assert len(server.taken) == 2


def test_a_hurry_waits_for_no_time(nobody: int) -> None:
    source = Memory(Server(host="127.0.0.1", port=nobody))
    source.put(message())
    man = postman(source)
    man.round()
    with Mailserver(port=nobody):
        assert [each.id for each in man.round(hurry=True)] == [1]


def test_a_server_that_is_down_is_tried_once_for_all_that_is_due_and_holds_up_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Mailserver() as server:
        address = Server(host="127.0.0.1", port=silent.getsockname()[1])
        source = Memory(server.address, {"Stuck": address})
        source.put(*map(message, range(1, 251)), instance="Stuck")
        source.put(message(999))
        started = time.monotonic()
        postman(source, timeout=0.3).round()
        assert time.monotonic() - started < 5
    assert source.done == [251]
    told = [error for error in source.errors if error]
    why = "it did not answer in time; check host and port, and that it runs"
    assert told == [f"{address} did not take the mail: {why}."] * 100
    assert len(source.errors) == 250  # the others were left alone, and are due when it is back


def test_what_was_left_alone_is_sent_in_a_hurry(nobody: int) -> None:
    source = Memory(Server(host="127.0.0.1", port=nobody))
    source.put(*map(message, range(1, 151)))
    man = postman(source)
    man.round()
    assert man.round() == ()
    with Mailserver(port=nobody):
        assert len(man.round(hurry=True)) == 150


def test_mail_to_the_inbox_is_recorded_by_the_hundred_and_other_mail_one_by_one() -> None:
    class Counting(Memory):
        records: tuple[int, ...] = ()

        def sent(self, ids: Sequence[int], at: datetime) -> None:
            self.records += (len(ids),)
            super().sent(ids, at)

    with Mailserver() as server:
        source = Counting(replace(server.address, token="mail.lab.test"))
        source.put(*map(message, range(1, 106)))
        postman(source).round()
        other = Counting(server.address)
        other.put(*map(message, range(1, 4)))
        postman(other).round()
    assert source.records == (100, 5)
    assert other.records == (1, 1, 1)


def test_a_server_that_sends_a_letter_at_a_time_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def drip() -> None:
            connection, _ = slow.accept()
            with connection:
                try:
                    while True:
                        connection.send(b"2")
                        time.sleep(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        source = Memory(Server(host="127.0.0.1", port=slow.getsockname()[1]))
        source.put(message())
        started = time.monotonic()
        postman(source, timeout=5, patience=0.5).round()
        assert time.monotonic() - started < 3
        thread.join(10)
    assert "it did not answer in time" in source.errors[0]


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff\xfe\x00\r\n", b"554 go away\r\n", b"220 " + b"x" * 20000]
)
def test_what_speaks_something_else_is_said(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def answer() -> None:
            connection, _ = stranger.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(greeting)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(100)

        thread = threading.Thread(target=answer)
        thread.start()
        source = Memory(Server(host="127.0.0.1", port=stranger.getsockname()[1]))
        source.put(message())
        postman(source).round()
        thread.join(10)
    (error,) = source.errors
    assert error.isprintable()
    assert " did not take the mail: " in error
    assert len(error) < 400


def test_a_name_without_address_is_said() -> None:
    source = Memory(Server(host="no-such-host.invalid", port=25))
    source.put(message())
    postman(source).round()
    assert "no-such-host.invalid:25 did not take the mail: no address is known for this name" in source.errors[0]


def test_mail_to_no_address_is_said_and_holds_up_no_other() -> None:
    with Mailserver() as server:
        source = Memory(server.address)
        source.put(message(1, recipient="ana at home"), message(2, sender=""), message(3))
        postman(source).round()
    assert source.done == [3]
    assert source.errors[0] == "The mail server did not take the mail: ana at home is no mail address."
    assert {each.next_at for each in source.waiting.values()} == {NOON + REFUSED}


def test_an_address_under_an_international_domain_goes_out_in_ascii() -> None:
    with Mailserver() as server:
        source = Memory(server.address)
        source.put(message(recipient="ana@bücher.example"))
        postman(source).round()
    assert server.taken[0].recipients == ("ana@xn--bcher-kva.example",)


def test_where_the_labs_own_inbox_does_not_run_mail_waits_and_says_so() -> None:
    source = Memory(None)
    source.put(message())
    postman(source).round()
    assert source.errors == ["The lab's own inbox did not take the mail: it does not run; start it with `pkilab mail`."]


def test_a_stranger_at_the_port_of_the_inbox_gets_nothing() -> None:
    with Mailserver() as server:
        source = Memory(replace(server.address, token="0123.inbox.lab.test"))
        source.put(message())
        postman(source).round()
    assert server.taken == []
    assert source.errors == ["The lab's own inbox did not take the mail: it does not run; start it with `pkilab mail`."]


def test_what_was_not_recorded_as_sent_is_sent_again_under_the_same_message_id() -> None:
    class Crash(BaseException):
        pass

    class Crashing(Memory):
        def sent(self, ids: object, at: object) -> None:
            raise Crash

    with Mailserver() as server:
        source = Crashing(server.address)
        source.put(message())
        with pytest.raises(Crash):
            postman(source).round()
        again = Memory(server.address, waiting=source.waiting)
        postman(again).round()
    first, second = server.taken
    assert first.content == second.content  # Date and Message-ID too


def test_stopping_ends_a_round_at_once_and_changes_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = Memory(Server(host="127.0.0.1", port=silent.getsockname()[1]))
        source.put(message(1), message(2))
        man = postman(source, timeout=30)
        thread = threading.Thread(target=man.round)
        thread.start()
        connection, _ = silent.accept()
        started = time.monotonic()
        man.stop()
        thread.join(10)
        connection.close()
    assert time.monotonic() - started < 2
    assert source.errors == ["", ""]
    assert man.round() == ()


def test_stopping_in_the_middle_of_a_message_is_no_failure_of_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        source = Memory(Server(host="127.0.0.1", port=listening.getsockname()[1]))
        source.put(message(1), message(2))
        man = postman(source, timeout=30)
        thread = threading.Thread(target=man.round)
        thread.start()
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"220 mail.lab.test\r\n")
            assert connection.recv(1000).startswith(b"ehlo")
            connection.sendall(b"250 mail.lab.test\r\n")
            assert connection.recv(1000).startswith(b"mail FROM")
            man.stop()
            thread.join(10)
    assert [each.attempts for each in source.waiting.values()] == [0, 0]


def test_retries_come_ever_later_and_never_end() -> None:
    waits = [backoff(attempts, 0.0) for attempts in range(10)]
    assert waits == sorted(waits)
    assert waits[0].total_seconds() == 15
    assert waits[9] == STEPS[-1]
    assert backoff(0, 1.0) == STEPS[0] * 1.2
    assert backoff(0, 0.0, permanent=True) == REFUSED
    assert backoff(9, 0.0, permanent=True) == STEPS[-1]


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Nothing that was started for a conversation outlives it."""
    yield
    end = time.monotonic() + 5
    while time.monotonic() < end and any(isinstance(each, threading.Timer) for each in threading.enumerate()):
        time.sleep(0.01)
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
