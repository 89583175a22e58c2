"""Listening: who brings a question that can be answered at once is answered while being accepted; uvicorn has the rest.

Most who ask a responder do so once on a connection. To make a transport for each takes longer than to answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable

import uvicorn
from uvicorn.server import ServerState

from pkilab.web.connection import Connection
from pkilab.web.quick import QuickDoor

_AT_ONCE = 64
"""Connections that are accepted before something else has its turn."""
_PIECE = 64 * 1024
_PAUSE_SECONDS = 1.0
"""How long nobody is accepted once the system has no more to give, such as open files."""

log = logging.getLogger("pkilab.web")


class Server(uvicorn.Server):
    """uvicorn's server, before which connections are accepted as told above, but over HTTPS and on Windows."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen on sockets that are bound and listen already."""
        app = self.config.loaded_app
        quick: QuickDoor | None = getattr(app, "quick", None)
        if quick is None or self.config.is_ssl or sys.platform == "win32":
            await super().startup(sockets)
            return
        await super().startup([])

        def made() -> Connection:
            return Connection(self.config, self.server_state, self.lifespan.state, loop)

        loop = asyncio.get_running_loop()
        for each in sockets or ():
            listener = Listener(each, quick, self.server_state, made, loop)
            self.servers.append(listener)  # type: ignore[arg-type]  # it is asked for what it has


class Listener:
    """Accepts the connections of one socket. It ends as a server of asyncio does.

    Args:
        listening: the socket; it stays the caller's.
        quick: answers what can be answered at once.
        state: the server's, for the headers of all its answers.
        made: gives the protocol of a connection.
        loop: where all of this runs.
    """

    def __init__(
        self,
        listening: socket.socket,
        quick: QuickDoor,
        state: ServerState,
        made: Callable[[], Connection],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._listening, self._quick, self._state, self._made, self._loop = listening, quick, state, made, loop
        self._handing_over: set[asyncio.Task[None]] = set()
        self._paused: asyncio.TimerHandle | None = None
        listening.settimeout(0)
        if sys.platform == "linux":  # who has said nothing yet is handed over a second later, as are all elsewhere
            with contextlib.suppress(OSError):  # what only looks like Linux may not have it; it is quicker, no more
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
        self._begin()

    def close(self) -> None:
        """Accept nobody any more."""
        if self._paused is not None:
            self._paused.cancel()
        self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Wait until who was accepted is in other hands."""
        await asyncio.gather(*self._handing_over)

    def _begin(self) -> None:
        self._paused = None
        self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection, _address = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("no connection can be accepted for a moment: %s", error)
                self._loop.remove_reader(self._listening)
                self._paused = self._loop.call_later(_PAUSE_SECONDS, self._begin)
                return
            kept = False
            try:
                kept = self._answer(connection)
            finally:
                if not kept:
                    connection.close()

    def _answer(self, connection: socket.socket) -> bool:
        """Answer, or hand on; tell whether the connection goes on."""
        try:
            data = connection.recv(_PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return self._hand_over(connection, self._made())
        except OSError:
            return False  # it is gone already
        found = self._quick(data, self._state.default_headers, self._loop) if data else None
        if found is None:
            return bool(data) and self._hand_over(connection, self._made().begun_with(data))
        response, close = found
        sent = 0
        with contextlib.suppress(BlockingIOError):
            try:
                sent = connection.send(response, socket.MSG_DONTWAIT)
            except ConnectionError:
                return False
        if close and sent == len(response):
            return False
        return self._hand_over(connection, self._made().owing(response[sent:], close=close))

    def _hand_over(self, connection: socket.socket, protocol: Connection) -> bool:
        connection.settimeout(0)
        task = self._loop.create_task(self._give(connection, protocol))
        self._handing_over.add(task)  # the loop itself would forget it
        task.add_done_callback(self._handing_over.discard)
        return True

    async def _give(self, connection: socket.socket, protocol: Connection) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: protocol, connection)
        except OSError as error:  # it was lost meanwhile
            log.info("a connection was lost: %s", error)
            connection.close()
