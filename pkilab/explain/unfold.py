"""From an element's content to the nodes in it: which octets are which field of which type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pkilab.explain import header as headers
from pkilab.explain.node import MAX_DEPTH, MAX_NODES, Node
from pkilab.explain.schema import ANY, UNIVERSAL, By, Choice, Field, Fields, Later, Of, Simple, Tagged, Type, simple
from pkilab.explain.trouble import Trouble

if TYPE_CHECKING:
    from pkilab.explain.tree import Tree

NONSENSE = Field(name="nonsense", type=Type(name="no element"))
BEHIND = Field(name="trailing octets", type=Type(name="no element"))
REST = Field(name="more octets", type=Type(name="no element"))
HIDDEN = Field(name="hidden octets", type=Type(name="no element"))
CLOSING = Field(name="end of contents", type=simple("END-OF-CONTENTS"))
SEGMENT = Field(name="segment", type=ANY)
_ITEM = Field(name="", type=ANY)
_UNIVERSAL: dict[int, Type] = {number: simple(name) for name, number in UNIVERSAL.items()}
_UNIVERSAL[16] = Of(name="SEQUENCE", item=_ITEM)
_UNIVERSAL[17] = Of(name="SET", item=_ITEM, is_set=True)
_TOO_MANY = (
    f"{MAX_NODES:,} elements of this object have been taken apart; no more are, and what stands here is left as it is."
)
_ODD = {"unexpected", "another-type"}
_NOT_TOLD = "What stands here is not what should. It may be a piece of the secret, so it is not taken apart."
_CLASSES = ("", "APPLICATION ", "", "PRIVATE ")


def nothing(tree: Tree, says: str) -> tuple[Node, ...]:
    """Return the one node of octets that are nonsense from the first on."""
    return (_nonsense(tree, None, 0, len(tree.data), Trouble("no-der", 0, says, "X.690 §8.1")),)


def tops(tree: Tree, field: Field) -> tuple[Node, ...]:
    """Return the nodes at the top: one element, and whatever else stands behind it."""
    size = len(tree.data)
    if not size:
        says = "There is not a single octet."
        note = Trouble("empty", 0, says, "X.690 §8.1")
        return (Node(tree, None, NONSENSE, NONSENSE.type, (0, 0, 0), 0, 0, (note,)),)
    found = headers.read(tree.data, 0, size, tree.ends)
    if isinstance(found, headers.Nonsense):
        return (_nonsense(tree, None, 0, size, found.trouble),)
    top = _element(tree, None, 0, found, field, {})
    if top.end == size:
        return (top,)
    says = f"{size - top.end:,} octets stand behind the end of what begins at 0; they belong to nothing."
    note = Trouble("trailing-octets", top.end, says, "X.690 §8.1")
    return top, Node(tree, None, BEHIND, BEHIND.type, (top.end, 0, size - top.end), 0, 0, (note,))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes in `node`."""
    if node.nonsense or node.depth >= MAX_DEPTH or node.tree.made >= MAX_NODES:
        return ()
    if node.tree.private and _is_loose(node.type):
        return ()
    found: tuple[Node, ...] = ()
    if node.constructed:
        found = _in_order(node, node.start, node.end)
    elif isinstance(node.type, Simple):
        found = _enclosed(node, node.type)
    node.tree.made += len(found)
    return found


def missing(node: Node) -> Iterator[Trouble]:
    """Yield the fields that `node` has to have, but has not, and that it is nested too deep."""
    if node.constructed and node.depth >= MAX_DEPTH and node.length:
        says = f"It lies {MAX_DEPTH} levels deep; nothing real does, and what it holds is not unfolded."
        yield Trouble("too-deep", node.offset, says, "")
        return
    if node.nonsense or not node.constructed:
        return
    if node.length and not node.children and node.tree.made >= MAX_NODES:
        yield Trouble("too-many", node.offset, _TOO_MANY, "")
    if _in_part(node):
        return
    there = {child.field.name for child in node.children if not child.nonsense}
    if isinstance(node.type, Fields):
        for field in node.type.fields:
            if not field.optional and not there & _called(field):
                says = f"{node.type.name} has to hold {field.name}, which is not there."
                yield Trouble("missing-field", node.offset, says, "")
    elif isinstance(node.type, Of) and node.type.some and not there:
        says = f"{node.type.name} has to hold at least one {node.type.item.name}; it is empty."
        yield Trouble("empty-list", node.offset, says, "")


def _is_loose(type_: Type) -> bool:
    """Tell whether a type is none that is known: whatever stands in it may be a piece of a secret."""
    if isinstance(type_, Of):
        return type_.item is _ITEM
    return isinstance(type_, Simple) and type_.secret


