"""Nouns as plain values, for JSON: the names of the model, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pkilab.model.dn import comma_form


def record(value: Any) -> Any:
    """Return `value` as what JSON can hold.

    Dataclasses become objects of their fields, without those in `record_without`, with the properties in
    `record_also`, and with names (`record_text`) as people write them; times become ISO 8601 in UTC, bytes hex.
    Numbers stay numbers, also those of 20 octets.
    """
    if is_dataclass(value) and not isinstance(value, type):
        without = getattr(value, "record_without", ())
        names = [field.name for field in fields(value) if field.name not in without]
        names += [name for name in getattr(value, "record_also", ()) if name not in names]
        texts = getattr(value, "record_text", ())
        return {
            name: comma_form(getattr(value, name)) if name in texts else record(getattr(value, name)) for name in names
        }
    if isinstance(value, Mapping):
        return {str(key): record(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [record(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, Path) else value
