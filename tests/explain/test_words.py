"""Every field and every number that there is a schema for is explained, and numbers are called as elsewhere."""

import re

import pytest

from pkilab.explain.kinds import KINDS
from pkilab.explain.schema import UNIVERSAL, By, Choice, Field, Fields, Later, Of, Simple, Type
from pkilab.explain.schemas import cms, extensions, keys, names, ocsp, pkix
from pkilab.explain.words.lookup import FIELDS, OIDS, TABLES
from pkilab.x509 import dn, signature
from pkilab.x509 import extensions as written

TYPED: tuple[dict[str, Type], ...] = (
    extensions.VALUES,
    extensions.QUALIFIERS,
    extensions.STATEMENTS,
    names.PARAMETERS,
    names.SIGNATURES,
    names._KEYS,
    names._OTHER_NAMES,
    pkix.ATTRIBUTE_VALUES,
    keys._KEYS,
    ocsp._RESPONSES,
    cms._CONTENTS,
    cms._SIGNED_CONTENT,
    cms._BAGS,
    cms._CERTIFICATES,
    cms._LISTS,
)
NUMBERS = {dotted for table in TYPED for dotted in table}
CLAUSE = re.compile(
    r"(RFC \d{4}( §[A-Z0-9][\d.]*)?|X\.6\d0 §\d+(\.\d+)*(, §\d+(\.\d+)*)?|ETSI EN 319 41\d-\d §[\d.]+|PKCS #3 §9"
    r"|SEC 2 §2\.4\.1"
    r"|CA/Browser Forum (EV Guidelines( §[\d.]+)?|EVG §[\d.]+|BR §[\d.]+)|Microsoft( \[MS-WCCE\]( §[\d.]+)?)?"
    r"|Netscape(, 1990s)?|Entrust, 1990s|NIST CSOR|OIW|OpenSSL|Oracle)"
)


def every_field() -> dict[str, Field]:
    """Each field of each type, by its key."""
    found: dict[str, Field] = {}
    seen: set[int] = set()
    waiting: list[Type] = [kind.type for kind in KINDS]
    while waiting:
        type_ = waiting.pop()
        if id(type_) in seen:
            continue
        seen.add(id(type_))
        fields: tuple[Field, ...] = ()
        if isinstance(type_, Simple) and type_.inner is not None:
            waiting.append(type_.inner)
        elif isinstance(type_, Fields):
            fields = type_.fields
        elif isinstance(type_, Of):
            fields = (type_.item,)
        elif isinstance(type_, Choice):
            waiting += [option.type for option in type_.options]
            fields = type_.options if type_.shown else ()
        elif isinstance(type_, Later):
            waiting.append(type_.find())
        elif isinstance(type_, By):
            waiting += [type_.find(dotted) for dotted in (*sorted(NUMBERS), "0.0")]
        found |= {f"{field.owner}.{field.name}": field for field in fields}
        waiting += [field.type for field in fields]
    return found


def test_there_are_hundreds_of_fields() -> None:
    assert len(every_field()) > 300


@pytest.mark.parametrize("key", every_field())
def test_every_field_has_its_words(key: str) -> None:
    assert key in FIELDS


def test_no_words_are_of_a_field_that_there_is_not() -> None:
    dotted = {key for key in FIELDS if "." in key}
    assert dotted - set(every_field()) == set()


@pytest.mark.parametrize("dotted", sorted(NUMBERS))
def test_every_number_with_a_type_has_its_words(dotted: str) -> None:
    assert dotted in OIDS


@pytest.mark.parametrize("name", UNIVERSAL)
def test_every_universal_type_has_its_words(name: str) -> None:
    assert name in FIELDS


def test_each_number_has_one_entry() -> None:
    assert len(OIDS) == sum(len(table) for table in TABLES)


@pytest.mark.parametrize("dotted", sorted(OIDS))
def test_what_is_said_of_a_number_is_whole(dotted: str) -> None:
    named = OIDS[dotted]
    assert re.fullmatch(r"[0-2](\.\d+)+", dotted)
    assert re.fullmatch(r"[A-Za-z][\w-]*", named.name)
    assert named.title[0].isupper() or named.title[:2] == "id"
    assert CLAUSE.fullmatch(named.clause), named.clause
    for sentence in filter(None, (named.purpose, named.without)):
        assert re.fullmatch(r"[A-Z`].*[.)]", sentence), sentence


@pytest.mark.parametrize("key", FIELDS)
def test_what_is_said_of_a_field_is_whole(key: str) -> None:
    words = FIELDS[key]
    assert words.title[0].isupper() or key.rpartition(".")[2] in {"a", "b", "p", "q", "g", "r", "s"}
    assert CLAUSE.fullmatch(words.clause), words.clause
    assert words.here.endswith("."), words.here
    assert set(re.findall(r"{(\w*)}", words.here)) <= {"value", "octets"}
    for sentence in filter(None, (words.purpose, words.without)):
        assert sentence[0].isupper() or sentence[0] in "`v0123456789", sentence
        assert sentence.endswith((".", ")")), sentence


def test_numbers_are_called_as_what_writes_them_does() -> None:
    assert {dotted: OIDS[dotted].name for dotted in written.NAMES} == written.NAMES
    assert {dotted: OIDS[dotted].name for dotted in signature.NAMES} == signature.NAMES
    assert {dotted: OIDS[dotted].name for dotted in written._PURPOSES.values()} == written._PURPOSE_NAMES
    assert {short: OIDS[dotted].name for short, dotted in dn._OIDS.items()} == {short: short for short in dn._OIDS}
