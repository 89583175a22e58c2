"""The pages of the dashboards: an entrance, and behind it the desk of the instance that was opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import ipywidgets as widgets

from pkilab.desk import log
from pkilab.desk.desk import Desk, DeskPage, Live
from pkilab.desk.tasks import Part
from pkilab.errors import PkilabError
from pkilab.forms.entrance import (
    Openable,
    OperatorsEntrance,
    OperatorsEntranceView,
    VisitorsEntrance,
    VisitorsEntranceView,
)
from pkilab.forms.guard import Guard
from pkilab.forms.parts.shell import Shell
from pkilab.forms.view import FormView, Frame, Surroundings

if TYPE_CHECKING:
    from pkilab.lab import Instance, Lab


class Entrance(Frame):
    """An entrance and what lies behind it. What the page keeps opens the same desk again after a reload.

    Args:
        guard: runs callbacks.
        part: which desk it opens.
        make: makes the entrance's form.
        again: returns the instance that kept words open, None where they open none.
        words: returns the words to keep for an instance.
    """

    def __init__(
        self,
        guard: Guard,
        part: Part,
        make: Callable[[Surroundings, Callable[[Instance], None]], FormView],
        *,
        again: Callable[[Mapping[str, str]], Instance | None],
        words: Callable[[Instance], dict[str, str]],
    ) -> None:
        self._guard, self._part, self._make = guard, part, make
        self._again, self._words = again, words
        self._place = widgets.VBox()
        self._live = Live(self._refresh, guard)
        self._keeper = Shell(key=f"entrance/{part}", on_beat=self._live.beat, on_hello=self._hello)
        self.desk: DeskPage | None = None
        self.view: FormView | None = None
        super().__init__([self._place], self._keeper, name=f"entrance of the {part}'s dashboard", what="the dashboard")
        self.ask()

    def ask(self) -> None:
        """Ask which instance to open."""
        self.desk = None
        self.view = self._make(Surroundings(guard=self._guard), self.enter)
        inside = widgets.VBox([self.view])
        inside.add_class("pkilab-entrance")
        self._place.children = (inside,)

    def enter(self, instance: Instance) -> None:
        """Open the desk of an instance."""
        self.view = None
        self.desk = DeskPage(Desk(instance, part=self._part), leave=self._left)
        self._keeper.keep(**self._words(instance))
        self._place.children = (self.desk,)

    def _left(self) -> None:
        self._keeper.keep()
        self.ask()

    def _hello(self, kept: Mapping[str, str]) -> None:
        def resume() -> None:
            instance = self._again(kept) if kept else None
            if instance is not None and self.desk is None:
                self.enter(instance)

        self._guard.now(resume, lambda _: None)

    def _refresh(self) -> None:
        if self.view is not None:
            self.view.refresh()


def operators(lab: Lab | None = None) -> Entrance:
    """Return the operators' dashboard: the desks of all CA servers of a lab, else of the usual one."""
    lab = lab or _lab()

    def make(around: Surroundings, enter: Callable[[Instance], None]) -> FormView:
        form = OperatorsEntrance(lambda: _openable(lab), lambda name, node: lab.instance(name, node=node))
        return OperatorsEntranceView(form, around, enter=enter)

    def again(kept: Mapping[str, str]) -> Instance | None:
        return lab.instance(kept["instance"]) if kept.get("instance") in lab.instances() else None

    return Entrance(_guard(lab), Part.OPERATOR, make, again=again, words=lambda each: {"instance": each.name})


def clients(lab: Lab | None = None) -> Entrance:
    """Return the clients' dashboard: each visitor opens the instances that they made, and no other."""
    lab = lab or _lab()

    def make(around: Surroundings, enter: Callable[[Instance], None]) -> FormView:
        return VisitorsEntranceView(VisitorsEntrance(lab.visitors), around, enter=enter)

    def again(kept: Mapping[str, str]) -> Instance | None:
        try:
            return lab.visitors.resume(kept.get("ticket", ""))
        except PkilabError:
            return None

    def words(instance: Instance) -> dict[str, str]:
        return {"ticket": lab.visitors.ticket(instance.name)}

    return Entrance(_guard(lab), Part.CLIENT, make, again=again, words=words)


def _lab() -> Lab:
    from pkilab.lab import Lab

    return Lab()


def _guard(lab: Lab) -> Guard:
    return Guard(log.logger(lab.path), log.WHERE)


def _openable(lab: Lab) -> list[Openable]:
    found = []
    for name in lab.instances():
        instance = lab.instance(name)
        server = instance.server.configured
        roles = ["CA server"] if server else []
        roles += ["CA client"] if instance.client.configured else []
        role = " and ".join(roles) or "not configured"
        found.append(Openable(name=name, node=instance.node, role=role, server=server))
    return sorted(found, key=lambda each: each.name.lower())
