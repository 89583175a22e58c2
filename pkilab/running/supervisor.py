"""The supervisor: starts programs together, brings back what dies, and ends all of them with itself.

It runs in the main thread, asleep until a signal, a death or something due wakes it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from pkilab.errors import DoesNotStart
from pkilab.model.running import Part, PartState
from pkilab.running import watch
from pkilab.running.program import Child, Program

PATIENCE = watch.PATIENCE
_TRIES = 3
"""So often a program may die before it ever answered."""
_LOOK = 0.05
"""Seconds between looks at what has not answered yet."""
_SLOW = 0.5
"""The same, for what takes long."""
_LONG = 30.0
"""Seconds after which it is said that something takes long."""
_CHECK_LOGS = 15.0
_LAST = 2.0
"""Seconds for the last stragglers."""


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or SIGHUP.

    Args:
        programs: what to run, the slowest to start first.
        logs: the folder for their logs, which exists.
        mark: what their environments hold as `PKILAB_RUN`.
        sockets: a folder to remove if this process is killed.
        say: takes sentences for people.
        changed: takes the parts whenever one of them changed.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        logs: Path,
        mark: str,
        sockets: Path,
        say: Callable[[str], None],
        changed: Callable[[tuple[Part, ...]], None],
    ) -> None:
        self._children = [Child(program, logs / f"{program.name}.log") for program in programs]
        self._mark = mark
        self._sockets = sockets
        self._say = say
        self._changed = changed
        self._asked = 0
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._wake, self._waker = -1, -1

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts as they stand."""
        return tuple(child.part for child in self._children)

    def run(self, ready: Callable[[], None], *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Start all, call `meanwhile` while they come up and `ready` when all answer, and return when all ended.

        Raises:
            DoesNotStart: a program dies again and again before it ever answered; the others are ended.
            Whatever `meanwhile` raises, in the same way.
        """
        with self._signals():
            try:
                self._start_watchdog()
                for child in self._children:
                    child.new_log()
                    self._start(child)
                self._report()
                meanwhile()
                self._until_all_answer()
                if not self._asked:
                    ready()
                while not self._asked:
                    self._tend()
                    self._sleep(self._until_due())
            finally:
                self._end()

    def _until_all_answer(self) -> None:
        late = time.monotonic() + _LONG
        while not self._asked and any(child.state is not PartState.RUNNING for child in self._children):
            self._tend()
            if time.monotonic() > late:
                late = float("inf")
                slow = [child.part for child in self._children if child.state is not PartState.RUNNING]
                self._say(" ".join(f"Still waiting: {part}." for part in slow))
            self._sleep(_LOOK)

    def _tend(self) -> None:
        """Bring back what died, and see what answers."""
        before = self.parts
        for child in self._children:
            group = child.group
            if (how := child.ended()) is not None:
                self._tell_watchdog(f"gone {group}\n")
                self._mourn(child, how)
            elif child.due is not None and child.due <= time.monotonic():
                self._start(child)
            elif child.look() and child.restarts:
                self._say(f"{child.program.label} is back: {child.url}")
        if self._watchdog is not None and self._watchdog.poll() is not None:
            self._start_watchdog()
        if self.parts != before:
            self._report()

    def _mourn(self, child: Child, how: str) -> None:
        label = child.program.label
        if not child.url and child.died_early >= _TRIES:
            raise DoesNotStart(label, child.log, child.last_words().rstrip("."))
        self._say(f"{label} ended by itself ({how}); it is started again. Its log: {child.log}")

    def _start(self, child: Child) -> None:
        child.start()
        self._tell_watchdog(f"group {child.group}\n")

    def _report(self) -> None:
        self._changed(self.parts)

    def _until_due(self) -> float:
        """Return the seconds until something is to be done."""
        now, next_look = time.monotonic(), _CHECK_LOGS
        for child in self._children:
            child.bound_log()
            if child.state is PartState.STARTING:
                next_look = min(next_look, _LOOK if now - child.began < _LONG else _SLOW)
            elif child.due is not None:
                next_look = min(next_look, max(0.0, child.due - now))
        return next_look

    # ------------------------------------------------------------ the end

    def _end(self) -> None:
        """End all, politely first; a second signal cuts the politeness short."""
        self._asked = max(self._asked, 1)
        asked = self._asked
        self._signal_until_gone(signal.SIGTERM, PATIENCE, lambda: self._asked > asked)
        self._signal_until_gone(signal.SIGKILL, _LAST, lambda: False)
        # Kernels and terminals have sessions of their own; JupyterLab ends them, and what it left behind ends here.
        watch.end(self._mark, patience=0 if self._asked > asked else _LAST)
        for child in self._children:
            child.ended()
        self._tell_watchdog("farewell\n")
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(OSError):
                self._watchdog.stdin.close()
            self._watchdog.wait()

    def _signal_until_gone(self, number: int, seconds: float, hurry: Callable[[], bool]) -> None:
        there = [child for child in self._children if child.signal(number)]
        deadline = time.monotonic() + seconds
        while there and time.monotonic() < deadline and not hurry():
            self._sleep(_LOOK)
            there = [child for child in there if child.signal(0)]

    # ------------------------------------------------------------ the watchdog

    def _start_watchdog(self) -> None:
        """Start what ends the programs if this process is killed."""
        self._watchdog = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", watch.__file__],
            env={},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        words = [f"mark {self._mark}\n", f"folder {self._sockets}\n", f"patience {PATIENCE}\n"]
        words += [f"group {child.group}\n" for child in self._children if child.group is not None]
        self._tell_watchdog("".join(words))

    def _tell_watchdog(self, words: str) -> None:
        if self._watchdog is None or self._watchdog.stdin is None:
            return
        with contextlib.suppress(OSError):  # it died; it is started again with all that it has to know
            self._watchdog.stdin.write(words.encode())
            self._watchdog.stdin.flush()

    # ------------------------------------------------------------ signals

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Take the signals that end a program, and those of children that ended; give them back at the end."""
        # Whoever was started by nohup is not ended by a terminal that closes.
        hangup = [] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP]
        handlers: dict[int, object] = dict.fromkeys((signal.SIGINT, signal.SIGTERM, *hangup), self._ask)
        handlers[signal.SIGCHLD] = _nothing
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._waker, False)
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}  # type: ignore[arg-type]
        descriptor = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(descriptor)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake)
            os.close(self._waker)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _sleep(self, seconds: float) -> None:
        """Sleep until a signal came or so many seconds passed."""
        if select.select([self._wake], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                os.read(self._wake, 4096)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """A child ended; the signal is there to wake the supervisor."""
