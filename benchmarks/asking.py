"""Asking a service as clients and operators do, one request at a time over one connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager

from pkilab.model.settings import DEFAULT_PATH
from pkilab.soap.operations import encode_list
from pkilab.soap.responses import decode_list

PAGE = 50
"""Certificates on a page of the list, as the API has it where nobody says."""


class Asking:
    """A connection to a service."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def page(self, after: int) -> int:
        """Return how many certificates stand on the page of the list behind a row."""
        answer = self._ask("GET", f"/MyCA/api/certificates?limit={PAGE}&after={after}")
        return len(json.loads(answer)["certificates"])

    def listed(self, host: str) -> int:
        """Return how many certificates `ListCertificates` tells for a host."""
        return len(decode_list(self._ask("POST", DEFAULT_PATH, encode_list(host, ""))))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self._connection.request(method, path, body, {"Content-Type": "text/xml; charset=utf-8"} if body else {})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        return content


@contextmanager
def asking(port: int) -> Iterator[Asking]:
    """Connect to a service on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield Asking(connection)
    finally:
        connection.close()
