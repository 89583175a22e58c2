"""The small widgets: what a page may send them, and that nothing else comes of it; what they leave in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from pkilab.desk import log
from pkilab.forms.guard import Guard
from pkilab.forms.model import FormModel
from pkilab.forms.parts.download import Download, Handed
from pkilab.forms.parts.nav import Nav
from pkilab.forms.parts.secret import SecretField
from pkilab.forms.parts.shell import Shell
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.parts.upload import Upload
from pkilab.forms.traits import secret
from tests.forms.pages import forge, message, saved

PASSWORD = "correct horse of a field"
GARBAGE: list[Any] = [None, 7, "act", [], {}, {"kind": None}, {"kind": []}, {"kind": {"kind": "act"}}, {"kind": "zap"}]


class WithSecret(FormModel):
    password = secret("Password")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What widgets sent to the page."""
    found: list[Any] = []
    monkeypatch.setattr(widgets.Widget, "send", lambda _, content, buffers=None: found.append((content, buffers)))
    return found


# --- a password's field -------------------------------------------------------------------------------------------


def test_a_typed_secret_reaches_the_model_and_no_widgets_state() -> None:
    form = WithSecret()
    field = SecretField(form, "password")
    message(field, {"kind": "typed", "value": PASSWORD})
    assert form.password == PASSWORD
    assert PASSWORD not in saved()
    assert "Password" in saved()  # what was looked at is the state of this very field


def test_a_secret_that_the_model_empties_is_emptied_on_the_page(sent: list[Any]) -> None:
    form = WithSecret()
    message(SecretField(form, "password"), {"kind": "typed", "value": PASSWORD})
    assert sent == []
    form.password = ""
    assert sent == [({"kind": "clear"}, None)]


def test_a_reloaded_page_shows_an_empty_field_and_the_model_has_no_secret() -> None:
    form = WithSecret()
    field = SecretField(form, "password")
    message(field, {"kind": "typed", "value": PASSWORD})
    message(field, {"kind": "shown"})
    assert form.password == ""


@pytest.mark.parametrize(
    "content",
    [*GARBAGE, {"kind": "typed"}, {"kind": "typed", "value": 7}, {"kind": "typed", "value": "x" * 1025}],
)
def test_a_secrets_field_takes_nothing_but_text_of_some_length(content: Any) -> None:
    form = WithSecret()
    message(SecretField(form, "password"), content)
    assert form.password == ""


# --- a table ------------------------------------------------------------------------------------------------------


def table(heard: list[Any]) -> TableView:
    made = TableView(
        caption="Requests",
        columns=(Column(key="at", label="Received", sort=True), Column(key="who", label="From")),
        empty="None waits.",
        picking=True,
        on_act=lambda row, act: heard.append(("act", row, act)),
        on_search=lambda text: heard.append(("search", text)),
        on_sort=lambda key: heard.append(("sort", key)),
        on_page=lambda to: heard.append(("page", to)),
        on_pick=lambda row, on: heard.append(("pick", row, on)),
    )
    rows = [
        TableRow(
            id="1", name="one", cells=("noon", "Ana"), actions=(RowAction(act="open", label="Open"),), pickable=True
        ),
        TableRow(id="2", name="two", cells=("night", "Eva")),
    ]
    made.show(rows, after=True)
    return made


def test_a_table_tells_what_a_person_asks_for() -> None:
    heard: list[Any] = []
    made = table(heard)
    for content in (
        {"kind": "act", "row": "1", "act": "open"},
        {"kind": "search", "text": "ana"},
        {"kind": "sort", "key": "at"},
        {"kind": "page", "to": "after"},
        {"kind": "pick", "row": "1", "on": True},
    ):
        message(made, content)
    assert heard == [("act", "1", "open"), ("search", "ana"), ("sort", "at"), ("page", "after"), ("pick", "1", True)]


@pytest.mark.parametrize(
    "content",
    [
        *GARBAGE,
        {"kind": "act", "row": "1", "act": "delete"},  # no button of this row
        {"kind": "act", "row": "2", "act": "open"},  # a row without it
        {"kind": "act", "row": "3", "act": "open"},  # a row that was never shown
        {"kind": "act", "row": 1, "act": "open"},
        {"kind": "act", "row": ["1"], "act": "open"},
        {"kind": "search", "text": "x" * 201},
        {"kind": "search", "text": None},
        {"kind": "sort", "key": "who"},  # no sortable column
        {"kind": "page", "to": "before"},  # there is none
        {"kind": "page", "to": "sideways"},
        {"kind": "pick", "row": "2", "on": True},  # not to be chosen
        {"kind": "pick", "row": "1", "on": "yes"},
    ],
)
def test_a_table_leaves_out_what_no_page_of_ours_sends(content: Any) -> None:
    heard: list[Any] = []
    message(table(heard), content)
    assert heard == []


