"""DER as a tree in which every octet belongs to exactly one node. Nothing is unfolded before somebody looks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pkilab.explain import unfold
from pkilab.explain.node import Node
from pkilab.explain.schema import ANY, Field, Type
from pkilab.explain.trouble import Trouble

_ALSO_RIGHT = frozenset({"too-many"})
_BER = frozenset({"indefinite-length", "segments"})
"""What RFC 5652 §5.1 and the programs that write messages as a stream take for granted."""


class Tree:
    """Octets as nodes: mostly one at the top, and what stands behind it, which should be nothing.

    With `field` it is read as that field. With `nonsense`, a sentence that says why, nothing of it is read.
    """

    def __init__(
        self, data: bytes, field: Field | None = None, *, nonsense: str = "", private: bool = False, most: int = 0
    ) -> None:
        self.data = data
        self.most = most
        """How many nodes are unfolded in one at most, for a first look; 0: all of them."""
        self.made = 0
        """How many nodes have been unfolded so far."""
        self.private = private
        """Whether it holds a private key in clear, or may do so; of it only what fits its type is taken apart."""
        self.wary = False
        """Whether nobody can tell what it is, so that anything long in it may be a secret."""
        self.said: dict[tuple[Type, bytes, int], str] = {}
        """Gists of small elements, by their type, octets and depth in what is told; see `summary`."""
        self.ends: dict[int, int] = {}
        """Where elements of indefinite length end, by where their content begins."""
        self.tops: tuple[Node, ...] = (
            unfold.nothing(self, nonsense) if nonsense else unfold.tops(self, field or Field(name="", type=ANY))
        )

    def __repr__(self) -> str:
        """Return its size and what it is, without its octets."""
        return f"<Tree of {len(self.data)} octets: {', '.join(node.name for node in self.tops)}>"

    @cached_property
    def damaged(self) -> bool:
        """Tell whether anything is wrong in it; that there is too much of it is not, nor that a CMS message is BER."""
        right = _ALSO_RIGHT | (_BER if self.root.type.name == "ContentInfo" else frozenset())
        return any(trouble.code not in right for trouble in self.troubles())

    @property
    def root(self) -> Node:
        """Return the first node at the top."""
        return self.tops[0]

    def walk(self) -> Iterator[Node]:
        """Yield all nodes in the order of their octets, one inside another before the next."""
        for top in self.tops:
            yield from top.walk()

    def at(self, offset: int) -> Node:
        """Return the node that owns the octet at `offset`.

        Raises:
            IndexError: there is no such octet.
        """
        if not 0 <= offset < len(self.data):
            raise IndexError(offset)
        found, nodes = self.root, self.tops
        while nodes:
            place = bisect_right(nodes, offset, key=_offset) - 1
            if place < 0:
                break
            found = nodes[place]
            nodes = found.children
        return found

    def find(self, path: str) -> Node | None:
        """Return the node whose `path` that is."""
        nodes, found = self.tops, None
        for step in path.split("/"):
            name, _, place = step.partition(":")
            if place:
                found = nodes[int(place)] if place.isdecimal() and int(place) < len(nodes) else None
            else:
                found = next((node for node in nodes if node.name == name), None)
            if found is None or found.name != name:
                return None
            nodes = found.children
        return found

    def troubles(self) -> Iterator[Trouble]:
        """Yield what is wrong, from the first octet to the last."""
        for node in self.walk():
            yield from node.troubles


def _offset(node: Any) -> int:
    offset: int = node.offset
    return offset
