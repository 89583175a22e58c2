"""DER, the encoding of everything in X.509 (X.690 §8 and §10): elements read strictly, and written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
ENUMERATED = 0x0A
UTF8_STRING = 0x0C
PRINTABLE_STRING = 0x13
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

NOTHING = bytes((NULL, 0))
TRUE = bytes((BOOLEAN, 1, 0xFF))
MAX_OID = 128
"""Octets of an OBJECT IDENTIFIER that are read; real ones have up to about 30."""


class Refused(ValueError):
    """What a strict reading refuses. Its text is for people; that of other errors here is not."""


class Element(NamedTuple):
    """One element: its identifier octet, its content, and all of its octets."""

    tag: int
    content: bytes
    raw: bytes


_tuple = tuple.__new__  # a named tuple's own way takes twice as long


def elements(data: bytes) -> Iterator[Element]:
    """Return the elements that follow one another in `data`, one by one.

    Raises:
        ValueError: anything in it is no DER: cut off, an indefinite or padded length, a tag number above 30.
    """
    return iter(_elements(data))


def _elements(data: bytes) -> list[Element]:
    """Return all elements; every certificate and request passes here many times."""
    found = []
    at, end = 0, len(data)
    while at < end:
        start = at
        tag = data[at]
        if tag & 0x1F == 0x1F or at + 1 >= end:
            raise ValueError("no DER element")
        length = data[at + 1]
        at += 2
        if length >= 0x80:
            octets = length & 0x7F
            length = int.from_bytes(data[at : at + octets], "big")
            if not 1 <= octets <= 4 or at + octets > end or length < 0x80 or length >> (8 * octets - 8) == 0:
                raise ValueError("no DER length")
            at += octets
        content, at = at, at + length
        if at > end:
            raise ValueError("cut off")
        found.append(_tuple(Element, (tag, data[content:at], data[start:at])))
    return found


def one(data: bytes, tag: int) -> Element:
    """Return the one element that `data` is, of that tag.

    Raises:
        ValueError: it is another, or there are none or several.
    """
    found = _elements(data)
    if len(found) != 1 or found[0].tag != tag:
        raise ValueError("another element")
    return found[0]


def members(data: bytes, tag: int = SEQUENCE) -> list[Element]:
    """Return the elements inside the one element that `data` is.

    Raises:
        ValueError: it is not one element of that tag, or holds no elements.
    """
    return _elements(one(data, tag).content)


def element(tag: int, *parts: bytes) -> bytes:
    """Return an element with `parts` as its content, one after the other."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | octets)) + length.to_bytes(octets, "big") + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of these elements."""
    return element(SEQUENCE, *parts)


def integer(value: int) -> bytes:
    """Return an INTEGER, not negative."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def integer_value(content: bytes) -> int:
    """Return the value of an INTEGER's content.

    Raises:
        ValueError: it is empty.
    """
    if not content:
        raise ValueError("empty INTEGER")
    return int.from_bytes(content, "big", signed=True)


def bit_string(octets: bytes, unused: int = 0) -> bytes:
    """Return a BIT STRING whose last octet has `unused` bits at its end."""
    return element(BIT_STRING, bytes((unused,)), octets)


@lru_cache(maxsize=1024)
def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER (X.690 §8.19)."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    octets = bytearray()
    for arc in (first * 40 + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        octets.extend(reversed(septets))
    return element(OID, bytes(octets))


@lru_cache(maxsize=1024)
def oid_value(content: bytes) -> str:
    """Return an OBJECT IDENTIFIER's content in dotted form.

    Raises:
        ValueError: it is empty, cut off, or absurdly long.
    """
    if not content or content[-1] & 0x80 or len(content) > MAX_OID:
        raise ValueError("no OBJECT IDENTIFIER")
    arcs, value = [], 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


@lru_cache(maxsize=64)  # certificates issued together begin and end together
def time(value: datetime) -> bytes:
    """Return a time in seconds: UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5)."""
    utc = value.astimezone(UTC)
    digits = f"{utc.year:04}{utc:%m%d%H%M%S}Z".encode("ascii")
    return element(UTC_TIME, digits[2:]) if 1950 <= utc.year < 2050 else element(GENERALIZED_TIME, digits)


@lru_cache(maxsize=64)
def generalized_time(value: datetime) -> bytes:
    """Return a time in seconds as GeneralizedTime, whatever its year (RFC 6960 §4.2.2.1)."""
    utc = value.astimezone(UTC)
    return element(GENERALIZED_TIME, f"{utc.year:04}{utc:%m%d%H%M%S}Z".encode("ascii"))


def enumerated(value: int) -> bytes:
    """Return an ENUMERATED, not negative."""
    return element(ENUMERATED, value.to_bytes(value.bit_length() // 8 + 1, "big"))
