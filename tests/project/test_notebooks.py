"""Committed notebooks give nothing away: no state of widgets, no view of one, no key, no password, no place."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
WRONG_ON_PURPOSE = {"not the password", "something else"}

KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE[ ]KEY-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/]{40}")
PASSWORD = re.compile(
    r"""\b(?:\w*(?:password|passphrase|secret|confirmation))["']?\]?\s*(?:=(?!=)|:)[^#"'\n()]*(["'])(.+?)\1""",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"(?<![\w.$*/-])(?:/(?:<wbr>)?(?:tmp|home|root|work|opt|var|private|Users|srv|mnt)/|[A-Za-z]:\\\\)[\w.<-]",
    re.IGNORECASE,
)


def strings(value: Any) -> Iterator[str]:
    """Each string in a document, lines that belong together as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            yield "".join(value)
        else:
            for each in value:
                yield from strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)


def offences(notebook: Any) -> Iterator[str]:
    """What a notebook holds that none should."""
    if "widgets" in notebook["metadata"]:
        yield "the state of widgets"
    for at, cell in enumerate(notebook["cells"]):
        for output in cell.get("outputs", ()):
            if any(kind.startswith("application/vnd.jupyter.widget") for kind in output.get("data", {})):
                yield f"cell {at}: the view of a widget"
        for text in strings(cell):
            yield from (f"cell {at}: {what}" for what in given_away(text, code=cell["cell_type"] == "code"))


def given_away(text: str, *, code: bool) -> Iterator[str]:
    """What a text in a cell holds that none should."""
    if KEY.search(text):
        yield "a private key"
    if found := PLACE.search(text):
        yield f"a place on one machine, {found[0]}"
    if "correct horse" in text:
        yield "a password"
    if text.startswith(("<form: ", "<Desk of ")):
        yield "a form's name, in place of what to do to see it"
    if code:
        written = (found[2] for found in PASSWORD.finditer(text))
        yield from (f"a password, {each}" for each in written if each not in WRONG_ON_PURPOSE)


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) > 10


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_gives_nothing_away(path: Path) -> None:
    assert list(offences(json.loads(path.read_text(encoding="utf-8")))) == []


def code(source: str, **output: Any) -> Any:
    cell = {"cell_type": "code", "source": [source], "outputs": [output] if output else []}
    return {"metadata": {}, "cells": [cell]}


@pytest.mark.parametrize(
    "notebook",
    [
        {"metadata": {"widgets": {}}, "cells": []},
        code("page", data={"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}),
        code("x", text=["-----BEGIN ENCRYPTED PRIVATE" + " KEY-----\n", 64 * "A"]),
        code("x", text=["It lies in /ho" + "me/ana/lab"]),
        code("x", data={"text/html": ["in /<wbr>tm" + "p/<wbr>x"]}),
        code("ca.configure(password='hunter2')"),
        code("form.password = form.confirmation = 'hunter2'"),
        code('{"smtp_password": "hunter2"}'),
    ],
)
def test_what_gives_something_away_is_noticed(notebook: Any) -> None:
    assert list(offences(notebook))


@pytest.mark.parametrize(
    "source",
    ["password=secret", "form.password = story.password", "form.password = 'not the password'", "password == 'x'"],
)
def test_what_gives_nothing_away_is_let_through(source: str) -> None:
    assert list(offences(code(source, text=["LAB/instances/MyCA and /media/usb-ca"]))) == []
