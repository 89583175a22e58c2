"""Changing a node and encoding everything round it again; pure, and never stored as issued."""

from __future__ import annotations

from pkilab.explain.node import Node
from pkilab.explain.tree import Tree
from pkilab.x509 import der


def replaced(node: Node, octets: bytes) -> bytes:
    """Return the tree's octets with `octets` in the place of `node`, and every length round it written anew.

    `octets` may be anything, also nonsense or nothing. Lengths round it become definite and minimal, as DER wants;
    everything that does not lie round it stays as it is.
    """
    return _spliced(node, node.offset, node.end, octets)


def content(node: Node, octets: bytes) -> bytes:
    """Return the tree's octets with `octets` as the content of `node`."""
    return replaced(node, element(node.raw[:1], octets) if node.header else octets)


def inserted(node: Node, octets: bytes, *, at: int | None = None) -> bytes:
    """Return the tree's octets with `octets` in `node`, before its child number `at`, else as the last.

    Raises:
        IndexError: there is no such child.
    """
    children = node.children
    if at is not None and at < len(children):
        place = children[at].offset
    elif at is None or at == len(children):
        place = node.end - (2 if node.indefinite else 0)
    else:
        raise IndexError(at)
    return _spliced_in(node, place, place, octets)


def patched(tree: Tree, offset: int, octet: int) -> bytes:
    """Return the tree's octets with the one at `offset` replaced; nothing else is touched, no length either.

    Raises:
        IndexError: there is no such octet.
    """
    if not 0 <= offset < len(tree.data):
        raise IndexError(offset)
    return tree.data[:offset] + bytes((octet,)) + tree.data[offset + 1 :]


def element(tag: bytes, octets: bytes) -> bytes:
    """Return an element of that tag, with its length as DER writes it."""
    return tag + der.element(0, octets)[1:]


def _spliced(node: Node, start: int, end: int, octets: bytes) -> bytes:
    above = node.parent
    if above is None:
        return node.tree.data[:start] + octets + node.tree.data[end:]
    return _spliced_in(above, start, end, octets)


def _spliced_in(node: Node, start: int, end: int, octets: bytes) -> bytes:
    """Put octets into the content of `node` in the place of those from `start` to `end`, then mend what is above."""
    data = node.tree.data
    above: Node | None = node
    while above is not None:
        last = above.end - (2 if above.indefinite and data[above.end - 2 : above.end] == b"\0\0" else 0)
        tag = data[above.offset : above.offset + _tag_octets(above)]
        octets = element(tag, data[above.start : start] + octets + data[end:last])
        start, end, above = above.offset, above.end, above.parent
    return data[:start] + octets + data[end:]


def _tag_octets(node: Node) -> int:
    """Return how many octets the tag of `node` takes."""
    if node.identifier & 0x1F != 0x1F:
        return 1
    at = node.offset + 1
    while node.tree.data[at] & 0x80:
        at += 1
    return at + 1 - node.offset
