"""Who comes: whoever shows the token gets a cookie that names a visitor, and each page belongs to one visitor."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler


class Visitors(IdentityProvider):
    """Lets in by token: in the address of the page alone (see `doors.Page`), in the log-in form, or in a header."""

    def fits(self, token: str) -> bool:
        """Tell whether this is the token."""
        return bool(self.token) and hmac.compare_digest(token.encode(), str(self.token).encode())

    def let_in(self, handler: Any) -> None:
        """Give a cookie to whoever has none yet."""
        if self.get_user_cookie(handler) is None:
            self.set_login_cookie(handler, self.generate_anonymous_user(handler))

    def get_token(self, handler: RequestHandler) -> str | None:
        """Return the token in the header; one in an address would stay in histories and logs."""
        found = self.auth_header_pat.match(handler.request.headers.get("Authorization", ""))
        return found.group(2) if found else None

    async def get_user_token(self, handler: RequestHandler) -> User | None:
        """Return the visitor who shows the token in a header, by the cookie if there is one."""
        if not self.fits(self.get_token(handler) or ""):
            return None
        known = self.get_user_cookie(handler)
        return known if isinstance(known, User) else self.generate_anonymous_user(handler)


class Owners:
    """Which visitor has which kernel."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def owns(self, user: User | None, kernel: str) -> bool:
        """Tell whether a kernel is this visitor's."""
        return user is not None and self._owners.get(kernel) == user.username

    def give(self, user: User, kernel: str, kernels: Any) -> None:
        """Let a kernel be a visitor's, and forget those that are gone."""
        self._owners = {name: owner for name, owner in self._owners.items() if name in kernels}
        self._owners[kernel] = user.username


class Taking:
    """The kernels as one visitor's page takes one of them, from the pool or anew; it is the visitor's from then on."""

    def __init__(self, kernels: Any, owners: Owners, user: User) -> None:
        self._kernels, self._owners, self._user = kernels, owners, user

    def __getattr__(self, name: str) -> Any:
        """Return what the kernels have."""
        return getattr(self._kernels, name)

    def get_pool_size(self, notebook: str) -> int:
        """Return how many pages wait ready; those whose kernel died while they waited are replaced."""
        pool = self._kernels._pools.get(notebook, [])  # noqa: SLF001 - Voilà looks after its pool in no other way
        dead = [page for page in pool if page.done() and not self._lives(page)]
        if dead:
            pool[:] = [page for page in pool if page not in dead]
            self._kernels.fill_if_needed(notebook_name=notebook)
        return len(pool)

    def _lives(self, page: Any) -> bool:
        return page.exception() is None and page.result()["kernel_id"] in self._kernels

    async def get_rendered_notebook(self, **how: Any) -> Any:
        """Take a page that was made beforehand. What it waited is no idleness."""
        how["extra_kernel_env_variables"] = {}  # else the next kernel's environment would hold this visitor's address
        taken = await self._kernels.get_rendered_notebook(**how)
        kernel = taken[2]
        self._kernels.get_kernel(kernel).last_activity = datetime.now(UTC)
        self._owners.give(self._user, kernel, self._kernels)
        return taken

    async def start_kernel(self, **how: Any) -> str:
        """Start one, as none waits."""
        kernel: str = await self._kernels.start_kernel(**how)
        self._owners.give(self._user, kernel, self._kernels)
        return kernel
