"""Choosing what is explained: from the lab, pasted or uploaded; and opening it with a password, which is not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField
from pkilab.explain import Explained, explain
from pkilab.explain.reading import Part
from pkilab.forms.model import FormModel, act
from pkilab.forms.ports import Server
from pkilab.forms.traits import choice, line, secret
from pkilab.model.certificate import Certificate

PASTE, FILE, NUMBERED = "paste", "file", ("certificate", "request")
WHAT = {
    "certificate": "A certificate of the CA, by its number",
    "ca": "The CA's own certificate",
    "crl": "The CA's revocation list",
    "request": "A request, by its number",
    FILE: "A file of this client",
    PASTE: "Something of your own, pasted or uploaded",
}
MOST = 3 * 1024 * 1024
"""Octets that are taken from a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Something of the lab that it makes sense to compare a piece with."""

    label: str
    what: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is explained: its title, its octets, and the words by which it is chosen again."""

    title: str
    data: bytes = field(repr=False)
    what: str = PASTE
    number: str = ""
    name: str = ""
    relatives: tuple[Relative, ...] = ()


class Library(Protocol):
    """What of a lab may be explained on a desk, and whom its verifiers trust."""

    def offers(self) -> Sequence[str]:
        """Return which of `WHAT` can be had now."""

    def files(self) -> Sequence[str]:
        """Return the names of the client's own files."""

    def fetch(self, what: str, *, number: str = "", name: str = "") -> Piece:
        """Return a piece; raises a PkilabError where it cannot be had."""

    def known(self) -> Sequence[Certificate]:
        """Return the certificates of the CAs that are known here."""

    def crls(self) -> Sequence[bytes]:
        """Return the revocation lists that count now, in DER."""

    def issued_under(self, ca: Certificate) -> Certificate | None:
        """Return a certificate in force below `ca`, a server's rather than another; None: there is none here."""

    def now(self) -> datetime:
        """Return the lab's time."""

    @property
    def signer(self) -> Server | None:
        """Return the CA that can sign again; None on a client's desk."""


class Opening(FormModel):
    """What is to be explained. `found` is what was read of it, `piece` where it came from."""

    what = choice("What", [(label, what) for what, label in WHAT.items()], default=PASTE)
    number = line("Number", hint="A certificate's number, or a request's.", required=True)
    name = line("File", required=True)
    pasted = line("PEM, or DER in base64 or hex", hint="Anything round it is left out.", required=True)
    password = secret("Password", hint="It opens the key or container, and is kept nowhere.", required=True)

    piece = AnyTrait(None, allow_none=True)
    found = AnyTrait(None, allow_none=True)

    def __init__(self, library: Library) -> None:
        self.library = library
        super().__init__()
        self.what = next(iter(self.offers), PASTE)
        self.untouch()

    @property
    def offers(self) -> tuple[str, ...]:
        """Return what can be chosen now, *something of your own* last."""
        return (*self.library.offers(), PASTE)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the objects that were found, and what a password opened beside what it sealed."""
        found: Explained | None = self.found
        return tuple(_flat(found.parts)) if found is not None else ()

    def absent(self, name: str) -> bool:
        """Each way of choosing has its own fields."""
        fields = {"number": NUMBERED, "name": (FILE,), "pasted": (PASTE,)}
        return name in fields and self.what not in fields[name]

    @act("Reading it …", needs=("what", "number", "name", "pasted"))
    def open_it(self) -> Piece:
        """Read what is chosen.

        Raises:
            PkilabError: it cannot be had.
        """
        if self.what == PASTE:
            data = self.pasted.encode("utf-8", "replace")
            if len(data) > 2 * MOST:
                raise InvalidField("PEM, or DER in base64 or hex", f"at most {MOST >> 20} MiB are taken.")
            piece = self._take(Piece(title="What was pasted", data=data))
            self.pasted = ""  # it may be a private key
            self.untouch()
            return piece
        return self._fetch(self.what, self.number, self.name)

    @act("Reading it …", needs=())
    def upload(self, name: str, data: bytes) -> Piece:
        """Read a file that came from the browser.

        Raises:
            InvalidField: it is too large.
        """
        if len(data) > MOST:
            raise InvalidField("File", f"at most {MOST >> 20} MiB are taken.")
        return self._take(Piece(title=name, data=data))

    @act("Opening it …", needs=("password",))
    def unseal(self) -> Explained:
        """Open what a password seals; the password is forgotten at once.

        Raises:
            WrongPassword: it opens nothing.
        """
        if self.piece is None:
            raise InvalidField("What", "choose first what is to be explained.")
        found = explain(self.piece.data, password=self.password, path=Path(self.piece.title))
        self.found = found
        return found

    @act("Reading it …", needs=())
    def choose(self, what: str, *, number: str | int = "", name: str = "") -> Piece:
        """Read a piece of the lab, as a link or a cell names it.

        Raises:
            InvalidField: there is none of that name on this desk. Else as `open_it`.
        """
        return self._fetch(what, str(number), name)

    def clear(self) -> None:
        """Put away what is explained."""
        self.piece = self.found = None
        self.pasted = self.password = ""
        self.untouch()

    def _fetch(self, what: str, number: str, name: str) -> Piece:
        offered = self.library.offers()
        if what not in offered:
            wanted = WHAT.get(what, "")
            raise InvalidField("What", f"not on this desk yet: {wanted or 'what the link names'}.")
        return self._take(self.library.fetch(what, number=number.strip(), name=name))

    def _take(self, piece: Piece) -> Piece:
        found = explain(piece.data)
        self.piece = piece
        self.found = found
        return piece


def _flat(parts: Sequence[Part]) -> list[Part]:
    return [each for part in parts for each in (part, *_flat(part.opened))]
