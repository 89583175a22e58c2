"""Explain (X4): the view. The lens, and below it what if, and what differs from another object."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from pkilab.explain import values
from pkilab.explain.node import Node
from pkilab.explain.whatif import CHANGES
from pkilab.forms.choosing import Choosing, password_card
from pkilab.forms.comparing_view import ComparingView
from pkilab.forms.explain import Explain
from pkilab.forms.fields import html
from pkilab.forms.parts.lens import Lens
from pkilab.forms.parts.table import RowAction
from pkilab.forms.pieces import PASTE, WHAT, Piece
from pkilab.forms.tryout import OCTET, VALUE
from pkilab.forms.tryout_view import what_if
from pkilab.forms.view import FormView, Surroundings, bar, card
from pkilab.views.escape import escape
from pkilab.x509 import extensions

_LEAD = "Certificates, requests, lists, keys and messages: what each field and each octet says, in plain words."
_BY_EXTENSION = {
    extensions.BASIC_CONSTRAINTS: "ca",
    extensions.KEY_USAGE: "key-usage",
    extensions.ALTERNATIVE_NAMES: "names",
    extensions.AUTHORITY_KEY_ID: "authority-key",
}
_BY_FIELD = {
    "TBSCertificate.validity": "dates",
    "TBSCertificate.serialNumber": "serial",
    "TBSCertificate.signature": "algorithm",
    "TBSCertificate.extensions": "unknown-critical",
    "Certificate.signatureValue": "signature-bit",
}
_TITLES = {each.name: each.title for each in CHANGES}


class ExplainView(FormView):
    """What to explain; and once that is chosen, the lens."""

    form: Explain

    def __init__(self, form: Explain, around: Surroundings) -> None:
        super().__init__(form, around, title="Explain", lead=_LEAD)
        self._choosing = Choosing(form, around, label="Explain it", done=self._asked)
        self._lens = Lens(guard=around.guard, on_choose=form.point, actions=self._offered, on_act=self._acted)
        self._parts = widgets.Dropdown(description="Object")
        self._parts.observe(self._turned, names="value")
        self._which = widgets.VBox([self._parts])
        self._which.add_class("pkilab-field")
        self._remark = html("", "pkilab-words")
        self._password = password_card(form, around, done=self._lens.lead_when_drawn)
        self._what_if = what_if(form.what_if, around)
        self._compare = ComparingView(form.compare, around, show=self._show_node)
        form.observe(lambda _: self._show(), names=["found", "shown"])
        form.observe(lambda _: self._chosen(), names=["chosen"])
        self._show()

    def refresh(self) -> None:
        """Offer what can be had now."""
        if self.form.found is None:
            self._choosing.refresh()
        else:
            self._compare.refresh()

    def opened(self, **words: str) -> None:
        """Explain what the desk names, such as `what="certificate"` and `number="7"`; else go on as it was."""
        what = words.get("what", "")
        if what in WHAT and what != PASTE:

            def work() -> None:
                self.form.choose(what, number=words.get("number", "")[:60], name=words.get("name", "")[:100])
                self.around.keep()

            self.around.guard.start(self.form, work)

    def kept(self) -> dict[str, str]:
        """Return what is explained, if it comes from the lab."""
        piece: Piece | None = self.form.piece
        if piece is None or piece.what == PASTE:
            return {}
        return {"what": piece.what, "number": piece.number, "name": piece.name}

    def _asked(self) -> None:
        """What a person asked for is there."""
        self._lens.lead_when_drawn()
        self.around.keep()

    def _another(self) -> None:
        self.form.clear()
        self._choosing.refresh()
        self.around.keep()

    def _show(self) -> None:
        part, piece = self.form.part, self.form.piece
        if part is None or piece is None:
            self._lens.show(None)
            self.head(lead=_LEAD)
            self.fill(card("What is to be explained", self._choosing))
            return
        self.head(lead=f"{piece.title}: {part.said}. Point at a field or at an octet.")
        self._list_parts()
        self._lens.show(part.tree)
        remarks = [part.remark, f"It cannot be opened here: {part.closed_as}." if part.closed_as else ""]
        self._remark.value = "".join(f'<p class="pkilab-advice">{escape(each)}</p>' for each in remarks if each)
        several = len(self.form.parts) > 1
        self.fill(
            bar(self.button("Explain something else", self._another)),
            *([self._which] if several else []),
            self._remark,
            *([self._password] if self.form.found.sealed else []),
            self._lens,
            *([self._what_if] if self.form.what_if.certificate is not None else []),
            self._compare,
        )

    def _list_parts(self) -> None:
        options = [(f"{at + 1}: {part.said}", at) for at, part in enumerate(self.form.parts)]
        if tuple(options) != self._parts.options or self._parts.value != self.form.shown:
            self._parts.unobserve(self._turned, names="value")  # new options choose the first one by themselves
            self._parts.options = options
            self._parts.value = self.form.shown
            self._parts.observe(self._turned, names="value")

    def _turned(self, _: object) -> None:
        number = self._parts.value
        if isinstance(number, int) and number < len(self.form.parts) and number != self.form.shown:
            self.around.guard.now(lambda: self.form.turn_to(number), self.tell)

    def _chosen(self) -> None:
        """Lead the lens to a node that a cell chose."""
        node = self.form.chosen
        if node is not None and node is not self._lens.chosen:
            self._lens.choose(node)

    def _show_node(self, node: Node) -> None:
        self.form.select(node)
        self._lens.lead(".pkilab-lens-tree")

    # ------------------------------------------------------------------ what if

    def _offered(self, node: Node) -> Sequence[RowAction]:
        """Return the buttons below an explanation: the changes that make sense there."""
        if self.form.what_if.certificate is None:
            return ()
        found = []
        name = _named(node)
        if name == "ca":
            found.append(RowAction(act="change:ca", label=f"What if it said {_other(_flag(node))}?"))
        elif name:
            title = _TITLES[name]
            found.append(RowAction(act=f"change:{name}", label=f"What if: {title[:1].lower()}{title[1:]}?"))
        truth = values.truth(node)
        if truth is not None and name != "ca":
            found.append(RowAction(act="flip", label=f"What if it said {_other(truth)}?"))
        elif truth is None and not node.children and not node.constructed:
            found.append(RowAction(act="value", label="What if it said something else?"))
        return (*found, RowAction(act="octet", label="What if this octet were another?"))

    def _acted(self, act: str) -> None:
        form, node = self.form.what_if, self.form.chosen
        kind, _, name = act.partition(":")
        if kind == "change":
            form.change = name
        elif kind in {"flip", "value"} and node is not None:
            form.change, form.path = VALUE, node.path
            form.value = _other(values.truth(node)) if kind == "flip" else ""
        else:
            form.change = OCTET
        form.untouch()
        self._lens.lead(".pkilab-whatif")


def _named(node: Node) -> str:
    """Return the change among those with a name that concerns a node; "" if none does."""
    if node.key in {"Extension.extnID", "Extension.critical"}:
        return ""
    each: Node | None = node
    while each is not None:
        if each.type.name == "Extension" and each.children:
            return _BY_EXTENSION.get(values.oid(each.children[0]), "")
        if each.key in _BY_FIELD and (each is node or each.key != "TBSCertificate.extensions"):
            return _BY_FIELD[each.key]
        each = each.parent
    return ""


def _flag(node: Node) -> bool:
    """Return what the CA flag says of the extension that a node is in."""
    each: Node | None = node
    while each is not None and each.type.name != "Extension":
        each = each.parent
    flag = each.first("cA") if each is not None else None
    return flag is not None and bool(values.truth(flag))


def _other(truth: object) -> str:
    return "FALSE" if truth else "TRUE"
