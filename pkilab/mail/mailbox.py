"""The lab's mailbox: a Maildir with one file for each message and recipient, which any mail program can read.

A file's name is made of Message-ID and recipient, so that a repeat finds its place taken, also after a crash.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import threading
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pkilab.errors import CannotWrite
from pkilab.mail import parse
from pkilab.model.message import ReceivedMessage

READ_LIMIT = 4 * 1024 * 1024
"""Octets of a file that are read at most."""
_FORGOTTEN = timedelta(hours=36)
"""Whatever lies in tmp for so long was left by a crash (as Maildir has it)."""


class Mailbox:
    """The Maildir in `folder`; reading changes nothing in it, and makes nothing that is not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keeping = threading.Lock()
        self._read: dict[str, tuple[ReceivedMessage, int]] = {}

    def prepare(self) -> None:
        """Make the folders, for their owner's eyes only, and remove what a crash left long ago.

        Raises:
            CannotWrite: the system refused.
        """
        with self._as_cannot_write():
            for name in ("", "tmp", "new", "cur"):
                (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            _fsync(self.folder)
            limit = datetime.now(UTC).timestamp() - _FORGOTTEN.total_seconds()
            for entry in os.scandir(self.folder / "tmp"):
                with contextlib.suppress(OSError):
                    if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < limit:
                        Path(entry.path).unlink()

    def keep(self, content: bytes, *, sender: str, recipient: str, at: datetime) -> bool:
        """Keep a message for a recipient durably; return False, and keep it once, if it was kept before.

        `content` is as it came over the wire. A repeat has the same Message-ID and recipient; a message without
        Message-ID repeats none.

        Raises:
            CannotWrite: the system refused; nothing was kept.
        """
        message_id = parse.message_id(content) or secrets.token_hex(16)
        key = f"{message_id}\0{recipient.lower()}".encode("utf-8", "surrogateescape")
        name = f"{hashlib.sha256(key).hexdigest()[:32]}.pkilab"
        data = parse.stamp(content, sender=sender, recipient=recipient, at=at)
        with self._keeping, self._as_cannot_write():
            known = self._known(name)
            if not known:
                self._lay(name, data)
            _fsync(self.folder / "new")
        return not known

    def messages(self, addresses: Collection[str] | None = None) -> tuple[ReceivedMessage, ...]:
        """Return what was received, the newest last; of `addresses` only those to one of them, whatever the case.

        What cannot be read as a mail is passed over, what another program put there is shown as well as it can be.
        """
        found: dict[str, tuple[ReceivedMessage, int]] = {}
        for folder in ("new", "cur"):
            for name in self._names(folder):
                unique = name.partition(":")[0]
                message = self._read.get(unique) or self._message(folder, name, unique)
                if message is not None:
                    found[unique] = message
        self._read = found
        wanted = None if addresses is None else {address.lower() for address in addresses}
        # By the file's own time where a clock stands still, as in lessons.
        ordered = sorted(found.values(), key=lambda each: (each[0].received_at, each[1], each[0].id))
        return tuple(
            message
            for message, _ in ordered
            if wanted is None or wanted & {each.lower() for each in message.recipients}
        )

    def _known(self, name: str) -> bool:
        """Tell whether there is a file of this name; a mail program may have moved it and added flags."""
        if (self.folder / "new" / name).exists():
            return True
        return any(each.partition(":")[0] == name for each in self._names("cur"))

    def _lay(self, name: str, data: bytes) -> None:
        temporary = self.folder / "tmp" / f"{secrets.token_hex(8)}.pkilab"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(temporary.unlink, missing_ok=True)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(descriptor)
            # A second server on the same mailbox could only put the same message there.
            temporary.replace(self.folder / "new" / name)
            on_failure.pop_all()

    def _names(self, folder: str) -> list[str]:
        try:
            return [entry.name for entry in os.scandir(self.folder / folder) if not entry.name.startswith(".")]
        except OSError:
            return []

    def _message(self, folder: str, name: str, unique: str) -> tuple[ReceivedMessage, int] | None:
        try:
            data, changed = _content(self.folder / folder / name)
        except (OSError, ValueError):
            return None
        short = hashlib.sha256(os.fsencode(unique)).hexdigest()[:12]
        otherwise = datetime.fromtimestamp(changed // 1_000_000_000, UTC)
        return parse.received(data, id=short, otherwise=otherwise), changed

    @contextlib.contextmanager
    def _as_cannot_write(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            why = (getattr(error, "strerror", None) or type(error).__name__).lower()
            raise CannotWrite("Inbox", self.folder, why) from error


def _content(path: Path) -> tuple[bytes, int]:
    """Return a plain file's octets (the first few millions of them), and when it was changed, in nanoseconds."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as stream:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise ValueError("no plain file")
        return stream.read(READ_LIMIT), about.st_mtime_ns


def _fsync(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
