"""OCSP answers that were given a moment ago, given again while nothing was written since (RFC 5019 §5).

Signing is what takes long, and verifiers ask for the same few certificates again and again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from pkilab.authority.answering import Answering, OcspAnswer
from pkilab.errors import NotConfigured
from pkilab.web.authorities import CA

AGAIN = timedelta(seconds=60)
"""How old an answer may be that is given again."""
MOST = 5000
"""Answers that are kept, of a thousand octets or two."""
_LONGEST = 200  # octets of a question for one certificate without a nonce


class Given(NamedTuple):
    """An answer, and the time on the CA's clock at which it is given; that may be a while after it was signed."""

    answer: OcspAnswer
    now: datetime


class _Kept(NamedTuple):
    answering: Answering
    revision: object
    answer: OcspAnswer


@dataclass(slots=True)
class _Turn:
    """What was seen of registries in one turn of an event loop."""

    loop: asyncio.AbstractEventLoop | None
    seen: dict[Answering, object | None] = field(default_factory=dict)
    over: bool = False

    def end(self) -> None:
        self.over = True


class Answers:
    """Answers of all CAs. What is kept counts only as long as nobody wrote to the registry.

    Args:
        ca_of: gives the CA of an instance, or raises `NotConfigured`.
    """

    def __init__(self, ca_of: Callable[[str], CA]) -> None:
        self._ca_of = ca_of
        self._cas: dict[str, Answering] = {}
        self._turn = _Turn(None)
        self._kept: dict[tuple[str, bytes], _Kept] = {}

    def at_once(self, instance: str, question: bytes, loop: asyncio.AbstractEventLoop) -> Given | None:
        """Return the answer to an OCSP request in DER if it takes neither waiting nor long, else None.

        Called in `loop`, which runs; to ask for the one that runs takes as long as all the rest.
        """
        kept = self._kept.get((instance, question))
        if kept is not None:
            now = kept.answering.now()
            if kept.revision == self._revision(kept.answering, loop) and _fresh(kept.answer, now):
                return Given(kept.answer, now)
            self._kept.pop((instance, question), None)
        answering = self._cas.get(instance)
        if answering is None:
            return None
        revision = self._revision(answering, loop)
        answer = answering.at_once(question, revision)
        return None if answer is None else self._keep(instance, question, _Kept(answering, revision, answer))

    async def to(self, instance: str, question: bytes) -> Given:
        """Return the answer to an OCSP request in DER.

        Raises:
            NotConfigured: there is no such CA.
        """
        given = self.at_once(instance, question, asyncio.get_running_loop())
        return await run_in_threadpool(self._ask, instance, question) if given is None else given

    def _revision(self, answering: Answering, loop: asyncio.AbstractEventLoop) -> object | None:
        """Return the registry's revision, looked for once in a turn of the event loop.

        What is asked in this turn was under way before it, so what is written meanwhile need not be told yet.
        """
        turn = self._turn
        if turn.loop is not loop or turn.over:
            turn = self._turn = _Turn(loop)
            loop.call_soon(turn.end)
        if answering not in turn.seen:
            turn.seen[answering] = answering.revision()
        return turn.seen[answering]

    def _ask(self, instance: str, question: bytes) -> Given:
        answering = self._cas.get(instance) or self._ca_of(instance).answering()
        self._cas[instance] = answering
        revision = answering.revision()  # before the registry is read
        try:
            answer = answering.answer(question)
        except NotConfigured:
            self._cas.pop(instance, None)
            raise
        return self._keep(instance, question, _Kept(answering, revision, answer))

    def _keep(self, instance: str, question: bytes, made: _Kept) -> Given:
        """Keep an answer that may be given again."""
        if made.revision is not None and made.answer.until is not None and len(question) <= _LONGEST:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[instance, question] = made
        return Given(made.answer, made.answering.now())


def headers(given: Given) -> dict[str, str]:
    """Return the headers of an answer that may be kept (RFC 5019 §6.2), none where it may not."""
    answer = given.answer
    if answer.until is None:
        return {}
    left = max(0, (answer.until - given.now) // timedelta(seconds=1))
    return {
        "ETag": f'"{hashlib.sha256(answer.der).hexdigest()}"',
        "Last-Modified": http_date(answer.at),
        "Expires": http_date(answer.until),
        "Cache-Control": f"max-age={left}, public, no-transform, must-revalidate",
    }


def http_date(at: datetime) -> str:
    """Return a time as HTTP has it (RFC 9110 §5.6.7)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _fresh(answer: OcspAnswer, now: datetime) -> bool:
    return answer.until is not None and answer.at <= now < min(answer.at + AGAIN, answer.until)
