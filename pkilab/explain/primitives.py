"""What a primitive element says, in a few words."""

from __future__ import annotations

from collections.abc import Callable

from pkilab.explain import values
from pkilab.explain.node import Node
from pkilab.explain.schema import Simple
from pkilab.explain.wording import LONG, TEXT, counted, hexed, moment
from pkilab.explain.words.lookup import named


def value(node: Node) -> str:
    """Return the value of a primitive element, whether it is a secret or not."""
    base = values.base(node)
    reader = _READERS.get(base)
    if node.constructed or reader is None:
        return "empty" if not node.length else hexed(node.content)
    found = reader(node)
    return found if found is not None else f"unreadable ({hexed(node.content)})"


def _number(node: Node) -> str | None:
    value = values.number(node)
    if value is None:
        return None
    called = node.type.names.get(value) if isinstance(node.type, Simple) else None
    if called:
        return called if values.base(node) == "ENUMERATED" else f"{called} ({value})"
    bits = value.bit_length()
    if bits <= 64:
        return str(value)
    octets = node.content[1:] if node.content[0] == 0 else node.content
    return f"{hexed(octets)}, {bits} bits" if len(octets) <= LONG else f"{octets[:16].hex(' ').upper()} …, {bits} bits"


def _bits(node: Node) -> str | None:
    if not node.length:
        return None
    if isinstance(node.type, Simple) and node.type.bits:
        names = node.type.names
        return ", ".join(names.get(bit, f"bit {bit}") for bit in values.bits(node)) or "none"
    return f"{counted(values.bit_count(node), 'bit')}: {hexed(values.bit_octets(node))}"


def _octets(node: Node) -> str:
    if node.type.name == "IPAddress":
        return values.address(node.content) or f"no address ({hexed(node.content)})"
    return hexed(node.content) or "empty"


def _text(node: Node) -> str | None:
    value = values.text(node)
    if value == "":
        return "(empty)"
    return value if value is None or len(value) <= TEXT else value[:TEXT] + "…"


def _time(node: Node) -> str | None:
    value = values.time(node)
    return moment(value) if value else None


def _truth(node: Node) -> str | None:
    value = values.truth(node)
    return None if value is None else str(value).upper()


def _oid(node: Node) -> str | None:
    dotted = values.oid(node)
    known = named(dotted)
    return f"{known.name} ({dotted})" if known else dotted or None


_READERS: dict[str, Callable[[Node], str | None]] = {
    "BOOLEAN": _truth,
    "INTEGER": _number,
    "ENUMERATED": _number,
    "BIT STRING": _bits,
    "OCTET STRING": _octets,
    "NULL": lambda _: "NULL",
    "OBJECT IDENTIFIER": _oid,
    "UTCTime": _time,
    "GeneralizedTime": _time,
    **dict.fromkeys(values.ENCODINGS, _text),
}
