"""The doors of an application: the page, the log-in, and what a page needs of its own kernel. There is no other."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import allow_unauthenticated, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError
from voila.request_info_handler import RequestInfoSocketHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from pkilab.running.dashboard import letters
from pkilab.running.dashboard.visitors import Owners, Taking, Visitors

KEPT = ("theme",)
"""What of an address stays in it when the token is taken out."""


class Door(JupyterHandler):
    """What all doors have in common."""

    @property
    def visitors(self) -> Visitors:
        """Return who decides who comes in."""
        provider: Visitors = self.settings["identity_provider"]
        return provider

    @property
    def owners(self) -> Owners:
        """Return who has which kernel."""
        owners: Owners = self.settings["owners"]
        return owners

    def check_xsrf_cookie(self) -> None:
        """Refuse what another site's page sends; browsers say where it comes from.

        There is no `_xsrf` cookie: it would be the same one for all servers of a host, JupyterLab among them.
        """
        origin = self.request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != self.request.host.lower():
            raise HTTPError(403)

    def page_of_ours(self, name: str, **values: Any) -> None:
        """Answer with one of our own pages."""
        template = self.settings["voila_jinja2_env"].get_template(name)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(template.render(base_url=self.base_url, title=self.settings["page_title"], **values))

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Answer with a sentence; what went wrong is in the log."""
        self.page_of_ours("error.html", status_code=status_code)

    def _request_summary(self) -> str:
        """Return what logs name a request by: no address, as it may hold what is private."""
        return f"{self.request.method} {type(self).__name__}"

    async def own_kernel(self, kernel: str) -> None:
        """Raise 404 unless the kernel is this visitor's and runs: whether another has one is nobody's business."""
        if not self.owners.owns(self.current_user, kernel) or kernel not in self.kernel_manager:
            raise HTTPError(404)


class Page(Door, TornadoVoilaHandler):  # type: ignore[misc]  # voila ships no types
    """The page. A token in its address is exchanged for a cookie, and the address is left without it."""

    @cached_property
    def kernel_manager(self) -> Any:
        """Return the kernels, as they are given to this visitor."""
        return Taking(self.settings["kernel_manager"], self.owners, self.current_user)

    @allow_unauthenticated
    async def get(self) -> None:
        """Show the page to whoever may see it, the log-in to others."""
        if "token" in self.request.arguments:
            self._enter()
            return
        if self.current_user is None:
            self.redirect("/login")
            return
        if len(self.settings["kernel_manager"]) >= self.settings["most_kernels"]:
            raise HTTPError(503)
        try:
            async for html in self.get_generator():
                self.write(html)
                self.flush()
        finally:
            RequestInfoSocketHandler._cache.clear()  # noqa: SLF001 - Voilà keeps who asked for what, and never forgets

    def _enter(self) -> None:
        if not self.visitors.fits(self.get_query_argument("token")):
            self.set_status(401)
            self.page_of_ours("login.html", wrong=True)
            return
        self.visitors.let_in(self)
        kept = {name: self.get_query_argument(name) for name in KEPT if name in self.request.arguments}
        self.redirect(self.request.path + ("?" + urlencode(kept) if kept else ""))

    def should_use_rendered_notebook(self, _data: Any, pool_size: int, *_args: Any) -> bool:
        """Take a page from the pool whenever one waits: the theme is the browser's matter."""
        return pool_size > 0


class Login(Door):
    """The log-in page: what this is, and where the token is found."""

    @allow_unauthenticated
    def get(self) -> None:
        """Show the form."""
        if self.current_user is None:
            self.page_of_ours("login.html", wrong=False)
        else:
            self.redirect(self.base_url)

    @allow_unauthenticated
    def post(self) -> None:
        """Let in whoever has the token."""
        if self.visitors.fits(self.get_body_argument("token", "")):
            self.visitors.let_in(self)
            self.redirect(self.base_url)
        else:
            self.set_status(401)
            self.page_of_ours("login.html", wrong=True)


class Health(Door):
    """Whether the application answers."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say so."""
        self.finish("ok")


class Nowhere(Door):
    """All other addresses."""

    @allow_unauthenticated
    def get(self) -> None:
        """Say that there is nothing."""
        raise HTTPError(404)

    post = put = delete = patch = options = head = get


class Kernel(Door):
    """What a page asks about its kernel."""

    async def get(self, kernel: str) -> None:
        """Tell how it is."""
        await self.own_kernel(kernel)
        kernels: Any = self.kernel_manager
        model = await ensure_async(kernels.kernel_model(kernel))
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({name: model[name] for name in ("id", "name", "execution_state", "connections")}))


class Farewell(Door):
    """What a page says when it is closed."""

    async def post(self, kernel: str) -> None:
        """End its kernel."""
        await self.own_kernel(kernel)
        kernels: Any = self.kernel_manager
        await ensure_async(kernels.shutdown_kernel(kernel))
        self.set_status(204)


class Channel(Door, VoilaKernelWebsocketHandler):  # type: ignore[misc]  # voila ships no types
    """The line between a page and its kernel, on which only widgets speak."""

    @ws_authenticated
    async def get(self, kernel_id: str) -> None:
        """Open the line to the visitor's own kernel."""
        await self.own_kernel(kernel_id)
        if letters.PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(400)
        await super().get(kernel_id)  # type: ignore[misc]  # it is a coroutine

    def on_message(self, message: bytes | str) -> None:
        """Pass on what widgets need; say in the log what was not."""
        letter = letters.from_page(message)
        if letter is None:
            shown = letters.kind(message) if isinstance(message, bytes) else "text"
            self.log.warning("A page sent what is not passed on: %.40r", shown)
        elif self.connection is not None:
            super().on_message(letter)

    def write_message(self, message: bytes | str | dict[str, Any], binary: bool = False) -> Any:  # noqa: FBT001, FBT002 - tornado's
        """Pass on what widgets say."""
        if isinstance(message, bytes) and letters.kind(message) in letters.FROM_KERNELS:
            return super().write_message(message, binary)
        return None
