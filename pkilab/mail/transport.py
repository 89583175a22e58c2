"""A conversation with an SMTP server: connecting, securing, logging in, and handing messages over."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType

from pkilab.errors import MailNotSent
from pkilab.mail import reasons
from pkilab.mail.server import Server
from pkilab.model.settings import MailSecurity


class Line:
    """An open connection to a server: `with Line(server) as line: line.send(…)`.

    Args:
        server: whom to talk to.
        timeout: seconds that the server may be silent.
        patience: seconds that opening, and each message, may take in all.
    """

    def __init__(self, server: Server, *, timeout: float, patience: float) -> None:
        self._server = server
        self._timeout = timeout
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None
        self._raw: socket.socket | None = None
        self._hung_up = False

    @property
    def usable(self) -> bool:
        """Tell whether another message can be tried."""
        return self._smtp is not None and self._smtp.sock is not None and not self._hung_up

    def __enter__(self) -> Line:
        """Connect, secure the connection and log in.

        Raises:
            MailNotSent: one of these failed; it says which, and why.
        """
        with ExitStack() as on_failure:
            on_failure.callback(self._close)
            self._open()
            on_failure.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.usable and self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException), self._watched():
                self._smtp.quit()
        self._close()

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand one message over; when this returns, the server has taken it.

        Raises:
            MailNotSent: it has not, as far as can be told.
        """
        smtp = self._smtp
        if smtp is None:
            raise self._trouble("the connection is closed")
        try:
            with self._watched():
                smtp.sendmail(sender, [recipient], content)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise self._said(error) from error

    def hang_up(self) -> None:
        """End the conversation from another thread; whatever waits in it fails at once."""
        self._hung_up = True
        if (raw := self._raw) is not None:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)

    def _open(self) -> None:
        server = self._server
        try:
            context = self._context()
            raw = socket.create_connection((server.host, server.port), self._timeout)
            self._raw = raw.dup()  # TLS takes the socket over; hanging up needs the connection beneath
            if self._hung_up:
                self.hang_up()
            with self._watched():
                self._smtp = _Smtp(server.host, server.port, self._timeout, raw, context)
                self._smtp.begin(starttls=context if server.security is MailSecurity.STARTTLS else None)
                self._recognize(self._smtp)
                if server.username:
                    self._smtp.login(server.username, server.password)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise self._said(error) from error

    def _context(self) -> ssl.SSLContext | None:
        if self._server.security is MailSecurity.NONE:
            return None
        try:
            return ssl.create_default_context(cafile=self._server.trust or None)
        except (OSError, ValueError):
            raise self._trouble(
                f"the file of what to trust, {self._server.trust}, cannot be used; it has to be PEM and readable"
            ) from None

    def _recognize(self, smtp: smtplib.SMTP) -> None:
        """Make sure that it is the lab's own inbox, where that is meant: the port may be a stranger's by now."""
        token = self._server.token
        if token and not (smtp.ehlo_resp or b"").startswith(token.encode()):
            raise self._trouble(reasons.DOES_NOT_RUN)

    def _close(self) -> None:
        for part in (self._smtp, self._raw):
            if part is not None:
                with suppress(OSError):
                    part.close()
        self._smtp = self._raw = None

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Hang up when this takes longer than we have patience: a server may send a letter a minute."""
        watch = threading.Timer(self._patience, self.hang_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _trouble(self, why: str) -> MailNotSent:
        return MailNotSent(str(self._server), why)

    def _said(self, error: Exception) -> MailNotSent:
        return reasons.reason(error, self._server, encrypted=self._encrypted, hung_up=self._hung_up)

    @property
    def _encrypted(self) -> bool:
        return self._smtp is not None and isinstance(self._smtp.sock, ssl.SSLSocket)


class _Smtp(smtplib.SMTP):
    """smtplib's client over a socket that is connected already, wrapped in TLS at once where asked for."""

    def __init__(
        self, host: str, port: int, timeout: float, raw: socket.socket, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(timeout=timeout, local_hostname=_own_name())
        self._host = host  # by which STARTTLS checks the certificate
        self._port = port
        self.raw = raw
        self.context = context

    def begin(self, *, starttls: ssl.SSLContext | None) -> None:
        """Take the greeting and introduce ourselves, over TLS where a context was given.

        Raises:
            OSError, smtplib.SMTPException: the server does not play along.
        """
        self.sock: socket.socket = self.raw
        self.raw.settimeout(self.timeout)
        if self.context is not None and starttls is None:
            self.sock = self.context.wrap_socket(self.raw, server_hostname=self._host)
        self.file = None
        code, answer = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)
        self.ehlo_or_helo_if_needed()
        if starttls is not None:
            self.starttls(context=starttls)
            self.ehlo_or_helo_if_needed()


def _own_name() -> str:
    """Return the name to greet with; smtplib would ask the DNS, which may take long."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() and not any(c.isspace() for c in name) else "[127.0.0.1]"
