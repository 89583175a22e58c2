"""The traits of form models: what a person fills in, with its label, its hint and its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traitlets import Bool, Enum, TraitType, Unicode

Check = Callable[[str], object]
"""Returns for a value that keeps its field's rule, and raises `InvalidField` for one that breaks it."""


class Line(Unicode[str, Any]):
    """A text that a person fills in; a number that a cell sets becomes its digits."""

    def validate(self, obj: Any, value: Any) -> str:
        """Return the value as text."""
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return super().validate(obj, text) or ""


def line(label: str, *, default: str = "", hint: str = "", required: bool = False, check: Check | None = None) -> Line:
    """Return a field for a line of text."""
    trait = Line(default)
    trait.tag(field=True, label=label, hint=hint, required=required, check=check, secret=False)
    return trait


def secret(label: str, *, hint: str = "", required: bool = False, check: Check | None = None) -> Line:
    """Return a field for a password: it is emptied as soon as an act has used it."""
    trait = Line("")
    trait.tag(field=True, label=label, hint=hint, required=required, check=check, secret=True)
    return trait


def choice(label: str, options: Any, *, default: str, hint: str = "", required: bool = False) -> TraitType[Any, Any]:
    """Return a field for one of several values; `options` are pairs of what people see and the value."""
    pairs = tuple(options)
    trait = Enum([value for _, value in pairs], default_value=default)
    trait.tag(
        field=True, label=label, hint=hint, required=required, check=None, secret=False, options=pairs, default=default
    )
    return trait


def tick(label: str, *, hint: str = "") -> Bool[bool, Any]:
    """Return a field to be ticked."""
    trait: Bool[bool, Any] = Bool(default_value=False)
    trait.tag(field=True, label=label, hint=hint, required=False, check=None, secret=False)
    return trait
