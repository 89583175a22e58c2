"""The expiry watch: mails about what runs out, at the days ahead that the settings say, each once (X3)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pkilab.authority.alerts import alerts
from pkilab.authority.revoke import contact_of
from pkilab.authority.site import Site
from pkilab.errors import PkilabError
from pkilab.mail import messages
from pkilab.mail.turn import Turn
from pkilab.model.alert import Alert
from pkilab.model.journal import Facts, JournalEntry
from pkilab.model.message import Message
from pkilab.store import certificates, journal, outbox, reminders
from pkilab.store.authorities import Authority
from pkilab.store.registry import Transaction
from pkilab.store.reminders import Due

TICK = 60.0
"""Seconds between looks at what runs out."""
AT_ONCE = 100
"""Mails that are stored in one transaction."""
_SOON, _OVER = 1, 0

_log = logging.getLogger(__name__)


def remind(site: Site) -> int:
    """Store the mails about what runs out at this CA and was not mailed yet; return how many.

    Raises:
        NotConfigured: there is no CA server.
        RegistryError, CannotWrite: the registry cannot be used.
    """
    count = 0
    while _waits(site):
        with site.writing() as tx:
            authority = site.authority(tx)
            stored, entry = _store(site, tx, authority)
        if entry is not None:
            site.note_head(authority, entry)
        count += stored
        if stored == 0:
            break
    return count


def _waits(site: Site) -> bool:
    """Look without holding up those who write."""
    now = site.clock()
    with site.registry.reading() as tx:
        authority = site.authority(tx)
        days = authority.settings.remind_days
        if reminders.expiring(tx, site.instance, now, days, limit=1):
            return True
        return any(True for _ in reminders.untold(tx, site.instance, [due for due, _ in _own(tx, authority, now)]))


def _store(site: Site, tx: Transaction, authority: Authority) -> tuple[int, JournalEntry | None]:
    """Store some mails with their entries in the journal; return how many, and the last entry."""
    now, settings = site.clock(), authority.settings
    about = dict(_own(tx, authority, now))
    done = list(reminders.untold(tx, site.instance, list(about)))
    facts: list[Facts] = [{"about": due.about, "until": due.until.isoformat()} for due in done]
    mails: list[Message] = [messages.runs_out(settings, about[due], site.token()) for due in done]
    for due in reminders.expiring(tx, site.instance, now, settings.remind_days, limit=AT_ONCE):
        certificate = certificates.get(tx, site.instance, int(due.about, 16), now)
        if certificate is not None:
            contact = contact_of(tx, site.instance, certificate)
            mails.append(messages.expires(settings, certificate, contact, site.token(), now))
            until = certificate.not_after.isoformat()
            facts.append({"number": str(certificate.number), "root": certificate.root, "until": until})
        done.append(due)
    outbox.put(tx, site.instance, mails, now)
    reminders.note(tx, site.instance, done, at=now)
    entries = journal.append_many(tx, site.instance, at=now, by=site.acting(""), act="reminded", facts=facts)
    return len(mails), entries[-1] if entries else None


def _own(tx: Transaction, authority: Authority, now: datetime) -> list[tuple[Due, Alert]]:
    """Return the alerts of the CA itself that have a date, each with the reminder that it stands for."""
    return [
        (Due(alert.about, alert.until, _OVER if alert.over else _SOON), alert)
        for alert in alerts(tx, authority, now)
        if alert.until is not None
    ]


class Watch:
    """The expiry watch in the background: `with lab.watch(): …`. Of several programs of a lab, one looks.

    Args:
        run: the folder for locks.
        look: stores the mails that are due, and returns how many.
        tick: seconds between looks.
    """

    def __init__(self, run: Path, look: Callable[[], int], *, tick: float = TICK) -> None:
        self._turn = Turn(run / ".watch.lock")
        self._look = look
        self._tick = tick
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._complained = ""

    @property
    def running(self) -> bool:
        """Tell whether it is started and not stopped."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> Watch:
        """Begin to look. Does nothing when it is running."""
        if not self.running:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._loop, name="pkilab-watch", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop looking, and return. Does nothing when stopped."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def __enter__(self) -> Watch:
        return self.start()

    def __exit__(self, *_about: object) -> None:
        self.stop()

    def _loop(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    if self._turn.take():
                        self._look()
                    self._complained = ""
                except PkilabError as error:
                    if str(error) != self._complained:
                        self._complained = str(error)
                        _log.warning("what runs out cannot be looked at now: %s", error)
                except Exception:  # noqa: BLE001 - a thread that ended would end without a word
                    _log.exception("the expiry watch stumbled; it goes on")
                self._stopping.wait(self._tick)
        finally:
            self._turn.give()
