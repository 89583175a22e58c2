"""Whether a node has a place that its schema knows, so that it is told what it holds."""

from __future__ import annotations

from pkilab.explain.node import Node
from pkilab.explain.schema import ANY, Simple, Tagged


def placed(node: Node) -> bool:
    """Tell whether `node` is a field of a known type, what a field's explicit tag wraps, or an extension's value.

    What follows from a number that is not known here, or stands where nothing should, has no place.
    """
    if node.field.owner:
        return True
    above = node.parent
    if above is None or not above.field.owner or above.children[0] is not node:
        return False
    if isinstance(above.type, Tagged):
        return above.type.inner.type is not ANY
    return above.key == "Extension.extnValue" and isinstance(above.type, Simple) and above.type.inner is not ANY
