"""The lens: a tree of fields beside the octets, and the explanation of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget

from pkilab.explain.node import Node
from pkilab.explain.search import Hunt
from pkilab.explain.tree import Tree
from pkilab.forms.guard import Guard
from pkilab.forms.model import Told
from pkilab.forms.parts import JS
from pkilab.forms.parts.panes import OCTETS, Hit, Panes
from pkilab.forms.parts.table import RowAction

_MOST = 200
"""Characters of a search."""
SEARCHED = 100_000
"""Nodes that are looked at before a page is told that nothing is found so far; a person says whether to go on."""
_STEP = 2_000
"""Nodes between two looks at whether something else is asked for meanwhile."""


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
        self._hunt: Hunt | None = None
        self._going: Hunt | None = None
        self._text = ""
        self._leading = ""
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
        self._hits, self._hunt, self.chosen = [], None, None
        self._open()

    def choose(self, node: Node) -> None:
        """Explain a node of the tree that is shown, and lead the page to it."""
        self._choose(node, node.offset)

    def lead(self, where: str, *, lost: bool = False) -> None:
        """Lead keyboard and screen reader to the first element of the form that a CSS selector names.

        With `lost` only those that are nowhere: whoever has gone somewhere else meanwhile stays there.
        """
        self._reply({"kind": "lead", "where": where, "lost": lost})

    def lead_when_drawn(self) -> None:
        """Lead keyboard and screen reader to the tree as soon as a page has drawn it: the button pressed is gone."""
        self._leading = ".pkilab-lens-tree"

    # ------------------------------------------------------------------ what a page asks

    def _heard(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        if content.get("kind") == "hello":
            self._open()
            if self.chosen is not None:
                self._tell(self.chosen, self.chosen.offset, move=True)
            if self._leading and self._panes is not None:
                self.lead(self._leading, lost=True)
                self._leading = ""
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
                if self._hunt is not None and not self._hunt.over and to == len(self._hits):
                    self._go_on(panes, self._hunt, to)
                else:
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
        """Search beside the page; what is asked for last counts. The same once more goes on where it stopped."""
        if octets:
            self._hunt = None
            self._found(panes.find(text))
            return
        if self._hunt is None or self._text != text or self._hunt.over:
            self._hunt, self._text = panes.hunt(text), text
        self._go_on(panes, self._hunt, 0)

    def _go_on(self, panes: Panes, hunt: Hunt, to: int) -> None:
        """Look at some thousand nodes more, and go to hit `to`."""
        if hunt is self._going:
            return
        self._going = hunt

        def work() -> None:
            try:
                for _ in range(SEARCHED // _STEP):
                    if hunt.go(_STEP) or hunt is not self._hunt:
                        break
            finally:
                self._going = None if self._going is hunt else self._going
            if hunt is self._hunt and panes is self._panes:
                self._found(panes.hits(hunt), to)

        def failed(told: Told) -> None:
            self._reply({"kind": "found", "of": 0, "to": 0, "says": " ".join(told.sentences)})

        self._guard.aside(work, failed)

    def _found(self, hits: list[Hit], to: int = 0) -> None:
        self._hits = hits
        if hits:
            self._hit(to if to < len(hits) else 0)
        else:
            self._reply(self._told_of(0))

    def _told_of(self, to: int) -> dict[str, Any]:
        """Return what a page is told of a search: how many hits, which is shown, and how far it came."""
        hunt, of = self._hunt, len(self._hits)
        told: dict[str, Any] = {"kind": "found", "of": of, "to": to}
        if hunt is None or hunt.over:
            return told
        reached = f"in the first {hunt.reached:,} octets"
        says = f"{to + 1} of {of} {reached}." if of else f"Nothing is found {reached}. Enter searches on."
        return told | {"says": says, "more": True}

    def _hit(self, to: int) -> None:
        hit = self._hits[to]
        self.chosen = hit.node
        self._reply(self._told_of(to))
        self._tell(hit.node, hit.start, move=True, span=(hit.start, hit.end))
        if self._on_choose is not None:
            self._on_choose(hit.node, hit.start)

    def _reply(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.send(content | {"turn": self._turn}, buffers)
