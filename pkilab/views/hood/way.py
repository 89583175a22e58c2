"""The nouns of *Under the hood*: one act, told in several ways (X7)."""

from __future__ import annotations

from dataclasses import dataclass

PYTHON, PKILAB, OPENSSL, WIRE = "Python", "pkilab", "openssl", "On the wire"
"""The labels of the ways, in their order."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do an act: `text` is code, commands or messages, with a placeholder for each secret."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Hood:
    """What lies under the hood of an act that was done: the ways that lead to the same result."""

    ways: tuple[Way, ...]

    def __getitem__(self, label: str) -> str:
        """Return the text of a way.

        Raises:
            KeyError: there is no way of this label.
        """
        return {way.label: way.text for way in self.ways}[label]


def told(*, python: str, pkilab: str, openssl: str, wire: str) -> Hood:
    """Return a hood with the four ways in their order."""
    return Hood((Way(PYTHON, python), Way(PKILAB, pkilab), Way(OPENSSL, openssl), Way(WIRE, wire)))
