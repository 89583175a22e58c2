"""The post of a lab's CA servers: what waits in the outbox, through which server it goes, and the lab's own inbox."""

from __future__ import annotations

import secrets as chance
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import CannotRead
from pkilab.mail.mailbox import Mailbox
from pkilab.mail.turn import round_turn
from pkilab.model.message import Delivered, InboxAddress, OutgoingMessage, ReceivedMessage
from pkilab.model.settings import MailSettings, default_administrator
from pkilab.store import authorities, outbox, secrets, settings
from pkilab.store.registry import Registry

if TYPE_CHECKING:
    from pkilab.mail.delivery import Failure, Postman
    from pkilab.mail.inbox import Inbox
    from pkilab.mail.server import Server
    from pkilab.mail.service import MailService

_INBOX_FILE = "inbox.json"
_OTHER_ROUND = 10.0
"""Seconds to wait for another program that is sending."""
_QUICK = 1.0
"""Seconds that a server may be silent while a command waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A lab's post. Nothing is written before something is to be sent, or the inbox started."""

    lab: Path
    registry: Callable[[], Registry]
    manager: Callable[[str], Path]
    """Gives an instance's manager directory, where the password of its mail server lies."""
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    """Gives a number from 0 to 1."""
    mailbox: Mailbox = field(repr=False)

    @property
    def run(self) -> Path:
        """Return the folder for what holds only as long as something runs."""
        return self.lab / "run"

    # --- what delivery asks for (`mail.delivery.Source`) ----------------------------------------------------------

    def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> Sequence[OutgoingMessage]:
        """Return at most `limit` messages to be sent by `now`, the longest due first; none of instances `without`."""
        with self.registry().reading() as tx:
            return outbox.due(tx, now, limit, without=without)

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        """Record that these messages were taken."""
        with self.registry().writing() as tx:
            for each in ids:
                outbox.sent(tx, each, at)

    def failed(self, failures: Sequence[Failure]) -> None:
        """Record that these messages have to wait, and why."""
        with self.registry().writing() as tx:
            for failure in failures:
                outbox.failed(tx, failure.id, failure.error, failure.next_at)

    def server(self, instance: str) -> Server | None:
        """Return through which server the mail of `instance` goes: its own, else the lab's inbox if that runs.

        An instance that was reinitialized has no server of its own any more.
        """
        from pkilab.mail.server import Server

        mail = self._settings(instance)
        if mail is not None and mail.host:
            try:
                password = secrets.load(self.manager(instance)) or ""
            except CannotRead:
                password = ""  # the server will say that it refuses the log-in
            return Server(
                host=mail.host,
                port=mail.port,
                security=mail.security,
                username=mail.username,
                password=password,
                trust=mail.trust,
            )
        address = self.inbox_address()
        return Server(host=address.host, port=address.port, token=address.token) if address else None

    def _settings(self, instance: str) -> MailSettings | None:
        with self.registry().reading() as tx:
            authority = authorities.get(tx, instance)
        return authority.settings.mail if authority else None

    # --- what people ask for ----------------------------------------------------------------------------------

    def waiting(self) -> tuple[OutgoingMessage, ...]:
        """Return all mail that was not sent yet, the oldest first, each with why."""
        with self.registry().reading() as tx:
            return outbox.waiting(tx)

    def deliver(self, *, hurry: bool) -> Delivered:
        """Send what is due, or with `hurry` all that waits, and return what became of it.

        Raises:
            RegistryError, CannotWrite: the lab cannot be used.
        """
        if not self.waiting():
            return Delivered()
        sent: tuple[OutgoingMessage, ...] = ()
        with round_turn(self.run).taken_for(wait=_OTHER_ROUND) as mine:
            if mine:
                at = self.clock()
                sent = tuple(replace(message, sent_at=at, error="") for message in self._postman().round(hurry=hurry))
        return Delivered(sent=sent, waiting=self.waiting(), elsewhere=not mine)

    def deliver_briefly(self, seconds: float) -> Delivered:
        """Try what is due for a moment, unless a service does; return what waits then. It takes no longer.

        Raises:
            RegistryError, CannotWrite: the lab's registry cannot be used.
        """
        if self.due(self.clock(), 1):
            from pkilab.mail.delivery import attempt

            attempt(self.run, self._postman(timeout=_QUICK), seconds=seconds)
        return Delivered(waiting=self.waiting())

    def inbox(self, addresses: frozenset[str] | None) -> tuple[ReceivedMessage, ...]:
        """Return what the lab's own inbox received, the newest last; of `addresses` only those to one of them."""
        return self.mailbox.messages(addresses)

    def addresses(self, instance: str) -> frozenset[str]:
        """Return the addresses of an instance as a CA server, whose mail its desk shows (M3)."""
        mail = self._settings(instance)
        own = {default_administrator(instance)}
        return frozenset(own | {mail.administrator} if mail else own)

    def inbox_address(self) -> InboxAddress | None:
        """Return where the lab's own inbox said that it listens; it may have died since, see `InboxAddress.token`."""
        try:
            return settings.load(InboxAddress, self.run / _INBOX_FILE)
        except CannotRead:
            return None

    def service(self, *, port: int, inbox: bool) -> MailService:
        """Return the mail service, with the lab's own inbox unless `inbox` is false."""
        from pkilab.mail.service import MailService

        return MailService(
            self.run,
            postman=self._postman,
            inbox=(lambda: self._inbox(port)) if inbox else None,
            where=self.inbox_address,
        )

    def _inbox(self, port: int) -> Inbox:
        from pkilab.mail.inbox import Inbox

        token = f"{chance.token_hex(16)}.inbox.lab.test"
        return Inbox(self.mailbox, clock=self.clock, token=token, port=port, announce=self._announce)

    def _announce(self, address: InboxAddress | None) -> None:
        """Write where the inbox listens; one that ended is forgotten."""
        path = self.run / _INBOX_FILE
        if address is not None:
            settings.save(address, path, field="Lab")
            return
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def _postman(self, *, timeout: float | None = None) -> Postman:
        from pkilab.mail.delivery import TIMEOUT, Postman

        return Postman(self, clock=self.clock, jitter=self.jitter, timeout=timeout or TIMEOUT)
