"""How an explanation is written down."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What is said of a field. `here` is a sentence with `{value}`; the others hold for every object."""

    title: str
    clause: str
    purpose: str
    without: str = ""
    here: str = ""


class Named(NamedTuple):
    """What is said of an OBJECT IDENTIFIER: its name in the RFCs, and what it stands for."""

    name: str
    title: str
    clause: str
    purpose: str
    without: str = ""
