"""Settings as JSON that people can read; whatever is saved reloads equal."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pkilab.errors import CannotRead, PkilabError
from pkilab.store import files

T = TypeVar("T")


def save(value: object, path: Path, field: str) -> None:
    """Write the frozen dataclass `value` to `path`, durably and in one step.

    Raises:
        CannotWrite: the system refused; the file is as it was.
    """
    files.replace(path, encode(value).encode("utf-8"), mode=files.PRIVATE, field=field)


def load(cls: type[T], path: Path) -> T:
    """Return the `cls` that `save` wrote to `path`.

    Raises:
        CannotRead: the file is not there, or holds anything else.
    """
    try:
        return decode(cls, files.read(path).decode("utf-8"))
    except ValueError as error:
        raise CannotRead(path, f"it does not hold these settings: {error}") from error


def encode(value: object) -> str:
    """Return a dataclass as JSON, sorted and indented, ending with a newline.

    Its fields hold text, whole numbers, truth values, None, times with a zone, paths, enums, tuples, dataclasses.

    Raises:
        TypeError: a field holds anything else.
    """
    plain = _plain(value)
    text = json.dumps(plain, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if any("\ud800" <= character <= "\udfff" for character in text):  # UTF-8 cannot hold surrogates, JSON's \u can
        text = json.dumps(plain, indent=2, sort_keys=True) + "\n"
    return text


def decode(cls: type[T], text: str) -> T:
    """Return the `cls` that `encode` wrote. An entry that is missing takes its default.

    Raises:
        ValueError: `text` is no such JSON, or a value breaks a rule of `cls`; it says which entry.
    """
    try:
        plain = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return cast("T", _value(cls, plain, ""))


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a time without a zone cannot be saved")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be saved")


def _value(wanted: Any, plain: Any, where: str) -> Any:
    if get_origin(wanted) in (Union, types.UnionType):
        return _one_of(get_args(wanted), plain, where)
    if get_origin(wanted) is tuple:
        return _tuple(get_args(wanted), plain, where)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _dataclass(wanted, plain, where)
    if wanted in (str, int, bool, types.NoneType):
        if type(plain) is not wanted:
            raise _wrong(where, f"should be {_KINDS[wanted]}")
        return plain
    return _from_text(wanted, plain, where)


def _one_of(choices: tuple[Any, ...], plain: Any, where: str) -> Any:
    if plain is None and types.NoneType in choices:
        return None
    rest = [choice for choice in choices if choice is not types.NoneType]
    if len(rest) == 1:
        return _value(rest[0], plain, where)
    for choice in rest:
        if type(plain) is choice:
            return plain
    raise _wrong(where, "is of the wrong kind")


def _tuple(parts: tuple[Any, ...], plain: Any, where: str) -> Any:
    if not isinstance(plain, list):
        raise _wrong(where, "should be a list")
    if len(parts) == 2 and parts[1] is ...:
        parts = (parts[0],) * len(plain)
    if len(parts) != len(plain):
        raise _wrong(where, f"should have {len(parts)} entries")
    return tuple(_value(part, item, f"{where}[{at}]") for at, (part, item) in enumerate(zip(parts, plain, strict=True)))


def _dataclass(wanted: type[Any], plain: Any, where: str) -> Any:
    if not isinstance(plain, Mapping):
        raise _wrong(where, "should be an object in braces")
    hints = get_type_hints(wanted)
    known = {field.name: field for field in fields(wanted)}
    if unknown := sorted(set(plain) - set(known)):
        raise ValueError(f"there is no entry {_dotted(where, unknown[0])}")
    for name, field in known.items():
        if name not in plain and field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"the entry {_dotted(where, name)} is missing")
    values = {name: _value(hints[name], item, _dotted(where, name)) for name, item in plain.items()}
    try:
        return wanted(**values)
    except PkilabError as error:  # a rule of the model
        raise ValueError(str(error)) from error


def _from_text(wanted: Any, plain: Any, where: str) -> Any:
    if wanted not in (datetime, Path) and not (isinstance(wanted, type) and issubclass(wanted, Enum)):
        raise TypeError(f"{wanted} cannot be loaded")
    if not isinstance(plain, str):
        raise _wrong(where, f"should be {_KINDS[str]}")
    if wanted is datetime:
        try:
            at = datetime.fromisoformat(plain)
        except ValueError:
            raise _wrong(where, "should be a time such as 2026-01-31T12:00:00Z") from None
        if at.tzinfo is None:
            raise _wrong(where, "should be a time with its zone, such as 2026-01-31T12:00:00Z")
        return at.astimezone(UTC)
    try:
        return wanted(plain)
    except ValueError:
        raise _wrong(where, f"should be one of {', '.join(str(item.value) for item in wanted)}") from None


def _wrong(where: str, how: str) -> ValueError:
    return ValueError(f"{where or 'it'} {how}")


def _dotted(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


_KINDS = {str: "text", int: "a whole number", bool: "true or false", types.NoneType: "null"}
