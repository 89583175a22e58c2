"""Mail of a whole lab: from the act to the inbox, with servers that are down, killed or of others."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pkilab.errors import InvalidField, PortBusy
from pkilab.lab import Lab
from pkilab.mail import delivery
from pkilab.mail.turn import Turn
from pkilab.model.contact import Contact
from pkilab.model.message import InboxAddress, ReceivedMessage
from tests.mail.servers import PASSWORD, Mailserver, identity
from tests.scene import NOON, Scene

CONFIRMATION = "CA server MyCA is configured"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    yield made
    made.lab.registry.close()


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def subjects(received: tuple[ReceivedMessage, ...]) -> list[str]:
    return [each.subject for each in received]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# ---------------------------------------------------------------- the web service in a cell


def test_the_web_service_in_a_cell_sends_what_waits(scene: Scene) -> None:
    with Mailserver() as server:
        scene.configure(smtp_host="127.0.0.1", smtp_port=server.address.port)
        with scene.lab.serve() as service:
            until(lambda: scene.lab.outbox() == ())
            assert service.running
        assert len(server.taken) == 1
        scene.submit("Later")
        time.sleep(1.5)
        assert len(scene.lab.outbox()) == 1  # nothing runs any more
        with scene.lab.serve():
            until(lambda: scene.lab.outbox() == ())


# ---------------------------------------------------------------- the lab's own inbox


def test_the_whole_story_arrives_in_the_labs_own_inbox(scene: Scene) -> None:
    with scene.lab.mail_service():
        scene.configure()
        scene.issue(scene.submit("SantiagoDev"))
        other = scene.submit("Second")
        scene.ca.delete(other.id, confirmed=True, reason="typed wrongly")
        until(lambda: len(scene.lab.inbox()) == 5)
        until(lambda: scene.lab.outbox() == ())
    assert subjects(scene.lab.inbox("MyCA")) == [
        CONFIRMATION,
        "Request 1 for SantiagoDev waits at MyCA",
        "Request 2 for Second waits at MyCA",
    ]
    to_ana = [each for each in scene.lab.inbox() if each.recipients == ("ana@lab.test",)]
    assert subjects(tuple(to_ana)) == [
        "Your certificate SantiagoDev was issued as number 1",
        "Your request Second was deleted",
    ]
    assert "typed wrongly" in to_ana[1].body


def test_an_instance_sees_the_mail_to_the_addresses_that_its_settings_name(scene: Scene) -> None:
    client = scene.lab.instance("Santiago").client
    client.configure(host="localhost", port=1, contact=Contact("Ana", email="ana@lab.test"))
    with scene.lab.mail_service():
        scene.configure(admin_email="opal@lab.test")
        scene.issue(scene.submit())
        until(lambda: len(scene.lab.inbox()) == 3)
    assert len(scene.lab.inbox("MyCA")) == 2
    assert subjects(scene.lab.inbox("Santiago")) == ["Your certificate SantiagoDev was issued as number 1"]
    assert scene.lab.inbox("Nobody") == ()
    with pytest.raises(InvalidField):
        scene.lab.inbox("no such name")


def test_without_the_inbox_mail_waits_says_so_and_arrives_when_it_runs(scene: Scene) -> None:
    scene.configure()
    done = scene.lab.deliver()
    assert done.sent == ()
    assert str(done).startswith("1 mail is waiting. The lab's own inbox did not take the mail: it does not run")
    (waits,) = scene.lab.outbox()
    assert waits == done.waiting[0]
    assert "waits after 1 try" in str(waits)
    with scene.lab.mail_service():  # its start is worth a hurry: the retry is not due
        until(lambda: subjects(scene.lab.inbox()) == [CONFIRMATION])
        until(lambda: scene.lab.outbox() == ())
    assert str(scene.lab.deliver()) == "No mail waits."


def test_a_cell_sends_by_itself(scene: Scene) -> None:
    with scene.lab.mail_service() as mail:
        mail._service_turn.give()  # as if the loop were elsewhere
        held = Turn(scene.path / "run" / ".mail-service.lock")
        until(held.take)
        scene.configure()
        done = scene.lab.deliver()
        held.give()
    assert [each.message.subject for each in done.sent] == [CONFIRMATION]
    assert done.sent[0].sent_at == NOON
    assert str(done) == "1 mail is sent."
    assert subjects(scene.lab.inbox()) == [CONFIRMATION]


def test_mail_of_a_ca_that_was_reinitialized_goes_to_the_labs_own_inbox(scene: Scene) -> None:
    scene.configure(smtp_host="127.0.0.1", smtp_port=free_port())
    scene.lab.deliver()
    scene.ca.reinitialize(confirmed=True)
    with scene.lab.mail_service():
        until(lambda: subjects(scene.lab.inbox()) == [CONFIRMATION])


def test_asking_for_mail_makes_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    assert lab.inbox() == ()
    assert lab.post.inbox_address() is None
    assert not (tmp_path / "lab").exists()


# ---------------------------------------------------------------- a server of others


def test_with_the_server_down_every_act_succeeds_and_the_mail_arrives_once_it_is_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "REST", 0.5)
    port = free_port()
    with scene.lab.mail_service():
        scene.configure(smtp_host="127.0.0.1", smtp_port=port, admin_email="opal@lab.test")
        scene.issue(scene.submit())
        until(lambda: all(each.error for each in scene.lab.outbox()))
        assert len(scene.lab.outbox()) == 3
        assert all("nobody listens there" in each.error for each in scene.lab.outbox())
        with Mailserver(port=port) as server:
            scene.clock.forward(seconds=20)
            until(lambda: not scene.lab.outbox())
    assert len(server.taken) == 3
    assert scene.lab.inbox() == ()


def test_the_password_in_its_file_logs_in_over_starttls(scene: Scene, tmp_path: Path) -> None:
    localhost = identity(tmp_path, "127.0.0.1")
    with Mailserver(tls="starttls", context=localhost.context, user="ca") as server:
        scene.configure(
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_username="ca",
            smtp_password=PASSWORD,
            smtp_security="starttls",
            smtp_trust=localhost.root,
        )
        assert len(scene.lab.deliver().sent) == 1
    assert server.logins == ["ca"]
    assert PASSWORD.encode() not in server.taken[0].content


def test_an_untrusted_certificate_is_refused_and_said(scene: Scene, tmp_path: Path) -> None:
    localhost = identity(tmp_path, "127.0.0.1")
    with Mailserver(tls="starttls", context=localhost.context) as server:
        scene.configure(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="starttls")
        done = scene.lab.deliver()
    assert server.taken == []
    assert "its certificate is not trusted" in str(done)


def test_a_trust_file_is_for_tls_and_has_to_be_there(scene: Scene, tmp_path: Path) -> None:
    for wrong in ({"smtp_security": "none", "smtp_trust": __file__}, {"smtp_security": "tls", "smtp_trust": "gone"}):
        with pytest.raises(InvalidField, match="SMTP trust"):
            scene.configure(smtp_host="mail.lab.test", **wrong)


@pytest.mark.parametrize("name", ["x\r\nBcc: eve@evil.test", "x\n.\nMAIL FROM:<eve@evil.test>"])
def test_names_with_line_breaks_make_no_header_and_no_command(scene: Scene, name: str) -> None:
    scene.configure()
    request = scene.submit(contact=Contact.received(name, name, "ana@lab.test"), claimed=f"/CN={name}")
    scene.ca.delete(request.id, confirmed=True, reason="no")
    with scene.lab.mail_service():
        until(lambda: len(scene.lab.inbox()) == 3)
    files = [path.read_bytes() for path in (scene.path / "mail" / "new").iterdir()]
    assert len(files) == 3
    for content in files:
        head, _, _ = content.partition(b"\n\n")
        assert b"Bcc" not in head
        assert b"evil" not in head


# ---------------------------------------------------------------- several programs, and their deaths

_DELIVER = """
import os, signal, sys
from pkilab.lab import Lab
from pkilab.store import outbox
if sys.argv[2] == "die":
    outbox.sent = lambda *about: os.kill(os.getpid(), signal.SIGKILL)
