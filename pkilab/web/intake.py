"""Submissions on their way into the queue: what arrives while a commit is under way goes into the next one (W4)."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pkilab.errors import NotConfigured, PkilabError
from pkilab.model.request import Receipt, Submission
from pkilab.web.authorities import CA, Authorities

AT_ONCE = 256
"""Submissions that are taken in one transaction; the first one waits for the last one's signature check."""

Taken = tuple[CA, Receipt]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    name: str | None
    submission: Submission
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    future: asyncio.Future[Taken] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


Answer = tuple[_Waiting, Taken | Exception]


class Intake:
    """Takes submissions into the queues of a lab's CA servers, many in one durable transaction.

    The registry has one writer at a time: one thread is enough for all, and the other threads stay with the readers.
    """

    def __init__(self, authorities: Authorities) -> None:
        self._authorities = authorities
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._working = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pkilab-submissions")

    async def submit(self, name: str | None, submission: Submission) -> Taken:
        """Return the CA of that name (None: the main one) and its receipt, once the submission is durable.

        Raises:
            NotConfigured: there is no such CA.
            PkilabError: as `CAServer.submit` does.
        """
        waiting = _Waiting(name, submission)
        with self._lock:
            self._waiting.append(waiting)
            begin, self._working = not self._working, True
        if begin:
            self._thread.submit(self._work)
        return await waiting.future

    @property
    def waiting(self) -> int:
        """Return how many submissions wait for the next transaction."""
        return len(self._waiting)

    def find(self, name: str | None) -> CA:
        """Return the CA of that name, or the main one.

        Raises:
            NotConfigured: there is none.
        """
        ca = self._authorities.main() if name is None else self._authorities.get(name)
        if ca is None:
            raise NotConfigured("This lab" if name is None else name[:64], "server")
        return ca

    def _work(self) -> None:
        """Take what waits, until nothing does."""
        while True:
            with self._lock:
                group = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                self._working = bool(group)
            if not group:
                return
            _deliver([answer for some in _by_name(group) for answer in self._take(some)])

    def _take(self, group: Sequence[_Waiting]) -> list[Answer]:
        """Take submissions to one CA. An error that nobody foresaw in one of them is not to hit the others."""
        try:
            ca = self.find(group[0].name)
            done = ca.submit_many([each.submission for each in group])
        except Exception as error:  # noqa: BLE001 - each gets it, and its door tells it
            if isinstance(error, PkilabError) or len(group) == 1:
                return [(each, error) for each in group]
            return [answer for each in group for answer in self._take([each])]
        return [
            (each, told if isinstance(told, Exception) else (ca, told)) for each, told in zip(group, done, strict=True)
        ]


def _by_name(group: Iterable[_Waiting]) -> Iterable[Sequence[_Waiting]]:
    found: dict[str | None, list[_Waiting]] = {}
    for each in group:
        found.setdefault(each.name, []).append(each)
    return found.values()


def _deliver(answers: Iterable[Answer]) -> None:
    """Hand the answers over to those who wait, waking each event loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for answer in answers:
        by_loop.setdefault(answer[0].loop, []).append(answer)
    for loop, some in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, some)


def _settle(answers: Iterable[Answer]) -> None:
    for waiting, told in answers:
        if waiting.future.done():  # its client went away
            continue
        if isinstance(told, Exception):
            waiting.future.set_exception(told)
        else:
            waiting.future.set_result(told)
