"""What stands before every door: a log line and a count for each request, and a last net under errors."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pkilab.web.errors import problem, told
from pkilab.web.metrics import Metrics

ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
"""Headers of every answer that does not set them itself."""

access = logging.getLogger("pkilab.web.access")
"""One line for each request at level INFO: address, method, path without query, status, milliseconds."""


class Guard:
    """An ASGI middleware. It never logs a query string, a header or a body.

    A door names the outcome of a request in the scope's `state`: `new`, `known`, or the code of a refusal.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._net = Net(app)
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 0, time.monotonic()
        self._metrics.under_way.inc()
        state = scope.setdefault("state", {})

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in ALWAYS if each[0] not in present)]
            await send(message)

        try:
            await self._net(scope, receive, observed)
        finally:
            seconds = time.monotonic() - began
            self._metrics.under_way.dec()
            self._metrics.answered(scope["path"], state.get("outcome", _plain(status)), seconds)
            if access.isEnabledFor(logging.INFO):
                # The raw path is still percent-encoded, so that no control character gets into the log.
                path = scope.get("raw_path", b"").partition(b"?")[0].decode("ascii", "replace")
                address = scope["client"][0] if scope.get("client") else "-"
                access.info("%s %s %s %d %.0fms", address, scope["method"], path, status, seconds * 1000)


class Net:
    """An ASGI middleware that tells of an error as a problem, unless a part of the answer is out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        began = False

        async def observed(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception as error:  # whatever a door did not foresee; `told` logs it
            what = told(error, f"{scope['method']} {scope['path']!r}")
            scope["state"]["outcome"] = what.code
            if began:
                raise  # half an answer is out; the connection has to break
            await problem(what)(scope, receive, send)


def _plain(status: int) -> str:
    """Return the outcome of a request that no door named more closely; 0: the client went away."""
    if status == 0:
        return "gone"
    return "ok" if status < 400 else "refused"
