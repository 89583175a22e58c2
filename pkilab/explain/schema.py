"""How ASN.1 types are written down here: which field stands where, and what its octets hold (X.680)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

CONSTRUCTED = 0x20
UNIVERSAL = {
    "END-OF-CONTENTS": 0,
    "BOOLEAN": 1,
    "INTEGER": 2,
    "BIT STRING": 3,
    "OCTET STRING": 4,
    "NULL": 5,
    "OBJECT IDENTIFIER": 6,
    "ObjectDescriptor": 7,
    "EXTERNAL": 8,
    "REAL": 9,
    "ENUMERATED": 10,
    "EMBEDDED PDV": 11,
    "UTF8String": 12,
    "RELATIVE-OID": 13,
    "SEQUENCE": 16,
    "SET": 17,
    "NumericString": 18,
    "PrintableString": 19,
    "TeletexString": 20,
    "VideotexString": 21,
    "IA5String": 22,
    "UTCTime": 23,
    "GeneralizedTime": 24,
    "GraphicString": 25,
    "VisibleString": 26,
    "GeneralString": 27,
    "UniversalString": 28,
    "CHARACTER STRING": 29,
    "BMPString": 30,
}
"""Universal types and their numbers (X.680 §8.4)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Type:
    """A type by its name. `tags` are the identifier octets that its elements begin with; None: any."""

    name: str
    tags: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simple(Type):
    """A type without fields. `base` is the universal type that its content is written as."""

    base: str
    names: Mapping[int, str] = field(default_factory=dict)
    """What an INTEGER's or ENUMERATED's values, or the bits of a BIT STRING, are called."""
    bits: bool = False
    """Whether it is a BIT STRING of named bits."""
    inner: Type | None = None
    """What the octets of an OCTET STRING or BIT STRING hold in DER themselves."""
    sure: bool = True
    """Whether they have to; otherwise they are opened if they fit."""
    secret: bool = False
    """Whether its value must not be shown unasked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fields(Type):
    """A SEQUENCE of fields in their order."""

    fields: tuple[Field, ...]
    selectors: frozenset[str] = frozenset()
    """Fields whose OBJECT IDENTIFIER says what a later one holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Of(Type):
    """A SEQUENCE OF or SET OF; `some`: at least one."""

    item: Field
    is_set: bool = False
    some: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice(Type):
    """One of several types. `shown`: the chosen one's name stands for the field's."""

    options: tuple[Field, ...]
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class By(Type):
    """A type that an earlier field of the same SEQUENCE names; `find` returns it for a dotted OID."""

    selector: str
    find: Callable[[str], Type]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Later(Type):
    """A type that is written down further below, or holds itself."""

    find: Callable[[], Type]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tagged(Type):
    """What an explicit tag wraps."""

    inner: Field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A field: its name and type. `default` is the content that is left out; `owner` is the type it is a field of."""

    name: str
    type: Type
    owner: str = ""
    tag: int | None = None
    explicit: bool = False
    optional: bool = False
    default: bytes | None = None
    tags: frozenset[int] | None = None


ANY = Type(name="ANY")


def simple(name: str, base: str = "", **more: Any) -> Simple:
    """Return a simple type; `base` is the universal type if the name is another."""
    number = UNIVERSAL[base or name]
    return Simple(name=name, base=base or name, tags=frozenset({number, number | CONSTRUCTED}), **more)


BOOLEAN = simple("BOOLEAN")
INTEGER = simple("INTEGER")
BIT_STRING = simple("BIT STRING")
OCTET_STRING = simple("OCTET STRING")
NULL = simple("NULL")
OID = simple("OBJECT IDENTIFIER")
ENUMERATED = simple("ENUMERATED")
UTF8 = simple("UTF8String")
IA5 = simple("IA5String")
PRINTABLE = simple("PrintableString")
VISIBLE = simple("VisibleString")
BMP = simple("BMPString")
UTC_TIME = simple("UTCTime")
GENERALIZED_TIME = simple("GeneralizedTime")
_SEQUENCE = frozenset({0x30, 0x10})
_SET = frozenset({0x31, 0x11})


def octets(inner: Type | None, name: str = "OCTET STRING", *, sure: bool = True, secret: bool = False) -> Simple:
    """Return an OCTET STRING that holds `inner` in DER."""
    return simple(name, "OCTET STRING", inner=inner, sure=sure, secret=secret)


def bits_of(inner: Type | None, name: str = "BIT STRING") -> Simple:
    """Return a BIT STRING that holds `inner` in DER."""
    return simple(name, "BIT STRING", inner=inner)


def named_bits(name: str, *names: str) -> Simple:
    """Return a BIT STRING of named bits, from bit 0 on."""
    return simple(name, "BIT STRING", names=dict(enumerate(names)), bits=True)


def numbers(name: str, names: Mapping[int, str], base: str = "INTEGER") -> Simple:
    """Return an INTEGER or ENUMERATED whose values have names."""
    return simple(name, base, names=names)


def f(
    name: str,
    type_: Type,
    *,
    implicit: int | None = None,
    explicit: int | None = None,
    optional: bool = False,
    default: bytes | None = None,
) -> Field:
    """Return a field. A choice cannot be tagged implicitly (X.680 §31.2.7), so its tag is explicit anyway."""
    tag = explicit if implicit is None else implicit
    wrapped = explicit is not None or (implicit is not None and isinstance(type_, Choice))
    tags = type_.tags if tag is None else frozenset({0xA0 | tag} if wrapped else {0x80 | tag, 0xA0 | tag})
    return Field(
        name=name,
        type=type_,
        tag=tag,
        explicit=wrapped,
        optional=optional or default is not None,
        default=default,
        tags=tags,
    )


def _owned(fields: tuple[Field, ...], owner: str) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=each.name,
            type=each.type,
            owner=owner,
            tag=each.tag,
            explicit=each.explicit,
            optional=each.optional,
            default=each.default,
            tags=each.tags,
        )
        for each in fields
    )


def seq(name: str, *fields: Field) -> Fields:
    """Return a SEQUENCE of fields."""
    selectors = frozenset(each.type.selector for each in fields if isinstance(each.type, By))
    return Fields(name=name, tags=_SEQUENCE, fields=_owned(fields, name), selectors=selectors)


def seq_of(name: str, item: Type, called: str = "", *, some: bool = True) -> Of:
    """Return a SEQUENCE OF; its items are shown as `called`, else by their type's name."""
    (each,) = _owned((f(called or item.name, item),), name)
    return Of(name=name, tags=_SEQUENCE, item=each, some=some)


def set_of(name: str, item: Type, called: str = "", *, some: bool = True) -> Of:
    """Return a SET OF."""
    (each,) = _owned((f(called or item.name, item),), name)
    return Of(name=name, tags=_SET, item=each, is_set=True, some=some)


def choice(name: str, *options: Field, shown: bool = False) -> Choice:
    """Return a CHOICE."""
    tags: set[int] = set()
    for each in options:
        if each.tags is None:
            return Choice(name=name, options=_owned(options, name), shown=shown)
        tags |= each.tags
    return Choice(name=name, tags=frozenset(tags), options=_owned(options, name), shown=shown)


def by(selector: str, table: Mapping[str, Type], otherwise: Type = ANY, tags: frozenset[int] | None = None) -> By:
    """Return what the OID in the field `selector` says; `otherwise` for an OID that is not in `table`."""
    return By(name=otherwise.name, tags=tags, selector=selector, find=lambda oid: table.get(oid, otherwise))


def later(name: str, find: Callable[[], Type], tags: frozenset[int] = _SEQUENCE) -> Later:
    """Return a type that `find` returns when it is needed."""
    return Later(name=name, tags=tags, find=find)
