"""The lens: a tree of fields beside the octets, and the explanation of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget

from pkilab.explain.node import Node
from pkilab.explain.tree import Tree
from pkilab.forms.guard import Guard
from pkilab.forms.model import Told
from pkilab.forms.parts import JS
from pkilab.forms.parts.panes import OCTETS, Hit, Panes
from pkilab.forms.parts.table import RowAction

_MOST = 200
"""Characters of a search."""


class Lens(anywidget.AnyWidget):
    """Shows the tree that `show` was given. A page asks for what it shows, piece by piece.

    Nothing of it is kept in the widget's state, so a saved notebook holds none of it. Secrets do not leave the kernel.

    Args:
        guard: runs searches beside the page.
        on_choose: called with the node that a person chose, and the octet that they pointed at.
        actions: returns the buttons below the explanation of a node.
        on_act: called with one of these acts.
    """

    _esm = JS / "lens.js"

    def __init__(
        self,
        *,
        guard: Guard,
        on_choose: Callable[[Node, int], None] | None = None,
        actions: Callable[[Node], Sequence[RowAction]] | None = None,
        on_act: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._guard = guard
        self._on_choose, self._actions, self._on_act = on_choose, actions, on_act
        self._panes: Panes | None = None
        self._turn = 0
        self._hits: list[Hit] = []
        self._searching = False
        self.chosen: Node | None = None
        """The node that is explained."""
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        """Return what it is, the same at each run."""
        return "<lens>"

    def show(self, tree: Tree | None) -> None:
        """Show a tree, with nothing chosen in it; None: nothing."""
        self._panes = None if tree is None else Panes(tree)
        self._turn += 1
        self._hits, self.chosen = [], None
        self._open()

    def choose(self, node: Node) -> None:
        """Explain a node of the tree that is shown, and lead the page to it."""
        self._choose(node, node.offset)

    def lead(self, where: str) -> None:
        """Lead keyboard and screen reader to the first element of the form that a CSS selector names."""
        self._reply({"kind": "lead", "where": where})

    # ------------------------------------------------------------------ what a page asks

    def _heard(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "hello":
            self._open()
            if self.chosen is not None:
                self._tell(self.chosen, self.chosen.offset, move=True)
            return
        panes = self._panes
        # A page may speak of what was shown before.
        if panes is None or type(content.get("turn")) is not int or content["turn"] != self._turn:
            return
        self._look(panes, content)
        self._act(panes, content)

    def _look(self, panes: Panes, content: dict[str, Any]) -> None:
        """Answer what a page asks for in order to draw it."""
        match content:
            case {"kind": "rows", "node": int(number), "from": int(begin)} if begin >= 0:
                self._rows(panes, number, begin)
            case {"kind": "octets", "from": int(begin)} if 0 <= begin < len(panes.tree.data):
                octets, dots = panes.octets(begin - begin % OCTETS)
                self._reply({"kind": "octets", "from": begin - begin % OCTETS, "hidden": dots}, [octets])
            case {"kind": "at", "at": int(at)} if 0 <= at < len(panes.tree.data):
                node = panes.tree.at(at)
                start, end = node.owned
                self._reply({"kind": "at", "at": at, "row": panes.row(node), "own": [start, end]})

    def _act(self, panes: Panes, content: dict[str, Any]) -> None:
        """Do what a person asks for."""
        match content:
            case {"kind": "choose", "at": int(at)} if 0 <= at < len(panes.tree.data):
                self._choose(panes.tree.at(at), at)
            case {"kind": "choose", "node": int(number)} if (chosen := panes.node(number)) is not None:
                self._choose(chosen, chosen.offset)
            case {"kind": "search", "text": str(text), "octets": bool(octets)} if len(text) <= _MOST:
                self._search(panes, text, octets=octets)
            case {"kind": "hit", "to": int(to)} if self._hits:
                self._hit(to % len(self._hits))
            case {"kind": "act", "act": str(act)} if self._on_act and act in {each.act for each in self._offered()}:
                self._on_act(act)

    def _open(self) -> None:
        panes = self._panes
        if panes is None:
            self._reply({"kind": "open", "size": 0, "rows": [], "of": 0, "chunk": OCTETS})
            return
        rows = panes.rows(None, 0)
        size, top = len(panes.tree.data), panes.tree.root
        self._reply({"kind": "open", "size": size, "rows": rows, "of": len(panes.tree.tops), "chunk": OCTETS})
        self._reply({"kind": "rows", "node": rows[0]["id"], "from": 0, "rows": panes.rows(top, 0)})

    def _rows(self, panes: Panes, number: int, begin: int) -> None:
        node = panes.node(number)
        if number != -1 and node is None:
            return
        self._reply({"kind": "rows", "node": number, "from": begin, "rows": panes.rows(node, begin)})

    def _choose(self, node: Node, at: int) -> None:
        self.chosen = node
        self._tell(node, at, move=True)
        if self._on_choose is not None:
            self._on_choose(node, at)

    def _tell(self, node: Node, at: int, *, move: bool, span: tuple[int, int] | None = None) -> None:
        panes = self._panes
        if panes is None:
            return
        acts = [{"act": each.act, "label": each.label} for each in self._offered()]
        told = panes.explanation(node) | {"acts": acts}
        trail = panes.trail(node)
        self._reply({"kind": "chosen", "trail": trail, "told": told, "at": at, "move": move, "span": span})

    def _offered(self) -> Sequence[RowAction]:
        return self._actions(self.chosen) if self._actions is not None and self.chosen is not None else ()

    # ------------------------------------------------------------------ searching

    def _search(self, panes: Panes, text: str, *, octets: bool) -> None:
        """Search beside the page: in a long list it takes seconds. One search at a time."""
        if self._searching:
            return
        self._searching = True

        def work() -> None:
            try:
                hits = panes.find(text, octets=octets)
            finally:
                self._searching = False
            if panes is self._panes:
                self._hits = hits
                if hits:
                    self._hit(0)
                else:
                    self._reply({"kind": "found", "of": 0, "to": 0})

        def failed(told: Told) -> None:
            self._reply({"kind": "found", "of": 0, "to": 0, "says": " ".join(told.sentences)})

        self._guard.aside(work, failed)

    def _hit(self, to: int) -> None:
        hit = self._hits[to]
        self.chosen = hit.node
        self._reply({"kind": "found", "of": len(self._hits), "to": to})
        self._tell(hit.node, hit.start, move=True, span=(hit.start, hit.end))
        if self._on_choose is not None:
            self._on_choose(hit.node, hit.start)

    def _reply(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.send(content | {"turn": self._turn}, buffers)
