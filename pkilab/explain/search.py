"""Finding a node by what people call it: a field's name, an extension's, a value, or an octet's offset."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pkilab.explain import summary, values
from pkilab.explain.node import Node
from pkilab.explain.reading import Explained, Part
from pkilab.explain.tree import Tree
from pkilab.explain.words.lookup import named

MANY = 200


def search(found: Explained, what: str) -> Node | None:
    """Return the node that owns the octet at an offset (decimal, or hex as 0x1F), or the first that `matches`.

    Offsets count from the first octet of the first object; what a password opened is searched after all others.
    """
    number = _offset(what)
    if number is not None:
        tree = found.tree
        return tree.at(number) if number < len(tree.data) else None
    return next((node for tree in _trees(found.parts) for node in matches(tree, what)), None)


def matches(tree: Tree, what: str, limit: int = MANY) -> Iterator[Node]:
    """Yield the nodes that go by a name, exactly first, then those whose name or value holds it; letter case ignored.

    Nothing is yielded for an empty name. At most `limit` of them.
    """
    wanted = what.strip().casefold()
    if not wanted:
        return
    exact = (node for node in tree.walk() if wanted in {name.casefold() for name in _names(node)})
    found = list(islice(exact, limit))
    yield from found
    if not found:
        yield from islice((node for node in tree.walk() if wanted in summary.line(node).casefold()), limit)


def _names(node: Node) -> tuple[str, ...]:
    """Return what a node is called: its field, its path, and of an extension or attribute the name of its number."""
    if node.type.name in {"Extension", "AttributeTypeAndValue", "Attribute"} and node.children:
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
