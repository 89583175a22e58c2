"""What DER (X.690 §10, §11) and RFC 5280 forbid of a value, named at the octet where it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from pkilab.explain import values
from pkilab.explain.node import Node
from pkilab.explain.schema import Fields, Of, Simple
from pkilab.explain.trouble import Trouble
from pkilab.x509 import der

_PRINTABLE = re.compile(rb"[A-Za-z0-9 '()+,\-./:=?]*")
_CHARACTERS = {
    "PrintableString": (_PRINTABLE, "letters, digits and  ' ( ) + , - . / : = ?", "X.680 §41.4"),
    "NumericString": (re.compile(rb"[0-9 ]*"), "digits and blanks", "X.680 §41.2"),
    "IA5String": (re.compile(rb"[\x00-\x7f]*"), "ASCII", "X.680 §41.1"),
    "VisibleString": (re.compile(rb"[\x20-\x7e]*"), "printing ASCII", "X.680 §41.1"),
}
_PRIMITIVE = {
    "BOOLEAN": "8.2.1",
    "INTEGER": "8.3.1",
    "ENUMERATED": "8.4",
    "NULL": "8.8.1",
    "OBJECT IDENTIFIER": "8.19.1",
}
"""Where X.690 says that a type's encoding is primitive; of strings and times §10.2 does."""
_TELLING = {"bad-boolean", "padded-integer", "bad-character"}
_DISCREET = "An octet here is not as it has to be."
_IN_FULL = {"UTCTime": re.compile(rb"\d{12}Z"), "GeneralizedTime": re.compile(rb"\d{14}(\.\d*[1-9])?Z")}


def of(node: Node) -> Iterator[Trouble]:
    """Yield what is wrong with the value of `node`."""
    if node.nonsense:
        return
    type_ = node.type
    if isinstance(type_, Simple):
        if node.constructed:
            yield from _constructed(node, type_)
            return
        check = _CHECKS.get(type_.base)
        if check is not None:
            yield from check(node)
    elif isinstance(type_, (Of, Fields)) and not node.constructed:
        says = f"{type_.name} is made of elements, but its tag says that it is not."
        clause = "8.9.1" if isinstance(type_, Fields) else "8.12.1" if type_.is_set else "8.10.1"
        yield Trouble("not-constructed", node.offset, says, f"X.690 §{clause}")
    elif isinstance(type_, Of) and type_.is_set:
        yield from _order(node)
    yield from _default(node)


def discreet(trouble: Trouble) -> Trouble:
    """Return what is wrong without the octet that is: in a private key it may be one of the secret."""
    return trouble._replace(says=_DISCREET) if trouble.code in _TELLING else trouble


def _constructed(node: Node, type_: Simple) -> Iterator[Trouble]:
    if type_.base in {"OCTET STRING", "BIT STRING", *values.ENCODINGS}:
        says = f"This {type_.base} is put together of segments: BER allows it, DER wants it in one piece."
        yield Trouble("segments", node.offset, says, "X.690 §10.2")
    else:
        says = f"{type_.base} holds no elements, but its tag says that it does."
        yield Trouble("not-primitive", node.offset, says, f"X.690 §{_PRIMITIVE.get(type_.base, '10.2')}")


def _order(node: Node) -> Iterator[Trouble]:
    data = node.tree.data
    for before, after in pairwise(node.children):
        if data[before.offset : before.end] > data[after.offset : after.end] and not after.nonsense and after.header:
            says = "The elements of a SET OF stand in the order of their octets; this one belongs before another."
            yield Trouble("set-order", after.offset, says, "X.690 §11.6")
            return


def _default(node: Node) -> Iterator[Trouble]:
    default = node.field.default
    if default is not None and node.content == default:
        says = f"{node.name} has its default value, which DER leaves out."
        yield Trouble("default-written", node.offset, says, "X.690 §11.5")


def _boolean(node: Node) -> Iterator[Trouble]:
    if node.length != 1:
        yield Trouble("bad-boolean", node.start, "A BOOLEAN has one octet.", "X.690 §8.2.1")
    elif node.content not in {b"\0", b"\xff"}:
        says = f"{node.content.hex().upper()} counts as TRUE in BER; DER writes TRUE as FF and nothing else."
        yield Trouble("bad-boolean", node.start, says, "X.690 §11.1")


def _integer(node: Node) -> Iterator[Trouble]:
    content = node.content[:2]
    if not content:
        yield Trouble("empty-integer", node.offset, "A number has at least one octet.", "X.690 §8.3.1")
    elif len(content) == 2 and ((content[0] == 0 and content[1] < 0x80) or (content[0] == 0xFF and content[1] >= 0x80)):
        says = f"The first octet {content[0]:02X} says nothing; a number has the fewest octets that it can have."
        yield Trouble("padded-integer", node.start, says, "X.690 §8.3.2")


