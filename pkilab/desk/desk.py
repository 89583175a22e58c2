"""`Desk`: one instance's tasks, whole or one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from pkilab.desk import log, tasks
from pkilab.desk.standing import standing
from pkilab.desk.tasks import Part, Task
from pkilab.forms.guard import Guard
from pkilab.forms.model import Told
from pkilab.forms.parts.nav import Nav
from pkilab.forms.parts.shell import Shell
from pkilab.forms.view import FormView, Frame, Surroundings, said

if TYPE_CHECKING:
    from pkilab.lab import Instance


_PAUSE = 15
"""Beats for which nothing is refreshed after it went wrong, so that the log stays readable."""


_LEAVE = {"id": "leave", "label": "Leave this desk", "count": 0}


class Page(Frame):
    """One task, alone in a cell: `form` is its model, which a cell may fill and whose acts it may call."""

    def __init__(self, view: FormView, guard: Guard) -> None:
        self.view = view
        self.form = view.form
        self._trouble = widgets.HTML()
        self._trouble.add_class("pkilab-told")
        self._live = Live(self.refresh, guard, self._tell)
        super().__init__(
            [view, self._trouble],
            Shell(key=repr(view), on_beat=self._live.beat),
            name=repr(view).strip("<>"),
            what=f"the form {view.title}",
        )

    def refresh(self) -> None:
        """Let the form show the lab's true state."""
        self.view.refresh()
        self._trouble.value = ""

    def _tell(self, told: Told) -> None:
        self._trouble.value = said(told)


class Live:
    """Refreshes what a page shows, beside the page, never twice at once."""

    def __init__(self, refresh: Callable[[], None], guard: Guard, told: Callable[[Told], None] | None = None) -> None:
        self._refresh = refresh
        self._guard = guard
        self._tell = told or (lambda _: None)
        self._one = threading.Lock()
        self._skip = 0

    def beat(self) -> None:
        """Refresh, unless that is being done, or went wrong a moment ago."""
        if self._skip:
            self._skip -= 1
        else:
            self._guard.aside(self._once, self._troubled)

    def _troubled(self, told: Told) -> None:
        self._skip = _PAUSE
        self._tell(told)

    def _once(self) -> None:
        if self._one.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._one.release()


