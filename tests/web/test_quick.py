"""OCSP questions answered from a connection's octets: the same answers as any, and nothing else is disturbed."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus

from pkilab.web import quick
from pkilab.web.guard import access
from pkilab.web.patience import PatientProtocol
from tests.scene import CA_PASSWORD, Scene
from tests.web.octets import HEALTH, Answer, Served, closed, fetched, posted, question, receive, settle


def state(answer: Answer) -> OCSPCertStatus:
    return ocsp.load_der_ocsp_response(answer[2]).certificate_status


@pytest.mark.parametrize("ask", [posted, fetched])
def test_it_is_the_answer_that_the_long_way_gives(scene: Scene, served: Served, ask: type) -> None:
    body = question(scene)
    long = served.ask(ask(body, b"Expect: nothing"))
    first, again = served.ask(ask(body)), served.ask(ask(body))
    assert served.quickly == 2
    assert long[0] == first[0] == again[0] == b"HTTP/1.1 200 OK"
    assert long[2] == first[2] == again[2]
    different = {b"date"}  # it may be another second
    assert {k: v for k, v in long[1].items() if k not in different} == {
        k: v for k, v in again[1].items() if k not in different
    }
    assert b"date" in again[1]
    assert (b"etag" in again[1]) is (ask is fetched)


def test_one_with_a_nonce_is_signed_anew_without_the_registry(
    scene: Scene, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.ask(posted(question(scene)))

    def read(*_: object) -> None:
        raise AssertionError("the registry was read")

    monkeypatch.setattr("pkilab.store.revocations.states", read)
    found = [served.ask(posted(question(scene, nonce=True))) for _ in range(2)]
    assert served.quickly == 2
    assert found[0][2] != found[1][2]
    for each in found:
        assert state(each) is OCSPCertStatus.GOOD
        assert each[1][b"cache-control"] == b"no-store"
        (nonce,) = ocsp.load_der_ocsp_response(each[2]).extensions
        assert nonce.value == x509.OCSPNonce(b"n" * 32)


def test_a_revocation_is_told_with_the_next_question(scene: Scene, served: Served) -> None:
    body = posted(question(scene))
    with served.connection() as raw:
        for act in range(3):
            raw.sendall(body)
            assert state(receive(raw)) is OCSPCertStatus.GOOD
            if act == 1:
                scene.ca.revoke(1, reason="certificateHold", password=CA_PASSWORD)
                raw.sendall(body)
                assert state(receive(raw)) is OCSPCertStatus.REVOKED
                settle()
                for _ in range(2):
                    raw.sendall(body)
                    assert state(receive(raw)) is OCSPCertStatus.REVOKED
                scene.ca.lift(1, password=CA_PASSWORD)
    assert served.quickly == 2


def test_a_connection_serves_both_ways_in_any_order(scene: Scene, served: Served) -> None:
    body = posted(question(scene))
    served.ask(body)
    with served.connection() as raw:
        for request, ends in ((body, b"response"), (HEALTH, b"json"), (body, b"response"), (HEALTH, b"json")):
            raw.sendall(request)
            assert receive(raw)[1][b"content-type"].endswith(ends)
    assert served.quickly == 2


def test_requests_that_come_together_or_in_parts_are_all_answered_in_order(scene: Scene, served: Served) -> None:
    body = posted(question(scene))
    served.ask(body)
    with served.connection() as raw:
        raw.sendall(body + HEALTH + body)
        kinds = [receive(raw)[1][b"content-type"] for _ in range(3)]
        assert kinds == [b"application/ocsp-response", b"application/json", b"application/ocsp-response"]
        for cut in (1, 30, len(body) - 1):
            raw.sendall(body[:cut])
            time.sleep(0.05)
            raw.sendall(body[cut:])
            assert state(receive(raw)) is OCSPCertStatus.GOOD
    assert served.quickly == 0


def test_a_question_never_overtakes_what_is_under_way(scene: Scene, served: Served) -> None:
    body = posted(question(scene))
    served.ask(body)
    submission = b"POST /MyCA/api/requests HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    for _ in range(20):
        with served.connection() as raw:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.sendall(submission)
            raw.sendall(body)
            assert receive(raw)[1][b"content-type"] != b"application/ocsp-response"
            assert state(receive(raw)) is OCSPCertStatus.GOOD


def test_it_closes_where_that_is_wished(scene: Scene, served: Served) -> None:
    body = posted(question(scene), b"Connection: close")
    for _ in range(2):
        with served.connection() as raw:
            raw.sendall(body)
            assert receive(raw)[1][b"connection"] == b"close"
            assert closed(raw)
    assert served.quickly == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda request: request.replace(b"HTTP/1.1", b"HTTP/1.0"),
        lambda request: request.replace(b"Host: h\r\n", b""),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nHost: h"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\n folded"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nContent-Length: 3"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nX y: 1"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nX: \x01"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nTransfer-Encoding: chunked"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nConnection: upgrade"),
        lambda request: request.replace(b"Content-Length: ", b"Content-Length: +"),
        lambda request: request.replace(b"\r\nHost", b"\nHost"),
        lambda request: request.replace(b"/MyCA/ocsp", b"/MyCA/ocsp?x=1"),
        lambda request: request.replace(b"/MyCA/ocsp", b"/My%43A/ocsp"),
        lambda request: request.replace(b"/MyCA/ocsp", b"http://h/MyCA/ocsp"),
        lambda request: request.replace(b"Host: h", b"Host: h\r\nX: " + b"x" * 3000),
    ],
)
def test_what_is_not_plain_goes_the_long_way(scene: Scene, served: Served, change: type) -> None:
    request = posted(question(scene))
    served.ask(request)
    with served.connection() as raw:
        raw.settimeout(2)
        raw.sendall(change(request))
        with suppress(TimeoutError):  # it may wait for the rest of a body
            raw.recv(1)
    assert served.quickly == 0


def test_an_unknown_ca_is_not_found(served: Served, scene: Scene) -> None:
    assert served.ask(posted(question(scene), path=b"/Other/ocsp"))[0] == b"HTTP/1.1 404 Not Found"
    assert served.ask(posted(question(scene), path=b"/../ocsp"))[0] == b"HTTP/1.1 404 Not Found"


def test_both_ways_are_counted_alike(served: Served, scene: Scene) -> None:
    for _ in range(3):
        served.ask(posted(question(scene)))
    text = served.ask(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")[2]
    assert b'pkilab_requests_total{door="ocsp",outcome="ok"} 3.0' in text
    assert served.quickly == 2


def test_who_wants_lines_gets_one_for_each(served: Served, scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", access.name):
        for _ in range(2):
            served.ask(posted(question(scene)))
        served.service.stop()  # a line is written after its answer is sent
    assert [record.name for record in caplog.records if record.name == access.name] == [access.name] * 2
    assert served.quickly == 0


def test_what_is_kept_is_bounded(served: Served, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_MOST", 2)
    for at in range(6):
        served.ask(posted(question(scene), b"X: %d" % at))
    door = served.service._app.quick.__closure__[0].cell_contents
    assert len(door._heads) <= 2
    assert len(door._made) <= 2


@pytest.mark.parametrize("before", [b"", HEALTH])
def test_a_connection_on_which_nothing_more_comes_is_closed(
    served: Served, scene: Scene, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    monkeypatch.setattr("pkilab.web.service._KEEP_ALIVE_SECONDS", 1)
    monkeypatch.setattr(PatientProtocol, "request_seconds", 5)
    served.service.stop()
    served.service.start()
    body = posted(question(scene))
    served.ask(body)
    with served.connection() as raw:
        if before:
            raw.sendall(before)
            receive(raw)
        for _ in range(4):  # longer than the time in all, each pause shorter
            time.sleep(0.5)
            raw.sendall(body)
            receive(raw)
        assert served.quickly == 4
        began = time.monotonic()
        assert closed(raw)
        assert 0.5 < time.monotonic() - began < 4


def test_the_service_stops_while_connections_are_open(served: Served, scene: Scene) -> None:
    body = posted(question(scene))
    served.ask(body)
    with served.connection() as raw, served.connection() as silent:
        raw.sendall(body)
        receive(raw)
        until = time.monotonic() + 10
        while len(served.open) < 2 and time.monotonic() < until:
            time.sleep(0.05)  # who says nothing is accepted a little later
        began = time.monotonic()
        served.service.stop()
        assert time.monotonic() - began < 4
        assert closed(raw)
        assert closed(silent)


def test_a_client_that_reads_nothing_is_not_answered_without_end(served: Served, scene: Scene) -> None:
    body = posted(question(scene))
    served.ask(body)
    with served.connection() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.settimeout(0.5)
        with suppress(TimeoutError):
            for sent in range(100_000):
                raw.sendall(body)
                time.sleep(0 if sent > 500 else 0.0005)
        assert sent < 50_000
        assert served.ask(body)[0] == b"HTTP/1.1 200 OK"
