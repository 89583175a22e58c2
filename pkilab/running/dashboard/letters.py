"""What a page and its kernel may write to each other: what widgets need, and nothing that runs code.

The form is `v1.kernel.websocket.jupyter.org`: the number of offsets, the offsets, then channel, header, parent header,
metadata, content and buffers, back to back. A letter from a page is never passed on as it came: what was understood
is written anew, so that the kernel can read nothing else in it than was judged here.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST = 8 * 1024 * 1024
"""Octets of a letter from a page. What is longer ends the line without a word, so it is more than any form takes."""

FROM_PAGES = frozenset({"kernel_info_request", "comm_info_request", "comm_open", "comm_msg", "comm_close"})
"""No request to execute, inspect, complete, debug or interrupt, no history, no input, no end."""
FROM_KERNELS = frozenset({"status", "kernel_info_reply", "comm_info_reply", "comm_open", "comm_msg", "comm_close"})
"""No code, no traceback, no printed line."""
_CONTROL = "jupyter.widget.control"
"""What a page opens to ask for the widgets that are there. Widgets themselves are made in the kernel alone."""
_HEADER = ("msg_id", "msg_type", "username", "session", "date", "version")
_METADATA = ("version",)
"""Of the widgets' protocol: without it they are not told."""
_PARTS = 64
"""Buffers and all: a file upload has one buffer."""
_WORD = 8


def from_page(letter: bytes | str) -> bytes | None:
    """Return the letter as a kernel may have it, or None where it may not."""
    if not isinstance(letter, bytes) or len(letter) > LARGEST:
        return None
    parts = _parts(letter)
    if parts is None or parts[0] != b"shell":
        return None
    read = [_object(part) for part in parts[1:5]]
    header, parent, metadata, content = read
    if header is None or parent is None or metadata is None or content is None:
        return None
    header, metadata = _chosen(header, _HEADER), _chosen(metadata, _METADATA)
    if not _allowed(header.get("msg_type", ""), content):
        return None
    return _letter([b"shell", *(json.dumps(each).encode() for each in (header, {}, metadata, content)), *parts[5:]])


def kind(letter: bytes) -> str:
    """Return what kind of message a letter is; nothing where that cannot be read."""
    parts = _parts(letter)
    header = _object(parts[1]) if parts else None
    return str(header.get("msg_type", "")) if header else ""


def _chosen(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: found[name] for name in names if isinstance(found.get(name), str)}


def _allowed(message: str, content: dict[str, Any]) -> bool:
    if message == "comm_open":
        return content.get("target_name") == _CONTROL and not content.get("target_module")
    return message in FROM_PAGES


def _parts(letter: bytes) -> list[bytes] | None:
    """Return channel, header, parent header, metadata, content and buffers; None where a letter is none."""
    count = int.from_bytes(letter[:_WORD], "little")
    if not 6 <= count <= _PARTS or len(letter) < _WORD * (count + 1):
        return None
    offsets = [int.from_bytes(letter[_WORD * n : _WORD * (n + 1)], "little") for n in range(1, count + 1)]
    if offsets[0] != _WORD * (count + 1) or offsets != sorted(offsets) or offsets[-1] != len(letter):
        return None
    return [letter[begin:end] for begin, end in pairwise(offsets)]


def _letter(parts: list[bytes]) -> bytes:
    offsets = [_WORD * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return b"".join([*(number.to_bytes(_WORD, "little") for number in (len(offsets), *offsets)), *parts])


def _object(part: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(part)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
