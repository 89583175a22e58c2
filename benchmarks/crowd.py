"""A crowd of clients, each with a request of its own: they submit within a while, and poll as the original's client.

Meanwhile the service is killed and started again.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.service import Server
from benchmarks.wire import Connection
from pkilab.model.request import SigningRequest, Submission
from pkilab.model.settings import DEFAULT_PATH
from pkilab.soap.operations import encode_list, encode_submit
from pkilab.soap.responses import decode_list, decode_submitted

_AGAIN = 0.2
"""Seconds after which a client that got no answer tries again."""
_AFTERMATH = 2.0
"""Seconds after the service is back for which what waited meanwhile counts as part of the restart."""


@dataclass(slots=True)
class Crowd:
    """What happened. Times in seconds since the begin."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """The text that was answered, by the request's SHA-256."""
    submissions: list[tuple[float, float]] = field(default_factory=list)
    """When each submission that was acknowledged was sent, and how long the answer took."""
    polls: int = 0
    outages: list[tuple[float, float]] = field(default_factory=list)

    @property
    def undisturbed(self) -> list[float]:
        """Return how long submissions took that were sent outside the restarts."""
        disturbed = [(down - _AFTERMATH, up + _AFTERMATH) for down, up in self.outages]
        return sorted(took for at, took in self.submissions if not any(a <= at <= b for a, b in disturbed))


def gather(
    server: Server, contents: Sequence[tuple[Submission, SigningRequest]], *, seconds: float, poll: float, restarts: int
) -> Crowd:
    """Let everybody submit within `seconds` and poll every `poll` seconds until all have; return what happened.

    Who comes last polls once, too: each client has had an answer to a poll.
    """
    return asyncio.run(_gather(server, contents, seconds=seconds, poll=poll, restarts=restarts))


async def _gather(
    server: Server, contents: Sequence[tuple[Submission, SigningRequest]], *, seconds: float, poll: float, restarts: int
) -> Crowd:
    crowd, began, over = Crowd(), time.monotonic(), asyncio.Event()

    async def client(at: int, submission: Submission, content: SigningRequest) -> None:
        connection = Connection(server.port)
        await asyncio.sleep(seconds * at / len(contents))
        await _submit(connection, encode_submit(submission), content, crowd, began)
        if len(crowd.acknowledged) == len(contents):
            over.set()
        name, answered = submission.name, 0
        while not (over.is_set() and answered):
            answered += await _poll(connection, encode_list(name.host, name.instance))
            with suppress(TimeoutError):
                await (asyncio.wait_for(over.wait(), poll) if answered else asyncio.sleep(_AGAIN))
        crowd.polls += answered
        connection.close()

    async def operator() -> None:
        for at in range(restarts):
            await asyncio.sleep(max(0.0, began + seconds * (at + 1) / (restarts + 1) - time.monotonic()))
            down = time.monotonic() - began
            await asyncio.to_thread(server.stop, signal.SIGKILL)
            await asyncio.to_thread(server.start)
            crowd.outages.append((down, time.monotonic() - began))

    clients = (client(at, *each) for at, each in enumerate(contents))
    await asyncio.gather(operator(), *clients)
    return crowd


async def _submit(connection: Connection, body: bytes, content: SigningRequest, crowd: Crowd, began: float) -> None:
    """Submit until it is acknowledged, as a person at a client would."""
    while True:
        sent = time.monotonic()
        try:
            status, answer = await connection.post(DEFAULT_PATH, body)
        except ConnectionError:
            status, answer = 0, b""
        if status == 200:
            crowd.acknowledged[content.fingerprint.sha256] = decode_submitted(answer)
            crowd.submissions.append((sent - began, time.monotonic() - sent))
            return
        await asyncio.sleep(_AGAIN)


async def _poll(connection: Connection, body: bytes) -> int:
    """Return 1 if the list came, 0 if nobody answered."""
    try:
        status, answer = await connection.post(DEFAULT_PATH, body)
    except ConnectionError:
        return 0
    if status == 200:
        decode_list(answer)
    return int(status == 200)
