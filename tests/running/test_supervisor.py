"""Programs start together, come back when they die, and none of them outlives the supervisor."""

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pkilab.running import program, supervisor, watch
from pkilab.running.program import Child, Program
from tests.running.lab_process import eventually

ROOT = Path(__file__).resolve().parents[2]


class Toys:
    """A supervisor of toys, as a process."""

    def __init__(self, folder: Path, *names: str, before: str = "") -> None:
        self.mark = secrets.token_hex(8)
        self.lines: list[str] = []
        command = [sys.executable, "-m", "tests.running.toys", str(folder), self.mark, *names]
        self.process = subprocess.Popen(
            [*before.split(), *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait(self, beginning: str) -> str:
        eventually(lambda: any(line.startswith(beginning) for line in self.lines))
        return next(line for line in self.lines if line.startswith(beginning))

    def pid(self, name: str) -> int:
        newest = next(line for line in reversed(self.lines) if line.startswith("parts"))
        found = re.search(rf"{name}:(\d+)", newest)
        assert found
        return int(found[1])

    def alive(self) -> tuple[int, ...]:
        return watch.marked(self.mark)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return int(self.process.wait(15))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        watch.signal_marked(self.mark, signal.SIGKILL)
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()


Start = Callable[..., Toys]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start toys by their names; all are gone after the test, whatever it did."""
    made: list[Toys] = []

    def begin(*names: str, before: str = "") -> Toys:
        made.append(Toys(tmp_path, *names, before=before))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_them(start: Start, number: int) -> None:
    toys = start("plain", "parent")
    toys.wait("ready")
    eventually(lambda: len(toys.alive()) == 3)  # the parent's child comes a moment later
    assert toys.end(number) == 0
    assert toys.alive() == ()


def test_who_does_not_want_to_end_is_killed_after_a_while(start: Start) -> None:
    toys = start("stubborn", "plain")
    toys.wait("ready")
    time.sleep(0.3)  # until it ignores the signal
    began = time.monotonic()
    assert toys.end(signal.SIGTERM) == 0
    assert 0.4 < time.monotonic() - began < 5
    assert toys.alive() == ()


def test_a_second_signal_does_not_wait(start: Start, tmp_path: Path) -> None:
    toys = start("stubborn")
    toys.wait("ready")
    time.sleep(0.3)
    toys.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert toys.end(signal.SIGINT) == 0
    assert toys.alive() == ()


def test_they_end_too_when_the_supervisor_is_killed(start: Start) -> None:
    toys = start("plain", "stubborn", "parent")
    toys.wait("ready")
    time.sleep(0.3)
    sockets = Path(toys.wait("sockets").partition(" ")[2])
    assert sockets.is_dir()
    toys.end(signal.SIGKILL)
    eventually(lambda: toys.alive() == (), 20)
    eventually(lambda: not sockets.exists())


def test_a_watchdog_that_was_killed_is_replaced(start: Start) -> None:
    toys = start("plain")
    toys.wait("ready")
    (watchdog,) = watchdogs(toys.process.pid)
    os.kill(watchdog, signal.SIGKILL)
    eventually(lambda: watchdogs(toys.process.pid) not in ([], [watchdog]))
    toys.end(signal.SIGKILL)
    eventually(lambda: toys.alive() == ())


def watchdogs(supervisor_pid: int) -> list[int]:
    """The watchdogs of a supervisor."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"PPid:\t{supervisor_pid}\n" in (entry / "status").read_text()
            if mine and b"watch.py" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_what_dies_is_started_again_and_it_is_said(start: Start) -> None:
    toys = start("plain", "parent")
    toys.wait("ready")
    first = toys.pid("plain")
    os.kill(first, signal.SIGKILL)
    assert "signal SIGKILL" in toys.wait("said Plain ended by itself")
    toys.wait("said Plain is back: toy://plain")
    assert toys.pid("plain") != first
    assert toys.end(signal.SIGTERM) == 0
    assert toys.alive() == ()


def test_what_dies_again_and_again_is_started_more_and_more_slowly(start: Start) -> None:
    toys = start("flaky")
    eventually(lambda: sum(line.startswith("said Flaky ended") for line in toys.lines) >= 3)
    assert toys.end(signal.SIGTERM) == 0
    assert list(program.BACK_OFF) == sorted(program.BACK_OFF)


def test_what_never_answers_and_dies_makes_the_start_fail_with_its_last_words(start: Start, tmp_path: Path) -> None:
    toys = start("plain", "mortal")
    told = toys.wait("error DoesNotStart")
    assert "Mortal does not start: the bank is closed." in told
    assert str(tmp_path / "mortal.log") in told
    assert toys.process.wait(10) == 0
    assert toys.alive() == ()


def test_the_signals_that_end_it_are_heeded_also_where_a_shell_had_them_ignored(start: Start) -> None:
    toys = start("plain", before="env --ignore-signal=INT")
    toys.wait("ready")
    assert toys.end(signal.SIGINT) == 0
    assert toys.alive() == ()


def test_who_was_started_by_nohup_outlives_the_terminal(start: Start) -> None:
    toys = start("plain", before="env --ignore-signal=HUP")
    toys.wait("ready")
    toys.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert toys.process.poll() is None
    assert toys.end(signal.SIGTERM) == 0


def child(folder: Path, script: str) -> Child:
    arguments = (sys.executable, "-c", script)
    toy = Program(name="toy", label="Toy", arguments=arguments, environment={}, folder=folder, answers=lambda: "toy://")
    return Child(toy, folder / "toy.log")


def test_a_log_is_for_its_owner_begins_anew_and_keeps_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "toy.log").write_text("yesterday")
    toy = child(tmp_path, "print('today')")
    toy.new_log()
    toy.start()
    eventually(lambda: toy.ended() is not None)
    assert (tmp_path / "toy.log").read_text() == "today\n"
    assert (tmp_path / "toy.log").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "toy.log.1").read_text() == "yesterday"
    assert toy.last_words() == "today"


def test_a_log_stays_within_its_limit_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LOG_LIMIT", 1000)
    toy = child(tmp_path, "import time\nfor n in range(10**6): print('x' * 100, flush=True); time.sleep(0.001)")
    toy.start()
    try:
        eventually(lambda: toy.log.stat().st_size > 1000)
        toy.bound_log()
        assert toy.log.stat().st_size < 1000
        eventually(lambda: toy.log.stat().st_size > 0)
        assert not toy.log.read_bytes().startswith(b"\0")
    finally:
        toy.signal(signal.SIGKILL)
        eventually(lambda: toy.ended() is not None)


def test_a_child_has_nothing_to_read_and_a_session_of_its_own(tmp_path: Path) -> None:
    toy = child(tmp_path, "import os, sys; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid())")
    toy.start()
    eventually(lambda: toy.ended() is not None)
    assert toy.last_words() == "'' True"


def test_patience_is_what_the_docs_say() -> None:
    assert supervisor.PATIENCE == 8
