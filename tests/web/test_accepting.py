"""Connections answered while they are accepted: whatever such a connection brings, nobody is left without an answer."""

from __future__ import annotations

import asyncio
import logging
import re
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from pkilab.web import accepting
from pkilab.web.accepting import Listener
from pkilab.web.connection import Connection
from tests.scene import Scene
from tests.web.octets import HEALTH, Served, closed, posted, question, receive
from tests.web.test_service import SERVED

CLOSE = b"Connection: close"


class Counted(Connection):
    """A connection that is counted."""

    made = 0

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]  # they are handed on
        Counted.made += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> type[Counted]:
    monkeypatch.setattr(accepting, "Connection", Counted)
    monkeypatch.setattr(Counted, "made", 0)
    return Counted


def test_for_a_question_on_a_connection_of_its_own_none_is_made(
    made: type[Counted], served: Served, scene: Scene
) -> None:
    body = question(scene)
    long = served.ask(posted(body))
    before = made.made
    for _ in range(5):
        with served.connection() as raw:
            raw.sendall(posted(body, CLOSE))
            found = receive(raw)
            assert closed(raw)
        assert found[2] == long[2]
        assert found[1][b"connection"] == b"close"
    assert made.made == before
    assert served.quickly == 5


def test_a_connection_that_goes_on_is_handed_over_with_its_first_question_answered(
    made: type[Counted], served: Served, scene: Scene
) -> None:
    body = posted(question(scene))
    first = served.ask(body)
    before = made.made
    with served.connection() as raw:
        for _ in range(3):
            raw.sendall(body)
            assert receive(raw)[2] == first[2]
        raw.sendall(HEALTH)
        assert receive(raw)[2] == b'{"status":"ok"}'
    assert made.made == before + 1


@pytest.mark.parametrize("at", [1, 20, -1])
def test_what_comes_in_pieces_is_put_together(served: Served, scene: Scene, at: int) -> None:
    body = posted(question(scene), CLOSE)
    whole = served.ask(body)
    with served.connection() as raw:
        raw.sendall(body[:at])
        time.sleep(0.05)
        raw.sendall(body[at:])
        assert receive(raw)[2] == whole[2]
        assert closed(raw)


def test_who_says_nothing_for_a_while_is_answered_then(served: Served, scene: Scene) -> None:
    body = posted(question(scene), CLOSE)
    whole = served.ask(body)
    with served.connection() as raw:
        time.sleep(2.5)
        raw.sendall(body)
        assert receive(raw)[2] == whole[2]


def test_a_system_that_hands_over_at_once_serves_too(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    monkeypatch.setattr(socket, "TCP_DEFER_ACCEPT", 9999)  # no option of any system
    made = Served(scene)
    body = posted(question(scene), CLOSE)
    with made.service, made.connection() as raw:
        time.sleep(0.05)
        raw.sendall(body)
        assert receive(raw)[0] == b"HTTP/1.1 200 OK"


def test_whoever_is_gone_again_is_no_reason_for_a_message(
    served: Served, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    body = posted(question(scene), CLOSE)
    served.ask(body)
    with caplog.at_level(logging.WARNING):
        for said in (b"", body[:7], body, HEALTH):
            for _ in range(20):
                with served.connection() as raw:
                    raw.sendall(said)
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close() resets it
        assert served.ask(body)[0] == b"HTTP/1.1 200 OK"
    assert caplog.records == []


@contextmanager
def listening(response: bytes, *, close: bool) -> Iterator[int]:
    """Listen, answer everything with `response`, and give the port."""

    async def nothing(scope: object, receive: object, send: object) -> None:
        """Stand for an application: nobody gets to it."""

    config = uvicorn.Config(nothing, log_config=None)
    config.load()
    with socket.create_server(("127.0.0.1", 0)) as raw:
        loop = asyncio.new_event_loop()

        async def begin() -> Listener:
            state = ServerState()
            return Listener(raw, lambda *_: (response, close), state, lambda: Connection(config, state, {}, loop), loop)  # type: ignore[arg-type]  # any callable will do

        listener = loop.run_until_complete(begin())
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield raw.getsockname()[1]
        finally:
            loop.call_soon_threadsafe(listener.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.run_until_complete(listener.wait_closed())
            loop.close()


@pytest.mark.parametrize("close", [True, False])
def test_an_answer_that_does_not_fit_into_the_line_comes_whole(*, close: bool) -> None:
    response = b"".join(b"%07d\n" % at for at in range(2_000_000))
    with listening(response, close=close) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(b"anything")
        found = bytearray()
        while len(found) < len(response):
            piece = raw.recv(1 << 20)
            assert piece, len(found)
            found += piece
        assert found == response
        if close:
            assert closed(raw)


def test_a_question_that_cannot_be_answered_leaves_no_connection_open(caplog: pytest.LogCaptureFixture) -> None:
    with listening(None, close=True) as port:  # type: ignore[arg-type]  # on purpose
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
                raw.sendall(b"anything")
                assert closed(raw)
    assert len(caplog.records) == 2  # as for any fault in a callback


def test_without_open_files_to_spare_it_waits_and_goes_on_when_there_are_some() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)", url)[1])  # type: ignore[index]  # it is one
            httpx.get(url + "/healthz").raise_for_status()
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (40, 40))
            with ExitStack() as held:
                for _ in range(60):
                    held.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(b"GET /health")
                before = _seconds(process.pid)
                time.sleep(1.5)
                assert _seconds(process.pid) - before < 0.5  # it does not try without end
            assert httpx.get(url + "/healthz", timeout=10).json() == {"status": "ok"}
        finally:
            process.terminate()


def _seconds(pid: int) -> float:
    """Return the processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
