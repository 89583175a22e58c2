"""docs/commands.md names every command and option with a line each, and none that there is not."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pkilab.cli import app

DOC = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
EVERYWHERE = {"--lab", "--instance", "--json", "--help"}
ROOT: Any = get_command(app)


def walk(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with the words that call it."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from walk(below, *path, name)


COMMANDS = dict(walk(ROOT))


def options(command: Any) -> set[str]:
    """The long names of a command's options."""
    found = (name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts))
    return {name for name in found if name.startswith("--")}


def arguments(command: Any) -> set[str]:
    return {parameter.metavar for parameter in command.params if parameter.param_type_name == "argument"}


def section(heading: str) -> str:
    """A section's text, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section {heading!r}"
    return found[1]


def told(text: str) -> set[str]:
    """What stands in the first cells of a section's table: options and arguments."""
    cells = re.findall(r"^\| (`[^|]*?) \|", text, re.MULTILINE)
    return {name.split()[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)} - {"-h"}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_a_section_with_a_line_for_each_option(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert told(section(f"`pkilab {' '.join(path)}`")) == (options(command) | arguments(command)) - EVERYWHERE


def test_no_section_is_about_a_command_that_there_is_not() -> None:
    sections = re.findall(r"^### `pkilab ([^`]+)`$", DOC, re.MULTILINE)
    assert sorted(sections) == sorted(" ".join(path) for path in COMMANDS)


def test_what_every_command_takes_is_told_once() -> None:
    for path, command in COMMANDS.items():
        assert options(command) >= EVERYWHERE - {"--help"}, path
    assert told(section("Everywhere")) == options(ROOT) | EVERYWHERE


def test_every_command_says_what_json_it_answers() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", section("JSON"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named == {" ".join(path) for path in COMMANDS}


def test_the_help_of_every_option_says_something() -> None:
    silent = [
        (path, parameter.name)
        for path, command in COMMANDS.items()
        for parameter in command.params
        if not (getattr(parameter, "help", "") or parameter.name == "help")
    ]
    assert silent == []


def test_the_examples_are_commands_with_options_that_there_are() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    assert len(lines) >= 9
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "pkilab", line
        path = tuple(word for word in words if word in {"server", "client", "serve", "journal"})
        if path in {("server",), ("client",)}:
            path += (words[words.index(path[0]) + 1],)
        assert {word for word in words if word.startswith("--")} <= options(COMMANDS[path]), line
