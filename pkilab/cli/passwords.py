"""Where passwords come from: a file, the environment, or a hidden prompt; never an argument, and never shown.

These two variables are all that is read from the environment outside `pkilab.lab`, and `_variable` is where.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TypeVar

from pkilab.cli import asking, printing

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A password that commands ask for: its name in sentences, its option and its variable."""

    label: str
    option: str
    variable: str


KEY = Kind(label="Password", option="--password-file", variable="PKILAB_PASSWORD")
SMTP = Kind(label="SMTP password", option="--smtp-password-file", variable="PKILAB_SMTP_PASSWORD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A password, with its second entry where it was typed twice. Neither is ever shown."""

    password: str
    confirmation: str | None = None

    def __repr__(self) -> str:
        """Return nothing of it."""
        return "<Typed>"


def given(kind: Kind, file: Path | None) -> str | None:
    """Return the password from its file, else from the environment; None where there is neither.

    Raises:
        InvalidField: the file holds none.
        CannotRead: the file cannot be read.
    """
    return _variable(kind) if file is None else _first_line(kind, file)


def opening(act: Callable[[str | None], T], file: Path | None) -> T:
    """Do an act that opens a private key or a container, asking for its password if it turns out to need one.

    Raises:
        InvalidField: it needs one, none was given, and nobody is there to type it.
        PkilabError: what the act itself raises.
    """
    from pkilab.errors import PasswordRequired

    password = given(KEY, file)
    try:
        return act(password)
    except PasswordRequired as error:
        if password is not None:
            raise
        path = error.path
    return act(typed(KEY, f"Password of {path.name}").password)


def choosing(act: Callable[[str | None, str | None], T], password: str | None, question: Callable[[], str]) -> T:
    """Do an act that sets a new password; a person is asked for one only when nothing else is wrong.

    `act` takes the password and its confirmation, either None. Raises as `opening` does.
    """
    from pkilab.errors import InvalidField

    try:
        return act(password, None)
    except InvalidField as error:
        if password is not None or error.field != KEY.label:
            raise
    if not asking.somebody_there():
        raise nobody(KEY)
    asked = typed(KEY, question(), new=True)
    return act(asked.password, asked.confirmation)


def typed(kind: Kind, question: str, *, new: bool = False, without: str = "") -> Typed:
    """Return a password from a hidden prompt, typed twice where a `new` one is set; it may be empty.

    Raises:
        InvalidField: nobody is there to type; `without` names another way out, if there is one.
    """
    if not asking.somebody_there():
        raise nobody(kind, without=without)
    password = _hidden(question)
    confirmation = _hidden("The same once more") if new and password else None
    return Typed(password=password, confirmation=confirmation)


def nobody(kind: Kind, *, without: str = "") -> Exception:
    """Return the error for a password that is needed where nobody can be asked."""
    from pkilab.errors import InvalidField

    other = f", or {without}" if without else ""
    return InvalidField(
        kind.label, f"standard input is no terminal, so give {kind.option} FILE or set {kind.variable}{other}."
    )


def _variable(kind: Kind) -> str | None:
    return os.environ.get(kind.variable) or None


def _first_line(kind: Kind, file: Path) -> str:
    from pkilab.errors import CannotRead, InvalidField

    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            first = stream.readline(4096)
    except OSError as error:
        raise CannotRead(file, error.strerror or "it cannot be opened") from None
    if stat.S_ISREG(mode) and mode & (stat.S_IRGRP | stat.S_IROTH):
        printing.complain(f"Warning: {file} can be read by others on this machine; chmod 600 closes it.")
    try:
        password = first.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidField(kind.label, f"{file} is no text in UTF-8; write the password into its first line.") from None
    if not password:
        raise InvalidField(kind.label, f"the first line of {file} is empty; write the password there.")
    return password


def _hidden(question: str) -> str:
    return getpass(f"{question}: ")
