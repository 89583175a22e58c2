"""What differs between two objects: field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from pkilab.explain import summary, values
from pkilab.explain.node import Node
from pkilab.explain.schema import Of
from pkilab.explain.tell import extension_of, tell
from pkilab.explain.tree import Tree
from pkilab.explain.words.lookup import named

MANY = 500
"""Differences that are told."""
_WHOLE = {"Name", "AlgorithmIdentifier", "SubjectPublicKeyInfo", "RevokedCertificate", "AttributeTypeAndValue"}
"""Types that are told as a whole if anything in them differs."""
_APART = 4
"""Octets that are shown of what differs where two fields read the same."""
_REQUESTS = {"1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"}


class Difference(StrEnum):
    """How two objects differ in a field."""

    CHANGED = "changed"
    ONLY_LEFT = "only in the first"
    ONLY_RIGHT = "only in the second"
    ORDER = "in another order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A difference: which field, how, what each says (empty where it is absent), and a sentence."""

    field: str
    kind: Difference
    left: str
    right: str
    says: str
    left_node: Node | None = None
    right_node: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two objects side by side. `same` names the fields in which they agree; `equal`: octet for octet."""

    equal: bool
    same: tuple[str, ...]
    differences: tuple[Compared, ...]


def compare(left: Tree, right: Tree) -> Comparison:
    """Return what differs between two objects, in the order of the first one's octets; secrets are not told.

    A certificate and the request that it was issued from are compared by what they share: subject, key, extensions.
    """
    if left.data == right.data:
        return Comparison(equal=True, same=(), differences=())
    pairs = list(_pairs(left.root, right.root))
    found = tuple(islice(_differences(pairs), MANY))
    told = {each.field for each in found}
    same = tuple(
        _called(one)
        for one, other in pairs
        if one is not None and other is not None and one.raw == other.raw and _called(one) not in told
        if one.key != "Extension.extnID"  # a part of an extension that differs, which is named
    )
    return Comparison(equal=False, same=same, differences=found)


_Pair = tuple[Node | None, Node | None]


def _pairs(left: Node, right: Node) -> Iterator[_Pair]:
    """Yield what stands for the same in two objects: the parts of their signed parts, extension by extension."""
    if left.type.name == right.type.name:
        yield from _same_type(left, right)
        return
    shared = _shared(left), _shared(right)
    if not shared[0] or not shared[1]:
        yield left, right
        return
    for name in dict.fromkeys((*shared[0], *shared[1])):
        yield shared[0].get(name), shared[1].get(name)


def _same_type(left: Node, right: Node) -> Iterator[_Pair]:
    """Yield pairs of the smallest fields that people speak of; no recursion, as objects can be deep."""
    waiting: list[_Pair] = [(left, right)]
    while waiting:
        one, other = waiting.pop()
        if one is None or other is None or one.raw == other.raw or _is_leaf(one) or _is_leaf(other):
            yield one, other
            continue
        below = _matched(one.children, other.children, listed=isinstance(one.type, Of))
        waiting.extend(reversed(below))


def _is_leaf(node: Node) -> bool:
    return not node.children or node.type.name in _WHOLE or node.nonsense or summary.secret(node)


def _matched(left: Sequence[Node], right: Sequence[Node], *, listed: bool) -> list[_Pair]:
    """Return what belongs together: fields by name, extensions and attributes by number, items by value."""
    keys = _keys(left, listed=listed), _keys(right, listed=listed)
    others = dict(zip(keys[1], right, strict=True))
    pairs: list[_Pair] = [(node, others.get(key)) for key, node in zip(keys[0], left, strict=True)]
    there = set(keys[0])
    pairs += [(None, node) for key, node in zip(keys[1], right, strict=True) if key not in there]
    return pairs


def _keys(nodes: Sequence[Node], *, listed: bool) -> list[str]:
    """Return a key for each node; the same key a second time is counted."""
    seen: dict[str, int] = {}
    found = []
    for node in nodes:
        key = _key(node, listed=listed)
        count = seen.get(key, 0)
        seen[key] = count + 1
        found.append(f"{key}#{count}" if count else key)
    return found


def _key(node: Node, *, listed: bool) -> str:
    if node.type.name in {"Extension", "Attribute", "AttributeTypeAndValue"} and node.children:
        return values.oid(node.children[0]) or node.raw.hex()
    if node.type.name == "RevokedCertificate" and node.children:
        return node.children[0].raw.hex()
    return node.raw.hex() if listed else node.name


def _shared(root: Node) -> dict[str, Node]:
    """Return what certificates and requests have in common, by the certificate's names; {} of anything else."""
    if root.type.name == "Certificate":
        signed, names = root.child("tbsCertificate"), ("subject", "subjectPublicKeyInfo")
        extensions = signed.child("extensions", "Extensions") if signed is not None else None
    elif root.type.name == "CertificationRequest":
        signed, names = root.child("certificationRequestInfo"), ("subject", "subjectPKInfo")
        extensions = _wished(signed)
    else:
        return {}
    if signed is None:
        return {}
    fields = ("subject", "subjectPublicKeyInfo")
    found = {field: node for field, name in zip(fields, names, strict=True) if (node := signed.child(name)) is not None}
    for extension in extensions.children if extensions is not None else ():
        found[values.oid(next(iter(extension.children), None))] = extension
    return found


