"""What passes between a page and its kernel: what widgets need, whoever writes it and however."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection import base

from pkilab.forms import documents, pieces
from pkilab.running.dashboard import letters

read: Any = base.deserialize_msg_from_ws_v1  # Jupyter ships no types for these
write: Any = base.serialize_msg_to_ws_v1
HEADER = {"msg_id": "1", "username": "", "session": "2", "date": "2026-11-23T12:00:00Z", "version": "5.3"}


def letter(
    kind: str,
    content: Any = None,
    *,
    channel: str = "shell",
    metadata: dict[str, Any] | None = None,
    buffers: tuple[bytes, ...] = (),
    **header: Any,
) -> bytes:
    """A letter as JupyterLab writes it."""
    parts = [{**HEADER, "msg_type": kind, **header}, {}, metadata or {}, {} if content is None else content]
    written = [json.dumps(part).encode() for part in parts]
    return bytes(write([*written, *buffers], channel))


def passed(message: bytes) -> tuple[str, list[Any]]:
    """What a kernel gets of a letter, as Jupyter's server reads it."""
    through = letters.from_page(message)
    assert through is not None
    channel, parts = read(through)
    return channel, [json.loads(bytes(part)) for part in parts[:4]] + [bytes(part) for part in parts[4:]]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("kernel_info_request", {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}),
        ("comm_open", {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}),
        ("comm_msg", {"comm_id": "c", "data": {"method": "update", "state": {"value": "Ana"}}}),
        ("comm_close", {"comm_id": "c", "data": {}}),
    ],
)
def test_what_widgets_need_passes_as_it_was_written(kind: str, content: dict[str, Any]) -> None:
    channel, (header, parent, metadata, arrived) = passed(letter(kind, content))
    assert channel == "shell"
    assert header == {**HEADER, "msg_type": kind}
    assert (parent, metadata, arrived) == ({}, {}, content)


def test_buffers_pass() -> None:
    _, (*_, upload) = passed(letter("comm_msg", {"comm_id": "c", "data": {}}, buffers=(b"\0\xffBEGIN",)))
    assert upload == b"\0\xffBEGIN"


@pytest.mark.parametrize(
    "kind",
    [
        *("execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request"),
        *("input_reply", "shutdown_request", "interrupt_request", "debug_request", "connect_request"),
        *("create_subshell_request", "delete_subshell_request", "list_subshell_request", "usage_request"),
        *("", "comm_msg ", "COMM_MSG", "apply_request", "clear_request", "abort_request"),
    ],
)
@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_nothing_else_passes(kind: str, channel: str) -> None:
    assert letters.from_page(letter(kind, {"code": "1"}, channel=channel)) is None


@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "", "shell\0"])
def test_only_the_shell_is_spoken_to(channel: str) -> None:
    assert letters.from_page(letter("comm_msg", channel=channel)) is None


@pytest.mark.parametrize(
    "content",
    [
        {"target_name": "jupyter.widget"},
        {"target_name": "matplotlib"},
        {"target_name": "jupyter.widget.control", "target_module": "antigravity"},
        {"target_name": ["jupyter.widget.control"]},
        {},
    ],
)
def test_a_page_opens_nothing_but_the_question_for_widgets(content: dict[str, Any]) -> None:
    assert letters.from_page(letter("comm_open", content)) is None


def test_what_steers_a_kernel_is_left_out() -> None:
    _, (header, _, metadata, _) = passed(
        letter("comm_msg", subshell_id="s", metadata={"version": "2.1.0", "cellId": "x"})
    )
    assert set(header) == {*HEADER, "msg_type"}
    assert metadata == {"version": "2.1.0"}


def test_of_a_type_written_twice_the_one_that_was_judged_arrives() -> None:
    header = json.dumps({**HEADER, "msg_type": "execute_request"})[:-1] + ', "msg_type": "comm_msg"}'
    whole = bytes(write([header.encode(), b"{}", b"{}", b"{}"], "shell"))
    through = letters.from_page(whole)
    assert through is not None
    assert b"execute_request" not in through


def test_whatever_a_form_takes_comes_through() -> None:
    for most in (documents.MOST, pieces.MOST):
        assert letters.from_page(letter("comm_msg", {"data": {}}, buffers=(bytes(most),))), most
    pasted = "0A:1B 2C\n" * (2 * pieces.MOST // 9)
    assert letters.from_page(letter("comm_msg", {"data": {"state": {"value": pasted}}}))


def test_size_and_form_are_bounded() -> None:
    assert letters.from_page(letter("comm_msg", {"data": "x" * letters.LARGEST})) is None
    assert letters.from_page(letter("comm_msg", buffers=(b"",) * 80)) is None
    assert letters.from_page((2**63).to_bytes(8, "little") + b"\0" * 64) is None  # Jupyter's own reader loops on it
    assert letters.from_page('{"header": {"msg_type": "comm_msg"}, "channel": "shell"}') is None
    assert letters.from_page(letter("comm_msg", [1, 2])) is None
    assert letters.from_page(letter("comm_msg", json.loads("[" * 400 + "]" * 400))) is None


@given(st.binary(max_size=300))
def test_noise_is_refused_and_never_raises(noise: bytes) -> None:
    assert letters.from_page(noise) is None
    assert isinstance(letters.kind(noise), str)


@given(st.data())
def test_a_letter_with_a_changed_octet_is_refused_or_allowed_all_the_same(data: st.DataObject) -> None:
    whole = bytearray(letter("execute_request", {"code": "1"}))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    assert letters.from_page(bytes(whole)) is None
