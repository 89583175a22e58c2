"""Other people's SMTP servers, and what waits to be sent: in memory, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pkilab.mail.delivery import Failure, Postman
from pkilab.mail.server import Server
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.message import Message, OutgoingMessage
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.x509 import csr, issue, keys

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
PASSWORD = "correct horse of the mail server"


@dataclass(frozen=True)
class Taken:
    """A message that a server took."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class Mailserver:
    """An SMTP server in a thread; `answer(recipient)` may refuse one, `tls` is "", "starttls" or "tls"."""

    def __init__(
        self,
        *,
        port: int = 0,
        tls: str = "",
        context: ssl.SSLContext | None = None,
        user: str = "",
        answer: Callable[[str], str | None] = lambda _recipient: None,
        data: Callable[[int], str | None] = lambda _number: None,
        size: int | None = None,
    ) -> None:
        self.port = port
        self.taken: list[Taken] = []
        self.connections = 0
        self.logins: list[str] = []
        self._tls, self._context, self._user, self._answer, self._data = tls, context, user, answer, data
        self._size = size
        self._ready = threading.Event()

    def __enter__(self) -> Mailserver:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_about: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        sessions: list[SMTP] = []

        def session() -> SMTP:
            self.connections += 1
            made = SMTP(
                self,
                loop=self._loop,
                hostname="mail.lab.test",
                data_size_limit=self._size,
                tls_context=self._context if self._tls == "starttls" else None,
                auth_require_tls=bool(self._user and self._tls == "starttls"),
                authenticator=self._authenticate if self._user else None,
                auth_exclude_mechanism=[] if self._user else ["LOGIN", "PLAIN"],
                timeout=20,
            )
            sessions.append(made)
            return made

        at_once = self._context if self._tls == "tls" else None
        server = await self._loop.create_server(session, "127.0.0.1", self.port, ssl=at_once)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        for each in sessions:
            if each.transport is not None:
                each.transport.close()
        await asyncio.sleep(0.05)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login.decode(), given.password.decode()) == (self._user, PASSWORD)
        self.logins.append(given.login.decode())
        return AuthResult(success=right, handled=False, message=None if right else f"535 5.7.8 no {PASSWORD} here")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self._answer(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self._data(len(self.taken))
        if refusal == "drop":
            assert server.transport is not None
            server.transport.close()
            return "250 never arrives"
        if refusal is not None:
            return refusal
        content = envelope.original_content or b""
        self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 OK"

    @property
    def address(self) -> Server:
        return Server(host="127.0.0.1", port=self.port)


@dataclass
class Memory:
    """What waits, in memory; `server` is where all of it goes, unless `servers` says otherwise for an instance."""

    to: Server | None = None
    servers: dict[str, Server | None] = field(default_factory=dict)
    waiting: dict[int, OutgoingMessage] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)

    def put(self, *messages: Message, instance: str = "MyCA", attempts: int = 0) -> None:
        for each in messages:
            number = len(self.waiting) + len(self.done) + 1
            self.waiting[number] = OutgoingMessage(
                id=number, instance=instance, message=each, created_at=NOON, next_at=NOON, attempts=attempts
            )

    def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> list[OutgoingMessage]:
        mine = [each for each in self.waiting.values() if each.instance not in without]
        due = [each for each in mine if each.next_at is not None and each.next_at <= now]
        return sorted(due, key=lambda each: (each.next_at or now, each.id))[:limit]

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        for each in ids:
            self.done.append(each)
            del self.waiting[each]

    def failed(self, failures: Iterable[Failure]) -> None:
        for failure in failures:
            before = self.waiting[failure.id]
            self.waiting[failure.id] = replace(
                before, attempts=before.attempts + 1, error=failure.error, next_at=failure.next_at
            )

    def server(self, instance: str) -> Server | None:
        return self.servers.get(instance, self.to)

    @property
    def errors(self) -> list[str]:
        return [each.error for each in self.waiting.values()]


class Hours:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def postman(source: Memory, clock: Callable[[], datetime] | None = None, **more: float) -> Postman:
    return Postman(source, clock=clock or Hours(), jitter=lambda: 0.0, **({"timeout": 5.0} | more))


def message(number: int = 1, **changes: str) -> Message:
    about = {
        "message_id": f"<{number}@myca.pkilab.lab.test>",
        "sender": "ca-admin@lab.test",
        "recipient": "ana@lab.test",
        "subject": f"Certificate {number} was issued",
        "body": "Fetch it.\n",
    }
    return Message(**about | changes)


@dataclass(frozen=True)
class Identity:
    """A server's TLS identity, and the file of the root that issued it."""

    context: ssl.SSLContext
    root: Path


def identity(folder: Path, *names: str) -> Identity:
    """Make a root and a certificate for `names`, by pkilab itself."""
    now = datetime.now(UTC)
    root_key, key = keys.generate(KeyAlgorithm.EC_P256), keys.generate(KeyAlgorithm.EC_P256)
    root = issue.root(root_key, DN(common_name="Mail root"), days=10, serial=1, now=now)
    sans = [AlternativeName.parse(f"{'IP' if _is_ip(name) else 'DNS'}:{name}") for name in names]
    request = csr.build(key, DN(common_name="mail.lab.test"), sans)
    made = issue.leaf(
        request, issuer=root, issuer_key=root_key, serial=2, usage=Usage.TLS, path_length=None, days=5, now=now
    )[0]
    (folder / "server.pem").write_bytes(keys.dump(key, None) + made.pem.encode())
    (folder / "root.pem").write_text(root.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return Identity(context, folder / "root.pem")


def _is_ip(name: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return False
