"""A node of the tree: an element, or octets that are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pkilab.explain.schema import Field, Type
from pkilab.explain.steps import steps
from pkilab.explain.trouble import Trouble

if TYPE_CHECKING:
    from pkilab.explain.tree import Tree

MAX_DEPTH = 64
"""Levels that are unfolded; the deepest things in real files have about 30."""
MAX_NODES = 500_000
"""Nodes that are made of one tree; a revocation list of 2 MB, seen through to its last octet, has about 400,000."""


class Node:
    """An element, or octets that are none. Made by a `Tree`; read only.

    `offset` counts from the tree's first octet, `header` and `length` are octets of header and content. `type` is the
    type that its place gives it. Of what is no element, `header` is 0 and `nonsense` true.
    """

    __slots__ = (
        "_children",
        "_found",
        "_notes",
        "depth",
        "field",
        "header",
        "identifier",
        "indefinite",
        "length",
        "number",
        "offset",
        "parent",
        "tree",
        "type",
    )

    def __init__(  # noqa: PLR0917 - hundreds of thousands are made
        self,
        tree: Tree,
        parent: Node | None,
        field: Field,
        type_: Type,
        span: tuple[int, int, int],
        identifier: int,
        number: int,
        notes: tuple[Trouble, ...] = (),
        indefinite: bool = False,  # noqa: FBT001, FBT002 - one of many are made in a row
    ) -> None:
        self.tree = tree
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.field = field
        self.type = type_
        self.offset, self.header, self.length = span
        self.identifier = identifier
        self.number = number
        self.indefinite = indefinite
        self._notes = notes
        self._found: tuple[Trouble, ...] | None = None
        self._children: tuple[Node, ...] | None = None

    def __repr__(self) -> str:
        """Return where it is and what it is called, without its value, which may be a secret."""
        return f"<{self.name} at {self.offset}, {self.header}+{self.length}>"

    @property
    def name(self) -> str:
        """Return the name of its field, or of its type where it has no field."""
        return self.field.name

    @property
    def key(self) -> str:
        """Return the field with the type whose field it is, such as `TBSCertificate.serialNumber`."""
        return f"{self.field.owner}.{self.field.name}" if self.field.owner else self.field.name

    @property
    def nonsense(self) -> bool:
        """Tell whether it is no element."""
        return self.header == 0

    @property
    def constructed(self) -> bool:
        """Tell whether its header says that it is made of elements."""
        return bool(self.identifier & 0x20) and self.header > 0

    @property
    def start(self) -> int:
        """Return where its content begins."""
        return self.offset + self.header

    @property
    def end(self) -> int:
        """Return where it ends: the offset of the octet after it."""
        return self.offset + self.header + self.length

    @property
    def raw(self) -> bytes:
        """Return all its octets."""
        return self.tree.data[self.offset : self.end]

    @property
    def content(self) -> bytes:
        """Return the octets after its header; of an indefinite length with the `00 00`."""
        return self.tree.data[self.start : self.end]

    @property
    def children(self) -> tuple[Node, ...]:
        """Return the nodes in it, unfolded when first asked for."""
        if self._children is None:
            from pkilab.explain import unfold

            self._children = unfold.children(self)
        return self._children

    @property
    def owned(self) -> tuple[int, int]:
        """Return the octets that are this node's and no child's, as offset and end; children follow one another."""
        children = self.children
        return self.offset, children[0].offset if children else self.end

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Return what is wrong with its own octets, its value and the order of its fields."""
        if self._found is None:
            from pkilab.explain import checks, unfold

            found = (*self._notes, *unfold.missing(self), *checks.of(self))
            self._found = tuple(map(checks.discreet, found)) if self.tree.private else found
        return self._found

    @property
    def troubles_as_read(self) -> tuple[Trouble, ...]:
        """Return what was wrong when it was read: with its own octets and its place, not with what is in it."""
        return self._notes

    @property
    def path(self) -> str:
        """Return the way to it, such as `Certificate/tbsCertificate/extensions/Extensions/2`; unique in its tree."""
        found: list[str] = []
        node: Node | None = self
        while node is not None:
            siblings = node.tree.tops if node.parent is None else node.parent.children
            found.append(steps(siblings)[siblings.index(node)])
            node = node.parent
        return "/".join(reversed(found))

    def walk(self) -> Iterator[Node]:
        """Yield it and all nodes in it, in the order of their octets."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def child(self, *names: str) -> Node | None:
        """Return the node that the names lead to, one step each; None where there is none."""
        node: Node | None = self
        for name in names:
            node = next((each for each in node.children if each.name == name), None) if node else None
        return node

    def first(self, name: str) -> Node | None:
        """Return the first node of that name in it, in the order of their octets."""
        return next((each for each in self.walk() if each.name == name), None)
