"""What is wrong with bytes: named for what it is, at the byte where it begins."""

from __future__ import annotations

from typing import NamedTuple


class Trouble(NamedTuple):
    """Something that the rules forbid. `code` is stable, `offset` counts from the first octet of the tree."""

    code: str
    offset: int
    says: str
    clause: str
