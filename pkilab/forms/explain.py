"""Explain (X4): what every octet of an object says, what if it said something else, and what differs from another."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from traitlets import Any as AnyTrait
from traitlets import Int

from pkilab.errors import CannotDo, CertificateUnreadable, InvalidField
from pkilab.explain import Explained, search
from pkilab.explain.node import Node
from pkilab.explain.reading import Part
from pkilab.explain.tell import Told, tell
from pkilab.explain.tree import Tree
from pkilab.forms.comparing import Comparing
from pkilab.forms.pieces import Library, Opening
from pkilab.forms.tryout import TryOut
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate as certificates

_CERTIFICATE = "certificate"


class Explain(Opening):
    """The object that is explained, and the node of it that is chosen."""

    shown = Int(0)
    """Which of the objects that were found is shown."""
    chosen = AnyTrait(None, allow_none=True)
    """The node that is explained."""

    def __init__(self, library: Library) -> None:
        self.what_if = TryOut(library)
        self.compare = Comparing(library)
        super().__init__(library)
        self.observe(self._found, names=["found"])
        self.observe(lambda _: self._turned(), names=["shown"])

    @property
    def part(self) -> Part | None:
        """Return the object that is shown."""
        parts = self.parts
        return parts[self.shown] if self.shown < len(parts) else None

    @property
    def tree(self) -> Tree | None:
        """Return the tree of the object that is shown."""
        return self.part.tree if self.part is not None else None

    def turn_to(self, number: int) -> None:
        """Show another of the objects.

        Raises:
            InvalidField: there is no such object.
        """
        if not 0 <= number < len(self.parts):
            raise InvalidField("Object", "there is no such object.")
        self.shown = number

    def select(self, what: str | Node) -> Told:
        """Choose a node, or find one by its path, by what people call it or by an octet; return what is told of it.

        Raises:
            CannotDo: there is none.
        """
        node = what if isinstance(what, Node) else self._node(what)
        if node is None:
            raise CannotDo(f"There is no {what} here.", "Search for something else.")
        self.chosen = node
        return tell(node)

    def point(self, node: Node, at: int) -> None:
        """Choose a node by one of its octets; a change of that octet, or of the node's value, is prepared."""
        self.chosen = node
        self.what_if.at = str(at)
        self.what_if.path = node.path if not node.children else ""

    def _node(self, what: str) -> Node | None:
        tree = self.tree
        if tree is None:
            return None
        with suppress(ValueError, IndexError):
            return tree.at(int(what, 0))
        return tree.find(what) or next(iter(search.matches(tree, what, 1)), None)

    def _found(self, change: Any) -> None:
        found: Explained | None = change["new"]
        # What a password has opened is what one wanted to see; it stands behind what it was sealed in.
        wanted = 1 if found is not None and found.parts[0].opened else 0
        if self.shown == wanted:
            self._turned()
        else:
            self.shown = wanted

    def _turned(self) -> None:
        self.chosen = None
        part = self.part
        self.compare.take(part.tree if part is not None else None, self.piece.relatives if self.piece else ())
        own, others = self._certificates(part)
        self.what_if.take(own, others)

    def _certificates(self, part: Part | None) -> tuple[Certificate | None, list[Certificate]]:
        """Return the certificate that is shown, if it can be read, and those beside it."""
        if part is None or part.kind.name != _CERTIFICATE:
            return None, []
        own, others = _read(part), (_read(each) for each in self.parts if each is not part)
        return own, [each for each in others if each is not None]


def _read(part: Part) -> Certificate | None:
    if part.kind.name != _CERTIFICATE:
        return None
    try:
        return certificates.read(part.tree.data, path=Path("certificate.cer"))
    except CertificateUnreadable:
        return None
