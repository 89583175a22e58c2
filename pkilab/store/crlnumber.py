"""The CRL number file: the next number for a revocation list, in the format of `openssl ca`'s `crlnumber`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pkilab.errors import CrlNumberBroken, KeyMissing
from pkilab.model.certificate import MAX_SERIAL
from pkilab.store import files
from pkilab.store.serial import SerialFile, locked_beside

FIELD = "CRL number file"

_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, slots=True)
class CrlNumberFile:
    """The file at `path`. Unlike the serial file it holds the *next* number, as `openssl ca` has it.

    Where it is not there, numbers begin above the highest that the registry knows.
    """

    path: Path

    def next(self) -> int | None:
        """Return the next number; None where there is no file.

        Raises:
            CrlNumberBroken: it holds anything but an even number of hex digits, at most 20 octets.
            CannotRead: the system refused.
        """
        data = files.read_optional(self.path)
        if data is None:
            return None
        digits = data.strip()
        if not _HEX.fullmatch(digits):
            raise CrlNumberBroken(self.path, "it does not hold an even number of hex digits")
        number = int(digits, 16)
        if number > MAX_SERIAL:
            raise CrlNumberBroken(self.path, "its number is longer than 20 octets (RFC 5280 §5.2.3)")
        return number

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes and threads of pkilab out; the same thread may enter again.

        Raises:
            KeyMissing: not even its folder is there: the medium is not mounted.
            CannotWrite: the lock file beside it cannot be made, or somebody held it for a minute.
        """
        if not self.path.parent.is_dir():
            raise KeyMissing(self.path.with_suffix(".key"))
        with locked_beside(self.path, field=FIELD):
            yield

    def take(self, count: int, *, above: int) -> range:
        """Return the next `count` numbers, all of them above `above`, written durably as used before they are.

        A crash may skip numbers, never repeat one.

        Raises:
            CrlNumberBroken, CannotRead: as `next` does; or there are no more numbers of 20 octets.
            CannotWrite: the system refused; the file is as it was.
        """
        with self.lock():
            first = max(self.next() or 1, above + 1)
            end = first + count
            if end > MAX_SERIAL:
                raise CrlNumberBroken(self.path, "it is at the end of 20 octets (RFC 5280 §5.2.3)")
            files.replace(self.path, SerialFile.content(end), mode=files.PUBLIC, field=FIELD)
            return range(first, end)
