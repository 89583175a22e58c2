"""Acts as Python that runs: the public names, strings that hold whatever they have to, lines that are not too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pkilab.errors.visible import is_hidden
from pkilab.model.dn import SHORT_NAMES, Name

_ROOM = 88
"""Columns of a line, as formatters have it."""

_FIELDS = {short: field for field, short in SHORT_NAMES.items()}


def literal(value: object) -> str:
    """Return a string, a number or a list of them as it stands in code; whatever cannot be seen is escaped."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Path):
        value = str(value)
    if not isinstance(value, str):
        return repr(value)
    # repr takes double quotes only where there is a single one.
    shown = repr(value) if '"' in value else '"' + repr("'" + value)[2:]
    return "".join(_escaped(character) if is_hidden(character) else character for character in shown)


def prompt(question: str) -> str:
    """Return what asks for a secret when the code runs."""
    return f"getpass({literal(f'{question}: ')})"


def call(function: str, arguments: Mapping[str, str], *, first: Sequence[str] = (), before: int = 0) -> str:
    """Return a call with arguments that are code already; on several lines where one has no room.

    `before` counts the columns that stand before it on its first line.
    """
    parts = [*first, *(f"{name}={value}" for name, value in arguments.items())]
    line = f"{function}({', '.join(parts)})"
    if "\n" not in line and before + len(line) <= _ROOM:
        return line
    inside = "".join(f"    {part},\n".replace("\n", "\n    ").rstrip(" ") for part in parts)
    return f"{function}(\n{inside})"


def subject(name: Name) -> str:
    """Return a distinguished name of the forms' six attributes as a `DN`."""
    found = {_FIELDS[short]: literal(value) for relative in name for short, value in relative}
    return call("DN", found, before=len("    subject=,"))


SERVER, CLIENT = ("ca", "server"), ("client", "client")
"""What an instance is called in a script, and as what it acts."""


def script(
    role: tuple[str, str],
    instance: str,
    act: Sequence[str],
    *,
    names: Sequence[str] = (),
    node: str = "",
    lab: str = "",
) -> str:
    """Return a script: imports, the lab, the instance in its `role`, then `act`.

    `names` are the public names that it uses beside `Lab`.
    """
    code = "\n".join(act)
    standard = ["from datetime import datetime"] if "datetime." in code else []
    standard += ["from getpass import getpass"] if "getpass(" in code else []
    standard += ["from pathlib import Path"] if "Path(" in code else []
    public = ", ".join(sorted({*names, "Lab"}, key=lambda name: (not name.isupper(), name)))
    called, part = role
    opened = call("lab.instance", {"node": literal(node)} if node else {}, first=[literal(instance)])
    head = [*standard, ""] if standard else []
    found = f"lab = Lab({literal(lab) if lab else ''})"
    return "\n".join([*head, f"from pkilab import {public}", "", found, f"{called} = {opened}.{part}", code, ""])


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
