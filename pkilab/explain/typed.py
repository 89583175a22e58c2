"""A value that a person types, as the content of an element: what the lens offers to change."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime

from pkilab.errors import InvalidField
from pkilab.explain import values
from pkilab.explain.node import Node
from pkilab.explain.schema import Simple
from pkilab.x509 import der

_TRUTHS = {"true": b"\xff", "false": b"\0"}


def octets(node: Node, text: str) -> bytes:
    """Return the content that `node` would have if it said `text`.

    That is TRUE, a number, a time in ISO 8601, a text, an address, an OBJECT IDENTIFIER, names of bits with commas,
    else octets in hex.

    Raises:
        InvalidField: the text is no such value; the sentence says what it should be like.
    """
    if node.constructed or not isinstance(node.type, Simple):
        return _hex(node, text)
    reader = _READERS.get(node.type.base, _hex)
    try:
        return reader(node, text)
    except (ValueError, OverflowError):
        raise InvalidField(node.name, _LIKE.get(node.type.base, "write octets in hex, such as 30 00.")) from None


def _truth(_: Node, text: str) -> bytes:
    try:
        return _TRUTHS[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def _number(node: Node, text: str) -> bytes:
    names = {name: number for number, name in node.type.names.items()} if isinstance(node.type, Simple) else {}
    value = names[text.strip()] if text.strip() in names else int(text, 0)
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return value.to_bytes(size, "big", signed=True)


def _bits(node: Node, text: str) -> bytes:
    if not isinstance(node.type, Simple) or not node.type.bits:
        return b"\0" + _hex(node, text)
    names = {name: bit for bit, name in node.type.names.items()}
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    if not set(wanted) <= set(names):
        raise InvalidField(node.name, f"name bits, with commas between them: {', '.join(names)}.")
    bits = sorted({names[word] for word in wanted})
    if not bits:
        return b"\0"
    found = bytearray(bits[-1] // 8 + 1)
    for bit in bits:
        found[bit // 8] |= 0x80 >> bit % 8
    return bytes((7 - bits[-1] % 8,)) + bytes(found)


def _octets(node: Node, text: str) -> bytes:
    return ipaddress.ip_address(text.strip()).packed if node.type.name == "IPAddress" else _hex(node, text)


def _oid(_: Node, text: str) -> bytes:
    return der.oid(text.strip())[2:]


def _time(node: Node, text: str) -> bytes:
    moment = datetime.fromisoformat(text.strip().replace(" UTC", ""))
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    digits = f"{moment.year:04}{moment:%m%d%H%M%S}Z".encode("ascii")
    if values.base(node) == "GeneralizedTime":
        return digits
    if not 1950 <= moment.year < 2050:
        raise InvalidField(node.name, "a UTCTime has the years 1950 to 2049.")
    return digits[2:]


def _text(node: Node, text: str) -> bytes:
    return text.encode(values.ENCODINGS[values.base(node)])


def _nothing(_: Node, text: str) -> bytes:
    if text.strip().upper() not in {"", "NULL"}:
        raise ValueError(text)
    return b""


def _hex(node: Node, text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", " "))
    except ValueError:
        raise InvalidField(node.name, "write octets in hex, such as 30 00.") from None


_READERS: dict[str, Callable[[Node, str], bytes]] = {
    "BOOLEAN": _truth,
    "INTEGER": _number,
    "ENUMERATED": _number,
    "BIT STRING": _bits,
    "OCTET STRING": _octets,
    "NULL": _nothing,
    "OBJECT IDENTIFIER": _oid,
    "UTCTime": _time,
    "GeneralizedTime": _time,
    **dict.fromkeys(values.ENCODINGS, _text),
}
_LIKE = {
    "BOOLEAN": "write TRUE or FALSE.",
    "INTEGER": "write a whole number, such as 31 or 0x1F.",
    "ENUMERATED": "write one of its names, or a number.",
    "OCTET STRING": "write octets in hex, such as 30 00, or of an IP address the address.",
    "NULL": "it says nothing; leave it empty.",
    "OBJECT IDENTIFIER": "write numbers with stops between them, such as 2.5.29.19.",
    "UTCTime": "write a time, such as 2027-11-23 12:00:00.",
    "GeneralizedTime": "write a time, such as 2027-11-23 12:00:00.",
} | dict.fromkeys(values.ENCODINGS, "it has letters that this kind of text cannot hold.")
