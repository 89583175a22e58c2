"""The guard round callbacks: no error vanishes, and no page freezes."""

from __future__ import annotations

import asyncio
import logging
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from pkilab.desk import log
from pkilab.errors import Unreachable
from pkilab.forms.guard import Guard
from pkilab.forms.model import FormModel, Told


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    return Guard(log.logger(tmp_path / "lab"), log.WHERE)


def _fails() -> None:
    raise ZeroDivisionError("the inside of pkilab")


def test_what_nobody_foresaw_is_told_with_an_id_that_the_log_has(guard: Guard, tmp_path: Path) -> None:
    form = FormModel()
    guard.run(form, _fails)
    sentences = form.told.sentences
    assert not form.told.good
    assert "the inside of pkilab" not in " ".join(sentences)
    name = sentences[1].removesuffix(".").rpartition(" ")[2]
    path = tmp_path / "lab" / "run" / "desk.log"
    text = path.read_text()
    assert f"unforeseen [{name}]" in text
    assert "in _fails" in text
    assert "ZeroDivisionError: the inside of pkilab" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_typed_error_is_a_sentence_and_no_traceback(guard: Guard, tmp_path: Path) -> None:
    told: list[Told] = []

    def work() -> None:
        raise Unreachable("http://ca.lab.test", "nobody answers")

    guard.now(work, told.append)
    assert told == [Told((str(Unreachable("http://ca.lab.test", "nobody answers")),))]
    assert not (tmp_path / "lab" / "run" / "desk.log").exists()


def test_without_a_loop_work_is_done_at_once(guard: Guard) -> None:
    done: list[threading.Thread] = []
    guard.start(FormModel(), lambda: done.append(threading.current_thread()))
    assert done == [threading.current_thread()]


async def _comes(form: FormModel, name: str) -> Any:
    """Wait until a trait of the form changes, while the loop goes on, and return it."""
    loop, changed = asyncio.get_running_loop(), asyncio.Event()
    form.observe(lambda _: loop.call_soon_threadsafe(changed.set), names=name)
    async with asyncio.timeout(10):
        await changed.wait()
    return getattr(form, name)


def test_where_a_kernels_loop_runs_it_goes_on_while_work_is_done(guard: Guard) -> None:
    async def page() -> tuple[Any, Any]:
        release, form = threading.Event(), FormModel()

        def work() -> None:
            assert release.wait(10)
            form.result = "done"

        guard.start(form, work)
        await asyncio.sleep(0.05)  # the loop turns, though the work has not ended
        before = form.result
        asyncio.get_running_loop().call_soon(release.set)
        return before, await _comes(form, "result")

    assert asyncio.run(page()) == (None, "done")


def test_an_error_beside_the_page_is_told_too(guard: Guard) -> None:
    async def page() -> Told:
        form = FormModel()
        guard.start(form, _fails)
        told: Told = await _comes(form, "told")
        return told

    assert "did not foresee" in asyncio.run(page()).sentences[0]


def test_a_traceback_goes_nowhere_but_into_the_labs_log(guard: Guard) -> None:
    elsewhere: list[logging.LogRecord] = []

    class Elsewhere(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            elsewhere.append(record)

    handler = Elsewhere()
    logging.getLogger().addHandler(handler)
    try:
        guard.run(FormModel(), _fails)
    finally:
        logging.getLogger().removeHandler(handler)
    assert elsewhere == []
