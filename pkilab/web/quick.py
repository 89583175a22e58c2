"""OCSP questions answered from a connection's octets: most are asked on a connection of their own, and many at once.

What is here takes the plainest requests alone, of the form that clients send. Anything else gets None, and goes the
way of all others: whatever this way answers, that one would answer with the same.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from pkilab.web import answers
from pkilab.web.answers import Answers, Given
from pkilab.web.guard import ALWAYS, access
from pkilab.web.metrics import Metrics

_MEDIA = b"application/ocsp-response"
_LINE = re.compile(rb"(?:POST /([^/?#% ]+)/ocsp|GET /([^/?#% ]+)/ocsp/([^?# ]+)) HTTP/1\.1")
_FIELD = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?|)[ \t]*")
_NOT_PLAIN = frozenset((b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te"))
_LONGEST = 2048
"""Octets of a head."""
_MOST = 5000
"""Heads that are remembered."""


class _Head(NamedTuple):
    instance: str
    question: bytes | None
    """None: it is the body."""
    length: int
    close: bool


class _Made(NamedTuple):
    given: Given
    always: Sequence[tuple[bytes, bytes]]
    response: bytes


class QuickDoor:
    """Answers what can be answered without waiting.

    Args:
        kept: gives the answers.
        figures: counts the requests.
    """

    def __init__(self, kept: Answers, figures: Metrics) -> None:
        self._answers = kept
        self._figures = figures
        self._heads: dict[bytes, _Head] = {}
        self._made: dict[bytes, _Made] = {}

    def __call__(
        self, data: bytes, always: Sequence[tuple[bytes, bytes]], loop: asyncio.AbstractEventLoop
    ) -> tuple[bytes, bool] | None:
        """Return the whole response to one whole request, with `always` among its headers; and whether to close.

        None: it is not whole, not plain, or not to be answered at once.
        """
        end = data.find(b"\r\n\r\n", 0, _LONGEST)
        if end < 0 or access.isEnabledFor(logging.INFO):  # who wants lines for requests gets them for all
            return None
        began = time.monotonic()
        head = self._heads.get(data[:end]) or self._read(data[:end])
        if head is None or end + 4 + head.length != len(data):
            return None
        posted = head.question is None
        question = data[end + 4 :] if head.question is None else head.question
        given = self._answers.at_once(head.instance, question, loop)
        if given is None:
            return None
        made = self._made.get(data)
        if made is None or made.given != given or made.always is not always:
            made = _Made(given, always, _response(given, always, keep=not posted, close=head.close))
            self._keep(data, made)
        self._figures.answered("/ocsp", given.answer.outcome, time.monotonic() - began)
        return made.response, head.close

    def _keep(self, data: bytes, made: _Made) -> None:
        """Keep a response for as long as it is to be given again: a second, as dates are in it."""
        if made.given.answer.until is not None:
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[data] = made

    def _read(self, octets: bytes) -> _Head | None:
        head = _head(octets)
        if head is not None:
            if len(self._heads) >= _MOST:
                self._heads.clear()
            self._heads[octets] = head
        return head


def decoded(encoded: str | bytes) -> bytes:
    """Return what is asked by GET, empty for what is no Base64: that is malformed, as anything else would be."""
    octets = encoded.encode() if isinstance(encoded, str) else encoded
    octets = octets.strip().replace(b" ", b"+")  # some proxies decode a plus sign so
    try:
        return base64.b64decode(octets + b"=" * (-len(octets) % 4), validate=True)
    except ValueError:
        return b""


def _head(octets: bytes) -> _Head | None:
    """Read a head; None for one that is not plain (RFC 9112 §3 and §5)."""
    first, *lines = octets.split(b"\r\n")
    line = _LINE.fullmatch(first)
    fields = [_FIELD.fullmatch(each) for each in lines]
    if line is None or None in fields:
        return None
    found = {field[1].lower(): field[2] for field in fields if field is not None}
    if len(found) != len(fields) or b"host" not in found or not _NOT_PLAIN.isdisjoint(found):
        return None
    length = found.get(b"content-length", b"0" if line[2] else b"")
    connection = found.get(b"connection", b"keep-alive").lower()
    if not (length.isdigit() and len(length) < 6) or connection not in (b"keep-alive", b"close"):
        return None
    if line[2] and length != b"0":
        return None
    name, question = (line[2], decoded(unquote_to_bytes(line[3]))) if line[2] else (line[1], None)
    return _Head(name.decode("latin-1"), question, int(length), connection == b"close")


def _response(given: Given, always: Sequence[tuple[bytes, bytes]], *, keep: bool, close: bool) -> bytes:
    fields = [*always]
    if keep:
        fields += [(name.lower().encode(), value.encode()) for name, value in answers.headers(given).items()]
    body = given.answer.der
    fields += [(b"content-length", b"%d" % len(body)), (b"content-type", _MEDIA)]
    present = {name for name, _ in fields}
    fields += [each for each in ALWAYS if each[0] not in present]
    if close:
        fields.append((b"connection", b"close"))
    return b"".join((b"HTTP/1.1 200 OK\r\n", *(b"%b: %b\r\n" % field for field in fields), b"\r\n", body))
