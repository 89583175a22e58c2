"""Ends what a lab started when the lab itself is gone, however it went.

Run as a program of its own (standard library only: it is up in a moment and costs little), it reads from standard
input what to end: `mark WORD`, `group PID`, `gone PID`, `folder PATH`, `patience SECONDS`, `farewell`. When the input
ends without `farewell`, whoever wrote it is dead, and it ends those groups and all that bears the mark. A mark is the
value of `PKILAB_RUN` in a process's environment: kernels and terminals have sessions of their own, and keep it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

MARK = "PKILAB_RUN"
PATIENCE = 8.0
"""Seconds from SIGTERM to SIGKILL."""
_LOOK = 0.05


def marked(mark: str) -> tuple[int, ...]:
    """Return the processes that bear the mark, without this one; on Linux, elsewhere none are found."""
    if not mark or not os.path.isdir("/proc/self"):  # noqa: PTH112 - this program is to be up in a moment
        return ()
    wanted = f"{MARK}={mark}".encode()
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - as above
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as environment:  # noqa: PTH123 - as above
                variables = environment.read().split(b"\0")
        except OSError:  # it has gone, or is another user's
            continue
        if wanted in variables:
            found.append(int(name))
    return tuple(found)


def signal_group(group: int, number: int) -> bool:
    """Signal a group of processes, and tell whether there was one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def signal_marked(mark: str, number: int) -> bool:
    """Signal each process that bears the mark, and tell whether there was one."""
    there = False
    for pid in marked(mark):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue
        there = True
    return there


def end(mark: str, groups: Iterable[int] = (), patience: float = PATIENCE) -> None:
    """End the groups and all that bears the mark: SIGTERM, and after `patience` seconds SIGKILL."""
    known = set(groups)

    def signal_all(number: int) -> bool:
        there = [signal_group(group, number) for group in known]
        return any([*there, signal_marked(mark, number)])

    if not signal_all(signal.SIGTERM):
        return
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        time.sleep(_LOOK)
        if not signal_all(0):
            return
    deadline = time.monotonic() + patience
    while signal_all(signal.SIGKILL) and time.monotonic() < deadline:
        time.sleep(_LOOK)


def main() -> None:
    """Read what to end, and end it when the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with its input, whatever else is going on
    mark, folder, groups, patience = "", "", set[int](), PATIENCE
    for line in sys.stdin:
        verb, _, word = line.rstrip("\n").partition(" ")
        if verb == "mark":
            mark = word
        elif verb == "group":
            groups.add(int(word))
        elif verb == "gone":
            groups.discard(int(word))
        elif verb == "folder":
            folder = word
        elif verb == "patience":
            patience = float(word)
        elif verb == "farewell":
            return
    end(mark, groups, patience)
    if folder:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
