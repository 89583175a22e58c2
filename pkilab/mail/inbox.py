"""The lab's own SMTP server: it listens on loopback, takes mail for any address, and keeps it in the mailbox (M3).

A message is on the disk before it is answered for; one that was kept before is answered for and not kept again.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from pkilab.errors import CannotDo, CannotWrite, InvalidField, PortBusy
from pkilab.mail.mailbox import Mailbox
from pkilab.model.contact import check_address
from pkilab.model.message import InboxAddress
from pkilab.model.names import check_port

HOST = "127.0.0.1"
MAX_MESSAGE = 1024 * 1024
"""Octets of a message."""
MAX_CONNECTIONS = 50
MAX_RECIPIENTS = 100
SILENCE = 60.0
"""Seconds that a client may be silent, and that a message may take."""

_log = logging.getLogger(__name__)
# Who wants aiosmtpd's messages gives its logger a handler; without one, warnings would go to standard error.
logging.getLogger("mail.log").addHandler(logging.NullHandler())
logging.getLogger("pkilab").addHandler(logging.NullHandler())

_NO_ADDRESS = "553 5.1.3 This is no mail address; give user and domain, such as ana@lab.test."


class Inbox:
    """The server in a thread of its own: `with Inbox(…) as inbox: inbox.port`.

    Args:
        mailbox: where mail is kept.
        clock: gives the time, in UTC with its zone.
        token: what its greeting begins with; letters, digits, dots and hyphens.
        port: where to listen on loopback; 0 takes a free port.
        announce: told the address once it listens, and None when it has stopped.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        clock: Callable[[], datetime],
        token: str,
        port: int = 0,
        announce: Callable[[InboxAddress | None], None] = lambda _address: None,
    ) -> None:
        self._mailbox = mailbox
        self._clock = clock
        self._token = token
        self._asked_port = port
        self._announce = announce
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._listens = threading.Event()
        self.port = port

    def __repr__(self) -> str:
        """Return the address."""
        return f"<Inbox {HOST}:{self.port}{'' if self.running else ', not running'}>"

    @property
    def running(self) -> bool:
        """Tell whether it is started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def address(self) -> InboxAddress:
        """Return where it listens."""
        return InboxAddress(host=HOST, port=self.port, token=self._token)

    def start(self) -> Inbox:
        """Listen, announce it, and return when mail is taken. Does nothing when it is running.

        Raises:
            PortBusy: another program has the port.
            CannotDo: a port below 1024 is not for this user.
            CannotWrite: the mailbox cannot be made, or the announcement not be written.
        """
        if self.running:
            return self
        self._mailbox.prepare()
        listening = _listen(self._asked_port)
        self.port = listening.getsockname()[1]
        self._listens.clear()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening)), name=f"pkilab-inbox-{self.port}", daemon=True
        )
        self._thread.start()
        self._listens.wait()
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.stop)
            self._announce(self.address)
            on_failure.pop_all()
        return self

    def stop(self) -> None:
        """Take no more mail, finish what is being written, and return. Does nothing when stopped."""
        if self._thread is None:
            return
        if self._loop is not None and self._ending is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()
        self._thread = None
        self._announce(None)

    def __enter__(self) -> Inbox:
        return self.start()

    def __exit__(self, *_about: object) -> None:
        self.stop()

    async def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        open_sessions: set[_Session] = set()
        keeper = _Keeper(self._mailbox, self._clock)

        def session() -> asyncio.BaseProtocol:
            if len(open_sessions) >= MAX_CONNECTIONS:
                return _Busy()
            return _Session(keeper, open_sessions, self._token, asyncio.get_running_loop())

        server = await self._loop.create_server(session, sock=listening)
        self._listens.set()
        await self._ending.wait()
        server.close()
        for each in tuple(open_sessions):
            each.end()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 1)


class _Keeper:
    """What aiosmtpd asks about each address and each message."""

    def __init__(self, mailbox: Mailbox, clock: Callable[[], datetime]) -> None:
        self._mailbox = mailbox
        self._clock = clock

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender; a notice of a mail system has none (RFC 5321 §4.5.5)."""
        if address != "<>" and _checked(address) is None:
            return _NO_ADDRESS
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender taken"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient: any mail address, for all of them lie in one mailbox."""
        checked = _checked(address)
        if checked is None:
            return _NO_ADDRESS
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return f"452 4.5.3 At most {MAX_RECIPIENTS} recipients at once; send it to the others again."
        envelope.rcpt_tos.append(checked)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep the message for each recipient; answer when it is on the disk."""
        content = envelope.original_content or b""
        sender = _checked(envelope.mail_from or "") or ""
        kept = 0
        try:
            for recipient in dict.fromkeys(envelope.rcpt_tos):
                kept += await asyncio.to_thread(
                    self._mailbox.keep, content, sender=sender, recipient=recipient, at=self._clock()
                )
        except CannotWrite as error:
            _log.warning("the inbox could not keep a message: %s", error)
            return "452 4.3.1 The inbox cannot write to its disk; send it again later."
        return "250 2.0.0 Kept" if kept else "250 2.0.0 Known already"

    async def handle_exception(self, error: Exception) -> str:
        """Answer to a line that aiosmtpd stumbles over."""
        _log.info("a line to the inbox could not be understood (%s)", type(error).__name__)
        return "500 5.5.2 This cannot be understood."


class _Session(SMTP):
    """One connection; it counts among the open ones as long as it lasts."""

    def __init__(
        self, keeper: _Keeper, open_sessions: set[_Session], token: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(
            keeper,
            data_size_limit=MAX_MESSAGE,
            hostname=token,
            ident="pkilab inbox, for training and tests",
            timeout=SILENCE,
            loop=loop,
        )
        self._open_sessions = open_sessions

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        self._open_sessions.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no more."""
        self._open_sessions.discard(self)
        super().connection_lost(error)

    def end(self) -> None:
        """End the connection now."""
        if self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]  # a TCP transport has it


class _Busy(asyncio.Protocol):
    """Tells a client that comes when all connections are taken to come again."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer and end."""
        answer: Any = transport
        answer.write(b"421 4.3.2 Too many connections at once; come again later.\r\n")
        answer.close()


def _checked(address: str) -> str | None:
    try:
        return check_address(address)
    except InvalidField:
        return None


def _listen(port: int) -> socket.socket:
    if port != 0:
        check_port(port)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(MAX_CONNECTIONS)
    except OSError as error:
        listening.close()
        if error.errno == errno.EACCES:
            raise CannotDo(f"Port {port} is not for this user to listen on.", "Choose one from 1024 on.") from None
        raise PortBusy(HOST, port) from None
    return listening
