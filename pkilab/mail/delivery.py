"""Delivery: what waits is sent over SMTP, at least once, and what cannot be sent is tried again later (M2).

A message is recorded as sent after the server took it. Whoever dies between the two sends it again, under the same
Message-ID, by which a repeat can be told.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from pkilab.errors import MailNotSent, PkilabError
from pkilab.mail.compose import address, compose
from pkilab.mail.server import Server
from pkilab.mail.transport import Line
from pkilab.mail.turn import round_turn, service_turn
from pkilab.model.message import OutgoingMessage

_log = logging.getLogger(__name__)

STEPS = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600, 4 * 3600))
"""How long to wait after the first failure, the second, and so on; the last one again and again."""
REFUSED = timedelta(hours=1)
"""At least so long after a server said that it will never take the message."""
REST = 10.0
"""So many seconds a server that was not reached is left alone, and with it all mail for it but a first batch."""
TIMEOUT = 10.0
"""Seconds that a server may be silent."""
PATIENCE = 60.0
"""Seconds that a connection, and each message, may take in all."""
REST_WITHOUT_INBOX = 2.0
"""The same where the lab's own inbox does not run; it may start any moment."""
BATCH = 100
_EVER = datetime(9000, 1, 1, tzinfo=UTC)
_NO_INBOX = "The lab's own inbox did not take the mail: it does not run; start it with `pkilab mail`."
_LOST_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A message that could not be sent: why, and when to try again."""

    id: int
    error: str
    next_at: datetime


class Source(Protocol):
    """Where delivery takes what it sends from, and tells what became of it."""

    def due(self, now: datetime, limit: int, *, without: Collection[str] = ()) -> Sequence[OutgoingMessage]:
        """Return at most `limit` messages to be sent by `now`, the longest due first; none of instances `without`."""

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        """Record durably that these messages were taken."""

    def failed(self, failures: Sequence[Failure]) -> None:
        """Record that these messages have to wait."""

    def server(self, instance: str) -> Server | None:
        """Return through which server the mail of `instance` goes; None: the lab's own inbox, which does not run."""