def _in_part(node: Node) -> bool:
    """Tell whether not everything in `node` was taken apart, so that nothing can be missed."""
    children, tree = node.children, node.tree
    if not children:
        return tree.made >= MAX_NODES or (tree.private and _is_loose(node.type))
    return bool(tree.most and len(children) >= tree.most) or children[-1].field in {REST, HIDDEN}


def _called(field: Field) -> set[str]:
    """Return the names under which a field can be there: its own, or those of its type's options."""
    type_ = field.type
    if isinstance(type_, Choice) and type_.shown and not field.explicit:
        return {field.name, *(option.name for option in type_.options)}
    return {field.name}


def concrete(type_: Type, identifier: int, known: dict[str, str]) -> tuple[Type, Field | None]:
    """Return the type that an element of this identifier octet has, and the option that was chosen for it, if shown."""
    shown = None
    for _ in range(8):
        if isinstance(type_, Later):
            type_ = type_.find()
        elif isinstance(type_, By):
            type_ = type_.find(known.get(type_.selector, ""))
        elif isinstance(type_, Choice):
            option = next((o for o in type_.options if o.tags is None or identifier in o.tags), None)
            if option is None:
                return Type(name=_plain(identifier).name, tags=type_.tags), shown
            if type_.shown:
                shown = option
            type_ = _of(option, known)
        else:
            break
    return (_plain(identifier), shown) if type_ is ANY else (type_, shown)


def _of(field: Field, known: dict[str, str]) -> Type:
    """Return the type of what stands in a field; an explicit tag is a type of its own."""
    if not field.explicit:
        return field.type
    inner = field.type
    while isinstance(inner, (By, Later)):
        inner = inner.find(known.get(inner.selector, "")) if isinstance(inner, By) else inner.find()
    name = inner.name if inner is not ANY else field.name
    return Tagged(name=f"[{field.tag}]", inner=Field(name=name, type=inner, tags=inner.tags))


def _plain(identifier: int) -> Type:
    """Return the type that an identifier octet says by itself."""
    number, kind = identifier & 0x1F, identifier >> 6
    if kind == 0:
        return _UNIVERSAL.get(number) or Type(name=f"[UNIVERSAL {number}]")
    name = f"[{_CLASSES[kind]}{number}]" if number != 0x1F else f"[{_CLASSES[kind]}…]"
    return Of(name=name, item=_ITEM) if identifier & headers.CONSTRUCTED else Type(name=name)


def _enclosed(node: Node, type_: Simple) -> tuple[Node, ...]:
    """Return what an OCTET STRING or BIT STRING holds, if that is DER."""
    start = node.start + (type_.base == "BIT STRING")
    if type_.inner is None or start >= node.end or (start > node.start and node.tree.data[node.start]):
        return ()
    found = headers.read(node.tree.data, start, node.end, node.tree.ends)
    fits = isinstance(found, headers.Header) and start + found.size + found.length == node.end and not found.troubles
    if not fits and not type_.sure:
        return ()
    if isinstance(found, headers.Nonsense):
        return (_nonsense(node.tree, node, start, node.end, found.trouble),)
    inner = Field(name=type_.inner.name, type=type_.inner, tags=type_.inner.tags)
    if type_.inner is ANY:
        inner = _ITEM
    child = _element(node.tree, node, start, found, inner, {})
    if child.end == node.end:
        return (child,)
    says = f"{node.end - child.end:,} octets stand behind the end of what {node.name} holds."
    trouble = Trouble("trailing-octets", child.end, says, "X.690 §8.1")
    return child, _nonsense(node.tree, node, child.end, node.end, trouble, BEHIND)


def _in_order(node: Node, start: int, end: int) -> tuple[Node, ...]:
    """Return the elements between `start` and `end`, each as the field that fits."""
    tree, ends = node.tree, node.tree.ends
    data = tree.data
    type_ = node.type
    known: dict[str, str] = {}
    place = 0
    found: list[Node] = []
    at = start
    last = end - 2 if node.indefinite and data[end - 2 : end] == headers.END_OF_CONTENTS and end - 2 >= start else end
    most, room = tree.most or last, MAX_NODES - tree.made
    while at < last and len(found) < most:
        if len(found) >= room:
            found.append(_nonsense(tree, node, at, end, Trouble("too-many", at, _TOO_MANY, ""), REST))
            return tuple(found)
        header = headers.read(data, at, last, ends)
        if isinstance(header, headers.Nonsense):
            found.append(_nonsense(tree, node, at, last, header.trouble))
            break
        if isinstance(type_, Of):
            child = _element(tree, node, at, header, type_.item, known)
        elif isinstance(type_, Fields):
            place, child = _next(node, type_, place, at, header, known)
            if child.field.name in type_.selectors:
                known[child.field.name] = _dotted(child)
        else:
            child = _element(tree, node, at, header, _single(type_, node, found), known)
        if tree.private and any(note.code in _ODD for note in child.troubles_as_read):
            found.append(_nonsense(tree, node, at, end, Trouble("not-told", at, _NOT_TOLD, ""), HIDDEN))
            return tuple(found)
        found.append(child)
        at = child.end
    if last < end and len(found) < most:
        found.append(_closing(node, last))
    return tuple(found)


