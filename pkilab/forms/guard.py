"""The guard round every callback: what a button asks for runs beside the page, and no error vanishes.

An exception in a widget's callback is shown nowhere, neither in JupyterLab nor in Voilà. Here a typed error is a
sentence in the form (the model has told it already), and anything else a sentence with an id, under which the log has
the traceback.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

from pkilab.errors import PkilabError
from pkilab.forms.model import FormModel, Told


class Guard:
    """Runs what callbacks ask for.

    Args:
        log: where the tracebacks go.
        where: how people find that log, such as `run/desk.log in the lab's folder`.
    """

    def __init__(self, log: logging.Logger, where: str) -> None:
        self._log = log
        self._where = where
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, form: FormModel, work: Callable[[], object]) -> None:
        """Run `work` beside the page where a kernel's loop runs, so that the page never freezes; else at once."""
        self._start(lambda: self.run(form, work))

    def aside(self, work: Callable[[], object], told: Callable[[Told], None]) -> None:
        """Run as `start` does what belongs to no form model; `told` is called with what went wrong."""
        self._start(lambda: self._run(work, told))

    def now(self, work: Callable[[], object], told: Callable[[Told], None]) -> None:
        """Run now what is quick and belongs to no form model; `told` is called with what went wrong."""
        self._run(work, told)

    def run(self, form: FormModel, work: Callable[[], object]) -> None:
        """Run `work` now; what it raises is told by the form, and what nobody foresaw logged too."""

        def tell(told: Told) -> None:
            form.told = told

        self._run(work, tell)

    def _run(self, work: Callable[[], object], tell: Callable[[Told], None]) -> None:
        try:
            work()
        except PkilabError as error:
            tell(Told.of(error))
        except Exception:  # noqa: BLE001 - a callback's exception is shown nowhere else
            tell(self.unforeseen())

    def unforeseen(self) -> Told:
        """Log the exception that is being handled, and return what to tell of it."""
        name = secrets.token_hex(4)
        self._log.exception("unforeseen [%s]", name)
        return Told(
            (
                "Something went wrong that pkilab did not foresee, and the page stays as it is.",
                f"Details are in the log ({self._where}) under the id {name}.",
            )
        )

    def _start(self, work: Callable[[], None]) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            work()
            return
        task = loop.create_task(asyncio.to_thread(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
