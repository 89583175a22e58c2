"""An explanation as plain values, for JSON and for a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pkilab.explain import summary
from pkilab.explain.node import Node
from pkilab.explain.reading import Explained, Part
from pkilab.explain.steps import steps
from pkilab.explain.tell import tell


def record(value: Explained, *, octets: bool = False, secrets: bool = False) -> dict[str, Any]:
    """Return all that is told of every object. With `octets` each node has its own in hex, secrets left out.

    Keys: `parts`, each with `kind`, `label`, `octets`, `sealed`, `remark`, `nodes` and `opened`; see `node`.
    """
    return {"parts": [_part(part, octets=octets, secrets=secrets) for part in value.parts]}


def node(value: Node, path: str, *, octets: bool = False, secrets: bool = False) -> dict[str, Any]:
    """Return what is told of one node: where it is, what it is, its value and its explanation."""
    told = tell(value, secrets=secrets)
    hidden = summary.secret(value) and not secrets
    # Of a secret the header is shown, not the content; of a damaged key what looks like a header may be secret.
    bare = hidden and (value.tree.damaged or value.tree.wary)
    found: dict[str, Any] = {
        "path": path,
        "depth": value.depth,
        "offset": value.offset,
        "header": value.header,
        "length": value.length,
        "tag": value.tree.data[value.offset : value.offset + 1].hex() if value.header and not bare else None,
        "field": value.name,
        "type": value.type.name,
        "value": summary.of(value, secrets=secrets),
        "title": told.title,
        "here": told.here,
        "purpose": told.purpose,
        "without": told.without,
        "clauses": list(told.clauses),
        "troubles": [trouble._asdict() for trouble in told.troubles],
    }
    if octets:
        start, end = value.owned
        shown = start if bare else value.start if hidden else end
        found["owned"] = value.tree.data[start:shown].hex()
    return found


def _part(part: Part, *, octets: bool, secrets: bool) -> dict[str, Any]:
    return {
        "kind": part.kind.name,
        "label": part.label,
        "octets": len(part.tree.data),
        "sealed": part.sealed,
        "closed_as": part.closed_as,
        "remark": part.remark,
        "nodes": [node(each, path, octets=octets, secrets=secrets) for path, each in _walked(part)],
        "opened": [_part(each, octets=octets, secrets=secrets) for each in part.opened],
    }


def _walked(part: Part) -> Iterator[tuple[str, Node]]:
    """Yield every node with its path, in the order of the octets."""
    waiting = list(reversed(list(zip(steps(part.tree.tops), part.tree.tops, strict=True))))
    while waiting:
        path, found = waiting.pop()
        yield path, found
        below = found.children
        waiting.extend(
            (f"{path}/{step}", child) for step, child in reversed(list(zip(steps(below), below, strict=True)))
        )
