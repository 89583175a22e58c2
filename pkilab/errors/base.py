"""The base of all errors."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from pkilab.errors.visible import visible


@dataclass(eq=False)
class PkilabError(Exception):
    """Base of every error that pkilab raises on purpose; `str()` gives the sentence, `facts()` the facts."""

    code: ClassVar[str] = "PkilabError"
    """The class's name. It is stable: other people's programs compare it."""
    says: ClassVar[str] = "Something went wrong."
    """The sentence, with the facts' names in braces."""

    def __init_subclass__(cls) -> None:
        cls.code = cls.__name__

    def __post_init__(self) -> None:
        # Exception.__reduce__ rebuilds from args; without this a keyword call would not survive pickling.
        self.args = tuple(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        """Return the sentence for people, fit for a terminal or a log: what came from outside shows as it is."""
        return visible(self.sentence())

    def sentence(self) -> str:
        """Return one or two sentences: what is wrong, and the mend."""
        return self.says.format(**{field.name: getattr(self, field.name) for field in fields(self)})

    def facts(self) -> dict[str, Any]:
        """Return what the error knows, by name, as plain values."""
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: str(value) if isinstance(value, (Path, datetime)) else value for name, value in found}
