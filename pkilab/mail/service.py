"""The mail service in the background: the lab's own inbox, and the loop that sends what waits.

Several may be started for one lab: one has the inbox and one sends, whichever came first; when that one ends, another
takes over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import PkilabError, PortBusy
from pkilab.mail.delivery import Postman
from pkilab.mail.turn import inbox_turn, round_turn, service_turn
from pkilab.model.message import InboxAddress

if TYPE_CHECKING:
    from pkilab.mail.inbox import Inbox  # aiosmtpd is loaded where there is an inbox

_log = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between looks at what is due."""
_ROUND_WAIT = 5.0
_GOODBYE = 3.0
"""Seconds that stopping waits for a server that is being connected to."""


class MailService:
    """The mail service: `with lab.mail_service() as mail: …`.

    Args:
        run: the folder for locks.
        postman: makes what sends.
        inbox: makes the inbox; None: this one only sends.
        where: tells where the lab's inbox listens, also if another program has it.
    """

    def __init__(
        self,
        run: Path,
        *,
        postman: Callable[[], Postman],
        inbox: Callable[[], Inbox] | None,
        where: Callable[[], InboxAddress | None],
    ) -> None:
        self._run = run
        self._make_postman = postman
        self._make_inbox = inbox
        self._where = where
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._postman: Postman | None = None
        self._inbox: Inbox | None = None
        self._inbox_turn = inbox_turn(run)
        self._service_turn = service_turn(run)
        self._complained = ""

    def __repr__(self) -> str:
        """Return what it does."""
        does = "not running" if not self.running else "sends mail"
        return f"<MailService {does}{f', inbox at port {self._inbox.port}' if self._inbox else ''}>"

    @property
    def running(self) -> bool:
        """Tell whether it is started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def address(self) -> InboxAddress | None:
        """Return where the lab's own inbox listens, whoever has it; None: it does not run."""
        return self._inbox.address if self._inbox is not None else self._where()

    @property
    def has_inbox(self) -> bool:
        """Tell whether the inbox is this service's; else another program of the lab has it, or nobody."""
        return self._inbox is not None

    def start(self) -> MailService:
        """Start, and return when the inbox (this one's, or that of another) takes mail.

        Raises:
            PortBusy, CannotDo, CannotWrite: the inbox cannot listen, or the lab's folder not be written.
        """
        if self.running:
            return self
        self._stopping.clear()
        self._postman = self._make_postman()
        arrived = self._take_inbox()
        self._thread = threading.Thread(target=self._loop, args=(arrived,), name="pkilab-mail", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop sending and taking mail, and return, within seconds. Does nothing when stopped."""
        self._stopping.set()
        if self._postman is not None:
            self._postman.stop()
        if self._thread is not None:
            self._thread.join(_GOODBYE)
        self._thread = None
        inbox, self._inbox = self._inbox, None
        try:
            if inbox is not None:
                inbox.stop()
        finally:
            self._inbox_turn.give()

    def wait(self) -> None:
        """Return when it was stopped, or by whatever a signal raises."""
        while not self._stopping.wait(3600):
            pass

    def __enter__(self) -> MailService:
        return self.start()

    def __exit__(self, *_about: object) -> None:
        self.stop()

    def _take_inbox(self) -> bool:
        """Start the inbox if nobody has it, and tell whether that was done."""
        if self._make_inbox is None or self._inbox is not None or self._stopping.is_set():
            return False
        if not self._inbox_turn.take():
            return False
        with ExitStack() as on_failure:
            on_failure.callback(self._inbox_turn.give)
            self._inbox = self._make_inbox().start()
            on_failure.pop_all()
        return True

    def _loop(self, arrived: bool) -> None:  # noqa: FBT001 - a thread's target
        """Send until stopped. `arrived` tells that the inbox is new, so that what waited for it is sent now."""
        try:
            while not self._stopping.is_set():
                try:
                    if arrived or self._service_turn.take():
                        arrived = not self._round(hurry=arrived) and arrived
                    self._complained = ""
                    arrived = self._take_inbox() or arrived
                except PkilabError as error:
                    self._complain(error)
                except Exception:  # noqa: BLE001 - a thread that ended would end without a word
                    _log.exception("the mail service stumbled; it goes on")
                self._stopping.wait(TICK)
        finally:
            self._service_turn.give()

    def _round(self, *, hurry: bool) -> bool:
        """Send what is due, unless another program is doing just that; tell whether it was done."""
        postman = self._postman
        if postman is None:
            return False
        with round_turn(self._run).taken_for(wait=_ROUND_WAIT if hurry else 0) as mine:
            if mine:
                postman.round(hurry=hurry)
        return mine

    def _complain(self, error: PkilabError) -> None:
        """Log what is in the way, once as long as it stays the same."""
        if isinstance(error, PortBusy):
            return  # told at the start; another program may give the port back
        if str(error) != self._complained:
            self._complained = str(error)
            _log.warning("mail cannot be sent now: %s", error)