def _bit_string(node: Node) -> Iterator[Trouble]:
    content = node.content
    if not content:
        says = "A BIT STRING begins with the count of unused bits; there is not a single octet."
        yield Trouble("bad-bit-string", node.offset, says, "X.690 §8.6.2.2")
        return
    unused = content[0]
    if unused > 7 or (unused and len(content) == 1):
        says = f"It says that {unused} bits at its end are unused; it can be 0 to 7, and 0 of an empty one."
        yield Trouble("bad-bit-string", node.start, says, "X.690 §8.6.2.2")
        return
    if unused and content[-1] & ((1 << unused) - 1):
        yield Trouble("unused-bits", node.end - 1, "The unused bits at its end are not all 0.", "X.690 §11.2.1")
    elif isinstance(node.type, Simple) and node.type.bits and len(content) > 1 and not content[-1] >> unused & 1:
        says = "In a list of named bits the last one is set; zeros after it are left out."
        yield Trouble("trailing-zero-bits", node.end - 1, says, "X.690 §11.2.2")


def _null(node: Node) -> Iterator[Trouble]:
    if node.length:
        yield Trouble("bad-null", node.start, "NULL has no content.", "X.690 §8.8.2")


def _oid(node: Node) -> Iterator[Trouble]:
    content = node.content
    if not content or content[-1] & 0x80:
        yield Trouble("bad-oid", node.offset, "An OBJECT IDENTIFIER is missing, or does not end.", "X.690 §8.19.2")
    elif len(content) > der.MAX_OID:
        says = f"An OBJECT IDENTIFIER of {len(content):,} octets: longer than any that is used, and not read."
        yield Trouble("long-oid", node.start, says, "")
    else:
        at = next((at for at, o in enumerate(content) if o == 0x80 and (at == 0 or not content[at - 1] & 0x80)), None)
        if at is not None:
            says = "A part of the OBJECT IDENTIFIER begins with 80, a zero that says nothing."
            yield Trouble("padded-oid", node.start + at, says, "X.690 §8.19.2")


def _characters(node: Node) -> Iterator[Trouble]:
    kind = values.base(node)
    if kind in _CHARACTERS:
        pattern, allowed, clause = _CHARACTERS[kind]
        fits = pattern.match(node.content)
        if fits is not None and fits.end() < node.length:
            says = f"{node.content[fits.end()]:02X} is no character of a {kind}, which has {allowed}."
            yield Trouble("bad-character", node.start + fits.end(), says, clause)
        return
    try:
        node.content.decode(values.ENCODINGS[kind])
    except UnicodeDecodeError as error:
        says = f"These octets are no {kind}: {error.reason}."
        yield Trouble("bad-character", node.start + error.start, says, "X.690 §8.23")


def _time(node: Node) -> Iterator[Trouble]:
    kind = values.base(node)
    found = values.time(node)
    if found is None:
        clause = "X.680 §47" if kind == "UTCTime" else "X.680 §46"
        yield Trouble("bad-time", node.start, f"This is no {kind}: no such date or time.", clause)
    elif not _IN_FULL[kind].fullmatch(node.content):
        digits = "YYMMDDHHMMSSZ" if kind == "UTCTime" else "YYYYMMDDHHMMSSZ"
        says = f"DER writes a {kind} as {digits}: with seconds, in UTC."
        yield Trouble("short-time", node.start, says, "X.690 §11.8" if kind == "UTCTime" else "X.690 §11.7")
    elif node.field.owner in {"Validity", "TBSCertList", "RevokedCertificate"} and (
        b"." in node.content or (kind == "GeneralizedTime") != (found.year >= 2050 or found.year < 1950)
    ):
        says = "Up to 2049 a time is a UTCTime, from 2050 on a GeneralizedTime without fractions of a second."
        clause = "RFC 5280 §4.1.2.5" if node.field.owner == "Validity" else "RFC 5280 §5.1.2.4"
        yield Trouble("wrong-time-type", node.offset, says, clause)


_Check = Callable[[Node], Iterator[Trouble]]
_CHECKS: dict[str, _Check] = {
    "BOOLEAN": _boolean,
    "INTEGER": _integer,
    "ENUMERATED": _integer,
    "BIT STRING": _bit_string,
    "NULL": _null,
    "OBJECT IDENTIFIER": _oid,
    "UTCTime": _time,
    "GeneralizedTime": _time,
    **dict.fromkeys(values.ENCODINGS, _characters),
}
