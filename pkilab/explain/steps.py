"""The names of nodes beside one another, told apart where they are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkilab.explain.node import Node


def steps(nodes: Sequence[Node]) -> list[str]:
    """Return a name for each node: its own, and where several have it with its place after a colon."""
    often = Counter(node.name for node in nodes)
    return [node.name if often[node.name] == 1 else f"{node.name}:{at}" for at, node in enumerate(nodes)]
