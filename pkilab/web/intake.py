"""Submissions on their way into the queue: what arrives while a commit is under way goes into the next one (W4)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool

from pkilab.authority.queue import Acceptable, check
from pkilab.errors import NotConfigured, PkilabError
from pkilab.model.request import Receipt, Submission
from pkilab.web.authorities import CA, Authorities

AT_ONCE = 256
"""Submissions that are taken in one transaction."""
GATHER = 0.002
"""Seconds that a group waits for more to come where several came before: a transaction costs as much as a dozen."""
_SMALL = 8 * 1024

Taken = tuple[CA, Receipt]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    name: str | None
    checked: Acceptable | PkilabError
    future: asyncio.Future[Taken]


Answer = tuple[_Waiting, Taken | Exception]


@dataclass(slots=True, eq=False)
class _Line:
    """Those who wait in one event loop; nothing else touches it."""

    waiting: deque[_Waiting] = field(default_factory=deque)
    working: bool = False


class Intake:
    """Takes submissions into the queues of a lab's CA servers, many in one durable transaction.

    The registry has one writer at a time: one thread is enough for all, and the other threads stay with the readers.
    """

    def __init__(self, authorities: Authorities) -> None:
        self._authorities = authorities
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pkilab-submissions")

    async def submit(self, name: str | None, submission: Submission) -> Taken:
        """Return the CA of that name (None: the main one) and its receipt, once the submission is durable.

        Raises:
            NotConfigured: there is no such CA.
            PkilabError: as `CAServer.submit` does.
        """
        # A thread costs more than checking a request of usual size does; the signature check lets others run.
        small = len(submission.csr) <= _SMALL
        checked = check(submission) if small else await run_in_threadpool(check, submission)
        loop = asyncio.get_running_loop()
        line = self._lines.setdefault(loop, _Line())
        waiting = _Waiting(name, checked, loop.create_future())
        line.waiting.append(waiting)
        if not line.working:
            line.working = True
            loop.call_soon(self._begin, loop, line)
        return await waiting.future

    @property
    def waiting(self) -> int:
        """Return how many submissions wait for the next transaction."""
        return sum(len(line.waiting) for line in tuple(self._lines.values()))

    def find(self, name: str | None) -> CA:
        """Return the CA of that name, or the main one.

        Raises:
            NotConfigured: there is none.
        """
        ca = self._authorities.main() if name is None else self._authorities.get(name)
        if ca is None:
            raise NotConfigured("" if name is None else name[:64], "server")
        return ca

    def _begin(self, loop: asyncio.AbstractEventLoop, line: _Line) -> None:
        """Begin to take what waits in a line, if anything does."""
        group = [line.waiting.popleft() for _ in range(min(AT_ONCE, len(line.waiting)))]
        line.working = bool(group)
        if group:
            taking = self._thread.submit(self._take_all, group)
            taking.add_done_callback(lambda done: self._hand_over(loop, line, done))

    def _take_all(self, group: Sequence[_Waiting]) -> list[Answer]:
        return [answer for some in _by_name(group) for answer in self._take(some)]

    def _hand_over(self, loop: asyncio.AbstractEventLoop, line: _Line, done: Future[list[Answer]]) -> None:
        with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(self._end, loop, line, done.result())

    def _end(self, loop: asyncio.AbstractEventLoop, line: _Line, answers: Sequence[Answer]) -> None:
        """Tell those who wait, and go on with those who came meanwhile."""
        _settle(answers)
        loop.call_later(GATHER if len(answers) > 1 or line.waiting else 0, self._begin, loop, line)

    def _take(self, group: Sequence[_Waiting]) -> list[Answer]:
        """Take submissions to one CA. An error that nobody foresaw in one of them is not to hit the others."""
        try:
            ca = self.find(group[0].name)
            done = ca.take([each.checked for each in group])
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


def _settle(answers: Iterable[Answer]) -> None:
    for waiting, told in answers:
        if waiting.future.done():  # its client went away
            continue
        if isinstance(told, Exception):
            waiting.future.set_exception(told)
        else:
            waiting.future.set_result(told)
