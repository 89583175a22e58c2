"""Whether a node has a place that its schema knows, so that it is told what it holds."""

from __future__ import annotations

from pkilab.explain.node import Node
from pkilab.explain.schema import ANY, Tagged


def placed(node: Node) -> bool:
    """Tell whether `node` is a field of a known type, or what a tag or a string holds by the schema.

    What follows from a number that is not known here, or stands where nothing should, has no place.
    """
    if node.field.owner:
        return True
    above = node.parent
    if above is None or above.children[0] is not node:
        return False
    inner = above.type.inner.type if isinstance(above.type, Tagged) else getattr(above.type, "inner", None)
    return inner is not None and inner is not ANY and placed(above)
