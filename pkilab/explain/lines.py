"""An explanation as lines of text for a terminal: an overview in sentences, every octet, or one field in full."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pkilab.errors.visible import visible
from pkilab.explain import summary, wording
from pkilab.explain.node import Node
from pkilab.explain.reading import Explained, Part
from pkilab.explain.schema import Of, Tagged
from pkilab.explain.tell import tell
from pkilab.explain.tree import Tree
from pkilab.explain.trouble import Trouble

SHOWN = 12
"""Entries of a list that an overview tells."""
MOST = 1000
"""Lines of an overview; a certificate has 20 to 60."""
TROUBLES = 20
_WIDTH = 16
_WHOLE = {"Name", "AlgorithmIdentifier", "SubjectPublicKeyInfo", "Extension", "CertID", "Attribute", "PrivateKeyInfo"}
"""Types that an overview tells in one sentence."""


def overview(value: Explained, *, secrets: bool = False) -> Iterator[str]:
    """Yield each object's fields, a sentence each, and what is wrong."""
    for at, part in enumerate(value.parts):
        if at:
            yield ""
        yield from _overview(part, secrets=secrets)


def octets(value: Explained, *, secrets: bool = False) -> Iterator[str]:
    """Yield every node with its own octets in hex; those of secrets as dots."""
    for at, part in enumerate(value.parts):
        if at:
            yield ""
        yield from _octets(part, secrets=secrets)


def full(node: Node, *, secrets: bool = False) -> Iterator[str]:
    """Yield all that is told of one node."""
    told = tell(node, secrets=secrets)
    yield visible(told.title)
    yield visible(f"  {node.path}, {wording.counted(node.header + node.length, 'octet')} from {node.offset} on")
    yield ""
    yield visible(told.here)
    yield visible(f"What for: {told.purpose}")
    if told.without:
        yield visible(f"Without: {told.without}")
    for trouble in told.troubles:
        yield visible(f"! At octet {trouble.offset}: {trouble.says}")
    if told.clauses:
        yield visible(" · ".join(told.clauses))


def _overview(part: Part, *, secrets: bool) -> Iterator[str]:
    yield from heading(part)
    for node, deep in chosen(part.tree):
        told = tell(node, secrets=secrets)
        yield visible("  " * (deep + 1) + f"{told.title}: {told.here}")
    wrong, more = troubles(part)
    for trouble in wrong:
        clause = f" ({trouble.clause})" if trouble.clause else ""
        yield visible(f"! At octet {trouble.offset}: {trouble.says}{clause}")
    if more:
        yield "! There is more; --bytes shows it beside its octets."
    for each in part.opened:
        yield ""
        yield from _overview(each, secrets=secrets)


def troubles(part: Part) -> tuple[list[Trouble], bool]:
    """Return the first of what is wrong in an object, and whether there is more."""
    found = list(islice(part.tree.troubles(), TROUBLES + 1))
    return found[:TROUBLES], len(found) > TROUBLES


def heading(part: Part) -> Iterator[str]:
    """Yield what an object is, and sentences of what is odd about it as a whole."""
    yield visible(f"This is {part.said}.")
    if part.remark:
        yield visible(f"! {part.remark}")
    if part.closed_as:
        yield visible(f"! It cannot be opened here: {part.closed_as}.")
    elif part.sealed and not part.opened:
        yield "  A password seals what it holds; with the password it is explained too."


def chosen(tree: Tree) -> Iterator[tuple[Node, int]]:
    """Yield the nodes that an overview tells, at most `MOST`, and how deep they are set in, one step at a time."""
    return islice(_chosen(tree), MOST)


def _chosen(tree: Tree) -> Iterator[tuple[Node, int]]:
    waiting = [(top, 0) for top in reversed(tree.tops)]
    while waiting:
        node, deep = waiting.pop()
        below = _below(node)
        if isinstance(node.type, Tagged) and _in_one(below):
            below = ()
        if not isinstance(node.type, Tagged) or not below:
            yield node, deep
            deep += 1
        if isinstance(node.type, Of) and node.type.name != "Extensions" and len(below) > SHOWN:
            below = below[:SHOWN]
        waiting.extend((child, deep) for child in reversed(below))


def _below(node: Node) -> tuple[Node, ...]:
    """Return the nodes in `node` that are told by themselves."""
    below = node.children
    signed = bool(below) and below[0].type.name == "ECDSA-Sig-Value"
    if node.type.name == "Attribute" and not node.nonsense:
        return _wishes(node)
    return () if node.type.name in _WHOLE or node.nonsense or signed else below


def _wishes(attribute: Node) -> tuple[Node, ...]:
    """Return the extensions that a request wishes for, if that is what an attribute is about."""
    values = attribute.child("values")
    first = next(iter(values.children), None) if values is not None else None
    return first.children if first is not None and first.type.name == "Extensions" else ()


def _in_one(below: tuple[Node, ...]) -> bool:
    """Tell whether what an explicit tag wraps is told in the tag's own sentence: a value, or a name."""
    while len(below) == 1 and isinstance(below[0].type, Tagged):
        below = below[0].children
    return len(below) == 1 and (not below[0].children or below[0].type.name == "Name")


def _octets(part: Part, *, secrets: bool) -> Iterator[str]:
    yield from heading(part)
    for node in part.tree.walk():
        hidden = summary.secret(node) and not secrets
        start, end = node.owned
        shown = min(end, start + _WIDTH)
        octets = part.tree.data[start:shown].hex(" ").upper()
        if hidden:
            header = b"" if part.tree.damaged else part.tree.data[start : min(node.start, shown)]
            octets = " ".join(filter(None, (header.hex(" ").upper(), *[".."] * (shown - start - len(header)))))
        more = "…" if end > shown else ""
        line = summary.line(node, secrets=secrets)
        yield visible(f"{start:6}  {octets + more:<{3 * _WIDTH}}  {'  ' * node.depth}{line}").rstrip()
        for trouble in node.troubles:
            yield visible(f"{trouble.offset:6}  {'':<{3 * _WIDTH}}  {'  ' * node.depth}! {trouble.says}")
    for each in part.opened:
        yield ""
        yield from _octets(each, secrets=secrets)
