"""`pkilab explain`: what a file's octets say, in plain words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli import asking, passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import PASSWORDS, option

if TYPE_CHECKING:
    from pkilab.explain import Explained
    from pkilab.explain.node import Node

MAX_OCTETS = 64 * 1024 * 1024

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A certificate, request, list, key, container or message; - reads the input."),
]
Octets = Annotated[bool, option("--bytes", None, "Show every octet and which field it belongs to.")]
About = Annotated[
    str, option("--about", "WHAT", "Explain one field in full: its name, such as basicConstraints, or an offset.")
]
ShowSecret = Annotated[bool, option("--show-secret", None, "Show a private key's secret numbers too.", PASSWORDS)]
PasswordFile = Annotated[
    Path | None,
    option(
        "--password-file",
        "FILE",
        "The password that opens a key or container is the first line of FILE; else PKILAB_PASSWORD, else a prompt.",
        PASSWORDS,
    ),
]


def add(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "explain")(explain)


def explain(
    call: Call,
    *,
    file: File,
    bytes: Octets = False,  # noqa: A002 - the option's name
    about: About = "",
    show_secret: ShowSecret = False,
    password_file: PasswordFile = None,
) -> Answer:
    """Say what a file holds, field by field, in plain words: PEM or DER, also damaged.

    What a private key keeps secret is shown by its length only.
    """
    from pkilab.explain import lines
    from pkilab.explain.record import node, record

    if bytes and about:
        call.wrong_usage("--bytes and --about exclude each other.")
    data = _read(file)
    found = _opened(data, file, password_file)
    if about:
        one = _found(found, about)
        return Answer(
            value=node(one, one.path, octets=True, secrets=show_secret),
            show=lambda: _print("\n".join(lines.full(one, secrets=show_secret))),
        )
    told = lines.octets if bytes else lines.overview
    return Answer(
        value=record(found, octets=bytes, secrets=show_secret) if call.json else None,
        show=lambda: _print("\n".join(told(found, secrets=show_secret))),
    )


def _print(text: str) -> None:
    """Print lines that `explain.lines` made visible."""
    printing.lines(text)


def _read(file: Path) -> bytes:
    from pkilab.errors import CannotRead

    if str(file) == "-":
        data = sys.stdin.buffer.read(MAX_OCTETS + 1)
    else:
        try:
            with file.open("rb") as stream:
                data = stream.read(MAX_OCTETS + 1)
        except OSError as error:
            raise CannotRead(file, error.strerror or "it cannot be opened") from None
    if len(data) > MAX_OCTETS:
        raise CannotRead(file, f"it has more than {MAX_OCTETS >> 20} MB")
    return data


def _opened(data: bytes, file: Path, password_file: Path | None) -> Explained:
    """Return what is in the file; a person is asked for a password if one is needed, and may leave it out."""
    from pkilab.explain import explain as explained

    password = passwords.given(passwords.KEY, password_file)
    found = explained(data)
    if not found.sealed:
        return found
    if password is None and asking.somebody_there():
        question = f"Password of {file.name} (leave it empty to look at the outside only)"
        password = passwords.typed(passwords.KEY, question).password or None
    return found if password is None else explained(data, password=password, path=file)


def _found(found: Explained, about: str) -> Node:
    """Return the node that owns an offset, or the first that goes by a name.

    Raises:
        InvalidField: there is none.
    """
    from pkilab.errors import InvalidField
    from pkilab.explain.search import search

    node = search(found, about)
    if node is None:
        raise InvalidField("--about", "there is no such field or octet; --bytes shows names and offsets.")
    return node
