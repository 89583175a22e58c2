"""Commands that a POSIX shell runs as they stand: quoted words, options, and files that are written in place."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from itertools import groupby

from pkilab.errors.visible import is_hidden

PASSWORD_FILE = "password.txt"  # noqa: S105 - the name of a file that holds one
"""The placeholder for a password: a file whose first line it is."""

_ROOM = 88
_SPECIAL = re.compile(r"[\\$`]")


def word(text: str) -> str:
    """Return `text` as one word. What cannot be seen is written by `printf`, so that it can be read and copied."""
    if not any(map(is_hidden, text)):
        return shlex.quote(text)
    parts = groupby(text, key=is_hidden)
    return "".join(f'"{_printed("".join(some))}"' if hidden else shlex.quote("".join(some)) for hidden, some in parts)


def option(name: str, value: object) -> str:
    """Return an option with its value, also where that begins with a dash."""
    text = str(value)
    return f"{name}={word(text)}" if text.startswith("-") else f"{name} {word(text)}"


def command(*parts: str) -> str:
    """Return a command of parts that are quoted already, without empty ones; on several lines if one has no room."""
    there = [part for part in parts if part]
    line = " ".join(there)
    if len(line) <= _ROOM:
        return line
    lines = [""]
    for part in there:
        if lines[-1] and len(lines[-1]) + len(part) + 3 > _ROOM:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}" if lines[-1] else part
    return " \\\n    ".join(lines)


def fed(line: str, text: str, then: str = "") -> str:
    """Return a command that gets `text` as its input, and is piped into another."""
    body = text if text.endswith("\n") else text + "\n"
    if any(is_hidden(character) for character in body if character != "\n"):
        return f"{line} <<END{then}\n{expanding(body)}END"
    return f"{line} <<'END'{then}\n{body}END"


def expanding(text: str) -> str:
    """Return lines for an input that the shell expands, so that they come out as they are."""
    safe = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    parts = groupby(safe, key=lambda character: character != "\n" and is_hidden(character))
    return "".join(_printed("".join(some)) if hidden else "".join(some) for hidden, some in parts)


def pkilab(instance: str, lab: str, *words: str) -> str:
    """Return a command of pkilab's own, for an instance and a lab (empty: as `pkilab.lab` finds it)."""
    where = [option("--lab", lab)] if lab else []
    return command("pkilab", *where, option("--instance", instance), *words)


def remark(*sentences: str) -> str:
    """Return sentences as comments, a line each."""
    return "\n".join(f"# {sentence}" for sentence in sentences)


def lines(*parts: str) -> str:
    """Return commands below one another, without those that are empty."""
    return "\n".join(part for part in parts if part) + "\n"


def options(pairs: Sequence[tuple[str, object]]) -> list[str]:
    """Return those options that have a value."""
    return [option(name, value) for name, value in pairs if value not in {None, ""}]


def _printed(hidden: str) -> str:
    octets = "".join(f"\\{octet:03o}" for octet in hidden.encode("utf-8", "surrogatepass"))
    return f"$(printf '{octets}')"