def test_rows_that_a_page_forges_have_no_buttons_for_the_kernel() -> None:
    heard: list[Any] = []
    made = table(heard)
    forged = {
        "id": "9",
        "name": "x",
        "cells": ["a", "b"],
        "actions": [{"act": "open", "label": "Open"}],
        "pickable": True,
    }
    forge(made, rows=[forged], picked=["9"])
    message(made, {"kind": "act", "row": "9", "act": "open"})
    message(made, {"kind": "pick", "row": "9", "on": True})
    assert heard == []


def test_what_cannot_be_seen_in_a_cell_is_made_visible() -> None:
    made = table([])
    made.show([TableRow(id="1", name="a\u202eb", cells=("x\x00y", "z"))])
    assert "\u202e" not in str(made.rows)
    assert "\x00" not in str(made.rows)


# --- the page -----------------------------------------------------------------------------------------------------


def shell() -> tuple[Shell, list[Any]]:
    heard: list[Any] = []
    return Shell(key="x", on_beat=lambda: heard.append("beat"), on_hello=lambda kept: heard.append(dict(kept))), heard


def test_a_page_beats_and_says_what_it_kept(sent: list[Any]) -> None:
    made, heard = shell()
    message(made, {"kind": "hello", "kept": {"task": "inbox", "mail": "7"}})
    message(made, {"kind": "beat"})
    assert heard == [{"task": "inbox", "mail": "7"}, "beat", "beat"]
    assert [content["kind"] for content, _ in sent] == ["beat", "beat"]


@pytest.mark.parametrize("content", GARBAGE)
def test_a_page_is_not_kept_alive_by_anything_else(content: Any, sent: list[Any]) -> None:
    made, heard = shell()
    message(made, content)
    assert (heard, sent) == ([], [])


@pytest.mark.parametrize(
    ("kept", "taken"),
    [
        (None, {}),
        ("task", {}),
        ([["task", "inbox"]], {}),
        ({"task": 7, "mail": None, "request": ["1"]}, {}),
        ({"task": {"task": "inbox"}, "root": "MyCA"}, {"root": "MyCA"}),
        ({"root": "x" * 2001}, {}),
    ],
)
def test_of_what_a_page_kept_only_some_words_are_taken(kept: Any, taken: dict[str, str]) -> None:
    made, heard = shell()
    message(made, {"kind": "hello", "kept": kept})
    assert heard == [taken, "beat"]


# --- tasks, files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [*GARBAGE, {"kind": "choose", "task": "secret"}, {"kind": "choose", "task": ["a"]}])
def test_only_a_task_that_is_listed_can_be_chosen(content: Any) -> None:
    heard: list[str] = []
    nav = Nav(on_choose=heard.append)
    nav.groups = [{"label": "", "items": [{"id": "inbox", "label": "Inbox", "count": 0, "counted": ""}]}]
    message(nav, content)
    assert heard == []
    message(nav, {"kind": "choose", "task": "inbox"})
    assert heard == ["inbox"]


def test_an_upload_keeps_its_limit_whatever_a_page_says() -> None:
    heard: list[Any] = []
    upload = Upload("File", lambda name, data: heard.append((name, data)), most=4)
    forge(upload, most=1_000_000)
    message(upload, {"kind": "file", "name": "big"}, [b"12345"])
    message(upload, {"kind": "file", "name": ["x"]}, [b"1"])
    message(upload, {"kind": "file", "name": "none"})
    assert heard == []
    message(upload, {"kind": "file", "name": "x" * 300}, [b"1234"])
    assert heard == [("x" * 200, b"1234")]


def test_a_download_sends_a_file_only_when_asked_and_keeps_nothing_of_it(sent: list[Any], tmp_path: Path) -> None:
    guard = Guard(log.logger(tmp_path), log.WHERE)
    made = Download("Save", lambda: Handed(name="x.key", data=PASSWORD.encode()), guard=guard)
    for content in GARBAGE:
        message(made, content)
    assert sent == []
    message(made, {"kind": "want"})
    assert sent[0][0] == {"kind": "file", "name": "x.key", "type": "application/octet-stream"}
    assert sent[0][1] == [PASSWORD.encode()]
    assert PASSWORD not in saved()


def test_a_file_that_is_gone_is_told_beside_its_button(sent: list[Any], tmp_path: Path) -> None:
    def gone() -> Handed:
        raise OSError("gone")

    message(Download("Save", gone, guard=Guard(log.logger(tmp_path), log.WHERE)), {"kind": "want"})
    assert sent[0][0]["kind"] == "problem"
    assert "did not foresee" in sent[0][0]["words"]
