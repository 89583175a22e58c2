"""Requests and answers as the octets that a connection carries, and a service that tells what it answered at once."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from pkilab.web.service import Service
from tests.scene import Scene

Answer = tuple[bytes, dict[bytes, bytes], bytes]
"""Status line, headers by their names in small letters, body."""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"


class Served:
    """The service on a port, which counts what was answered the quick way."""

    def __init__(self, scene: Scene) -> None:
        app = create(scene.lab.authorities, settings=ServiceSettings())
        self.service = Service(app, port=0)
        self.quickly = 0
        door = app.quick  # type: ignore[attr-defined]

        def counted(*given: Any) -> tuple[bytes, bool] | None:
            found: tuple[bytes, bool] | None = door(*given)
            self.quickly += found is not None
            return found

        app.quick = counted  # type: ignore[attr-defined]

    @property
    def open(self) -> set[Any]:
        """The connections that were handed over."""
        server = self.service._server
        assert server is not None
        return server.server_state.connections

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=10) as raw:
            yield raw

    def ask(self, request: bytes) -> Answer:
        with self.connection() as raw:
            raw.sendall(request)
            return receive(raw)


def receive(raw: socket.socket) -> Answer:
    """Read one answer, and not an octet more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        octet = raw.recv(1)
        assert octet, head
        head += octet
    first, *lines = head[:-4].split(b"\r\n")
    fields = [line.split(b": ", 1) for line in lines]
    named = {name.lower(): value for name, value in fields}
    assert len(named) == len(fields)
    body = b""
    while len(body) < int(named[b"content-length"]):
        body += raw.recv(int(named[b"content-length"]) - len(body))
    return first, named, body


def closed(raw: socket.socket) -> bool:
    """Wait for the end of a connection on which nothing more comes."""
    return raw.recv(1) == b""


def posted(body: bytes, *fields: bytes, path: bytes = b"/MyCA/ocsp") -> bytes:
    lines = (b"POST %b HTTP/1.1" % path, b"Host: h", b"Content-Length: %d" % len(body), *fields)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def fetched(body: bytes, *fields: bytes) -> bytes:
    encoded = quote(base64.b64encode(body), safe="").encode()
    return b"\r\n".join((b"GET /MyCA/ocsp/%b HTTP/1.1" % encoded, b"Host: h", *fields)) + b"\r\n\r\n"


def question(scene: Scene, number: int = 1, *, nonce: bool = False) -> bytes:
    ca = x509.load_der_x509_certificate(scene.ca.ca_certificate().certificate.der)
    leaf = x509.load_der_x509_certificate(scene.ca.certificate(number).certificate.der)
    built = ocsp.OCSPRequestBuilder().add_certificate(leaf, ca, hashes.SHA256())
    if nonce:
        built = built.add_extension(x509.OCSPNonce(b"n" * 32), critical=False)
    return built.build().public_bytes(Encoding.DER)


def settle() -> None:
    """Let the time pass in which a write could bear the same time as the one before."""
    time.sleep(0.15)
