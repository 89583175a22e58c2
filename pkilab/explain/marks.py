"""What an extension's mark says, critical or not, and whether its clause wants it otherwise."""

from __future__ import annotations

from itertools import islice

from pkilab.explain import values
from pkilab.explain.node import Node

BASIC_CONSTRAINTS, KEY_USAGE, SUBJECT_ALT_NAME = "2.5.29.19", "2.5.29.15", "2.5.29.17"
_LOOK = 100
"""Extensions among which another one is looked for; real lists have up to about 20."""
_NEVER = {
    "2.5.29.35",  # RFC 5280 §4.2.1.1, §5.2.1
    "2.5.29.14",  # §4.2.1.2
    "2.5.29.9",  # §4.2.1.8
    "2.5.29.46",  # §4.2.1.15, §5.2.6
    "1.3.6.1.5.5.7.1.1",  # §4.2.2.1, §5.2.7
    "1.3.6.1.5.5.7.1.11",  # §4.2.2.2
    "2.5.29.20",  # §5.2.3
    "2.5.29.21",  # §5.3.1
    "2.5.29.24",  # §5.3.2
}
_ALWAYS = {
    "2.5.29.30",  # RFC 5280 §4.2.1.10
    "2.5.29.36",  # §4.2.1.11
    "2.5.29.54",  # §4.2.1.14
    "2.5.29.27",  # §5.2.4
    "2.5.29.28",  # §5.2.5
    "2.5.29.29",  # §5.3.3
}


def number(extension: Node) -> str:
    """Return the OBJECT IDENTIFIER of an extension, dotted; "" where it cannot be read."""
    return values.oid(next(iter(extension.children), None))


def critical(extension: Node) -> bool:
    """Tell whether an extension is marked as critical."""
    mark = extension.child("critical")
    return mark is not None and values.truth(mark) is True


def unusual(extension: Node) -> str:
    """Return a sentence if RFC 5280 wants the mark to be another one; else ""."""
    dotted = number(extension)
    if critical(extension):
        return "RFC 5280 wants it not to be critical." if dotted in _NEVER else ""
    if dotted in _ALWAYS:
        return "It is not critical, though RFC 5280 wants it to be."
    if dotted == BASIC_CONSTRAINTS and is_ca(extension):
        return "It is not critical, though RFC 5280 wants it to be in a CA's certificate."
    if dotted == SUBJECT_ALT_NAME and _without_subject(extension):
        return "It is not critical, though RFC 5280 wants it to be where the subject is empty."
    return ""


def held(extension: Node) -> Node | None:
    """Return what the octets of an extension hold; None if they hold nothing, or nothing that can be read."""
    octets = extension.child("extnValue")
    inner = next(iter(octets.children), None) if octets is not None else None
    return None if inner is None or inner.nonsense else inner


def beside(value: Node, dotted: str) -> Node | None:
    """Return the extension of that number in the list in which `value`, which another one holds, stands."""
    octets = value.parent
    extension = octets.parent if octets is not None else None
    others = extension.parent if extension is not None else None
    if others is None or others.type.name != "Extensions":
        return None
    return next((each for each in islice(others.children, _LOOK) if number(each) == dotted), None)


def is_ca(constraints: Node | None) -> bool:
    """Tell whether an extension with basic constraints says that the subject is a CA."""
    inner = held(constraints) if constraints is not None else None
    flag = inner.child("cA") if inner is not None else None
    return flag is not None and values.truth(flag) is True


def _without_subject(extension: Node) -> bool:
    above: Node | None = extension
    while above is not None and above.type.name != "TBSCertificate":
        above = above.parent
    subject = above.child("subject") if above is not None else None
    return subject is not None and not subject.length
