"""HTTP/1.1 connections that do not wait forever for a slow or silent client, nor keep endless headers."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

REQUEST_SECONDS = 60.0
"""How long a connection may take to bring one whole request: request line, headers and body."""
MAX_HEADERS = 16 * 1024
"""Octets of a request's line and headers, and of the trailers after a body in chunks."""


class _TooLong(Exception):
    pass


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with a deadline from a request's first octet (or the connection's begin) to its last.

    uvicorn bounds only the pause between two requests, and its fast parser no size.
    """

    request_seconds = REQUEST_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _whole = False
    """Whether all requests that began are whole; the first one is waited for from the connection's begin."""
    _in_head = True
    """Whether a head, or its begin, is what comes next."""
    _heads = 0
    """Heads that came to their end."""
    _open_head = 0
    """Octets that came since there is a head without an end."""
    _head = 0
    """Octets of the head (or the trailers) that the parser handed on."""
    _kept = 0
    """Octets that came since the parser handed anything on: a line without end."""

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: no request, whole or begun, and no answer that waits to be read."""
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn sets it to None first
        answered = cycle is None or cycle.response_complete
        return self._whole and answered and not self.pipeline and not self._open_head and not self.flow.write_paused

    def keep(self) -> None:
        """Begin anew to count how long nothing comes: something was answered elsewhere."""
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take octets in, and see whether a request is still incomplete."""
        before = self._heads if self._in_head else None
        self._kept += len(data)
        super().data_received(data)
        self._open_head = self._open_head + len(data) if self._in_head and before == self._heads else 0
        if max(self._kept, self._open_head) > MAX_HEADERS and not self.transport.is_closing():
            self.send_400_response("The request's line and headers are too long.")
        self._watch()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._whole, self._in_head, self._head = False, True, 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a trailer."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Go on to the body, and count the trailers anew."""
        self._in_head, self._heads = False, self._heads + 1
        self._head = self._kept = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._kept = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._whole, self._in_head, self._kept = True, True, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request, whose begin may be there already: its time begins now."""
        super().on_response_complete()
        self._stop_waiting()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _count(self, octets: int) -> None:
        """Count; an exception in what the parser calls is answered as a bad request by uvicorn."""
        self._head, self._kept = self._head + octets, 0
        if self._head > MAX_HEADERS:
            raise _TooLong

    def _watch(self) -> None:
        if self._whole:
            self._stop_waiting()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()
