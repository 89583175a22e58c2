"""Nouns as plain values, for JSON: the names of the model, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from pkilab.model.dn import comma_form

_PLAIN = frozenset({str, int, bool, float, type(None)})


def record(value: Any) -> Any:
    """Return `value` as what JSON can hold.

    Dataclasses become objects of their fields, without those in `record_without`, with the properties in
    `record_also`, and with names (`record_text`) as people write them; times become ISO 8601 in UTC, bytes hex.
    Numbers stay numbers, also those of 20 octets.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if (members := _members(kind)) is not None:  # type: ignore[arg-type]  # mypy takes classes for unhashable
        return {
            name: comma_form(getattr(value, name)) if as_text else record(getattr(value, name))
            for name, as_text in members
        }
    if isinstance(value, Mapping):
        return {str(key): record(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [record(item) for item in value]
    return _scalar(value)


@cache
def _members(kind: type) -> tuple[tuple[str, bool], ...] | None:
    """Return what the objects of a dataclass hold, and whether it is a name for people; None for any other class."""
    if not is_dataclass(kind):
        return None
    without, texts = getattr(kind, "record_without", ()), getattr(kind, "record_text", ())
    names = [field.name for field in fields(kind) if field.name not in without]
    names += [name for name in getattr(kind, "record_also", ()) if name not in names]
    return tuple((name, name in texts) for name in names)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, Path) else value