class Desk:
    """The tasks of one instance. Shown in a cell it is the whole desk; each method is one task alone.

    Args:
        instance: the instance, from `lab.instance(NAME)`.
        part: whose desk it is; an operator's has no task of a client, and the other way round.
    """

    def __init__(self, instance: Instance, *, part: Part | str = Part.BOTH) -> None:
        self.instance = instance
        self.part = Part(part)
        self.guard = Guard(log.logger(instance.lab.path), log.WHERE)

    def __repr__(self) -> str:
        """Return whose it is."""
        return f"<Desk of {self.instance.name}>"

    @cached_property
    def page(self) -> DeskPage:
        """Return the whole desk as a widget."""
        return DeskPage(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.page._repr_mimebundle_(**kwargs)

    def task(self, name: str) -> Page:
        """Return one task alone, by its id."""
        return Page(tasks.named(name).make(self.instance, self.around()), self.guard)

    def around(self, *, go: Callable[..., None] | None = None, keep: Callable[[], None] = lambda: None) -> Surroundings:
        """Return what this desk hands to its forms."""
        return Surroundings(
            guard=self.guard,
            go=go,
            keep=keep,
            for_operator=self.part is not Part.CLIENT,
            for_client=self.part is not Part.OPERATOR,
        )

    def overview(self) -> Page:
        """Return where the instance stands, and what to do next."""
        return self.task("overview")

    def inbox(self) -> Page:
        """Return the mail of the instance (M3)."""
        return self.task("inbox")

    def pending(self) -> Page:
        """Return the form with the requests that wait (S9), which opens each to be processed."""
        return self.task("pending")

    def process(self, request_id: int) -> Page:
        """Return the form that verifies and issues one request, or deletes it (S10-S12, S14)."""
        from pkilab.forms.process import Process
        from pkilab.forms.process_view import ProcessView

        form = Process(self.instance.server, request_id)
        return Page(ProcessView(form, self.around()), self.guard)

    def certificates(self) -> Page:
        """Return the form with the certificates that this CA issued."""
        return self.task("certificates")

    def configure_server(self) -> Page:
        """Return the form that configures this instance as a CA server, or starts over (S1-S8)."""
        return self.task("configure_server")

    def revocation(self) -> Page:
        """Return the form of revocation lists and the OCSP responder (X2)."""
        return self.task("revocation")

    def explain(self) -> Page:
        """Return the form that says what every octet of an object says (X4)."""
        return self.task("explain")

    def journal(self) -> Page:
        """Return the journal of administrative acts (X6)."""
        return self.task("journal")

    def media(self) -> Page:
        """Return the lab's removable media."""
        return self.task("media")

    def submit(self) -> Page:
        """Return the form that submits a request (C2)."""
        return self.task("submit")

    def get_certificates(self) -> Page:
        """Return the form that fetches certificates (C4, C5)."""
        return self.task("get_certificates")

    def own(self) -> Page:
        """Return the client's own files: to renew, to export, to sign and check with (C7, X3)."""
        return self.task("own")

    def verify(self) -> Page:
        """Return the form that asks several verifiers about a certificate (X5)."""
        return self.task("verify")

    def configure_client(self) -> Page:
        """Return the form that configures this instance as a CA client (C1)."""
        return self.task("configure_client")


class DeskPage(Frame):
    """The whole desk: tasks at the left, the one that is open at the right."""

    def __init__(self, desk: Desk, *, leave: Callable[[], None] | None = None) -> None:
        self.desk = desk
        self._leave = leave
        self._tasks = {task.id: task for task in tasks.of(desk.part)}
        self._views: dict[str, FormView] = {}
        self._nav = Nav(on_choose=self._chosen)
        self._main = widgets.VBox()
        self._main.add_class("pkilab-main")
        self._trouble = widgets.HTML()
        self._trouble.add_class("pkilab-told")
        side = widgets.VBox([self._nav])
        side.add_class("pkilab-side")
        inside = widgets.Box([side, self._main])
        inside.add_class("pkilab-inside")
        self._live = Live(self.refresh, desk.guard, self._tell)
        key = f"{desk.instance.name}/{desk.part}"
        self._shell = Shell(key=key, on_beat=self._live.beat, on_hello=self._hello)
        what = f"the desk of {desk.instance.name}"
        super().__init__([inside], self._shell, "pkilab-desk", name=repr(desk).strip("<>"), what=what)
        self.task = ""
        self.refresh()
        self.turn_to("overview")

    @property
    def view(self) -> FormView:
        """Return the form that is open."""
        return self._views[self.task]

    def turn_to(self, task: str, **words: str) -> None:
        """Open a task, with words for it, such as a request's id; a task that this desk has not is left out."""
        if task not in self._tasks:
            return
        first = not self.task
        if task not in self._views:
            self._views[task] = self._made(self._tasks[task])
        view = self._views[task]
        view.opened(**words)
        self.task = self._nav.chosen = task
        self._main.children = (view, self._trouble)
        self.desk.guard.aside(view.refresh, self._tell)
        if not first:
            self.keep()
            self._shell.focus(".pkilab-title")

    def keep(self) -> None:
        """Let the page keep where one is, so that it opens there after a reload."""
        self._shell.keep(task=self.task, **self.view.kept())

    def refresh(self) -> None:
        """Show where the instance stands now, and let the open form do the same."""
        now = standing(self.desk.instance, self.desk.part)
        self._nav.title = self.desk.instance.name
        self._nav.about = now.about
        groups: list[dict[str, object]] = [
            {"label": group.value, "items": [self._item(task, now.counts) for task in found]}
            for group, found in _grouped(self._tasks).items()
        ]
        self._nav.groups = [*groups, {"label": "", "items": [_LEAVE]}] if self._leave else groups
        if self.task:
            self.view.refresh()
        self._trouble.value = ""

    def _made(self, task: Task) -> FormView:
        return task.make(self.desk.instance, self.desk.around(go=self.turn_to, keep=self.keep))

    def _chosen(self, task: str) -> None:
        if task == _LEAVE["id"] and self._leave:
            self.desk.guard.now(self._leave, self._tell)
            return
        self.desk.guard.now(lambda: self.turn_to(task), self._tell)

    def _hello(self, kept: Mapping[str, str]) -> None:
        words = dict(kept)
        task = words.pop("task", "")
        if task in self._tasks:
            self.desk.guard.now(lambda: self.turn_to(task, **words), self._tell)

    def _tell(self, told: Told) -> None:
        self._trouble.value = said(told)

    @staticmethod
    def _item(task: Task, counts: Mapping[str, int]) -> dict[str, object]:
        return {"id": task.id, "label": task.label, "count": counts.get(task.id, 0), "counted": task.counted}


def _grouped(found: Mapping[str, Task]) -> dict[tasks.Group, list[Task]]:
    groups: dict[tasks.Group, list[Task]] = {}
    for task in found.values():
        groups.setdefault(task.group, []).append(task)
    return groups
