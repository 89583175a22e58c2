"""Visitors: the instances that visitors of the clients' dashboard made, and new access codes for them."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets
from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.forms.code import code_card
from pkilab.forms.fields import html
from pkilab.forms.model import FormModel, act
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.ports import Visitor, Visitors
from pkilab.forms.view import FormView, Surroundings, act_button, card
from pkilab.views import words


class AdmitVisitors(FormModel):
    """A visitor who lost the access code gets a new one, after the operator made sure who asks."""

    chosen = Unicode("")
    """The instance that is to get a new code."""
    code = AnyTrait(None, allow_none=True)
    """The new code: to be shown once."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors
        super().__init__()
        self.observe(lambda _: self.recheck(), names="chosen")

    def known(self) -> Sequence[Visitor]:
        """Return the instances that visitors made."""
        return self.visitors.known()

    def hindrances(self, act: str) -> Sequence[str]:
        """An instance has to be chosen."""
        del act
        return () if self.chosen else ("Choose an instance first.",)

    @act("Setting a new code …", needs=())
    def renew(self) -> str:
        """Set a new access code for the chosen instance; the old one ends.

        Raises:
            PkilabError: as the lab's `visitors.new_code`.
        """
        code: str = self.visitors.new_code(self.chosen)
        self.code = code
        self.result = self.chosen
        return code


class AdmitVisitorsView(FormView):
    """The table of the visitors' instances, and what is done with one."""

    form: AdmitVisitors

    def __init__(self, form: AdmitVisitors, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Visitors",
            lead="Each visitor of the clients' dashboard makes an instance and gets its access code once. "
            "Who lost it gets a new one from you, after you made sure who asks.",
        )
        self._table = TableView(
            caption="Instances that visitors made",
            columns=[
                Column(key="name", label="Instance"),
                Column(key="since", label="Access code since"),
                Column(key="state", label="CA client"),
            ],
            empty="No visitor has made one yet. Give them the address of the clients' dashboard: pkilab dashboards "
            "prints it.",
            on_act=lambda row, _: self._choose(row),
        )
        self._place = widgets.VBox()
        self.fill(self._table, self._place)
        self.refresh()

    def refresh(self) -> None:
        """Show the instances that there are now."""
        self._table.show(
            [
                TableRow(
                    id=each.instance,
                    name=each.instance,
                    cells=(each.instance, words.moment(each.since), "configured" if each.configured else "not yet"),
                    actions=(RowAction(act="renew", label="New access code…"),),
                )
                for each in self.form.known()
            ]
        )

    def _choose(self, name: str) -> None:
        self.form.chosen = name
        renew = act_button(self.form, "renew", "Set a new code", self.around.guard, done=self._done)
        self._place.children = (
            card(f"A new access code for {name}", renew, why="The one that its visitor has ends at once."),
        )

    def _done(self) -> None:
        code, self.form.code = str(self.form.code), None
        told = code_card(f"{self.form.result} has a new access code", "Tell it to its visitor. It is shown once.", code)
        self._place.children = (html(told), self.button("Hide it", self._hide))

    def _hide(self) -> None:
        self._place.children = ()
