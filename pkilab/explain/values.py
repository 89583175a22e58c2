"""What the content of a primitive element says (X.690 §8), as far as it can be read at all."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime, timedelta, timezone

from pkilab.explain.node import Node
from pkilab.explain.schema import Simple, Type
from pkilab.x509 import der

ENCODINGS = {
    "UTF8String": "utf-8",
    "NumericString": "ascii",
    "PrintableString": "ascii",
    "TeletexString": "latin-1",  # as everybody uses it
    "VideotexString": "latin-1",
    "IA5String": "ascii",
    "GraphicString": "latin-1",
    "VisibleString": "ascii",
    "GeneralString": "latin-1",
    "UniversalString": "utf-32-be",
    "BMPString": "utf-16-be",
}
TIMES = {
    "UTCTime": re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})"),
    "GeneralizedTime": re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?"),
}


def base(node: Node) -> str:
    """Return the universal type that its content is written as; "" where that is not known."""
    type_: Type = node.type
    return type_.base if isinstance(type_, Simple) else ""


def number(node: Node) -> int | None:
    """Return the value of an INTEGER or ENUMERATED."""
    content = node.content
    if base(node) in {"INTEGER", "ENUMERATED"} and content and not node.constructed:
        return int.from_bytes(content, "big", signed=True)
    return None


def truth(node: Node) -> bool | None:
    """Return the value of a BOOLEAN."""
    content = node.content
    return content != b"\0" if base(node) == "BOOLEAN" and len(content) == 1 else None


def dotted(content: bytes) -> str | None:
    """Return an OBJECT IDENTIFIER's content in dotted form; None: it is none, or too long to be one."""
    try:
        return der.oid_value(content)
    except ValueError:
        return None


def oid(node: Node | None) -> str:
    """Return the dotted form of an OBJECT IDENTIFIER; "" for anything else."""
    if node is None or base(node) != "OBJECT IDENTIFIER":
        return ""
    return dotted(node.content) or ""


def text(node: Node) -> str | None:
    """Return a character string; what cannot be decoded is replaced."""
    encoding = ENCODINGS.get(base(node))
    if encoding is None or node.constructed:
        return None
    return node.content.decode(encoding, "replace")


def address(octets: bytes) -> str | None:
    """Return an IP address, or of name constraints an address with its mask (RFC 5280 §4.2.1.10)."""
    if len(octets) in {4, 16}:
        return str(ipaddress.ip_address(octets))
    if len(octets) not in {8, 32}:
        return None
    half = len(octets) // 2
    base, mask = ipaddress.ip_address(octets[:half]), ipaddress.ip_address(octets[half:])
    ones = f"{int(mask):b}".rstrip("0")
    if set(ones) <= {"1"} and int(mask) >> 8 * half - 1 == (1 if ones else 0):
        return str(ipaddress.ip_network((base, len(ones)), strict=False))
    return f"{base} mask {mask}"


def bit_octets(node: Node) -> bytes:
    """Return the octets of a BIT STRING without the count of unused bits."""
    return node.content[1:]


def bits(node: Node) -> tuple[int, ...]:
    """Return which bits are set, the first being 0; of at most the first 64."""
    octets = bit_octets(node)[:8]
    return tuple(at for at in range(len(octets) * 8) if octets[at // 8] & 0x80 >> at % 8)


def bit_count(node: Node) -> int:
    """Return how many bits a BIT STRING has."""
    return max(8 * (node.length - 1) - (node.content[:1] or b"\0")[0], 0)


def time(node: Node) -> datetime | None:
    """Return a time, in UTC; None for what is none. Two digits of a year mean 1950 to 2049 (RFC 5280 §4.1.2.5.1)."""
    kind = base(node)
    if kind not in TIMES:
        return None
    found = TIMES[kind].fullmatch(node.content[:40])
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if kind == "UTCTime":
        year += 1900 if year >= 50 else 2000
    micro = int((found[7] or b"").ljust(6, b"0")[:6] or 0)
    try:
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=_zone(found[8])).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(written: bytes | None) -> timezone:
    if written in {None, b"Z"} or written is None:
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[3:5]))
    return timezone(-offset if written[:1] == b"-" else offset)
