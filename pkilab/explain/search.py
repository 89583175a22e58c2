"""Finding a node by what people call it: a field's name, an extension's, a value, or an octet's offset."""

from __future__ import annotations

from collections.abc import Iterator

from pkilab.explain import summary, values
from pkilab.explain.node import Node
from pkilab.explain.reading import Explained, Part
from pkilab.explain.schema import Field, Type
from pkilab.explain.tree import Tree
from pkilab.explain.words.lookup import named
from pkilab.x509 import der

MANY = 200
_SMALL = 64
"""Octets of an element that is not looked at again where the same octets stand in the same place once more."""
_KNOWN = 4096
"""Such elements that are remembered."""
_DIGITS = 60
_NUMBERED = {"Extension", "AttributeTypeAndValue", "Attribute"}
"""Types that go by the name of the number in them."""


def search(found: Explained, what: str) -> Node | None:
    """Return the node that owns the octet at an offset (decimal, or hex as 0x1F), or the first that `matches`.

    Offsets count from the first octet of the first object; what a password opened is searched after all others.
    """
    number = _offset(what)
    if number is not None:
        tree = found.tree
        return tree.at(number) if number < len(tree.data) else None
    return next((node for tree in _trees(found.parts) for node in matches(tree, what, 1)), None)


def matches(tree: Tree, what: str, limit: int = MANY) -> list[Node]:
    """Return the nodes that go by a name, else those whose name or value holds it; letter case ignored.

    Nothing is found by an empty name. At most `limit` of them.
    """
    hunt = Hunt(tree, what, limit)
    hunt.go()
    return hunt.found


class Hunt:
    """A search that can be stopped and goes on where it stopped.

    Numbers that stand there as such are found at once by their octets. For all else nodes are looked at in their order;
    what repeats itself, as the reasons in a revocation list do, is looked at once.
    """

    def __init__(self, tree: Tree, what: str, limit: int = MANY) -> None:
        self.tree = tree
        self._wanted = what.strip().casefold()
        self._limit = limit
        self._enough = max(limit, MANY)
        self._exact: list[Node] = []
        self._loose: list[Node] = []
        self._barren: set[tuple[Field, Type, bytes]] = set()
        self._called: dict[tuple[str, str], bool] = {}
        self._waiting: list[Node] = []
        self.looked = 0
        """How many nodes were looked at so far."""
        self.over = not self._wanted
        """Whether there is nothing more to look at, or enough was found."""
        if self._wanted:
            self._exact = _numbers(tree, self._wanted, limit)
            self._waiting = list(reversed(tree.tops))
            self.over = bool(self._exact)

    @property
    def found(self) -> list[Node]:
        """Return what goes by the name exactly, else what holds it; in the order of their octets."""
        return self._exact or self._loose[: self._limit]

    @property
    def reached(self) -> int:
        """Return the offset up to which everything was looked at."""
        return len(self.tree.data) if self.over else self._waiting[-1].offset

    def go(self, most: int = 0) -> bool:
        """Look at `most` more nodes, or at all of them; return whether that was the last of it."""
        end = self.looked + most if most else 0
        while self._waiting and not self.over and (not end or self.looked < end):
            node = self._waiting.pop()
            if node.header + node.length <= _SMALL:
                self._small(node)  # no deeper than half its octets
            else:
                self._look(node)
                self._waiting.extend(reversed(node.children))
            self.over = len(self._exact) >= self._limit or len(self._loose) >= self._enough
        self.over = self.over or not self._waiting
        return self.over

    def _look(self, node: Node) -> bool:
        """Look at a node by itself; return whether it is what is wanted."""
        self.looked += 1
        if self._named(node):
            if len(self._exact) < self._limit:
                self._exact.append(node)
            return True
        # Where something goes by the very name, nobody asks for what merely holds it.
        if self._exact or self._wanted not in summary.line(node).casefold():
            return False
        if len(self._loose) < self._enough:
            self._loose.append(node)
        return True

    def _named(self, node: Node) -> bool:
        if node.type.name in _NUMBERED:
            return self._wanted in {name.casefold() for name in _names(node)}
        key = node.name, node.type.name
        known = self._called.get(key)
        if known is None:
            known = self._called[key] = self._wanted in {name.casefold() for name in key}
        return known

    def _small(self, node: Node) -> bool:
        """Look at a small element and all in it, unless the same was looked at; return whether anything was found."""
        key = (node.field, node.type, node.raw) if node.constructed and not self.tree.private else None
        if key in self._barren:
            return False
        found = self._look(node)
        for child in node.children:
            found = self._small(child) or found
        if key is not None and not found and len(self._barren) < _KNOWN:
            self._barren.add(key)
        return found


def _numbers(tree: Tree, wanted: str, limit: int) -> list[Node]:
    """Return the numbers that are what was written, in decimal or in hex: found by their octets, without the rest."""
    found: list[Node] = []
    for value in _readings(wanted):
        octets = der.integer(value)
        at = tree.data.find(octets)
        while at >= 0 and len(found) < limit:
            node = tree.at(at)
            if node.offset == at and values.number(node) == value and not summary.secret(node):
                found.append(node)
            at = tree.data.find(octets, at + 1)
    return found


def _readings(wanted: str) -> tuple[int, ...]:
    """Return the numbers that a text can mean: short hex without 0x is none, as words can look like it."""
    digits = wanted.replace(":", "").replace(" ", "")
    if len(digits) > _DIGITS or not digits.isascii():
        return ()
    try:
        if wanted.isdecimal():
            # A serial number in hex may have no letter in it.
            return (int(wanted), int(wanted, 16)) if len(wanted) >= 16 else (int(wanted),)
        hexadecimal = digits.removeprefix("0x")
        return (int(hexadecimal, 16),) if len(hexadecimal) >= 8 or digits != hexadecimal else ()
    except ValueError:
        return ()


def _names(node: Node) -> tuple[str, ...]:
    """Return what a node is called: its field, its path, and of an extension or attribute the name of its number."""
    if node.type.name in _NUMBERED and node.children:
        dotted = values.oid(node.children[0])
        known = named(dotted)
        return (node.name, dotted, known.name if known else "", known.title if known else "")
    return (node.name, node.type.name)


def _offset(what: str) -> int | None:
    text = what.strip().lower()
    try:
        return int(text, 16) if text.startswith("0x") else int(text) if text.isdecimal() else None
    except ValueError:
        return None


def _trees(parts: tuple[Part, ...]) -> Iterator[Tree]:
    for part in parts:
        yield part.tree
    for part in parts:
        yield from _trees(part.opened)
