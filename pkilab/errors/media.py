"""Errors of removable media."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class UnknownMedium(PkilabError):
    """The lab has no medium of this name."""

    name: str

    says = "This lab has no medium called {name}; list its media, or make a new one."


@dataclass(eq=False)
class MediumEjected(PkilabError):
    """A folder was to be used that lies on a medium which is not mounted."""

    name: str
    path: Path

    says = "The medium {name} is ejected, and {path} lies on it. Mount it, then try again."


@dataclass(eq=False)
class MediumInTheWay(PkilabError):
    """Something stands where a medium is to be mounted, or made."""

    name: str
    path: Path

    says = "The medium {name} cannot be mounted: something else stands at {path}. Move that away, then try again."
