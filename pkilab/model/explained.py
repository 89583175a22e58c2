"""Nouns that have octets can be asked to explain them. How, stands in a room above, which `lab` names here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_tellers: list[Callable[[bytes], Any]] = []


class Explained:
    """A noun whose octets are in `der`."""

    __slots__ = ()

    der: bytes

    def explain(self) -> Any:
        """Return what every octet says, as `pkilab.explain.explain` does; it draws itself in a notebook.

        Raises:
            LookupError: nothing of `pkilab.lab` was imported, which says who explains.
        """
        if not _tellers:
            raise LookupError("import pkilab.lab first, or call pkilab.explain.explain(noun.der)")
        return _tellers[-1](self.der)


def by(teller: Callable[[bytes], Any]) -> None:
    """Say who explains octets from now on."""
    _tellers[:] = [teller]
