"""The service on a real port: it starts, stops, says when the port is taken, and waits for nobody forever."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from pkilab.errors import InvalidField, PortBusy
from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from pkilab.web.patience import MAX_HEADERS, PatientProtocol
from pkilab.web.service import Service
from tests.web.asking import FailingCA, Only, ask

SERVED = """
from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from pkilab.web.service import serve

class Nobody:
    def get(self, instance): return None
    def main(self): return None
    def names(self): return ()
    def figures(self): raise NotImplementedError

serve(create(Nobody(), settings=ServiceSettings()), port=0, ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def service(host: str = "127.0.0.1", port: int = 0) -> Service:
    return Service(create(Only(), settings=ServiceSettings()), host, port)


@pytest.fixture
def running() -> Iterator[Service]:
    with service() as started:
        yield started


def test_it_answers_as_soon_as_it_is_started_and_not_after_it_is_stopped() -> None:
    with service() as started:
        assert httpx.get(started.url + "/healthz").json() == {"status": "ok"}
        url = started.url
        assert "not running" not in repr(started)
    assert "not running" in repr(started)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_it_can_be_started_again_and_stopped_twice() -> None:
    again = service()
    for _ in range(2):
        again.start()
        assert again.start() is again
        assert httpx.get(again.url + "/healthz").status_code == 200
        again.stop()
        again.stop()


def test_a_port_in_use_is_said_so(running: Service) -> None:
    with pytest.raises(PortBusy) as caught:
        service(port=running.port).start()
    assert caught.value.port == running.port


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "x" * 300])
def test_a_host_that_is_not_here_is_said_so(host: str) -> None:
    with pytest.raises(InvalidField, match="Host: "):
        service(host).start()


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_said_so(port: int) -> None:
    with pytest.raises(InvalidField):
        service(port=port).start()


def test_it_names_no_product_and_no_version(running: Service) -> None:
    for path in ("/healthz", "/nope", "/isc/pki/PKI.CAServer.cls"):
        headers = httpx.get(running.url + path).headers
        assert "server" not in headers
        assert "uvicorn" not in str(headers).lower()


def test_wide_open_addresses_are_shown_as_loopback() -> None:
    assert Service(None, "0.0.0.0", 1).url == "http://127.0.0.1:1"  # noqa: S104 - not bound
    assert Service(None, "fd00::7", 1).url == "http://[fd00::7]:1"


BEGUN = b"GET /healthz HTTP/1.1\r\nHost: h\r\n"
CHUNKED = b"POST /nowhere HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        BEGUN + b"X: " + b"x" * (2 * MAX_HEADERS),
        BEGUN + b"X: " + b"x" * MAX_HEADERS + b"\r\n\r\n",
        BEGUN + b"X: y\r\n" * (MAX_HEADERS // 5) + b"\r\n",
        b"GET /" + b"x" * 2 * MAX_HEADERS,
        b"GET /" + b"x" * MAX_HEADERS + b" HTTP/1.1\r\nHost: h\r\n\r\n",
    ],
)
@pytest.mark.parametrize("piece", [1000, 10**6])
def test_oversized_headers_are_refused_and_the_service_goes_on(sent: bytes, piece: int, running: Service) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as raw:
        with suppress(OSError):
            for at in range(0, len(sent), piece):
                raw.sendall(sent[at : at + piece])
                time.sleep(0.002)
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert httpx.get(running.url + "/healthz").status_code == 200


@pytest.mark.parametrize("piece", [3000, 50_000, 10**6])
def test_a_large_body_is_no_large_header(piece: int, running: Service) -> None:
    body = b"x" * 200_000
    sent = b"POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as raw:
        for _ in range(2):
            for at in range(0, len(sent), piece):
                raw.sendall(sent[at : at + piece])
                time.sleep(0.001)
            assert raw.recv(4000).startswith(b"HTTP/1.1 404")


def test_headers_within_the_bound_and_trailers_are_taken(running: Service) -> None:
    assert httpx.get(running.url + "/healthz", headers={"X": "x" * (MAX_HEADERS - 1000)}).status_code == 200
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as raw:
        for _ in range(3):
            raw.sendall(CHUNKED + b"0\r\nX: " + b"y" * 9000 + b"\r\n\r\n")
            assert raw.recv(4000).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("line", [b"X: " + b"y" * 1000 + b"\r\n", b"z" * 1000])
def test_trailers_without_end_are_cut_off(line: bytes, running: Service) -> None:
    def send() -> None:
        for _ in range(1000):
            raw.sendall(line)
            time.sleep(0.002)

    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as raw:
        raw.sendall(CHUNKED + b"0\r\n")
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            send()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /healthz HT",
        b"POST /isc/pki/PKI.CAServer.cls HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf",
        b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /hea",
    ],
)
def test_a_request_that_never_gets_whole_is_given_up(
    begun: bytes, running: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "request_seconds", 0.3)
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as raw:
        raw.sendall(begun)
        began = time.monotonic()
        try:
            while raw.recv(1000):
                pass
        except ConnectionResetError:
            pass
        assert time.monotonic() - began < 5
    assert httpx.get(running.url + "/healthz").status_code == 200


def test_a_connection_that_is_used_again_is_not_given_up(running: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "request_seconds", 0.3)
    with httpx.Client() as session:
        session.get(running.url + "/healthz")
        (connection,) = session._transport._pool.connections  # type: ignore[attr-defined]
        time.sleep(0.6)
        assert session.get(running.url + "/healthz").status_code == 200
        assert session._transport._pool.connections == [connection]  # type: ignore[attr-defined]


def test_stopping_does_not_wait_for_a_client_that_only_holds_the_line() -> None:
    with service() as started:
        idle = socket.create_connection(("127.0.0.1", started.port))
        busy = socket.create_connection(("127.0.0.1", started.port))
        busy.sendall(b"POST /isc/pki/PKI.CAServer.cls HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.2)
        began = time.monotonic()
    assert time.monotonic() - began < 8
    idle.close()
    busy.close()


def test_health_is_bad_when_the_registry_does_not_answer() -> None:
    class Broken(Only):
        def names(self) -> tuple[str, ...]:
            raise OSError("/lab/registry")

    response = ask(create(Broken(), settings=ServiceSettings()), "GET", "/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "code": "InternalError"})
    healthy = create(Only(FailingCA(OSError())), settings=ServiceSettings())
    assert ask(healthy, "GET", "/healthz").json() == {"status": "ok"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_at_a_signal_and_prints_nothing_by_itself(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "served.py"
    script.write_text(SERVED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url + "/healthz").status_code == 200
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as raw:
            raw.sendall(b"no http\r\n\r\n")
            assert raw.recv(100)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (out, err) == ("ended\n" if number == signal.SIGINT else "", "")
    assert process.returncode == (0 if number == signal.SIGINT else -signal.SIGTERM)
