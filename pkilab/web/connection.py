"""A connection: what can be answered at once is, without a parser; everything else goes the way of `patience`."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from pkilab.web.patience import PatientProtocol
from pkilab.web.quick import QuickDoor


class Connections:
    """Makes the connections of one server. uvicorn takes it for the class of a protocol."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        if self._loop is None:  # asked for once: it is a system call, and a tenth of what a short connection costs
            self._loop = _loop or asyncio.get_running_loop()
        return Connection(config, server_state, app_state, self._loop)


class Connection(asyncio.Protocol):
    """Stands before uvicorn's protocol, which is made once something comes that needs it."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._config, self._state, self._app_state, self._loop = config, server_state, app_state, loop
        self._quick: QuickDoor | None = getattr(config.loaded_app, "quick", None)
        self._inner: PatientProtocol | None = None
        self._answered = self._stopped = False
        self._until = 0.0
        self._begun = b""
        self._owed: tuple[bytes, bool] | None = None

    def begun_with(self, data: bytes) -> Connection:
        """Take over a connection of which `data` was read, and return self."""
        self._begun = data
        return self

    def owing(self, rest: bytes, *, close: bool) -> Connection:
        """Take over a connection on which the rest of an answer has to be sent, and return self."""
        self._owed = rest, close
        return self

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for the first request."""
        self._transport = transport
        self._state.connections.add(self)  # type: ignore[arg-type]  # it is asked for `shutdown` alone
        self._until = self._loop.time() + PatientProtocol.request_seconds
        self._timer = self._loop.call_later(PatientProtocol.request_seconds, self._look)
        if self._owed is not None:
            rest, close = self._owed
            self._answer(rest, close=close)
        elif self._begun:
            self.data_received(self._begun)
        self._owed, self._begun = None, b""

    def data_received(self, data: bytes) -> None:
        """Answer, or hand on."""
        inner = self._inner
        if self._quick is not None and (inner is None or inner.idle):
            found = self._quick(data, self._state.default_headers, self._loop)
            if found is not None:
                response, close = found
                self._answer(response, close=close)
                return
        (inner or self._hand_over()).data_received(data)

    def eof_received(self) -> None:
        """Let the connection end."""

    def pause_writing(self) -> None:
        """Take no more questions from a client that does not read the answers."""
        if self._inner is not None:
            self._inner.pause_writing()
        else:
            self._stopped = True
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        if self._stopped:
            self._stopped = False
            self._transport.resume_reading()
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._leave()
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def shutdown(self) -> None:
        """Close the connection: nothing is under way on it."""
        self._transport.close()

    def _answer(self, response: bytes, *, close: bool) -> None:
        self._transport.write(response)
        if close:
            self._transport.close()
        elif self._inner is not None:
            self._inner.keep()
        else:
            seconds = self._config.timeout_keep_alive
            self._until = self._loop.time() + seconds
            if not self._answered:
                self._answered = True
                self._timer.cancel()
                self._timer = self._loop.call_later(seconds, self._look)

    def _hand_over(self) -> PatientProtocol:
        self._leave()
        self._inner = PatientProtocol(self._config, self._state, self._app_state, self._loop)
        self._inner.connection_made(self._transport)
        return self._inner

    def _look(self) -> None:
        """Close a connection on which nothing came for too long."""
        left = self._until - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._transport.close()

    def _leave(self) -> None:
        self._timer.cancel()
        self._state.connections.discard(self)