def _closing(node: Node, at: int) -> Node:
    return Node(node.tree, node, CLOSING, CLOSING.type, (at, 2, 0), 0, 0)


def _single(type_: Type, node: Node, before: list[Node]) -> Field:
    """Return the field for what stands in an explicit tag, or in a string that is put together of segments."""
    if isinstance(type_, Tagged):
        return type_.inner if not before else Field(name="", type=ANY)
    if isinstance(type_, Simple) and type_.base in {"OCTET STRING", "BIT STRING"} and node.constructed:
        # A string in one segment holds what the whole string would.
        whole = not before and _segments(node) == 1
        return Field(
            name="segment", type=Simple(name=type_.base, base=type_.base, inner=type_.inner if whole else None)
        )
    return _ITEM


def _segments(node: Node) -> int:
    """Count the elements in `node`, up to two."""
    count, at = 0, node.start
    while at < node.end and count < 2:
        found = headers.read(node.tree.data, at, node.end, node.tree.ends)
        if isinstance(found, headers.Nonsense):
            break
        count, at = count + 1, at + found.size + found.length
    return count


def _next(  # noqa: PLR0917 - inside of a loop over every element
    node: Node, type_: Fields, place: int, at: int, header: headers.Header, known: dict[str, str]
) -> tuple[int, Node]:
    """Return the field after which to go on, and the node at `at` as the first field from `place` on that fits."""
    fields = type_.fields
    identifier = header.identifier
    look = place
    while look < len(fields):
        field = fields[look]
        tags = field.tags
        if tags is None or identifier in tags:
            return look + 1, _element(node.tree, node, at, header, field, known)
        if not field.optional:
            break
        look += 1
    # What does not fit may be a field that comes too late or too early; it is named if only one can be meant.
    plain = _plain(identifier).name
    later = next((n for n in range(look, len(fields)) if (t := fields[n].tags) is not None and identifier in t), None)
    if look < len(fields):
        says = f"{fields[look].name} of {type_.name} should stand here, not {plain}."
    else:
        says = f"{type_.name} has no further field, but {plain} follows."
    note = Trouble("unexpected", at, says, "")
    if later is not None:
        return later + 1, _element(node.tree, node, at, header, fields[later], known, note)
    # What stands in the place of a field is taken for it, so that the fields behind it keep their names.
    after = place if look >= len(fields) else look + 1
    return after, _element(node.tree, node, at, header, Field(name="", type=ANY), known, note)


def _dotted(child: Node) -> str:
    """Return the OBJECT IDENTIFIER that a field is, or that an AlgorithmIdentifier begins with."""
    from pkilab.explain import values

    node = child if child.number == 6 else next(iter(child.children), None)
    return values.dotted(node.content) or "" if node is not None else ""


def _element(  # noqa: PLR0917 - inside of a loop over every element
    tree: Tree,
    parent: Node | None,
    at: int,
    header: headers.Header,
    field: Field,
    known: dict[str, str],
    *more: Trouble,
) -> Node:
    """Return the node of an element that stands in `field`."""
    identifier = header.identifier
    notes = header.troubles + more if more else header.troubles
    type_ = field.type
    kind = type(type_)
    if field.explicit and field.tags and identifier in field.tags:
        type_ = _of(field, known)
    elif field.tag is not None and field.tags and identifier not in field.tags:
        type_ = _plain(identifier)
    elif kind is not Fields and kind is not Simple and kind is not Of:
        type_, shown = concrete(type_, identifier, known)
        if shown is not None:
            field = shown
    if type_.tags is not None and field.tag is None and identifier not in type_.tags:
        wanted = type_.name if type_.name != _plain(identifier).name else field.type.name
        says = f"{field.name or 'It'} should be {wanted}, but is {_plain(identifier).name}."
        notes = (*notes, Trouble("another-type", at, says, ""))
        type_ = _plain(identifier)
    if not field.name:
        field = Field(name=type_.name, type=type_, owner=field.owner)
    span = (at, header.size, header.length)
    return Node(tree, parent, field, type_, span, identifier, header.number, notes, header.indefinite)


def _nonsense(  # noqa: PLR0917 - as `Node`
    tree: Tree, parent: Node | None, at: int, end: int, trouble: Trouble, field: Field = NONSENSE
) -> Node:
    return Node(tree, parent, field, field.type, (at, 0, end - at), 0, 0, (trouble,))