done = Lab(sys.argv[1]).deliver(hurry=True)
print(len(done.sent), len(done.waiting))
"""


def deliver(scene: Scene, how: str = "live") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", _DELIVER, str(scene.path), how]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_deliverer_killed_before_it_recorded_sends_again_and_the_inbox_shows_it_once(scene: Scene) -> None:
    scene.configure()
    # Somebody else has the turn to send: the service sends once, as its inbox is new, and then only takes mail in.
    with Turn(scene.path / "run" / ".mail-service.lock").taken_for() as mine, scene.lab.mail_service():
        assert mine
        until(lambda: scene.lab.outbox() == ())
        scene.submit()
        assert deliver(scene, "die").returncode == -signal.SIGKILL
        assert len(scene.lab.inbox()) == 2
        assert len(scene.lab.outbox()) == 1
        assert deliver(scene).stdout == "1 0\n"
    assert len(scene.lab.inbox()) == 2
    assert scene.lab.outbox() == ()


def test_two_who_deliver_at_once_send_nothing_twice(scene: Scene) -> None:
    with Mailserver() as server:
        scene.configure(smtp_host="127.0.0.1", smtp_port=server.port)
        for number in range(20):
            scene.submit(f"Root{number}")
        results: list[Any] = []
        threads = [threading.Thread(target=lambda: results.append(scene.lab.deliver())) for _ in range(3)]
        for thread in threads:
            thread.start()
        results.append(deliver(scene))
        for thread in threads:
            thread.join(60)
    assert len(server.taken) == 21
    assert len({taken.content for taken in server.taken}) == 21


def test_while_another_sends_a_round_says_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pkilab.authority.post._OTHER_ROUND", 0.1)
    scene.configure()
    with Turn(scene.path / "run" / ".mail-round.lock").taken_for() as mine:
        assert mine
        done = scene.lab.deliver()
    assert done.elsewhere
    assert str(done) == "Another program is sending this lab's mail right now. 1 mail is waiting."
    assert scene.lab.outbox()[0].attempts == 0


_SERVICE = """
import sys
from pkilab.lab import Lab
with Lab(sys.argv[1]).mail_service() as mail:
    print(mail.address.port, mail.has_inbox, flush=True)
    mail.wait()
