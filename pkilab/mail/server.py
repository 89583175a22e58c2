"""An SMTP server that mail goes through."""

from __future__ import annotations

from dataclasses import dataclass, field

from pkilab.model.settings import MailSecurity


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An SMTP server and how to talk to it; `token` is what its greeting has to hold, where it is the lab's own."""

    host: str
    port: int
    security: MailSecurity = MailSecurity.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    trust: str = ""
    token: str = ""

    def __str__(self) -> str:
        """Return its address, or that it is the lab's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return "The lab's own inbox" if self.token else f"{host}:{self.port}"
