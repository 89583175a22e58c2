"""The entrances of the dashboards: an operator opens any instance, a visitor only those that they made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from traitlets import Any as AnyTrait
from traitlets import Bool

from pkilab.errors import InvalidField
from pkilab.forms.code import code_card
from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel, act
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.ports import Visitors
from pkilab.forms.traits import line, secret
from pkilab.forms.view import FormView, Surroundings, act_button, bar, card, fold, shown_when
from pkilab.model.names import check_host, check_instance

_COLUMNS = [
    Column(key="name", label="Instance"),
    Column(key="node", label="Host"),
    Column(key="role", label="What it is"),
]
NOTICE = "For training and tests, never for production."


class VisitorsEntrance(FormModel):
    """A visitor opens an instance by its name: a new name makes one, a known one asks for its access code."""

    name_ = line(
        "Instance",
        hint="A name of your own, of letters, digits, - and _, such as Santiago. A new name makes a new instance.",
        required=True,
        check=check_instance,
    )
    access_code = secret(
        "Access code",
        hint="You got it when the instance was made. The CA's operator can set a new one.",
        required=True,
    )
    known = Bool(default_value=False)
    """Whether there is an instance of the name that stands there."""
    code = AnyTrait(None, allow_none=True)
    """The access code of the instance that was made: to be shown once."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors
        super().__init__()
        self.observe(lambda _: self._look(), names="name_")

    def hindrances(self, act: str) -> Sequence[str]:
        """A name that is taken is opened, and one that is free is made."""
        if act == "open_" and self.name_ and not self.known:
            return ("There is no instance of this name yet.",)
        if act == "make" and self.known:
            return ("There is an instance of this name already.",)
        return ()

    @act("Making the instance …", needs=("name_",))
    def make(self) -> Any:
        """Make an instance; its access code is in `code`, once.

        Raises:
            PkilabError: as the lab's `visitors.welcome`.
        """
        self.result, self.code = self.visitors.welcome(self.name_)
        return self.result

    @act("Opening …", needs=("name_", "access_code"))
    def open_(self) -> Any:
        """Open an instance by its access code.

        Raises:
            PkilabError: as the lab's `visitors.admit`.
        """
        self.result = self.visitors.admit(self.name_, self.access_code)
        return self.result

    def _look(self) -> None:
        try:
            self.known = self.visitors.exists(self.name_)
        except InvalidField:
            self.known = False
        self.recheck()


class VisitorsEntranceView(FormView):
    """The visitors' entrance; `enter` is called with the instance that was opened."""

    form: VisitorsEntrance

    def __init__(self, form: VisitorsEntrance, around: Surroundings, *, enter: Callable[[Any], None]) -> None:
        super().__init__(
            form,
            around,
            title="Open your instance",
            lead="An instance is your place in this lab: its keys, requests and certificates are yours alone. "
            + NOTICE,
        )
        self._enter = enter
        self.ask()

    def ask(self) -> None:
        """Ask for a name."""
        form, guard = self.form, self.around.guard
        make = act_button(form, "make", "Make a new instance", guard, done=self._show_code)
        opened = widgets.VBox(
            [field(form, "access_code"), act_button(form, "open_", "Open the instance", guard, done=self._opened)]
        )
        self.fill(
            card(
                "",
                field(form, "name_"),
                shown_when(make, form, "known", lambda known: not known),
                shown_when(opened, form, "known", bool),
            )
        )

    def _show_code(self) -> None:
        code, self.form.code = str(self.form.code), None
        made = self.form.result
        shown = code_card(
            f"{made.name} is yours",
            "This is its access code. Note it now: it is shown once, and asked for when you come back.",
            code,
        )
        self.fill(html(shown), bar(self.button("I have noted it: open the desk", lambda: self._enter(made), main=True)))

    def _opened(self) -> None:
        self._enter(self.form.result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Openable:
    """An instance that an operator may open: its name, its host, what it is."""

    name: str
    node: str
    role: str
    server: bool
    """Whether it is a CA server."""


class OperatorsEntrance(FormModel):
    """An operator opens an instance, or makes one.

    Args:
        instances: gives the instances of the lab.
        find: returns the instance of a name and a host name.
    """

    name_ = line(
        "Instance",
        hint="The name of the CA server, of letters, digits, - and _, such as MyCA. It stands in addresses.",
        required=True,
        check=check_instance,
    )
    node = line(
        "Host name", hint="What its host is called, such as ca.lab.test. Empty: this machine.", check=check_host
    )

    def __init__(self, instances: Callable[[], Sequence[Openable]], find: Callable[[str, str], Any]) -> None:
        self.instances = instances
        self._find = find
        super().__init__()

    @act("Opening …")
    def make(self) -> Any:
        """Open the desk of a new instance; it is made when it is configured.

        Raises:
            PkilabError: as the lab's `instance`.
        """
        self.result = self._find(self.name_, self.node)
        return self.result

    def open_(self, name: str) -> Any:
        """Open the desk of an instance that is there."""
        self.result = self._find(name, "")
        return self.result


class OperatorsEntranceView(FormView):
    """The operators' entrance; `enter` is called with the instance that was opened."""

    form: OperatorsEntrance

    def __init__(self, form: OperatorsEntrance, around: Surroundings, *, enter: Callable[[Any], None]) -> None:
        super().__init__(
            form,
            around,
            title="Open a desk",
            lead="Each CA server of this lab has a desk of its own. " + NOTICE,
        )
        self._enter = enter
        self._table = TableView(
            caption="CA servers of this lab",
            columns=_COLUMNS,
            empty="There is none yet. Name one, and configure it as a CA server.",
            on_act=self._open,
        )
        self._others = TableView(caption="Other instances", columns=_COLUMNS, empty="There is none.", on_act=self._open)
        self._rest = fold(
            "Instances that are no CA server",
            html(
                "<p>Open one of these to configure it as a CA server too, as for a CA below another.</p>",
                "pkilab-words",
            ),
            self._others,
        )
        self.fill(
            self._table,
            card(
                "A new CA server",
                field(form, "name_"),
                field(form, "node"),
                act_button(form, "make", "Open its desk", around.guard, done=lambda: enter(form.result)),
            ),
            self._rest,
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the instances that there are now."""
        found = self.form.instances()
        others = [each for each in found if not each.server]
        self._table.show([_row(each) for each in found if each.server])
        self._others.show([_row(each) for each in others])
        self._rest.layout.display = None if others else "none"

    def _open(self, row: str, _: str) -> None:
        self.around.guard.start(self.form, lambda: self._enter(self.form.open_(row)))


def _row(each: Openable) -> TableRow:
    return TableRow(
        id=each.name,
        name=each.name,
        cells=(each.name, each.node, each.role),
        actions=(RowAction(act="open", label="Open", main=True),),
    )