class Postman:
    """Sends what waits, round by round. One at a time is enough for a lab: `mail.turn` sees to that.

    Args:
        source: where messages come from.
        clock: gives the time, in UTC with its zone.
        jitter: gives a number from 0 to 1, so that retries do not march in step.
        timeout: seconds that a server may be silent.
        patience: seconds that a connection, and each message, may take in all.
    """

    def __init__(
        self,
        source: Source,
        *,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        timeout: float = TIMEOUT,
        patience: float = PATIENCE,
    ) -> None:
        self._source = source
        self._clock = clock
        self._jitter = jitter
        self._timeout = timeout
        self._patience = patience
        self._line: Line | None = None
        self._stopped = False
        self._resting: dict[str, float] = {}

    def round(self, *, hurry: bool = False) -> tuple[OutgoingMessage, ...]:
        """Send what is due, or with `hurry` all that waits, and return what was sent. Failures are recorded.

        Raises:
            PkilabError: the source cannot be used; nothing is lost.
        """
        sent: list[OutgoingMessage] = []
        if hurry:
            self._resting.clear()
            self._batch(self._source.due(_EVER, 1_000_000), sent)
            return tuple(sent)
        while not self._stopped and (batch := self._source.due(self._clock(), BATCH, without=self._left_alone())):
            self._batch(batch, sent)
        return tuple(sent)

    def stop(self) -> None:
        """End a round that another thread is in, and do no other; what was not sent stays as it was."""
        self._stopped = True
        if (line := self._line) is not None:
            line.hang_up()

    def _batch(self, batch: Iterable[OutgoingMessage], sent: list[OutgoingMessage]) -> None:
        by_instance: dict[str, list[OutgoingMessage]] = {}
        for message in batch:
            by_instance.setdefault(message.instance, []).append(message)
        by_server: dict[Server | None, list[OutgoingMessage]] = {}
        for instance, messages in by_instance.items():
            by_server.setdefault(self._source.server(instance), []).extend(messages)
        for server, messages in by_server.items():
            if server is None:
                self._rest(messages, _NO_INBOX, seconds=REST_WITHOUT_INBOX)
            else:
                self._through(server, messages, sent)

    def _through(self, server: Server, messages: list[OutgoingMessage], sent: list[OutgoingMessage]) -> None:
        """Send through one server, over one connection unless that is lost."""
        waiting, lost = deque(messages), 0
        while waiting and not self._stopped:
            before = len(waiting)
            self._line = line = Line(server, timeout=self._timeout, patience=self._patience)
            try:
                with line:
                    taken = self._over(line, server, waiting, sent)
            except MailNotSent as trouble:
                if not self._stopped:
                    self._rest(waiting, str(trouble))
                return
            finally:
                self._line = None
            lost = 0 if taken else lost + 1
            if lost == _LOST_IN_A_ROW or len(waiting) == before:
                self._rest(waiting, f"{server} ended the connection again and again; check that it runs well.")
                return

    def _over(self, line: Line, server: Server, waiting: deque[OutgoingMessage], sent: list[OutgoingMessage]) -> int:
        """Send over an open connection until all is done or the connection is lost; return how many were taken."""
        taken: list[OutgoingMessage] = []
        recorded = 0
        try:
            while waiting and line.usable and not self._stopped:
                message = waiting.popleft()
                try:
                    content = self._content(server, message)
                    line.send(address(message.message.sender), address(message.message.recipient), content)
                except MailNotSent as trouble:
                    if not self._stopped:
                        self._fail([message], str(trouble), permanent=trouble.permanent)
                    continue
                taken.append(message)
                # Repeats are dropped by the lab's own inbox, so that a commit may stand for many there.
                if not server.token or len(taken) - recorded == BATCH:
                    recorded = self._record(taken, recorded)
        finally:
            self._record(taken, recorded)
            sent.extend(taken)
        return len(taken)

    def _record(self, taken: Sequence[OutgoingMessage], recorded: int) -> int:
        """Record those that are not yet recorded as sent, and return how many are now."""
        if new := [message.id for message in taken[recorded:]]:
            self._source.sent(new, self._clock())
        return len(taken)

    def _content(self, server: Server, message: OutgoingMessage) -> bytes:
        try:
            return compose(message.message, message.created_at)
        except MailNotSent:
            raise
        except Exception as error:  # one message must not hold up the others
            _log.exception("message %s could not be composed", message.id)
            raise MailNotSent(
                str(server), f"it could not be written ({type(error).__name__})", permanent=True
            ) from error

    def _rest(self, messages: Collection[OutgoingMessage], why: str, *, seconds: float | None = None) -> None:
        """Record why these wait, and leave the mail of their instances alone for a while, by a real clock."""
        until = time.monotonic() + (REST if seconds is None else seconds)
        self._resting.update((each.instance, until) for each in messages)
        self._fail(messages, why)

    def _left_alone(self) -> frozenset[str]:
        now = time.monotonic()
        self._resting = {instance: until for instance, until in self._resting.items() if until > now}
        return frozenset(self._resting)

    def _fail(self, messages: Iterable[OutgoingMessage], why: str, *, permanent: bool = False) -> None:
        now = self._clock()
        failures = [
            Failure(id=each.id, error=why, next_at=now + backoff(each.attempts, self._jitter(), permanent=permanent))
            for each in messages
        ]
        if failures:
            self._source.failed(failures)


def backoff(attempts: int, jitter: float, *, permanent: bool = False) -> timedelta:
    """Return how long to wait after a failure that `attempts` others came before, up to a fifth longer by `jitter`."""
    step = STEPS[min(attempts, len(STEPS) - 1)]
    return (max(step, REFUSED) if permanent else step) * (1 + jitter / 5)


def attempt(run: Path, postman: Postman, *, seconds: float) -> None:
    """Send what is due for a moment, if no service does: at most so many `seconds`, and without any error.

    What is not done by then goes on for a while in a thread that holds nothing up.
    """
    done = threading.Event()

    def act() -> None:
        with contextlib.suppress(PkilabError, OSError):
            with service_turn(run).taken_for() as alone:
                pass
            if alone:
                with round_turn(run).taken_for() as mine:
                    if mine:
                        postman.round()
        done.set()

    threading.Thread(target=act, name="pkilab-mail-attempt", daemon=True).start()
    if not done.wait(seconds):
        postman.stop()
