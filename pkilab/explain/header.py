"""Identifier and length octets (X.690 §8.1), read so that whatever is wrong with them has a name."""

from __future__ import annotations

from typing import NamedTuple

from pkilab.explain.trouble import Trouble

CONSTRUCTED = 0x20
END_OF_CONTENTS = b"\0\0"
_LONG_TAG_OCTETS = 5


class Header(NamedTuple):
    """What stands before an element's content. `length` is what there is of the content; `ends` before any `00 00`."""

    identifier: int
    number: int
    size: int
    length: int
    indefinite: bool
    troubles: tuple[Trouble, ...]


class Nonsense(NamedTuple):
    """No element begins here, and why."""

    trouble: Trouble


def read(  # noqa: PLR0911 - one for each way in which no element begins
    data: bytes, at: int, end: int, ends: dict[int, int]
) -> Header | Nonsense:
    """Return the header of the element at `at`, which lies before `end`; nothing beyond `end` is looked at.

    `ends` remembers where elements of indefinite length end, so that each octet is searched once.
    """
    identifier = data[at]
    if identifier & 0x1F != 0x1F and at + 1 < end and data[at + 1] < 0x80 and identifier:
        length = data[at + 1]  # nearly every element passes here
        if at + 2 + length <= end:
            return Header(identifier, identifier & 0x1F, 2, length, False, ())  # noqa: FBT003 - a field
    troubles: list[Trouble] = []
    if not identifier:
        return Nonsense(
            Trouble("no-tag", at, "No type has the tag 0; nothing can be read from here on.", "X.690 §8.1.5")
        )
    found = _number(data, at, end, troubles)
    if isinstance(found, Nonsense):
        return found
    number, size = found
    measured = _length(data, at, at + size, end, troubles)
    if isinstance(measured, Nonsense):
        return measured
    octets, said = measured
    size += octets
    if said is None:
        if not identifier & CONSTRUCTED:
            says = "Length 80 stands for an indefinite length, which an element without elements cannot have."
            return Nonsense(Trouble("indefinite-primitive", at + size - 1, says, "X.690 §8.1.3.2"))
        says = "The length is indefinite (80, closed by 00 00): BER allows it, DER wants the number."
        troubles.append(Trouble("indefinite-length", at + size - 1, says, "X.690 §10.1"))
        length = _searched(data, at + size, end, ends, troubles)
        return Header(identifier, number, size, length, True, tuple(troubles))  # noqa: FBT003 - a field
    there = end - at - size
    if said > there:
        says = f"Its length says {said:,} octets, but only {there:,} are there: cut off, or a wrong length."
        troubles.append(Trouble("cut-off", at + size - octets, says, "X.690 §8.1.3"))
    return Header(identifier, number, size, min(said, there), False, tuple(troubles))  # noqa: FBT003 - a field


def _number(data: bytes, at: int, end: int, troubles: list[Trouble]) -> tuple[int, int] | Nonsense:
    """Return the tag's number and how many octets it takes."""
    number = data[at] & 0x1F
    if number != 0x1F:
        return number, 1
    number = 0
    for size in range(1, _LONG_TAG_OCTETS + 1):
        if at + size >= end:
            break
        octet = data[at + size]
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            if number < 0x1F or data[at + 1] == 0x80:
                says = f"The tag number {number} is written longer than it has to be."
                troubles.append(Trouble("padded-tag", at + 1, says, "X.690 §8.1.2.4"))
            return number, size + 1
    says = "A tag number begins here that does not end, or is beyond anything that is used."
    return Nonsense(Trouble("endless-tag", at, says, "X.690 §8.1.2.4"))


def _length(data: bytes, element: int, at: int, end: int, troubles: list[Trouble]) -> tuple[int, int | None] | Nonsense:
    """Return how many octets the length takes, and the length; None stands for an indefinite one."""
    if at >= end:
        says = "An element begins here, but its length is missing."
        return Nonsense(Trouble("no-length", element, says, "X.690 §8.1.3"))
    first = data[at]
    if first < 0x80:
        return 1, first
    if first == 0x80:
        return 1, None
    octets = first & 0x7F
    if octets == 0x7F:
        return Nonsense(Trouble("reserved-length", element, "FF is reserved and begins no length.", "X.690 §8.1.3.5"))
    if at + 1 + octets > end:
        says = f"Its length should take {octets} more octets, which are not all there."
        return Nonsense(Trouble("no-length", element, says, "X.690 §8.1.3.5"))
    length = int.from_bytes(data[at + 1 : at + 1 + octets], "big")
    if length < 0x80 or not data[at + 1]:
        says = "The length is written with more octets than it needs; DER has one way to write it, the shortest."
        troubles.append(Trouble("padded-length", at, says, "X.690 §10.1"))
    return octets + 1, length


def _searched(data: bytes, at: int, end: int, ends: dict[int, int], troubles: list[Trouble]) -> int:
    """Return the length of the content at `at` up to its `00 00`, or up to `end` where that is missing."""
    if at not in ends:
        _search(data, at, end, ends)
    close = ends[at]
    if close < 0 or close > end:
        says = "The octets 00 00 that should close it are missing."
        troubles.append(Trouble("not-closed", at - 1, says, "X.690 §8.1.5"))
        return end - at
    return close - at


def _search(data: bytes, at: int, end: int, ends: dict[int, int]) -> None:
    """Note where the content at `at`, and each of indefinite length within it, ends (-1: nowhere); no recursion."""
    opened = [at]
    while opened:
        if data[at : at + 2] == END_OF_CONTENTS and at + 2 <= end:
            at += 2
            ends[opened.pop()] = at
            continue
        skipped = _skip(data, at, end)
        if skipped is None:
            break
        at, indefinite = skipped
        if indefinite:
            opened.append(at)
    for start in opened:
        ends[start] = -1


def _skip(data: bytes, at: int, end: int) -> tuple[int, bool] | None:
    """Return where the element at `at` ends, or, of an indefinite one, where its content begins."""
    if at >= end or not data[at]:
        return None
    found = _number(data, at, end, [])
    if isinstance(found, Nonsense):
        return None
    begin = at + found[1]
    measured = _length(data, at, begin, end, [])
    if isinstance(measured, Nonsense):
        return None
    octets, length = measured
    if length is None:
        return (begin + octets, True) if data[at] & CONSTRUCTED else None
    after = begin + octets + length
    return (after, False) if after <= end else None
