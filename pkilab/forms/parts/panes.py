"""What the panes of a lens show of a tree: rows, octets without secrets, hits of a search. Plain values, no widget."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

from pkilab.explain import search, summary
from pkilab.explain.node import Node
from pkilab.explain.tell import tell
from pkilab.explain.tree import Tree
from pkilab.views.escape import visible

ROWS = 200
"""Rows that are handed over at once."""
OCTETS = 4096
"""Octets that are handed over at once."""
HITS = 500
"""Hits of a search that are kept."""
_LINE = 300
_SMALL = 64 * 1024
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[\s:]*)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a search found: a node, and the octets that are meant."""

    node: Node
    start: int
    end: int


class Panes:
    """A tree as a page asks for it, piece by piece. Nodes have numbers; only those that were shown can be named."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._shown: list[Node] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self.hidden = _hidden(tree)
        """Octets that are not shown, as offsets and ends, in order."""

    def node(self, number: int) -> Node | None:
        """Return the node of a number that was handed out; None for any other."""
        return self._shown[number] if 0 <= number < len(self._shown) else None

    def below(self, node: Node | None) -> Sequence[Node]:
        """Return the nodes in a node, or those at the top."""
        return self.tree.tops if node is None else node.children

    def rows(self, node: Node | None, begin: int) -> list[dict[str, Any]]:
        """Return some rows of what lies in a node, from one on."""
        return [self.row(child) for child in self.below(node)[begin : begin + ROWS]]

    def row(self, node: Node) -> dict[str, Any]:
        """Return what the line of a node says, in words that can be seen."""
        name, _, value = summary.line(node).partition(": ")
        return {
            "id": self._number(node),
            "name": visible(name[:_LINE]) or "element",
            "value": visible(value[:_LINE]),
            "kids": len(node.children),
            "from": node.offset,
            "to": node.end,
            "bad": bool(node.troubles),
        }

    def trail(self, node: Node) -> list[dict[str, Any]]:
        """Return the rows from the top down to a node, each with its place among its siblings."""
        found: list[dict[str, Any]] = []
        each: Node | None = node
        while each is not None:
            siblings = self.below(each.parent)
            place = bisect_right(siblings, each.offset, key=lambda one: one.offset) - 1
            found.append({"row": self.row(each), "index": place, "of": len(siblings)})
            each = each.parent
        return found[::-1]

    def octets(self, begin: int) -> tuple[bytes, list[list[int]]]:
        """Return octets from one on, those of secrets as zeros, and where these are."""
        end = min(begin + OCTETS, len(self.tree.data))
        found = bytearray(self.tree.data[begin:end])
        dots = []
        for start, stop in self._hidden_in(begin, end):
            first, last = max(start, begin), min(stop, end)
            if first < last:
                found[first - begin : last - begin] = bytes(last - first)
                dots.append([first, last])
        return bytes(found), dots

    def explanation(self, node: Node) -> dict[str, Any]:
        """Return all that is told of a node."""
        told = tell(node)
        return {
            "title": visible(told.title),
            "here": visible(told.here),
            "purpose": visible(told.purpose),
            "without": visible(told.without),
            "clauses": [visible(clause) for clause in told.clauses],
            "troubles": [{"at": each.offset, "says": visible(each.says)} for each in told.troubles],
            "path": visible(_short(node.path)),
            "header": node.header,
            "length": node.length,
        }

    def hunt(self, text: str) -> search.Hunt:
        """Return the search for names and values; `hits` tells what it has found. Secrets are not looked through."""
        return search.Hunt(self.tree, text, HITS)

    @staticmethod
    def hits(hunt: search.Hunt) -> list[Hit]:
        """Return what was found so far."""
        return [Hit(node=node, start=node.offset, end=node.end) for node in hunt.found]

    def find(self, text: str) -> list[Hit]:
        """Return where octets stand that are written in hex. Secrets are not looked through."""
        if not _HEX.fullmatch(text.strip()):
            return []
        return self._octet_hits(bytes.fromhex(text.replace(":", " ")))

    def _octet_hits(self, wanted: bytes) -> list[Hit]:
        found: list[Hit] = []
        at = self.tree.data.find(wanted)
        while at >= 0 and len(found) < HITS:
            end = at + len(wanted)
            if not self._hidden_in(at, end):
                found.append(Hit(node=self.tree.at(at), start=at, end=end))
            at = self.tree.data.find(wanted, at + 1)
        return found

    def _hidden_in(self, begin: int, end: int) -> list[tuple[int, int]]:
        """Return what is hidden between two octets, as offsets and ends."""
        found = []
        for each in islice(self.hidden, bisect_right(self.hidden, begin, key=itemgetter(1)), None):
            if each[0] >= end:
                break
            found.append(each)
        return found

    def _number(self, node: Node) -> int:
        """Return the number of a node. Two threads may unfold the same one: its place tells it, not its object."""
        key = (node.depth, node.offset)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._shown)
            self._shown.append(node)
        return number


def _hidden(tree: Tree) -> tuple[tuple[int, int], ...]:
    """Return what is secret: of a node its content, of a damaged key also what looks like a header. Neighbours as one.

    Public objects of known types that are large are not gone through.
    """
    if not (tree.private or tree.wary or len(tree.data) <= _SMALL):
        return ()
    found: list[tuple[int, int]] = []
    for node in tree.walk():
        if summary.secret(node):
            start, end = node.owned
            start = start if tree.damaged else min(node.start, end)
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
    return tuple(found)


def _short(path: str) -> str:
    return path if len(path) <= _LINE else f"… {path[-_LINE:]}"