def _wished(info: Node | None) -> Node | None:
    """Return the extensions that a request asks for."""
    attributes = info.child("attributes") if info is not None else None
    for attribute in attributes.children if attributes is not None else ():
        if values.oid(next(iter(attribute.children), None)) in _REQUESTS:
            return attribute.first("Extensions") or attribute.first("value")
    return None


# ------------------------------------------------------------------ in words


def _differences(pairs: Sequence[_Pair]) -> Iterator[Compared]:
    for left, right in pairs:
        if left is not None and right is not None:
            if left.raw != right.raw:
                yield _changed(left, right)
        elif left is not None:
            said = _said(left)
            says = _mark(left, "first") or f"{_title(left)} is only in the first: {said}."
            yield _one(left, Difference.ONLY_LEFT, left=said, says=says, left_node=left)
        elif right is not None:
            said = _said(right)
            says = _mark(right, "second") or f"{_title(right)} is only in the second: {said}."
            yield _one(right, Difference.ONLY_RIGHT, right=said, says=says, right_node=right)


def _changed(left: Node, right: Node) -> Compared:
    before, after = _said(left), _said(right)
    seen = _apart(left, right) if before == after else (before, after)
    title = _title(left)
    if summary.secret(left) or summary.secret(right):
        says = f"{title} differs; the values are secret."
    elif (
        sorted(child.raw for child in left.children) == sorted(child.raw for child in right.children) and left.children
    ):
        says = f"{title} says the same in another order: {before}."
        return _one(left, Difference.ORDER, left=before, right=after, says=says, left_node=left, right_node=right)
    elif before == after and left.type.name == "SubjectPublicKeyInfo":
        says = f"{title} is another one; both are {before}."
    elif before == after:
        says = f"{title} reads the same, {before}, but its octets differ."
    else:
        says = f"{title} is {before} in the first, {after} in the second."
    return _one(left, Difference.CHANGED, left=seen[0], right=seen[1], says=says, left_node=left, right_node=right)


def _apart(left: Node, right: Node) -> tuple[str, str]:
    """Return what two fields say that read the same, each with its octets from the first one that differs."""
    if any(summary.secret(node) or node.tree.private or node.tree.wary for node in (left, right)):
        return _said(left), _said(right)
    pairs = enumerate(zip(left.raw, right.raw, strict=False))
    at = next((at for at, (one, other) in pairs if one != other), min(len(left.raw), len(right.raw)))
    found = [(node.offset + at, node.raw[at : at + _APART]) for node in (left, right)]
    told = [f"from octet {begin} on: {octets.hex(' ').upper()}" if octets else "no more" for begin, octets in found]
    return f"{_said(left)}; {told[0]}", f"{_said(right)}; {told[1]}"


def _one(
    node: Node,
    kind: Difference,
    *,
    says: str,
    left: str = "",
    right: str = "",
    left_node: Node | None = None,
    right_node: Node | None = None,
) -> Compared:
    return Compared(
        field=_called(node),
        kind=kind,
        left=left,
        right=right,
        says=says[:1].upper() + says[1:],
        left_node=left_node,
        right_node=right_node,
    )


def _said(node: Node) -> str:
    said = summary.of(node)
    # The name of an extension is in the sentence already.
    return said.partition(": ")[2] or said if node.type.name == "Extension" else said


def _title(node: Node) -> str:
    critical = node.child("critical") if node.type.name == "Extension" else None
    mark = " (critical)" if critical is not None and values.truth(critical) else ""
    title, round_it = tell(node).title, _round(node)
    return title + mark if round_it in {"", title} else f"{title} of the {_small(round_it)}"


def _round(node: Node) -> str:
    """Return the title of the extension that `node` lies in; "" if it lies in none."""
    above = node.parent
    while above is not None and above.type.name != "Extension":
        above = above.parent
    return tell(above).title if above is not None else ""


def _small(title: str) -> str:
    """Return a title as it stands in the midst of a sentence."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _mark(node: Node, place: str) -> str:
    """Return what it says that an extension is marked as critical only there; "" of anything else."""
    return f"{_round(node)} is critical only in the {place}." if node.key == "Extension.critical" else ""


def _called(node: Node) -> str:
    """Return the name of a field, in an extension after its name; of an extension or attribute that of its number."""
    if node.type.name in {"Extension", "Attribute", "AttributeTypeAndValue"} and node.children:
        dotted = values.oid(node.children[0])
        known = named(dotted)
        return known.name if known else dotted
    above = node.parent
    while above is not None and above.type.name != "Extension":
        above = above.parent
    if above is None:
        return node.name
    # A field of an extension is called with it; what an extension holds as a whole, as a key identifier, by its name.
    return _called(above) if extension_of(node) is not None else f"{_called(above)}.{node.name}"