"""


def test_when_the_one_that_has_the_inbox_is_killed_another_takes_over(scene: Scene) -> None:
    command = [sys.executable, "-c", _SERVICE, str(scene.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        port, has = first.stdout.readline().split()
        assert has == "True"
        with scene.lab.mail_service() as second:
            assert not second.has_inbox
            assert second.address is not None
            assert second.address.port == int(port)
            scene.configure()
            until(lambda: len(scene.lab.inbox()) == 1)
            os.kill(first.pid, signal.SIGKILL)
            first.wait(10)
            scene.submit()
            until(lambda: second.has_inbox)
            until(lambda: len(scene.lab.inbox()) == 2 and not scene.lab.outbox())


def test_an_address_that_an_inbox_left_behind_when_it_was_killed_takes_no_mail_to_a_stranger(scene: Scene) -> None:
    scene.configure()
    with Mailserver() as stranger:
        scene.lab.post._announce(InboxAddress(host="127.0.0.1", port=stranger.port, token="old.inbox.lab.test"))
        done = scene.lab.deliver()
    assert stranger.taken == []
    assert "it does not run; start it with `pkilab mail`" in str(done)


@pytest.mark.parametrize("content", ["", "{}", '{"host": 3, "port": "x", "token": ""}', "\xff", "[" * 10_000])
def test_a_damaged_note_of_where_the_inbox_is_counts_as_none(scene: Scene, content: str) -> None:
    scene.configure()
    (scene.path / "run").mkdir()
    (scene.path / "run" / "inbox.json").write_text(content)
    assert scene.lab.post.inbox_address() is None
    assert "does not run" in str(scene.lab.deliver())


def test_stopping_is_prompt_and_leaves_no_thread_no_lock_and_no_note(scene: Scene) -> None:
    scene.configure()
    before = set(threading.enumerate())
    mail = scene.lab.mail_service().start()
    until(lambda: scene.lab.outbox() == ())
    assert (scene.path / "run" / "inbox.json").stat().st_mode & 0o777 == 0o600
    started = time.monotonic()
    mail.stop()
    assert time.monotonic() - started < 2
    assert set(threading.enumerate()) <= before
    assert not (scene.path / "run" / "inbox.json").exists()
    assert all(Turn(path).take() for path in (scene.path / "run").glob(".*.lock"))
    mail.stop()


def test_a_service_can_be_told_its_port_and_one_that_is_taken_is_named(scene: Scene) -> None:
    port = free_port()
    with scene.lab.mail_service(port=port) as mail:
        assert mail.address is not None
        assert mail.address.port == port
    with Mailserver() as server, pytest.raises(PortBusy):
        scene.lab.mail_service(port=server.port).start()
    with scene.lab.mail_service():  # what failed left no lock
        pass


def test_a_service_that_only_sends_needs_no_inbox(scene: Scene) -> None:
    with Mailserver() as server, scene.lab.mail_service(inbox=False) as mail:
        assert not mail.has_inbox
        scene.configure(smtp_host="127.0.0.1", smtp_port=server.port)
        until(lambda: len(server.taken) == 1)
    assert not (scene.path / "mail").exists()


# ---------------------------------------------------------------- the next command


def test_a_brief_try_sends_where_no_service_does(scene: Scene) -> None:
    with Mailserver() as server:
        scene.configure(smtp_host="127.0.0.1", smtp_port=server.port)
        assert str(scene.lab.deliver_briefly()) == "No mail waits."
    assert len(server.taken) == 1


def test_a_brief_try_is_brief_whatever_the_server_does(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scene.configure(smtp_host="127.0.0.1", smtp_port=silent.getsockname()[1])
        started = time.monotonic()
        done = scene.lab.deliver_briefly(0.5)
        assert time.monotonic() - started < 2
    assert len(done.waiting) == 1
    until(lambda: not [each for each in threading.enumerate() if each.name == "pkilab-mail-attempt"])


def test_a_brief_try_leaves_it_to_the_service(scene: Scene) -> None:
    scene.configure()
    with Turn(scene.path / "run" / ".mail-service.lock").taken_for():
        done = scene.lab.deliver_briefly()
    assert done.waiting[0].attempts == 0
