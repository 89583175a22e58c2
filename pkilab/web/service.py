"""The web service as a process or thread: uvicorn on a socket that is bound beforehand. It prints nothing."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

import uvicorn

from pkilab.errors import CannotDo, InvalidField, PortBusy
from pkilab.model.names import check_port
from pkilab.model.settings import DEFAULT_PORT
from pkilab.web.accepting import Server
from pkilab.web.connection import Connections

_KEEP_ALIVE_SECONDS = 15
_GOODBYE_SECONDS = 5
_BACKLOG = 1024

# Who wants uvicorn's messages gives its loggers a handler; without one, warnings would go to standard error.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())
logging.getLogger("pkilab").addHandler(logging.NullHandler())


class Service:
    """The web service in the background: `with Service(app) as service: service.url`.

    Args:
        app: an ASGI application.
        host: the address to listen on, loopback by default.
        port: the port; 0 takes a free one, which `port` tells once it is started.
        tls: speak HTTPS with this; see `store.tls`.
    """

    def __init__(
        self, app: Any, host: str = "127.0.0.1", port: int = DEFAULT_PORT, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host = host
        self.port = port
        self._asked_port = port
        self._app = app
        self._tls = tls
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        """Return the address."""
        return f"<Service {self.url}{'' if self.running else ', not running'}>"

    @property
    def url(self) -> str:
        """Return the address without a path, for programs on this machine."""
        return _url(self.host, self.port, self._tls)

    @property
    def running(self) -> bool:
        """Tell whether it is started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> Service:
        """Listen, and return when requests are taken. Does nothing when it is running.

        Raises:
            PortBusy: another program has the port.
            CannotDo: a port below 1024 is not for this user.
            InvalidField: the host is no address of this machine, or the port is none.
        """
        if self.running:
            return self
        listening = _listen(self.host, self._asked_port)
        self.port = listening.getsockname()[1]
        server = Server(_config(self._app, self._tls))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name=f"pkilab-web-{self.port}", daemon=True
        )
        thread.start()
        self._server, self._thread = server, thread
        while not server.started and thread.is_alive():
            thread.join(0.01)
        return self

    def stop(self) -> None:
        """Take no more requests, finish those begun (for a few seconds), and return. Does nothing when stopped."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Service:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    app: Any,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    *,
    tls: ssl.SSLContext | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, with `tls` over HTTPS; `ready` is called with the address once it is served.

    Raises as `Service.start` does. A SIGTERM is raised again in the end, so that the process ends by it.
    """
    listening = _listen(host, port)
    url = _url(host, listening.getsockname()[1], tls)
    server = _Announcing(_config(app, tls), lambda: ready(url) if ready is not None else None)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


class _Announcing(Server):
    """Says when it serves: from then on a signal ends it in order."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        self._ready()


def _config(app: Any, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connections(),  # type: ignore[arg-type]  # it is called as a class would be
        ws="none",
        loop="auto",
        lifespan="off",
        log_config=None,
        access_log=False,  # its lines would hold query strings; see `guard.access`
        server_header=False,
        proxy_headers=False,  # anybody could send them, and limits go by address
        forwarded_allow_ips=[],
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GOODBYE_SECONDS,
        backlog=_BACKLOG,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )


def _url(host: str, port: int, tls: ssl.SSLContext | None) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host)  # noqa: S104 - shown, not bound
    if shown is None:
        shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    if port != 0:
        check_port(port)  # getaddrinfo takes larger ones modulo 65536
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InvalidField("Host", "this is no address of this machine; give one such as 127.0.0.1.") from None
    family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    listening = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise _refusal(host, port, error) from None
    return listening


def _refusal(host: str, port: int, error: OSError) -> PortBusy | CannotDo | InvalidField:
    if error.errno == errno.EADDRINUSE:
        return PortBusy(host, port)
    if error.errno == errno.EACCES:
        return CannotDo(f"Port {port} is not for this user to listen on.", "Choose one from 1024 on.")
    return InvalidField("Host", "this machine has no such address; give one of its own, such as 127.0.0.1.")
